//! What the settings of `config.js` mean for logins.

use url::Url;

use super::{Script, join};
use crate::doctor::{Finding, Severity};

/// Where jitsi-oidc-adapter has people begin (its `docs/setup-standalone.md`).
const ADAPTER: &str = "oidc/auth";

/// Longest address that is repeated, in characters.
const MAX_SHOWN: usize = 200;

/// The troubles of a front end that should send people to `public_url`, or, `by_adapter`, still to where jitsi-oidc-adapter was.
pub fn diagnose(script: &Script, public_url: &Url, by_adapter: bool) -> Vec<Finding> {
    let inline = script.is_on("tokenAuthInline");
    let mut findings = Vec::new();
    match script.text("tokenAuthUrl") {
        None => findings.push(error(
            "meeting.token_auth_url",
            "config.js has no tokenAuthUrl: Jitsi sends nobody to log in".to_owned(),
            public_url,
        )),
        Some(url) if by_adapter && url == join(public_url, ADAPTER).as_str().to_owned() + "?state={state}" => {}
        Some(url) if inline => findings.extend(inline_door(url, script, public_url)),
        Some(url) => findings.extend(redirect_door(url, script, public_url)),
    }
    if let Some(guests) = script.text("hosts.anonymousdomain") {
        findings.push(Finding::new(
            "meeting.guests",
            Severity::Note,
            format!("guests may come without Roomkey, by {}", shown(guests)),
            "if that is not meant, remove hosts.anonymousdomain (docker: ENABLE_GUESTS=0); \
             if it is, let them wait for somebody with a token: muc_wait_for_host and persistent_lobby",
        ));
    }
    findings
}

fn redirect_door(url: &str, script: &Script, public_url: &Url) -> Vec<Finding> {
    let rooms = join(public_url, "room/");
    let Some(below) = url.strip_prefix(rooms.as_str()) else {
        return vec![elsewhere(url, &rooms, public_url)];
    };
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    if path != "{room}" {
        let trouble = "tokenAuthUrl does not end in /room/{room}: people come to the wrong meeting".to_owned();
        return vec![error("meeting.token_auth_url", trouble, public_url)];
    }
    let mut findings = Vec::new();
    if !query.split('&').any(|parameter| parameter == "state={state}") {
        findings.push(Finding::new(
            "meeting.state",
            Severity::Warning,
            "tokenAuthUrl has no ?state={state}: the apps do not come back, and tenants are not known",
            setting(public_url),
        ));
    }
    if !script.is_on("tokenAuthUrlAutoRedirect") {
        findings.push(Finding::new(
            "meeting.auto_redirect",
            Severity::Note,
            "people have to press a button to log in, even if they are signed in already",
            "set config.tokenAuthUrlAutoRedirect = true",
        ));
    }
    findings
}

fn inline_door(url: &str, script: &Script, public_url: &Url) -> Vec<Finding> {
    let authorize = join(public_url, "oauth2/authorize");
    if url.split('?').next() != Some(authorize.as_str()) {
        return vec![elsewhere(url, &authorize, public_url)];
    }
    // The front end puts `https://` before it, and `/token` behind.
    let service = join(public_url, "oauth2");
    let service = service.as_str().split_once("://").map_or("", |(_, rest)| rest);
    let told = script.text("sso.tokenService");
    if told != Some(service) {
        return vec![Finding::new(
            "meeting.token_service",
            Severity::Error,
            format!(
                "sso.tokenService in config.js is {}, so that inline logins end without a token",
                shown_or_unset(told)
            ),
            format!("set config.sso.tokenService = '{service}'"),
        )];
    }
    if script.text("sso.clientId").is_none_or(str::is_empty) {
        return vec![Finding::new(
            "meeting.client_id",
            Severity::Error,
            "config.js has no sso.clientId: inline logins are refused",
            "take the lines of `roomkey jitsi print config.js`",
        )];
    }
    Vec::new()
}

fn elsewhere(url: &str, expected: &Url, public_url: &Url) -> Finding {
    let trouble = format!("tokenAuthUrl sends people to {}, not to {expected}", shown(url));
    error("meeting.elsewhere", trouble, public_url)
}

fn error(check: &'static str, trouble: String, public_url: &Url) -> Finding {
    Finding::new(check, Severity::Error, trouble, setting(public_url))
}

fn setting(public_url: &Url) -> String {
    let rooms = join(public_url, "room/");
    format!("set config.tokenAuthUrl = '{rooms}{{room}}?state={{state}}' (docker: TOKEN_AUTH_URL)")
}

fn shown_or_unset(text: Option<&str>) -> String {
    text.map_or_else(|| "not set".to_owned(), shown)
}

/// A text of somebody else's, without its query and fit for a line.
fn shown(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    format!("`{}`", text.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "config.tokenAuthUrl = 'https://meet.example.com/sso/room/{room}?state={state}';
        config.tokenAuthUrlAutoRedirect = true;";
    const INLINE: &str = "config.tokenAuthInline = true;
        config.tokenAuthUrl = 'https://meet.example.com/sso/oauth2/authorize?state={state}';
        config.sso = { tokenService: 'meet.example.com/sso/oauth2', clientId: 'jitsi' };";

    fn found(script: &str) -> Vec<(&'static str, Severity)> {
        found_with(script, false)
    }

    fn found_with(script: &str, by_adapter: bool) -> Vec<(&'static str, Severity)> {
        let public_url = "https://meet.example.com/sso/".parse().unwrap();
        let findings = diagnose(&Script::read(script), &public_url, by_adapter);
        findings.iter().map(|finding| (finding.check, finding.severity)).collect()
    }

    #[test]
    fn a_front_end_that_sends_people_here_gives_no_finding() {
        assert_eq!(found(GOOD), []);
        assert_eq!(found(INLINE), []);
    }

    #[test]
    fn each_way_to_send_them_elsewhere_has_its_name() {
        let error = |check| [(check, Severity::Error)];

        assert_eq!(found("config.bosh = 'x';"), error("meeting.token_auth_url"));
        assert_eq!(found(&GOOD.replace("meet.example", "www.example")), error("meeting.elsewhere"));
        assert_eq!(found(&GOOD.replace("/{room}", "/")), error("meeting.token_auth_url"));
        assert_eq!(found(&GOOD.replace("/sso", "")), error("meeting.elsewhere"));
        assert_eq!(found(&INLINE.replace("authorize", "login")), error("meeting.elsewhere"));
        assert_eq!(found(&INLINE.replace("sso/oauth2'", "oauth2'")), error("meeting.token_service"));
        assert_eq!(found(&INLINE.replace("'jitsi'", "''")), error("meeting.client_id"));
    }

    #[test]
    fn what_works_less_well_than_it_could_is_told_apart() {
        assert_eq!(found(&GOOD.replace("?state={state}", "")), [("meeting.state", Severity::Warning)]);
        assert_eq!(found(&GOOD.replace("true", "false")), [("meeting.auto_redirect", Severity::Note)]);
        let guests = format!("{GOOD} config.hosts.anonymousdomain = 'guest.meet.example.com';");
        assert_eq!(found(&guests), [("meeting.guests", Severity::Note)]);
    }

    #[test]
    fn the_address_of_jitsi_oidc_adapter_is_right_where_roomkey_has_its_place() {
        let script = "config.tokenAuthUrl = 'https://meet.example.com/sso/oidc/auth?state={state}';";

        assert_eq!(found_with(script, true), []);
        assert_eq!(found_with(script, false), [("meeting.elsewhere", Severity::Error)]);
    }

    #[test]
    fn a_query_of_somebody_elses_is_not_repeated() {
        assert_eq!(shown("https://a.example/login?key=secret"), "`https://a.example/login`");
    }
}
