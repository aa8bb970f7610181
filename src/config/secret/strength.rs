//! Tells secrets that nobody drew at random.

/// Shortest secret, in bytes: the key length of HMAC-SHA256 (RFC 7518, section 3.2).
pub(in crate::config) const MIN_SECRET_BYTES: usize = 32;

/// Fewest different bytes. Of 32 random hexadecimal digits, fewer than this are different once in a hundred million secrets.
const MIN_DIFFERENT_BYTES: usize = 8;

/// Words that stand in secrets made up by hand and in the documentation of Roomkey, Jitsi and others. None is so short that random
/// text would hold it by chance.
const WORDS: [&str; 24] = [
    "changeme",
    "change-me",
    "change_me",
    "change me",
    "changeit",
    "changethis",
    "replaceme",
    "replace-me",
    "replace_me",
    "placeholder",
    "password",
    "passw0rd",
    "passphrase",
    "example",
    "secret",
    "jitsi",
    "roomkey",
    "default",
    "insecure",
    "letmein",
    "qwerty",
    "correct horse",
    "correcthorse",
    "lorem ipsum",
];

/// Why a secret is too weak to protect anything, and `None` if nothing speaks against it.
pub(in crate::config) fn weakness(secret: &[u8]) -> Option<String> {
    if secret.len() < MIN_SECRET_BYTES {
        return Some(format!("is shorter than {MIN_SECRET_BYTES} bytes"));
    }
    let mut seen = [false; 256];
    secret.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    if seen.iter().filter(|&&seen| seen).count() < MIN_DIFFERENT_BYTES {
        return Some(format!("is made of fewer than {MIN_DIFFERENT_BYTES} different characters"));
    }
    if repeats(secret) {
        return Some("repeats itself".to_owned());
    }
    if counts(secret) {
        return Some("is made of neighbours in the alphabet".to_owned());
    }
    let lower = String::from_utf8_lossy(secret).to_ascii_lowercase();
    WORDS
        .iter()
        .find(|&&word| lower.contains(word))
        .map(|word| format!("holds `{word}`, so it was not drawn at random"))
}

/// Whether it is a shorter text over and over, the last time perhaps cut short.
fn repeats(secret: &[u8]) -> bool {
    (1..=secret.len() / 2).any(|period| secret[period..].iter().zip(secret).all(|(a, b)| a == b))
}

/// Whether most of it are runs such as `abcdef` and `987654`.
fn counts(secret: &[u8]) -> bool {
    let neighbours = secret.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
    neighbours * 2 > secret.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_made_up_by_hand_are_refused_for_what_they_are() {
        let weak = [
            ("0f8a6c1e3b5d7f9", "is shorter than 32 bytes"),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "is made of fewer than 8 different characters"),
            ("abcabcabcabcabcabcabcabcabcabcabcabc", "is made of fewer than 8 different characters"),
            ("0f8a6c1e3b5d7f920f8a6c1e3b5d7f92", "repeats itself"),
            ("0123456789abcdef0123456789abcdef0", "repeats itself"),
            ("abcdefghijklmnopqrstuvwxyz0123456789", "is made of neighbours in the alphabet"),
            ("CHANGEME-0f8a6c1e3b5d7f924a6b8c0d", "holds `changeme`, so it was not drawn at random"),
            ("my_jitsi_app_token_for_the_meetings", "holds `jitsi`, so it was not drawn at random"),
        ];

        for (secret, why) in weak {
            assert_eq!(weakness(secret.as_bytes()).as_deref(), Some(why), "{secret}");
        }
    }

    proptest! {
        #[test]
        fn random_secrets_are_taken(bytes: [u8; 32]) {
            let hex = data_encoding::HEXLOWER.encode(&bytes);
            let base64 = data_encoding::BASE64.encode(&bytes);
            // proptest likes arrays of one value, which are weak indeed.
            prop_assume!(weakness(&bytes).is_none());

            prop_assert_eq!(weakness(hex.as_bytes()), None);
            prop_assert_eq!(weakness(base64.as_bytes()), None);
        }
    }

    #[test]
    fn ten_thousand_drawn_secrets_are_taken() {
        for _ in 0..10_000 {
            let mut bytes = [0; 16];
            aws_lc_rs::rand::fill(&mut bytes).unwrap();

            let secret = data_encoding::HEXLOWER.encode(&bytes);

            assert_eq!(weakness(secret.as_bytes()), None, "{secret}");
        }
    }
}
