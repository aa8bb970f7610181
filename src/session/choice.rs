//! Which of a browser's identities enters a room.

use super::{Session, SignedIn};
use crate::policy::{Circumstances, Grant, Policy, Refusal, Voucher};
use crate::provider::ProviderId;
use crate::room::JoinRequest;

/// An identity and what it may enter as.
#[derive(Debug)]
pub struct Choice<'s> {
    /// The identity.
    pub signed_in: &'s SignedIn,
    /// What the rules of this moment give it.
    pub grant: Grant,
}

/// The identity whose rule gives the highest role in the room, the earliest login among equals; only those of `provider`, if
/// the link names one, and by the `voucher` of a pass if one is shown. `None` if there is no such identity.
///
/// # Errors
/// Every one of them is refused: why the first one is.
pub fn best<'s>(
    session: &'s Session,
    policy: &Policy,
    voucher: Option<&Voucher>,
    request: &JoinRequest,
    provider: Option<&ProviderId>,
    circumstances: impl Into<Circumstances>,
) -> Option<Result<Choice<'s>, Refusal>> {
    let (circumstances, mut refusal) = (circumstances.into(), None);
    let mut best: Option<Choice<'s>> = None;
    for signed_in in &session.identities {
        if provider.is_some_and(|provider| provider != signed_in.identity.provider()) {
            continue;
        }
        let decided = match voucher {
            None => policy.decide(&signed_in.identity, request, circumstances),
            Some(voucher) => policy.decide_by_pass(&signed_in.identity, voucher, request, circumstances),
        };
        match decided {
            Ok(grant) if best.as_ref().is_none_or(|best| grant.role() > best.grant.role()) => {
                best = Some(Choice { signed_in, grant });
            }
            Ok(_) => {}
            Err(refused) => {
                refusal.get_or_insert(refused);
            }
        }
    }
    best.map(Ok).or(refusal.map(Err))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::policy::{Outcome, Permit, Role, Rule, Window};
    use crate::provider::testing::somebody_from;

    fn rule(provider: &str, role: Role) -> Rule {
        Rule {
            name: format!("for {provider}"),
            rooms: vec!["*".parse().unwrap()],
            groups: Vec::new(),
            emails: Vec::new(),
            email_domains: Vec::new(),
            providers: vec![provider.parse().unwrap()],
            claims: Vec::new(),
            members: None,
            passes: false,
            window: Window::default(),
            when: None,
            outcome: Outcome::Admit(Permit { role, features: None, token_lifetime: None }),
        }
    }

    fn session(providers: &[&str]) -> Session {
        let signed_in = |provider: &&str| SignedIn {
            identity: somebody_from(provider),
            person: String::new(),
            since: Timestamp::UNIX_EPOCH,
            confirmed: Timestamp::UNIX_EPOCH,
        };
        let identities = providers.iter().map(signed_in).collect();
        Session { handle: "s".to_owned(), last_used: Timestamp::UNIX_EPOCH, identities }
    }

    fn chosen(session: &Session, rules: Vec<Rule>, provider: Option<&str>) -> Option<Result<String, Refusal>> {
        let request = JoinRequest::from_link(None, "standup", None).unwrap();
        let provider = provider.map(|provider| provider.parse().unwrap());
        let best = best(session, &Policy::new(rules, &[]), None, &request, provider.as_ref(), Timestamp::UNIX_EPOCH)?;
        Some(best.map(|choice| choice.signed_in.identity.provider().to_string()))
    }

    #[test]
    fn the_higher_role_enters() {
        let rules = vec![rule("private", Role::Participant), rule("work", Role::Moderator)];

        assert_eq!(chosen(&session(&["private", "work"]), rules.clone(), None), Some(Ok("work".to_owned())));
        assert_eq!(chosen(&session(&["work", "private"]), rules, None), Some(Ok("work".to_owned())));
    }

    #[test]
    fn among_equals_the_earlier_login_enters() {
        let rules = vec![rule("private", Role::Participant), rule("work", Role::Participant)];

        assert_eq!(chosen(&session(&["work", "private"]), rules, None), Some(Ok("work".to_owned())));
    }

    #[test]
    fn one_whose_rule_fits_enters_though_another_is_refused() {
        let rules = vec![rule("work", Role::Participant)];

        assert_eq!(chosen(&session(&["private", "work"]), rules, None), Some(Ok("work".to_owned())));
    }

    #[test]
    fn a_link_that_names_a_provider_takes_its_identity_alone() {
        let rules = vec![rule("private", Role::Participant), rule("work", Role::Moderator)];
        let session = session(&["private", "work"]);

        assert_eq!(chosen(&session, rules.clone(), Some("private")), Some(Ok("private".to_owned())));
        assert_eq!(chosen(&session, rules, Some("guests")), None);
    }

    #[test]
    fn nobody_enters_whom_no_rule_fits() {
        let refused = chosen(&session(&["work"]), Vec::new(), None);

        assert!(matches!(refused, Some(Err(Refusal::NoRule { .. }))));
    }
}
