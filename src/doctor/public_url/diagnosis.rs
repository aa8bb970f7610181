//! What was seen from outside means for logins.

use url::Url;

use super::{Begun, Observed, Returned, parameter, request};
use crate::config::PublicUrl;
use crate::doctor::{Finding, Severity};
use crate::login::ProviderId;
use crate::provider::http::HttpError;

/// The troubles on the way from a browser to Roomkey and back, by a login at `provider`.
pub fn diagnose(observed: &Observed, public_url: &PublicUrl, provider: &ProviderId) -> Vec<Finding> {
    let mut findings = Vec::new();
    match &observed.begun {
        Err(error) => findings.push(unreachable(error, public_url)),
        Ok(begun) => findings.extend(begun_at(begun, public_url, provider)),
    }
    // What went wrong before it explains a loss as well.
    if findings.is_empty()
        && let Some(returned) = &observed.returned
    {
        findings.extend(came_back(returned));
    }
    if let Some(Ok(plain)) = observed.plain
        && plain.is_ours
        && !plain.leads_to_https
    {
        findings.push(error(
            "public.plain_http",
            "Roomkey is served over plain http as well, where its cookies are lost".to_owned(),
            "have the proxy send plain http on to https: `return 301 https://$host$request_uri;`",
        ));
    }
    findings
}

fn begun_at(begun: &Begun, public_url: &PublicUrl, provider: &ProviderId) -> Option<Finding> {
    let Some(cookie) = begun.cookie else {
        return no_login(begun, public_url);
    };
    if cookie.host_only && !cookie.keeps_host_only || !cookie.is_lax {
        return Some(error(
            "public.cookie_changed",
            "the proxy changes Roomkey's cookie, so that browsers drop it".to_owned(),
            "take proxy_cookie_path, proxy_cookie_domain, proxy_cookie_flags and the like out of the proxy's settings",
        ));
    }
    if public_url.is_https() && !cookie.host_only {
        return Some(another_url("its cookies are those of a loopback host", public_url));
    }
    let expected = public_url.join(&format!("callback/{provider}"));
    let named = begun.location.as_ref().and_then(|location| parameter(location, "redirect_uri"));
    if let Some(named) = named.filter(|named| named != expected.as_str()) {
        return Some(another_url(&format!("it has people come back to {}", origin(&named)), public_url));
    }
    match &begun.request {
        Some(Ok(read)) if *read == request() => None,
        Some(Ok(_)) => Some(error(
            "public.path",
            "the proxy changes the names of meetings on the way".to_owned(),
            "pass the path on as it came: with nginx, nothing after the port in proxy_pass, least of all $uri",
        )),
        Some(Err(_)) | None => Some(Finding::new(
            "public.another_secret",
            Severity::Warning,
            "the Roomkey that answers has another session secret than this file",
            "restart it, or give the doctor the file that it runs with; all replicas need the same secret",
        )),
    }
}

/// No login has begun.
fn no_login(begun: &Begun, public_url: &PublicUrl) -> Option<Finding> {
    match begun.status {
        _ if begun.is_choice => None,
        // Roomkey itself says that it cannot begin one: the check of the provider says why.
        502 | 503 if begun.is_ours => None,
        400 if begun.is_ours => Some(error(
            "public.path",
            "the proxy changes the names of meetings on the way".to_owned(),
            "pass the path on as it came: with nginx, nothing after the port in proxy_pass, least of all $uri",
        )),
        404 if begun.is_ours => Some(error(
            "public.route",
            "Roomkey is there, but does not find its own addresses".to_owned(),
            "pass the whole path on, that of public_url included; reload Roomkey if the provider is new in the file",
        )),
        300..400 => {
            let to = begun.location.as_ref().map_or_else(|| "elsewhere".to_owned(), |to| origin(to.as_str()));
            Some(error(
                "public.redirect",
                format!("{} leads to {to} before Roomkey is asked", public_url.as_url()),
                "make public_url the address where that ends, with its scheme and host, and register the redirect URIs anew",
            ))
        }
        502..=504 => Some(error(
            "public.down",
            format!("the proxy finds no Roomkey behind it (status {})", begun.status),
            "start Roomkey, and make server.listen the address that the proxy passes on to",
        )),
        status => Some(error(
            "public.not_roomkey",
            format!("what answers at {} is not Roomkey (status {status})", public_url.as_url()),
            "have the proxy pass public_url and all below it on to server.listen",
        )),
    }
}

fn came_back(returned: &Result<Returned, HttpError>) -> Option<Finding> {
    let seen = match returned {
        Ok(Returned { cookie_came: true, .. }) => return None,
        Ok(Returned { status: 400, .. }) => {
            return Some(error(
                "public.cookie_lost",
                "Roomkey's cookie does not come back through the proxy: logins go in circles".to_owned(),
                "have the proxy pass the header Cookie on, whole and for all paths, and cache nothing below public_url",
            ));
        }
        Ok(Returned { status, .. }) => HttpError::Status(*status),
        Err(cause) => cause.clone(),
    };
    Some(error(
        "public.callback",
        format!("the way back from the provider does not reach Roomkey: {seen}"),
        "have the proxy pass {public_url}/callback/ on, with queries of 8 KiB: large_client_header_buffers 4 16k",
    ))
}

fn unreachable(cause: &HttpError, public_url: &PublicUrl) -> Finding {
    error(
        "public.unreachable",
        format!("{} cannot be reached from here: {cause}", public_url.as_url()),
        "check DNS, certificate and proxy, and whether this machine may reach its own public address",
    )
}

fn another_url(seen: &str, public_url: &PublicUrl) -> Finding {
    error(
        "public.another_url",
        format!("the Roomkey that answers has another public_url: {seen}"),
        &format!("restart it with public_url = \"{public_url}\", or give the doctor the file that it runs with"),
    )
}

fn error(check: &'static str, trouble: String, remedy: &str) -> Finding {
    Finding::new(check, Severity::Error, trouble, remedy)
}

/// Scheme and host alone.
fn origin(url: &str) -> String {
    Url::parse(url)
        .map_or_else(|_| "an address that cannot be read".to_owned(), |url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests;
