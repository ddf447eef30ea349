//! `/health`: whether the process and its database answer, for a supervisor.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::state::Web;
use crate::app::drafts;

/// 200 with `{"status":"ok"}`, or 503 where the database does not answer. `outdated` counts the mistakes in digest
/// files that keep a change from taking effect; the desk and the log name them. `drafts` counts the issues that wait for
/// approval.
pub async fn health(State(web): State<Web>) -> Response {
    let (status, word) = match web.app().db.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "the health check failed");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    };
    let mut body = serde_json::json!({ "status": word, "version": env!("CARGO_PKG_VERSION") });
    let outdated = web.app().digest_problems().len();
    if outdated > 0 {
        body["outdated"] = outdated.into();
    }
    if let Ok(waiting @ 1..) = drafts::count(web.app()).await {
        body["drafts"] = waiting.into();
    }
    (status, Json(body)).into_response()
}
