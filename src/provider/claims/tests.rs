use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(claims: Value) -> Person {
    ClaimMap::default().read(claims.as_object().unwrap())
}

fn sources(names: &[&str]) -> ClaimSource {
    ClaimSource(names.iter().map(|&name| name.to_owned()).collect())
}

fn groups_in(value: Value) -> Vec<String> {
    read(json!({ "groups": value })).groups
}

#[test]
fn the_standard_claims_are_read() {
    let person = read(json!({
        "sub": "u-1", "name": "Ada", "preferred_username": "ada", "email": "ada@example.com", "email_verified": true,
        "picture": "https://example.com/ada.png", "groups": ["staff", "board"], "other": 1,
    }));

    let expected = Person {
        name: Some("Ada".to_owned()),
        email: Some("ada@example.com".to_owned()),
        email_verified: true,
        avatar: Some("https://example.com/ada.png".to_owned()),
        groups: vec!["staff".to_owned(), "board".to_owned()],
    };
    assert_eq!(person, expected);
}

#[test]
fn nothing_is_made_up_for_missing_claims() {
    assert_eq!(read(json!({})), Person::default());
}

#[test]
fn claims_of_another_type_are_as_good_as_missing() {
    let person = read(json!({
        "name": 7, "email": ["ada@example.com"], "email_verified": 1, "picture": {}, "groups": 7,
    }));

    assert_eq!(person, Person::default());
}

#[test]
fn the_first_source_with_a_usable_value_counts() {
    let map =
        ClaimMap { name: sources(&["name", "/profile/full~1name", "nickname", "=Visitor"]), ..ClaimMap::default() };
    let name = |claims: Value| map.read(claims.as_object().unwrap()).name.unwrap();

    assert_eq!(name(json!({ "name": "Ada", "nickname": "a" })), "Ada");
    assert_eq!(name(json!({ "name": null, "profile": { "full/name": "Ada L" } })), "Ada L");
    assert_eq!(name(json!({ "name": " ", "nickname": "a" })), "a");
    assert_eq!(name(json!({ "name": 7, "nickname": "a" })), "a");
    assert_eq!(name(json!({})), "Visitor");
}

#[test]
fn an_address_is_verified_by_its_claim_being_true() {
    let verified = |value: Value| read(json!({ "email": "ada@example.com", "email_verified": value })).email_verified;

    assert!(verified(json!(true)));
    assert!(verified(json!("true")));
    for other in
        [json!(false), json!("false"), json!("True"), json!("1"), json!(1), json!(null), json!([true]), json!({})]
    {
        assert!(!verified(other.clone()), "{other}");
    }
    assert!(!read(json!({ "email": "ada@example.com" })).email_verified);
    assert!(!read(json!({ "email_verified": true })).email_verified);
}

#[test]
fn the_claim_of_verification_does_not_cover_an_address_from_a_later_source() {
    let map = ClaimMap { email: sources(&["email", "preferred_username"]), ..ClaimMap::default() };
    let person = |claims: Value| map.read(claims.as_object().unwrap());
    let fallback = person(json!({ "preferred_username": "chair@example.com", "email_verified": true }));
    let first = person(json!({ "email": "ada@example.com", "preferred_username": "x", "email_verified": true }));

    assert_eq!((fallback.email.as_deref(), fallback.email_verified), (Some("chair@example.com"), false));
    assert_eq!((first.email.as_deref(), first.email_verified), (Some("ada@example.com"), true));
}

#[test]
fn an_operator_may_vouch_for_a_providers_addresses_or_trust_none() {
    let map = |verified| ClaimMap {
        email: sources(&["email", "upn"]),
        email_verified: EmailVerified::Always(verified),
        ..ClaimMap::default()
    };
    let verified = |verified, claims: Value| map(verified).read(claims.as_object().unwrap()).email_verified;

    assert!(verified(true, json!({ "email": "ada@example.com", "email_verified": false })));
    assert!(verified(true, json!({ "upn": "ada@example.com" })));
    assert!(!verified(true, json!({})));
    assert!(!verified(false, json!({ "email": "ada@example.com", "email_verified": true })));
}

#[test]
fn what_cannot_be_an_address_is_none() {
    let email = |email: &str| read(json!({ "email": email, "email_verified": true })).email;

    assert!(email(&format!("{}@example.com", "a".repeat(242))).is_some());
    for other in ["ada", "", "a b@example.com", "a\n@example.com", &format!("{}@example.com", "a".repeat(243))] {
        assert_eq!(email(other), None, "{other}");
    }
}

#[test]
fn long_names_are_cut_and_long_addresses_of_pictures_left_out() {
    let person = read(json!({ "name": "é".repeat(600), "picture": format!("https://e.com/{}", "a".repeat(2048)) }));

    assert_eq!(person.name, Some("é".repeat(512)));
    assert_eq!(person.avatar, None);
}

#[test]
fn groups_come_in_many_forms() {
    assert_eq!(groups_in(json!("staff")), ["staff"]);
    assert_eq!(groups_in(json!("CN=Staff,OU=Groups")), ["CN=Staff,OU=Groups"]);
    assert_eq!(groups_in(json!(["staff", "board", "staff"])), ["staff", "board"]);
    assert_eq!(
        groups_in(json!([{ "name": "a", "id": "1" }, { "display": "b", "value": "2" }, { "gid": "c" }, { "id": "d" }])),
        ["a", "b", "c", "d"]
    );
    assert_eq!(groups_in(json!({ "admin": { "1": "example.com" }, "user": {} })), ["admin", "user"]);
    assert_eq!(groups_in(json!(["a", 7, null, ["b"], { "other": "c" }, { "name": 1 }, ""])), ["a"]);
    assert_eq!(groups_in(json!(true)), [] as [&str; 0]);
}

#[test]
fn groups_are_found_by_pointer_and_may_be_constant() {
    let map = |names: &[&str]| ClaimMap { groups: sources(names), ..ClaimMap::default() };
    let claims = json!({ "realm_access": { "roles": ["admin"] }, "https://example.com/roles": ["r"] });
    let groups = |names: &[&str]| map(names).read(claims.as_object().unwrap()).groups;

    assert_eq!(groups(&["/realm_access/roles"]), ["admin"]);
    assert_eq!(groups(&["https://example.com/roles"]), ["r"]);
    assert_eq!(groups(&["groups", "=staff"]), ["staff"]);
    assert_eq!(groups(&[]), [] as [&str; 0]);
}

#[test]
fn no_group_is_left_out_for_the_number_of_others() {
    let many: Vec<String> = (0..20_000).map(|n| format!("g{n}")).collect();

    assert_eq!(groups_in(json!(many)).len(), 20_000);
    assert_eq!(groups_in(json!(["a".repeat(1024), "b".repeat(1025)])), ["a".repeat(1024)]);
}

#[test]
fn claims_are_complete_when_name_address_and_groups_are_there() {
    let complete = |claims: Value| ClaimMap::default().is_complete(claims.as_object().unwrap());

    assert!(complete(json!({ "name": "Ada", "email": "a@example.com", "groups": [] })));
    assert!(complete(json!({ "preferred_username": "ada", "email": "a@example.com", "groups": [] })));
    assert!(!complete(json!({ "name": "Ada", "email": "a@example.com" })));
    assert!(!complete(json!({ "name": "Ada", "email": null, "groups": [] })));
}

#[test]
fn a_pointer_follows_rfc_6901() {
    let claims = json!({ "a": { "b": [1, { "c": 2 }], "": 3, "~": 4, "/": 5 }, "": 6, "a/b": 7, "~1": 8 });
    let found = |claim: &str| lookup(claims.as_object().unwrap(), claim).cloned();

    for (pointer, expected) in [
        ("/a/b/0", 1),
        ("/a/b/1/c", 2),
        ("/a/", 3),
        ("/a/~0", 4),
        ("/a/~1", 5),
        ("/", 6),
        ("a/b", 7),
        ("/a~1b", 7),
        ("/~01", 8),
    ] {
        assert_eq!(found(pointer), Some(json!(expected)), "{pointer}");
    }
    for pointer in ["/a/b/2", "/a/b/-", "/a/b/00", "/x", "a.b", "/a/b/0/0"] {
        assert_eq!(found(pointer), None, "{pointer}");
    }
}

/// Any JSON, a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(3, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("(name|id|[a-z]{1,3})", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_a_provider_sends_makes_a_bounded_person(
        values in prop::collection::vec(any_json(), 5), pointer in "/?[a-z/~01]{0,12}",
    ) {
        let names = ["name", "email", "email_verified", "picture", "groups"];
        let claims: Map<String, Value> = names.into_iter().map(str::to_owned).zip(values).collect();

        let person = ClaimMap::default().read(&claims);

        prop_assert!(person.name.is_none_or(|name| !name.is_empty() && name.len() <= MAX_NAME_BYTES));
        prop_assert!(person.email.is_none_or(|email| email.len() <= MAX_EMAIL_BYTES));
        prop_assert!(!person.email_verified || [json!(true), json!("true")].contains(&claims["email_verified"]));
        prop_assert!(person.groups.iter().all(|group| !group.is_empty() && group.len() <= MAX_GROUP_BYTES));
        let _ = lookup(&claims, &pointer);
    }
}

#[test]
fn a_flag_may_also_be_one() {
    let map =
        ClaimMap { email_verified: EmailVerified::Flag(ClaimSource(vec!["edov".to_owned()])), ..ClaimMap::default() };
    let verified = |flag: Value| {
        map.read(json!({ "email": "a@example.com", "edov": flag, "email_verified": true }).as_object().unwrap())
            .email_verified
    };

    assert!([json!(true), json!("true"), json!(1), json!("1")].into_iter().all(verified));
    assert!(![json!(false), json!("0"), json!(0), json!(2), json!(null), json!([1])].into_iter().any(verified));
}

#[test]
fn an_address_counts_where_the_provider_is_in_charge_of_it() {
    let verified = ClaimSource(vec!["email_verified".to_owned()]);
    let rule = EmailVerified::InCharge { verified, hosted: "hd", own: "@gmail.com" };
    let map = ClaimMap { email_verified: rule, ..ClaimMap::default() };
    let counts = |claims: Value| map.read(claims.as_object().unwrap()).email_verified;

    assert!(counts(json!({ "email": "Ada@GMail.com", "email_verified": true })));
    assert!(counts(json!({ "email": "ada@example.com", "email_verified": true, "hd": "example.com" })));
    assert!(!counts(json!({ "email": "ada@example.com", "email_verified": true })));
    assert!(!counts(json!({ "email": "ada@example.com", "email_verified": true, "hd": "" })));
    assert!(!counts(json!({ "email": "ada@example.com", "email_verified": false, "hd": "example.com" })));
    assert!(!counts(json!({ "email": "ada@gmail.com", "hd": "example.com" })));
    assert!(!counts(json!({ "email": "ada@notgmail.com", "email_verified": true })));
    assert!(!counts(json!({ "email": "a@b@gmail.com", "email_verified": true })));
}
