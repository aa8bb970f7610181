//! Parameters of a query or a form, decoded exactly once.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A parameter that is read, and the longest value it may have, in bytes once decoded.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// The longest value.
    pub max_bytes: usize,
}

/// Why parameters cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// RFC 6749, section 3.1: parameters must not be included more than once.
    #[error("parameter `{name}` is given twice")]
    Twice {
        /// Which.
        name: &'static str,
    },
    /// Longer than any honest value.
    #[error("parameter `{name}` is over {max_bytes} bytes long")]
    TooLong {
        /// Which.
        name: &'static str,
        /// Its limit.
        max_bytes: usize,
    },
    /// Not UTF-8 once decoded.
    #[error("parameter `{name}` is not UTF-8")]
    NotUtf8 {
        /// Which.
        name: &'static str,
    },
}

/// The values of `wanted` in an `application/x-www-form-urlencoded` text; all others are passed over.
///
/// # Errors
/// [`QueryError`]: whoever made the link has to make another.
pub fn read<const N: usize>(encoded: &str, wanted: [Parameter; N]) -> Result<[Option<Cow<'_, str>>; N], QueryError> {
    let mut values = [const { None }; N];
    for pair in encoded.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(name) = decode(name) else { continue };
        let Some(place) = wanted.iter().position(|parameter| parameter.name == name) else { continue };
        let Parameter { name, max_bytes } = wanted[place];
        let value = decode(value).ok_or(QueryError::NotUtf8 { name })?;
        if value.len() > max_bytes {
            return Err(QueryError::TooLong { name, max_bytes });
        }
        if values[place].replace(value).is_some() {
            return Err(QueryError::Twice { name });
        }
    }
    Ok(values)
}

/// Decodes `+` and percent-encoding (URL Standard, section 5.1); `None` if the outcome is not UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('+') {
        return percent_decode_str(text).decode_utf8().ok();
    }
    let spaced = text.replace('+', " ");
    Some(Cow::Owned(percent_decode_str(&spaced).decode_utf8().ok()?.into_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CODE: Parameter = Parameter { name: "code", max_bytes: 8 };
    const STATE: Parameter = Parameter { name: "state", max_bytes: 8 };

    fn both(encoded: &str) -> Result<[Option<String>; 2], QueryError> {
        Ok(read(encoded, [CODE, STATE])?.map(|value| value.map(Cow::into_owned)))
    }

    #[test]
    fn values_are_decoded_once() {
        let values = both("x=1&state=a%2520b&c%6Fde=a+b%2Bc").unwrap();

        assert_eq!(values, [Some("a b+c".to_owned()), Some("a%20b".to_owned())]);
    }

    #[test]
    fn an_absent_value_differs_from_an_empty_one() {
        assert_eq!(both("code"), Ok([Some(String::new()), None]));
        assert_eq!(both(""), Ok([None, None]));
    }

    #[test]
    fn a_parameter_given_twice_is_refused_even_under_an_encoded_name() {
        assert_eq!(both("code=1&state=2&code=1"), Err(QueryError::Twice { name: "code" }));
        assert_eq!(both("code=1&%63ode=1"), Err(QueryError::Twice { name: "code" }));
    }

    #[test]
    fn a_value_may_be_as_long_as_its_limit() {
        assert!(both("code=12345678").is_ok());
        assert_eq!(both("code=123456789"), Err(QueryError::TooLong { name: "code", max_bytes: 8 }));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused_where_they_are_read() {
        assert_eq!(both("state=%ff"), Err(QueryError::NotUtf8 { name: "state" }));
        assert_eq!(both("other=%ff&%ff=1"), Ok([None, None]));
    }

    proptest! {
        #[test]
        fn reads_what_a_browser_writes(code in "\\PC{0,2}", state in ".{0,2}") {
            let encoded = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("code", &code)
                .append_pair("state", &state)
                .finish();

            prop_assert_eq!(both(&encoded), Ok([Some(code), Some(state)]));
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in "[a-z%+&=\\PC]{0,64}") {
            let _ = both(&text);
        }
    }
}
