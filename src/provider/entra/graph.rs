//! Groups that a token has no room for, from Microsoft Graph.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::provider::api::{self, MAX_PAGES};
use crate::provider::error::printable;
use crate::provider::http::{Http, HttpError};
use crate::provider::oidc::Completion;
use crate::provider::{Leg, ProviderError};

/// Microsoft Graph, asked for the groups of whoever the access token belongs to.
#[derive(Debug)]
pub(super) struct Graph {
    /// Without a slash at the end of its path.
    base: Url,
}

/// A page of ids (`directoryObject: getMemberObjects`).
#[derive(Deserialize)]
struct Page {
    value: Vec<String>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

/// An error of Graph's (`error.code`); the rest of it is not read.
#[derive(Deserialize)]
struct Refusal {
    error: Code,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

impl Graph {
    pub(super) fn new(base: Url) -> Self {
        Self { base }
    }

    /// All groups, directory roles and administrative units that the person is in, by their ids, however deep.
    async fn member_objects(&self, http: &Http, access_token: &str) -> Result<Vec<String>, ProviderError> {
        let first = format!("{}/v1.0/me/getMemberObjects", self.base.as_str().trim_end_matches('/'));
        let body = br#"{"securityEnabledOnly":false}"#.to_vec();
        let mut request = Request::post(first).header(CONTENT_TYPE, "application/json").body(body);
        let mut ids = Vec::new();
        for _ in 0..MAX_PAGES {
            let mut asked = request.map_err(|_| unusable())?;
            asked.headers_mut().insert(ACCEPT, http::HeaderValue::from_static("application/json"));
            let answer = api::call(http, asked, access_token).await?;
            if answer.status != StatusCode::OK {
                let refusal = serde_json::from_slice(&answer.body);
                let code = refusal.map_or_else(|_| answer.status.as_str().to_owned(), |Refusal { error }| error.code);
                return Err(ProviderError::TurnedAway { leg: Leg::Api, code: printable(&code) });
            }
            let Page { value, next } = api::json(&answer)?;
            ids.extend(value);
            match next {
                None => return Ok(ids),
                Some(next) => request = Request::get(api::next_page(&self.base, &next)?.as_str()).body(Vec::new()),
            }
        }
        Err(api::endless().into())
    }
}

impl Completion for Graph {
    fn complete<'a>(
        &'a self,
        http: &'a Http,
        access_token: &'a str,
        mut claims: Map<String, Value>,
    ) -> BoxFuture<'a, Result<Map<String, Value>, ProviderError>> {
        async move {
            if lacks_groups(&claims) {
                let groups = self.member_objects(http, access_token).await?;
                claims.insert("groups".to_owned(), groups.into());
            }
            Ok(claims)
        }
        .boxed()
    }
}

/// Whether the token says that there are more groups than it holds ("groups overage claim"). The address that it gives for them
/// is not followed: it names an API that is no more, and where a token goes is for the operator to say.
fn lacks_groups(claims: &Map<String, Value>) -> bool {
    let elsewhere = claims.get("_claim_names").is_some_and(|names| names.get("groups").is_some());
    let says_so = claims.get("hasgroups").is_some_and(|has| *has == true || *has == "true");
    elsewhere || says_so
}

fn unusable() -> ProviderError {
    api::unreachable(HttpError::Connection { cause: "unusable address".to_owned() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lacks(claims: &Value) -> bool {
        lacks_groups(claims.as_object().unwrap())
    }

    #[test]
    fn a_token_says_in_two_ways_that_groups_are_missing() {
        let sources = json!({ "src1": { "endpoint": "https://graph.windows.net/t/users/o/getMemberObjects" } });

        assert!(lacks(&json!({ "_claim_names": { "groups": "src1" }, "_claim_sources": sources })));
        assert!(lacks(&json!({ "hasgroups": true })));
        assert!(lacks(&json!({ "hasgroups": "true" })));
    }

    #[test]
    fn groups_that_are_there_or_that_there_are_none_of_are_not_fetched() {
        assert!(!lacks(&json!({ "groups": ["g"] })));
        assert!(!lacks(&json!({})));
        assert!(!lacks(&json!({ "hasgroups": false })));
        assert!(!lacks(&json!({ "_claim_names": { "other": "src1" } })));
    }
}
