//! How Roomkey proves to an OpenID provider who it is.

use secrecy::SecretString;

use crate::config::read::{At, Field, OneOf, Reader, Spot, Word};
use crate::config::secret::{SecretKeys, as_text};
use crate::provider::oidc::{ClientAuth, ClientKey};

/// `client_auth`, by its words (OpenID Connect Core 1.0, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::config) enum ClientAuthWord {
    SecretBasic,
    SecretPost,
    PrivateKey,
    SignedSecret,
    None,
}

impl Word for ClientAuthWord {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("client_secret_basic", Self::SecretBasic),
        ("client_secret_post", Self::SecretPost),
        ("private_key_jwt", Self::PrivateKey),
        ("signed_client_secret", Self::SignedSecret),
        ("none", Self::None),
    ];
}

/// Everything in a provider's table that bears on it.
pub(super) struct ClientKeys {
    pub(super) secret: SecretKeys,
    pub(super) key: SecretKeys,
    pub(super) key_id: Field<String>,
    pub(super) key_issuer: Field<String>,
    pub(super) auth: Field<OneOf<ClientAuthWord>>,
}

impl ClientKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Option<ClientAuth> {
        let auth = match &self.auth {
            Field::Given(At { value: OneOf(auth), .. }) => *auth,
            Field::Wrong(_) => return None,
            Field::Absent(_) if !self.key.are_absent() && self.secret.are_absent() => ClientAuthWord::PrivateKey,
            Field::Absent(_) if !self.secret.are_absent() => ClientAuthWord::SecretBasic,
            Field::Absent(_) => ClientAuthWord::None,
        };
        let uses_secret = matches!(auth, ClientAuthWord::SecretBasic | ClientAuthWord::SecretPost);
        let signs_secret = auth == ClientAuthWord::SignedSecret;
        let uses_key = signs_secret || auth == ClientAuthWord::PrivateKey;
        let unused = [
            (!signs_secret && !self.key_issuer.is_absent()).then(|| self.key_issuer.spot()),
            (!uses_secret && !self.secret.are_absent()).then(|| self.secret.spot()),
            (!uses_key && !self.key.are_absent()).then(|| self.key.spot()),
            (!uses_key && !self.key_id.is_absent()).then(|| self.key_id.spot()),
        ];
        unused.into_iter().flatten().for_each(|spot| report_unused(reader, spot, auth));
        match auth {
            ClientAuthWord::SecretBasic => secret(reader, self.secret).map(ClientAuth::SecretBasic),
            ClientAuthWord::SecretPost => secret(reader, self.secret).map(ClientAuth::SecretPost),
            ClientAuthWord::PrivateKey => key(reader, self.key, self.key_id).map(ClientAuth::PrivateKey),
            ClientAuthWord::SignedSecret => {
                self.key_id
                    .is_absent()
                    .then(|| reader.wrong(self.key_id.spot(), "is missing", "give the key's own id"));
                let issuer = self.key_issuer.required(reader, r#"client_key_issuer = "TEAMID""#);
                let key = key(reader, self.key, self.key_id)?;
                Some(ClientAuth::SignedSecret { key, issuer: issuer? })
            }
            ClientAuthWord::None => Some(ClientAuth::None),
        }
    }
}

fn report_unused(reader: &Reader<'_>, spot: &Spot, auth: ClientAuthWord) {
    let word = ClientAuthWord::WORDS.iter().find(|(_, value)| *value == auth).map_or("none", |(word, _)| *word);
    let remedy = "leave it out, or choose another `client_auth`";
    reader.wrong(spot, format!("is not used by client authentication `{word}`"), remedy);
}

/// The client's secret, which is required.
pub(super) fn secret(reader: &Reader<'_>, keys: SecretKeys) -> Option<SecretString> {
    let secret = keys.read(reader, true).at()?;
    as_text(reader, &secret)
}

fn key(reader: &Reader<'_>, keys: SecretKeys, key_id: Field<String>) -> Option<ClientKey> {
    let secret = keys.read(reader, true).at()?;
    let pem = as_text(reader, &secret)?;
    let key = ClientKey::parse(&pem, key_id.given().filter(|id| !id.is_empty()));
    key.map_err(|error| {
        reader.wrong(&secret.spot, format!("cannot be used: {error}"), "give the client's own private key")
    })
    .ok()
}

/// The client's key and its certificate.
pub(super) fn certified(reader: &Reader<'_>, keys: SecretKeys) -> Option<ClientKey> {
    let secret = keys.read(reader, true).at()?;
    let key = ClientKey::certified(&as_text(reader, &secret)?);
    let remedy = "give the private key and its certificate, one after the other, in PEM";
    key.map_err(|error| reader.wrong(&secret.spot, format!("cannot be used: {error}"), remedy)).ok()
}
