//! What a pass is good for, as far as rules ask.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use super::{Feature, Role, RoomGlob, Window};
use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::{JoinRequest, Tenant};

/// What a pass is good for. It lets nobody in by itself: a rule does, and the pass takes of what that gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Voucher {
    /// The id of the pass, which opens nothing.
    pub id: String,
    /// Rooms that it is for; at least one.
    pub rooms: Vec<RoomGlob>,
    /// When it is good; no token outlives it.
    pub window: Window,
    /// The most that its holder is.
    pub role: Role,
    /// The most that is on for its holder; `None` takes what the rule gives.
    pub features: Option<BTreeSet<Feature>>,
    /// Whom it is for.
    pub bearer: Bearer,
}

/// Whom a pass is for: each that is given must be theirs, by a login. None given: whoever has it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bearer {
    /// An address that the provider has verified, compared without regard to ASCII case.
    pub email: Option<String>,
    /// Where they log in.
    pub provider: Option<ProviderId>,
    /// Who they are there.
    pub subject: Option<String>,
}

/// What of a pass does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It is for other rooms.
    Room,
    /// It is for another time.
    Window,
    /// It is for somebody else.
    Bearer,
}

impl Voucher {
    /// Whether it is for this person, in this room, at `now`.
    pub(super) fn check(
        &self,
        identity: &VerifiedIdentity,
        request: &JoinRequest,
        now: Timestamp,
    ) -> Result<(), Misfit> {
        if !self.opens(request) {
            return Err(Misfit::Room);
        }
        if !self.window.contains(now) {
            return Err(Misfit::Window);
        }
        if self.bearer.is(identity) { Ok(()) } else { Err(Misfit::Bearer) }
    }

    /// Whether it is for the room of `request`.
    pub fn opens(&self, request: &JoinRequest) -> bool {
        self.rooms.iter().any(|glob| glob.matches(&request.room, request.tenant.as_ref().map(|tenant: &Tenant| tenant)))
    }
}

impl Bearer {
    /// Whether it is for whoever has it.
    pub fn is_anybody(&self) -> bool {
        self.email.is_none() && self.provider.is_none() && self.subject.is_none()
    }

    /// Whether `identity` is the one.
    pub fn is(&self, identity: &VerifiedIdentity) -> bool {
        let has_email =
            |wanted: &String| identity.verified_email().is_some_and(|email| email.eq_ignore_ascii_case(wanted));
        self.email.as_ref().is_none_or(has_email)
            && self.provider.as_ref().is_none_or(|provider| provider == identity.provider())
            && self.subject.as_ref().is_none_or(|subject| subject == identity.subject().as_str())
    }
}

/// Whom it is for is nobody else's business.
impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").finish_non_exhaustive()
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Room => "rooms",
            Self::Window => "time",
            Self::Bearer => "person",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Condition, Outcome, Permit, Policy, Refusal, Rule};
    use super::*;
    use crate::provider::testing::{guest_of, holder_of_pass, somebody_from};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn voucher() -> Voucher {
        Voucher {
            id: "p1".to_owned(),
            rooms: vec!["visit-*".parse().unwrap()],
            window: Window { from: Some(at(100)), until: Some(at(200)) },
            role: Role::Moderator,
            features: None,
            bearer: Bearer::default(),
        }
    }

    fn features(names: &[&str]) -> Option<BTreeSet<Feature>> {
        Some(names.iter().map(|name| name.parse().unwrap()).collect())
    }

    fn rule(passes: bool, role: Role) -> Rule {
        Rule {
            name: "visits".to_owned(),
            rooms: vec!["*".parse().unwrap()],
            groups: Vec::new(),
            emails: Vec::new(),
            email_domains: Vec::new(),
            providers: Vec::new(),
            claims: Vec::new(),
            members: None,
            when: None,
            passes,
            window: Window::default(),
            outcome: Outcome::Admit(Permit { role, features: None, token_lifetime: None }),
        }
    }

    fn with_features(rule: Rule, role: Role, names: &[&str]) -> Rule {
        let permit = Permit { role, features: features(names), token_lifetime: None };
        Rule { outcome: Outcome::Admit(permit), ..rule }
    }

    fn policy(rules: Vec<Rule>) -> Policy {
        Policy::new(rules, &["work".parse().unwrap()])
    }

    fn visit() -> JoinRequest {
        JoinRequest::from_link(None, "visit-1", None).unwrap()
    }

    /// What a holder who does not log in gets by one rule.
    fn granted(rule: Rule, voucher: &Voucher) -> super::super::Grant {
        policy(vec![rule]).decide_by_pass(&holder_of_pass("Ada"), voucher, &visit(), at(150)).unwrap()
    }

    #[test]
    fn only_a_rule_about_passes_lets_a_holder_in() {
        let holder = holder_of_pass("Ada");
        let decide = |rule| policy(vec![rule]).decide_by_pass(&holder, &voucher(), &visit(), at(150));

        assert_eq!(decide(rule(true, Role::Participant)).unwrap().pass(), Some("p1"));
        assert!(matches!(decide(rule(false, Role::Participant)), Err(Refusal::NoRule { .. })));
    }

    #[test]
    fn without_a_pass_a_rule_about_passes_lets_nobody_in() {
        let policy = policy(vec![rule(true, Role::Participant)]);

        for person in [somebody_from("work"), guest_of("guest", "Ada"), holder_of_pass("Ada")] {
            match policy.decide(&person, &visit(), at(150)) {
                Err(Refusal::NoRule { near }) => assert_eq!(near[0].failed, Condition::Passes),
                other => panic!("{other:?}"),
            }
        }
        let (room, work) = (visit().room, "work".parse().unwrap());
        assert!(!policy.could_admit(&work, &room, None, at(150)));
        assert!(policy.could_admit_by_pass(&work, &room, None, at(150)));
        assert!(policy.could_admit_by_pass(&ProviderId::pass_holders(), &room, None, at(150)));
    }

    #[test]
    fn the_operators_rules_stay_above() {
        let denies = Rule { outcome: Outcome::Deny, ..rule(false, Role::Participant) };
        let policy = policy(vec![denies, rule(true, Role::Moderator)]);

        let refused = policy.decide_by_pass(&holder_of_pass("Ada"), &voucher(), &visit(), at(150));

        assert!(matches!(refused, Err(Refusal::Denied { .. })));
        assert!(!policy.could_admit_by_pass(&ProviderId::pass_holders(), &visit().room, None, at(150)));
    }

    #[test]
    fn the_conditions_of_a_rule_about_passes_hold_beside_the_pass() {
        let of_work = Rule { providers: vec!["work".parse().unwrap()], ..rule(true, Role::Participant) };
        let policy = policy(vec![of_work]);
        let decide = |person| policy.decide_by_pass(&person, &voucher(), &visit(), at(150));

        assert!(decide(somebody_from("work")).is_ok());
        assert!(matches!(decide(holder_of_pass("Ada")), Err(Refusal::NoRule { .. })));
        assert!(!policy.could_admit_by_pass(&ProviderId::pass_holders(), &visit().room, None, at(150)));
    }

    #[test]
    fn a_pass_gives_no_higher_role_than_the_rule_and_the_rule_none_than_the_pass() {
        let participant = Voucher { role: Role::Participant, ..voucher() };

        assert_eq!(granted(rule(true, Role::Participant), &voucher()).role(), Role::Participant);
        assert_eq!(granted(rule(true, Role::Moderator), &voucher()).role(), Role::Moderator);
        assert_eq!(granted(rule(true, Role::Moderator), &participant).role(), Role::Participant);
    }

    #[test]
    fn of_the_features_those_are_on_that_rule_and_pass_have() {
        let wants = |names: &[&str]| Voucher { features: features(names), ..voucher() };
        let on = |rule, voucher: &Voucher| granted(rule, voucher).features().cloned();
        let both = |role| with_features(rule(true, role), role, &["recording", "livestreaming"]);

        let wanted = wants(&["recording", "transcription"]);
        assert_eq!(on(both(Role::Participant), &wanted), features(&["recording"]));
        assert_eq!(on(both(Role::Participant), &voucher()), features(&["recording", "livestreaming"]));
        assert_eq!(on(rule(true, Role::Moderator), &wanted), wanted.features);
        assert_eq!(on(rule(true, Role::Participant), &wanted), features(&[]), "Jitsi gives a participant none");
        assert_eq!(on(rule(true, Role::Participant), &voucher()), None);
    }

    #[test]
    fn nothing_outlives_the_pass_or_the_rule() {
        let until =
            |second| Rule { window: Window { from: None, until: Some(at(second)) }, ..rule(true, Role::Participant) };

        assert_eq!(granted(rule(true, Role::Participant), &voucher()).not_after(), Some(at(200)));
        assert_eq!(granted(until(180), &voucher()).not_after(), Some(at(180)));
        assert_eq!(granted(until(900), &voucher()).not_after(), Some(at(200)));
    }

    #[test]
    fn a_pass_for_another_room_or_time_is_refused_for_that() {
        let policy = policy(vec![rule(true, Role::Participant)]);
        let decide = |room, second| {
            let request = JoinRequest::from_link(None, room, None).unwrap();
            policy.decide_by_pass(&holder_of_pass("Ada"), &voucher(), &request, at(second)).map(drop)
        };
        let refused = |failed| Err(Refusal::Pass { failed });

        assert_eq!(decide("visit-1", 100), Ok(()));
        assert_eq!(decide("board", 150), refused(Misfit::Room));
        assert_eq!(
            [99, 200].map(|second| decide("visit-1", second)),
            [refused(Misfit::Window), refused(Misfit::Window)]
        );
    }

    #[test]
    fn a_pass_for_somebody_is_good_together_with_their_login_alone() {
        let bearer = Bearer {
            email: Some("Ada@example.com".to_owned()),
            provider: Some("work".parse().unwrap()),
            subject: Some("u-1".to_owned()),
        };
        let voucher = Voucher { bearer, ..voucher() };
        let policy = policy(vec![rule(true, Role::Participant)]);
        let decide = |person| policy.decide_by_pass(&person, &voucher, &visit(), at(150)).map(drop);
        let somebody_else = Err(Refusal::Pass { failed: Misfit::Bearer });

        assert_eq!(decide(somebody_from("work").with_email("ada@example.com", true)), Ok(()));
        assert_eq!(decide(somebody_from("work").with_email("ada@example.com", false)), somebody_else);
        assert_eq!(decide(somebody_from("home").with_email("ada@example.com", true)), somebody_else);
        let other = somebody_from("work").with_email("ada@example.com", true).with_subject("u-2");
        assert_eq!(decide(other), somebody_else);
        assert_eq!(decide(holder_of_pass("ada@example.com")), somebody_else);
        assert!(!format!("{voucher:?}").contains("example.com"));
    }
}
