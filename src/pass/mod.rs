//! Invitations: passes to one room or some, for a time, a number of uses or of people, and for somebody or whoever has one.
//!
//! Takes a [`Wish`] from the command line or the API and gives a [`NewPass`], whose code is seen this once; takes what the store
//! has of it, and gives a [`Pass`] with how it stands ([`Pass::standing`]) and the [`Voucher`] that rules decide by. A pass lets
//! nobody in by itself. No clock, file or network is read here.

mod terms;
mod wish;

pub use terms::Limit;
pub use wish::{MAX_COUNT, MAX_NOTE, MAX_ROOMS, Mistake, Wish};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE32HEX_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};

use crate::audit::{Event, Outcome};
use crate::login::LoginId;
use crate::policy::Voucher;
use crate::provider::VerifiedIdentity;
use crate::room::{JoinRequest, PassCode};
use crate::store::{PassRow, PassUse};
use terms::{Terms, second};

/// How long a pass is kept once it has ended, so that its holder is told so, and it stands in the list.
pub const AFTERLIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A pass that has just been made, with its code, which nobody can find out later.
pub struct NewPass {
    /// Opens it.
    pub code: PassCode,
    /// The pass.
    pub pass: Pass,
}

/// A pass.
#[derive(Clone, PartialEq)]
pub struct Pass {
    code: String,
    terms: Terms,
    voucher: Voucher,
    used: u64,
    made: Timestamp,
    withdrawn: Option<Timestamp>,
}

/// How a pass stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It opens later.
    Early,
    /// It is good.
    Good,
    /// It has ended.
    Late,
    /// As many as it is for have come. With people it may still be good for one of them.
    UsedUp,
    /// It was withdrawn.
    Withdrawn,
}

/// A row of the store that this version cannot read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pass in the store was written by another version")]
pub struct Unreadable;

/// Why a pass opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nobody has made it, or it was forgotten.
    #[error("there is no such pass")]
    Unknown,
    /// See [`Standing::Early`].
    #[error("the pass is not good yet")]
    Early,
    /// See [`Standing::Late`].
    #[error("the pass has ended")]
    Late,
    /// See [`Standing::UsedUp`].
    #[error("the pass is used up")]
    UsedUp,
    /// See [`Standing::Withdrawn`].
    #[error("the pass was withdrawn")]
    Withdrawn,
}

impl NewPass {
    /// Makes a pass of what somebody wishes for, at `now`.
    ///
    /// # Errors
    /// All mistakes of `wish`, each with the member that it is in.
    pub fn make(wish: &Wish, now: Timestamp) -> Result<Self, Vec<Mistake>> {
        let terms = wish.check(now)?;
        let code = PassCode::random();
        let voucher = terms.voucher(new_id(now));
        let pass = Pass { code: code.fingerprint(), terms, voucher, used: 0, made: now, withdrawn: None };
        Ok(Self { code, pass })
    }
}

/// Ids sort by the time at which they were made.
fn new_id(now: Timestamp) -> String {
    let mut bytes = [0; 15];
    bytes[..6].copy_from_slice(&now.as_millisecond().to_be_bytes()[2..]);
    aws_lc_rs::rand::fill(&mut bytes[6..]).expect("the operating system gives random bytes");
    BASE32HEX_NOPAD.encode(&bytes).to_ascii_lowercase()
}

impl Pass {
    /// What names it. Opens nothing.
    pub fn id(&self) -> &str {
        &self.voucher.id
    }

    /// What rules decide by: role, features, time, and whom it is for.
    pub fn voucher(&self) -> &Voucher {
        &self.voucher
    }

    /// The room, if it is for one alone.
    pub fn room(&self) -> Option<JoinRequest> {
        self.terms.room()
    }

    /// The rooms, as they were written.
    pub fn rooms(&self) -> &[String] {
        &self.terms.rooms
    }

    /// What whoever made it noted.
    pub fn note(&self) -> Option<&str> {
        self.terms.note.as_deref()
    }

    /// How many it is for.
    pub fn limit(&self) -> Limit {
        self.terms.limit
    }

    /// How many have come.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// When it begins to be good.
    pub fn begins(&self) -> Option<Timestamp> {
        self.terms.begins
    }

    /// When it ends.
    pub fn ends(&self) -> Timestamp {
        self.terms.ends
    }

    /// When it was made.
    pub fn made(&self) -> Timestamp {
        self.made
    }

    /// When it was withdrawn.
    pub fn withdrawn(&self) -> Option<Timestamp> {
        self.withdrawn
    }

    /// How it stands at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        let most = match self.limit() {
            Limit::None => None,
            Limit::Uses(most) | Limit::People(most) => Some(u64::from(most)),
        };
        if self.withdrawn.is_some() {
            Standing::Withdrawn
        } else if now >= self.ends() {
            Standing::Late
        } else if most.is_some_and(|most| self.used >= most) {
            Standing::UsedUp
        } else if self.begins().is_some_and(|begins| now < begins) {
            Standing::Early
        } else {
            Standing::Good
        }
    }

    /// Whether it is worth trying to enter by it at `now`: the store says whether there is room for one more.
    ///
    /// # Errors
    /// Why it is not.
    pub fn check(&self, now: Timestamp) -> Result<(), Refused> {
        match (self.standing(now), self.limit()) {
            (Standing::Good, _) | (Standing::UsedUp, Limit::People(_)) => Ok(()),
            (Standing::Early, _) => Err(Refused::Early),
            (Standing::Late, _) => Err(Refused::Late),
            (Standing::UsedUp, Limit::None | Limit::Uses(_)) => Err(Refused::UsedUp),
            (Standing::Withdrawn, _) => Err(Refused::Withdrawn),
        }
    }

    /// Who a holder is that does not log in: the same each time `browser` comes with this pass, and nobody elsewhere.
    pub fn subject_of(&self, browser: &str) -> String {
        hash(&["roomkey/pass-holder/1", self.id(), browser])
    }

    /// The use that `identity` is about to make of it.
    pub fn use_by(&self, identity: &VerifiedIdentity) -> PassUse {
        let subject = identity.subject().as_str();
        let person = || hash(&["roomkey/pass-person/1", self.id(), identity.provider().as_str(), subject]);
        PassUse { code: self.code.clone(), person: matches!(self.limit(), Limit::People(_)).then(person) }
    }

    /// What the audit trail has of it: that `by` makes or withdraws it.
    pub fn event(&self, outcome: Outcome, reference: LoginId, by: &str) -> Event {
        let event = Event::new(outcome, reference).role(self.voucher.role);
        let event = match &self.voucher.bearer.provider {
            None => event,
            Some(provider) => event.provider(provider),
        };
        match self.room() {
            Some(room) => event.meeting(&room).detail(&format!("pass: {}; by: {by}", self.id())),
            None => event.detail(&format!("pass: {}; by: {by}; rooms: {}", self.id(), self.rooms().join(" "))),
        }
    }

    /// For the store.
    pub fn to_row(&self) -> PassRow {
        let (counts, most) = self.limit().to_row();
        let seconds = |time: Option<Timestamp>| time.map_or(0, |time| time.as_second());
        PassRow {
            id: self.id().to_owned(),
            code: self.code.clone(),
            terms: self.terms.to_json(),
            counts: counts.to_owned(),
            most,
            used: i64::try_from(self.used).unwrap_or(i64::MAX),
            begins: seconds(self.begins()),
            ends: self.ends().as_second(),
            made: self.made.as_second(),
            withdrawn: seconds(self.withdrawn),
            forgotten: self.ends().saturating_add(AFTERLIFE).unwrap_or(Timestamp::MAX).as_second(),
        }
    }

    /// From the store.
    ///
    /// # Errors
    /// [`Unreadable`]: no version up to this one has written it.
    pub fn from_row(row: PassRow) -> Result<Self, Unreadable> {
        let limit = Limit::from_row(&row.counts, row.most).ok_or(Unreadable)?;
        let (begins, ends) = (second(row.begins), second(row.ends).ok_or(Unreadable)?);
        let terms = Terms::from_json(&row.terms, begins, ends, limit).ok_or(Unreadable)?;
        Ok(Self {
            voucher: terms.voucher(row.id),
            code: row.code,
            terms,
            used: row.used.try_into().unwrap_or(0),
            made: second(row.made).ok_or(Unreadable)?,
            withdrawn: second(row.withdrawn),
        })
    }
}

fn hash(parts: &[&str]) -> String {
    HEXLOWER.encode(&digest(&SHA256, parts.join("\0").as_bytes()).as_ref()[..16])
}

/// Whom it is for, and what was noted, may be about a person.
impl std::fmt::Debug for Pass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pass").field("id", &self.id()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for NewPass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.pass.fmt(f)
    }
}

#[cfg(test)]
mod tests;
