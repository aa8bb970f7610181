//! What is counted of how requests end, for `/metrics`.

use super::app::App;
use super::error::{Ended, PageError};
use super::log;
use crate::failure::Failure;
use crate::policy::Refusal;

/// Something has ended on a page, or with an error that Jitsi's front end is told.
pub(super) fn failed(app: &App, failure: &PageError) {
    app.tally.failed(failure.into(), log::provider(failure), rule(failure));
}

/// The token endpoint of the inline login gives nothing; by which rule, if one denies.
pub(super) fn no_tokens(app: &App, failure: Failure, refusal: Option<&Refusal>) {
    let rule = match refusal {
        Some(Refusal::Denied { rule }) => Some(rule.as_str()),
        Some(Refusal::NoRule { .. } | Refusal::Pass { .. }) | None => None,
    };
    app.tally.failed(failure, None, rule);
}

fn rule(failure: &PageError) -> Option<&str> {
    match failure {
        PageError::Ended { cause: Ended::Refused(Refusal::Denied { rule }), .. } => Some(rule),
        _ => None,
    }
}
