//! What a directory's answers mean.

use super::{Finding, Severity};
use crate::login::ProviderId;
use crate::provider::ldap::{Hitch, Probe};

/// The troubles of the directory `provider`, by what each of its servers answers.
pub fn diagnose(provider: &ProviderId, probes: &[Probe]) -> Vec<Finding> {
    // While one server answers, people can log in.
    let severity = if probes.iter().any(|probe| probe.is_own && !probe.hitches.iter().any(is_of_server)) {
        Severity::Warning
    } else {
        Severity::Error
    };
    let mut findings: Vec<Finding> = Vec::new();
    for Probe { server, is_own, hitches } in probes {
        for hitch in hitches {
            let severity = if *is_own && is_of_server(hitch) { severity } else { Severity::Error };
            let (check, trouble, remedy) = meaning(server, hitch);
            let finding = Finding::new(check, severity, format!("provider `{provider}` {trouble}"), remedy);
            // What is wrong with the entries is wrong at each server.
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// Whether another server may be well all the same.
fn is_of_server(hitch: &Hitch) -> bool {
    match hitch {
        Hitch::Name | Hitch::Connection { .. } | Hitch::Encryption(_) | Hitch::Silent(_) => true,
        Hitch::Account { .. }
        | Hitch::Bind { .. }
        | Hitch::Base { .. }
        | Hitch::UserFilter { .. }
        | Hitch::Nobody
        | Hitch::NoSubject { .. }
        | Hitch::GroupBase { .. }
        | Hitch::GroupFilter { .. } => false,
    }
}

/// The check's name, the trouble and the remedy.
fn meaning(server: &str, hitch: &Hitch) -> (&'static str, String, &'static str) {
    match hitch {
        Hitch::Name => (
            "provider.dns",
            format!("has a server whose name does not resolve: {server}"),
            "check the spelling in `urls`, and the DNS server of this machine or container",
        ),
        Hitch::Connection { cause } => (
            "provider.unreachable",
            format!("has a server that cannot be reached: {server} ({cause})"),
            "check the port in `urls`, the firewall between this machine and the directory, and whether it runs",
        ),
        Hitch::Encryption(cause) => (
            "provider.tls",
            format!("has a server that gives no encrypted connection: {server} ({cause})"),
            "write in `urls` the name that is in its certificate, put its authority into `ca_file`, or renew it; a server without \
             StartTLS is reached by ldaps://",
        ),
        Hitch::Account { code } => (
            "provider.bind",
            format!("does not accept `bind_dn` with its password (`{code}`)"),
            "copy bind_dn and bind_password again, and check that the account is neither locked nor expired",
        ),
        Hitch::Bind { code } => (
            "provider.bind",
            format!("takes nobody's name and password (`{code}`)"),
            "allow simple binds over this kind of connection in the directory, or use ldaps:// or start_tls",
        ),
        Hitch::Base { code } => (
            "provider.base_dn",
            format!("has no `base_dn` for the account that looks (`{code}`)"),
            "check base_dn, and that the account of bind_dn may read there; many directories tell nothing without bind_dn",
        ),
        Hitch::UserFilter { code } => (
            "provider.user_filter",
            format!("does not take `user_filter` (`{code}`)"),
            "try the filter with ldapsearch; its attributes have to be in the directory's schema",
        ),
        Hitch::Nobody => (
            "provider.user_filter",
            "has nobody below `base_dn` who fits `user_filter`, whatever name is typed".to_owned(),
            "check `preset`, base_dn and user_filter, and that the account of bind_dn may read these attributes",
        ),
        Hitch::NoSubject { attribute } => (
            "provider.subject",
            format!("does not tell `{attribute}` of the people it finds, so that nobody can log in"),
            "check `preset` and `subject`, and that the account of bind_dn may read that attribute",
        ),
        Hitch::GroupBase { code } => (
            "provider.group_base_dn",
            format!("has no `group_base_dn` for the account that looks (`{code}`)"),
            "check group_base_dn, and that the account of bind_dn may read there",
        ),
        Hitch::GroupFilter { code } => (
            "provider.group_filter",
            format!("does not take `group_filter` (`{code}`)"),
            "try the filter with ldapsearch; its attributes have to be in the directory's schema",
        ),
        Hitch::Silent(cause) => (
            "provider.silent",
            format!("has a server that stopped answering: {server} ({cause})"),
            "look at the server's own log and load; `timeout` says how long Roomkey waits",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(server: &str, hitches: &[Hitch]) -> Probe {
        Probe { server: server.to_owned(), is_own: true, hitches: hitches.to_vec() }
    }

    fn found(probes: &[Probe]) -> Vec<(&'static str, Severity)> {
        let findings = diagnose(&"dir".parse().unwrap(), probes);
        findings.iter().map(|finding| (finding.check, finding.severity)).collect()
    }

    #[test]
    fn a_server_that_is_down_is_no_error_while_another_answers() {
        let (down, up) = (probe("ldaps://one", &[Hitch::Name]), probe("ldaps://two", &[]));

        assert_eq!(found(&[down.clone(), up]), [("provider.dns", Severity::Warning)]);
        assert_eq!(found(&[down.clone(), down]), [("provider.dns", Severity::Error)]);
    }

    #[test]
    fn a_server_that_referrals_lead_to_has_no_other_in_its_place() {
        let (up, own_down) = (probe("ldaps://one", &[]), probe("ldaps://one", &[Hitch::Name]));
        let other = |hitches| Probe { is_own: false, ..probe("ldaps://two", hitches) };

        assert_eq!(found(&[up, other(&[Hitch::Name])]), [("provider.dns", Severity::Error)]);
        assert_eq!(found(&[own_down, other(&[])]), [("provider.dns", Severity::Error)]);
    }

    #[test]
    fn what_is_wrong_with_the_entries_is_told_once() {
        let hitches = [Hitch::Nobody, Hitch::GroupBase { code: "32-noSuchObject".to_owned() }];

        let found = found(&[probe("ldaps://one", &hitches), probe("ldaps://two", &hitches)]);

        assert_eq!(found, [("provider.user_filter", Severity::Error), ("provider.group_base_dn", Severity::Error)]);
    }
}
