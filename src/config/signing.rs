//! Section `[meeting.signing]`.

mod next;

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;

use self::next::NextKeys;
use super::access::Moment;
use super::period::{Period, write};
use super::read::{Field, OneOf, Reader, Spot, Word, keys};
use super::secret::{PathText, Secret, SecretKeys, SecretText, VariableName, weakness};
use crate::jitsi::{Algorithm, Rotation, SigningKey, SigningKeyError};
use crate::keyring::Successor;

/// Time between two keys of Roomkey's own, unless the file says otherwise.
const ROTATE: Duration = Duration::from_hours(30 * 24);

/// Below this, what is published may be cached for so short a time that Prosody asks without a pause.
const ROTATE_IN_EARNEST: Duration = Duration::from_hours(1);

/// Section `[meeting.signing]`, checked.
#[derive(Debug)]
pub enum Signing {
    /// The operator's keys.
    Given {
        /// The one that signs.
        signing: Arc<SigningKey>,
        /// Those that are published beside it.
        others: Vec<Arc<SigningKey>>,
        /// The secret that takes over.
        next: Option<Successor>,
    },
    /// Keys that Roomkey makes itself.
    Managed {
        /// An RS algorithm.
        algorithm: Algorithm,
        /// How often they change.
        rotation: Rotation,
    },
}

impl Signing {
    /// What signs tokens.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Given { signing, .. } => signing.algorithm(),
            Self::Managed { algorithm, .. } => *algorithm,
        }
    }
}

keys! {
    /// Section `[meeting.signing]`: how tokens are signed.
    SigningKeys {
        /// `HS256`, `HS384` or `HS512` with a secret that Prosody has too, or `RS256`, `RS384` or `RS512` with a private key whose
        /// public half Prosody fetches from Roomkey. Default: `HS256`, or `RS256` if `managed` is set.
        algorithm: OneOf<Algorithm>,
        /// Whether Roomkey makes its private keys itself, and changes them. They are kept in the store, sealed with a key derived
        /// from `session.secret`, and all replicas share them. For RS algorithms.
        #[schemars(extend("default" = false))]
        managed: bool,
        /// How often a key that Roomkey makes is followed by the next, from `10s` to `365d`. The next one is published a day before
        /// it signs, or half of this if that is less; the last one for as long as a token of it lives.
        #[schemars(extend("default" = "30d"))]
        rotate: Period<{ Rotation::SHORTEST.as_secs() }, 31_536_000>,
        /// The secret for HS algorithms: Prosody's `app_secret`, of at least 32 bytes. Better in a file or a variable than here.
        secret: SecretText,
        /// A file that holds `secret` alone; a newline at its end does not count.
        secret_file: PathText,
        /// The name of an environment variable that holds `secret`.
        secret_env: VariableName,
        /// The secret that takes the place of `secret` at `next_from`: Roomkey has both for a while, and all replicas change at the
        /// same moment, at which Prosody has to be restarted with it as `app_secret`.
        next_secret: SecretText,
        /// A file that holds `next_secret`.
        next_secret_file: PathText,
        /// The name of an environment variable that holds `next_secret`.
        next_secret_env: VariableName,
        /// From when on tokens are signed with `next_secret`.
        next_from: Moment,
        /// The private key for RS algorithms: PEM, PKCS#8 or PKCS#1, unencrypted, 2048 to 8192 bits. Better in a file than here.
        /// There may be several, one after the other: the first signs, and the public halves of all are published.
        private_key: SecretText,
        /// A file that holds `private_key`.
        private_key_file: PathText,
        /// The name of an environment variable that holds `private_key`.
        private_key_env: VariableName,
        /// The `kid` of tokens, by which Prosody finds the key: 1 to 128 printable ASCII characters. Default: the RFC 7638
        /// thumbprint of the private key, or for a secret a value derived from it. Prosody keeps a key for as long as it runs, so a
        /// new key needs a new one. Not for several keys.
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
pub(super) struct Checked {
    pub(super) signing: Option<Signing>,
    /// The secrets of an HS algorithm, to be compared with others.
    pub(super) secrets: Vec<Secret>,
}

impl SigningKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Checked {
        let Self { algorithm, managed, rotate, key_id, .. } = self;
        let secret = SecretKeys { value: self.secret, file: self.secret_file, variable: self.secret_env };
        let private =
            SecretKeys { value: self.private_key, file: self.private_key_file, variable: self.private_key_env };
        let next = NextKeys {
            secret: SecretKeys { value: self.next_secret, file: self.next_secret_file, variable: self.next_secret_env },
            from: self.next_from,
        };
        let nothing = |signing| Checked { signing, secrets: Vec::new() };
        if let Field::Wrong(_) = managed {
            return nothing(None);
        }
        if managed.or(false) {
            next.refuse(reader);
            return nothing(check_managed(reader, algorithm, rotate, [&secret, &private], &key_id));
        }
        if let Field::Given(rotate) = &rotate {
            reader.warn(&rotate.spot, "is about keys that Roomkey makes itself", "add `managed = true`, or remove it");
        }
        // With a wrong algorithm, which of the two keys is needed is not known.
        let known = !matches!(algorithm, Field::Wrong(_));
        let OneOf(algorithm) = algorithm.or(OneOf(Algorithm::Hs256));
        let symmetric = algorithm.is_symmetric();
        let (material, other) = if symmetric { (secret, private) } else { (private, secret) };
        if known && !other.are_absent() {
            reader.wrong(other.spot(), format!("does not go with `algorithm = \"{algorithm}\"`"), remedy(symmetric));
        }
        let Some(material) = material.read(reader, known).at() else {
            return nothing(None);
        };
        let weakness = symmetric.then(|| weakness(material.value.expose_secret())).flatten();
        if let Some(weakness) = weakness {
            reader.wrong(&material.spot, weakness, super::secret::DRAW_ONE);
            return Checked { signing: None, secrets: vec![material] };
        }
        let keys = given(reader, algorithm, &material, key_id);
        if !symmetric {
            next.refuse(reader);
            return nothing(keys.map(|(signing, others)| Signing::Given { signing, others, next: None }));
        }
        warn_if_short(reader, algorithm, &material);
        let (next, next_secret) = next.check(reader, algorithm, &material);
        let signing = keys.map(|(signing, others)| Signing::Given { signing, others, next });
        Checked { signing, secrets: std::iter::once(material).chain(next_secret).collect() }
    }
}

/// The operator's key, and those beside it.
fn given(
    reader: &Reader<'_>,
    algorithm: Algorithm,
    material: &Secret,
    key_id: Field<String>,
) -> Option<(Arc<SigningKey>, Vec<Arc<SigningKey>>)> {
    let key_spot = key_id.spot().clone();
    let bytes = material.value.expose_secret();
    let keys = if algorithm.is_symmetric() || !holds_several(bytes) {
        SigningKey::new(algorithm, bytes, key_id.given()).map(|key| vec![key])
    } else {
        if !key_id.is_absent() {
            reader.wrong(&key_spot, "is one name for several keys", "leave it out: each goes by its thumbprint");
        }
        SigningKey::all_of_pem(algorithm, bytes)
    };
    let keys = keys.map_err(|error| explain(reader, &error, &material.spot, &key_spot)).ok()?;
    let mut keys = keys.into_iter().map(Arc::new);
    Some((keys.next()?, keys.collect()))
}

fn holds_several(pem: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN ";
    pem.windows(BEGIN.len()).filter(|&text| text == BEGIN).count() > 1
}

fn check_managed(
    reader: &Reader<'_>,
    algorithm: Field<OneOf<Algorithm>>,
    rotate: Field<Period<{ Rotation::SHORTEST.as_secs() }, 31_536_000>>,
    material: [&SecretKeys; 2],
    key_id: &Field<String>,
) -> Option<Signing> {
    let spot = algorithm.spot().clone();
    let OneOf(algorithm) = algorithm.or(OneOf(Algorithm::Rs256));
    if algorithm.is_symmetric() {
        let wrong = "does not go with `managed`: a secret has no public half that Prosody could fetch";
        reader.wrong(&spot, wrong, "choose `RS256`, or leave it out");
        return None;
    }
    let given = material.iter().filter(|keys| !keys.are_absent()).map(|keys| keys.spot());
    for spot in given.chain((!key_id.is_absent()).then(|| key_id.spot())) {
        reader.wrong(spot, "does not go with `managed = true`: Roomkey makes the keys", "remove one of both");
    }
    let spot = rotate.spot().clone();
    let every = rotate.or(Period::of(ROTATE)).0;
    if every < ROTATE_IN_EARNEST {
        let doubt = format!("is shorter than {}, which is for trying it out", write(ROTATE_IN_EARNEST.as_secs()));
        reader.warn(&spot, doubt, "choose some weeks");
    }
    Some(Signing::Managed { algorithm, rotation: Rotation::new(every) })
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
        SigningKeyError::NotRsa | SigningKeyError::Rejected(_) | SigningKeyError::Generation(_) => {
            reader.wrong(material, format!("is {error}"), make_one)
        }
    }
}
