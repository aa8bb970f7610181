//! Decides who may enter a room, and as what.
//!
//! Takes a [`VerifiedIdentity`] and a [`JoinRequest`], gives a [`Grant`] or a [`Refusal`]. Rules are tried in
//! the order of the file and the first that fits decides; no fit refuses. Every kind of condition that a rule has
//! must hold, and of the values of one kind one is enough. No clock, file or network is read here, so every rule is
//! tested by value.

mod facts;
mod glob;
mod grant;
mod pattern;
mod refusal;
mod rule;

pub use glob::{RoomGlob, RoomGlobError};
pub use grant::{Feature, FeatureError, Grant, Role};
pub use refusal::{Condition, NearMiss, Refusal};
pub use rule::{ClaimCondition, Outcome, Permit, Rule, Window};

use jiff::Timestamp;

use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::{JoinRequest, RoomName, Tenant};
use facts::{FactId, Facts, Vocabulary};

/// The operator's rules, made ready at start.
///
/// Every single condition of any rule is a fact that holds for a person or does not. A decision looks each group,
/// address and claim of the person up once, however many rules there are.
#[derive(Debug)]
pub struct Policy {
    rules: Vec<ReadyRule>,
    vocabulary: Vocabulary,
}

/// A rule with its conditions as facts.
#[derive(Debug)]
struct ReadyRule {
    rule: Rule,
    /// The provider has to be one of these.
    providers: Vec<FactId>,
    /// What has to be known of the person: one fact of each list.
    personal: Vec<(Condition, Vec<FactId>)>,
}

impl Policy {
    /// The rules in the order in which they are tried, and the ids of all providers there are: a group written
    /// `ID:group` with one of them is that provider's, and no other provider's group of that very name.
    pub fn new(rules: Vec<Rule>, providers: &[ProviderId]) -> Self {
        let mut vocabulary = Vocabulary::of(providers);
        let rules = rules.into_iter().map(|rule| ReadyRule::new(rule, &mut vocabulary)).collect();
        Self { rules, vocabulary }
    }

    /// Decides on `identity` entering the meeting of `request` at `now`.
    ///
    /// # Errors
    /// [`Refusal`] names the rule that decided, or says that none fits and which came close.
    pub fn decide(&self, identity: &VerifiedIdentity, request: &JoinRequest, now: Timestamp) -> Result<Grant, Refusal> {
        let facts = self.vocabulary.facts_about(identity);
        let mut near = Vec::new();
        for ready in self.about(&request.room, request.tenant.as_ref()) {
            let rule = &ready.rule;
            match (ready.first_failing(&facts, now), &rule.outcome) {
                (None, Outcome::Admit(permit)) => return Ok(Grant::new(rule, permit, request)),
                (None, Outcome::Deny) => return Err(Refusal::Denied { rule: rule.name.clone() }),
                (Some(failed), Outcome::Admit(_)) if near.len() < Refusal::MAX_NEAR => {
                    near.push(NearMiss { rule: rule.name.clone(), failed });
                }
                _ => {}
            }
        }
        Err(Refusal::NoRule { near })
    }

    /// Whether some rule might let somebody from `provider` into the room, whoever they turn out to be.
    pub fn could_admit(&self, provider: &ProviderId, room: &RoomName, tenant: Option<&Tenant>, now: Timestamp) -> bool {
        let facts = self.vocabulary.facts_about_provider(provider);
        for ready in self.about(room, tenant) {
            if !ready.rule.window.contains(now) || !ready.could_fit(provider, &facts, &self.vocabulary) {
                continue;
            }
            match ready.rule.outcome {
                Outcome::Admit(_) => return true,
                Outcome::Deny if ready.personal.is_empty() => return false,
                Outcome::Deny => {}
            }
        }
        false
    }

    /// The rules that speak of a room.
    fn about(&self, room: &RoomName, tenant: Option<&Tenant>) -> impl Iterator<Item = &ReadyRule> {
        let (room, tenant) = (room.decoded(), tenant.map(Tenant::decoded));
        self.rules
            .iter()
            .filter(move |ready| ready.rule.rooms.iter().any(|glob| glob.matches_decoded(&room, tenant.as_deref())))
    }
}

impl ReadyRule {
    fn new(rule: Rule, vocabulary: &mut Vocabulary) -> Self {
        let providers = rule.providers.iter().map(|id| vocabulary.provider(id)).collect();
        let mut personal = vec![
            (Condition::Groups, rule.groups.iter().map(|group| vocabulary.group(group)).collect()),
            (Condition::Emails, rule.emails.iter().map(|email| vocabulary.email(email)).collect()),
            (Condition::EmailDomains, rule.email_domains.iter().map(|domain| vocabulary.domain(domain)).collect()),
        ];
        personal.retain(|(_, wanted): &(_, Vec<_>)| !wanted.is_empty());
        // A claim without a value to have is not absent, but a condition that nobody meets.
        personal.extend(rule.claims.iter().map(|condition| (Condition::Claims, vocabulary.claim(condition))));
        Self { rule, providers, personal }
    }

    /// The kind of the first condition that does not hold.
    fn first_failing(&self, facts: &Facts, now: Timestamp) -> Option<Condition> {
        if !self.providers.is_empty() && !facts.any_of(&self.providers) {
            return Some(Condition::Providers);
        }
        let failing = self.personal.iter().find(|(_, wanted)| !facts.any_of(wanted));
        failing.map(|(condition, _)| *condition).or((!self.rule.window.contains(now)).then_some(Condition::Window))
    }

    /// Whether a person might fit of whom only the provider is known.
    fn could_fit(&self, provider: &ProviderId, facts: &Facts, vocabulary: &Vocabulary) -> bool {
        let from_there = self.providers.is_empty() || facts.any_of(&self.providers);
        from_there
            && self.personal.iter().all(|(condition, wanted)| {
                *condition != Condition::Groups || wanted.iter().any(|&group| vocabulary.may_have(provider, group))
            })
    }
}

#[cfg(test)]
mod tests;
