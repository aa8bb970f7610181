//! One login at a provider of our own, from the meeting link on, whoever has been signed in before.

use super::fake::FakeProvider;
use super::visitor::{Page, Visitor, parameter};

/// Follows a meeting link, logs in at `provider`, and comes back; gives the last page, or the first that leads no further.
pub async fn log_in(visitor: &mut Visitor, link: &str, provider: &FakeProvider) -> Page {
    match begin(visitor, link, provider).await {
        Ok(callback) => visitor.get(&callback).await,
        Err(page) => page,
    }
}

/// The same without coming back: gives the address that the provider sends the browser to, or the page that leads no
/// further.
pub async fn begin(visitor: &mut Visitor, link: &str, provider: &FakeProvider) -> Result<String, Page> {
    visitor.cookies_mut().remove("roomkey-session");
    let redirect = visitor.get(link).await;
    if redirect.status != 303 {
        return Err(redirect);
    }
    let request = redirect.location();
    let response = provider.log_in(&request);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
    Ok(format!("{}?{query}", parameter(&request, "redirect_uri").unwrap()))
}
