//! Decides who may enter a room, and as what.
//!
//! Takes a [`VerifiedIdentity`] and a [`JoinRequest`], gives a [`Grant`] or a [`Refusal`]. Rules are tried in
//! the order of the file and the first that fits decides; no fit refuses. Every kind of condition that a rule has
//! must hold, and of the values of one kind one is enough. Who shows a pass is decided on by the same rules, and gets no more than
//! the [`Voucher`] of the pass asks for; only they fit a rule about passes. No clock, file or network is read here, so every rule is
//! tested by value.

mod circumstances;
mod explain;
mod facts;
mod glob;
mod grant;
mod pattern;
mod refusal;
mod rooms;
mod roster;
mod rule;
mod voucher;
mod when;

pub use circumstances::Circumstances;
pub use explain::{Considered, Explanation, Finding};
pub use glob::{RoomGlob, RoomGlobError};
pub use grant::{Feature, FeatureError, Grant, Role};
pub use refusal::{Condition, NearMiss, Refusal};
pub use roster::{Member, MemberRooms, Membership, Roster};
pub use rule::{ClaimCondition, Outcome, Permit, Rule, Window};
pub use voucher::{Bearer, Misfit, Voucher};
pub use when::{When, WhenError, WhenFault};

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::{JoinRequest, RoomName, Tenant};
use facts::{FactId, Facts, Vocabulary};
use rooms::RoomIndex;
use roster::Taken;
use when::Scene;

/// The operator's rules, made ready at start, and the lists of members that they speak of.
///
/// Every single condition of any rule is a fact that holds for a person or does not. A decision looks each group,
/// address and claim of the person up once, however many rules there are, and then reads numbers that lie side by side.
#[derive(Clone, Debug)]
pub struct Policy {
    table: Arc<Table>,
    /// The members of each rule that has a list of them.
    rosters: Vec<Option<Arc<Roster>>>,
    /// Providers that verify nobody.
    guests: Vec<ProviderId>,
}

/// What does not change while the rules are in force.
#[derive(Debug)]
struct Table {
    rules: Vec<Rule>,
    vocabulary: Vocabulary,
    rooms: RoomIndex,
    /// The conditions of all rules, and where those of each begin and end.
    wants: Vec<Want>,
    wants_of: Vec<Range<usize>>,
    /// The facts that the conditions are about.
    facts: Vec<FactId>,
}

/// A condition: one of some facts has to hold.
#[derive(Debug)]
struct Want {
    condition: Condition,
    facts: Range<usize>,
}

/// The rule that decides, and the place that its list of members gives, if it has one.
struct Fitting<'a> {
    rule: &'a Rule,
    taken: Option<Taken>,
}

impl Policy {
    /// The rules in the order in which they are tried, and the ids of all providers there are: a group written
    /// `ID:group` with one of them is that provider's, and no other provider's group of that very name.
    pub fn new(rules: Vec<Rule>, providers: &[ProviderId]) -> Self {
        let mut table = Table {
            rules: Vec::new(),
            vocabulary: Vocabulary::of(providers),
            rooms: RoomIndex::default(),
            wants: Vec::new(),
            wants_of: Vec::new(),
            facts: Vec::new(),
        };
        let rosters = rules.iter().map(|rule| rule.members.clone()).collect();
        rules.into_iter().zip(0..).for_each(|(rule, number)| table.add(rule, number));
        Self { table: Arc::new(table), rosters, guests: Vec::new() }
    }

    /// The same with the ids of those providers that verify nobody: they are offered only where a rule names them.
    pub fn with_guests_of(self, guests: Vec<ProviderId>) -> Self {
        Self { guests, ..self }
    }

    /// The same with another list of members for the rule of this number, counted from 0. A number that no rule has changes
    /// nothing.
    pub fn with_roster(&self, rule: usize, roster: Arc<Roster>) -> Self {
        let mut rosters = self.rosters.clone();
        if let Some(place) = rosters.get_mut(rule) {
            *place = Some(roster);
        }
        Self { rosters, ..self.clone() }
    }

    /// What the rules are called, in the order in which they are tried.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.table.rules.iter().map(|rule| rule.name.as_str())
    }

    /// Decides on `identity` entering the meeting of `request`, now or from somewhere.
    ///
    /// # Errors
    /// [`Refusal`] names the rule that decided, or says that none fits and which came close.
    pub fn decide(
        &self,
        identity: &VerifiedIdentity,
        request: &JoinRequest,
        circumstances: impl Into<Circumstances>,
    ) -> Result<Grant, Refusal> {
        self.decide_on(&Scene::new(identity, request, circumstances.into()), None)
    }

    /// The same for somebody who shows a pass: by all rules, those about passes included, and no more than the pass asks for.
    ///
    /// # Errors
    /// [`Refusal::Pass`] if the pass is for somebody else, another room or another time; else as [`decide`](Self::decide).
    pub fn decide_by_pass(
        &self,
        identity: &VerifiedIdentity,
        voucher: &Voucher,
        request: &JoinRequest,
        circumstances: impl Into<Circumstances>,
    ) -> Result<Grant, Refusal> {
        let circumstances = circumstances.into();
        voucher.check(identity, request, circumstances.now).map_err(|failed| Refusal::Pass { failed })?;
        self.decide_on(&Scene::new(identity, request, circumstances).with_pass(), Some(voucher))
    }

    fn decide_on(&self, scene: &Scene<'_>, voucher: Option<&Voucher>) -> Result<Grant, Refusal> {
        let mut near = Vec::new();
        let decided = self.first_fitting(scene, |rule, failed| {
            if matches!(rule.outcome, Outcome::Admit(_)) && near.len() < Refusal::MAX_NEAR {
                near.push((rule, failed));
            }
        });
        match decided.map(|Fitting { rule, taken }| (rule, taken, &rule.outcome)) {
            Some((rule, taken, Outcome::Admit(permit))) => {
                let grant = Grant::new(rule, permit, taken, scene.request);
                Ok(match voucher {
                    None => grant,
                    Some(voucher) => grant.by(voucher),
                })
            }
            Some((rule, _, Outcome::Deny)) => Err(Refusal::Denied { rule: rule.name.clone() }),
            None => {
                let near_miss = |(rule, failed): (&Rule, Condition)| NearMiss { rule: rule.name.clone(), failed };
                Err(Refusal::NoRule { near: near.into_iter().map(near_miss).collect() })
            }
        }
    }

    /// The first rule that fits; those before it are passed to `pass_over` with what does not hold.
    fn first_fitting<'a>(
        &'a self,
        scene: &Scene<'_>,
        mut pass_over: impl FnMut(&'a Rule, Condition),
    ) -> Option<Fitting<'a>> {
        let (identity, request) = (scene.identity, scene.request);
        let mut facts = self.table.vocabulary.facts_about(identity);
        if scene.by_pass {
            self.table.vocabulary.learn_of_pass(&mut facts);
        }
        let (room, tenant) = (request.room.decoded(), request.tenant.as_ref().map(Tenant::decoded));
        for number in self.table.rooms.rules_about(&room, tenant.as_deref()) {
            let rule = &self.table.rules[number as usize];
            let fits = if identity.is_guest() && !rule.speaks_of_guests() {
                Err(Condition::Providers)
            } else {
                self.fits(number, &facts, scene)
            };
            match fits {
                Ok(taken) => return Some(Fitting { rule, taken }),
                Err(failed) => pass_over(rule, failed),
            }
        }
        None
    }

    /// The place of somebody in the rule's list of members, if it has one; or the kind of the first condition that does not
    /// hold.
    fn fits(&self, number: u32, facts: &Facts, scene: &Scene<'_>) -> Result<Option<Taken>, Condition> {
        let rule = &self.table.rules[number as usize];
        if let Some(want) = self.table.wants_of(number).find(|want| !self.table.holds(want, facts)) {
            return Err(want.condition);
        }
        let taken = self.taken(number, scene).map(|taken| taken.ok_or(Condition::Members)).transpose()?;
        if !rule.window.contains(scene.circumstances.now) {
            return Err(Condition::Window);
        }
        match rule.when.as_ref().map(|when| scene.judge(when)) {
            None | Some(Ok(true)) => Ok(taken),
            Some(Ok(false)) => Err(Condition::When),
            Some(Err(fault)) => {
                tracing::warn!(access.rule = rule.name, "`when` of rule `{}` has no result: {fault}", rule.name);
                // Whoever it was meant to keep out may be the one of whom nothing can be told.
                if rule.outcome == Outcome::Deny { Ok(taken) } else { Err(Condition::When) }
            }
        }
    }

    /// What the list of members of a rule, if it has one, gives somebody.
    fn taken(&self, number: u32, scene: &Scene<'_>) -> Option<Option<Taken>> {
        let roster = self.rosters[number as usize].as_ref()?;
        let (role, now) = (self.table.rules[number as usize].role(), scene.circumstances.now);
        Some(roster.find(scene.identity, &scene.request.room, scene.request.tenant.as_ref(), role, now))
    }

    /// Whether some rule might let somebody from `provider` into the room, whoever they turn out to be.
    pub fn could_admit(&self, provider: &ProviderId, room: &RoomName, tenant: Option<&Tenant>, now: Timestamp) -> bool {
        self.could(provider, false, room, tenant, now)
    }

    /// The same for whoever shows a pass; `provider` may be [`ProviderId::pass_holders`], for those who do not log in.
    pub fn could_admit_by_pass(
        &self,
        provider: &ProviderId,
        room: &RoomName,
        tenant: Option<&Tenant>,
        now: Timestamp,
    ) -> bool {
        self.could(provider, true, room, tenant, now)
    }

    fn could(
        &self,
        provider: &ProviderId,
        by_pass: bool,
        room: &RoomName,
        tenant: Option<&Tenant>,
        now: Timestamp,
    ) -> bool {
        let table = &self.table;
        let mut facts = table.vocabulary.facts_about_provider(provider);
        if by_pass {
            table.vocabulary.learn_of_pass(&mut facts);
        }
        let is_guest = self.guests.contains(provider) || *provider == ProviderId::pass_holders();
        let (decoded, decoded_tenant) = (room.decoded(), tenant.map(Tenant::decoded));
        for number in table.rooms.rules_about(&decoded, decoded_tenant.as_deref()) {
            let rule = &table.rules[number as usize];
            let could_hold = |want: &Want| match (is_guest, want.condition) {
                (false, _) | (true, Condition::Providers | Condition::Passes) => {
                    table.could_hold(want, provider, &facts)
                }
                // Nothing is known of a guest that a rule could ask for.
                (true, _) => false,
            };
            let roster = self.rosters[number as usize].as_ref();
            let could_be_member =
                roster.is_none_or(|roster| !is_guest && roster.could_seat(provider, room, tenant, now));
            let could_fit = rule.window.contains(now) && table.wants_of(number).all(could_hold) && could_be_member;
            if !could_fit || (is_guest && !rule.speaks_of_guests()) {
                continue;
            }
            let speaks_of_everybody = || table.wants_of(number).all(is_of_everybody);
            match rule.outcome {
                Outcome::Admit(_) => return true,
                Outcome::Deny if roster.is_none() && rule.when.is_none() && speaks_of_everybody() => return false,
                Outcome::Deny => {}
            }
        }
        false
    }
}

impl Table {
    fn add(&mut self, rule: Rule, number: u32) {
        self.rooms.add(number, &rule.rooms);
        let first = self.wants.len();
        for (condition, wanted) in self.vocabulary.conditions_of(&rule) {
            let start = self.facts.len();
            self.facts.extend(wanted);
            self.wants.push(Want { condition, facts: start..self.facts.len() });
        }
        self.wants_of.push(first..self.wants.len());
        // Whose members they are is for the policy to say, which may learn of others.
        self.rules.push(Rule { members: None, ..rule });
    }

    fn wants_of(&self, rule: u32) -> impl Iterator<Item = &Want> {
        self.wants[self.wants_of[rule as usize].clone()].iter()
    }

    fn holds(&self, want: &Want, facts: &Facts) -> bool {
        facts.any_of(&self.facts[want.facts.clone()])
    }

    /// Whether a condition might hold for a person of whom only the provider is known.
    fn could_hold(&self, want: &Want, provider: &ProviderId, facts: &Facts) -> bool {
        match want.condition {
            Condition::Providers | Condition::Passes => self.holds(want, facts),
            Condition::Groups => {
                let wanted = &self.facts[want.facts.clone()];
                wanted.iter().any(|&group| self.vocabulary.may_have(provider, group))
            }
            Condition::Emails
            | Condition::EmailDomains
            | Condition::Claims
            | Condition::Members
            | Condition::Window
            | Condition::When => true,
        }
    }
}

/// Whether a condition that holds for one person of a provider holds for all.
fn is_of_everybody(want: &Want) -> bool {
    matches!(want.condition, Condition::Providers | Condition::Passes)
}

#[cfg(test)]
mod tests;
