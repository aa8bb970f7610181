//! Section `[meeting.signing]`.

use secrecy::ExposeSecret;

use super::read::{Field, OneOf, Reader, Spot, Word, keys};
use super::secret::{PathText, Secret, SecretKeys, SecretText, VariableName, weakness};
use crate::jitsi::{Algorithm, SigningKey, SigningKeyError};

keys! {
    /// Section `[meeting.signing]`: how tokens are signed.
    SigningKeys {
        /// `HS256`, `HS384` or `HS512` with a secret that Prosody has too, or `RS256`, `RS384` or `RS512` with a private key whose
        /// public half Prosody fetches from a key server of yours.
        #[schemars(extend("default" = "HS256"))]
        algorithm: OneOf<Algorithm>,
        /// The secret for HS algorithms: Prosody's `app_secret`, of at least 32 bytes. Better in a file or a variable than here.
        secret: SecretText,
        /// A file that holds `secret` alone; a newline at its end does not count.
        secret_file: PathText,
        /// The name of an environment variable that holds `secret`.
        secret_env: VariableName,
        /// The private key for RS algorithms: PEM, PKCS#8 or PKCS#1, unencrypted, 2048 to 8192 bits. Better in a file than here.
        private_key: SecretText,
        /// A file that holds `private_key`.
        private_key_file: PathText,
        /// The name of an environment variable that holds `private_key`.
        private_key_env: VariableName,
        /// The `kid` of tokens, by which Prosody finds the key: 1 to 128 printable ASCII characters. Default: the RFC 7638
        /// thumbprint of the private key, or for a secret a value derived from it. Prosody keeps a key for as long as it runs, so a
        /// new key needs a new one.
        key_id: String,
    }
}

impl Word for Algorithm {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("HS256", Self::Hs256),
        ("HS384", Self::Hs384),
        ("HS512", Self::Hs512),
        ("RS256", Self::Rs256),
        ("RS384", Self::Rs384),
        ("RS512", Self::Rs512),
    ];
}

/// What signs tokens.
pub(super) struct Signing {
    pub(super) key: Option<SigningKey>,
    /// The secret of an HS algorithm, to be compared with other secrets.
    pub(super) secret: Option<Secret>,
}

impl SigningKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Signing {
        let Self { algorithm, secret, secret_file, secret_env, private_key, private_key_file, private_key_env, key_id } =
            self;
        // With a wrong algorithm, which of the two keys is needed is not known.
        let known = !matches!(algorithm, Field::Wrong(_));
        let OneOf(algorithm) = algorithm.or(OneOf(Algorithm::Hs256));
        let secret = SecretKeys { value: secret, file: secret_file, variable: secret_env };
        let private = SecretKeys { value: private_key, file: private_key_file, variable: private_key_env };
        let symmetric = algorithm.is_symmetric();
        let (material, other) = if symmetric { (secret, private) } else { (private, secret) };
        if known && !other.are_absent() {
            reader.wrong(other.spot(), format!("does not go with `algorithm = \"{algorithm}\"`"), remedy(symmetric));
        }
        let Some(material) = material.read(reader, known).at() else {
            return Signing { key: None, secret: None };
        };
        let weakness = symmetric.then(|| weakness(material.value.expose_secret())).flatten();
        if let Some(weakness) = weakness {
            reader.wrong(&material.spot, weakness, super::secret::DRAW_ONE);
            return Signing { key: None, secret: Some(material) };
        }
        if symmetric {
            warn_if_short(reader, algorithm, &material);
        }
        let key_spot = key_id.spot().clone();
        let key = SigningKey::new(algorithm, material.value.expose_secret(), key_id.given());
        let key = key.map_err(|error| explain(reader, &error, &material.spot, &key_spot)).ok();
        Signing { key, secret: symmetric.then_some(material) }
    }
}

/// RFC 7518, section 3.2, wants as many bytes as the hash has.
fn warn_if_short(reader: &Reader<'_>, algorithm: Algorithm, secret: &Secret) {
    let wanted = match algorithm {
        Algorithm::Hs384 => 48,
        Algorithm::Hs512 => 64,
        Algorithm::Hs256 | Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 => return,
    };
    if secret.value.expose_secret().len() < wanted {
        let doubt = format!("is shorter than the {wanted} bytes that RFC 7518 wants for {algorithm}");
        reader.warn(&secret.spot, doubt, format!("draw one with `openssl rand -hex {wanted}`"));
    }
}

fn remedy(symmetric: bool) -> &'static str {
    if symmetric {
        "HS algorithms take `secret_file`; for a private key choose `RS256`"
    } else {
        "RS algorithms take `private_key_file`; for a shared secret choose `HS256`"
    }
}

fn explain(reader: &Reader<'_>, error: &SigningKeyError, material: &Spot, key_id: &Spot) {
    let make_one = "make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out jitsi.pem`";
    match error {
        SigningKeyError::KeyId => {
            reader.wrong(key_id, format!("cannot be used: {error}"), "choose another, or leave it out");
        }
        SigningKeyError::ShortSecret { .. } => reader.wrong(material, error.to_string(), super::secret::DRAW_ONE),
        SigningKeyError::NotRsa | SigningKeyError::Rejected(_) => {
            reader.wrong(material, format!("is {error}"), make_one)
        }
    }
}
