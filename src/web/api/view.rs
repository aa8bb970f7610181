//! Bodies of requests and answers about passes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::pass::{Limit, NewPass, Pass, Standing, Wish};
use crate::policy::Feature;
use crate::web::app::App;

/// What a batch is to be made of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    /// 1 to 10,000.
    #[schema(min_items = 1, max_items = 10_000)]
    pub(super) passes: Vec<Wish>,
}

/// A pass. What it has not is left out.
#[derive(Serialize, ToSchema)]
pub(super) struct PassView {
    /// What names it. Opens nothing.
    id: String,
    state: State,
    rooms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    until: String,
    /// `participant` or `moderator`.
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<u32>,
    /// How many have come.
    used: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    made: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
}

/// How a pass stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// It opens later.
    Early,
    /// It is good.
    Good,
    /// Its time is over.
    Ended,
    /// As many as it is for have come.
    UsedUp,
    /// It was withdrawn.
    Withdrawn,
}

/// A pass that has just been made, with its link, which is not told again.
#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    #[serde(flatten)]
    pass: PassView,
    /// What its holder opens.
    url: String,
    /// An entry for a calendar (RFC 5545).
    calendar: String,
    /// A QR code of `url`, as SVG.
    qr: String,
}

/// What a batch has become, in its order.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeBatch {
    pub(super) passes: Vec<Made>,
}

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(super) struct Page {
    /// In the order in which they were made.
    pub(super) passes: Vec<PassView>,
    /// `after` of the next page, if there may be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

impl Made {
    pub(super) fn of(NewPass { code, pass }: &NewPass, app: &App) -> Self {
        let url = format!("{}/pass/{}", app.public_url, code.expose());
        Self {
            pass: PassView::of(pass, app),
            calendar: format!("{url}/calendar.ics"),
            qr: format!("{url}/qr.svg"),
            url,
        }
    }
}

impl PassView {
    pub(super) fn of(pass: &Pass, app: &App) -> Self {
        let (uses, people) = match pass.limit() {
            Limit::None => (None, None),
            Limit::Uses(most) => (Some(most), None),
            Limit::People(most) => (None, Some(most)),
        };
        let voucher = pass.voucher();
        Self {
            id: pass.id().to_owned(),
            state: pass.standing(app.clock.now()).into(),
            rooms: pass.rooms().to_vec(),
            from: pass.begins().map(|time| time.to_string()),
            until: pass.ends().to_string(),
            role: voucher.role.to_string(),
            features: voucher.features.as_ref().map(|features| features.iter().map(Feature::to_string).collect()),
            uses,
            people,
            used: pass.used(),
            email: voucher.bearer.email.clone(),
            provider: voucher.bearer.provider.as_ref().map(ToString::to_string),
            subject: voucher.bearer.subject.clone(),
            note: pass.note().map(str::to_owned),
            made: pass.made().to_string(),
            withdrawn: pass.withdrawn().map(|time| time.to_string()),
        }
    }
}

impl From<Standing> for State {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Early => Self::Early,
            Standing::Good => Self::Good,
            Standing::Late => Self::Ended,
            Standing::UsedUp => Self::UsedUp,
            Standing::Withdrawn => Self::Withdrawn,
        }
    }
}
