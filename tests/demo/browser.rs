//! As much of a browser as a login needs: cookies, links, forms, and redirects that are followed.

use std::collections::HashMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};
use url::Url;

/// Longest chain of redirects.
const MAX_REDIRECTS: usize = 10;

/// A browser of somebody's own. All hosts of a test are 127.0.0.1, so one jar holds all cookies.
pub(crate) struct Browser {
    client: Client,
    cookies: HashMap<String, String>,
}

/// Where a visit ended.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) url: Url,
    pub(crate) body: String,
}

impl Browser {
    #[allow(clippy::disallowed_methods, reason = "this client stands for a browser, not for Roomkey")]
    pub(crate) fn new() -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, cookies: HashMap::new() }
    }

    /// Opens an address.
    pub(crate) async fn open(&mut self, url: Url) -> Page {
        self.go(Method::GET, url, String::new()).await
    }

    /// Sends a form.
    pub(crate) async fn post(&mut self, url: Url, fields: &[(&str, &str)]) -> Page {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.go(Method::POST, url, form).await
    }

    async fn go(&mut self, mut method: Method, mut url: Url, mut form: String) -> Page {
        for _ in 0..MAX_REDIRECTS {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = self.client.request(method, url.clone()).header(COOKIE, cookies.join("; "));
            let request = if form.is_empty() {
                request
            } else {
                request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
            };
            let response = request.send().await.unwrap();
            for cookie in response.headers().get_all(SET_COOKIE) {
                self.keep(cookie.to_str().unwrap());
            }
            let Some(location) = response.headers().get(LOCATION) else {
                return Page { status: response.status(), url, body: response.text().await.unwrap() };
            };
            url = url.join(location.to_str().unwrap()).unwrap();
            (method, form) = (Method::GET, String::new());
        }
        panic!("redirected more than {MAX_REDIRECTS} times, at last to {url}");
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        if cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Page {
    /// The text between the first `before` and the `after` that follows it.
    pub(crate) fn between(&self, before: &str, after: &str) -> &str {
        let (_, rest) = self.body.split_once(before).unwrap_or_else(|| panic!("no `{before}` in {}", self.body));
        rest.split_once(after).unwrap().0
    }
}
