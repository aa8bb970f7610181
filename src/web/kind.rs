//! What the request that is being served turns out to be, for whoever measures how long that takes.

use std::cell::Cell;
use std::time::Instant;

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;

use crate::metrics::{RequestKind, Requests};

tokio::task_local! {
    static KIND: Cell<RequestKind>;
}

/// Serves a request, and adds how long it took as what it has turned out to be.
pub(super) async fn measure(
    requests: &Requests,
    serving: impl Future<Output = Result<ServiceResponse<BoxBody>, Error>>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let serving = async {
        let answered = serving.await;
        (answered, KIND.with(Cell::get))
    };
    let (answered, kind) = KIND.scope(Cell::default(), serving).await;
    let status = match &answered {
        Ok(answer) => answer.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    requests.answered(kind, began.elapsed(), status.as_u16());
    answered
}

/// The request is one of this kind.
pub(super) fn is(kind: RequestKind) {
    // Outside of any request, nobody measures.
    let _ = KIND.try_with(|known| known.set(kind));
}
