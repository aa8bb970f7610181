//! What GitHub's REST API says of the person whose token it is.

use futures_util::future::try_join4;
use http::header::{ACCEPT, LINK};
use http::{HeaderMap, Request, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use super::{READ_ORG, Settings};
use crate::provider::api::{self, MAX_PAGES};
use crate::provider::http::{Answer, Http, HttpError};
use crate::provider::{Leg, ProviderError};

/// The version of the API that these types are of.
const VERSION: &str = "2022-11-28";

/// One GitHub's API.
#[derive(Debug)]
pub(super) struct Api {
    base: Url,
    /// Whether organisations and teams may be asked for.
    reads_organizations: bool,
}

/// Everything that was asked.
pub(super) struct Answers {
    /// `GET /user`.
    pub(super) user: User,
    /// `GET /user/emails`.
    pub(super) emails: Vec<Email>,
    /// `GET /user/memberships/orgs`, the active ones.
    pub(super) memberships: Vec<Membership>,
    /// `GET /user/teams`.
    pub(super) teams: Vec<Team>,
    /// Some organisation is left out until the person has used its single sign-on.
    pub(super) is_partial: bool,
}

/// A user, as far as it is of use, with all public members beside.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) login: String,
    pub(super) name: Option<String>,
    pub(super) avatar_url: Option<String>,
    #[serde(flatten)]
    pub(super) more: Map<String, Value>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Email {
    pub(super) email: String,
    pub(super) primary: bool,
    pub(super) verified: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Membership {
    pub(super) state: String,
    pub(super) organization: Organization,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Organization {
    pub(super) login: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Team {
    pub(super) slug: String,
    pub(super) organization: Organization,
}

/// All pages of a list.
struct List<T> {
    members: Vec<T>,
    is_partial: bool,
}

impl Api {
    pub(super) fn new(settings: &Settings) -> Self {
        let reads_organizations = settings.scopes.iter().any(|scope| scope == READ_ORG);
        Self { base: settings.api_url.clone(), reads_organizations }
    }

    /// Asks everything that is needed, at once.
    pub(super) async fn ask(&self, http: &Http, access_token: &str) -> Result<Answers, ProviderError> {
        let all = try_join4(
            self.user(http, access_token),
            self.list(http, "user/emails?per_page=100", access_token, true),
            self.list(http, "user/memberships/orgs?state=active&per_page=100", access_token, self.reads_organizations),
            self.list(http, "user/teams?per_page=100", access_token, self.reads_organizations),
        );
        let (user, emails, memberships, teams): (_, List<Email>, List<Membership>, List<Team>) = all.await?;
        Ok(Answers {
            user,
            emails: emails.members,
            is_partial: memberships.is_partial || teams.is_partial,
            memberships: memberships.members,
            teams: teams.members,
        })
    }

    async fn user(&self, http: &Http, access_token: &str) -> Result<User, ProviderError> {
        api::json(&self.get(http, &self.at("user")?, access_token).await?)
    }

    /// All pages of a list, or nothing if it is not `wanted`.
    async fn list<T: DeserializeOwned>(
        &self,
        http: &Http,
        path: &str,
        access_token: &str,
        wanted: bool,
    ) -> Result<List<T>, ProviderError> {
        let mut list = List { members: Vec::new(), is_partial: false };
        if !wanted {
            return Ok(list);
        }
        let mut page = self.at(path)?;
        for _ in 0..MAX_PAGES {
            let answer = self.get(http, &page, access_token).await?;
            list.is_partial |= sign_on(&answer.headers) == Some(SignOn::PartialResults);
            list.members.extend(api::json::<Vec<T>>(&answer)?);
            match next(&answer.headers) {
                None => return Ok(list),
                Some(address) => page = api::next_page(&self.base, address)?,
            }
        }
        Err(api::endless().into())
    }

    fn at(&self, path: &str) -> Result<Url, ProviderError> {
        let address = format!("{}/{path}", self.base.as_str().trim_end_matches('/'));
        Url::parse(&address).map_err(|_| unusable())
    }

    async fn get(&self, http: &Http, address: &Url, access_token: &str) -> Result<Answer, ProviderError> {
        let request = Request::get(address.as_str())
            .header(ACCEPT, "application/vnd.github+json")
            .header("X-GitHub-Api-Version", VERSION)
            .body(Vec::new())
            .map_err(|_| unusable())?;
        let answer = api::call(http, request, access_token).await?;
        match answer.status {
            StatusCode::OK => Ok(answer),
            StatusCode::FORBIDDEN if sign_on(&answer.headers) == Some(SignOn::Required) => {
                Err(ProviderError::SignOnNeeded)
            }
            // A scope was not granted, or the server has restricted the API.
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
                Err(ProviderError::TurnedAway { leg: Leg::Api, code: format!("status-{}", answer.status.as_u16()) })
            }
            status => Err(api::unreachable(HttpError::Status(status.as_u16()))),
        }
    }
}

fn unusable() -> ProviderError {
    api::unreachable(HttpError::Connection { cause: "unusable address".to_owned() })
}

/// What `X-GitHub-SSO` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignOn {
    /// `required; url=…`: nothing is told before.
    Required,
    /// `partial-results; organizations=…`: the list leaves some out.
    PartialResults,
}

fn sign_on(headers: &HeaderMap) -> Option<SignOn> {
    let value = headers.get("x-github-sso")?.to_str().ok()?;
    match value.split(';').next().unwrap_or_default().trim() {
        "required" => Some(SignOn::Required),
        "partial-results" => Some(SignOn::PartialResults),
        _ => None,
    }
}

/// The address of the next page (`rel="next"` of `Link`; RFC 8288, section 3).
fn next(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(|value| {
        value.split(',').find_map(|link| {
            let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
            let is_next = parameters.split(';').any(|parameter| {
                matches!(parameter.trim().split_once('='), Some((name, value))
                    if name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"') == "next")
            });
            is_next.then_some(target)
        })
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn link(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(LINK, HeaderValue::try_from(value).unwrap())])
    }

    #[test]
    fn the_next_page_is_the_one_that_says_so() {
        let of = |value: &str| next(&link(value)).map(str::to_owned);

        let both = r#"<https://api.github.com/user/teams?page=1>; rel="prev", <https://api.github.com/user/teams?page=3>; rel="next", <https://api.github.com/user/teams?page=9>; rel="last""#;
        assert_eq!(of(both).as_deref(), Some("https://api.github.com/user/teams?page=3"));
        assert_eq!(of("<https://a/?p=2>; rel=next").as_deref(), Some("https://a/?p=2"));
        assert_eq!(of(r#"<https://a/?p=1>; rel="first""#), None);
        assert_eq!(of("https://a/?p=2; rel=next"), None);
        assert_eq!(next(&HeaderMap::new()), None);
    }

    #[test]
    fn single_sign_on_is_asked_for_in_two_ways() {
        let of = |value: &'static str| {
            sign_on(&HeaderMap::from_iter([("x-github-sso".parse().unwrap(), HeaderValue::from_static(value))]))
        };

        assert_eq!(
            of("required; url=https://github.com/orgs/example/sso?authorization_request=A"),
            Some(SignOn::Required)
        );
        assert_eq!(of("partial-results; organizations=21955855,20582480"), Some(SignOn::PartialResults));
        assert_eq!(of("something"), None);
    }

    proptest! {
        #[test]
        fn arbitrary_links_do_not_panic(value in "[ -~]{0,120}") {
            let _ = next(&link(&value));
        }
    }
}
