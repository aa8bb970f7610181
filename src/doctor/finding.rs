//! What the doctor says.

use std::fmt;

use serde::Serialize;

/// How bad it is; the worst one is the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Not wrong, but worth knowing.
    Note,
    /// Works, but not as meant, or not for everybody.
    Warning,
    /// Somebody who should enter cannot.
    Error,
    /// Somebody who should not enter can.
    Danger,
}

/// One trouble and its remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its name, which stays the same from release to release: `prosody.secret`.
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub trouble: String,
    /// What to do about it, in one sentence.
    pub remedy: String,
}

/// Everything that was found, and what was checked.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The names of the checks that were made.
    pub checked: Vec<String>,
    /// The troubles, in the order of the checks.
    pub findings: Vec<Finding>,
}

impl Severity {
    /// The exit status: 0 for what works, 1 for a warning, 2 for an error, 3 for a danger.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Note => 0,
            Self::Warning => 1,
            Self::Error => 2,
            Self::Danger => 3,
        }
    }
}

impl Finding {
    /// A trouble that `check` has found.
    pub fn new(check: &'static str, severity: Severity, trouble: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, severity, trouble: trouble.into(), remedy: remedy.into() }
    }
}

impl Report {
    /// Adds what one check has found.
    pub fn add(&mut self, check: impl Into<String>, findings: impl IntoIterator<Item = Finding>) {
        self.checked.push(check.into());
        self.findings.extend(findings);
    }

    /// The exit status of the worst finding; 0 without any.
    pub fn exit_status(&self) -> u8 {
        self.findings.iter().map(|finding| finding.severity.exit_status()).max().unwrap_or(0)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Danger => "DANGER",
        })
    }
}

/// Two lines a finding, and one that sums up.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { check, severity, trouble, remedy } in &self.findings {
            writeln!(f, "{severity}: {trouble} [{check}]\n    {remedy}")?;
        }
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (checks, findings) = (self.checked.len(), self.findings.len());
        match findings {
            0 => write!(f, "{checks} check{}, no trouble found", plural(checks)),
            _ => write!(f, "{checks} check{}, {findings} finding{}", plural(checks), plural(findings)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_is_the_exit_status() {
        let mut report = Report::default();
        assert_eq!(report.exit_status(), 0);

        for severity in [Severity::Danger, Severity::Note, Severity::Warning] {
            report.add("clock", [Finding::new("clock", severity, "late", "set it")]);
        }

        assert_eq!(report.exit_status(), 3);
    }

    #[test]
    fn a_finding_is_read_in_two_lines() {
        let mut report = Report::default();
        report.add("clock", [Finding::new("clock", Severity::Warning, "the clock is late", "set it by NTP")]);

        assert_eq!(report.to_string(), "warning: the clock is late [clock]\n    set it by NTP\n1 check, 1 finding");
    }
}
