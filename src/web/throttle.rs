//! Holds back whoever tries passwords, by what they type, by the account that it is, and by address.
//!
//! A try counts as failed before the directory is asked, so that a thousand at a time are no more than one after the other; a right
//! password takes that back. From one address many people come, so that there only what has failed counts. All of it is in the
//! store: it outlasts a restart, and replicas share it.
//!
//! An account may be found by several names. Who tries one after the other is held back without being told so: it would tell that
//! they belong to one account, and hence to any.

use std::net::IpAddr;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

use super::app::App;
use crate::login::{Patience, Tally};
use crate::provider::{ProviderId, chain};
use crate::store::StoreError;

/// Tries to write a tally while others do, too.
const TRIES: usize = 8;

/// Why no password is tried.
#[derive(Debug)]
pub(super) enum Held {
    /// For so long, by what was typed or where from.
    For(Duration),
    /// By the account, which is not to be told.
    Silently,
    /// The store is down: how often it was tried is not known.
    Unknown(StoreError),
}

/// A try that counts as failed until it is known to have been right.
pub(super) struct Try {
    counted: Vec<Counted>,
    address: Option<String>,
}

/// What a try was counted by, and what was known of it before.
struct Counted {
    key: String,
    before: Option<Tally>,
}

impl From<StoreError> for Held {
    fn from(cause: StoreError) -> Self {
        Self::Unknown(cause)
    }
}

/// Lets whoever comes from `address` go on, if they need not wait.
pub(super) async fn admit(app: &App, provider: &ProviderId, address: Option<IpAddr>) -> Result<Try, Held> {
    let address = address.map(|address| key("address", provider, &network(address)));
    if let Some(address) = &address
        && let Some(tally) = app.store.failures(address.clone()).await?.map(from_row)
        && let Some(wait) = Patience::ADDRESS.wait(tally, now(app))
    {
        return Err(Held::For(wait));
    }
    Ok(Try { counted: Vec::new(), address })
}

impl Try {
    /// Counts a try with what was `typed`, and with the `account` that was found by it.
    pub(super) async fn begin(
        &mut self,
        app: &App,
        provider: &ProviderId,
        typed: &str,
        account: Option<&str>,
    ) -> Result<(), Held> {
        self.count(app, key("typed", provider, typed)).await?;
        match account {
            None => Ok(()),
            Some(account) => match self.count(app, key("account", provider, account)).await {
                Err(Held::For(_)) => Err(Held::Silently),
                counted => counted,
            },
        }
    }

    async fn count(&mut self, app: &App, key: String) -> Result<(), Held> {
        let before = count(app, &key, Patience::ACCOUNT).await?;
        self.counted.push(Counted { key, before });
        Ok(())
    }

    /// It was right.
    pub(super) async fn succeeded(self, app: &App) {
        for Counted { key, .. } in self.counted {
            warn_of(app.store.forget_failures(key).await);
        }
    }

    /// It was wrong.
    pub(super) async fn failed(self, app: &App) {
        let Some(address) = self.address else { return };
        match count(app, &address, Patience::ADDRESS).await {
            Err(Held::Unknown(error)) => warn_of(Err(error)),
            // Another of the same address may have made it wait meanwhile.
            Ok(_) | Err(Held::For(_) | Held::Silently) => {}
        }
    }

    /// Nobody could tell.
    pub(super) async fn undone(self, app: &App) {
        for Counted { key, before } in self.counted {
            let Ok(Some(seen)) = app.store.failures(key.clone()).await else { continue };
            warn_of(match before {
                None => app.store.forget_failures(key).await,
                Some(before) => {
                    let ends = Patience::ACCOUNT.ends(before);
                    app.store.note_failures(key, Some(seen), row(before), ends).await.map(drop)
                }
            });
        }
    }
}

/// Counts a failure, and gives what was known before it.
async fn count(app: &App, key: &str, patience: Patience) -> Result<Option<Tally>, Held> {
    for _ in 0..TRIES {
        let (seen, now) = (app.store.failures(key.to_owned()).await?, now(app));
        let before = seen.map(from_row);
        if let Some(wait) = before.and_then(|tally| patience.wait(tally, now)) {
            return Err(Held::For(wait));
        }
        let counted = patience.count(before, now);
        if app.store.note_failures(key.to_owned(), seen, row(counted), patience.ends(counted)).await? {
            return Ok(before);
        }
    }
    Err(Held::For(Duration::from_secs(1)))
}

fn now(app: &App) -> i64 {
    app.clock.now().as_second()
}

fn from_row((failures, last): (i64, i64)) -> Tally {
    Tally { failures: u32::try_from(failures).unwrap_or(u32::MAX), last }
}

fn row(tally: Tally) -> (i64, i64) {
    (tally.failures.into(), tally.last)
}

/// What is not to stand in the store as it is.
fn key(kind: &str, provider: &ProviderId, whose: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, format!("{kind}\0{provider}\0{whose}").as_bytes()).as_ref())
}

/// The network that one customer of a provider has: of IPv6, 64 bits (RFC 6177).
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

fn warn_of(outcome: Result<(), StoreError>) {
    if let Err(error) = outcome {
        tracing::warn!(error = chain(&error), "failed logins are not counted right: the store cannot be written");
    }
}
