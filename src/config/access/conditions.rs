//! The conditions of a rule, each value by itself.

use jiff::Timestamp;

use super::Known;
use crate::config::read::{At, Fault, Node, Place, Read, Reader, Spot, Value, from_text, nearest, quoted, text_type};
use crate::policy::{Feature, RoomGlob, When, WhenError};
use crate::provider::ProviderId;

/// A glob over rooms.
#[derive(Clone, Debug)]
pub(in crate::config) struct RoomPattern {
    pub(super) glob: RoomGlob,
    pub(super) text: String,
}

/// A group's name.
#[derive(Clone, Debug)]
pub(in crate::config) struct GroupName(pub(super) String);

/// An address.
#[derive(Clone, Debug)]
pub(in crate::config) struct EmailAddress(pub(super) String);

/// An address's domain, in lower case.
#[derive(Clone, Debug)]
pub(in crate::config) struct Domain(pub(super) String);

/// A provider's id.
#[derive(Clone, Debug)]
pub(in crate::config) struct ProviderName(pub(super) ProviderId);

/// A feature of Jitsi Meet.
#[derive(Clone, Debug)]
pub(in crate::config) struct FeatureName(pub(super) Feature);

/// A moment: RFC 3339 in quotes, or a TOML date-time with an offset.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) struct Moment(pub(in crate::config) Timestamp);

/// A condition in CEL.
#[derive(Clone, Debug)]
pub(in crate::config) struct Expression(pub(super) When);

impl Read for Expression {
    /// Mistakes are reported where they are, if the expression stands in its line as it is.
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let text = reader.text(spot, node)?;
        let as_it_is = !text.contains(['\n', '\\', '"']) && !text.contains(char::is_control);
        let report = |WhenError { line, column, what }| match (&spot.place, as_it_is) {
            (Place::File { line: starts, column: quote }, true) => {
                let place = Place::File { line: *starts, column: quote + column };
                reader.wrong(&Spot { place, ..spot.clone() }, what, "");
            }
            _ => reader.wrong(spot, format!("{what} (line {line}, character {column} of the expression)"), ""),
        };
        When::compile(&text).map_err(|wrong| wrong.into_iter().for_each(report)).ok().map(Self)
    }
}

impl schemars::JsonSchema for Expression {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "minLength": 1, "maxLength": When::MAX_BYTES })
    }
}

impl RoomPattern {
    fn parse(text: &str) -> Result<Self, Fault> {
        match text.parse() {
            Ok(glob) => Ok(Self { glob, text: text.to_owned() }),
            Err(error) => {
                let error: crate::policy::RoomGlobError = error;
                let wrong = format!("{} is no glob over rooms: {error}", quoted(text));
                Err(Fault::new(wrong, "write it as in `board`, `board-*`, `tenant/*`"))
            }
        }
    }
}

impl GroupName {
    fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "" => Err(Fault::new("is an empty name", "give a group's name")),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl EmailAddress {
    fn parse(text: &str) -> Result<Self, Fault> {
        let whole = text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
        if !whole || text.chars().any(|c| c.is_whitespace() || c == '*') {
            let remedy = "give one whole address; for all of a domain use `email_domains`";
            return Err(Fault::new(format!("{} is no address", quoted(text)), remedy));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Domain {
    /// The domain itself.
    pub(in crate::config) fn into_text(self) -> String {
        self.0
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let fault = |remedy: String| Err(Fault::new(format!("{} is no domain", quoted(text)), remedy));
        if let Some((_, domain)) = text.rsplit_once('@') {
            return fault(format!("leave out `@` and what stands before it: {}", quoted(domain)));
        }
        let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
        if !text.split('.').all(label) {
            return fault("give a domain as in `example.com`; each of its subdomains is another".to_owned());
        }
        Ok(Self(text.to_lowercase()))
    }
}

impl ProviderName {
    fn parse(text: &str) -> Result<Self, Fault> {
        text.parse().map(Self).map_err(|error: crate::provider::ProviderIdError| {
            Fault::new(error.to_string(), "give the `id` of one of the `[[providers]]`")
        })
    }
}

impl FeatureName {
    fn parse(text: &str) -> Result<Self, Fault> {
        text.parse().map(Self).map_err(|error: crate::policy::FeatureError| {
            Fault::new(error.to_string(), "give a feature as Jitsi's tokens name it, as in `recording`")
        })
    }
}

impl Moment {
    fn parse(text: &str) -> Result<Self, Fault> {
        text.parse().map(Self).map_err(|_: jiff::Error| {
            let remedy = "give date, time and offset from UTC, as in `2026-12-01T09:00:00+01:00`";
            Fault::new(format!("{} is no moment", quoted(text)), remedy)
        })
    }
}

impl Read for Moment {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let node = match node.value {
            Value::Time(text) => Node { place: node.place, value: Value::Text(text) },
            _ => node,
        };
        from_text(reader, spot, node, Self::parse)
    }
}

impl schemars::JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

text_type!(RoomPattern, "RoomGlob", { "minLength": 1 });
text_type!(GroupName, "Group", { "minLength": 1 });
text_type!(EmailAddress, "EmailAddress", { "pattern": "^[^@\\s*]+@[^@\\s*]+$" });
text_type!(Domain, "Domain", { "pattern": "^[^@\\s*]+$" });
text_type!(ProviderName, "ProviderName", { "pattern": "^[a-z0-9-]{1,32}$" });
text_type!(FeatureName, "Feature", { "pattern": "^[a-z0-9-]{1,64}$" });

/// Reports a provider that a rule names and the file does not have.
pub(super) fn check_provider(reader: &Reader<'_>, At { value, spot }: &At<ProviderName>, known: &Known<'_>) {
    let Some(providers) = known.providers else { return };
    let ProviderName(id) = value;
    if !providers.contains(id) {
        let remedy = match nearest(id.as_str(), providers.iter().map(ProviderId::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "give the `id` of one of the `[[providers]]`".to_owned(),
        };
        reader.wrong(spot, format!("no provider has the id `{id}`"), remedy);
    }
}
