//! Issues codes and refresh tokens, and takes them back.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::TokenError;
use super::credential::{Code, RefreshToken};
use crate::login::{Purpose, Sealer};
use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::{CodeChallenge, Door, InlineRequest, JoinRequest, MeetingOptions};
use crate::store::{NewCode, NewFamily, Store, StoreError};

/// How long a code may take from the redirect to the token endpoint (RFC 6749, section 4.1.2, allows ten times that).
pub const CODE_LIFETIME: Duration = Duration::from_mins(1);

/// Keeps codes and refresh tokens: hashed, and what they stand for sealed.
#[derive(Clone, Debug)]
pub struct Issuer {
    pub(super) store: Store,
    pub(super) sealer: Arc<Sealer>,
}

/// Somebody who may enter, and the request by which they came: what a code is made of.
pub struct Draft {
    meeting: JoinRequest,
    nonce: Option<String>,
    code_challenge: CodeChallenge,
    provider: ProviderId,
    /// Sealed: for those who have no session.
    identity: String,
}

/// Whom a code was given to.
#[derive(Debug)]
pub enum Who {
    /// Whoever the session of this handle is signed in as.
    Session(String),
    /// Somebody without a session: a guest, or anybody while sessions cannot be kept. They get no refresh token.
    Once(Box<VerifiedIdentity>),
}

/// A code that has been spent.
#[derive(Debug)]
pub struct Redeemed {
    family: String,
    /// The meeting.
    pub meeting: JoinRequest,
    /// At which provider the person was logged in.
    pub provider: ProviderId,
    /// `nonce` of the authorization request.
    pub nonce: Option<String>,
    /// The person.
    pub who: Who,
}

/// A family of refresh tokens, opened by the one that is good. Taken by value to be [rotated](Issuer::rotate): each is good for once.
#[derive(Debug)]
pub struct Family {
    name: String,
    /// The hash of the token it was opened by.
    used: String,
    /// The handle of its session.
    pub session: String,
    /// The meeting.
    pub meeting: JoinRequest,
    /// At which provider the person was logged in.
    pub provider: ProviderId,
}

/// What a code stands for, in the store.
#[derive(Serialize, Deserialize)]
struct CodeGrant {
    meeting: JoinRequest,
    provider: ProviderId,
    nonce: Option<String>,
    code_challenge: CodeChallenge,
    session: Option<String>,
    identity: Option<String>,
}

/// What a family stands for, in the store.
#[derive(Serialize, Deserialize)]
struct FamilyGrant {
    session: String,
    meeting: JoinRequest,
    provider: ProviderId,
}

impl Draft {
    /// For `identity`, which may enter what `request` asks for.
    pub fn new(request: &JoinRequest, inline: &InlineRequest, identity: &VerifiedIdentity, sealer: &Sealer) -> Self {
        // The front end has the options still: only the meeting matters from here on.
        let meeting = JoinRequest {
            room: request.room.clone(),
            tenant: request.tenant.clone(),
            client: request.client,
            options: MeetingOptions::default(),
            door: Door::Link,
        };
        Self {
            meeting,
            nonce: inline.nonce.clone(),
            code_challenge: inline.code_challenge,
            provider: identity.provider().clone(),
            identity: identity.seal(sealer),
        }
    }
}

impl Issuer {
    /// Keeps them in `store`, sealed by `sealer`.
    pub fn new(store: Store, sealer: Arc<Sealer>) -> Self {
        Self { store, sealer }
    }

    /// A code for `draft`, bound to the session of this handle if there is one.
    ///
    /// # Errors
    /// The store is down: there is no code.
    pub async fn issue(&self, draft: Draft, session: Option<String>, now: Timestamp) -> Result<Code, StoreError> {
        let Draft { meeting, nonce, code_challenge, provider, identity } = draft;
        let code = Code::random();
        let hash = code.hash();
        let identity = session.is_none().then_some(identity);
        let grant = CodeGrant { meeting, provider, nonce, code_challenge, session, identity };
        let granted = self.seal(&hash, &grant);
        let ends = now.as_second().saturating_add_unsigned(CODE_LIFETIME.as_secs());
        self.store.put_code(NewCode { code: hash, granted, ends }).await?;
        Ok(code)
    }

    /// Spends a code, whatever comes of it.
    ///
    /// # Errors
    /// [`TokenError`]; a code that has been used before ends the family that was made of it.
    pub async fn redeem(&self, code: &str, code_verifier: &str, now: Timestamp) -> Result<Redeemed, TokenError> {
        let family = code.parse::<Code>().map_err(|_| TokenError::Code)?.hash();
        let Some(granted) = self.store.spend_code(family.clone(), now.as_second()).await? else {
            self.store.end_family(family).await?;
            return Err(TokenError::Code);
        };
        let CodeGrant { meeting, provider, nonce, code_challenge, session, identity } =
            self.open_sealed(&family, &granted)?;
        if !code_challenge.is_of(code_verifier) {
            return Err(TokenError::Verifier);
        }
        let who = match (session, identity) {
            (Some(session), _) => Who::Session(session),
            (None, sealed) => {
                let identity = sealed.and_then(|sealed| VerifiedIdentity::unseal(&sealed, &self.sealer));
                Who::Once(Box::new(identity.ok_or(TokenError::Sealed)?))
            }
        };
        Ok(Redeemed { family, meeting, provider, nonce, who })
    }

    /// The first refresh token of the family that is made of a code, for the session of this handle, until `ends`.
    ///
    /// # Errors
    /// [`TokenError::Code`] if the code has been used again meanwhile.
    pub async fn begin(
        &self,
        redeemed: Redeemed,
        session: String,
        ends: Timestamp,
    ) -> Result<RefreshToken, TokenError> {
        let Redeemed { family, meeting, provider, .. } = redeemed;
        let token = RefreshToken::random(family.clone());
        let granted = self.seal(&family, &FamilyGrant { session, meeting, provider });
        let new = NewFamily { family, granted, token: token.hash(), ends: ends.as_second() };
        if self.store.put_family(new).await? { Ok(token) } else { Err(TokenError::Code) }
    }

    /// The family of a refresh token, if that is its good one.
    ///
    /// # Errors
    /// [`TokenError`]; one that has been used before ends the family.
    pub async fn open(&self, token: &str, now: Timestamp) -> Result<Family, TokenError> {
        let token: RefreshToken = token.parse().map_err(|_| TokenError::RefreshToken)?;
        let (name, used) = (token.family().to_owned(), token.hash());
        let row = self.store.family(name.clone(), now.as_second()).await?.ok_or(TokenError::RefreshToken)?;
        if row.token != used {
            self.store.end_family(name).await?;
            return Err(TokenError::Replayed);
        }
        let FamilyGrant { session, meeting, provider } = self.open_sealed(&name, &row.granted)?;
        Ok(Family { name, used, session, meeting, provider })
    }

    /// The next refresh token of a family, which then goes on until `ends`.
    ///
    /// # Errors
    /// [`TokenError::Replayed`] if another has used the same token meanwhile, here or on another replica: the family has ended.
    pub async fn rotate(&self, family: Family, ends: Timestamp) -> Result<RefreshToken, TokenError> {
        let Family { name, used, .. } = family;
        let next = RefreshToken::random(name.clone());
        if self.store.rotate(name.clone(), used, next.hash(), ends.as_second()).await? {
            return Ok(next);
        }
        self.store.end_family(name).await?;
        Err(TokenError::Replayed)
    }

    /// Ends a family: whoever holds its refresh token may not enter any more.
    ///
    /// # Errors
    /// The store is down: it may go on, and is asked about again at its next use.
    pub async fn end(&self, family: Family) -> Result<(), StoreError> {
        self.store.end_family(family.name).await
    }

    /// Opens under the same `name` alone, so that no row can stand for another.
    fn seal(&self, name: &str, grant: &impl Serialize) -> String {
        let plain = postcard::to_stdvec(grant).expect("plain data serializes");
        self.sealer.seal(Purpose::Inline, name.as_bytes(), plain)
    }

    fn open_sealed<T: DeserializeOwned>(&self, name: &str, sealed: &str) -> Result<T, TokenError> {
        let plain = self.sealer.open(Purpose::Inline, name.as_bytes(), sealed).ok_or(TokenError::Sealed)?;
        postcard::from_bytes(&plain).map_err(|_| TokenError::Sealed)
    }
}
