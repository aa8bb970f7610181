//! What Prosody's answers mean (JITSI.md, "The token" and "What goes wrong at real sites").

use super::{Observed, Outcome};
use crate::doctor::bosh::BoshError;
use crate::doctor::{Finding, Severity};
use crate::jitsi::{Flaw, Meeting, SigningKey};

/// The troubles behind what was observed; none if all is as it should be.
pub fn diagnose(observed: &Observed, meeting: &Meeting, key: &SigningKey) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(error) = &observed.moderator {
        findings.push(refusal_of_a_good_token(error, meeting, key));
    }
    findings.extend(unguarded(observed));
    findings.extend(observed.flawed.iter().filter(|(_, outcome)| outcome.is_ok()).filter_map(|(flaw, _)| {
        // Whoever needs no token needs no good one either: one line says it all.
        let said = observed.nobody.is_ok() && matches!(flaw, Flaw::Signature | Flaw::Expired | Flaw::NotYet);
        (!said).then(|| acceptance_of(*flaw))
    }));
    findings.extend(roles(&observed.moderator, observed.participant.as_ref()));
    findings
}

fn refusal_of_a_good_token(error: &BoshError, meeting: &Meeting, key: &SigningKey) -> Finding {
    match error {
        BoshError::Http(cause) => Finding::new(
            "prosody.bosh",
            Severity::Error,
            format!("Prosody cannot be reached over BOSH: {cause}"),
            "check that the web server passes /http-bind on to Prosody, and that `bosh` is among its modules",
        ),
        BoshError::NotBosh { status } => Finding::new(
            "prosody.bosh",
            Severity::Error,
            format!("what answers at the BOSH address is not Prosody (status {status})"),
            "check that the web server passes /http-bind on to Prosody, and that `bosh` is among its modules",
        ),
        BoshError::Ended { condition } => Finding::new(
            "prosody.domain",
            Severity::Error,
            format!("Prosody does not serve the domain that config.js names ({condition})"),
            "make hosts.domain in config.js the name of Prosody's VirtualHost",
        ),
        BoshError::NoAnonymous { .. } => Finding::new(
            "prosody.authentication",
            Severity::Error,
            "Prosody asks for a password, not for a token",
            "set authentication = \"token\" on the VirtualHost (docker: ENABLE_AUTH=1, AUTH_TYPE=jwt)",
        ),
        BoshError::Login { reason } => refused_login(reason, meeting, key),
        BoshError::Join { condition, reason } => refused_join(condition, reason, meeting),
        BoshError::Silent { what } => Finding::new(
            "prosody.silent",
            Severity::Error,
            format!("Prosody gave no answer to the {what}"),
            "look for a traceback in Prosody's log: a module has crashed",
        ),
    }
}

/// Why people without a token do not get as far as the lobby, though `config.js` sends them to `domain`.
pub fn of_guests(domain: &str, error: &BoshError) -> Finding {
    Finding::new(
        "prosody.guests",
        Severity::Error,
        format!("guests are locked out: Prosody does not let them connect to `{domain}` ({error})"),
        "add a VirtualHost of that name with authentication = \"jitsi-anonymous\" (docker: ENABLE_GUESTS=1), \
         or take hosts.anonymousdomain out of config.js",
    )
}

fn refused_login(reason: &str, meeting: &Meeting, key: &SigningKey) -> Finding {
    let error = |check, trouble: String, remedy: String| Finding::new(check, Severity::Error, trouble, remedy);
    let (algorithm, kid) = (key.algorithm(), key.key_id());
    match reason {
        "Invalid signature" if algorithm.is_symmetric() => error(
            "prosody.secret",
            "Prosody's secret is another one".into(),
            "make Prosody's app_secret (docker: JWT_APP_SECRET) the same as meeting.signing.secret, and restart it"
                .into(),
        ),
        "Invalid signature" => error(
            "prosody.key",
            format!("Prosody has another public key under the key id `{kid}`"),
            "a new key needs a new key id; restart Prosody, which keeps a key by its id until then".into(),
        ),
        "Invalid or incorrect alg" => error(
            "prosody.algorithm",
            format!("Prosody expects another algorithm than {algorithm}"),
            format!("set signature_algorithm = \"{algorithm}\" (docker: JWT_SIGN_TYPE) in Prosody"),
        ),
        "'kid' claim is missing" | "could not obtain public key" => error(
            "prosody.key_server",
            format!("Prosody does not get the public key `{kid}`"),
            "make asap_key_server {public_url}/asap, reachable from Prosody's machine, without a redirect".into(),
        ),
        "invalid 'iss' claim" => error(
            "prosody.app_id",
            format!("Prosody does not accept `{}` as the issuer", meeting.app_id),
            "make Prosody's app_id, or one of asap_accepted_issuers, the same as meeting.app_id".into(),
        ),
        "invalid 'aud' claim" => error(
            "prosody.audience",
            format!("Prosody does not accept `{}` as the audience", meeting.audience),
            "add meeting.audience to Prosody's asap_accepted_audiences (docker: JWT_ACCEPTED_AUDIENCES)".into(),
        ),
        _ if reason.starts_with("Not acceptable by exp") => error(
            "prosody.clock",
            "Prosody's clock is ahead of Roomkey's: a fresh token counts as expired".into(),
            "set both clocks by NTP; Prosody allows no difference".into(),
        ),
        _ if reason.starts_with("Not acceptable by nbf") => error(
            "prosody.clock",
            "Prosody's clock is behind Roomkey's: a fresh token counts as not yet good".into(),
            "set both clocks by NTP; Prosody allows no difference".into(),
        ),
        _ => error(
            "prosody.login",
            format!("Prosody refuses a good token: {reason}"),
            "compare Prosody's log at this time: `Error verifying token`".into(),
        ),
    }
}

fn refused_join(condition: &str, reason: &str, meeting: &Meeting) -> Finding {
    let error = |check, trouble: String, remedy: &str| Finding::new(check, Severity::Error, trouble, remedy);
    match (condition, reason) {
        (_, "Room and token mismatched") => error(
            "prosody.subject",
            format!("Prosody's rooms do not accept `{}` as the token's subject", meeting.subject),
            "make meeting.subject Prosody's XMPP domain (docker: meet.jitsi), \
             or set enable_domain_verification = false if there are no tenants",
        ),
        (_, "Room does not match the room from token") => error(
            "prosody.room",
            "Prosody compares another room name than the token's".into(),
            "check muc_mapper_domain_base and muc_mapper_domain_prefix in Prosody",
        ),
        ("item-not-found", _) | (_, "Room creation is restricted") => error(
            "prosody.focus",
            "nobody makes the room: Jicofo is not there, or is not an administrator".into(),
            "check that Jicofo runs and is in Prosody's admins; with it, check muc_mapper_domain_base",
        ),
        _ => error(
            "prosody.join",
            format!("Prosody refuses the room to a good token: {reason}"),
            "compare Prosody's log at this time: `not allowed to join`",
        ),
    }
}

/// Whether one may come without any token.
fn unguarded(observed: &Observed) -> Option<Finding> {
    observed.nobody.is_ok().then(|| {
        Finding::new(
            "prosody.empty_token",
            Severity::Danger,
            "anybody may enter any room without a token",
            "set authentication = \"token\" and allow_empty_token = false (docker: AUTH_TYPE=jwt, JWT_ALLOW_EMPTY=0); \
             guests get a host of their own",
        )
    })
}

fn acceptance_of(flaw: Flaw) -> Finding {
    match flaw {
        Flaw::Signature => Finding::new(
            "prosody.signature",
            Severity::Danger,
            "Prosody accepts a token with a forged signature",
            "set authentication = \"token\" on the VirtualHost (docker: ENABLE_AUTH=1, AUTH_TYPE=jwt)",
        ),
        Flaw::Room => Finding::new(
            "prosody.token_verification",
            Severity::Danger,
            "any token opens any room",
            "add \"token_verification\" to the modules of the MUC component (docker: JWT_TOKEN_AUTH_MODULE)",
        ),
        Flaw::Expired => Finding::new(
            "prosody.expired",
            Severity::Danger,
            "Prosody accepts a token that has expired",
            "set Prosody's clock by NTP: it is behind",
        ),
        Flaw::NotYet => Finding::new(
            "prosody.not_yet",
            Severity::Warning,
            "Prosody accepts a token before its time",
            "set Prosody's clock by NTP: it is ahead",
        ),
        Flaw::Issuer => Finding::new(
            "prosody.any_issuer",
            Severity::Warning,
            "Prosody accepts tokens of any issuer",
            "set asap_accepted_issuers (docker: JWT_ACCEPTED_ISSUERS) to meeting.app_id alone",
        ),
        Flaw::Audience => Finding::new(
            "prosody.any_audience",
            Severity::Note,
            "Prosody does not check the audience",
            "set asap_accepted_audiences (docker: JWT_ACCEPTED_AUDIENCES) to meeting.audience",
        ),
        Flaw::Subject => Finding::new(
            "prosody.domain_verification",
            Severity::Note,
            "a token for a room is good for the room of that name in every tenant",
            "with tenants, set enable_domain_verification = true (docker: JWT_ENABLE_DOMAIN_VERIFICATION=1)",
        ),
    }
}

fn roles(moderator: &Outcome, participant: Option<&Outcome>) -> Option<Finding> {
    let everybody = matches!(participant, Some(Ok(occupant)) if occupant.moderator);
    match moderator {
        _ if everybody => Some(Finding::new(
            "prosody.everybody_moderates",
            Severity::Error,
            "everybody becomes a moderator, whatever their token says",
            "set jicofo.conference.enable-auto-owner = false (docker: ENABLE_AUTO_OWNER=0) and remove muc_allowners",
        )),
        Ok(occupant) if !occupant.moderator => Some(Finding::new(
            "prosody.nobody_moderates",
            Severity::Error,
            "a moderator's token makes no moderator",
            "add \"token_affiliation\" to the modules of the MUC component (docker: XMPP_MUC_MODULES=token_affiliation)",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
