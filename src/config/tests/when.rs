//! Rules with an expression.

use super::{LEAST, check};

fn mistakes(line: &str) -> Vec<String> {
    let text = format!("{LEAST}{line}\n");
    let report = check(&text, &[]).map(|_| ()).unwrap_err();
    report.lines().map(|line| line.to_string().replacen("roomkey.toml:", "", 1)).collect()
}

#[test]
fn an_expression_is_kept_as_it_is_written() {
    let text = format!("{LEAST}when = 'address.within(\"10.0.0.0/8\") && time.hour < 18'\n");

    let rule = &check(&text, &[]).unwrap().config.rules[0];

    assert_eq!(rule.when.as_ref().unwrap().text(), "address.within(\"10.0.0.0/8\") && time.hour < 18");
}

#[test]
fn what_is_wrong_in_an_expression_is_reported_where_it_stands() {
    assert_eq!(
        mistakes("when = 'guest || grops == []'"),
        ["16:18: access[0].when: there is no `grops`; did you mean `groups`?"]
    );
    assert_eq!(
        mistakes("when = \"\"\"\nguest ||\n  grops == []\"\"\""),
        ["16:8: access[0].when: there is no `grops`; did you mean `groups`? (line 2, character 3 of the expression)"]
    );
    assert!(mistakes("when = 'guest ||'")[0].starts_with("16:"), "{:?}", mistakes("when = 'guest ||'"));
    assert_eq!(mistakes("when = true"), ["16:8: access[0].when: is `true`, not a string; write it in quotes"]);
}
