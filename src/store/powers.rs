//! Statements over any number of values, few of them: each serves a power of two, so that the database keeps them prepared.

use sqlx::{Database, QueryBuilder};

/// `sql` with a list of `texts` that something has to be in: filled up to a power of two, with one of them again.
pub(super) fn one_of<DB: Database>(sql: &'static str, texts: Vec<String>) -> QueryBuilder<DB>
where
    String: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let mut query = QueryBuilder::new(sql);
    let mut values = query.separated(", ");
    let missing = texts.len().next_power_of_two() - texts.len();
    let filling = texts.last().cloned().unwrap_or_default();
    for text in texts.into_iter().chain(std::iter::repeat_n(filling, missing)) {
        values.push_bind(text);
    }
    query.push(")");
    query
}

/// `rows` in portions, each as many as a power of two.
pub(super) fn portions<T>(mut rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let count = rows.len().checked_ilog2()?;
        Some(rows.split_off(rows.len() - (1 << count)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_in_powers_of_two_and_each_once() {
        let portions: Vec<_> = portions((0..13).collect()).collect();

        assert_eq!(portions.iter().map(Vec::len).collect::<Vec<_>>(), [8, 4, 1]);
        let mut all = portions.concat();
        all.sort_unstable();
        assert_eq!(all, (0..13).collect::<Vec<_>>());
    }

    #[test]
    fn no_rows_are_no_portion() {
        assert_eq!(portions(Vec::<u8>::new()).count(), 0);
    }
}
