//! What a rule says about how its list is to be read.

use crate::provider::ProviderId;

/// How the rows of a list are to be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Providers whose people the rule speaks of: subjects are theirs.
    pub providers: Vec<ProviderId>,
    /// Whether every row needs a role, because the rule gives none.
    pub needs_role: bool,
    /// What the room of a class is called, in OneRoster's files.
    pub class_room: ClassRoom,
}

/// Which column of `classes.csv` is the name of the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClassRoom {
    /// `classCode`.
    #[default]
    ClassCode,
    /// `title`.
    Title,
    /// `sourcedId`.
    SourcedId,
}

impl ClassRoom {
    /// The column.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::ClassCode => "classCode",
            Self::Title => "title",
            Self::SourcedId => "sourcedId",
        }
    }
}
