//! Distinguished names as text (RFC 4514).

use ldap3::dn_escape;

/// One relative distinguished name, which may have several attributes: their types in lower case and their values, sorted.
type Rdn = Vec<(String, String)>;

/// A name with a place for what somebody typed: `uid={name},ou=people,dc=example,dc=com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnTemplate(String);

/// Where the typed name goes.
const PLACE: &str = "{name}";

/// Why a text is no [`DnTemplate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DnTemplateError {
    /// There is no place for the name.
    #[error("has no `{{name}}`")]
    NoPlace,
    /// With a name in its place it is no distinguished name.
    #[error("is no distinguished name")]
    NoDn,
}

impl std::str::FromStr for DnTemplate {
    type Err = DnTemplateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.contains(PLACE) {
            return Err(DnTemplateError::NoPlace);
        }
        let template = Self(text.to_owned());
        parse(&template.fill("x")).map_or(Err(DnTemplateError::NoDn), |_| Ok(template))
    }
}

impl DnTemplate {
    /// The name of somebody: whatever they typed stays one value.
    pub(super) fn fill(&self, name: &str) -> String {
        self.0.replace(PLACE, &dn_escape(name))
    }
}

/// Whether a text is a distinguished name with at least one part.
pub fn is_dn(text: &str) -> bool {
    parse(text).is_some()
}

/// The value of the first part, which names the entry itself: `board` of `cn=board,ou=groups,dc=example,dc=com`.
pub(super) fn first_value(dn: &str) -> Option<String> {
    parse(dn)?.swap_remove(0).into_iter().next().map(|(_, value)| value)
}

/// Whether `dn` is an entry below `base`. Types and values count without their case, as all usual naming attributes do.
pub(super) fn is_below(dn: &str, base: &str) -> bool {
    let (Some(dn), Some(base)) = (comparable(dn), comparable(base)) else { return false };
    dn.len() > base.len() && dn.ends_with(&base)
}

fn comparable(dn: &str) -> Option<Vec<Rdn>> {
    let parts = parse(dn)?.into_iter();
    Some(parts.map(|rdn| rdn.into_iter().map(|(kind, value)| (kind, value.to_lowercase())).collect()).collect())
}

/// Its parts, the entry's own first; `None` if it has none or is not written as RFC 4514, section 3, has it.
fn parse(dn: &str) -> Option<Vec<Rdn>> {
    let mut parts = Vec::new();
    for text in split(dn, ',')? {
        let mut rdn = Rdn::new();
        for pair in split(text, '+')? {
            let (kind, value) = pair.split_once('=')?;
            let kind = kind.trim();
            let is_kind =
                !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.;".contains(&byte));
            if !is_kind {
                return None;
            }
            rdn.push((kind.to_ascii_lowercase(), unescaped(value)?));
        }
        rdn.sort();
        parts.push(rdn);
    }
    Some(parts)
}

/// Splits where `separator` stands without a backslash before it.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == separator => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    (!escaped).then_some(parts)
}

/// The value that is written: `\2C` and `\,` are both a comma, and spaces at the ends that are not escaped do not count.
fn unescaped(text: &str) -> Option<String> {
    let text = text.trim_start_matches(' ');
    let mut bytes = Vec::with_capacity(text.len());
    // Up to here, spaces at the end are part of the value.
    let mut kept = 0;
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            if *first != b' ' {
                kept = bytes.len();
            }
            continue;
        }
        let hex = rest.get(..2).and_then(|pair| data_encoding::HEXLOWER_PERMISSIVE.decode(pair).ok());
        match (hex, rest) {
            (Some(byte), _) => {
                bytes.extend(byte);
                rest = &rest[2..];
            }
            (None, [special, tail @ ..]) => {
                bytes.push(*special);
                rest = tail;
            }
            (None, []) => return None,
        }
        kept = bytes.len();
    }
    bytes.truncate(kept);
    String::from_utf8(bytes).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_entry_is_named_by_its_first_part() {
        let names = [
            "cn=board,ou=groups,dc=example,dc=com",
            "CN = Board Members , OU=x",
            r"cn=Smith\, Ada+uid=ada,dc=example",
            r"cn=\23hash\20,dc=example",
            r"cn=Lu\C4\8Di\C4\87,dc=example",
        ]
        .map(first_value);

        let expected = ["board", "Board Members", "Smith, Ada", "#hash ", "Lučić"];
        assert_eq!(names.map(Option::unwrap), expected);
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in ["", "board", "=board", "cn=", "cn=a,,dc=b", "cn=a\\", "c n=a", "cn=a,"] {
            assert_eq!(first_value(text), None, "{text}");
        }
    }

    #[test]
    fn an_entry_is_below_a_base_whatever_the_case_and_the_spaces() {
        let base = "ou=Groups,dc=example,dc=com";

        assert!(is_below("cn=board,OU=groups, DC=Example,dc=com", base));
        assert!(is_below(r"cn=a,ou=\47roups,dc=example,dc=com", base), "an escape is only another spelling");
        for outside in [base, "cn=board,ou=Groups,dc=example,dc=org", r"cn=a\,ou=groups,dc=example,dc=com", "board"] {
            assert!(!is_below(outside, base), "{outside}");
        }
    }

    #[test]
    fn a_typed_name_stays_one_value() {
        let template: DnTemplate = "uid={name},ou=people,dc=example,dc=com".parse().unwrap();

        let dn = template.fill("ada,ou=admins");

        assert_eq!(dn, r"uid=ada\2cou\3dadmins,ou=people,dc=example,dc=com");
        assert_eq!(first_value(&dn).as_deref(), Some("ada,ou=admins"));
        assert_eq!("uid=ada,dc=example".parse::<DnTemplate>(), Err(DnTemplateError::NoPlace));
        assert_eq!("{name}@example.com".parse::<DnTemplate>(), Err(DnTemplateError::NoDn));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_back_from_the_name_it_makes(name in "[ \\PC\u{0}]{1,24}") {
            let template: DnTemplate = "uid={name},ou=people,dc=example,dc=com".parse().unwrap();

            let dn = template.fill(&name);

            prop_assert!(is_below(&dn, "ou=people,dc=example,dc=com"));
            prop_assert_eq!(parse(&dn).unwrap().len(), 4);
            prop_assert_eq!(first_value(&dn), Some(name));
        }

        #[test]
        fn no_text_panics(text in "[a-z=,+\\\\ 0-9#\\PC]{0,40}") {
            let _ = (first_value(&text), is_below(&text, "dc=example"), is_below("dc=example", &text));
        }
    }
}
