//! What a pass was made for, checked.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::policy::{Bearer, Feature, Role, RoomGlob, Voucher, Window};
use crate::room::JoinRequest;

/// How many a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Any number.
    None,
    /// So many entrances, by whomever.
    Uses(u32),
    /// So many people, each as often as they come.
    People(u32),
}

/// What a pass was made for.
#[derive(Clone, PartialEq)]
pub(super) struct Terms {
    pub(super) rooms: Vec<String>,
    pub(super) globs: Vec<RoomGlob>,
    pub(super) begins: Option<Timestamp>,
    pub(super) ends: Timestamp,
    pub(super) role: Role,
    pub(super) features: Option<BTreeSet<Feature>>,
    pub(super) bearer: Bearer,
    pub(super) limit: Limit,
    pub(super) note: Option<String>,
}

/// What of it has no column of its own.
#[derive(Serialize, Deserialize)]
struct Kept {
    rooms: Vec<String>,
    moderator: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    features: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// Whether `text` may speak of several rooms.
pub(super) fn is_wild(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// The one room of `text`, if it is no pattern of several.
pub(super) fn one_room(text: &str) -> Option<JoinRequest> {
    if is_wild(text) {
        return None;
    }
    let (tenant, room) = match text.split_once('/') {
        Some((tenant, room)) => (Some(tenant), room),
        None => (None, text),
    };
    JoinRequest::from_link(tenant, room, None).ok()
}

impl Terms {
    pub(super) fn room(&self) -> Option<JoinRequest> {
        match self.rooms.as_slice() {
            [only] => one_room(only),
            _ => None,
        }
    }

    pub(super) fn voucher(&self, id: String) -> Voucher {
        Voucher {
            id,
            rooms: self.globs.clone(),
            window: Window { from: self.begins, until: Some(self.ends) },
            role: self.role,
            features: self.features.clone(),
            bearer: self.bearer.clone(),
        }
    }

    pub(super) fn to_json(&self) -> String {
        let Bearer { email, provider, subject } = self.bearer.clone();
        let kept = Kept {
            rooms: self.rooms.clone(),
            moderator: self.role == Role::Moderator,
            features: self.features.as_ref().map(|features| features.iter().map(Feature::to_string).collect()),
            email,
            provider: provider.map(|provider| provider.to_string()),
            subject,
            note: self.note.clone(),
        };
        serde_json::to_string(&kept).expect("texts serialize")
    }

    pub(super) fn from_json(json: &str, begins: Option<Timestamp>, ends: Timestamp, limit: Limit) -> Option<Self> {
        let Kept { rooms, moderator, features, email, provider, subject, note } = serde_json::from_str(json).ok()?;
        let features = match features {
            None => None,
            Some(names) => Some(names.iter().map(|name| name.parse()).collect::<Result<_, _>>().ok()?),
        };
        let provider = provider.map(|id| id.parse()).transpose().ok()?;
        Some(Self {
            globs: rooms.iter().map(|room| room.parse()).collect::<Result<_, _>>().ok()?,
            rooms,
            begins,
            ends,
            role: if moderator { Role::Moderator } else { Role::Participant },
            features,
            bearer: Bearer { email, provider, subject },
            limit,
            note,
        })
    }
}

impl Limit {
    /// Columns `counts` and `most`.
    pub(super) fn to_row(self) -> (&'static str, i64) {
        match self {
            Self::None => ("uses", 0),
            Self::Uses(most) => ("uses", most.into()),
            Self::People(most) => ("people", most.into()),
        }
    }

    pub(super) fn from_row(counts: &str, most: i64) -> Option<Self> {
        match (counts, u32::try_from(most).ok()?) {
            ("uses", 0) => Some(Self::None),
            ("uses", most) => Some(Self::Uses(most)),
            ("people", most) => Some(Self::People(most)),
            _ => None,
        }
    }
}

/// The time of a column in which 0 is none.
pub(super) fn second(column: i64) -> Option<Timestamp> {
    if column == 0 { None } else { Timestamp::from_second(column).ok() }
}
