//! What holds for all policies and all people.

use super::*;

/// What a person is made of, in a form that can be varied.
#[derive(Clone, Debug)]
struct Somebody {
    provider: &'static str,
    groups: BTreeSet<&'static str>,
    email: Option<(&'static str, bool)>,
    department: Option<&'static str>,
}

const GROUPS: [&str; 4] = ["board", "staff", "banned", "work:board"];
const EMAILS: [&str; 3] = ["ada@example.com", "eve@example.com", "bob@example.org"];
const DEPARTMENTS: [&str; 2] = ["finance", "sales"];
const ROOMS: [&str; 4] = ["*", "board", "b*", "lab-?"];

impl Somebody {
    fn identity(&self) -> VerifiedIdentity {
        let groups: Vec<&str> = self.groups.iter().copied().collect();
        let mut identity = somebody_from(self.provider).with_groups(&groups);
        if let Some((email, verified)) = self.email {
            identity = identity.with_email(email, verified);
        }
        if let Some(department) = self.department {
            identity = identity.with_claim("department", department);
        }
        identity
    }

    /// The meaning of a rule, word for word from the operator's manual.
    fn fits(&self, rule: &Rule, room: &JoinRequest, now: Timestamp) -> bool {
        let email = self.email.and_then(|(email, verified)| verified.then_some(email));
        let one_of = |wanted: &[String], has: &dyn Fn(&str) -> bool| wanted.is_empty() || wanted.iter().any(|w| has(w));
        rule.rooms.iter().any(|glob| glob.matches(&room.room, None))
            && (rule.providers.is_empty() || rule.providers.iter().any(|id| id.as_str() == self.provider))
            && one_of(&rule.groups, &|wanted| match wanted.strip_prefix("work:") {
                Some(group) => self.provider == "work" && self.groups.contains(group),
                None => self.groups.contains(wanted),
            })
            && one_of(&rule.emails, &|wanted| email.is_some_and(|email| email == wanted))
            && one_of(&rule.email_domains, &|wanted| email.is_some_and(|email| email.ends_with(&format!("@{wanted}"))))
            && rule.claims.iter().all(|c| self.department.is_some_and(|found| c.values.iter().any(|v| v == found)))
            && rule.window.from.is_none_or(|from| from <= now)
            && rule.window.until.is_none_or(|until| until > now)
    }
}

fn somebody() -> impl Strategy<Value = Somebody> {
    (
        prop::sample::select(vec!["work", "home"]),
        prop::collection::btree_set(prop::sample::select(GROUPS.to_vec()), 0..4),
        prop::option::of((prop::sample::select(EMAILS.to_vec()), any::<bool>())),
        prop::option::of(prop::sample::select(DEPARTMENTS.to_vec())),
    )
        .prop_map(|(provider, groups, email, department)| Somebody { provider, groups, email, department })
}

fn some(of: &[&'static str]) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::sample::select(of.to_vec()).prop_map(str::to_owned), 0..2)
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let window = (prop::option::of(-2..2_i64), prop::option::of(-2..4_i64));
    (
        prop::collection::vec(prop::sample::select(ROOMS.to_vec()), 1..3),
        some(&GROUPS),
        some(&EMAILS),
        some(&["example.com", "example.org"]),
        some(&["work", "home"]),
        some(&DEPARTMENTS),
        window,
        prop::option::of(any::<bool>()),
    )
        .prop_map(|(rooms, groups, emails, email_domains, providers, departments, (from, until), moderator)| {
            Rule {
                groups,
                emails,
                email_domains,
                providers: providers.iter().map(|id| id.parse().unwrap()).collect(),
                claims: if departments.is_empty() {
                    Vec::new()
                } else {
                    vec![claim("department", &departments.into_iter().map(Value::from).collect::<Vec<_>>())]
                },
                window: Window { from: from.map(|s| at(NOW + s)), until: until.map(|s| at(NOW + s)) },
                outcome: match moderator {
                    Some(true) => admit(Role::Moderator),
                    Some(false) => admit(Role::Participant),
                    None => Outcome::Deny,
                },
                ..rule("r", &rooms)
            }
        })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    prop::collection::vec(any_rule(), 0..8).prop_map(|mut rules| {
        rules.iter_mut().enumerate().for_each(|(at, rule)| rule.name = at.to_string());
        rules
    })
}

fn outcome(rules: &[Rule], somebody: &Somebody, room: &JoinRequest) -> Result<(String, Role), Option<String>> {
    match policy(rules.to_vec()).decide(&somebody.identity(), room, at(NOW)) {
        Ok(grant) => Ok((grant.rule().to_owned(), grant.role())),
        Err(Refusal::Denied { rule }) => Err(Some(rule)),
        Err(Refusal::NoRule { .. } | Refusal::Pass { .. }) => Err(None),
    }
}

proptest! {
    #[test]
    fn the_first_rule_whose_words_fit_decides(rules in rules(), who in somebody(), room in "(board|lab-1|b)") {
        let room = into(&room);

        let expected = match rules.iter().find(|rule| who.fits(rule, &room, at(NOW))) {
            Some(Rule { name, outcome: Outcome::Admit(permit), .. }) => Ok((name.clone(), permit.role)),
            Some(Rule { name, .. }) => Err(Some(name.clone())),
            None => Err(None),
        };
        prop_assert_eq!(outcome(&rules, &who, &room), expected);
    }

    #[test]
    fn an_explanation_ends_with_the_rule_that_decides(rules in rules(), who in somebody(), room in "(board|lab-1|b)") {
        let (policy, room) = (policy(rules.clone()), into(&room));

        let explained = policy.explain(&who.identity(), &room, at(NOW));

        prop_assert_eq!(&explained.decision, &policy.decide(&who.identity(), &room, at(NOW)));
        let fitting = explained.rules.iter().find(|rule| rule.fits()).map(|rule| rule.rule.clone());
        let expected = match explained.decision {
            Ok(grant) => Some(grant.rule().to_owned()),
            Err(Refusal::Denied { rule }) => Some(rule),
            Err(Refusal::NoRule { .. } | Refusal::Pass { .. }) => None,
        };
        prop_assert_eq!(fitting, expected);
        prop_assert_eq!(explained.rules.iter().filter(|rule| rule.fits()).count(), usize::from(explained.rules.last().is_some_and(Considered::fits)));
    }

    #[test]
    fn a_rule_added_at_the_end_changes_no_decision_that_was_made(
        rules in rules(), last in any_rule(), who in somebody(), room in "(board|lab-1)",
    ) {
        let room = into(&room);
        let before = outcome(&rules, &who, &room);

        if before != Err(None) {
            prop_assert_eq!(outcome(&[rules, vec![last]].concat(), &who, &room), before);
        }
    }

    #[test]
    fn denying_everybody_first_refuses_everybody(rules in rules(), who in somebody()) {
        let first = Rule { outcome: Outcome::Deny, ..rule("first", &["*"]) };

        prop_assert_eq!(outcome(&[vec![first], rules].concat(), &who, &into("board")), Err(Some("first".to_owned())));
    }

    #[test]
    fn where_nothing_is_denied_more_groups_never_shut_out(
        rules in rules(), who in somebody(), more in prop::sample::select(GROUPS.to_vec()),
    ) {
        let admitting: Vec<Rule> = rules.into_iter().filter(|rule| rule.outcome != Outcome::Deny).collect();
        let mut richer = who.clone();
        richer.groups.insert(more);

        if outcome(&admitting, &who, &into("board")).is_ok() {
            prop_assert!(outcome(&admitting, &richer, &into("board")).is_ok());
        }
    }

    #[test]
    fn whoever_is_let_in_came_from_a_provider_that_is_offered(rules in rules(), who in somebody()) {
        let room = into("board");
        let policy = policy(rules);

        if policy.decide(&who.identity(), &room, at(NOW)).is_ok() {
            prop_assert!(policy.could_admit(&who.provider.parse().unwrap(), &room.room, None, at(NOW)));
        }
    }

    #[test]
    fn no_grant_is_given_outside_its_window_or_outlives_it(rules in rules(), who in somebody(), second in -4..6_i64) {
        let policy = policy(rules.clone());

        if let Ok(grant) = policy.decide(&who.identity(), &into("board"), at(NOW + second)) {
            let rule = &rules[grant.rule().parse::<usize>().unwrap()];
            prop_assert!(rule.window.contains(at(NOW + second)));
            prop_assert_eq!(grant.not_after(), rule.window.until);
        }
    }
}
