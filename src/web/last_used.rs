//! Which provider a browser used last: it stands first among those to choose from. Says nothing about the person.

use actix_web::cookie::time::Duration;
use actix_web::http::header::{HeaderMap, HeaderValue};

use super::cookies::{CookieNames, cookies};
use crate::provider::ProviderId;

/// How long a browser remembers it.
const LIFETIME: Duration = Duration::days(180);

const NAME: &str = "provider";
const PEER: &str = "idp";

/// Has the browser remember `provider`.
pub(super) fn remember(names: CookieNames, provider: &ProviderId) -> HeaderValue {
    names.cookie(NAME, provider.as_str(), LIFETIME)
}

/// The provider that the browser remembers.
pub(super) fn recall(headers: &HeaderMap, names: CookieNames) -> Option<ProviderId> {
    let (_, id) = cookies(headers, names).find(|(name, _)| *name == NAME)?;
    id.parse().ok()
}

/// Has the browser remember that it used the identity provider of this mark, behind `provider`.
pub(super) fn remember_peer(names: CookieNames, provider: &ProviderId, mark: &str) -> HeaderValue {
    names.cookie(PEER, &format!("{provider}.{mark}"), LIFETIME)
}

/// The mark of the identity provider that the browser used last behind `provider`.
pub(super) fn recall_peer(headers: &HeaderMap, names: CookieNames, provider: &ProviderId) -> Option<String> {
    let (_, remembered) = cookies(headers, names).find(|(name, _)| *name == PEER)?;
    let (of, mark) = remembered.split_once('.')?;
    (of == provider.as_str()).then(|| mark.to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn recalled(cookies: &str) -> Option<ProviderId> {
        let request = TestRequest::default().insert_header(("cookie", cookies)).to_http_request();
        recall(request.headers(), CookieNames::Secure)
    }

    #[test]
    fn a_provider_is_remembered() {
        let work = "work".parse().unwrap();

        let cookie = remember(CookieNames::Secure, &work);

        let cookie = cookie.to_str().unwrap();
        assert_eq!(cookie, "__Host-roomkey-provider=work; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=15552000");
        assert_eq!(recalled(&format!("a=1; {}", cookie.split(';').next().unwrap())), Some(work));
    }

    #[test]
    fn an_identity_provider_is_remembered_for_the_provider_it_is_behind() {
        let (uni, work) = ("uni".parse().unwrap(), "work".parse().unwrap());
        let cookie = remember_peer(CookieNames::Secure, &uni, "a-mark_1");

        let held = cookie.to_str().unwrap().split(';').next().unwrap();
        let request = TestRequest::default().insert_header(("cookie", held)).to_http_request();

        let recalled = |provider| recall_peer(request.headers(), CookieNames::Secure, provider);
        assert_eq!(recalled(&uni).as_deref(), Some("a-mark_1"));
        assert_eq!(recalled(&work), None);
    }

    #[test]
    fn what_is_no_provider_is_not_recalled() {
        assert_eq!(recalled("__Host-roomkey-provider=A B; roomkey-provider=work"), None);
    }
}
