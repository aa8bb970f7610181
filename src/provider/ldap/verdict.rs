//! What the answer to a bind says of the person.

use ldap3::LdapResult;

use crate::provider::Barred;
use crate::provider::error::printable;

/// Behera's password policy ("draft-behera-ldap-password-policy", section 6): the control of request and response.
pub(super) const PASSWORD_POLICY: &str = "1.3.6.1.4.1.42.2.27.8.5.1";

/// What became of a bind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The password is right.
    Right,
    /// It is wrong, there is no such person, or the directory does not say which.
    Wrong,
    /// The password is right, and the account is not to be used.
    Barred(Barred),
    /// This server cannot tell now.
    NotNow(String),
    /// The directory does not take Roomkey's question: its code.
    TurnedAway(String),
}

/// Errors of the response control (section 6.2 of the draft).
const PASSWORD_EXPIRED: u8 = 0;
const CHANGE_AFTER_RESET: u8 = 2;

/// Reads result codes (RFC 4511, appendix A), the password policy's control, and what Active Directory puts into its text.
///
/// An account that is locked after too many attempts looks like a wrong password, for the person and here: directories say it
/// whether or not the password was right, so that telling it would tell strangers which names there are.
pub(super) fn verdict(result: &LdapResult) -> Verdict {
    let policy = policy_error(result);
    match (result.rc, policy) {
        (0, Some(CHANGE_AFTER_RESET)) | (0 | 49, Some(PASSWORD_EXPIRED)) => Verdict::Barred(Barred::PasswordToChange),
        (0, _) => Verdict::Right,
        (49, _) => active_directory(&result.text).map_or(Verdict::Wrong, Verdict::Barred),
        // 389 Directory Server and FreeIPA, once the password was right.
        (53, _) if result.text.contains("inactivated") => Verdict::Barred(Barred::Disabled),
        // Without such an entry, with one that has no password, or with one that had too many attempts.
        (19 | 32 | 34 | 48, _) => Verdict::Wrong,
        (3 | 51 | 52 | 80, _) => Verdict::NotNow(code(result)),
        _ => Verdict::TurnedAway(code(result)),
    }
}

/// `data 532` of "80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 532, v4563": a Win32 error code in
/// hexadecimal (MS-ERREF, section 2.2). Those that are read here are given only after the right password.
fn active_directory(text: &str) -> Option<Barred> {
    let (_, code) = text.split_once("AcceptSecurityContext error, data ")?;
    match code.split(',').next()?.trim() {
        // ERROR_PASSWORD_EXPIRED, ERROR_PASSWORD_MUST_CHANGE
        "532" | "773" => Some(Barred::PasswordToChange),
        // ERROR_INVALID_LOGON_HOURS, ERROR_INVALID_WORKSTATION, ERROR_ACCOUNT_DISABLED, ERROR_ACCOUNT_EXPIRED
        "530" | "531" | "533" | "701" => Some(Barred::Disabled),
        _ => None,
    }
}

/// `error` of the response control, if it is there.
fn policy_error(result: &LdapResult) -> Option<u8> {
    let control = result.ctrls.iter().find(|control| control.1.ctype == PASSWORD_POLICY)?;
    error_in(control.1.val.as_deref()?)
}

/// `SEQUENCE { warning [0] CHOICE { … } OPTIONAL, error [1] ENUMERATED OPTIONAL }`, whose parts are all shorter than 128 bytes.
fn error_in(value: &[u8]) -> Option<u8> {
    let [0x30, length, parts @ ..] = value else { return None };
    let mut parts = parts.get(..usize::from(*length))?;
    loop {
        match parts {
            [0x81, 1, error, ..] => return Some(*error),
            [_, length, rest @ ..] if *length < 128 => parts = rest.get(usize::from(*length)..)?,
            _ => return None,
        }
    }
}

/// A result's code for the log, without the server's text: that may hold names.
pub(super) fn code(result: &LdapResult) -> String {
    let shown = result.to_string();
    let word = shown.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("unknown", |(word, _)| word);
    printable(&format!("{}-{word}", result.rc))
}

#[cfg(test)]
mod tests {
    use ldap3::controls::{Control, RawControl};
    use proptest::prelude::*;

    use super::*;

    fn result(rc: u32, text: &str, policy: Option<&[u8]>) -> LdapResult {
        let control = |value: &[u8]| {
            Control(None, RawControl { ctype: PASSWORD_POLICY.to_owned(), crit: false, val: Some(value.to_vec()) })
        };
        let ctrls = policy.into_iter().map(control).collect();
        LdapResult { rc, matched: String::new(), text: text.to_owned(), refs: Vec::new(), ctrls }
    }

    fn active_directory_says(data: &str) -> Verdict {
        let text =
            format!("80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data {data}, v4563\0");
        verdict(&result(49, &text, None))
    }

    #[test]
    fn active_directory_tells_why_once_the_password_was_right() {
        let to_change = ["532", "773"].map(active_directory_says);
        let disabled = ["530", "531", "533", "701"].map(active_directory_says);
        let unknown_wrong_or_locked = ["525", "52e", "775", "nonsense"].map(active_directory_says);

        assert!(to_change.iter().all(|told| *told == Verdict::Barred(Barred::PasswordToChange)));
        assert!(disabled.iter().all(|told| *told == Verdict::Barred(Barred::Disabled)));
        assert!(unknown_wrong_or_locked.iter().all(|told| *told == Verdict::Wrong));
    }

    #[test]
    fn the_password_policy_tells_of_passwords_that_have_to_be_changed() {
        let expired = verdict(&result(49, "", Some(&[0x30, 3, 0x81, 1, 0])));
        let after_reset = verdict(&result(0, "", Some(&[0x30, 3, 0x81, 1, 2])));
        let locked = verdict(&result(49, "", Some(&[0x30, 3, 0x81, 1, 1])));
        let grace = verdict(&result(0, "", Some(&[0x30, 5, 0xa0, 3, 0x81, 1, 2])));
        let warned_and_expired = verdict(&result(49, "", Some(&[0x30, 8, 0xa0, 3, 0x80, 1, 9, 0x81, 1, 0])));

        let barred = Verdict::Barred(Barred::PasswordToChange);
        assert_eq!([expired, after_reset, locked], [barred.clone(), barred.clone(), Verdict::Wrong]);
        assert_eq!([grace, warned_and_expired], [Verdict::Right, barred]);
    }

    #[test]
    fn every_other_answer_has_its_meaning() {
        let of = |rc| verdict(&result(rc, "", None));

        assert_eq!(of(0), Verdict::Right);
        for wrong in [19, 32, 34, 48, 49] {
            assert_eq!(of(wrong), Verdict::Wrong, "{wrong}");
        }
        assert_eq!(of(51), Verdict::NotNow("51-busy".to_owned()));
        assert_eq!(of(10), Verdict::TurnedAway("10-referral".to_owned()));
        assert_eq!(of(13), Verdict::TurnedAway("13-confidentialityRequired".to_owned()));
        let inactivated = verdict(&result(53, "Account inactivated. Contact system administrator.", None));
        assert_eq!(inactivated, Verdict::Barred(Barred::Disabled));
    }

    proptest! {
        #[test]
        fn no_control_panics_or_makes_a_wrong_password_right(value: Vec<u8>) {
            prop_assert!(verdict(&result(49, "", Some(&value))) != Verdict::Right);
        }
    }
}
