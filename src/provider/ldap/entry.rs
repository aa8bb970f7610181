//! Entries of the directory, and what of them is told on.

use std::collections::BTreeMap;

use ldap3::{ResultEntry, SearchEntry};
use serde_json::{Map, Value};

use super::filter::Filter;

/// Longest value that becomes a claim, in bytes: pictures and certificates are no claims.
const MAX_CLAIM_BYTES: usize = 1024;

/// An entry, by its name and the attributes that were asked for.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its distinguished name, as the server spells it.
    pub(super) dn: String,
    /// Which of the servers that referrals may lead to has it; `None`: one of the directory's own.
    pub(super) at: Option<usize>,
    /// By their descriptions in lower case.
    attributes: BTreeMap<String, Vec<Vec<u8>>>,
}

/// The attribute that says who somebody is for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectAttribute {
    /// One with a text: `entryUUID`, `ipaUniqueID`.
    Text(String),
    /// One with the sixteen bytes of a Microsoft GUID: `objectGUID`.
    Guid(String),
}

impl Entry {
    pub(super) fn new(found: ResultEntry) -> Self {
        let SearchEntry { dn, attrs, bin_attrs } = SearchEntry::construct(found);
        let texts =
            attrs.into_iter().map(|(name, values)| (name, values.into_iter().map(String::into_bytes).collect()));
        let mut attributes = BTreeMap::<_, Vec<Vec<u8>>>::new();
        for (name, values) in texts.chain(bin_attrs) {
            attributes.entry(name.to_ascii_lowercase()).or_default().extend(values as Vec<Vec<u8>>);
        }
        Self { dn, at: None, attributes }
    }

    /// The values of an attribute that are text.
    pub(super) fn texts(&self, attribute: &str) -> impl Iterator<Item = &str> {
        let values = self.attributes.get(&attribute.to_ascii_lowercase());
        values.into_iter().flatten().filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// Whether the server left values out: Active Directory gives a part of long lists (MS-ADTS, section 3.1.1.3.1.3.3).
    pub(super) fn is_cut(&self) -> bool {
        self.attributes.keys().any(|name| name.contains(";range="))
    }

    /// The attributes of these names as claims: a string where there is one value, a list where there are several.
    pub(super) fn claims(&self, names: &[String]) -> Map<String, Value> {
        let claim = |name: &String| {
            let values = self.texts(name).filter(|value| value.len() <= MAX_CLAIM_BYTES);
            let mut values: Vec<Value> = values.map(Value::from).collect();
            match values.len() {
                0 => None,
                1 => Some((name.clone(), values.swap_remove(0))),
                _ => Some((name.clone(), Value::Array(values))),
            }
        };
        names.iter().filter_map(claim).collect()
    }
}

impl SubjectAttribute {
    /// Which it is, by its name.
    pub fn named(name: &str) -> Self {
        if name.eq_ignore_ascii_case("objectGUID") { Self::Guid(name.to_owned()) } else { Self::Text(name.to_owned()) }
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Text(name) | Self::Guid(name) => name,
        }
    }

    /// Who the entry is; `None` without exactly one usable value.
    pub(super) fn read(&self, entry: &Entry) -> Option<String> {
        let [value] = entry.attributes.get(&self.name().to_ascii_lowercase())?.as_slice() else { return None };
        match self {
            Self::Text(_) => String::from_utf8(value.clone()).ok().filter(|text| !text.is_empty() && text.len() <= 255),
            Self::Guid(_) => value.as_slice().try_into().ok().map(guid),
        }
    }

    /// Finds the entry of somebody.
    pub(super) fn filter(&self, subject: &str) -> Option<Filter> {
        match self {
            Self::Text(name) => Some(Filter::equals(name, subject)),
            Self::Guid(name) => Some(Filter::equals_bytes(name, &guid_bytes(subject)?)),
        }
    }
}

/// As Microsoft writes it: the first three groups with their least byte first (MS-DTYP, section 2.3.4.3).
fn guid(bytes: [u8; 16]) -> String {
    let hex = |places: &[usize]| places.iter().map(|&place| format!("{:02x}", bytes[place])).collect::<String>();
    let groups = [&[3, 2, 1, 0][..], &[5, 4], &[7, 6], &[8, 9], &[10, 11, 12, 13, 14, 15]];
    groups.map(hex).join("-")
}

fn guid_bytes(text: &str) -> Option<[u8; 16]> {
    let hex = text.replace('-', "");
    let mut bytes: [u8; 16] = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()?;
    bytes[..4].reverse();
    bytes[4..6].reverse();
    bytes[6..8].reverse();
    Some(bytes)
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entry([redacted])")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// An entry with these attributes.
    pub(in crate::provider::ldap) fn entry(dn: &str, attributes: &[(&str, &[u8])]) -> Entry {
        let mut entry = Entry { dn: dn.to_owned(), at: None, attributes: BTreeMap::new() };
        for (name, value) in attributes {
            entry.attributes.entry(name.to_ascii_lowercase()).or_default().push(value.to_vec());
        }
        entry
    }

    #[test]
    fn attributes_become_claims_under_the_names_they_were_asked_for_by() {
        let entry = entry(
            "cn=a",
            &[("MAIL", b"a@b.c"), ("ou", b"x"), ("ou", b"y"), ("photo", &[0xff]), ("big", &[b'a'; 1025])],
        );

        let claims = entry.claims(&["mail", "ou", "photo", "big", "gone"].map(str::to_owned));

        assert_eq!(Value::from(claims), json!({ "mail": "a@b.c", "ou": ["x", "y"] }));
    }

    #[test]
    fn a_guid_is_written_as_microsoft_does_and_found_by_its_bytes() {
        let bytes: Vec<u8> = (0..16).collect();
        let attribute = SubjectAttribute::named("objectGuid");

        let subject = attribute.read(&entry("cn=a", &[("objectGUID", &bytes)])).unwrap();

        assert_eq!(subject, "03020100-0504-0706-0809-0a0b0c0d0e0f");
        let filter = attribute.filter(&subject).unwrap();
        assert_eq!(filter.as_str(), r"(objectGuid=\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f)");
        assert!(attribute.filter("nobody").is_none());
    }

    #[test]
    fn nobody_is_told_by_an_attribute_that_is_missing_empty_or_there_twice() {
        let attribute = SubjectAttribute::named("entryUUID");
        let read = |values: &[(&str, &[u8])]| attribute.read(&entry("cn=a", values));

        assert_eq!(read(&[("entryuuid", b"1")]).as_deref(), Some("1"));
        assert_eq!(
            [read(&[]), read(&[("entryUUID", b"")]), read(&[("entryUUID", b"1"), ("entryUUID", b"2")])],
            [None, None, None]
        );
    }

    proptest! {
        #[test]
        fn every_guid_is_found_again(bytes: [u8; 16]) {
            prop_assert_eq!(guid_bytes(&guid(bytes)), Some(bytes));
        }
    }
}
