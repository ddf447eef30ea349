//! `/health`: whether the process and its database answer, for a supervisor.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::state::Web;

/// 200 with `{"status":"ok"}`, or 503 where the database does not answer.
pub async fn health(State(web): State<Web>) -> Response {
    let (status, word) = match web.app().db.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "the health check failed");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    };
    (status, Json(serde_json::json!({ "status": word, "version": env!("CARGO_PKG_VERSION") }))).into_response()
}
