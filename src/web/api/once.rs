//! `Idempotency-Key`: a request that is sent again, because its answer was lost, is not done again but answered again.

use std::time::Duration;

use actix_web::HttpRequest;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

use super::problem::ApiError;
use crate::api_key::ApiKey;
use crate::login::Purpose;
use crate::store::AnswerRow;
use crate::web::app::App;

/// How long an answer is given again.
pub(super) const KEPT: Duration = Duration::from_hours(24);

/// Longest name of a request, in bytes.
const MAX_NAME: usize = 255;

const HEADER: &str = "idempotency-key";

/// A request by what its program calls it, and by what it asks.
pub(super) struct Once {
    id: String,
    api_key: String,
    asked: String,
}

impl Once {
    /// What the request says of itself, if it does.
    pub(super) fn of(request: &HttpRequest, key: &ApiKey, body: &[u8]) -> Result<Option<Self>, ApiError> {
        let mut headers = request.headers().get_all(HEADER);
        let Some(name) = headers.next() else { return Ok(None) };
        let name = name.as_bytes();
        let is_one = headers.next().is_none() && (1..=MAX_NAME).contains(&name.len());
        if !is_one || !name.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
            return Err(ApiError::IdempotencyKey);
        }
        let id = hash(&[key.id.as_bytes(), b"\0", name].concat());
        let asked = hash(&[request.path().as_bytes(), b"\0", body].concat());
        Ok(Some(Self { id, api_key: key.id.clone(), asked }))
    }

    /// What was answered before.
    pub(super) async fn answered(&self, app: &App) -> Result<Option<String>, ApiError> {
        match app.store.api_answer(self.id.clone(), app.clock.now().as_second()).await? {
            None => Ok(None),
            Some(row) => self.open(app, &row).map(Some),
        }
    }

    fn open(&self, app: &App, row: &AnswerRow) -> Result<String, ApiError> {
        if row.asked != self.asked {
            return Err(ApiError::Reused);
        }
        let answer = app.sealer.open(Purpose::Answer, row.id.as_bytes(), &row.answer);
        // Secrets that have been changed twice within a day: what was done is not done again, nor can it be told.
        let answer = answer.ok_or(ApiError::Reused)?;
        String::from_utf8(answer.to_vec()).map_err(|_| ApiError::Reused)
    }

    /// The answer to keep.
    pub(super) fn row(&self, app: &App, answer: &str) -> AnswerRow {
        AnswerRow {
            id: self.id.clone(),
            api_key: self.api_key.clone(),
            asked: self.asked.clone(),
            answer: app.sealer.seal(Purpose::Answer, self.id.as_bytes(), answer.as_bytes().to_vec()),
            ends: app.clock.now().as_second().saturating_add_unsigned(KEPT.as_secs()),
        }
    }
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest(&SHA256, bytes).as_ref())
}
