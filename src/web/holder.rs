//! By what the browser of somebody who shows a pass is known again: so that they are counted once, and are the same person in the
//! meeting each time.

use actix_web::cookie::time::Duration;
use actix_web::http::header::{HeaderMap, HeaderValue};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

use super::cookies::{CookieNames, cookies};

/// The longest that browsers keep a cookie (RFC 6265bis, section 5.5).
const LIFETIME: Duration = Duration::days(400);

const NAME: &str = "pass";

/// A browser: 128 random bits that it alone knows, of which the store sees hashes with the pass.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Holder(String);

impl Holder {
    /// A browser that comes for the first time.
    pub(super) fn new() -> Self {
        let mut bits = [0; 16];
        aws_lc_rs::rand::fill(&mut bits).expect("the operating system gives random bytes");
        Self(HEXLOWER.encode(&bits))
    }

    /// The browser that sends these headers, if it has come before.
    pub(super) fn recall(headers: &HeaderMap, names: CookieNames) -> Option<Self> {
        let (_, value) = cookies(headers, names).find(|(name, _)| *name == NAME)?;
        let is_ours = value.len() == 32 && HEXLOWER.decode(value.as_bytes()).is_ok();
        is_ours.then(|| Self(value.to_owned()))
    }

    /// Has the browser remember.
    pub(super) fn remember(&self, names: CookieNames) -> HeaderValue {
        names.cookie(NAME, &self.0, LIFETIME)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes a form this browser's: no other site can send it, nor the cookie.
    pub(super) fn form_token(&self) -> String {
        HEXLOWER.encode(&digest(&SHA256, format!("roomkey/pass-form/1\0{}", self.0).as_bytes()).as_ref()[..16])
    }

    /// Whether a form with this token was made for this browser.
    pub(super) fn has_made(&self, token: &str) -> bool {
        verify_slices_are_equal(self.form_token().as_bytes(), token.as_bytes()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn recalled(cookies: &str) -> Option<Holder> {
        let request = TestRequest::default().insert_header(("cookie", cookies)).to_http_request();
        Holder::recall(request.headers(), CookieNames::Secure)
    }

    #[test]
    fn a_browser_is_known_again_and_its_form_is_its_own() {
        let holder = Holder::new();

        let cookie = holder.remember(CookieNames::Secure);
        let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();

        assert!(recalled(&pair).is_some_and(|known| known == holder));
        assert!(holder.has_made(&holder.form_token()) && !holder.has_made(&Holder::new().form_token()));
        assert!(cookie.to_str().unwrap().contains("HttpOnly; SameSite=Lax; Secure"));
    }

    #[test]
    fn what_is_no_cookie_of_ours_is_passed_over() {
        for cookie in
            ["__Host-roomkey-pass=", "__Host-roomkey-pass=xyz", "__Host-roomkey-pass=0123456789abcdeg0123456789abcdef"]
        {
            assert!(recalled(cookie).is_none(), "{cookie}");
        }
    }
}
