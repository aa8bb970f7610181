//! What the rules ask about a person, and the answers.

use std::collections::HashMap;

use serde_json::Value;

use super::{ClaimCondition, Condition, Rule};
use crate::provider::{ProviderId, VerifiedIdentity, lookup};

/// Number of one single condition of some rule, for example "is in the group `board`".
pub(super) type FactId = u32;

/// All single conditions of all rules.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    count: u32,
    providers: HashMap<ProviderId, FactId>,
    groups: HashMap<String, FactId>,
    /// Groups that a rule wants from one provider.
    scoped_groups: HashMap<ProviderId, HashMap<String, FactId>>,
    emails: HashMap<String, FactId>,
    domains: HashMap<String, FactId>,
    claims: Vec<ClaimValues>,
    /// That a pass is shown.
    pass: Option<FactId>,
}

/// The values that rules want of one claim.
#[derive(Debug)]
struct ClaimValues {
    claim: String,
    texts: HashMap<String, FactId>,
    /// Numbers and booleans.
    others: Vec<(Value, FactId)>,
}

/// Which of the conditions hold, a bit each.
#[derive(Debug)]
pub(super) struct Facts(Vec<u64>);

impl Vocabulary {
    /// A vocabulary in which groups of these providers can be told apart.
    pub(super) fn of(providers: &[ProviderId]) -> Self {
        let scoped_groups = providers.iter().map(|id| (id.clone(), HashMap::new())).collect();
        Self { scoped_groups, ..Self::default() }
    }

    /// The conditions of a rule but its window, in the order in which they are checked, each with the facts of which one
    /// has to hold. An empty list is no condition; a claim without a value to have is one that nobody meets.
    pub(super) fn conditions_of(&mut self, rule: &Rule) -> Vec<(Condition, Vec<FactId>)> {
        let mut conditions = vec![
            (Condition::Providers, rule.providers.iter().map(|id| self.provider(id)).collect()),
            (Condition::Groups, rule.groups.iter().map(|group| self.group(group)).collect()),
            (Condition::Emails, rule.emails.iter().map(|email| self.email(email)).collect()),
            (Condition::EmailDomains, rule.email_domains.iter().map(|domain| self.domain(domain)).collect()),
        ];
        if rule.passes {
            conditions.push((Condition::Passes, vec![self.pass()]));
        }
        conditions.retain(|(_, wanted): &(_, Vec<_>)| !wanted.is_empty());
        conditions.extend(rule.claims.iter().map(|claim| (Condition::Claims, self.claim(claim))));
        conditions
    }

    fn provider(&mut self, id: &ProviderId) -> FactId {
        number(&mut self.providers, id.clone(), &mut self.count)
    }

    fn group(&mut self, group: &str) -> FactId {
        let scoped = group.split_once(':').and_then(|(prefix, rest)| {
            let id: ProviderId = prefix.parse().ok()?;
            Some((self.scoped_groups.get_mut(&id)?, rest))
        });
        match scoped {
            Some((of_provider, rest)) => number(of_provider, rest.to_owned(), &mut self.count),
            None => number(&mut self.groups, group.to_owned(), &mut self.count),
        }
    }

    fn email(&mut self, email: &str) -> FactId {
        number(&mut self.emails, email.to_ascii_lowercase(), &mut self.count)
    }

    fn domain(&mut self, domain: &str) -> FactId {
        number(&mut self.domains, domain.to_ascii_lowercase(), &mut self.count)
    }

    fn pass(&mut self) -> FactId {
        *self.pass.get_or_insert_with(|| {
            self.count += 1;
            self.count - 1
        })
    }

    fn claim(&mut self, condition: &ClaimCondition) -> Vec<FactId> {
        let known = self.claims.iter().position(|values| values.claim == condition.claim);
        let at = known.unwrap_or_else(|| {
            let claim = condition.claim.clone();
            self.claims.push(ClaimValues { claim, texts: HashMap::new(), others: Vec::new() });
            self.claims.len() - 1
        });
        let Self { claims, count, .. } = self;
        condition.values.iter().map(|value| claims[at].number(value, count)).collect()
    }

    /// The facts about a person. Addresses count only when verified.
    pub(super) fn facts_about(&self, identity: &VerifiedIdentity) -> Facts {
        let mut facts = self.facts_about_provider(identity.provider());
        let scoped = self.scoped_groups.get(identity.provider());
        for group in identity.groups() {
            facts.learn(self.groups.get(group));
            facts.learn(scoped.and_then(|of_provider| of_provider.get(group)));
        }
        if let Some(email) = identity.verified_email() {
            let email = email.to_ascii_lowercase();
            facts.learn(self.emails.get(&email));
            facts.learn(domain_of(&email).and_then(|domain| self.domains.get(domain)));
        }
        for values in &self.claims {
            match lookup(identity.claims(), &values.claim) {
                Some(Value::Array(members)) => members.iter().for_each(|member| facts.learn(values.get(member))),
                Some(value) => facts.learn(values.get(value)),
                None => {}
            }
        }
        facts
    }

    /// The facts about somebody of whom only the provider is known.
    pub(super) fn facts_about_provider(&self, provider: &ProviderId) -> Facts {
        let mut facts = Facts(vec![0; self.count.div_ceil(64) as usize]);
        facts.learn(self.providers.get(provider));
        facts
    }

    /// Learns that a pass is shown.
    pub(super) fn learn_of_pass(&self, facts: &mut Facts) {
        facts.learn(self.pass.as_ref());
    }

    /// Whether somebody from `provider` may turn out to be in `group`: not if it is another provider's.
    pub(super) fn may_have(&self, provider: &ProviderId, group: FactId) -> bool {
        let owner = self.scoped_groups.iter().find(|(_, groups)| groups.values().any(|&id| id == group));
        owner.is_none_or(|(owner, _)| owner == provider)
    }
}

impl ClaimValues {
    fn number(&mut self, value: &Value, count: &mut u32) -> FactId {
        if let Value::String(text) = value {
            return number(&mut self.texts, text.clone(), count);
        }
        if let Some(&id) = self.get(value) {
            return id;
        }
        *count += 1;
        self.others.push((value.clone(), *count - 1));
        *count - 1
    }

    fn get(&self, value: &Value) -> Option<&FactId> {
        match value {
            Value::String(text) => self.texts.get(text),
            _ => self.others.iter().find(|(wanted, _)| same_scalar(wanted, value)).map(|(_, id)| id),
        }
    }
}

impl Facts {
    fn learn(&mut self, fact: Option<&FactId>) {
        if let Some(&id) = fact {
            self.0[(id / 64) as usize] |= 1 << (id % 64);
        }
    }

    /// Whether one of `wanted` holds.
    pub(super) fn any_of(&self, wanted: &[FactId]) -> bool {
        wanted.iter().any(|id| self.0[(id / 64) as usize] & (1 << (id % 64)) != 0)
    }
}

/// The number of `condition`, a new one if it has none.
fn number<K: std::hash::Hash + Eq>(numbers: &mut HashMap<K, FactId>, condition: K, count: &mut u32) -> FactId {
    *numbers.entry(condition).or_insert_with(|| {
        *count += 1;
        *count - 1
    })
}

/// What follows the one `@` of an address. An address with another `@`, in a quoted local part, has no domain here: mail
/// systems do not agree on where it begins.
fn domain_of(email: &str) -> Option<&str> {
    email.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.contains('@')).map(|(_, domain)| domain)
}

/// Whether two scalars are the same in JSON, which does not tell `1` from `1.0`.
fn same_scalar(a: &Value, b: &Value) -> bool {
    match (a, b) {
        // Two integers are compared as such: above 2⁵³ different ones are the same as floating-point numbers.
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_f64() != b.is_f64() && a.as_f64() == b.as_f64()),
        (Value::Bool(a), Value::Bool(b)) => a == b,
        _ => false,
    }
}
