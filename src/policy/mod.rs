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
mod rooms;
mod rule;

pub use glob::{RoomGlob, RoomGlobError};
pub use grant::{Feature, FeatureError, Grant, Role};
pub use refusal::{Condition, NearMiss, Refusal};
pub use rule::{ClaimCondition, Outcome, Permit, Rule, Window};

use std::ops::Range;

use jiff::Timestamp;

use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::{JoinRequest, RoomName, Tenant};
use facts::{FactId, Facts, Vocabulary};
use rooms::RoomIndex;

/// The operator's rules, made ready at start.
///
/// Every single condition of any rule is a fact that holds for a person or does not. A decision looks each group,
/// address and claim of the person up once, however many rules there are, and then reads numbers that lie side by side.
#[derive(Debug)]
pub struct Policy {
    rules: Vec<Rule>,
    vocabulary: Vocabulary,
    rooms: RoomIndex,
    /// The conditions of all rules, and where those of each begin and end.
    wants: Vec<Want>,
    wants_of: Vec<Range<usize>>,
    /// The facts that the conditions are about.
    facts: Vec<FactId>,
    /// Providers that verify nobody.
    guests: Vec<ProviderId>,
}

/// A condition: one of some facts has to hold.
#[derive(Debug)]
struct Want {
    condition: Condition,
    facts: Range<usize>,
}

impl Policy {
    /// The rules in the order in which they are tried, and the ids of all providers there are: a group written
    /// `ID:group` with one of them is that provider's, and no other provider's group of that very name.
    pub fn new(rules: Vec<Rule>, providers: &[ProviderId]) -> Self {
        let mut policy = Self {
            rules: Vec::new(),
            vocabulary: Vocabulary::of(providers),
            rooms: RoomIndex::default(),
            wants: Vec::new(),
            wants_of: Vec::new(),
            facts: Vec::new(),
            guests: Vec::new(),
        };
        rules.into_iter().zip(0..).for_each(|(rule, number)| policy.add(rule, number));
        policy
    }

    /// The same with the ids of those providers that verify nobody: they are offered only where a rule names them.
    pub fn with_guests_of(self, guests: Vec<ProviderId>) -> Self {
        Self { guests, ..self }
    }

    fn add(&mut self, rule: Rule, number: u32) {
        self.rooms.add(number, &rule.rooms);
        let first = self.wants.len();
        for (condition, wanted) in self.vocabulary.conditions_of(&rule) {
            let start = self.facts.len();
            self.facts.extend(wanted);
            self.wants.push(Want { condition, facts: start..self.facts.len() });
        }
        self.wants_of.push(first..self.wants.len());
        self.rules.push(rule);
    }

    /// Decides on `identity` entering the meeting of `request` at `now`.
    ///
    /// # Errors
    /// [`Refusal`] names the rule that decided, or says that none fits and which came close.
    pub fn decide(&self, identity: &VerifiedIdentity, request: &JoinRequest, now: Timestamp) -> Result<Grant, Refusal> {
        let mut near = Vec::new();
        let decided = self.first_fitting(identity, request, now, |rule, failed| {
            if matches!(rule.outcome, Outcome::Admit(_)) && near.len() < Refusal::MAX_NEAR {
                near.push((rule, failed));
            }
        });
        match decided.map(|rule| (rule, &rule.outcome)) {
            Some((rule, Outcome::Admit(permit))) => Ok(Grant::new(rule, permit, request)),
            Some((rule, Outcome::Deny)) => Err(Refusal::Denied { rule: rule.name.clone() }),
            None => {
                let near_miss = |(rule, failed): (&Rule, Condition)| NearMiss { rule: rule.name.clone(), failed };
                Err(Refusal::NoRule { near: near.into_iter().map(near_miss).collect() })
            }
        }
    }

    /// Which rules about the room come before the one that [`decide`](Self::decide) decides by, and why they do not fit: for an
    /// operator who asks.
    pub fn passed_over(&self, identity: &VerifiedIdentity, request: &JoinRequest, now: Timestamp) -> Vec<NearMiss> {
        let mut passed = Vec::new();
        self.first_fitting(identity, request, now, |rule, failed| {
            passed.push(NearMiss { rule: rule.name.clone(), failed });
        });
        passed
    }

    /// The first rule that fits; those before it are passed to `pass_over` with what does not hold.
    fn first_fitting<'a>(
        &'a self,
        identity: &VerifiedIdentity,
        request: &JoinRequest,
        now: Timestamp,
        mut pass_over: impl FnMut(&'a Rule, Condition),
    ) -> Option<&'a Rule> {
        let facts = self.vocabulary.facts_about(identity);
        let (room, tenant) = (request.room.decoded(), request.tenant.as_ref().map(Tenant::decoded));
        for number in self.rooms.rules_about(&room, tenant.as_deref()) {
            let rule = &self.rules[number as usize];
            let failing = if identity.is_guest() && !rule.speaks_of_guests() {
                Some(Condition::Providers)
            } else {
                self.first_failing(number, &facts, now)
            };
            match failing {
                None => return Some(rule),
                Some(failed) => pass_over(rule, failed),
            }
        }
        None
    }

    /// Whether some rule might let somebody from `provider` into the room, whoever they turn out to be.
    pub fn could_admit(&self, provider: &ProviderId, room: &RoomName, tenant: Option<&Tenant>, now: Timestamp) -> bool {
        let facts = self.vocabulary.facts_about_provider(provider);
        let is_guest = self.guests.contains(provider);
        let (room, tenant) = (room.decoded(), tenant.map(Tenant::decoded));
        for number in self.rooms.rules_about(&room, tenant.as_deref()) {
            let rule = &self.rules[number as usize];
            let could_hold = |want: &Want| match (is_guest, want.condition) {
                (false, _) | (true, Condition::Providers) => self.could_hold(want, provider, &facts),
                // Nothing is known of a guest that a rule could ask for.
                (true, _) => false,
            };
            let could_fit = rule.window.contains(now) && self.wants_of(number).all(could_hold);
            if !could_fit || (is_guest && !rule.speaks_of_guests()) {
                continue;
            }
            match rule.outcome {
                Outcome::Admit(_) => return true,
                Outcome::Deny if self.wants_of(number).all(|want| want.condition == Condition::Providers) => {
                    return false;
                }
                Outcome::Deny => {}
            }
        }
        false
    }

    fn wants_of(&self, rule: u32) -> impl Iterator<Item = &Want> {
        self.wants[self.wants_of[rule as usize].clone()].iter()
    }

    /// The kind of the first condition that does not hold.
    fn first_failing(&self, rule: u32, facts: &Facts, now: Timestamp) -> Option<Condition> {
        let failing = self.wants_of(rule).find(|want| !facts.any_of(&self.facts[want.facts.clone()]));
        let closed = || (!self.rules[rule as usize].window.contains(now)).then_some(Condition::Window);
        failing.map(|want| want.condition).or_else(closed)
    }

    /// Whether a condition might hold for a person of whom only the provider is known.
    fn could_hold(&self, want: &Want, provider: &ProviderId, facts: &Facts) -> bool {
        let wanted = &self.facts[want.facts.clone()];
        match want.condition {
            Condition::Providers => facts.any_of(wanted),
            Condition::Groups => wanted.iter().any(|&group| self.vocabulary.may_have(provider, group)),
            Condition::Emails | Condition::EmailDomains | Condition::Claims | Condition::Window => true,
        }
    }
}

#[cfg(test)]
mod tests;
