//! Why a decision is as it is, rule by rule and condition by condition.

use std::fmt;

use super::facts::Facts;
use super::when::Scene;
use super::{Circumstances, Condition, Grant, Outcome, Policy, Refusal, Rule, WhenFault, Window};
use crate::provider::VerifiedIdentity;
use crate::room::JoinRequest;

/// A decision with its reasons, for an operator who asks.
#[derive(Debug)]
pub struct Explanation {
    /// The rules as far as they were tried, in order: the last one decides if it fits.
    pub rules: Vec<Considered>,
    /// The decision.
    pub decision: Result<Grant, Refusal>,
}

/// What was found of one rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Considered {
    /// Its name.
    pub rule: String,
    /// Whether it speaks of the room. If not, nothing else of it was looked at.
    pub is_about_room: bool,
    /// Its conditions, in the order in which they are checked.
    pub findings: Vec<Finding>,
}

/// What was found of one condition.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub condition: Condition,
    /// What it asks for, in the operator's words.
    pub wanted: String,
    /// Whether it holds.
    pub holds: bool,
    /// Why it has no result.
    pub fault: Option<WhenFault>,
}

impl Considered {
    /// Whether the rule fits.
    pub fn fits(&self) -> bool {
        self.is_about_room && self.findings.iter().all(|finding| finding.holds)
    }

    /// The first condition that does not hold.
    pub fn failed(&self) -> Option<Condition> {
        self.findings.iter().find(|finding| !finding.holds).map(|finding| finding.condition)
    }
}

impl Policy {
    /// Decides as [`decide`](Self::decide) does, and says why.
    pub fn explain(
        &self,
        identity: &VerifiedIdentity,
        request: &JoinRequest,
        circumstances: impl Into<Circumstances>,
    ) -> Explanation {
        let circumstances = circumstances.into();
        let scene = Scene::new(identity, request, circumstances);
        let facts = self.table.vocabulary.facts_about(identity);
        let mut rules = Vec::new();
        for (number, rule) in (0..).zip(&self.table.rules) {
            let is_about_room = rule.rooms.iter().any(|glob| glob.matches(&request.room, request.tenant.as_ref()));
            let findings = if is_about_room { self.findings(number, rule, &scene, &facts) } else { Vec::new() };
            rules.push(Considered { rule: rule.name.clone(), is_about_room, findings });
            if rules.last().is_some_and(Considered::fits) {
                break;
            }
        }
        Explanation { rules, decision: self.decide(identity, request, circumstances) }
    }

    fn findings(&self, number: u32, rule: &Rule, scene: &Scene<'_>, facts: &Facts) -> Vec<Finding> {
        let finding = |condition, wanted: String, holds| Finding { condition, wanted, holds, fault: None };
        let mut findings = Vec::new();
        if scene.identity.is_guest() && !rule.speaks_of_guests() {
            let wanted = "somebody verified; guests only where the rule names their provider".to_owned();
            findings.push(finding(Condition::Providers, wanted, false));
        }
        let mut claims = rule.claims.iter();
        for want in self.table.wants_of(number) {
            let wanted = match want.condition {
                Condition::Claims => claims.next().map_or_else(String::new, |claim| {
                    let values: Vec<_> = claim.values.iter().map(ToString::to_string).collect();
                    format!("`{}`: {}", claim.claim, one_of(&values))
                }),
                condition => wanted_of(rule, condition),
            };
            findings.push(finding(want.condition, wanted, self.table.holds(want, facts)));
        }
        if let Some(members) = self.taken(number, scene) {
            let wanted = "a row of the list for them, this room and this time".to_owned();
            findings.push(finding(Condition::Members, wanted, members.is_some()));
        }
        if rule.window != Window::default() {
            let holds = rule.window.contains(scene.circumstances.now);
            findings.push(finding(Condition::Window, wanted_of(rule, Condition::Window), holds));
        }
        if let Some(when) = &rule.when {
            let judged = scene.judge(when);
            // A rule that denies refuses whoever it cannot tell anything of.
            let holds = judged.unwrap_or(matches!(rule.outcome, Outcome::Deny));
            let wanted = when.text().to_owned();
            findings.push(Finding { condition: Condition::When, wanted, holds, fault: judged.err() });
        }
        findings
    }
}

fn wanted_of(rule: &Rule, condition: Condition) -> String {
    match condition {
        Condition::Providers => one_of(&rule.providers),
        Condition::Groups => one_of(&rule.groups),
        Condition::Emails => format!("{}, verified", one_of(&rule.emails)),
        Condition::EmailDomains => format!("a verified address at {}", one_of(&rule.email_domains)),
        Condition::Window => {
            let Window { from, until } = rule.window;
            let end = |name, moment: Option<jiff::Timestamp>| moment.map(|moment| format!("{name} {moment}"));
            [end("from", from), end("until", until)].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Condition::Passes => "a pass for the room, which whoever asks here has not shown".to_owned(),
        Condition::Claims | Condition::Members | Condition::When => String::new(),
    }
}

fn one_of<T: fmt::Display>(values: &[T]) -> String {
    /// More are not read.
    const MOST: usize = 8;
    let shown: Vec<_> = values.iter().take(MOST).map(ToString::to_string).collect();
    let more = values.len().saturating_sub(MOST);
    match (shown.as_slice(), more) {
        ([only], _) => only.clone(),
        (_, 0) => format!("one of {}", shown.join(", ")),
        _ => format!("one of {} and {more} more", shown.join(", ")),
    }
}

impl fmt::Display for Considered {
    /// A line for the rule, and one for each condition.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match (self.is_about_room, self.fits()) {
            (false, _) => "is about other rooms",
            (true, true) => "fits",
            (true, false) => "does not fit",
        };
        write!(f, "rule `{}` {verdict}", self.rule)?;
        self.findings.iter().try_for_each(|finding| write!(f, "\n  {finding}"))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds { "holds" } else { "does not hold" };
        write!(f, "{} {verdict}: {}", self.condition, self.wanted)?;
        match self.fault {
            Some(fault) => write!(f, " ({fault})"),
            None => Ok(()),
        }
    }
}
