//! A name that comes with the response itself: the person's own word, which Apple passes on at their first login alone.

use serde::Deserialize;

use crate::provider::guest::GuestName;

/// `user` of the form ("Sign in with Apple REST API"). Its `email` is not read: the ID Token has the one that is verified.
#[derive(Deserialize)]
struct User {
    name: Name,
}

#[derive(Deserialize)]
struct Name {
    #[serde(rename = "firstName", default)]
    first: String,
    #[serde(rename = "lastName", default)]
    last: String,
}

/// The name in `user`, if it is one that a guest could give: nobody has verified it either.
pub(super) fn read(user: &str) -> Option<String> {
    let User { name: Name { first, last } } = serde_json::from_str(user).ok()?;
    let name: GuestName = format!("{first} {last}").parse().ok()?;
    Some(name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_put_together() {
        let of = |user| read(user).unwrap_or_default();

        assert_eq!(of(r#"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"x@example.com"}"#), "Ada Lovelace");
        assert_eq!(of(r#"{"name":{"firstName":"Ada"}}"#), "Ada");
        assert_eq!(of(r#"{"name":{"firstName":"A\u202eda","lastName":"L"}}"#), "");
        assert_eq!(of(r#"{"name":{"firstName":"","lastName":""}}"#), "");
        assert_eq!(of(r#"{"email":"x@example.com"}"#), "");
        assert_eq!(of("Ada"), "");
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(user in ".{0,80}") {
            let _ = read(&user);
        }
    }
}
