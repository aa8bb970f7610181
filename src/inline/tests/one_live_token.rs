//! Whatever is done with a code and the tokens that come of it, in whatever order and however much at a time: at most one
//! refresh token of the family is good, each is replaced at most once, and once anything has been used again, none is good.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;

use super::*;
use crate::inline::Family;

/// What some holder does, on one of the replicas. Numbers choose among what there is at that moment.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Brings the code, for the first time or again.
    Redeem(usize),
    /// Goes on to have a family made of it.
    Begin(usize),
    /// Brings a refresh token, the latest or an old one.
    Open(usize),
    /// Goes on to have it replaced, after session and rules were asked, which may take any time.
    Rotate(usize),
    /// Is refused by them.
    End(usize),
    /// Several bring refresh tokens at once, on both replicas.
    Together(usize, usize),
    /// One brings the code again while another brings a refresh token.
    Replay(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let which = || 0usize..8;
    // Mostly the latest, or every family would have ended before much has come of it.
    let token = || prop_oneof![12 => Just(0usize), 1 => which()];
    prop_oneof![
        1 => which().prop_map(Step::Redeem),
        2 => which().prop_map(Step::Begin),
        20 => token().prop_map(Step::Open),
        20 => which().prop_map(Step::Rotate),
        1 => which().prop_map(Step::End),
        2 => (token(), token()).prop_map(|(one, other)| Step::Together(one, other)),
        1 => token().prop_map(Step::Replay),
    ]
}

/// Everything that anybody ever got hold of.
struct Holders<'s> {
    stage: &'s Stage,
    code: String,
    redeemed: Vec<Redeemed>,
    tokens: Vec<String>,
    /// Families, each with the token that it was opened by.
    opened: Vec<(String, Family)>,
    /// The tokens that were replaced.
    replaced: Vec<String>,
    /// Somebody has been told that the code or a token was used before.
    has_ended: bool,
}

impl Holders<'_> {
    async fn take(&mut self, step: Step) {
        let replica = |number: usize| &self.stage.replicas[number % 2];
        match step {
            Step::Redeem(number) => {
                let redeemed = replica(number).redeem(&self.code, VERIFIER, at(1)).await;
                self.has_ended |= redeemed.is_err();
                self.redeemed.extend(redeemed);
            }
            Step::Begin(number) => {
                if let Some(redeemed) = self.redeemed.pop() {
                    let begun = replica(number).begin(redeemed, "s-1".to_owned(), at(3600)).await;
                    self.tokens.extend(begun.map(|token| token.expose()));
                }
            }
            Step::Open(number) => {
                if let Some(token) = self.token(number) {
                    let opened = replica(number).open(&token, at(2)).await;
                    self.has_ended |= matches!(opened, Err(TokenError::Replayed));
                    self.opened.extend(opened.map(|family| (token, family)));
                }
            }
            Step::Rotate(number) => {
                if let Some((token, family)) = self.family(number) {
                    let next = replica(number).rotate(family, at(3600)).await.map(|token| token.expose());
                    self.note(token, next);
                }
            }
            Step::End(number) => {
                if let Some((_, family)) = self.family(number) {
                    replica(number).end(family).await.unwrap();
                }
            }
            Step::Together(one, other) => {
                if let (Some(first), Some(second)) = (self.token(one), self.token(other)) {
                    let [here, there] = &self.stage.replicas;
                    let (one, other) = tokio::join!(refresh(here, &first), refresh(there, &second));
                    self.note(first, one);
                    self.note(second, other);
                }
            }
            Step::Replay(number) => {
                if let Some(token) = self.token(number) {
                    let [here, there] = &self.stage.replicas;
                    let (again, next) = tokio::join!(here.redeem(&self.code, VERIFIER, at(1)), refresh(there, &token));
                    self.has_ended |= again.is_err();
                    self.note(token, next);
                }
            }
        }
    }

    /// What came of the use of a refresh token.
    fn note(&mut self, used: String, next: Result<String, TokenError>) {
        self.has_ended |= matches!(next, Err(TokenError::Replayed));
        if let Ok(next) = next {
            self.tokens.push(next);
            self.replaced.push(used);
        }
    }

    /// Whether a token was replaced more than once.
    fn has_fork(&self) -> bool {
        (1..self.replaced.len()).any(|at| self.replaced[..at].contains(&self.replaced[at]))
    }

    /// A refresh token that was ever given, counted from the latest.
    fn token(&self, number: usize) -> Option<String> {
        self.tokens.iter().rev().nth(number % self.tokens.len().max(1)).cloned()
    }

    fn family(&mut self, number: usize) -> Option<(String, Family)> {
        (!self.opened.is_empty()).then(|| self.opened.swap_remove(number % self.opened.len()))
    }

    /// How many of all refresh tokens would be taken now.
    async fn live(&self) -> usize {
        let mut live = 0;
        for token in &self.tokens {
            let token: RefreshToken = token.parse().unwrap();
            let row = self.stage.issuer().store.family(token.family().to_owned(), at(2).as_second()).await.unwrap();
            live += usize::from(row.is_some_and(|row| row.token == token.hash()));
        }
        live
    }
}

fn at_most_one_refresh_token_is_good(stage: &Stage, runtime: &Runtime, cases: u32) {
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) });
    let given = Cell::new(0);
    let begins = prop::bool::weighted(0.7);
    let outcome = runner.run(&(begins, prop::collection::vec(step(), 1..24)), |(begins, steps)| {
        runtime.block_on(async {
            let code = stage.code().await;
            let mut holders = Holders {
                stage,
                code,
                redeemed: vec![],
                tokens: vec![],
                opened: vec![],
                replaced: vec![],
                has_ended: false,
            };
            let first = [Step::Redeem(0)].into_iter().chain(begins.then_some(Step::Begin(0)));
            for step in first.chain(steps) {
                holders.take(step).await;
                let most = usize::from(!holders.has_ended);
                prop_assert!(holders.live().await <= most, "after {:?}", step);
                prop_assert!(!holders.has_fork(), "after {:?}", step);
            }
            let mut taken = 0;
            for token in holders.tokens.clone() {
                taken += usize::from(refresh(stage.issuer(), &token).await.is_ok());
            }
            prop_assert!(taken <= 1, "{} were taken", taken);
            given.set(given.get().max(holders.tokens.len()));
            Ok(())
        })
    });
    outcome.unwrap();
    assert!(given.get() > 3, "the steps lead nowhere");
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn at_most_one_refresh_token_is_good_in_sqlite() {
    let runtime = runtime();
    let stage = runtime.block_on(async { Stage::in_sqlite() });

    at_most_one_refresh_token_is_good(&stage, &runtime, 150);
}

#[test]
fn at_most_one_refresh_token_is_good_in_postgresql() {
    let runtime = runtime();
    let stage = runtime.block_on(async { Stage::in_postgresql() });

    at_most_one_refresh_token_is_good(&stage, &runtime, 60);
}
