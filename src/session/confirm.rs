//! Asks a provider whether somebody may still log in: one asks, and all who wait for the session use the answer.

use std::time::Duration;

use super::keeper::Keeper;
use super::{Session, SignedIn};
use crate::provider::http::{CALL_TIMEOUT, Http};
use crate::provider::{Confirmation, Provider, ProviderError, ProviderId, Registry, Tether, chain};
use crate::store::{Claim, Renewed, StoreError};

/// How long one may take to ask. A provider is called for its metadata, its tokens, its keys and UserInfo at most; whoever is
/// killed meanwhile keeps the others waiting no longer than this.
const LEASE: Duration = CALL_TIMEOUT.saturating_mul(4);

/// After a provider could not be asked, the session is used without asking for this long.
const RETRY: Duration = Duration::from_secs(30);

/// When somebody who waits for another's answer looks for it: often at first, and for ten seconds in all.
const LOOKS: [Duration; 27] = {
    let mut pauses = [Duration::from_millis(400); 27];
    let mut first = 0;
    while first < 4 {
        pauses[first] = Duration::from_millis(50 << (first / 2));
        first += 1;
    }
    pauses
};

/// What became of a session that was to be confirmed.
#[derive(Debug)]
pub enum Renewal {
    /// The provider vouches for the person: the session as it is now.
    Confirmed(Session),
    /// The provider cannot be asked: what is known holds for its grace time.
    Unknown,
    /// The provider can only tell with the browser's help.
    NeedsBrowser,
    /// The session is over: the provider, as it says now, no longer vouches for the person. It is told once, with the session as
    /// it was.
    Disavowed(Session),
    /// The session is over already.
    Ended,
}

impl Keeper {
    /// Confirms one of the session's identities, or waits for whoever does so already, on this replica or another.
    ///
    /// Has to run to its end, whether the visitor leaves or not: a refresh token may be on its way to the store.
    ///
    /// # Errors
    /// The store is down: nothing has been asked, or its answer is lost.
    pub async fn confirm(
        &self,
        http: &Http,
        registry: &Registry,
        session: Session,
        provider: &ProviderId,
    ) -> Result<Renewal, StoreError> {
        let Some(before) = session.at(provider) else {
            return Ok(Renewal::Ended);
        };
        let (handle, seen) = (session.handle.clone(), before.confirmed.as_second());
        let mut looks = LOOKS.into_iter();
        loop {
            let now = self.clock.now().as_second();
            let Some(row) = self.sessions.find_named(handle.clone(), now).await? else {
                return Ok(Renewal::Ended);
            };
            match row.identities.iter().find(|row| row.provider == provider.as_str()) {
                None => return Ok(Renewal::Ended),
                Some(row) if row.confirmed != seen => return self.result(&handle).await,
                Some(row) if row.retry > now => return Ok(Renewal::Unknown),
                // Somebody asks just now.
                Some(row) if row.lease > now => {}
                Some(_) => {
                    let lease = now.saturating_add_unsigned(LEASE.as_secs());
                    let claim = self.sessions.claim(handle.clone(), provider.to_string(), seen, now, lease).await?;
                    if let Some(claim) = claim {
                        return self.ask(http, registry, session, provider, claim).await;
                    }
                }
            }
            match looks.next() {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Ok(Renewal::Unknown),
            }
        }
    }

    async fn ask(
        &self,
        http: &Http,
        registry: &Registry,
        session: Session,
        provider: &ProviderId,
        claim: Claim,
    ) -> Result<Renewal, StoreError> {
        let now = self.clock.now();
        let (entry, tether) = (registry.get(provider), Tether::unseal(&claim.tether, &self.sealer));
        let (Some(entry), Some(tether), Some(before)) = (entry, tether, session.at(provider)) else {
            self.sessions.put_off(claim, now.as_second()).await?;
            return Ok(Renewal::NeedsBrowser);
        };
        let subject = before.identity.subject();
        let confirmed = match &entry.provider {
            Provider::Redirect(provider) => provider.confirm(http, tether, subject, now).await,
            Provider::Password(directory) => directory.confirm(subject).await,
            Provider::Guest(_) => {
                // What was a provider when they logged in verifies nobody any more.
                self.sessions.end(claim.session).await?;
                return Ok(Renewal::Disavowed(session));
            }
        };
        match confirmed {
            Ok(Confirmation::Confirmed(login)) => {
                let sealed = self.seal(&login.identity, &login.tether);
                let renewed = Renewed {
                    sid: sealed.sid,
                    identity: sealed.identity,
                    tether: sealed.tether,
                    confirmed: self.clock.now().as_second(),
                };
                let handle = claim.session.clone();
                self.sessions.settle(claim, renewed).await?;
                self.result(&handle).await
            }
            Ok(Confirmation::NeedsBrowser) => {
                self.sessions.put_off(claim, now.as_second()).await?;
                Ok(Renewal::NeedsBrowser)
            }
            Err(error) if is_final(&error) => {
                tracing::info!(
                    provider.id = %entry.id,
                    error = chain(&error),
                    "a session ends: `{}` no longer vouches for its person", entry.id,
                );
                self.sessions.end(claim.session).await?;
                Ok(Renewal::Disavowed(session))
            }
            Err(error) => {
                tracing::warn!(
                    provider.id = %entry.id,
                    error = chain(&error),
                    "`{}` cannot be asked whether somebody may still log in", entry.id,
                );
                let retry = self.clock.now().as_second().saturating_add_unsigned(RETRY.as_secs());
                self.sessions.put_off(claim, retry).await?;
                Ok(Renewal::Unknown)
            }
        }
    }

    async fn result(&self, handle: &str) -> Result<Renewal, StoreError> {
        Ok(self.find_named(handle).await?.map_or(Renewal::Ended, Renewal::Confirmed))
    }
}

impl Session {
    fn at(&self, provider: &ProviderId) -> Option<&SignedIn> {
        self.identities.iter().find(|signed_in| signed_in.identity.provider() == provider)
    }
}

/// Whether an error is about the person; the others are about the provider, or the operator's settings for it.
fn is_final(error: &ProviderError) -> bool {
    match error {
        ProviderError::Refused { .. }
        | ProviderError::Barred { .. }
        | ProviderError::NotAdmitted { .. }
        | ProviderError::Untrusted { .. } => true,
        ProviderError::TurnedAway { .. }
        | ProviderError::InTrouble { .. }
        | ProviderError::TooManyCalls { .. }
        | ProviderError::SignOnNeeded
        | ProviderError::Unreachable { .. } => false,
    }
}
