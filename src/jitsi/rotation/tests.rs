use proptest::prelude::*;

use super::*;

const DAY: i64 = 24 * 60 * 60;

fn monthly() -> Rotation {
    Rotation::new(Duration::from_hours(30 * 24))
}

fn term(number: i64, signs: i64) -> Term {
    Term { number, signs, token_lifetime: 300 }
}

#[test]
fn the_first_key_signs_at_once() {
    assert_eq!(monthly().due(&[], 1_000), Some(1_000));
}

#[test]
fn the_next_key_is_published_a_day_before_it_signs() {
    let first = [term(1, 0)];

    assert_eq!(monthly().lead(), Duration::from_hours(24));
    assert_eq!(monthly().due(&first, 29 * DAY - 1), None);
    assert_eq!(monthly().due(&first, 29 * DAY), Some(30 * DAY));
    assert_eq!(monthly().due(&[term(1, 0), term(2, 30 * DAY)], 30 * DAY + 1), None);
}

#[test]
fn after_a_standstill_the_next_key_is_published_as_long_before_it_signs() {
    assert_eq!(monthly().due(&[term(1, 0)], 45 * DAY), Some(46 * DAY));
}

#[test]
fn everything_is_quicker_where_keys_change_quickly() {
    let hourly = Rotation::new(Duration::from_hours(1));
    let times = [monthly(), hourly, Rotation::new(Duration::from_secs(1))]
        .map(|rotation| (rotation.lead().as_secs(), rotation.max_age().as_secs(), rotation.look_again().as_millis()));

    assert_eq!(times, [(86_400, 3_600, 30_000), (1_800, 450, 30_000), (5, 1, 625)]);
}

#[test]
fn of_the_keys_whose_time_has_come_the_highest_signs() {
    let terms = [term(1, 0), term(2, 100), term(3, 50)];

    let signing = |now| Term::signing(&terms, now).map(|term| term.number);

    assert_eq!([signing(-5), signing(0), signing(49), signing(50), signing(100)], [1, 1, 1, 3, 3].map(Some));
    assert_eq!(Term::signing(&[], 0), None);
}

#[test]
fn a_key_is_withdrawn_once_its_last_token_has_expired_by_every_clock() {
    let terms = [term(1, 0), term(2, 100), term(3, 50)];

    let withdrawn = terms.map(|term| term.withdrawn(&terms));

    assert_eq!(withdrawn, [Some(50 + 300 + CLOCK_SLACK), Some(50 + 300 + CLOCK_SLACK), None]);
}

/// What a replica does when it looks into the store at `now`: the store is a list here.
fn look(rotation: Rotation, terms: &mut Vec<Term>, now: i64) {
    if let Some(signs) = rotation.due(terms, now) {
        let number = terms.iter().map(|term| term.number).max().unwrap_or(0) + 1;
        terms.push(term(number, signs));
    }
    let all = terms.clone();
    terms.retain(|term| term.withdrawn(&all).is_none_or(|end| end > now));
}

proptest! {
    /// A cache that is as old as it may be, of a replica that heard of everything as late as it may, verifies each token that
    /// is signed, and until it expires: whatever the rotation, and however long nobody looked.
    #[test]
    fn a_token_is_verified_by_whoever_caches_as_allowed(
        every in 10u64..4_000_000,
        pauses in prop::collection::vec(prop_oneof![8 => 0u64..100, 1 => 100u64..900], 1..200),
    ) {
        let rotation = Rotation::new(Duration::from_secs(every));
        let (look_again, max_age) = (rotation.look_again().as_secs_f64().ceil() as i64, seconds(rotation.max_age()));
        let (mut terms, mut now) = (Vec::new(), 0);
        let mut published: Vec<(i64, Vec<i64>)> = Vec::new();
        for pause in pauses {
            look(rotation, &mut terms, now);
            published.push((now, terms.iter().map(|term| term.number).collect()));
            // Until somebody looks again, tokens are signed by what is known now.
            let next = now + 1 + i64::try_from(every * pause / 1_000).unwrap();
            let known_since = |number: i64| published.iter().find(|(_, numbers)| numbers.contains(&number)).unwrap().0;
            for at in [now, now + (next - now) / 2, next - 1] {
                let signing = Term::signing(&terms, at).unwrap();
                let fresh = signing.number == 1 || at - known_since(signing.number) >= max_age + look_again;
                prop_assert!(fresh, "key {} signs at {at}, known since {}", signing.number, known_since(signing.number));
                let end = signing.withdrawn(&terms);
                prop_assert!(end.is_none_or(|end| end > at + signing.token_lifetime));
            }
            now = next;
        }
    }

    #[test]
    fn no_times_overflow(signs: i64, now: i64, lifetime in 0i64.., every: u64) {
        let terms = [Term { number: 1, signs, token_lifetime: lifetime }, Term { number: 2, signs, token_lifetime: lifetime }];

        let due = Rotation::new(Duration::from_secs(every)).due(&terms, now);

        prop_assert!(due.is_none_or(|due| due >= now));
        prop_assert!(terms[0].withdrawn(&terms).is_some());
        prop_assert!(Term::signing(&terms, now).is_some());
    }
}
