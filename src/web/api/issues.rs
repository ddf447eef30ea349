//! `POST /api/digests/{digest}/issues`: a one-off by program. An `Idempotency-Key` makes it safe to repeat.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    app::{
        AppError,
        compose::Wish,
        send::{self, Order, Sent},
    },
    render,
    web::state::Web,
};

/// What may be asked for. An empty body asks for what is new, to the whole list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Body {
    /// Test addresses: nothing is used up.
    to: Vec<String>,
    /// Picked reviews, each an id, a link, or the place of a review that is known.
    reviews: Vec<String>,
    /// A word from the editor.
    note: Option<String>,
    /// When, as RFC 3339; now where absent.
    at: Option<jiff::Timestamp>,
    /// Whether the next window stays where it would have started; absent, it does for picked reviews.
    keep_window: Option<bool>,
    /// Only tells what would be sent.
    dry_run: bool,
}

/// Carries the order out. 201 with the new issue; 200 for a dry run, a test or a repeated order; 202 for one
/// placed for later.
pub async fn create(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let app = web.app();
    if let Err(refusal) = authorise(&web, &headers) {
        return refusal;
    }
    let asked: Body = match serde_json::from_slice(if body.is_empty() { b"{}" } else { &body }) {
        Ok(asked) => asked,
        Err(error) => return failed(StatusCode::BAD_REQUEST, &format!("the body is not what is expected: {error}")),
    };
    let key = headers.get("idempotency-key").map(|key| key.to_str().unwrap_or("").to_owned());
    let order = Order {
        wish: Wish { picks: asked.reviews, note: asked.note, ..Wish::default() },
        to: asked.to,
        at: asked.at,
        keep_window: asked.keep_window,
        dry_run: asked.dry_run,
        idempotency_key: key.filter(|key| !key.is_empty()),
        files: false,
    };
    match send::send(app, &name, &order).await {
        Ok(sent) => {
            web.nudge();
            answer(&web, &name, &sent)
        }
        Err(error @ (AppError::NoDigest { .. } | AppError::NoReview(_))) => {
            failed(StatusCode::NOT_FOUND, &error.to_string())
        }
        Err(error @ (AppError::Input(_) | AppError::TooFew { .. } | AppError::NoMail(_) | AppError::Read { .. })) => {
            failed(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string())
        }
        Err(error) => {
            tracing::error!(%error, "an order by API failed");
            failed(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
        }
    }
}

fn answer(web: &Web, name: &str, sent: &Sent) -> Response {
    let url = |number: u32| web.app().site.at(&["d", name, &number.to_string()]).to_string();
    let (status, body) = match sent {
        Sent::Frozen { issue, recipients } => (
            StatusCode::CREATED,
            json!({ "digest": name, "number": issue.number, "recipients": recipients, "url": url(issue.number) }),
        ),
        Sent::Already(number) => {
            (StatusCode::OK, json!({ "digest": name, "number": number, "url": url(*number), "repeated": true }))
        }
        Sent::Shown(issue) => (StatusCode::OK, json!(render::json::issue(issue))),
        Sent::Tested { issue, to } => (StatusCode::OK, json!({ "digest": name, "number": issue.number, "tested": to })),
        Sent::Placed { at } => (StatusCode::ACCEPTED, json!({ "digest": name, "at": at })),
    };
    (status, Json(body)).into_response()
}

#[expect(clippy::result_large_err, reason = "the refusal is the answer itself")]
pub(super) fn authorise(web: &Web, headers: &HeaderMap) -> Result<(), Response> {
    let Some(token) = &web.app().settings.api_token else {
        return Err(failed(StatusCode::FORBIDDEN, "the API is off; set api.token in the settings to open it"));
    };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or("");
    let given = given.strip_prefix("Bearer ").unwrap_or("");
    if Sha256::digest(given).ct_eq(&Sha256::digest(token.expose())).into() {
        return Ok(());
    }
    let mut refusal =
        failed(StatusCode::UNAUTHORIZED, "send the header `Authorization: Bearer TOKEN` with the right token");
    refusal.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    Err(refusal)
}

pub(super) fn failed(status: StatusCode, words: &str) -> Response {
    (status, Json(json!({ "error": words }))).into_response()
}
