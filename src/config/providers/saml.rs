//! Providers of kind `saml`.

mod certificates;
mod preset;
mod values;

use std::fs::File;
use std::sync::Arc;

use schemars::JsonSchema;
use url::Url;

use self::certificates::{certificates, own_key};
use self::preset::{Preset, standard};
use self::values::{ContextClass, EntityId, SubjectName};
use super::claims::ClaimKeys;
use super::{Module, Own, ProviderKind};
use crate::config::address::EndpointUrl;
use crate::config::read::{At, Field, Keys, List, OneOf, Reader, Spot, Word, keys};
use crate::config::secret::{PathText, SecretKeys, SecretText, VariableName};
use crate::provider::saml::idp::{Binding, Discovery, MetadataSettings, MetadataSource};
use crate::provider::saml::{OwnKey, Settings};

/// This kind, for the table of kinds.
pub(super) const MODULE: Module = Module {
    read: |table| {
        let keys = SamlKeys::take(table);
        Box::new(move |reader, spot, own| keys.check(reader, spot, own))
    },
    schema: |generator| SamlKeys::json_schema(generator),
};

keys! {
    /// A provider of kind `saml`: any SAML 2.0 identity provider, or all of a federation. It is told Roomkey's metadata,
    /// `{public_url}/saml/{id}/metadata`; people come back from it to `{public_url}/saml/{id}/acs`.
    SamlKeys {
        /// A file with the provider's metadata. It is read again when it changes. Either this or `idp_metadata_url` is required.
        #[schemars(extend("examples" = ["idp-metadata.xml"]))]
        idp_metadata_file: PathText,
        /// The address of the provider's metadata. They are fetched at the start, and refreshed as they themselves ask for
        /// (`validUntil`, `cacheDuration`).
        #[schemars(extend("examples" = ["https://id.example.com/saml/metadata"]))]
        idp_metadata_url: EndpointUrl,
        /// A PEM file with the certificates of which one has to have signed the metadata. Without it the file, or `https`, vouches for
        /// them.
        metadata_certificate_file: PathText,
        /// Of several providers in the metadata, the only one that counts: its `entityID`.
        #[schemars(extend("examples" = ["https://id.example.com/idp"]))]
        idp_entity_id: EntityId,
        /// Of several providers in the metadata, people choose theirs: by the discovery service at this address (Identity Provider
        /// Discovery Service Protocol). Default: on a page of Roomkey's, with a search.
        #[schemars(extend("examples" = ["https://discovery.example.org/DS"]))]
        discovery_url: EndpointUrl,
        /// What Roomkey calls itself there. Default: the address of its metadata, `{public_url}/saml/{id}/metadata`.
        #[schemars(extend("examples" = ["https://sso.example.com/saml/work/metadata"]))]
        entity_id: EntityId,
        /// Roomkey's own RSA key in PEM (PKCS#8 or PKCS#1), which signs what it sends and opens what is encrypted for it. Better in a
        /// file than here. Needs `certificate_file`.
        key: SecretText,
        /// A file that holds `key`.
        key_file: PathText,
        /// The name of an environment variable that holds `key`.
        key_env: VariableName,
        /// A PEM file with the certificate of `key`, by which the provider knows it; one that it has signed itself is enough.
        #[schemars(extend("examples" = ["roomkey-saml.pem"]))]
        certificate_file: PathText,
        /// Whether requests are signed even to providers that do not ask for it (`WantAuthnRequestsSigned`). Needs `key`.
        #[schemars(extend("default" = false))]
        sign_requests: bool,
        /// Whether Roomkey's own metadata are signed. Needs `key`.
        #[schemars(extend("default" = false))]
        sign_metadata: bool,
        /// How requests get to the provider: `redirect` or `post`. Default: as its metadata have it, `redirect` first.
        request_binding: OneOf<Binding>,
        /// Whether assertions that are not encrypted are refused. Encrypted ones are taken in any case where there is a `key`.
        #[schemars(extend("default" = false))]
        want_assertions_encrypted: bool,
        /// Classes of authentication of which one is asked for and has to have been used (`AuthnContextClassRef`), each by its URI.
        #[schemars(extend("default" = [], "examples" = [["https://refeds.org/profile/mfa"]]))]
        authn_context: List<ContextClass>,
        /// Whether people have to prove themselves anew at each login, even if they are signed in at the provider.
        #[schemars(extend("default" = false))]
        force_authn: bool,
        /// Whether a login may begin at the provider. Its response is not believed, since nobody has asked for it: Roomkey begins a
        /// login of its own instead, which the provider answers without another word. `RelayState` names the meeting: its link at
        /// Roomkey, or the room.
        #[schemars(extend("default" = false))]
        idp_initiated: bool,
        /// Whether signatures with SHA-1 count, which can be forged today: for a provider that knows nothing else.
        #[schemars(extend("default" = false))]
        insecure_sha1: bool,
        /// What says who somebody is for good: `name_id`, or the name of an attribute with one value. A transient `NameID` is another at
        /// each login and is refused. Default: by `preset`.
        #[schemars(extend("examples" = ["name_id"]))]
        subject: SubjectName,
        /// Which provider it is: `eduperson`, for universities and others that send attributes by their URN; `entra`, `adfs`, `okta` or
        /// `keycloak`. It gives the defaults of `subject` and of `[providers.claims]`.
        #[schemars(extend("default" = "eduperson"))]
        preset: OneOf<Preset>,
        /// Section `[providers.claims]`: attributes by their `Name` (often a URN) or their `FriendlyName`; `NameID` is the text of the
        /// `NameID`. Default: by `preset`, and addresses count as not verified.
        claims: ClaimKeys,
    }
}

impl Word for Binding {
    const WORDS: &'static [(&'static str, Self)] = &[("redirect", Self::Redirect), ("post", Self::Post)];
}

impl SamlKeys {
    fn check(self, reader: &Reader<'_>, spot: &Spot, own: Own) -> Option<(ProviderKind, String)> {
        let source = source(reader, spot, self.idp_metadata_file, self.idp_metadata_url);
        let signed_by = match self.metadata_certificate_file.at() {
            None => Some(Vec::new()),
            Some(file) => certificates(reader, &file),
        };
        let key = SecretKeys { value: self.key, file: self.key_file, variable: self.key_env };
        let key_spot = key.spot().clone();
        let own_key = own_key(reader, key, self.certificate_file);
        let needing_key = [
            ("sign_requests", &self.sign_requests),
            ("sign_metadata", &self.sign_metadata),
            ("want_assertions_encrypted", &self.want_assertions_encrypted),
        ];
        let wants_key =
            needing_key.into_iter().find(|(_, field)| matches!(field, Field::Given(At { value: true, .. })));
        if let (Some((name, _)), Some(None)) = (wants_key, &own_key) {
            reader.wrong(
                &key_spot,
                format!("is missing, and `{name}` needs it"),
                "give `key_file` and `certificate_file`",
            );
        }
        if let Field::Given(At { value: true, spot }) = &self.insecure_sha1 {
            let remedy = "have the provider sign with SHA-256, then leave this out";
            reader.warn(spot, "lets signatures count that can be forged", remedy);
        }
        let standard = standard(self.preset.or(OneOf(Preset::EduPerson)).0);
        let only = self.idp_entity_id.given().map(|EntityId(id)| id);
        let classes = self.authn_context.given().map(List::into_values).unwrap_or_default();
        let source = source?;
        let name = host(&source, only.as_deref()).unwrap_or_else(|| own.id.to_string());
        let entity_id = self.entity_id.given().map_or_else(|| own.saml_metadata.to_string(), |EntityId(id)| id);
        let discovery = self
            .discovery_url
            .given()
            .map(|EndpointUrl(service)| Discovery { service, own_entity_id: entity_id.clone() });
        let settings = Settings {
            metadata: MetadataSettings { provider: own.id.clone(), source, signed_by: signed_by?, only, discovery },
            id: own.id,
            entity_id,
            acs: own.saml_acs,
            slo: own.saml_slo,
            own_key: own_key?.map(Arc::<OwnKey>::new),
            sign_requests: self.sign_requests.or(false),
            sign_metadata: self.sign_metadata.or(false),
            request_binding: self.request_binding.given().map(|OneOf(binding)| binding),
            want_assertions_encrypted: self.want_assertions_encrypted.or(false),
            authn_context: classes.into_iter().map(|ContextClass(class)| class).collect(),
            force_authn: self.force_authn.or(false),
            idp_initiated: self.idp_initiated.or(false),
            insecure_sha1: self.insecure_sha1.or(false),
            subject: self.subject.given().map_or(standard.subject, SubjectName::into_source),
            claims: self.claims.given()?.check_with(standard.claims),
        };
        Some((ProviderKind::Saml(Box::new(settings)), name))
    }
}

/// Where the metadata come from. A file has to be there already; what stands in it is read once the service runs.
fn source(reader: &Reader<'_>, spot: &Spot, file: Field<PathText>, url: Field<EndpointUrl>) -> Option<MetadataSource> {
    match (file, url) {
        (Field::Given(_), Field::Given(At { spot, .. }) | Field::Wrong(spot)) => {
            reader.wrong(&spot, "is given beside `idp_metadata_file`", "keep one of them");
            None
        }
        (Field::Given(At { value, spot }), Field::Absent(_)) => {
            let path = reader.path(value.as_str());
            if let Err(cause) = File::open(&path) {
                let wrong = format!("cannot read {} ({cause})", path.display());
                reader.wrong(&spot, wrong, "check the path and that `roomkey` may read it");
            }
            Some(MetadataSource::File(path))
        }
        (Field::Absent(_), Field::Given(At { value: EndpointUrl(url), .. })) => Some(MetadataSource::Url(url)),
        (Field::Absent(_), Field::Absent(_)) => {
            let spot = spot.below("idp_metadata_url");
            let remedy = "add `idp_metadata_url = \"https://id.example.com/saml/metadata\"`, or `idp_metadata_file`";
            reader.wrong(&spot, "is missing", remedy);
            None
        }
        (Field::Wrong(_), _) | (_, Field::Wrong(_)) => None,
    }
}

/// The host that the provider is known by.
fn host(source: &MetadataSource, entity_id: Option<&str>) -> Option<String> {
    let by_id = entity_id.and_then(|id| Url::parse(id).ok());
    let url = match (by_id, source) {
        (Some(url), _) => url,
        (None, MetadataSource::Url(url)) => url.clone(),
        (None, MetadataSource::File(_)) => return None,
    };
    url.host_str().map(str::to_owned)
}
