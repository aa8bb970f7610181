//! What each way to end means in plain words, and what to do.

use super::Facts;
use crate::failure::Failure;

/// The cause of `failure`, in one sentence.
pub fn cause(failure: Failure) -> &'static str {
    explanation(failure).0
}

/// What to do about `failure`: one sentence, and the command or the value to compare where `facts` give one.
pub fn remedy(failure: Failure, facts: &Facts) -> String {
    let remedy = explanation(failure).1;
    let more = match failure {
        Failure::CookieLost => facts.host.as_ref().map(|host| format!("the browser asked for `{host}`")),
        Failure::NoRule | Failure::RuleDenies => facts.room.as_ref().map(|room| explain(room, facts)),
        _ => None,
    };
    more.map_or_else(|| remedy.to_owned(), |more| format!("{remedy}: {more}"))
}

/// The command that tells of each rule why it fits or not.
fn explain(room: &str, facts: &Facts) -> String {
    let option = |name: &str, value: &Option<String>| {
        value.as_ref().map_or_else(String::new, |value| format!(" --{name} '{value}'"))
    };
    let place = option("tenant", &facts.tenant) + &option("provider", &facts.provider);
    format!("`roomkey access explain --room '{room}'{place} --email ADDRESS --group GROUP`")
}

fn explanation(failure: Failure) -> (&'static str, &'static str) {
    match failure {
        Failure::NoPage => (
            "the address is none of Roomkey's",
            "meeting links are {public_url}/room/{room}; check tokenAuthUrl, and what the proxy does to the path",
        ),
        Failure::WrongMethod => (
            "the address is there, but not for that kind of request",
            "nothing, if it was a program that tries addresses; else look for what sends it",
        ),
        Failure::BadRequest => (
            "the request is longer than any of Jitsi's, broken, or says a thing twice",
            "open the meeting's own link again; if it recurs, look at what stands between browser and Roomkey",
        ),
        Failure::BadRoom => (
            "the meeting has a name that Jitsi would change or cannot have; the line names the character",
            "give the meeting another name",
        ),
        Failure::BadState => (
            "the `state` of the link is not what Jitsi's front end sends",
            "set tokenAuthUrl to {public_url}/room/{room}?state={state}, the braces as they stand",
        ),
        Failure::OptionsTooLarge => (
            "the meeting's link carries more options than a login can",
            "shorten what stands behind `#` in the meeting's link",
        ),
        Failure::NoProvider => (
            "the link, or the way back from the provider, names a provider that is not in roomkey.toml",
            "check the redirect URI at the provider: {public_url}/callback/{id}, with the id of [[providers]]",
        ),
        Failure::RoomClosed => (
            "no rule lets anybody into that room, whichever provider they come from",
            "if that is not meant, write a rule in [[access]] whose `rooms` fit the name",
        ),
        Failure::PassUnknown => (
            "no pass has this code, or the pass ended over 30 days ago",
            "have the link copied whole; `roomkey pass list` shows the passes there are",
        ),
        Failure::PassEarly => (
            "the time that the pass was made for has not begun",
            "`roomkey pass list` shows when it begins; the clock of the machine has to be right",
        ),
        Failure::PassLate => (
            "the time that the pass was made for is over",
            "make another by `roomkey pass create`; `roomkey pass list` shows when this one ended",
        ),
        Failure::PassUsedUp => (
            "as many have come by the pass as it is for; with `--people`, another browser is another person",
            "make another by `roomkey pass create`, or one with a higher number",
        ),
        Failure::PassWithdrawn => (
            "the pass was withdrawn by `roomkey pass revoke` or by the API",
            "make another by `roomkey pass create`, if that was by mistake",
        ),
        Failure::PassNotTheirs => (
            "the pass is for another person than logged in, or not for this room and time",
            "have them log in as whom the pass is for; an address counts only if the provider has verified it",
        ),
        Failure::PassesTried => (
            "too many codes that no pass has came from one address",
            "nothing, if somebody tries codes; else find out which of your links are cut off",
        ),
        Failure::NoPasses => (
            "the store could not be reached, without which nobody enters by a pass",
            "look at the store's own log, and run `roomkey doctor`",
        ),
        Failure::CookieLost => (
            "the browser did not bring the login's cookie back from the provider",
            "for one person, see to cookies, another browser, the back button; for everybody, run `roomkey doctor`, and compare the \
             host that browsers ask for with that of public_url",
        ),
        Failure::Expired => (
            "more than ten minutes passed between the link and the way back from the provider",
            "open the meeting's link again",
        ),
        Failure::NotThisLogin => (
            "what came back belongs to another login, or to none of Roomkey's",
            "open the meeting's link again; if it recurs for one person, look for what opens links before they do; all replicas \
             need the same session secret",
        ),
        Failure::StaleForm => {
            ("a page was left open over a login or logout, or another site sent its form", "open the page again")
        }
        Failure::PasswordMissing => (
            "the form came back without a name or without a password, and nothing was tried",
            "the person fills in both; if they did, look for a password manager or a proxy that empties the form",
        ),
        Failure::PasswordWrong => (
            "the directory knows nobody by that name and password; which of the two was wrong is told to nobody",
            "the person tries again; if the password is right, check that base_dn and user_filter find them: \
             `roomkey doctor` asks both",
        ),
        Failure::PasswordTried => (
            "too many passwords have failed for that name or from that address, and none is tried for now",
            "wait; if it is one address for everybody, name the proxy in server.trusted_proxies",
        ),
        Failure::PasswordToChange => (
            "the password was right, but it has expired or was given out to be changed",
            "the person changes it where the directory's passwords are changed, and tries again",
        ),
        Failure::AccountDisabled => (
            "the password was right, but the account is disabled, locked, has expired, or is not for this hour",
            "enable it in the directory",
        ),
        Failure::Uncounted => (
            "how often a password has been tried could not be written down, and so none is tried",
            "run `roomkey doctor`: the database of store.url is not there, or may not be written to",
        ),
        Failure::Unremembered => (
            "whether the assertion has logged somebody in before could not be looked up, and so it does not count",
            "run `roomkey doctor`: the database of store.url is not there, or may not be written to",
        ),
        Failure::ProviderRefused => (
            "the person declined, or the provider did not let them log in; the line has its word for it",
            "try again; if the person did not decline, look for them in the provider's own log",
        ),
        Failure::NotAdmitted => (
            "the provider knows the account, but the settings of the provider in roomkey.toml shut it out; the line says which",
            "log in with an account of the organisation, or widen hosted_domains, allowed_tenants or organizations",
        ),
        Failure::TurnedAway => (
            "the provider does not accept Roomkey as a client: id, secret, redirect URI or grant",
            "run `roomkey doctor`, which tells these apart; then copy what it names from the provider again",
        ),
        Failure::ProviderInTrouble => (
            "the provider said that it could not just then",
            "try again later; if it goes on, look at the provider's own state",
        ),
        Failure::TooManyCalls => (
            "the provider takes no more calls for now",
            "wait for as long as the line says; at GitHub the limit is per application",
        ),
        Failure::SignOnNeeded => (
            "an organisation at GitHub asks for its own single sign-on before it tells who is in it",
            "the person signs on to the organisation at GitHub, authorizes the app for it, and tries again",
        ),
        Failure::ProviderUnreachable => (
            "the provider gave no answer, or none that could be used; the line says at which call and how",
            "run `roomkey doctor`: DNS, firewall, certificate, or the provider itself",
        ),
        Failure::UntrustedTime => (
            "a time in the provider's ID Token has passed, or has not come: the clocks differ",
            "set the clocks of this machine and of the provider by NTP; `roomkey doctor` says whose is wrong",
        ),
        Failure::UntrustedAudience => {
            ("the provider's ID Token is for another client", "make client_id the one of this client at the provider")
        }
        Failure::UntrustedIssuer => (
            "the answer is of another issuer than `issuer` in roomkey.toml",
            "copy `issuer` from the provider's /.well-known/openid-configuration, to the last slash",
        ),
        Failure::UntrustedSignature => (
            "no key of the provider's made the signature of the ID Token, or by an algorithm that was not agreed on",
            "check jwks_uri and the client's signing algorithm at the provider; if both are right, somebody may have forged it",
        ),
        Failure::UntrustedNonce => (
            "the ID Token answers another login than this one",
            "open the meeting's link again; if it recurs, somebody may be replaying logins, or the provider drops `nonce`",
        ),
        Failure::UntrustedStrength => (
            "the person did not log in as strictly, or as lately, as acr_values or max_age ask for",
            "check that the provider supports them for this client, or take them out",
        ),
        Failure::Untrusted => (
            "a check of the provider's answer failed; the line names it",
            "look the check up in docs/providers/generic-oidc.md; if the settings are right, somebody may be at it",
        ),
        Failure::SamlTime => (
            "a time in the SAML response has passed, or has not come: the clocks differ, or the person took too long",
            "set the clocks of this machine and of the provider by NTP",
        ),
        Failure::SamlAudience => (
            "the SAML response is for another service provider, or for another address than Roomkey's",
            "give the provider Roomkey's metadata anew: {public_url}/saml/{id}/metadata; it may know another public_url or entity_id",
        ),
        Failure::SamlIssuer => (
            "the SAML response is of another identity provider than the metadata describe",
            "check idp_metadata_file or idp_metadata_url, and idp_entity_id",
        ),
        Failure::SamlRequest => (
            "the SAML response answers another login than this one, or none: it began at the provider",
            "open the meeting's link; for logins that begin at the provider there is idp_initiated",
        ),
        Failure::SamlSignature => (
            "neither the SAML response nor the assertion is signed by a key of the provider's metadata, by an algorithm of today",
            "refresh the provider's metadata, and have it sign with SHA-256; if both are right, somebody may have forged it",
        ),
        Failure::SamlEncryption => (
            "the SAML assertion is not encrypted for Roomkey's key, or in a way that is not taken; the line says which",
            "give the provider Roomkey's metadata anew, and let it encrypt by AES-GCM with RSA-OAEP",
        ),
        Failure::SamlSubject => (
            "the SAML assertion does not say who the person is for good",
            "have the provider send a persistent NameID, or name an attribute as `subject`",
        ),
        Failure::SamlStrength => (
            "the person did not log in by a class of authn_context, or not afresh where force_authn asks for it",
            "check that the provider supports what is asked for, or take it out",
        ),
        Failure::SamlReplay => (
            "the SAML assertion has logged somebody in already",
            "open the meeting's link again; if it recurs, somebody may be replaying logins",
        ),
        Failure::Saml => (
            "a check of the SAML response failed; the line names it",
            "if the provider's settings are right, somebody may be at it",
        ),
        Failure::LogoutRefused => (
            "a SAML message about a logout was not believed; the line names the check that it failed",
            "give the identity provider Roomkey's metadata of today, and Roomkey the identity provider's: both sides have to sign logouts",
        ),
        Failure::NoRule => (
            "no rule of [[access]] fits the person in that room; the line names rules that came close, and what they lacked",
            "did the provider send groups, and is the address verified? Try what the rules say with the person's groups and address",
        ),
        Failure::RuleDenies => (
            "the first rule that fits the person in that room says `deny = true`",
            "if that is not meant, move a rule that lets them in before it, and try it",
        ),
        Failure::GrantEnded => {
            ("the rule's `until` came while the person logged in", "move `until`, if the meeting goes on")
        }
        Failure::TokenTooLarge => (
            "with all that is to be in it, the token would be longer than Prosody reads",
            "take something out of meeting.share, or give the rule fewer features",
        ),
        Failure::NoKey => (
            "there is no key to sign with yet: Roomkey makes them itself, keeps them in the store, and has not reached it",
            "run `roomkey keys list` and `roomkey doctor`, which tell what is the matter with store.url",
        ),
        Failure::CannotSign => {
            ("the key did not sign the token", "run `roomkey config check`, and give [meeting.signing] another key")
        }
        Failure::NoCode => (
            "the store did not keep the code for Jitsi's front end, or the inline login was switched off meanwhile",
            "run `roomkey doctor`: the database of store.url is not there, or may not be written to",
        ),
        Failure::NotRecorded => (
            "neither the store nor the folder of audit.journal took the record, without which nobody is let in",
            "run `roomkey doctor`, and see whether the disk of that folder is full or may not be written to",
        ),
        Failure::WrongClientId => (
            "`client_id` of the request is not that of [meeting.inline]",
            "make sso.clientId in config.js what `roomkey jitsi print config.js` prints",
        ),
        Failure::WrongRedirectUri => (
            "`redirect_uri` of the request is not {meeting.url}/static/sso.html, or another than at the beginning of the login",
            "make meeting.url the very address in people's browsers, or lead every other name of the meetings to it",
        ),
        Failure::WrongResponse => (
            "`response_type` is not `code`, or `response_mode` is not `query`",
            "make tokenAuthUrl in config.js what `roomkey jitsi print config.js` prints",
        ),
        Failure::RequestObject => (
            "the request stands in `request` or behind `request_uri`, which Jitsi's front end never uses",
            "make tokenAuthUrl in config.js what `roomkey jitsi print config.js` prints",
        ),
        Failure::NoChallenge => (
            "the request for the inline login has no code challenge made by S256",
            "make tokenAuthUrl in config.js what `roomkey jitsi print config.js` prints, with {code_challenge} as it stands; a front \
             end that does not fill it in is too old for the inline login",
        ),
        Failure::NoState => (
            "the request for the inline login has no `state`, and so names no meeting",
            "make tokenAuthUrl in config.js what `roomkey jitsi print config.js` prints, with {state} as it stands",
        ),
        Failure::NotSignedIn => (
            "the front end asked by `prompt=none` for somebody who is signed in, and nobody is, or not as lately as `max_age` asks",
            "nothing, if it then asks without `prompt=none`; else take that out of tokenAuthUrl",
        ),
        Failure::ForeignOrigin => (
            "a page of another site than meeting.url asked for tokens",
            "if people reach the meetings by that name too, lead it to meeting.url; else another site has tried",
        ),
        Failure::WrongGrant => (
            "the request for tokens lacks a parameter, or asks for a grant that is not there; the line names it",
            "nothing, if it was a program that tries addresses; else update Jitsi's front end, whose sso.html asks for tokens",
        ),
        Failure::CodeUnknown => (
            "the code of the inline login is unknown, older than a minute, or has been used before",
            "log in again; if it recurs, see that every replica has the same store, and that Jitsi's page sends a code once",
        ),
        Failure::WrongVerifier => (
            "whoever brought the code is not the page that asked for it",
            "log in again; if it recurs, somebody may be stealing codes, or a second login in the same browser was in between",
        ),
        Failure::RefreshUnknown => (
            "the refresh token is unknown: its session has ended, or the database is another one",
            "log in again; if it happens to everybody at once, look whether store.url has changed",
        ),
        Failure::RefreshReplayed => (
            "a refresh token was used twice, so that all that came from that login has ended",
            "log in again; if it recurs for one person, somebody else may have their tokens",
        ),
        Failure::Sealed => (
            "what the code or the refresh token stands for was sealed with a session.secret that is not in use any more",
            "log in again; give the former secret in session.previous_secrets_file for as long as sessions last",
        ),
        Failure::SessionEnded => (
            "the session that tokens were asked for has ended: by logout, at the provider, or by its age",
            "log in again; session.lifetime and session.idle say how long a session lasts",
        ),
        Failure::LoginNeeded => (
            "the provider does not vouch for the session's person any more without asking them",
            "log in again; if it happens too often, look at how long the provider's own sessions last",
        ),
        Failure::NoSessions => (
            "the store of sessions could not be reached",
            "run `roomkey doctor`: store.url, store.sessions and the servers behind them",
        ),
        Failure::Panicked => {
            ("Roomkey itself has a fault", "report it with the lines around this one; they hold no secret")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_failure_has_a_cause_and_a_remedy_of_its_own() {
        let causes: BTreeSet<_> = Failure::ALL.iter().map(|&failure| cause(failure)).collect();

        assert_eq!(causes.len(), Failure::ALL.len());
        for &failure in Failure::ALL {
            let (cause, remedy) = (cause(failure), remedy(failure, &Facts::default()));
            assert!(cause.len() > 20 && remedy.len() > 10, "{failure}");
            assert!(!cause.ends_with('.') && !remedy.ends_with('.'), "{failure}");
        }
    }

    #[test]
    fn a_remedy_is_given_for_the_meeting_at_hand() {
        let facts = Facts {
            room: Some("standup".to_owned()),
            provider: Some("work".to_owned()),
            host: Some("www.example.com".to_owned()),
            ..Facts::default()
        };

        let no_rule = remedy(Failure::NoRule, &facts);
        let lost = remedy(Failure::CookieLost, &facts);

        let command = "`roomkey access explain --room 'standup' --provider 'work' --email ADDRESS --group GROUP`";
        assert!(no_rule.ends_with(command), "{no_rule}");
        assert!(lost.ends_with(": the browser asked for `www.example.com`"), "{lost}");
    }
}
