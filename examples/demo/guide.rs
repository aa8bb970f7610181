//! Which meetings there are, who gets into which, and the rules that make it so.

use std::fmt;

/// A meeting and what becomes of each of the [`PEOPLE`](crate::provider::people::PEOPLE), in their order.
pub(crate) struct Meeting {
    /// Its name, as somebody types it.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) about: &'static str,
    pub(crate) outcomes: [Outcome; 3],
}

/// What becomes of somebody at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Moderator,
    Participant,
    Refused,
}

use Outcome::{Moderator, Participant, Refused};

/// What to try.
pub(crate) const MEETINGS: [Meeting; 3] = [
    Meeting {
        name: "standup",
        about: "Everybody may come; staff moderate.",
        outcomes: [Moderator, Participant, Participant],
    },
    Meeting {
        name: "board",
        about: "For the group “board” alone, with recording.",
        outcomes: [Moderator, Refused, Refused],
    },
    Meeting {
        name: "Réunion",
        about: "For staff and students. See how Jitsi spells its name.",
        outcomes: [Moderator, Participant, Refused],
    },
];

impl Outcome {
    /// For a style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Moderator => "moderator",
            Participant => "participant",
            Refused => "refused",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.class())
    }
}

/// The rules, as an operator writes them.
pub(crate) const RULES: &str = r#"
[[access]]
name = "the board"
rooms = ["board"]
groups = ["board"]
role = "moderator"
features = ["recording", "livestreaming"]

[[access]]
name = "nobody else on the board"
rooms = ["board"]
deny = true

[[access]]
name = "staff"
rooms = ["*"]
groups = ["staff"]
role = "moderator"

[[access]]
name = "students"
rooms = ["*"]
groups = ["students"]
role = "participant"

[[access]]
name = "all hands"
rooms = ["standup"]
role = "participant"
"#;
