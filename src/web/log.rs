//! The one line that a login leaves in the log, whether it ends in the meeting or on a page.
//!
//! No line holds a token, a code, a query, or anything about the person; the network address stands in the lines of
//! failures alone, where an operator has to find out what is in the way.

use std::error::Error;

use jiff::SignedDuration;
use tracing::{error, info, warn};

use super::error::{Ended, NoPass, PageError, UnderWay};
use super::forwarded::Arrival;
use crate::failure::Failure;
use crate::jitsi::SigningError;
use crate::login::LoginId;
use crate::policy::Grant;
use crate::provider::{ProviderError, chain};

/// A login has ended in the meeting; `took` is the time since the provider's response came.
pub(super) fn entered(login: &UnderWay, grant: &Grant, took: SignedDuration) {
    info!(
        login.id = %login.id,
        provider.id = %login.provider,
        room.name = %login.request.room,
        room.tenant = login.request.tenant.as_ref().map(|tenant| tenant.as_str()),
        grant.role = %grant.role(),
        grant.rule = grant.rule(),
        pass.id = grant.pass(),
        duration_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
        "room `{}` opened for a {} from `{}`",
        login.request.room,
        grant.role(),
        login.provider,
    );
}

/// The token endpoint of the inline login gives nothing to whoever asks.
pub(super) fn no_tokens(refused: &(dyn Error + 'static), failure: Failure, reference: LoginId, arrival: &Arrival) {
    warn!(
        login.id = %reference,
        login.failure = failure.code(),
        client.address = arrival.client.map(tracing::field::display),
        request.host = arrival.host.as_deref(),
        "{reference}: no tokens: {}",
        line_of(refused),
    );
}

/// Somebody is asked for their password again.
pub(super) fn not_logged_in(login: &UnderWay, failure: Failure, reason: &str, arrival: &Arrival) {
    info!(
        login.id = %login.id,
        login.failure = failure.code(),
        provider.id = %login.provider,
        room.name = %login.request.room,
        room.tenant = login.request.tenant.as_ref().map(|tenant| tenant.as_str()),
        client.address = arrival.client.map(tracing::field::display),
        "{}: nobody has logged in at `{}`: {reason}",
        login.id,
        login.provider,
    );
}

/// Who has to do something about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Concern {
    Operator,
    Visitor,
    /// Somebody tried an address.
    Nobody,
}

/// Something has ended on the page with this `reference`.
pub(super) fn failed(failure: &PageError, reference: LoginId, arrival: Option<&Arrival>) {
    let provider = provider(failure);
    let request = failure.meeting();
    macro_rules! line {
        ($level:ident) => {
            $level!(
                login.id = %reference,
                login.failure = Failure::from(failure).code(),
                provider.id = provider,
                room.name = request.map(|request| request.room.as_str()),
                room.tenant = request.and_then(|request| Some(request.tenant.as_ref()?.as_str())),
                client.address = arrival.and_then(|arrival| arrival.client).map(tracing::field::display),
                request.host = arrival.and_then(|arrival| arrival.host.as_deref()),
                "{reference}: {}",
                line_of(failure),
            )
        };
    }
    match concern(failure) {
        Concern::Operator => line!(error),
        Concern::Visitor => line!(warn),
        Concern::Nobody => line!(info),
    }
}

fn concern(failure: &PageError) -> Concern {
    match failure {
        PageError::Panicked | PageError::NoSessions(_) | PageError::Pass(NoPass::Store(_)) => Concern::Operator,
        PageError::Ended { cause, .. } => concern_of(cause),
        PageError::BadRoom(_)
        | PageError::Begin(_)
        | PageError::Closed(_)
        | PageError::Pass(NoPass::Refused(_))
        | PageError::PassesTried(_)
        | PageError::NoLogin { .. }
        | PageError::BadLogout { .. }
        | PageError::StaleForm
        | PageError::WrongClient(_)
        | PageError::Authorize { .. }
        | PageError::Request(_) => Concern::Visitor,
        PageError::NoPage | PageError::WrongMethod { .. } | PageError::NoProvider => Concern::Nobody,
    }
}

fn concern_of(end: &Ended) -> Concern {
    match end {
        Ended::Provider(
            ProviderError::TurnedAway { .. }
            | ProviderError::InTrouble { .. }
            | ProviderError::TooManyCalls { .. }
            | ProviderError::Unreachable { .. },
        )
        | Ended::Uncounted(_)
        | Ended::Unremembered(_)
        | Ended::Pass(NoPass::Store(_))
        | Ended::Signing(SigningError::TooLarge { .. } | SigningError::NoKey | SigningError::Key(_))
        | Ended::NoCode(_)
        | Ended::NotRecorded(_) => Concern::Operator,
        Ended::Provider(
            ProviderError::Refused { .. }
            | ProviderError::Barred { .. }
            | ProviderError::NotAdmitted { .. }
            | ProviderError::SignOnNeeded
            | ProviderError::Untrusted { .. },
        )
        | Ended::Refused(_)
        | Ended::Pass(NoPass::Refused(_))
        | Ended::Signing(SigningError::Ended) => Concern::Visitor,
    }
}

pub(super) fn provider(failure: &PageError) -> Option<&str> {
    match failure {
        PageError::NoLogin { provider, .. } | PageError::BadLogout { provider, .. } => Some(provider.as_str()),
        PageError::Ended { login, .. } => Some(login.provider.as_str()),
        PageError::NoPage
        | PageError::WrongMethod { .. }
        | PageError::Request(_)
        | PageError::BadRoom(_)
        | PageError::Begin(_)
        | PageError::NoProvider
        | PageError::Pass(_)
        | PageError::PassesTried(_)
        | PageError::Closed(_)
        | PageError::NoSessions(_)
        | PageError::StaleForm
        | PageError::WrongClient(_)
        | PageError::Authorize { .. }
        | PageError::Panicked => None,
    }
}

/// An error and its causes, on one line whatever they say.
pub(super) fn line_of(failure: &(dyn Error + 'static)) -> String {
    let line = chain(failure);
    if !line.contains(char::is_control) {
        return line;
    }
    line.chars().flat_map(|c| if c.is_control() { c.escape_unicode().collect() } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::{LoginError, Mismatch};

    #[test]
    fn a_failure_is_told_with_its_causes_on_one_line() {
        let failure =
            PageError::NoLogin { provider: "work".parse().unwrap(), cause: LoginError::NotYours(Mismatch::Binding) };

        assert_eq!(
            line_of(&failure),
            "no login under way fits the response: the response does not belong to this login: \
             `state` and cookie are of two logins"
        );
    }

    #[test]
    fn a_cause_cannot_begin_a_line_of_its_own() {
        let cause = std::io::Error::other("gone\nERROR forged");

        assert_eq!(line_of(&cause), "gone\\u{a}ERROR forged");
    }
}
