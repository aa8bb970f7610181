use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::policy::Circumstances;
use crate::provider::VerifiedIdentity;
use crate::provider::testing::{guest_of, somebody_from};
use crate::room::JoinRequest;

/// A Tuesday.
const NOW: &str = "2026-12-01T09:30:00Z";

fn ada() -> VerifiedIdentity {
    somebody_from("work")
        .with_subject("u-7")
        .with_email("Ada@example.com", true)
        .with_groups(&["staff", "board-2026"])
        .with_claim("level", 4)
        .with_claim("department", "finance")
        .with_claim("sites", json!(["berlin", "paris"]))
        .with_claim("nested", json!({"deep-er": {"on": true}}))
}

fn judge_of(identity: &VerifiedIdentity, text: &str, address: Option<&str>) -> Result<bool, WhenFault> {
    let request = JoinRequest::from_link(Some("acme"), "Réunion 7", None).unwrap();
    let circumstances =
        Circumstances { now: NOW.parse().unwrap(), address: address.map(|address| address.parse().unwrap()) };
    Scene::new(identity, &request, circumstances)
        .judge(&When::compile(text).unwrap_or_else(|wrong| panic!("{wrong:?}")))
}

fn judge(text: &str) -> Result<bool, WhenFault> {
    judge_of(&ada(), text, Some("10.20.3.4"))
}

fn wrong(text: &str) -> Vec<(usize, usize, String)> {
    let errors = When::compile(text).unwrap_err();
    errors.into_iter().map(|WhenError { line, column, what }| (line, column, what)).collect()
}

#[test]
fn an_expression_sees_the_person_the_room_and_the_moment() {
    for text in [
        "provider == 'work' && subject == 'u-7' && !guest",
        "email == 'ada@example.com'",
        "email.endsWith('@example.com')",
        "'staff' in groups",
        "groups.exists(group, group.startsWith('board-'))",
        "groups.all(group, size(group) > 3)",
        "groups.exists_one(group, group.contains('20'))",
        "claims.level >= 3 && claims.level < 5",
        "claims.department in ['finance', 'legal']",
        "'paris' in claims.sites",
        "claims.nested['deep-er'].on",
        "has(claims.level) && !has(claims.badge)",
        "room == 'réunion 7' && tenant == 'acme'",
        "time.hour == 9 && time.minute == 30 && time.weekday == 2 && time.date == '2026-12-01'",
        "time.epoch > 1790000000",
        "address.within('10.0.0.0/8') && !address.within('10.21.0.0/16')",
        "claims.level > 5 ? false : true",
        "string(claims.level) == '4' && int('4') == claims.level",
    ] {
        assert_eq!(judge(text), Ok(true), "{text}");
        assert_eq!(judge(&format!("!({text})")), Ok(false), "{text}");
    }
}

#[test]
fn an_address_that_is_not_verified_is_nobodys() {
    let claimed = somebody_from("work").with_email("ada@example.com", false);

    assert_eq!(judge_of(&claimed, "email == ''", None), Ok(true));
}

#[test]
fn a_guest_is_told_from_others() {
    assert_eq!(judge_of(&guest_of("guest", "Ada"), "guest && size(claims) == 0", None), Ok(true));
}

#[test]
fn networks_of_both_kinds_are_known() {
    let within = |network: &str, address| judge_of(&ada(), &format!("address.within('{network}')"), Some(address));

    assert_eq!(within("2001:db8::/32", "2001:db8:1::1"), Ok(true));
    assert_eq!(within("2001:db8::/32", "10.1.1.1"), Ok(false));
    assert_eq!(within("192.0.2.0/24", "192.0.3.1"), Ok(false));
}

#[test]
fn what_has_no_result_says_why_and_nothing_about_the_person() {
    for (text, fault) in [
        ("claims.badge == 'x'", WhenFault::Missing),
        ("claims[email] == 'x'", WhenFault::Missing),
        ("claims.sites[7] == 'x'", WhenFault::Missing),
        ("claims.department > 3", WhenFault::Kinds),
        ("claims.level + 'x' == 'x'", WhenFault::Kinds),
        ("claims.level / 0 == 1", WhenFault::Arithmetic),
        ("claims.level * 9223372036854775807 > 1", WhenFault::Arithmetic),
        ("claims.level", WhenFault::NoAnswer),
    ] {
        let found = judge(text).unwrap_err();

        assert_eq!(found, fault, "{text}");
        assert!(!found.to_string().contains("ada") && !format!("{found:?}").contains("finance"));
    }
    assert_eq!(judge_of(&ada(), "address.within('10.0.0.0/8')", None), Err(WhenFault::NoAddress));
}

#[test]
fn what_is_misspelt_is_found_at_its_place() {
    assert_eq!(wrong("group.size() > 1"), [(1, 1, "there is no `group`; did you mean `groups`?".to_owned())]);
    let unknown = |name: &str| {
        format!(
            "there is no `{name}`; known are `provider`, `subject`, `email`, `groups`, `claims`, `guest`, `room`, `tenant`, \
             `address`, `time`"
        )
    };
    assert_eq!(wrong("guest ||\n  xyzzy"), [(2, 3, unknown("xyzzy"))]);
    assert_eq!(
        wrong("time.year == 2026"),
        [(1, 5, "`time` has `epoch`, `date`, `hour`, `minute`, `weekday`, and no `year`".to_owned())]
    );
    assert!(wrong("email.matches('.*')")[0].2.starts_with("there is no function `matches`"));
    assert_eq!(
        wrong("address.within('10.0.0.0/99')")[0].2,
        "write a network in quotes, as in `address.within(\"10.0.0.0/8\")`"
    );
    assert!(wrong("address.within(email)")[0].2.starts_with("write a network in quotes"));
    for text in ["", "groups.exists(", "'open", "a ==", "1 +* 2", "\u{0}"] {
        assert!(!wrong(text).is_empty(), "{text:?}");
    }
}

#[test]
fn whatever_could_cost_more_than_its_length_is_refused() {
    let nested = |text: &str, times: usize| format!("{}true{}", text.repeat(times), ")".repeat(times));
    for (text, told) in [
        ("groups.map(g, groups).size() > 1".to_owned(), "`map` and `filter`"),
        ("groups.filter(g, true).size() > 1".to_owned(), "`map` and `filter`"),
        ("groups.exists(g, groups.exists(h, g == h))".to_owned(), "repeats within a repetition"),
        (["groups.all(g, true)"; 5].join(" && "), "more than 4 times"),
        (nested("(", 17), "too complicated"),
        (nested("!(", 40), "too complicated"),
        (vec!["1"; 200].join("+") + " > 1", "too complicated"),
        (vec!["1"; 100].join("+") + " > 1", "too complicated"),
        ("1?1:".repeat(130) + "1", "too complicated"),
        ("x".repeat(1025), "1025 bytes long"),
        ("-".repeat(500) + "1 > 0", "too complicated"),
    ] {
        let what = &wrong(&text)[0].2;

        assert!(what.contains(told), "{what}: {text}");
    }
}

#[test]
fn the_deepest_that_is_allowed_fits_any_stack() {
    let texts = [
        format!("{}true{}", "(".repeat(16), ")".repeat(16)),
        vec!["1"; 20].join("+") + " > 1",
        "claims".to_owned() + &".a".repeat(19),
        "!".repeat(200) + "true",
        vec!["true"; 20].join(" && "),
        format!("{}1{} == [1]", "[".repeat(16), "]".repeat(16)),
        "true ? ".repeat(19) + "true" + &" : true".repeat(19),
    ];

    // What becomes of each does not matter, only that it ends.
    let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    let judged = small.spawn(move || texts.map(|text| When::compile(&text).map(|_| judge(&text)).is_ok())).unwrap();

    assert!(judged.join().unwrap().contains(&true));
}

#[test]
fn a_thousand_groups_are_looked_through_in_a_moment() {
    let groups: Vec<String> = (0..1000).map(|n| format!("group-{n}")).collect();
    let names: Vec<&str> = groups.iter().map(String::as_str).collect();
    let member = somebody_from("work").with_groups(&names);
    let all = ["groups.all(g, g.contains('roup') && !g.endsWith('x'))"; 4].join(" && ");

    assert_eq!(judge_of(&member, &all, None), Ok(true));
}

proptest! {
    #[test]
    fn no_text_panics_and_none_is_both_refused_and_judged(
        text in "([a-z]{1,8}|[0-9]{1,4}|'[a-z@.]{0,6}'|[-+*/%!<>=&|?:.,()\\[\\]{} ]|groups|claims|time|address|email|exists|has|in|true){0,24}",
    ) {
        if When::compile(&text).is_ok() {
            let _ = judge(&text);
        }
    }

    #[test]
    fn no_characters_panic(text in "\\PC{0,60}") {
        let _ = When::compile(&text);
    }

    #[test]
    fn comparisons_are_those_of_numbers(level in any::<i64>(), bound in -1_000_000_i64..1_000_000) {
        let somebody = somebody_from("work").with_claim("level", level);

        prop_assert_eq!(judge_of(&somebody, &format!("claims.level >= {bound}"), None), Ok(level >= bound));
    }
}

#[test]
fn times_are_those_of_utc() {
    let at = |now: &str, text: &str| {
        let request = JoinRequest::from_link(None, "lab", None).unwrap();
        let now: Timestamp = now.parse().unwrap();
        Scene::new(&ada(), &request, now.into()).judge(&When::compile(text).unwrap())
    };

    assert_eq!(at("2026-12-06T23:30:00-01:00", "time.weekday == 1 && time.hour == 0"), Ok(true), "a Sunday elsewhere");
    assert_eq!(at("2026-12-06T12:00:00Z", "time.weekday == 7"), Ok(true));
}
