//! The list of members that a rule names.

use std::sync::Arc;

use super::Known;
use crate::config::read::{At, Field, OneOf, Place, Reader, Spot};
use crate::config::secret::PathText;
use crate::policy::Roster;
use crate::provider::{ProviderId, chain};
use crate::roster::{ClassRoom, Mistakes, Reading, RosterError, RosterFile};

/// What a rule says about its list.
pub(super) struct List {
    pub(super) file: Field<PathText>,
    pub(super) class_room: Field<OneOf<ClassRoom>>,
    /// Whether the rule gives no role.
    pub(super) needs_role: bool,
}

impl List {
    /// Whether there is one.
    pub(super) fn is_given(&self) -> bool {
        !self.file.is_absent()
    }

    /// Reads it; what is wrong with it is reported by its lines.
    pub(super) fn read(
        self,
        reader: &Reader<'_>,
        providers: &[ProviderId],
        known: &Known<'_>,
    ) -> Option<(RosterFile, Arc<Roster>)> {
        let At { value: path, spot } = self.file.at()?;
        let all = known.providers.unwrap_or_default().iter().filter(|id| !known.guests.contains(id));
        let reading = Reading {
            providers: if providers.is_empty() { all.cloned().collect() } else { providers.to_vec() },
            needs_role: self.needs_role,
            class_room: self.class_room.given().map(|OneOf(column)| column).unwrap_or_default(),
        };
        match RosterFile::open(reader.path(path.as_str()), reading) {
            Ok(list) => Some(list),
            Err(RosterError::Wrong { mistakes, .. }) => {
                report(reader, &spot, &mistakes);
                None
            }
            Err(error) => {
                reader.wrong(&spot, chain(&error), "name a CSV file, or a folder of them, that Roomkey may read");
                None
            }
        }
    }
}

fn report(reader: &Reader<'_>, spot: &Spot, mistakes: &Mistakes) {
    for mistake in mistakes.told() {
        let place = Place::OtherFile { file: mistake.file.clone(), line: mistake.line };
        reader.wrong(&Spot { path: spot.path.clone(), place }, mistake.wrong.as_str(), "");
    }
    if mistakes.untold() > 0 {
        reader.wrong(spot, format!("has {} mistakes beyond those", mistakes.untold()), "mend these first");
    }
}
