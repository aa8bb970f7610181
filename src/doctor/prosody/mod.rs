//! Asks Prosody itself: enters a scratch room with a good token, and then with one that is wrong in each part.

mod diagnosis;

pub use diagnosis::{diagnose, of_guests};

use aws_lc_rs::error::Unspecified;
use data_encoding::HEXLOWER;

use super::bosh::{Address, BoshError, Connection, Occupant};
use crate::clock::Clock;
use crate::jitsi::{Flaw, Meeting, ProbeToken, SigningKey};
use crate::policy::Role;
use crate::provider::http::Http;
use crate::room::RoomName;

/// What came of one visit.
pub type Outcome = Result<Occupant, BoshError>;

/// What Prosody does with tokens of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// A good moderator's token, in its own room.
    pub moderator: Outcome,
    /// A good participant's token, alone in its own room; not tried when the moderator's was refused.
    pub participant: Option<Outcome>,
    /// No token at all.
    pub nobody: Outcome,
    /// A token that is wrong in one part; not tried when the good one was refused.
    pub flawed: Vec<(Flaw, Outcome)>,
}

/// Visits Prosody with each kind of token; at most a few seconds a visit.
///
/// # Errors
/// If the key cannot sign.
pub async fn observe(
    http: &Http,
    address: &Address,
    meeting: &Meeting,
    key: &SigningKey,
    clock: &Clock,
) -> Result<Observed, Unspecified> {
    let visitor = Visitor { http, address, meeting, key, clock };
    let moderator = visitor.visit(Role::Moderator, None).await?;
    let nobody = visitor.enter(&scratch_room(), None).await;
    if moderator.is_err() {
        return Ok(Observed { moderator, participant: None, nobody, flawed: Vec::new() });
    }
    let participant = Some(visitor.visit(Role::Participant, None).await?);
    let mut flawed = Vec::with_capacity(Flaw::ALL.len());
    for flaw in Flaw::ALL {
        flawed.push((flaw, visitor.visit(Role::Participant, Some(flaw)).await?));
    }
    Ok(Observed { moderator, participant, nobody, flawed })
}

/// Connects to the host of guests as they do, without a token.
///
/// # Errors
/// [`BoshError`]: why they cannot.
pub async fn observe_guests(http: &Http, address: &Address, domain: &str) -> Result<(), BoshError> {
    let address = Address { domain: domain.to_owned(), ..address.clone() };
    let rid = u64::from(u32::from_be_bytes(random()));
    let connection = Connection::open(http, &address, scratch_room().as_str(), None, rid).await?;
    connection.close().await;
    Ok(())
}

struct Visitor<'a> {
    http: &'a Http,
    address: &'a Address,
    meeting: &'a Meeting,
    key: &'a SigningKey,
    clock: &'a Clock,
}

impl Visitor<'_> {
    async fn visit(&self, role: Role, flaw: Option<Flaw>) -> Result<Outcome, Unspecified> {
        let room = scratch_room();
        let token = ProbeToken::sign(self.meeting, self.key, &room, role, flaw, self.clock.now())?;
        Ok(self.enter(&room, Some(&token)).await)
    }

    async fn enter(&self, room: &RoomName, token: Option<&ProbeToken>) -> Outcome {
        let rid = u64::from(u32::from_be_bytes(random()));
        let token = token.map(ProbeToken::as_str);
        let mut connection = Connection::open(self.http, self.address, room.as_str(), token, rid).await?;
        let outcome = match connection.ask_for(room.as_str()).await {
            Ok(_) => connection.join(room.as_str()).await,
            Err(error) => Err(error),
        };
        connection.close().await;
        outcome
    }
}

/// A room that nobody else is in.
fn scratch_room() -> RoomName {
    let name = format!("roomkey-doctor-{}", HEXLOWER.encode(&random::<8>()));
    name.parse().expect("letters, digits and hyphens make a name")
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
