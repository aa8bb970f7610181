//! Look-ups that come while another is under way share the next query, so that they share its cost.
//!
//! Whoever comes first asks for themselves at once; nobody waits for company. The next query is run by one of those who wait,
//! in their own task, so that no task stands between a caller and the database. Whoever goes away while they ask hands on.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::error::TooSlow;
use super::{StoreError, TIMEOUT};

/// Keys that one query asks for.
const MOST: usize = 64;

/// Those who look up by a `K` what there is at most one `V` of. Cheap to clone.
pub(super) struct LookUps<K, V>(Arc<Mutex<Line<K, V>>>);

/// Who waits while somebody asks; `None` while nobody does.
type Line<K, V> = Option<Vec<Waiting<K, V>>>;

struct Waiting<K, V> {
    key: K,
    turn: oneshot::Sender<Turn<K, V>>,
}

type Found<V> = Result<Option<V>, StoreError>;

/// What somebody who waits comes to.
enum Turn<K, V> {
    /// Another has asked for them.
    Found(Found<V>),
    /// They ask.
    Ask(Asking<K, V>),
}

/// The right to ask, which one has at a time: for oneself and for the `others`. Handed on when it ends, however it ends.
struct Asking<K, V> {
    line: Option<LookUps<K, V>>,
    others: Vec<Waiting<K, V>>,
}

impl<K, V> LookUps<K, V> {
    /// Nobody looks anything up yet.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// What there is by `key`, by a query that begins after this call. `query` takes up to [`MOST`] keys and gives what it found
    /// by each, in their order.
    ///
    /// # Errors
    /// Those of the query, and no answer within [`TIMEOUT`].
    pub(super) async fn find<F>(&self, key: K, query: impl Fn(Vec<K>) -> F) -> Found<V>
    where
        K: Clone,
        F: Future<Output = Result<Vec<Option<V>>, StoreError>>,
    {
        loop {
            match self.come(&key) {
                Ok(asking) => return asking.ask(key, query).await,
                Err(turn) => match tokio::time::timeout(TIMEOUT, turn).await {
                    Ok(Ok(Turn::Found(found))) => return found,
                    Ok(Ok(Turn::Ask(asking))) => return asking.ask(key, query).await,
                    // Whoever asked for them has gone away.
                    Ok(Err(_)) => {}
                    Err(_) => return Err(StoreError::unreachable(TooSlow)),
                },
            }
        }
    }

    /// The right to ask, if nobody has it; else a place in line.
    fn come(&self, key: &K) -> Result<Asking<K, V>, oneshot::Receiver<Turn<K, V>>>
    where
        K: Clone,
    {
        let mut line = self.line();
        let Some(waiting) = line.as_mut() else {
            *line = Some(Vec::new());
            return Ok(Asking { line: Some(self.clone()), others: Vec::new() });
        };
        let (turn, mine) = oneshot::channel();
        waiting.push(Waiting { key: key.clone(), turn });
        Err(mine)
    }

    /// Lets one of those who wait ask, for as many as one query serves.
    fn hand_on(&self) {
        let mut line = self.line();
        let Some(waiting) = line.as_mut() else { return };
        waiting.retain(|waiting| !waiting.turn.is_closed());
        let rest = waiting.split_off(waiting.len().min(MOST));
        let mut others = std::mem::replace(waiting, rest);
        while let Some(Waiting { turn, .. }) = others.pop() {
            match turn.send(Turn::Ask(Asking { line: Some(self.clone()), others })) {
                Err(Turn::Ask(mut asking)) => {
                    asking.line = None;
                    others = std::mem::take(&mut asking.others);
                }
                _ => return,
            }
        }
        // All of these have gone away meanwhile: whoever stands behind them comes anew, as their place ends here.
        *line = None;
    }

    fn line(&self) -> MutexGuard<'_, Line<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Asking<K, V> {
    async fn ask<F>(mut self, key: K, query: impl Fn(Vec<K>) -> F) -> Found<V>
    where
        K: Clone,
        F: Future<Output = Result<Vec<Option<V>>, StoreError>>,
    {
        let keys = std::iter::once(key).chain(self.others.iter().map(|waiting| waiting.key.clone())).collect();
        let mut found = query(keys).await.map(Vec::into_iter);
        let mut next = || found.as_mut().map(|found| found.next().flatten()).map_err(|error| error.clone());
        let mine = next();
        for waiting in self.others.drain(..) {
            // Nobody listens any more, at worst.
            let _ = waiting.turn.send(Turn::Found(next()));
        }
        mine
    }
}

impl<K, V> Drop for Asking<K, V> {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            line.hand_on();
        }
    }
}

impl<K, V> Clone for LookUps<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Arc;

    use futures_util::FutureExt;
    use futures_util::future::{join, join_all};
    use tokio::sync::Notify;

    use super::*;

    /// Finds even numbers, each query after a nudge; keeps the keys of every query.
    struct Evens {
        look_ups: LookUps<u32, u32>,
        queries: RefCell<Vec<Vec<u32>>>,
        nudge: Notify,
    }

    impl Evens {
        fn new() -> Self {
            Self { look_ups: LookUps::new(), queries: RefCell::default(), nudge: Notify::new() }
        }

        async fn find(&self, key: u32) -> Found<u32> {
            let query = |keys: Vec<u32>| async move {
                self.queries.borrow_mut().push(keys.clone());
                self.nudge.notified().await;
                if keys.contains(&13) {
                    return Err(StoreError::Refused(Arc::new(TooSlow)));
                }
                Ok(keys.into_iter().map(|key| (key % 2 == 0).then_some(key)).collect())
            };
            self.look_ups.find(key, query).await
        }

        /// Lets queries end, one after another.
        async fn answer(&self) {
            for _ in 0..16 {
                tokio::task::yield_now().await;
                self.nudge.notify_one();
            }
        }
    }

    #[tokio::test]
    async fn whoever_comes_while_another_asks_shares_the_next_query() {
        let evens = Evens::new();

        let (found, ()) = join(join_all([1, 2, 3, 4].map(|key| evens.find(key))), evens.answer()).await;

        let found: Vec<_> = found.into_iter().map(Result::unwrap).collect();
        assert_eq!(found, [None, Some(2), None, Some(4)]);
        let mut queries = evens.queries.into_inner();
        queries[1].sort_unstable();
        assert_eq!(queries, [vec![1], vec![2, 3, 4]]);
    }

    #[tokio::test]
    async fn a_long_line_is_served_in_turns() {
        let evens = Evens::new();

        let (found, ()) = join(join_all((100..100 + 3 * 64).map(|key| evens.find(key))), evens.answer()).await;

        for (key, found) in (100..).zip(found) {
            assert_eq!(found.unwrap(), (key % 2 == 0).then_some(key));
        }
        let queries = evens.queries.into_inner();
        assert_eq!(queries.iter().map(Vec::len).collect::<Vec<_>>(), [1, 64, 64, 63]);
    }

    #[tokio::test]
    async fn an_error_is_told_to_all_who_shared_the_query_and_to_nobody_else() {
        let evens = Evens::new();

        let (found, ()) = join(join_all([2, 4, 13].map(|key| evens.find(key))), evens.answer()).await;

        assert_eq!(found.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false]);
        let (found, ()) = join(evens.find(4), evens.answer()).await;
        assert_eq!(found.unwrap(), Some(4));
    }

    #[tokio::test]
    async fn whoever_goes_away_while_they_ask_hands_on() {
        let evens = Evens::new();
        let mut first = Box::pin(evens.find(2));
        let mut second = Box::pin(evens.find(4));
        let third = evens.find(6);
        assert!((&mut first).now_or_never().is_none());
        assert!((&mut second).now_or_never().is_none());

        // The first asks, the second waits, and would have been the one to ask next.
        drop(first);
        drop(second);

        let (found, ()) = join(third, evens.answer()).await;
        assert_eq!(found.unwrap(), Some(6));
    }

    #[tokio::test]
    async fn those_whose_query_is_given_up_ask_again() {
        let evens = Evens::new();
        let mut first = Box::pin(evens.find(2));
        let mut second = Box::pin(evens.find(4));
        let mut third = Box::pin(evens.find(6));
        for one in [&mut first, &mut second, &mut third] {
            assert!(one.now_or_never().is_none());
        }
        evens.nudge.notify_one();
        assert_eq!(first.await.unwrap(), Some(2));
        // The third asks for both now.
        assert!((&mut third).now_or_never().is_none());
        assert_eq!(evens.queries.borrow()[1], [6, 4]);

        drop(third);

        let (found, ()) = join(second, evens.answer()).await;
        assert_eq!(found.unwrap(), Some(4));
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_for_the_store() {
        let look_ups = LookUps::<u32, u32>::new();
        let hang = |_| std::future::pending();
        let mut first = Box::pin(look_ups.find(1, hang));
        assert!((&mut first).now_or_never().is_none());

        let second = look_ups.find(2, hang).await;

        assert!(matches!(second, Err(StoreError::Unreachable(_))));
    }
}
