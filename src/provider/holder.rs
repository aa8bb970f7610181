//! Those who hold a pass and do not log in. Nobody has verified them: only a rule about passes lets one in.

use super::guest::GuestName;
use super::identity::{Person, Subject};
use super::{ProviderId, VerifiedIdentity};

/// Takes somebody at their word who shows a pass: without address, groups or claims. `subject` tells them from other holders, and is
/// the same each time they come.
pub fn pass_holder(subject: String, name: &GuestName) -> VerifiedIdentity {
    let person = Person { name: Some(name.as_str().to_owned()), ..Person::default() };
    VerifiedIdentity::guest(ProviderId::pass_holders(), Subject(subject), person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_a_guest_of_no_provider_that_could_be_configured() {
        let holder = pass_holder("s".to_owned(), &"Ada".parse().unwrap());

        assert!(holder.is_guest() && holder.verified_email().is_none() && holder.groups().is_empty());
        assert_eq!((holder.name(), holder.subject().as_str()), (Some("Ada"), "s"));
        assert!(holder.provider().as_str().parse::<ProviderId>().is_err());
    }
}
