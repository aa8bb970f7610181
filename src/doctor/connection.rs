//! What it means that a provider cannot be reached.

use super::{Finding, Severity};
use crate::login::ProviderId;
use crate::provider::Leg;
use crate::provider::http::HttpError;

/// The trouble behind `error` at the `leg` of a provider whose address stands in `key` of the file.
pub(super) fn diagnose(provider: &ProviderId, leg: Leg, error: &HttpError, key: &str) -> Finding {
    let (check, trouble, remedy) = match error {
        HttpError::Connection { cause } if is_about_names(cause) => (
            "provider.dns",
            format!("has a {leg} whose host name does not resolve"),
            format!("check the spelling of `{key}`, and the DNS server of this machine or container"),
        ),
        HttpError::Connection { cause } if is_about_tls(cause) => (
            "provider.tls",
            format!("has a {leg} that TLS does not vouch for: {cause}"),
            "renew its certificate, send the whole chain, or add your own authority to this machine's certificates"
                .to_owned(),
        ),
        HttpError::Connection { .. } | HttpError::Timeout => (
            "provider.unreachable",
            format!("cannot be reached at its {leg}: {error}"),
            "check the firewall and proxy between this machine and the provider, and whether it runs".to_owned(),
        ),
        HttpError::TooLarge(_)
        | HttpError::Redirect(_)
        | HttpError::Status(_)
        | HttpError::Unreadable { .. }
        | HttpError::Busy(_) => (
            "provider.answer",
            format!("does not answer as it should at its {leg}: {error}"),
            format!("check `{key}` or the endpoints in roomkey.toml: another program may be at that address"),
        ),
    };
    Finding::new(check, Severity::Error, format!("provider `{provider}` {trouble}"), remedy)
}

/// By the words of the resolver (glibc and musl).
fn is_about_names(cause: &str) -> bool {
    cause.contains("lookup address") || cause.contains("Name or service") || cause.contains("Name does not resolve")
}

/// By the words of rustls and of the platform's verifier.
fn is_about_tls(cause: &str) -> bool {
    ["certificate", "TLS", "handshake", "HandshakeFailure", "corrupt message"].iter().any(|word| cause.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_not_to_be_reached_is_told_apart() {
        let connection = |cause: &str| HttpError::Connection { cause: cause.to_owned() };
        for (error, named) in [
            (connection("failed to lookup address information: Name or service not known"), "provider.dns"),
            (connection("invalid peer certificate: UnknownIssuer"), "provider.tls"),
            (connection("Connection refused (os error 111)"), "provider.unreachable"),
            (HttpError::Timeout, "provider.unreachable"),
            (HttpError::Status(404), "provider.answer"),
        ] {
            let finding = diagnose(&"uni".parse().unwrap(), Leg::Metadata, &error, "idp_metadata_url");

            assert_eq!((finding.check, finding.severity), (named, Severity::Error), "{error}");
            assert!(finding.trouble.starts_with("provider `uni` "), "{}", finding.trouble);
        }
    }
}
