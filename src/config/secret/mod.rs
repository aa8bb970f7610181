//! Secrets: each from one of three places.

mod strength;

pub(super) use strength::weakness;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use secrecy::{ExposeSecret, SecretSlice, SecretString};
use zeroize::Zeroizing;

use super::read::{At, Field, Node, Read, Reader, Spot, text_type};

/// Largest file that is read for a secret, in bytes: keys and lists of old secrets are far smaller.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// How to mend a secret that is weak.
pub(super) const DRAW_ONE: &str = "draw one with `openssl rand -hex 32`";

/// A secret that stands in the file itself. Neither it nor its length is ever printed.
pub(super) struct SecretText(Zeroizing<String>);

impl Read for SecretText {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        reader.text(spot, node).map(|text| Self(Zeroizing::new(text)))
    }
}

impl schemars::JsonSchema for SecretText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "minLength": 1, "writeOnly": true })
    }
}

/// The three keys of one secret, as they are written.
pub(super) struct SecretKeys {
    /// `X`.
    pub(super) value: Field<SecretText>,
    /// `X_file`.
    pub(super) file: Field<PathText>,
    /// `X_env`.
    pub(super) variable: Field<VariableName>,
}

/// A secret's bytes, with the key that gave them.
pub(super) type Secret = At<SecretSlice<u8>>;

impl SecretKeys {
    /// Whether none of the three is written.
    pub(super) fn are_absent(&self) -> bool {
        self.value.is_absent() && self.file.is_absent() && self.variable.is_absent()
    }

    /// Where the secret stands: at the first key that is written, else at the first.
    pub(super) fn spot(&self) -> &Spot {
        let written = [(self.file.is_absent(), self.file.spot()), (self.variable.is_absent(), self.variable.spot())];
        match written.into_iter().find(|(absent, _)| !absent) {
            Some((_, spot)) if self.value.is_absent() => spot,
            _ => self.value.spot(),
        }
    }

    /// Reads the secret from the one place that is given; reports if it is none where one is `required`, or more than one.
    pub(super) fn read(self, reader: &Reader<'_>, required: bool) -> Field<SecretSlice<u8>> {
        let name = self.value.spot().clone();
        let key = name.path.rsplit('.').next().unwrap_or_default().to_owned();
        let written = [&self.value.is_absent(), &self.file.is_absent(), &self.variable.is_absent()];
        match written.into_iter().filter(|&&absent| !absent).count() {
            0 if required => {
                let remedy = format!("give it as `{key}_file` (a path), `{key}_env` (a variable's name) or `{key}`");
                reader.wrong(&name, "is missing", remedy);
                return Field::Wrong(name);
            }
            0 => return Field::Absent(name),
            1 => {}
            _ => {
                let spot = self.spot().clone();
                let remedy = format!("keep one of `{key}`, `{key}_file` and `{key}_env`");
                reader.wrong(&spot, "is given more than once", remedy);
                return Field::Wrong(spot);
            }
        }
        let spot = self.spot().clone();
        let bytes = match (self.value, self.file, self.variable) {
            (Field::Given(text), _, _) => Some(Zeroizing::new(text.value.0.as_bytes().to_vec())),
            (_, Field::Given(path), _) => from_file(reader, &path.spot, &reader.path(&path.value.0)),
            (_, _, Field::Given(name)) => from_variable(reader, &name.spot, &name.value.0),
            _ => None,
        };
        match bytes {
            Some(bytes) if bytes.is_empty() => {
                reader.wrong(&spot, "is an empty secret", "fill it");
                Field::Wrong(spot)
            }
            Some(bytes) => Field::Given(At { value: bytes.to_vec().into(), spot }),
            None => Field::Wrong(spot),
        }
    }
}

fn from_variable(reader: &Reader<'_>, spot: &Spot, name: &str) -> Option<Zeroizing<Vec<u8>>> {
    let value = reader.environment().get(name);
    if value.is_none() {
        reader.wrong(
            spot,
            format!("names the variable `{name}`, which is not set"),
            "set it for the `roomkey` process",
        );
    }
    value.map(|value| Zeroizing::new(value.as_bytes().to_vec()))
}

fn from_file(reader: &Reader<'_>, spot: &Spot, path: &Path) -> Option<Zeroizing<Vec<u8>>> {
    let shown = path.display();
    let mut bytes = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|file| {
        warn_if_open_to_all(reader, spot, path, &file)?;
        file.take(MAX_SECRET_BYTES + 1).read_to_end(&mut bytes)
    });
    if let Err(cause) = read {
        reader.wrong(spot, format!("cannot read {shown} ({cause})"), "check the path and that `roomkey` may read it");
        return None;
    }
    if bytes.len() as u64 > MAX_SECRET_BYTES {
        reader.wrong(
            spot,
            format!("{shown} is larger than {MAX_SECRET_BYTES} bytes"),
            "give the file of the secret alone",
        );
        return None;
    }
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    Some(bytes)
}

#[cfg(unix)]
fn warn_if_open_to_all(reader: &Reader<'_>, spot: &Spot, path: &Path, file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    /// Read permission of everybody.
    const OTHERS_READ: u32 = 0o004;
    if file.metadata()?.permissions().mode() & OTHERS_READ != 0 {
        let shown = path.display();
        reader.warn(spot, format!("{shown} can be read by everybody on this machine"), format!("`chmod o-r {shown}`"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn warn_if_open_to_all(_: &Reader<'_>, _: &Spot, _: &Path, _: &File) -> std::io::Result<()> {
    Ok(())
}

/// A secret as text, if it is UTF-8.
pub(super) fn as_text(reader: &Reader<'_>, secret: &Secret) -> Option<SecretString> {
    match std::str::from_utf8(secret.value.expose_secret()) {
        Ok(text) => Some(text.into()),
        Err(_) => {
            reader.wrong(&secret.spot, "is not UTF-8 text", "give the secret as text");
            None
        }
    }
}

/// A path to a file.
#[derive(Clone, Debug)]
pub(super) struct PathText(String);

/// The name of an environment variable.
#[derive(Clone, Debug)]
pub(super) struct VariableName(String);

impl PathText {
    /// As it is written.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Result<Self, super::read::Fault> {
        match text {
            "" => Err(super::read::Fault::new("is an empty path", "give the path of a file, or leave the key out")),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl VariableName {
    fn parse(text: &str) -> Result<Self, super::read::Fault> {
        // Never repeated in the report: somebody may have written the secret itself.
        let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if text.is_empty() || !is_name || text.starts_with(|first: char| first.is_ascii_digit()) {
            let remedy = "give the name of a variable, not its value: letters, digits and `_`";
            return Err(super::read::Fault::new("is no name of an environment variable", remedy));
        }
        Ok(Self(text.to_owned()))
    }
}

text_type!(PathText, "Path", { "minLength": 1 });
text_type!(VariableName, "VariableName", { "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" });
