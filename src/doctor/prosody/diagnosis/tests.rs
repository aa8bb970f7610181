use super::*;
use crate::doctor::bosh::Occupant;
use crate::jitsi::Algorithm;
use crate::jitsi::testing::meeting;

const MODERATOR: Outcome = Ok(Occupant { moderator: true });
const PARTICIPANT: Outcome = Ok(Occupant { moderator: false });

fn refused(reason: &str) -> Outcome {
    Err(BoshError::Login { reason: reason.to_owned() })
}

fn good() -> Observed {
    Observed {
        moderator: MODERATOR,
        participant: Some(PARTICIPANT),
        nobody: refused("token required"),
        flawed: Flaw::ALL.map(|flaw| (flaw, refused(flaw.part()))).to_vec(),
    }
}

fn checks(observed: &Observed) -> Vec<&'static str> {
    let key = SigningKey::new(Algorithm::Hs256, &[7; 32], None).unwrap();
    diagnose(observed, &meeting(), &key).into_iter().map(|finding| finding.check).collect()
}

#[test]
fn a_good_prosody_gives_no_finding() {
    assert!(checks(&good()).is_empty());
}

#[test]
fn each_refusal_of_a_good_token_has_its_cause() {
    for (reason, cause) in [
        ("Invalid signature", "prosody.secret"),
        ("Invalid or incorrect alg", "prosody.algorithm"),
        ("'kid' claim is missing", "prosody.key_server"),
        ("could not obtain public key", "prosody.key_server"),
        ("invalid 'iss' claim", "prosody.app_id"),
        ("invalid 'aud' claim", "prosody.audience"),
        ("Not acceptable by exp (17)", "prosody.clock"),
        ("Not acceptable by nbf", "prosody.clock"),
        ("something new", "prosody.login"),
    ] {
        let observed = Observed { moderator: refused(reason), participant: None, flawed: Vec::new(), ..good() };

        assert_eq!(checks(&observed), [cause], "{reason}");
    }
}

#[test]
fn each_flaw_that_is_accepted_has_its_name() {
    for (flaw, name) in [
        (Flaw::Signature, "prosody.signature"),
        (Flaw::Issuer, "prosody.any_issuer"),
        (Flaw::Audience, "prosody.any_audience"),
        (Flaw::Subject, "prosody.domain_verification"),
        (Flaw::Room, "prosody.token_verification"),
        (Flaw::Expired, "prosody.expired"),
        (Flaw::NotYet, "prosody.not_yet"),
    ] {
        let mut observed = good();

        observed.flawed.iter_mut().filter(|(each, _)| *each == flaw).for_each(|(_, outcome)| *outcome = PARTICIPANT);

        assert_eq!(checks(&observed), [name]);
    }
}

#[test]
fn who_needs_no_token_is_said_once() {
    let mut observed = good();
    observed.nobody = PARTICIPANT;
    observed
        .flawed
        .iter_mut()
        .filter(|(flaw, _)| *flaw == Flaw::Signature)
        .for_each(|(_, outcome)| *outcome = MODERATOR);

    assert_eq!(checks(&observed), ["prosody.empty_token"]);
}

#[test]
fn roles_that_do_not_follow_the_token_are_told_apart() {
    let nobody = Observed { moderator: PARTICIPANT, ..good() };
    let everybody = Observed { participant: Some(MODERATOR), ..good() };

    assert_eq!(checks(&nobody), ["prosody.nobody_moderates"]);
    assert_eq!(checks(&everybody), ["prosody.everybody_moderates"]);
}
