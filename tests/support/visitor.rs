//! A visitor: a browser that keeps cookies and follows redirects only when told to.

use std::collections::BTreeMap;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;
use url::Url;

/// The secret that signs meeting tokens.
pub const JITSI_SECRET: &str = "a-quiet-lake-mirrors-seven-unlit-lanterns";

/// Cookies of one site, and the connection to it.
pub struct Visitor {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
    /// Every value that a cookie ever had.
    cookies_ever: Vec<String>,
    language: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Default for Visitor {
    fn default() -> Self {
        Self::new()
    }
}

impl Visitor {
    #[allow(clippy::disallowed_methods, reason = "a visitor is no provider")]
    pub fn new() -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(30))
            .no_proxy()
            // Reading the system's certificates for each of many visitors takes longer than their visit.
            .tls_certs_only([])
            .build()
            .unwrap();
        Self { client, cookies: BTreeMap::new(), cookies_ever: Vec::new(), language: "en".to_owned() }
    }

    /// A visitor who reads this language.
    pub fn speaking(language: &str) -> Self {
        Self { language: language.to_owned(), ..Self::new() }
    }

    pub async fn get(&mut self, url: &str) -> Page {
        self.get_with(url, &[]).await
    }

    /// The same with headers that no browser sends by itself.
    pub async fn get_with(&mut self, url: &str, headers: &[(&'static str, &str)]) -> Page {
        let request = headers.iter().fold(self.client.get(url), |request, (name, value)| request.header(*name, *value));
        self.send(request, true).await
    }

    /// The status of an answer to somebody without cookies, of whom there may be many at a time.
    pub fn fetch(&self, url: &str) -> impl Future<Output = StatusCode> + Send + 'static {
        let request = self.client.get(url).send();
        async move { request.await.unwrap().status() }
    }

    pub async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> Page {
        self.send(self.form(url, form), true).await
    }

    /// A POST from another site, to which the browser adds no `SameSite=Lax` cookie.
    pub async fn post_from_elsewhere(&mut self, url: &str, form: &[(&str, &str)]) -> Page {
        self.send(self.form(url, form), false).await
    }

    /// A POST by a script of a page at `origin`, without cookies, which `fetch` sends to its own origin alone.
    pub async fn fetch_from(&mut self, origin: &str, url: &str, form: &[(&str, &str)]) -> Page {
        self.send(self.form(url, form).header("origin", origin), false).await
    }

    fn form(&self, url: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    async fn send(&mut self, request: RequestBuilder, with_cookies: bool) -> Page {
        let mut request = request.header("accept-language", &self.language);
        if with_cookies && !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all("set-cookie") {
            self.keep(cookie.to_str().unwrap());
        }
        Page { status, headers, body: response.text().await.unwrap() }
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        if value.is_empty() || cookie.to_ascii_lowercase().contains("max-age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
            self.cookies_ever.push(value.to_owned());
        }
    }

    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    /// Every value that a cookie ever had, those included that are gone.
    pub fn cookies_ever(&self) -> &[String] {
        &self.cookies_ever
    }

    pub fn cookies_mut(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.cookies
    }
}

impl Page {
    /// Where a redirect leads.
    pub fn location(&self) -> Url {
        let location = self.headers.get("location").unwrap_or_else(|| panic!("no redirect: {self:#?}"));
        Url::parse(location.to_str().unwrap()).unwrap()
    }

    /// The page's first heading.
    pub fn heading(&self) -> String {
        let after = self.body.split("<h1").nth(1).unwrap_or_else(|| panic!("no heading: {self:#?}"));
        let text = after.split_once('>').unwrap().1.split("</h1>").next().unwrap();
        text.trim().to_owned()
    }

    /// The claims of the token that a redirect into the meeting carries, as Prosody would take them.
    pub fn meeting_claims(&self) -> Value {
        claims_of(&self.token())
    }

    /// The token that a redirect into the meeting carries.
    pub fn token(&self) -> String {
        let location = self.location();
        location.query_pairs().find(|(name, _)| name == "jwt").expect("the link has a token").1.into_owned()
    }
}

/// The value of a parameter in the query of `url`.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The claims of a token, as Prosody would take them.
pub fn claims_of(token: &str) -> Value {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["iss", "aud", "exp", "nbf", "sub"]);
    validation.set_issuer(&["roomkey"]);
    validation.set_audience(&["jitsi"]);
    validation.validate_nbf = true;
    validation.leeway = 0;
    let key = DecodingKey::from_secret(JITSI_SECRET.as_bytes());
    jsonwebtoken::decode(token, &key, &validation).expect("a token that Prosody takes").claims
}
