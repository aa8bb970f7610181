//! What the front end is told of a login that did not end in a code (RFC 6749, section 4.1.2.1).

use actix_web::HttpResponse;

use super::authorize::AuthorizeError;
use super::back;
use crate::jitsi::SigningError;
use crate::login::LoginId;
use crate::provider::{Barred, ProviderError, chain};
use crate::room::Door;
use crate::web::app::App;
use crate::web::error::{Ended, NoPass, PageError};

const ACCESS_DENIED: &str = "access_denied";
const INVALID_REQUEST: &str = "invalid_request";
const SERVER_ERROR: &str = "server_error";
const TEMPORARILY_UNAVAILABLE: &str = "temporarily_unavailable";

/// Its code and its sentence.
type Told = (&'static str, &'static str);

const NOT_LET_IN: Told = (ACCESS_DENIED, "You are not let into this meeting.");

/// The redirect that tells of `failure`; `None` if it is told by a page, since the front end did not ask or nobody knows that it
/// did.
pub(in crate::web) fn told(failure: &PageError, app: &App, reference: LoginId) -> Option<HttpResponse> {
    let inline = app.inline.as_ref()?;
    let (state, error, sentence) = match failure {
        PageError::Authorize { state, cause } => (state.as_deref(), code_of(cause), chain(cause)),
        _ => {
            let Door::Inline(asked) = &failure.meeting()?.door else { return None };
            let (error, sentence) = match failure {
                PageError::Ended { cause, .. } => told_of(cause),
                _ => NOT_LET_IN,
            };
            (Some(asked.state.as_str()), error, sentence.to_owned())
        }
    };
    let description = describe(&sentence, reference);
    let parameters = [("error", error), ("error_description", description.as_str())];
    let parameters: Vec<_> = parameters.into_iter().chain(state.map(|state| ("state", state))).collect();
    Some(back(inline, &parameters))
}

/// A sentence with the number by which the log can be searched, in the characters that `error_description` may have (RFC 6749,
/// appendix A.8).
pub(super) fn describe(sentence: &str, reference: LoginId) -> String {
    let allowed = |c: char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
    let sentence: String = sentence.chars().map(|c| if allowed(c) { c } else { '?' }).collect();
    format!("{sentence} (reference {reference})")
}

fn code_of(cause: &AuthorizeError) -> &'static str {
    match cause {
        AuthorizeError::ResponseType => "unsupported_response_type",
        AuthorizeError::RequestObject => "request_not_supported",
        AuthorizeError::RequestUri => "request_uri_not_supported",
        AuthorizeError::LoginRequired => "login_required",
        AuthorizeError::Parameters(_)
        | AuthorizeError::ResponseMode
        | AuthorizeError::NoChallenge
        | AuthorizeError::Method
        | AuthorizeError::Challenge(_)
        | AuthorizeError::NoState
        | AuthorizeError::Room(_)
        | AuthorizeError::Provider
        | AuthorizeError::TooLarge(_)
        | AuthorizeError::Prompt
        | AuthorizeError::MaxAge => INVALID_REQUEST,
    }
}

fn told_of(cause: &Ended) -> Told {
    match cause {
        Ended::Refused(_)
        | Ended::Pass(NoPass::Refused(_))
        | Ended::Signing(SigningError::Ended)
        | Ended::Provider(ProviderError::NotAdmitted { .. }) => NOT_LET_IN,
        Ended::Provider(ProviderError::Refused { .. } | ProviderError::SignOnNeeded) => {
            (ACCESS_DENIED, "You were not logged in.")
        }
        Ended::Provider(ProviderError::Barred { why: Barred::PasswordToChange }) => {
            (ACCESS_DENIED, "Your password has to be changed first.")
        }
        Ended::Provider(ProviderError::Barred { why: Barred::Disabled }) => {
            (ACCESS_DENIED, "Your account is disabled or has expired.")
        }
        Ended::Provider(ProviderError::Untrusted { .. } | ProviderError::TurnedAway { .. }) => {
            (SERVER_ERROR, "The login could not be verified.")
        }
        Ended::Provider(
            ProviderError::InTrouble { .. } | ProviderError::Unreachable { .. } | ProviderError::TooManyCalls { .. },
        ) => (TEMPORARILY_UNAVAILABLE, "The login does not answer at the moment."),
        Ended::NoCode(_)
        | Ended::NotRecorded(_)
        | Ended::Uncounted(_)
        | Ended::Unremembered(_)
        | Ended::Pass(NoPass::Store(_))
        | Ended::Signing(SigningError::NoKey) => (TEMPORARILY_UNAVAILABLE, "Nobody can be let in at the moment."),
        Ended::Signing(SigningError::TooLarge { .. } | SigningError::Key(_)) => {
            (SERVER_ERROR, "Something is wrong with the login.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_the_characters_that_it_may_have() {
        let reference = LoginId::random();

        let told = describe("a \"quoted\\\n\u{202e} na\u{ef}ve name", reference);

        assert_eq!(told, format!("a ?quoted??? na?ve name (reference {reference})"));
    }
}
