use serde_json::json;

use super::*;

fn read(claims: Value) -> Person {
    ClaimMap::default().read(claims.as_object().unwrap())
}

#[test]
fn the_standard_claims_are_read() {
    let person = read(json!({
        "name": "Ada", "email": "ada@example.com", "email_verified": true, "picture": "https://e.com/a", "groups": ["x"],
    }));

    let expected = Person {
        name: Some("Ada".to_owned()),
        email: Some("ada@example.com".to_owned()),
        email_verified: true,
        avatar: Some("https://e.com/a".to_owned()),
        groups: vec!["x".to_owned()],
    };
    assert_eq!(person, expected);
}
