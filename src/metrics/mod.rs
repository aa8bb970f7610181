//! Shows what Roomkey has measured of itself, as Prometheus and OpenMetrics write it.
//!
//! Nobody up the flow knows of this: each part keeps its own measurements, and at a scrape they are read. What only the handlers see
//! (how logins end, how long a request takes) they count in [`Observed`].
//!
//! Every label comes from the configuration (ids of providers, names of rules) or from a closed list of words, never from a request,
//! so that no visitor can make the series grow.

mod audit;
mod ending;
mod exposition;
mod keys;
mod logins;
mod process;
mod providers;
mod requests;
mod store;

pub use ending::Ending;
pub use exposition::{Exposition, Form};
pub use logins::{Logins, Tally};
pub use requests::{RequestKind, Requests};

use std::sync::Arc;

use jiff::Timestamp;

use self::exposition::{Family, label};
use crate::audit::Trail;
use crate::keyring::KeyRing;
use crate::provider::Registry;
use crate::session::Keeper;
use crate::store::Store;

/// What the handlers of one process count, from its start to its end, whatever configurations follow one another.
#[derive(Debug, Default)]
pub struct Observed {
    /// How logins end.
    pub logins: Arc<Logins>,
    /// How long requests take.
    pub requests: Requests,
}

/// All that is read at a scrape.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// How logins end.
    pub tally: &'a Tally,
    /// How long requests take.
    pub requests: &'a Requests,
    /// The providers.
    pub registry: &'a Registry,
    /// What signs tokens.
    pub keys: &'a KeyRing,
    /// Where sessions are kept.
    pub keeper: &'a Keeper,
    /// Where everything else is.
    pub store: &'a Store,
    /// Where attempts are recorded.
    pub trail: &'a Trail,
    /// The time.
    pub now: Timestamp,
}

impl Exposition {
    /// Reads everything. It asks the store for a few rows; if that is down, what it would have said is missing.
    pub async fn gather(sources: Sources<'_>) -> Self {
        let mut families = vec![build()];
        families.extend(sources.tally.families());
        families.extend(sources.requests.families());
        families.extend(providers::families(sources.registry));
        families.extend(keys::families(sources.keys, sources.now));
        families.extend(store::families(sources.store, sources.keeper).await);
        families.extend(audit::families(sources.trail).await);
        families.extend(process::families());
        Self::of(families)
    }
}

fn build() -> Family {
    let version = label("version", env!("CARGO_PKG_VERSION"));
    Family::info("roomkey_build", "The version that runs.").with(vec![version])
}
