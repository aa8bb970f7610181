//! Providers of kind `ldap`.

mod preset;
pub(in crate::config) mod transport;
mod values;

use std::time::Duration;

use schemars::JsonSchema;

use self::preset::{Preset, standard};
use self::transport::{ServerUrl, TransportKeys};
use self::values::{Attribute, DnText, FilterText, GroupTemplate, NameTemplate, SearchTemplate};
use super::claims::ClaimKeys;
use super::{Module, Own, ProviderKind};
use crate::config::period::Period;
use crate::config::read::{At, Field, Keys, List, OneOf, OneOrMany, Reader, Spot, Word, keys};
use crate::config::secret::{PathText, SecretKeys, SecretText, VariableName, as_text};
use crate::provider::ldap::{Account, CalledBy, Find, Groups, Place, Settings, SubjectAttribute};

/// This kind, for the table of kinds.
pub(super) const MODULE: Module = Module {
    read: |table| {
        let keys = LdapKeys::take(table);
        Box::new(move |reader, spot, own| keys.check(reader, spot, own))
    },
    schema: |generator| LdapKeys::json_schema(generator),
};

keys! {
    /// A provider of kind `ldap`: a directory, where people log in by name and password on a page of Roomkey's.
    LdapKeys {
        /// The directory's servers, a list or one: `ldaps://`, or `ldap://` with `start_tls` (without it on a loopback host only). They
        /// are tried in this order; one that does not answer is left for the last for half a minute. Required.
        #[schemars(extend("examples" = [["ldaps://ldap1.example.com", "ldaps://ldap2.example.com"]]))]
        urls: OneOrMany<ServerUrl>,
        /// Whether connections to `ldap://` become encrypted before anything else is said.
        #[schemars(extend("default" = false))]
        start_tls: bool,
        /// A PEM file with the authorities whose certificates are believed. Default: those of the system.
        ca_file: PathText,
        /// A PEM file with a certificate for Roomkey to show, if the directory wants one.
        client_cert_file: PathText,
        /// A PEM file with the key of that certificate.
        client_cert_key_file: PathText,
        /// How long a connection, and each answer, may take before another server is asked, from `1s` to `1m`.
        #[schemars(extend("default" = "5s"))]
        timeout: Period<1, 60>,
        /// The servers that referrals are followed to, each by its address as in `urls`; a referral names the host, and counts if that is
        /// one of these. Searches go there by the account of `bind_dn`, as do passwords of people whose entries are found there. They are
        /// believed as those of `urls` are. Default: referrals are not followed.
        #[schemars(extend("default" = [], "examples" = [["ldaps://eu.example.com", "ldaps://us.example.com"]]))]
        referrals: OneOrMany<ServerUrl>,
        /// Which directory it is: `active_directory`, `openldap`, `freeipa` or `lldap`. It gives the defaults of `user_filter`, `subject`,
        /// `active_filter`, `group_filter` and `nested_groups`.
        #[schemars(extend("default" = "openldap"))]
        preset: OneOf<Preset>,
        /// The DN below which people are. Required.
        #[schemars(extend("examples" = ["ou=people,dc=example,dc=com"]))]
        base_dn: DnText,
        /// The DN of the account by which Roomkey looks for people and groups; it needs to read no more than that. Without it, it
        /// looks without having logged in.
        #[schemars(extend("examples" = ["cn=roomkey,ou=services,dc=example,dc=com"]))]
        bind_dn: DnText,
        /// Its password. Better in a file or a variable than here.
        bind_password: SecretText,
        /// A file that holds `bind_password` alone; a newline at its end does not count.
        bind_password_file: PathText,
        /// The name of an environment variable that holds `bind_password`.
        bind_password_env: VariableName,
        /// How somebody's entry is found by the name they type, `{name}`. Only one entry may fit. Default: by `preset`.
        #[schemars(extend("examples" = ["(&(objectClass=inetOrgPerson)(|(uid={name})(mail={name})))"]))]
        user_filter: SearchTemplate,
        /// Instead of `user_filter`: the DN that follows from the name.
        #[schemars(extend("examples" = ["uid={name},ou=people,dc=example,dc=com"]))]
        user_dn: NameTemplate,
        /// The attribute that tells who somebody is for good: one that never changes and is never given to somebody else. Default: by
        /// `preset`.
        #[schemars(extend("examples" = ["entryUUID"]))]
        subject: Attribute,
        /// What somebody's entry has to fit for them to stay signed in, besides `user_filter`; it is looked up each `session.confirm`.
        /// Default: by `preset`.
        active_filter: FilterText,
        /// The DN below which groups are. Groups elsewhere do not count, so that nobody who may make groups somewhere has them
        /// mistaken for yours. Default: groups are those that a person's entry names.
        #[schemars(extend("examples" = ["ou=groups,dc=example,dc=com"]))]
        group_base_dn: DnText,
        /// How groups are found by the DN of a member, `{dn}`, below `group_base_dn`; `""` for none. Default: by `preset`.
        #[schemars(extend("examples" = ["(&(objectClass=groupOfNames)(member={dn}))"]))]
        group_filter: GroupTemplate,
        /// Whether groups of groups count, too. Needs `group_base_dn`. Default: by `preset`.
        nested_groups: bool,
        /// How rules call a group: by the first part of its DN (`name`), or by all of it (`dn`).
        #[schemars(extend("default" = "name"))]
        group_names: OneOf<CalledBy>,
        /// Further attributes, which rules can ask for by `claims`.
        #[schemars(extend("default" = []))]
        attributes: List<Attribute>,
        /// Section `[providers.claims]`: from which attributes each field comes. Here, `email_verified` is `false` unless it is written:
        /// in many directories people write their own addresses.
        claims: ClaimKeys,
    }
}

impl Word for CalledBy {
    const WORDS: &'static [(&'static str, Self)] = &[("name", Self::Name), ("dn", Self::Dn)];
}

impl LdapKeys {
    fn check(self, reader: &Reader<'_>, spot: &Spot, own: Own) -> Option<(ProviderKind, String)> {
        let OneOf(preset) = self.preset.or(OneOf(Preset::OpenLdap));
        let standard = standard(preset);
        let transport = TransportKeys {
            urls: self.urls,
            referrals: self.referrals,
            start_tls: self.start_tls,
            ca: self.ca_file,
            cert: self.client_cert_file,
            key: self.client_cert_key_file,
            timeout: self.timeout.or(Period::of(Duration::from_secs(5))).0,
        };
        let transport = transport.check(reader);
        let base = self.base_dn.required(reader, r#"base_dn = "ou=people,dc=example,dc=com""#);
        let password =
            SecretKeys { value: self.bind_password, file: self.bind_password_file, variable: self.bind_password_env };
        let account = account(reader, self.bind_dn, password);
        let find = find(reader, self.user_filter, self.user_dn, standard.user_filter);
        let groups = GroupKeys {
            base: self.group_base_dn,
            filter: self.group_filter,
            nested: self.nested_groups,
            called_by: self.group_names,
        };
        let groups = groups.check(reader, spot, &standard);
        let active = self.active_filter.given().map(|FilterText(filter)| filter);
        let subject = self.subject.given().map_or_else(|| standard.subject.to_owned(), |Attribute(name)| name);
        let attributes = self.attributes.given().map(List::into_values).unwrap_or_default();
        let (servers, referrals, transport) = transport?;
        let host = servers.first().and_then(|url| url.host_str()).unwrap_or_default().to_owned();
        let settings = Settings {
            id: own.id,
            servers,
            referrals,
            transport,
            account: account?,
            find,
            base: base?.0,
            subject: SubjectAttribute::named(&subject),
            active: active.or_else(|| standard.active_filter.map(preset::filter)),
            groups,
            claims: self.claims.given()?.check_with(standard.claims),
            attributes: attributes.into_iter().map(|Attribute(name)| name).collect(),
        };
        Some((ProviderKind::Ldap(Box::new(settings)), host))
    }
}

/// The account that looks: `Some(None)` for nobody, `None` for one that is wrong.
#[allow(clippy::option_option, reason = "a mistake is not the same as nobody")]
fn account(reader: &Reader<'_>, dn: Field<DnText>, password: SecretKeys) -> Option<Option<Account>> {
    match dn {
        Field::Absent(_) if password.are_absent() => Some(None),
        Field::Absent(spot) => {
            reader.wrong(&spot, "is missing, and there is a `bind_password`", "give both or none");
            None
        }
        Field::Wrong(_) => None,
        Field::Given(At { value: DnText(dn), .. }) => {
            let secret = password.read(reader, true).at()?;
            Some(Some(Account { dn, password: as_text(reader, &secret)? }))
        }
    }
}

fn find(reader: &Reader<'_>, filter: Field<SearchTemplate>, dn: Field<NameTemplate>, standard: &'static str) -> Find {
    match (filter.at(), dn.at()) {
        (Some(_), Some(At { spot, .. })) => {
            reader.wrong(&spot, "is given beside `user_filter`", "keep one of them");
            Find::Search(preset::template(standard, Place::Name))
        }
        (Some(At { value: SearchTemplate(filter), .. }), None) => Find::Search(filter),
        (None, Some(At { value: NameTemplate(template), .. })) => Find::Bind(template),
        (None, None) => Find::Search(preset::template(standard, Place::Name)),
    }
}

struct GroupKeys {
    base: Field<DnText>,
    filter: Field<GroupTemplate>,
    nested: Field<bool>,
    called_by: Field<OneOf<CalledBy>>,
}

impl GroupKeys {
    fn check(self, reader: &Reader<'_>, spot: &Spot, standard: &preset::Standard) -> Groups {
        let has_base = !self.base.is_absent();
        let needs_base = [
            (
                matches!(&self.filter, Field::Given(At { value: GroupTemplate(Some(_)), .. })),
                self.filter.spot().clone(),
            ),
            (matches!(&self.nested, Field::Given(At { value: true, .. })), self.nested.spot().clone()),
        ];
        for (_, at) in needs_base.into_iter().filter(|(needs, _)| *needs && !has_base) {
            reader.wrong(&at, "needs `group_base_dn`", "say where groups are");
        }
        let nested = self.nested.or(standard.nested && has_base);
        let filter = match self.filter.given() {
            Some(GroupTemplate(filter)) => filter,
            None => standard.group_filter.map(|text| preset::template(text, Place::Dn)),
        };
        if nested && filter.is_none() {
            reader.wrong(&spot.below("group_filter"), "is `\"\"`, and `nested_groups` are wanted", "give a filter");
        }
        Groups {
            base: self.base.given().map(|DnText(dn)| dn),
            filter: filter.filter(|_| has_base),
            nested,
            called_by: self.called_by.or(OneOf(CalledBy::Name)).0,
        }
    }
}
