//! The reference number of a login.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The reference number of a login: on the visitor's page, in the log (`login.id`) and in the audit trail.
///
/// 40 random bits as eight characters of Crockford's base 32 (`K7QF2M9X`): unambiguous when read out over a telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LoginId([u8; 5]);

/// Crockford's base 32, for reference numbers.
static CROCKFORD: std::sync::LazyLock<data_encoding::Encoding> = std::sync::LazyLock::new(|| {
    let mut specification = data_encoding::Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.encoding().expect("32 distinct symbols")
});

/// A text that is no reference number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reference number is eight letters and digits")]
pub struct NotALoginId;

impl LoginId {
    /// A new number.
    pub fn random() -> Self {
        Self(super::seal::random())
    }

    pub(super) fn bytes(self) -> [u8; 5] {
        self.0
    }
}

impl fmt::Display for LoginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 8];
        CROCKFORD.encode_mut(&self.0, &mut text);
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for LoginId {
    type Err = NotALoginId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = CROCKFORD.decode(text.to_ascii_uppercase().as_bytes()).map_err(|_| NotALoginId)?;
        bytes.try_into().map(Self).map_err(|_| NotALoginId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back_in_either_case() {
        let id = LoginId::random();

        assert_eq!(id.to_string().len(), 8);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_lowercase().parse(), Ok(id));
        assert_eq!("ILOU0000".parse::<LoginId>(), Err(NotALoginId));
        assert_eq!("0000000".parse::<LoginId>(), Err(NotALoginId));
    }
}
