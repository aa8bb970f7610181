//! Name and password, for a directory to check.
//!
//! Whether a name exists is told by nothing: not by what the page says, and not by when it comes.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::percent_decode;
use tokio::time::{Instant, sleep_until};
use zeroize::Zeroizing;

use super::answer::page;
use super::app::App;
use super::cookies::Attempts;
use super::error::{Ended, PageError, UnderWay};
use super::forwarded::Arrival;
use super::language::Language;
use super::login_form::begin_again;
use super::problem::readable;
use super::query::{self, Parameter, QueryError};
use super::throttle::{self, Held};
use super::view::AskPassword;
use super::visitor::Visitor;
use super::{log, record, welcome};
use crate::failure::Failure;
use crate::login::{LoginAttempt, MAX_STATE_BYTES, NewAttempt};
use crate::provider::ldap::{LdapProvider, LoginName, Password};
use crate::provider::{Login, ProviderError, ProviderId};

const STATE: Parameter = Parameter { name: "state", max_bytes: MAX_STATE_BYTES };
const NAME: Parameter = Parameter { name: "name", max_bytes: 4 * 1024 };
const PASSWORD: &str = "password";

/// When a refusal is told, counted from the form's arrival, or a multiple of it: a directory takes longer to compare a password than
/// to find nobody to compare it with.
const REFUSAL: Duration = Duration::from_millis(1500);

/// Where a form is answered.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) directory: &'a LdapProvider,
    pub(super) attempts: &'a Attempts,
    pub(super) app: &'a App,
    pub(super) request: &'a HttpRequest,
}

/// What the page says of the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Empty,
    Wrong,
    Wait(Duration),
}

/// How a try ended.
enum Tried {
    Right(Box<Login>),
    Not(Trouble),
}

/// The page that asks for both, with the cookie of the attempt that the answer will belong to.
pub(super) fn ask(attempt: &NewAttempt, attempts: &Attempts, app: &App, request: &HttpRequest) -> HttpResponse {
    asking(attempt, None, "", attempts, app, request)
}

fn asking(
    attempt: &NewAttempt,
    trouble: Option<Trouble>,
    name: &str,
    attempts: &Attempts,
    app: &App,
    request: &HttpRequest,
) -> HttpResponse {
    let state = attempt.state();
    let provider = app.registry.get(attempt.provider()).map_or("", |entry| &entry.name);
    let mut answer = page(&AskPassword {
        frame: app.frame(Language::of_reader(request, Some(attempt.request()))),
        action: format!("{}/login/{}", app.root, attempt.provider()),
        state: state.secret(),
        name,
        provider,
        meeting: readable(attempt.request()),
        longest_name: LoginName::MAX_BYTES,
        longest_password: Password::MAX_BYTES,
        trouble: trouble.map(Trouble::sentence),
        minutes: trouble.map_or(0, Trouble::minutes),
    });
    attempts.keep_by(&mut answer, app.cookies, attempt.sealed());
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, app.headers.form_leads_on.clone());
    if let Some(Trouble::Wait(wait)) = trouble {
        headers.insert(RETRY_AFTER, wait.as_secs().into());
    }
    *answer.status_mut() = match trouble {
        None => StatusCode::OK,
        Some(Trouble::Empty | Trouble::Wrong) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Trouble::Wait(_)) => StatusCode::TOO_MANY_REQUESTS,
    };
    answer
}

/// Takes name and password, and sends whoever they belong to into the meeting, or asks again.
pub(super) async fn enter(
    scene: Scene<'_>,
    provider: ProviderId,
    form: &str,
    visitor: &Visitor,
) -> Result<HttpResponse, PageError> {
    let (came, app) = (Instant::now(), scene.app);
    let received = app.clock.now();
    let [state, typed] = query::read(form, [STATE, NAME])?;
    let password = password_in(form)?;
    let attempt = scene.attempts.open(app, &provider, state.as_deref())?;
    let login = UnderWay::of(&attempt);
    let typed = typed.unwrap_or_default();
    let arrival = Arrival::read(scene.request.peer_addr(), scene.request.headers(), &app.trusted_proxies);
    let tried = match (typed.parse::<LoginName>(), Password::new(password)) {
        (Ok(name), Ok(password)) => attempt_login(scene, &provider, &name, password, arrival.client, came).await,
        _ => Ok(Tried::Not(Trouble::Empty)),
    };
    match tried {
        Ok(Tried::Right(proved)) => {
            let admission = match app.let_in(&proved.identity, &login.request).await {
                Ok(admission) => admission,
                Err(cause) => return Err(login.by(&proved.identity).ended(cause)),
            };
            welcome::person(app, login, &proved, admission, visitor, scene.request, received).await
        }
        Ok(Tried::Not(trouble)) => {
            log::not_logged_in(&login, trouble.into(), trouble.reason(), &arrival);
            app.tally.failed(trouble.into(), Some(login.provider.as_str()), None);
            record::not_logged_in(app, &login, trouble.into(), record::client(scene.request)).await;
            ask_again(scene, &attempt, trouble, &typed)
        }
        Err(cause) => Err(login.ended(cause)),
    }
}

/// One try, counted before it is made.
async fn attempt_login(
    scene: Scene<'_>,
    provider: &ProviderId,
    name: &LoginName,
    password: Password,
    address: Option<IpAddr>,
    came: Instant,
) -> Result<Tried, Ended> {
    let Scene { directory, app, .. } = scene;
    let mut counted = match throttle::admit(app, provider, address).await {
        Ok(counted) => counted,
        Err(held) => return not_tried(held, came).await,
    };
    let candidate = directory.find(name).await?;
    if let Err(held) = counted.begin(app, provider, &name.comparable(), candidate.account()).await {
        if matches!(held, Held::Silently) {
            counted.failed(app).await;
        }
        return not_tried(held, came).await;
    }
    match directory.verify(candidate, password).await {
        Ok(login) => {
            counted.succeeded(app).await;
            Ok(Tried::Right(Box::new(login)))
        }
        Err(ProviderError::Refused { .. }) => {
            counted.failed(app).await;
            told_alike(came).await;
            Ok(Tried::Not(Trouble::Wrong))
        }
        Err(barred @ ProviderError::Barred { .. }) => {
            counted.succeeded(app).await;
            Err(barred.into())
        }
        Err(error) => {
            counted.undone(app).await;
            Err(error.into())
        }
    }
}

/// The password is not even tried.
async fn not_tried(held: Held, came: Instant) -> Result<Tried, Ended> {
    let trouble = match held {
        Held::For(wait) => Trouble::Wait(wait),
        Held::Silently => Trouble::Wrong,
        Held::Unknown(cause) => return Err(Ended::Uncounted(cause)),
    };
    told_alike(came).await;
    Ok(Tried::Not(trouble))
}

/// Waits for the next time at which refusals are told.
async fn told_alike(came: Instant) {
    sleep_until(came + told_after(came.elapsed())).await;
}

/// When a refusal is told that has taken so long, both counted from the form's arrival.
fn told_after(taken: Duration) -> Duration {
    let whole = taken.as_millis() / REFUSAL.as_millis();
    REFUSAL.saturating_mul(u32::try_from(whole).unwrap_or(u32::MAX).saturating_add(1))
}

/// An attempt is good for one answer, so that the next one is another.
fn ask_again(
    scene: Scene<'_>,
    attempt: &LoginAttempt,
    trouble: Trouble,
    typed: &str,
) -> Result<HttpResponse, PageError> {
    let Scene { attempts, app, request, .. } = scene;
    let attempt = begin_again(attempt, app)?;
    let shown = if typed.len() <= LoginName::MAX_BYTES { typed } else { "" };
    Ok(asking(&attempt, Some(trouble), shown, attempts, app, request))
}

/// The password of a form, decoded into memory that is wiped.
fn password_in(form: &str) -> Result<Zeroizing<String>, PageError> {
    let mut values = form.split('&').filter_map(|pair| pair.split_once('=')).filter(|(name, _)| *name == PASSWORD);
    let value = values.next().map_or("", |(_, value)| value);
    if values.next().is_some() {
        return Err(QueryError::Twice { name: PASSWORD }.into());
    }
    let spaced = Zeroizing::new(value.replace('+', " "));
    let mut bytes = Zeroizing::new(Vec::with_capacity(spaced.len()));
    bytes.extend(percent_decode(spaced.as_bytes()));
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(QueryError::NotUtf8 { name: PASSWORD }.into()),
    }
}

impl Trouble {
    fn sentence(self) -> &'static str {
        match self {
            Self::Empty => "password.empty",
            Self::Wrong => "password.wrong",
            Self::Wait(_) => "password.wait",
        }
    }

    /// For the log.
    fn reason(self) -> &'static str {
        match self {
            Self::Empty => "name or password is missing",
            Self::Wrong => "name or password is wrong",
            Self::Wait(_) => "too many have failed",
        }
    }

    /// Rounded up.
    fn minutes(self) -> u64 {
        match self {
            Self::Empty | Self::Wrong => 0,
            Self::Wait(wait) => wait.as_secs().div_ceil(60),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Empty => Self::PasswordMissing,
            Trouble::Wrong => Self::PasswordWrong,
            Trouble::Wait(_) => Self::PasswordTried,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(form: &str) -> Option<String> {
        password_in(form).ok().map(|password| password.to_string())
    }

    #[test]
    fn a_password_is_decoded_once_and_whole() {
        assert_eq!(password("name=ada&password=a+b%2Bc%2520&state=s").as_deref(), Some("a b+c%20"));
        assert_eq!(password("name=ada").as_deref(), Some(""));
        assert_eq!(password("password=%C3%A9%00").as_deref(), Some("é\0"));
    }

    #[test]
    fn a_password_that_is_there_twice_or_no_text_is_refused() {
        assert_eq!([password("password=a&password=b"), password("password=%ff")], [None, None]);
    }

    #[test]
    fn a_wait_is_told_in_whole_minutes() {
        let told = [1, 60, 61, 900].map(|seconds| Trouble::Wait(Duration::from_secs(seconds)).minutes());

        assert_eq!(told, [1, 1, 2, 15]);
    }

    #[test]
    fn refusals_are_told_at_the_same_time_however_long_they_took() {
        let told = [0, 20, 1400, 1499, 1500, 4000].map(|took| told_after(Duration::from_millis(took)).as_millis());

        assert_eq!(told, [1500, 1500, 1500, 1500, 3000, 4500]);
    }
}
