//! How the servers of a directory are reached.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{ClientConfig, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt;
use url::{Host, Url};

use crate::config::read::{At, Fault, Field, OneOrMany, Reader, Spot, text_type};
use crate::config::secret::PathText;
use crate::provider::ldap::Transport;

/// A server's address.
#[derive(Clone, Debug)]
pub(in crate::config) struct ServerUrl(Url);

impl ServerUrl {
    fn parse(text: &str) -> Result<Self, Fault> {
        let remedy =
            "write it as in `ldaps://ldap.example.com`, with a port if it is another than 636, or 389 for `ldap`";
        let url = Url::parse(text).map_err(|cause| Fault::new(format!("is no URL ({cause})"), remedy))?;
        if !matches!(url.scheme(), "ldap" | "ldaps") {
            return Err(Fault::new("has neither the scheme `ldaps` nor `ldap`", remedy));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Fault::new("holds a user name or password", "give them as `bind_dn` and `bind_password_file`"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(Fault::new("names no host", remedy));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(Fault::new("has more than host and port", "give the base as `base_dn`"));
        }
        Ok(Self(url))
    }

    fn is_loopback(&self) -> bool {
        // The scheme is none of those whose hosts are read as addresses by the parser.
        let host = self.0.host_str().unwrap_or_default().trim_matches(['[', ']']);
        match Host::parse(host).ok() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            _ => host.parse::<std::net::Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        }
    }
}

text_type!(ServerUrl, "LdapUrl", { "format": "uri", "pattern": "^ldaps?://[^/?#@]+/?$" });

/// Everything in the provider's table that bears on it.
pub(in crate::config) struct TransportKeys {
    pub(super) urls: Field<OneOrMany<ServerUrl>>,
    pub(super) referrals: Field<OneOrMany<ServerUrl>>,
    pub(super) start_tls: Field<bool>,
    pub(super) ca: Field<PathText>,
    pub(super) cert: Field<PathText>,
    pub(super) key: Field<PathText>,
    pub(super) timeout: Duration,
}

impl TransportKeys {
    /// The servers, those that referrals may lead to, and how all of them are reached.
    pub(super) fn check(self, reader: &Reader<'_>) -> Option<(Vec<Url>, Vec<Url>, Transport)> {
        let start_tls = self.start_tls.or(false);
        let urls = self.urls.required_at(reader, r#"urls = ["ldaps://ldap.example.com"]"#);
        let encrypted = |At { value, spot }: At<OneOrMany<ServerUrl>>| {
            let urls = value.into_values();
            let in_clear = |url: &&ServerUrl| url.0.scheme() == "ldap" && !start_tls && !url.is_loopback();
            if let Some(url) = urls.iter().find(in_clear) {
                let wrong = format!("would send passwords in clear to `{}`", url.0.host_str().unwrap_or_default());
                reader.wrong(&spot, wrong, "use `ldaps://`, or add `start_tls = true`");
            }
            (urls.into_iter().map(|ServerUrl(url)| url).collect::<Vec<_>>(), spot)
        };
        let urls = urls.map(encrypted).map(|(urls, spot)| {
            if urls.is_empty() {
                reader.wrong(&spot, "is an empty list", "name a server");
            }
            urls
        });
        let referrals = self.referrals.at().map(encrypted).map(|(urls, _)| urls).unwrap_or_default();
        let tls = tls(reader, self.ca, self.cert, self.key);
        let urls = urls.filter(|urls| !urls.is_empty())?;
        Some((urls, referrals, Transport { tls: Arc::new(tls?), start_tls, timeout: self.timeout }))
    }
}

/// How servers are reached by TLS.
pub(in crate::config) fn tls(
    reader: &Reader<'_>,
    ca: Field<PathText>,
    cert: Field<PathText>,
    key: Field<PathText>,
) -> Option<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("the provider knows today's versions of TLS");
    let builder = believing(reader, builder, ca, &provider)?;
    match (cert, key) {
        (Field::Absent(_), Field::Absent(_)) => Some(builder.with_no_client_auth()),
        (Field::Given(cert), Field::Given(key)) => {
            let chain = certificates(reader, &cert)?;
            let own = pem(reader, &key, |path| PrivateKeyDer::from_pem_file(path))?;
            let with_own = builder.with_client_auth_cert(chain, own);
            with_own
                .map_err(|cause| {
                    reader.wrong(&key.spot, format!("cannot be used ({cause})"), "give the certificate's own key")
                })
                .ok()
        }
        (Field::Given(At { spot, .. }), Field::Absent(_)) => {
            reader.wrong(&spot, "has no `client_cert_key_file` beside it", "give both or none");
            None
        }
        (Field::Absent(_), Field::Given(At { spot, .. })) => {
            reader.wrong(&spot, "has no `client_cert_file` beside it", "give both or none");
            None
        }
        _ => None,
    }
}

type Believing = ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>;

fn believing(
    reader: &Reader<'_>,
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    ca: Field<PathText>,
    provider: &Arc<CryptoProvider>,
) -> Option<Believing> {
    let file = match ca {
        Field::Wrong(_) => return None,
        Field::Absent(spot) => {
            let system = builder.with_platform_verifier();
            let unreadable = |cause| {
                let wrong = format!("is missing, and the system's own certificates cannot be read ({cause})");
                reader.wrong(&spot, wrong, "install `ca-certificates`");
            };
            return system.map_err(unreadable).ok();
        }
        Field::Given(file) => file,
    };
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certificates(reader, &file)?);
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    match verifier {
        Ok(verifier) if added > 0 => {
            let verifier: Arc<dyn ServerCertVerifier> = verifier;
            Some(builder.dangerous().with_custom_certificate_verifier(verifier))
        }
        _ => {
            reader.wrong(&file.spot, "holds no authority's certificate", "give the authority's own, in PEM");
            None
        }
    }
}

fn certificates(reader: &Reader<'_>, file: &At<PathText>) -> Option<Vec<CertificateDer<'static>>> {
    let all = pem(reader, file, |path| CertificateDer::pem_file_iter(path)?.collect::<Result<Vec<_>, _>>())?;
    if all.is_empty() {
        reader.wrong(&file.spot, "holds no certificate", "give one in PEM");
        return None;
    }
    Some(all)
}

fn pem<T>(
    reader: &Reader<'_>,
    At { value, spot }: &At<PathText>,
    read: impl FnOnce(&Path) -> Result<T, rustls::pki_types::pem::Error>,
) -> Option<T> {
    read(&reader.path(value.as_str())).map_err(|cause| say(reader, spot, &cause)).ok()
}

fn say(reader: &Reader<'_>, spot: &Spot, cause: &rustls::pki_types::pem::Error) {
    let wrong = match cause {
        rustls::pki_types::pem::Error::Io(cause) => format!("cannot be read ({cause})"),
        // Its text repeats what stands in the file.
        _ => "is not the PEM file that is needed here".to_owned(),
    };
    reader.wrong(spot, wrong, "check the path, its permissions and what stands in it");
}
