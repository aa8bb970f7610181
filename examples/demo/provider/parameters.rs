//! The parameters of a request, read the way OAuth 2.0 wants it.

use std::collections::HashMap;

use url::form_urlencoded;

/// Parameters by name. Those without a value count as left out (RFC 6749, section 3.1).
pub(crate) struct Parameters(HashMap<String, String>);

/// A parameter stands there twice, which section 3.1 forbids: whoever reads the other one would decide differently.
#[derive(Debug)]
pub(crate) struct Repeated;

impl Parameters {
    /// Reads a query string or a form.
    pub(crate) fn parse(encoded: &[u8]) -> Result<Self, Repeated> {
        let mut parameters = HashMap::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(Repeated);
            }
        }
        parameters.retain(|_, value: &mut String| !value.is_empty());
        Ok(Self(parameters))
    }

    /// The parameter of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether the parameter is there with just this value.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == Some(value)
    }
}
