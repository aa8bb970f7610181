//! Writes that come at the same time share one transaction, so that they share its cost.

use std::future::Future;

use tokio::sync::{mpsc, oneshot};

use super::error::{Stopping, TooSlow};
use super::{StoreError, TIMEOUT};

/// Rows that one transaction takes.
pub(super) const MOST: usize = 64;

/// Rows that wait for their transaction; whoever comes then waits to be let in line.
const LINE: usize = 1024;

/// The line in front of a table. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Line<T>(mpsc::Sender<Waiting<T>>);

/// The other end of a [`Line`].
pub(crate) struct Counter<T>(mpsc::Receiver<Waiting<T>>);

struct Waiting<T> {
    row: T,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

/// A line and its other end.
pub(crate) fn line<T>() -> (Line<T>, Counter<T>) {
    let (line, counter) = mpsc::channel(LINE);
    (Line(line), Counter(counter))
}

impl<T> Line<T> {
    /// How many wait.
    pub(crate) fn length(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }

    /// Has `row` written, and waits until it is.
    ///
    /// # Errors
    /// It was not, or it took longer than [`TIMEOUT`], and nobody knows.
    pub(crate) async fn write(&self, row: T) -> Result<(), StoreError> {
        let (answer, written) = oneshot::channel();
        let write = async {
            self.0.send(Waiting { row, answer }).await.ok()?;
            written.await.ok()
        };
        match tokio::time::timeout(TIMEOUT, write).await {
            Ok(Some(outcome)) => outcome,
            Ok(None) => Err(StoreError::unreachable(Stopping)),
            Err(_) => Err(StoreError::unreachable(TooSlow)),
        }
    }
}

impl<T: Clone> Counter<T> {
    /// Writes what stands in line, all of it at a time, until nobody can come any more. A row that the store refuses takes
    /// none of its neighbours with it.
    pub(crate) async fn serve<F>(mut self, write: impl Fn(Vec<T>) -> F)
    where
        F: Future<Output = Result<(), StoreError>>,
    {
        let mut next = Vec::with_capacity(MOST);
        while self.0.recv_many(&mut next, MOST).await > 0 {
            // Whoever has given up waiting gets nothing written behind their back.
            next.retain(|waiting| !waiting.answer.is_closed());
            let rows: Vec<T> = next.iter().map(|waiting| waiting.row.clone()).collect();
            let together = rows.len();
            let outcome = write(rows).await;
            let one_by_one = together > 1 && matches!(outcome, Err(StoreError::Refused(_)));
            for Waiting { row, answer } in next.drain(..) {
                let outcome = if one_by_one { write(vec![row]).await } else { outcome.clone() };
                // Nobody listens any more, at worst.
                let _ = answer.send(outcome);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Arc;

    use futures_util::future::{join, join_all};

    use super::*;

    /// Serves rows of which 13 is refused, until all of `rows` have their answer; gives the answers and the transactions.
    async fn serve(rows: &[u32]) -> (Vec<bool>, Vec<Vec<u32>>) {
        let (line, counter) = line();
        let transactions = RefCell::new(Vec::new());
        let serve = counter.serve(|rows: Vec<u32>| {
            let refused = rows.contains(&13);
            transactions.borrow_mut().push(rows);
            async move { if refused { Err(StoreError::Refused(Arc::new(TooSlow))) } else { Ok(()) } }
        });
        let write = async {
            let all = join_all(rows.iter().map(|row| line.write(*row))).await;
            drop(line);
            all.iter().map(Result::is_ok).collect()
        };

        let (answers, ()) = join(write, serve).await;

        (answers, transactions.into_inner())
    }

    #[tokio::test]
    async fn those_who_come_together_share_a_transaction() {
        let (answers, transactions) = serve(&[1, 2, 3]).await;

        assert_eq!(answers, [true; 3]);
        assert_eq!(transactions, [[1, 2, 3]]);
    }

    #[tokio::test]
    async fn a_refused_row_leaves_its_neighbours_alone() {
        let (answers, transactions) = serve(&[1, 13, 3]).await;

        assert_eq!(answers, [true, false, true]);
        assert_eq!(transactions, [vec![1, 13, 3], vec![1], vec![13], vec![3]]);
    }

    #[tokio::test]
    async fn a_long_line_is_served_in_turns() {
        let rows: Vec<u32> = (100..100 + 3 * 64).collect();

        let (answers, transactions) = serve(&rows).await;

        assert!(answers.iter().all(|answer| *answer));
        assert!(transactions.iter().all(|rows| rows.len() <= MOST), "{transactions:?}");
        let mut written = transactions.concat();
        written.sort_unstable();
        assert_eq!(written, rows);
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_for_the_store() {
        let (line, counter) = line();
        let serve = counter.serve(|_: Vec<u32>| std::future::pending());

        let (first, second) = tokio::select! {
            both = join(line.write(1), line.write(2)) => both,
            () = serve => unreachable!("the line has not ended"),
        };

        assert!(matches!((first, second), (Err(StoreError::Unreachable(_)), Err(StoreError::Unreachable(_)))));
    }

    #[tokio::test]
    async fn a_store_that_has_ended_is_told() {
        let (line, counter) = line();
        drop(counter);

        assert!(matches!(line.write(1).await, Err(StoreError::Unreachable(_))));
    }
}
