//! The names under which everybody in a meeting may know people.

use aws_lc_rs::hmac;

use crate::login::{PseudonymSecret, SealingKeys, WeakSecret};

/// Makes `context.user.id` of people: the same at each login and whichever key signs, but telling nothing of the subject, which
/// outside the organisation may identify them, and which may be short enough to be guessed. Does not print.
pub struct Pseudonyms(hmac::Key);

impl Pseudonyms {
    /// Derives the key from `session.secret`.
    ///
    /// # Errors
    /// [`WeakSecret`] if that is too short.
    pub fn new(secrets: &SealingKeys) -> Result<Self, WeakSecret> {
        let secret = PseudonymSecret::of(secrets)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())))
    }

    /// HMAC-SHA256 over both texts, cut to 128 bits, in hexadecimal.
    pub(crate) fn of(&self, provider: &str, subject: &str) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        // A provider's id has no NUL, so that no two pairs run into the same bytes.
        for part in [provider.as_bytes(), &[0], subject.as_bytes()] {
            context.update(part);
        }
        data_encoding::HEXLOWER.encode(&context.sign().as_ref()[..16])
    }
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jitsi::testing::pseudonyms;

    fn with_secret(current: u8, previous: &[u8]) -> Pseudonyms {
        let secret = |byte: u8| secrecy::SecretSlice::from(vec![byte; 32]);
        let previous = previous.iter().map(|&byte| secret(byte)).collect();
        Pseudonyms::new(&SealingKeys { current: secret(current), previous }).unwrap()
    }

    #[test]
    fn a_pseudonym_stays_the_same_and_tells_people_providers_and_deployments_apart() {
        let (one, elsewhere) = (pseudonyms(), with_secret(1, &[]));
        let names = [
            one.of("work", "u-1"),
            one.of("work", "u-2"),
            one.of("home", "u-1"),
            one.of("wor", "ku-1"),
            elsewhere.of("work", "u-1"),
        ];

        assert_eq!(names[0], pseudonyms().of("work", "u-1"));
        assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)), "{names:?}");
        assert!(names.iter().all(|name| name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit())));
    }

    #[test]
    fn a_secret_that_only_opens_names_nobody() {
        assert_eq!(with_secret(1, &[2]).of("work", "u-1"), with_secret(1, &[]).of("work", "u-1"));
    }
}
