//! What holds for all lists.

use proptest::prelude::*;

use super::*;

/// A cell in quotes, as every spreadsheet may write it.
fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_as(&reading(), &bytes);
    }

    #[test]
    fn no_text_like_a_list_panics_or_is_told_outside_of_it(
        text in "(sep=[;,|]\r?\n)?(email|subject|room)([,;\t](room|role|from|until|\"x\r?\n\")){0,3}[\r\n]{1,2}([ -~é\"\r\n,;=#]{0,40}[\r\n]){0,6}",
    ) {
        let lines = text.split(['\r', '\n']).count();

        for mistake in read(&text).err().unwrap_or_default() {
            let line = mistake.strip_prefix("roster.csv:").unwrap();
            let line: usize = line.split(':').next().and_then(|line| line.parse().ok()).unwrap_or(0);
            prop_assert!(line <= lines, "{mistake}");
        }
    }

    #[test]
    fn whatever_is_listed_is_found_and_nothing_else(
        people in prop::collection::btree_map("[a-z0-9.+-]{1,12}", "[a-zé0-9]{1,10}", 1..20),
        delimiter in prop::sample::select(vec![',', ';', '\t']),
        line_break in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        note in "[ -~é]{0,20}",
    ) {
        let mut text = ["note", "email", "room"].join(&delimiter.to_string()) + line_break;
        for (local, room) in &people {
            let cells = [quoted(&note), quoted(&format!("{local}@example.com")), quoted(room)];
            text += &(cells.join(&delimiter.to_string()) + line_break);
        }

        for (local, room) in &people {
            let somebody = somebody_from("work").with_email(&format!("{local}@example.com"), true);
            let of_another = somebody_from("work").with_email(&format!("{local}@example.org"), true);

            prop_assert_eq!(admits(read(&text).unwrap(), &somebody, room), TAKES_PART);
            prop_assert_eq!(admits(read(&text).unwrap(), &somebody, &format!("{room}x")), None);
            prop_assert_eq!(admits(read(&text).unwrap(), &of_another, room), None);
        }
    }

    #[test]
    fn a_list_cut_off_at_the_end_of_a_line_lets_nobody_in_who_is_not_on_the_whole_one(cut in 0_usize..200) {
        let whole = "email,room,until\n\"ada@example.com\",\"lab-1\",2026-12-31\n\"ada@example.com\",\"lab\n10\",\n";
        let text = &whole[..cut.min(whole.len())];

        // Any other cut leaves the last line open, for which the watch waits longer.
        if text.ends_with('\n') && let Ok(roster) = read(text) {
            let ends = Some("2027-01-01T00:00:00Z".to_owned());
            prop_assert!([None, Some((Role::Participant, ends))].contains(&admits(roster, &ada(), "lab-1")));
        }
    }
}
