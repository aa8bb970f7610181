//! Counts how logins end: by provider, by rule, and by the word for why not.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::Ending;
use super::exposition::{Family, label};
use crate::failure::Failure;
use crate::login::ProviderId;
use crate::measure::Counter;

/// What a process has counted, whatever configurations follow one another.
#[derive(Debug)]
pub struct Logins {
    providers: Mutex<HashMap<ProviderId, Arc<AtProvider>>>,
    rules: Mutex<HashMap<String, Arc<ByRule>>>,
    failures: [Counter; Failure::ALL.len()],
}

/// What is counted for one configuration: every place where a number can stand has been made, so that counting is finding one of them.
#[derive(Debug)]
pub struct Tally {
    logins: Arc<Logins>,
    providers: BTreeMap<ProviderId, Arc<AtProvider>>,
    rules: BTreeMap<String, Arc<ByRule>>,
}

#[derive(Debug, Default)]
struct AtProvider {
    begun: Counter,
    endings: [Counter; Ending::ALL.len()],
}

#[derive(Debug, Default)]
struct ByRule {
    admitted: Counter,
    refused: Counter,
}

impl Default for Logins {
    fn default() -> Self {
        Self {
            providers: Mutex::default(),
            rules: Mutex::default(),
            failures: std::array::from_fn(|_| Counter::default()),
        }
    }
}

impl Tally {
    /// Counts for a configuration with these providers and rules; who was there before goes on where they were.
    pub fn new<'a>(
        logins: &Arc<Logins>,
        providers: impl Iterator<Item = &'a ProviderId>,
        rules: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut all = logins.providers.lock().unwrap_or_else(PoisonError::into_inner);
        let providers = providers.map(|id| (id.clone(), Arc::clone(all.entry(id.clone()).or_default()))).collect();
        drop(all);
        let mut all = logins.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = rules.map(|name| (name.to_owned(), Arc::clone(all.entry(name.to_owned()).or_default()))).collect();
        drop(all);
        Self { logins: Arc::clone(logins), providers, rules }
    }

    /// A login begins: the visitor is sent to the provider, or asked for what it wants to know.
    pub fn begun(&self, provider: &ProviderId) {
        if let Some(at) = self.providers.get(provider) {
            at.begun.add();
        }
    }

    /// Somebody from `provider` was let in by `rule`.
    pub fn let_in(&self, provider: &ProviderId, rule: &str, ending: Ending) {
        self.ended(Some(provider.as_str()), ending);
        if let Some(by) = self.rules.get(rule) {
            by.admitted.add();
        }
    }

    /// Something ended without anybody being let in; at a provider and by a rule, if that is known.
    pub fn failed(&self, failure: Failure, provider: Option<&str>, rule: Option<&str>) {
        self.logins.failures[failure as usize].add();
        self.ended(provider, failure.into());
        if let Some(by) = rule.and_then(|rule| self.rules.get(rule)) {
            by.refused.add();
        }
    }

    fn ended(&self, provider: Option<&str>, ending: Ending) {
        // What a request names as a provider may be none.
        if let Some(at) = provider.and_then(|provider| self.providers.get(provider)) {
            at.endings[ending as usize].add();
        }
    }

    pub(super) fn families(&self) -> [Family; 5] {
        let at = |id: &ProviderId| label("provider", id);
        let begun = self.providers.iter().map(|(id, counted)| (vec![at(id)], counted.begun.read()));
        let endings = self.providers.iter().flat_map(|(id, counted)| {
            let series = |(ending, counter): (&Ending, &Counter)| {
                (vec![at(id), label("outcome", ending.word())], counter.read())
            };
            Ending::ALL.iter().zip(&counted.endings).map(series).collect::<Vec<_>>()
        });
        let failures = Failure::ALL.iter().zip(&self.logins.failures);
        let failures = failures.map(|(failure, counter)| (vec![label("failure", failure)], counter.read()));
        let admitted = self.rules.iter().map(|(name, by)| (vec![label("rule", name)], by.admitted.read()));
        let refused = self.rules.iter().map(|(name, by)| (vec![label("rule", name)], by.refused.read()));
        [
            Family::counter("roomkey_logins_begun", "Logins that began at a provider.", begun.collect()),
            Family::counter("roomkey_logins", "Logins that ended, by provider and outcome.", endings.collect()),
            Family::counter(
                "roomkey_failures",
                "What ended otherwise than in a meeting, by the word of the log.",
                failures.collect(),
            ),
            Family::counter("roomkey_admissions", "People let in, by the rule that decided.", admitted.collect()),
            Family::counter("roomkey_refusals", "People refused, by the rule that decided.", refused.collect()),
        ]
    }
}
