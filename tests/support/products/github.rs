//! GitHub ("Authorizing OAuth apps", "REST API endpoints for users, emails, organization members, teams", "Rate limits").

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::{Codes, form, is_client, split, token, with_headers};
use crate::support::fake::{Reply, Request, serve};

/// What is known of the person, and how the API is today.
#[derive(Clone)]
pub struct Person {
    pub user: Value,
    pub emails: Value,
    /// `organization/state`.
    pub memberships: Vec<(&'static str, &'static str)>,
    /// Pages of `organization/team`.
    pub teams: Vec<Vec<(&'static str, &'static str)>>,
    pub mood: Mood,
}

/// How the API is today.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Good,
    /// Organisations behind a single sign-on are left out.
    PartialResults,
    /// Nothing of organisations is told before the single sign-on.
    SignOnRequired,
    /// 403, and no calls left.
    LimitReached,
    /// 429 with a time to wait.
    SecondaryLimit,
    /// The next page of teams is at another host.
    PagesElsewhere,
    /// There is always another page.
    Endless,
    Broken,
}

/// A running stand-in.
#[derive(Clone)]
pub struct GitHub {
    pub url: String,
    /// Below which path the API is: `/api/v3` on a server of one's own, nothing at GitHub.com, where it has a host of its own.
    api: &'static str,
    inner: Arc<Inner>,
}

struct Inner {
    codes: Codes,
    person: Mutex<Person>,
    tokens: Mutex<Vec<String>>,
    calls: Mutex<Vec<String>>,
}

impl GitHub {
    /// As GitHub.com: with the API at an address of its own.
    pub async fn dot_com() -> Self {
        Self::start("").await
    }

    /// As a GitHub Enterprise Server.
    pub async fn enterprise_server() -> Self {
        Self::start("/api/v3").await
    }

    async fn start(api: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let inner = Inner {
            codes: Codes::default(),
            person: Mutex::new(member()),
            tokens: Mutex::default(),
            calls: Mutex::default(),
        };
        let github = Self { url, api, inner: Arc::new(inner) };
        let serving = github.clone();
        tokio::spawn(serve(listener, move |request| serving.answer(&request)));
        github
    }

    pub fn is(&self, change: impl FnOnce(&mut Person)) {
        change(&mut self.inner.person.lock().unwrap());
    }

    /// The person withdraws what they had granted ("Applications", "Revoke").
    pub fn revoke(&self) {
        self.inner.tokens.lock().unwrap().clear();
    }

    pub fn calls(&self) -> Vec<String> {
        self.inner.calls.lock().unwrap().clone()
    }

    pub fn configuration(&self, more: &str) -> String {
        let api = if self.api.is_empty() { format!("api_url = \"{}\"\n", self.url) } else { String::new() };
        format!(
            "[[providers]]\nid = \"github\"\nkind = \"github\"\nbase_url = \"{}\"\n{api}client_id = \"{}\"\nclient_secret = \"{}\"\n{more}\n",
            self.url,
            super::CLIENT_ID,
            super::CLIENT_SECRET
        )
    }

    /// The person authorizes the app.
    pub fn agree(&self, request: &Url) -> Vec<(String, String)> {
        assert!(request.as_str().starts_with(&format!("{}/login/oauth/authorize?", self.url)), "{request}");
        vec![("code".to_owned(), self.inner.codes.issue(request, ""))]
    }

    fn answer(&self, request: &Request) -> Reply {
        let (path, query) = split(&request.path);
        match path {
            "/login/oauth/access_token" => return self.token(request),
            "/login/oauth/authorize" => {
                return Reply::Raw(200, "text/html", b"<link rel=icon href='data:,'><h1>Authorize?</h1>".to_vec());
            }
            _ => {}
        }
        let Some(endpoint) = path.strip_prefix(self.api) else { return not_found() };
        self.inner.calls.lock().unwrap().push(endpoint.to_owned());
        self.api(endpoint, request, query.get("page").map_or(1, |page| page.parse().unwrap()))
    }

    /// Errors come with status 200.
    fn token(&self, request: &Request) -> Reply {
        let refuse = |error: &str, description: &str| {
            let uri = "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors";
            super::json(200, &json!({ "error": error, "error_description": description, "error_uri": uri }))
        };
        assert_eq!(request.headers.get("accept").map(String::as_str), Some("application/json"));
        let form = form(request);
        if !is_client(&form) {
            return refuse("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.");
        }
        if self.inner.codes.redeem(&form).is_none() {
            return refuse("bad_verification_code", "The code passed is incorrect or expired.");
        }
        let access_token = token("gho_");
        self.inner.tokens.lock().unwrap().push(access_token.clone());
        super::json(
            200,
            &json!({ "access_token": access_token, "scope": "read:org,user:email", "token_type": "bearer" }),
        )
    }

    fn api(&self, endpoint: &str, request: &Request, page: usize) -> Reply {
        assert_eq!(request.headers.get("accept").map(String::as_str), Some("application/vnd.github+json"));
        assert_eq!(request.headers.get("x-github-api-version").map(String::as_str), Some("2022-11-28"));
        assert!(request.headers.get("user-agent").is_some_and(|agent| agent.starts_with("roomkey/")));
        let documentation = "https://docs.github.com/rest";
        let bearer = request.headers.get("authorization").and_then(|header| header.strip_prefix("Bearer "));
        if !self.inner.tokens.lock().unwrap().iter().any(|token| Some(token.as_str()) == bearer) {
            let body = json!({ "message": "Bad credentials", "documentation_url": documentation, "status": "401" });
            return super::json(401, &body);
        }
        let person = self.inner.person.lock().unwrap();
        let limit = ("x-ratelimit-limit", "5000");
        match person.mood {
            Mood::LimitReached => {
                let body = json!({ "message": "API rate limit exceeded for user ID 583231.", "documentation_url": documentation });
                return with_headers(
                    403,
                    &[limit, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1795521600")],
                    &body,
                );
            }
            Mood::SecondaryLimit => {
                let body = json!({ "message": "You have exceeded a secondary rate limit.", "documentation_url": documentation });
                return with_headers(429, &[limit, ("retry-after", "60")], &body);
            }
            Mood::Broken => return super::json(502, &json!({ "message": "Server Error" })),
            _ => {}
        }
        let plain = [limit, ("x-ratelimit-remaining", "4987")];
        match endpoint {
            "/user" => with_headers(200, &plain, &person.user),
            "/user/emails" => with_headers(200, &plain, &person.emails),
            "/user/memberships/orgs" => self.memberships(&person),
            "/user/teams" => self.teams(&person, page),
            _ => not_found(),
        }
    }

    fn memberships(&self, person: &Person) -> Reply {
        let body = person.memberships.iter().map(|(organization, state)| {
            json!({
                "url": format!("{}/orgs/{organization}/memberships/octocat", self.url), "state": state, "role": "member",
                "organization_url": format!("{}/orgs/{organization}", self.url),
                "organization": { "login": organization, "id": 1, "description": "…" }, "user": { "login": "octocat", "id": 583_231 },
            })
        });
        let body = body.collect();
        match person.mood {
            Mood::PartialResults => {
                with_headers(200, &[("x-github-sso", "partial-results; organizations=21955855,20582480")], &body)
            }
            Mood::SignOnRequired => {
                let url = "required; url=https://github.com/orgs/example/sso?authorization_request=AZSCKtL4U8yX1H3sCQIVnVgmjmon5fWxks5YrqhJgah0b2tlbl9pZM4EuMz4";
                let message = "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.";
                with_headers(403, &[("x-github-sso", url)], &json!({ "message": message }))
            }
            _ => super::json(200, &body),
        }
    }

    fn teams(&self, person: &Person, page: usize) -> Reply {
        let body: Value = person.teams.get(page - 1).into_iter().flatten().map(|(organization, slug)| {
            json!({
                "id": 1, "name": slug, "slug": slug, "description": null, "privacy": "closed", "permission": "pull", "parent": null,
                "organization": { "login": organization, "id": 1 },
            })
        }).collect();
        let next = match person.mood {
            Mood::PagesElsewhere => Some(format!("http://evil.localhost:9{}/user/teams?page=2", self.api)),
            Mood::Endless => Some(format!("{}{}/user/teams?per_page=100&page={}", self.url, self.api, page + 1)),
            _ => (page < person.teams.len())
                .then(|| format!("{}{}/user/teams?per_page=100&page={}", self.url, self.api, page + 1)),
        };
        match next {
            Some(next) => {
                let last = format!("{}{}/user/teams?per_page=100&page={}", self.url, self.api, person.teams.len());
                with_headers(200, &[("link", &format!("<{next}>; rel=\"next\", <{last}>; rel=\"last\""))], &body)
            }
            None => super::json(200, &body),
        }
    }
}

fn not_found() -> Reply {
    super::json(
        404,
        &json!({ "message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404" }),
    )
}

/// A member of `Example` and its team `board`, which is on the second page.
pub fn member() -> Person {
    Person {
        user: json!({
            "login": "octocat", "id": 583_231, "node_id": "MDQ6VXNlcjU4MzIzMQ==", "avatar_url": "https://avatars.githubusercontent.com/u/583231?v=4",
            "type": "User", "site_admin": false, "name": "The Octocat", "company": "@github", "blog": "https://github.blog",
            "location": "San Francisco", "email": "public@example.net", "bio": null, "two_factor_authentication": true,
        }),
        emails: json!([
            { "email": "old@example.net", "primary": false, "verified": true, "visibility": null },
            { "email": "octocat@example.com", "primary": true, "verified": true, "visibility": "private" },
        ]),
        memberships: vec![("Example", "active"), ("hobby", "active"), ("invited", "pending")],
        teams: vec![vec![("hobby", "all"), ("Example", "staff")], vec![("Example", "board")]],
        mood: Mood::Good,
    }
}
