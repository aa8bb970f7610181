//! What each pure step of a login costs: `cargo bench --bench steps`.

#![allow(clippy::unwrap_used, reason = "a benchmark stops at the first thing amiss")]

mod person;
mod saml;

#[path = "../../tests/support/saml_login.rs"]
#[allow(dead_code, unreachable_pub, reason = "a part of it is for tests")]
mod saml_login;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use roomkey::jitsi::{Algorithm, Deliver, Meeting, MeetingLink, MeetingToken, Pseudonyms, Share, SigningKey};
use roomkey::login::SealingKeys;
use roomkey::policy::{
    ClaimCondition, Member, MemberRooms, Membership, Outcome, Permit, Policy, Role, Roster, Rule, Window,
};
use roomkey::provider::VerifiedIdentity;
use roomkey::room::{JitsiState, JoinRequest, RoomName};

const STATE: &str = r#"{"room":"Réunion","roomSafe":"r%c3%a9union","tenant":"","config.startWithAudioMuted":true,
    "config.startAudioOnly":false,"config.startWithVideoMuted":true,"config.prejoinConfig.enabled":false}"#;

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn rooms(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("room");
    for (kind, typed) in [("ascii", "Weekly-Standup"), ("accented", "Réunion de l’équipe"), ("kanji", "面談室の予約")]
    {
        group.bench_function(kind, |bencher| bencher.iter(|| black_box(typed).parse::<RoomName>().unwrap()));
    }
    group.bench_function("state", |bencher| bencher.iter(|| black_box(STATE).parse::<JitsiState>().unwrap()));
    group.finish();
}

fn rule(name: String, rooms: &[&str]) -> Rule {
    Rule {
        name,
        rooms: rooms.iter().map(|room| room.parse().unwrap()).collect(),
        groups: Vec::new(),
        emails: Vec::new(),
        email_domains: Vec::new(),
        providers: Vec::new(),
        claims: Vec::new(),
        members: None,
        passes: false,
        window: Window::default(),
        when: None,
        outcome: Outcome::Admit(Permit { role: Role::Participant, features: None, token_lifetime: None }),
    }
}

/// Rules of an organisation in which each team has its rooms; the last one lets staff in everywhere.
fn teams(count: usize) -> Vec<Rule> {
    let team = |n: usize| {
        let (exact, glob) = (format!("team-{n}"), format!("team-{n}-*"));
        Rule { groups: vec![format!("team-{n}")], ..rule(format!("team-{n}"), &[&exact, &glob]) }
    };
    let staff = Rule { groups: vec!["staff".to_owned()], ..rule("staff".to_owned(), &["*"]) };
    (1..count).map(team).chain([staff]).collect()
}

/// The same, but every rule speaks of every room and asks for something of each kind.
fn everywhere(count: usize) -> Vec<Rule> {
    let demanding = |n: usize| Rule {
        groups: vec![format!("team-{n}"), "staff".to_owned()],
        emails: vec!["ada@example.com".to_owned(), format!("person-{n}@example.com")],
        email_domains: vec!["example.com".to_owned()],
        providers: vec!["work".parse().unwrap()],
        claims: vec![ClaimCondition { claim: "department".to_owned(), values: vec![format!("department-{n}").into()] }],
        ..rule(format!("rule-{n}"), &["*"])
    };
    let staff = Rule { groups: vec!["staff".to_owned()], ..rule("staff".to_owned(), &["*"]) };
    (1..count).map(demanding).chain([staff]).collect()
}

fn policies(criterion: &mut Criterion, ada: &VerifiedIdentity) {
    let mut group = criterion.benchmark_group("policy");
    let request = JoinRequest::from_link(None, "Weekly Standup", None).unwrap();
    for (kind, rules) in [("teams", teams as fn(usize) -> Vec<Rule>), ("everywhere", everywhere)] {
        for count in [10, 1_000] {
            let policy = Policy::new(rules(count), &["work".parse().unwrap()]);
            assert_eq!(policy.decide(ada, &request, now()).unwrap().rule(), "staff");
            group.bench_function(format!("{kind}/{count}"), |bencher| {
                bencher.iter(|| policy.decide(black_box(ada), black_box(&request), now()).unwrap());
            });
        }
    }
    group.finish();
}

/// A list of 100,000 rows, with Ada in ten of three thousand rooms.
fn roster() -> Roster {
    let mut roster = Roster::default();
    let row = |address: String, room: String| Membership {
        member: Member::Address(address),
        rooms: MemberRooms::One(None, room.parse().unwrap()),
        role: None,
        window: Window { from: None, until: Some(Timestamp::from_second(1_900_000_000).unwrap()) },
    };
    (0..99_990).for_each(|n| roster.add(row(format!("person-{n}@example.com"), format!("class-{}", n % 3_000))));
    (0..10).for_each(|n| roster.add(row("ada@example.com".to_owned(), format!("class-{}", n * 300))));
    roster
}

/// A thousand rules that speak of every room, and a list of members in the last.
fn members(criterion: &mut Criterion, ada: &VerifiedIdentity) {
    let mut rules = everywhere(1_000);
    rules.pop();
    rules.push(Rule { members: Some(roster().into()), ..rule("enrolled".to_owned(), &["*"]) });
    let policy = Policy::new(rules, &["work".parse().unwrap()]);
    let enter = |room| JoinRequest::from_link(None, room, None).unwrap();
    let (hers, anothers) = (enter("class-2700"), enter("class-1"));
    assert_eq!(policy.decide(ada, &hers, now()).unwrap().rule(), "enrolled");
    assert!(policy.decide(ada, &anothers, now()).is_err());
    let mut group = criterion.benchmark_group("roster");
    group.bench_function("member/1000x100000", |bencher| {
        bencher.iter(|| policy.decide(black_box(ada), black_box(&hers), now()).unwrap());
    });
    group.bench_function("stranger/1000x100000", |bencher| {
        bencher.iter(|| policy.decide(black_box(ada), black_box(&anothers), now()).unwrap_err());
    });
    group.finish();
}

fn meeting() -> Meeting {
    Meeting {
        url: "https://meet.example.com".parse().unwrap(),
        app_id: "roomkey".to_owned(),
        audience: "jitsi".to_owned(),
        subject: "meet.example.com".to_owned(),
        share: Share { name: true, email: true, avatar: true },
        token_lifetime: Duration::from_mins(5),
        deliver: Deliver::Query,
        group: None,
        skip_prejoin: false,
    }
}

fn tokens(criterion: &mut Criterion, ada: &VerifiedIdentity) {
    let mut group = criterion.benchmark_group("token");
    let request = JoinRequest::from_link(None, "Réunion", Some(STATE)).unwrap();
    let grant = Policy::new(teams(1), &[]).decide(ada, &request, now()).unwrap();
    let meeting = meeting();
    let pem = include_bytes!("../../tests/data/keys/rsa-2048-pkcs8.pem");
    let secret = SigningKey::new(Algorithm::Hs256, &[7; 32], None).unwrap();
    let pair = SigningKey::new(Algorithm::Rs256, pem, None).unwrap();
    let secrets = SealingKeys { current: vec![9; 32].into(), previous: Vec::new() };
    let pseudonyms = Pseudonyms::new(&secrets).unwrap();
    let sign = |key| MeetingToken::sign(&meeting, key, &pseudonyms, &grant, ada, now()).unwrap();
    for key in [&secret, &pair] {
        group.bench_function(key.algorithm().name(), |bencher| bencher.iter(|| sign(black_box(key))));
    }
    group.bench_function("link", |bencher| {
        bencher.iter_batched(
            || sign(&secret),
            |token| MeetingLink::new(&meeting, black_box(&request), token),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn steps(criterion: &mut Criterion) {
    rooms(criterion);
    let groups: Vec<String> = (0..40).map(|n| format!("other-{n}")).chain(["staff".to_owned()]).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ada = runtime.block_on(person::member_of(&groups));
    policies(criterion, &ada);
    members(criterion, &ada);
    tokens(criterion, &ada);
    saml::responses(criterion);
}

criterion_group!(benches, steps);
criterion_main!(benches);
