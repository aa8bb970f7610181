//! What spreadsheets make of a list.

use super::*;

/// A list that lets Ada into `lab` as a moderator, and Eve into none.
fn assert_reads(bytes: &[u8], kind: &str) {
    let roster = read_as(&reading(), bytes).unwrap();

    assert_eq!(roster.rows(), 1, "{kind}");
    assert_eq!(admits(roster, &ada(), "lab"), MODERATES, "{kind}");
}

const PLAIN: &str = "email,room,role\nada@example.com,lab,teacher\n";

#[test]
fn every_system_and_spreadsheet_ends_and_separates_in_its_own_way() {
    assert_reads(PLAIN.as_bytes(), "plain");
    assert_reads(PLAIN.trim_end().as_bytes(), "without a line break at the end");
    assert_reads(format!("\u{feff}{PLAIN}").as_bytes(), "byte order mark");
    assert_reads(PLAIN.replace('\n', "\r\n").as_bytes(), "Windows");
    assert_reads(PLAIN.replace('\n', "\r").as_bytes(), "old Macintosh");
    assert_reads(PLAIN.replace(',', ";").as_bytes(), "Excel in Europe");
    assert_reads(PLAIN.replace(',', "\t").as_bytes(), "tabs");
    assert_reads(format!("sep=;\r\n{}", PLAIN.replace(',', ";")).as_bytes(), "Excel's own first line");
    assert_reads(PLAIN.replace('\n', "\n\n").as_bytes(), "empty lines");
    assert_reads(format!("{PLAIN},,\n , ,\n,,,,\n").as_bytes(), "rows of nothing");
    assert_reads(PLAIN.replace(",lab,", ",  lab\u{a0},").as_bytes(), "spaces");
}

#[test]
fn excels_unicode_text_is_read() {
    let utf16 = |from: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        let text = PLAIN.replace(',', "\t").replace('\n', "\r\n");
        mark.into_iter().chain(text.encode_utf16().flat_map(from)).collect::<Vec<u8>>()
    };

    assert_reads(&utf16(u16::to_le_bytes, [0xFF, 0xFE]), "little endian");
    assert_reads(&utf16(u16::to_be_bytes, [0xFE, 0xFF]), "big endian");
    assert_eq!(
        read_as(&reading(), &[0xFF, 0xFE, 0x00, 0xD8]).unwrap_err(),
        ["roster.csv: is not UTF-8; save the file as `CSV UTF-8`"]
    );
}

#[test]
fn another_encoding_is_told_by_its_line() {
    assert_eq!(
        read_as(&reading(), b"email,room\r\nada@example.com,R\xe9union\r\n").unwrap_err(),
        ["roster.csv:2: is not UTF-8; save the file as `CSV UTF-8`"]
    );
}

#[test]
fn quotes_hold_separators_quotes_and_line_breaks_together() {
    let text =
        "name,email,room,role\n\"Lovelace,\nAda \"\"the first\"\"\",\"ada@example.com\",\"lab\",teacher\n,eve,lab,\n";

    assert_eq!(mistakes(text), ["roster.csv:4: the address is none: write `ada@example.com`"]);
    assert_reads(text.replace(",eve,lab,\n", "").as_bytes(), "quotes");
}

#[test]
fn a_quote_that_nothing_closes_does_not_swallow_rows() {
    assert_eq!(
        mistakes("email,room,name\nada@example.com,lab,\"Ada\neve@example.com,lab,Eve\n"),
        ["roster.csv:2: begins a cell with a quote that nothing closes"]
    );
    assert_eq!(
        mistakes("email,room\nada@example.com,\"lab\neve@example.com,lab\n"),
        ["roster.csv:2: begins a cell with a quote that nothing closes"]
    );
}

#[test]
fn a_number_that_excel_keeps_as_text_is_that_text() {
    let somebody = somebody_from("work").with_subject("007");

    assert_eq!(admits(read("subject\n\"=\"\"007\"\"\"\n").unwrap(), &somebody, "lab"), TAKES_PART);
}

#[test]
fn formulas_and_what_became_of_them_are_no_people() {
    for (cell, fault) in [
        ("=A1&\"@example.com\"", "is a formula; save the values instead"),
        ("=HYPERLINK(\"mailto:ada@example.com\")", "is a formula; save the values instead"),
        ("#REF!", "is an error of a formula"),
        ("#N/A", "is an error of a formula"),
        ("#NAME?", "is an error of a formula"),
    ] {
        let text = format!("email,room\n\"{}\",lab\n", cell.replace('"', "\"\""));

        assert_eq!(mistakes(&text), [format!("roster.csv:2: the address {fault}")], "{cell}");
    }
    assert_eq!(mistakes("email\n+cmd|' /C calc'!A0\n"), ["roster.csv:2: the address is none: write `ada@example.com`"]);
}

#[test]
fn a_huge_cell_is_told_where_it_means_something_and_else_passed_over() {
    let huge = "x".repeat(1_000_000);

    assert_eq!(
        mistakes(&format!("email,room\nada@example.com,{huge}\n")),
        ["roster.csv:2: the room is longer than any could be; is there a quote that nothing closes?"]
    );
    assert_reads(format!("note,email,room,role\n{huge},ada@example.com,lab,teacher\n").as_bytes(), "a long note");
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for line_break in ["\n", "\r\n", "\r"] {
        let text = "email\n\nada@example.com\n\n\nnobody\nada@example.com\nnobody".replace('\n', line_break);

        let wrong = "the address is none: write `ada@example.com`";
        assert_eq!(mistakes(&text), [format!("roster.csv:6: {wrong}"), format!("roster.csv:8: {wrong}")]);
    }
    assert_eq!(
        mistakes("sep=;\r\nemail;room\r\nnobody;lab\r\n"),
        ["roster.csv:3: the address is none: write `ada@example.com`"]
    );
}
