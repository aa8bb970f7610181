//! Looks at the configuration itself: what is wrong or doubtful in the file, and what does not fit a deployment behind a proxy.

use url::Url;

use super::{Finding, Severity};
use crate::config::{Config, LoadError, ProviderKind, Report};
use crate::policy::Outcome;
use crate::provider::chain;

/// The troubles of a file that cannot be used; nothing else can be checked then.
pub fn of_unusable(error: &LoadError) -> Vec<Finding> {
    match error {
        LoadError::File(_) => vec![Finding::new(
            "configuration.file",
            Severity::Error,
            chain(error),
            "name the file by --config or $ROOMKEY_CONFIG, and let this user read it",
        )],
        LoadError::Wrong(report) => told("configuration.wrong", Severity::Error, report),
    }
}

/// What is doubtful about a file that can be used.
pub fn of_usable(config: &Config, warnings: &Report) -> Vec<Finding> {
    let mut findings = told("configuration.doubt", Severity::Warning, warnings);
    // Roomkey itself speaks plain http.
    if config.public_url.is_https() && config.server.trusted_proxies.is_empty() {
        findings.push(Finding::new(
            "configuration.proxies",
            Severity::Note,
            "no proxy is trusted, so that the log has the proxy's address in place of each visitor's",
            "put the proxy's network into server.trusted_proxies",
        ));
    }
    findings.extend(guests_without_rule(config));
    findings.extend(shadowed_room(config.public_url.as_url(), &config.meeting.url));
    findings
}

/// Providers of guests that no rule names: others do not speak of people whom nobody has verified.
fn guests_without_rule(config: &Config) -> impl Iterator<Item = Finding> {
    let lets_in = |id| {
        let mut rules = config.rules.iter().filter(|rule| matches!(rule.outcome, Outcome::Admit(_)));
        rules.any(|rule| rule.providers.contains(id))
    };
    let guests = config.providers.iter().filter(|provider| matches!(provider.kind, ProviderKind::Guest));
    guests.filter(move |provider| !lets_in(&provider.id)).map(|provider| {
        Finding::new(
            "configuration.guests",
            Severity::Warning,
            format!("provider `{}` lets nobody in: no rule names it", provider.id),
            format!("add providers = [\"{}\"] to a rule of [[access]], or take the provider out", provider.id),
        )
    })
}

/// The meeting that has Roomkey's own address.
fn shadowed_room(public_url: &Url, meeting: &Url) -> Option<Finding> {
    let room = public_url.path_segments()?.next().filter(|first| !first.is_empty())?;
    (public_url.origin() == meeting.origin()).then(|| {
        Finding::new(
            "configuration.shadowed_room",
            Severity::Note,
            format!("no meeting can be called `{room}`: Roomkey has that address on Jitsi's own host"),
            "if somebody wants a meeting of that name, give Roomkey a host of its own, or another path in public_url",
        )
    })
}

fn told(check: &'static str, severity: Severity, report: &Report) -> Vec<Finding> {
    let lines = report.lines().map(|line| {
        let mistake = line.mistake();
        let path = if mistake.path.is_empty() { String::new() } else { format!(" `{}`", mistake.path) };
        let trouble = format!("{}:{path} {}", line.place(), mistake.wrong);
        Finding::new(check, severity, trouble, mistake.remedy.clone())
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;
    use crate::doctor::testing::{FILE, load};

    fn found(file: &str) -> Vec<Finding> {
        match load(file) {
            Ok(loaded) => of_usable(&loaded.config, &loaded.warnings),
            Err(error) => of_unusable(&error),
        }
    }

    fn checks(file: &str) -> Vec<&'static str> {
        found(file).iter().map(|finding| finding.check).collect()
    }

    #[test]
    fn a_proxy_that_nobody_trusts_is_told() {
        let trusting = FILE.replacen("[meeting]\n", "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n[meeting]\n", 1);

        assert_eq!(checks(FILE), ["configuration.proxies"]);
        assert_eq!(checks(&trusting), [""; 0]);
    }

    #[test]
    fn a_meeting_called_like_roomkeys_own_path_is_told() {
        let below = |path: &str| FILE.replace("https://sso.example.com", &format!("https://meet.example.com{path}"));

        assert_eq!(checks(&below("/sso/a")), ["configuration.proxies", "configuration.shadowed_room"]);
        assert!(found(&below("/sso/a"))[1].trouble.contains("`sso`"));
        assert_eq!(
            checks(&FILE.replace("https://sso.example.com", "https://sso.example.com/sso")),
            ["configuration.proxies"]
        );
    }

    #[test]
    fn guests_of_whom_no_rule_speaks_are_told() {
        let with_guests = FILE.replace("[[access]]", "[[providers]]\nid = \"guest\"\nkind = \"guest\"\n[[access]]");
        let named = with_guests.replace("role =", "providers = [\"guest\"]\nrole =");

        assert_eq!(checks(&with_guests), ["configuration.proxies", "configuration.guests"]);
        assert_eq!(checks(&named), ["configuration.proxies"]);
    }

    #[test]
    fn every_mistake_is_a_finding_without_a_secret_in_it() {
        let found = found(&FILE.replace("e3a5f0c9b1d74826af0e5c3d9b718264", "short").replace("issuer", "isuer"));

        assert!(found.len() >= 2 && found.iter().all(|finding| finding.check == "configuration.wrong"), "{found:?}");
        assert!(found.iter().all(|finding| !finding.trouble.contains("short`") && !finding.remedy.is_empty()));
    }

    #[test]
    fn a_file_that_is_not_there_is_told() {
        let error = Config::load(std::path::Path::new("/nowhere/roomkey.toml"), &Environment::default()).unwrap_err();

        assert_eq!(of_unusable(&error)[0].check, "configuration.file");
    }
}
