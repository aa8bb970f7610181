//! The headers that every answer has.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CROSS_ORIGIN_RESOURCE_POLICY, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use url::Url;

/// Schemes of Jitsi's apps, where a login may end (JITSI.md, "The way back to the meeting").
const APP_SCHEMES: &str = "org.jitsi.meet: intent: jitsi-meet:";

/// The headers, made once for a configuration.
///
/// `Cross-Origin-Opener-Policy` is left out on purpose: it would cut a login in a popup off from the meeting that
/// opened it.
pub(super) struct Headers {
    everywhere: Vec<(HeaderName, HeaderValue)>,
    /// `Content-Security-Policy` of a page whose form leads on, by redirects, into the meeting: Chromium applies
    /// `form-action` to these too.
    pub(super) form_leads_on: HeaderValue,
    /// Where meetings are.
    meeting: String,
}

impl Headers {
    /// For an origin that browsers reach over https, or not, and meetings at `meeting`.
    pub(super) fn new(https: bool, meeting: &Url) -> Self {
        let mut everywhere = vec![
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (CONTENT_SECURITY_POLICY, policy("form-action 'none'")),
            (CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
            (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        if https {
            everywhere.push((STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
        }
        let origin = meeting.origin().ascii_serialization();
        let form_leads_on = policy(&format!("script-src 'self'; form-action 'self' {origin} {APP_SCHEMES}"));
        Self { everywhere, form_leads_on, meeting: origin }
    }

    /// `Content-Security-Policy` of a page whose form leads, by redirects, to Jitsi's pages or to `onward`.
    pub(super) fn form_leads_to(&self, onward: Option<&Url>) -> HeaderValue {
        let onward = onward.map_or_else(String::new, |onward| format!(" {}", onward.origin().ascii_serialization()));
        policy(&format!("form-action 'self' {}{onward}", self.meeting))
    }

    /// `Content-Security-Policy` of a page whose form goes to a provider at `action`, which may send it on to others of its addresses:
    /// Chromium applies `form-action` to these too, and only the provider knows them.
    pub(super) fn form_goes_to(&self, action: &Url) -> HeaderValue {
        policy(&format!("script-src 'self'; form-action {} https:", action.origin().ascii_serialization()))
    }

    /// Adds those that the answer does not have in a form of its own.
    pub(super) fn complete(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.everywhere {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
    }
}

fn policy(own: &str) -> HeaderValue {
    let text =
        format!("default-src 'none'; style-src 'self'; img-src 'self'; {own}; frame-ancestors 'none'; base-uri 'none'");
    HeaderValue::try_from(text).expect("an origin is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(https: bool) -> Headers {
        Headers::new(https, &"https://meet.example.com/video/".parse().unwrap())
    }

    #[test]
    fn nothing_but_the_meeting_and_its_apps_can_be_reached_by_a_form() {
        assert_eq!(
            headers(true).form_leads_on,
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self' \
             https://meet.example.com org.jitsi.meet: intent: jitsi-meet:; frame-ancestors 'none'; base-uri 'none'"
        );
    }

    #[test]
    fn https_is_insisted_on_only_where_there_is_https() {
        let (mut over_https, mut over_http) = (HeaderMap::new(), HeaderMap::new());

        headers(true).complete(&mut over_https);
        headers(false).complete(&mut over_http);

        assert_eq!(over_https.get(STRICT_TRANSPORT_SECURITY).unwrap(), "max-age=31536000");
        assert!(!over_http.contains_key(STRICT_TRANSPORT_SECURITY));
    }

    #[test]
    fn an_answer_keeps_what_it_says_itself() {
        let mut answer = HeaderMap::new();
        answer.insert(CACHE_CONTROL, HeaderValue::from_static("public"));

        headers(true).complete(&mut answer);

        assert_eq!(answer.get_all(CACHE_CONTROL).collect::<Vec<_>>(), ["public"]);
        assert_eq!(answer.get(REFERRER_POLICY).unwrap(), "no-referrer");
    }
}
