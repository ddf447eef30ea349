//! `POST /api/digests/{digest}/issues`: a one-off by program. An `Idempotency-Key` makes it safe to repeat.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    app::{
        AppError,
        compose::Wish,
        orders,
        rendering::{Format, render},
        send::{self, Order, Sent},
    },
    model::moment::Moment,
    render::Site,
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
    /// When, as RFC 3339, or local in the digest's zone; now where absent.
    at: Option<Moment>,
    /// Whether the next window stays where it would have started; absent, it does for picked reviews.
    keep_window: Option<bool>,
    /// Only tells what would be sent.
    dry_run: bool,
    /// How a dry run answers; as the issue itself where absent.
    format: Option<Format>,
}

/// Carries the order out. 201 with the new issue; 200 for a dry run, a test or a repeated order; 202 for one placed for
/// later. 422 where it cannot be carried out, a key that stands for another order included.
pub async fn create(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let app = web.app();
    if let Err(refusal) = authorise(&web, &headers) {
        return refusal;
    }
    let asked: Body = match serde_json::from_slice(if body.is_empty() { b"{}" } else { &body }) {
        Ok(asked) => asked,
        Err(error) => return failed(StatusCode::BAD_REQUEST, &format!("the body is not what is expected: {error}")),
    };
    if asked.format.is_some() && !asked.dry_run {
        return failed(StatusCode::UNPROCESSABLE_ENTITY, "`format` is the form of a dry run: add `\"dry_run\": true`");
    }
    let format = asked.format.unwrap_or(Format::Json);
    let Ok(key) = headers.get("idempotency-key").map(HeaderValue::to_str).transpose() else {
        return failed(StatusCode::BAD_REQUEST, "the Idempotency-Key holds more than printable ASCII");
    };
    let order = Order {
        wish: Wish { picks: asked.reviews, note: asked.note, ..Wish::default() },
        to: asked.to,
        at: asked.at,
        keep_window: asked.keep_window,
        dry_run: asked.dry_run,
        idempotency_key: key.filter(|key| !key.is_empty()).map(str::to_owned),
        files: false,
    };
    let sent = match send::send(app, &name, &order).await {
        Ok(sent) => sent,
        Err(error) => return refused(&error),
    };
    web.nudge();
    match answer(&web, &name, &sent, format) {
        Ok(answer) => answer,
        Err(error) => refused(&error),
    }
}

/// Why an order was not carried out.
pub(super) fn refused(error: &AppError) -> Response {
    let status = match error {
        AppError::NoDigest { .. } | AppError::NoReview(_) | AppError::NoOrder(_) => StatusCode::NOT_FOUND,
        AppError::Input(_)
        | AppError::TooFew { .. }
        | AppError::NoMail(_)
        | AppError::Read { .. }
        | AppError::KeyTaken { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        error => {
            tracing::error!(%error, "an order by API failed");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    failed(status, &error.to_string())
}

fn answer(web: &Web, name: &str, sent: &Sent, format: Format) -> Result<Response, AppError> {
    let app = web.app();
    let (status, body) = match sent {
        Sent::Frozen { issue, recipients } => made(&app.site, name, issue.number, *recipients),
        Sent::Already(number) => made_before(&app.site, name, *number),
        Sent::Shown(issue) => {
            let rendered = render(app, &app.digest(name)?, issue, format)?;
            return Ok(([(header::CONTENT_TYPE, format.media_type())], rendered).into_response());
        }
        Sent::Tested { issue, to } => (StatusCode::OK, json!({ "digest": name, "number": issue.number, "tested": to })),
        Sent::Placed { order, note } => {
            let mut body = json!(orders::line(app, order));
            body["clocks"] = json!(note.map(|note| note.as_str()));
            (StatusCode::ACCEPTED, body)
        }
        Sent::PlacedBefore(order) => {
            let mut body = json!(orders::line(app, order));
            body["repeated"] = json!(true);
            (StatusCode::OK, body)
        }
    };
    Ok((status, Json(body)).into_response())
}

/// The answer to what made an issue.
pub(super) fn made(site: &Site, name: &str, number: u32, recipients: u64) -> (StatusCode, Value) {
    let url = url_of(site, name, number);
    (StatusCode::CREATED, json!({ "digest": name, "number": number, "recipients": recipients, "url": url }))
}

/// The answer to what had made an issue before.
pub(super) fn made_before(site: &Site, name: &str, number: u32) -> (StatusCode, Value) {
    let url = url_of(site, name, number);
    (StatusCode::OK, json!({ "digest": name, "number": number, "url": url, "repeated": true }))
}

fn url_of(site: &Site, name: &str, number: u32) -> String {
    site.at(&["d", name, &number.to_string()]).to_string()
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
