//! `/websub/{token}`: where a hub verifies a subscription and tells of news (WebSub).
//!
//! The GET is the one of the protocol: it changes nothing but whether our own request counts as verified, and
//! its address is known to the hub alone. Links that people open never lead here.

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};

use crate::{
    app::websub::{self, Verdict, Verification},
    web::{error::answered, state::Web},
};

/// The largest document that a hub may push, in bytes.
pub const LARGEST_PUSH: usize = 4 * 1024 * 1024;

/// A hub asks whether we meant it, or says no.
pub async fn verify(State(web): State<Web>, Path(token): Path<String>, RawQuery(query): RawQuery) -> Response {
    answered(&web, async {
        let mut asked = Verification::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match name.as_ref() {
                "hub.mode" => asked.mode = value.into_owned(),
                "hub.topic" => asked.topic = value.into_owned(),
                "hub.challenge" => asked.challenge = value.into_owned(),
                "hub.lease_seconds" => asked.lease_seconds = value.parse().ok(),
                "hub.reason" => asked.reason = Some(value.into_owned()),
                _ => {}
            }
        }
        Ok(answer(websub::verify(web.app(), &token, &asked).await?, StatusCode::NOT_FOUND))
    })
    .await
}

/// A hub tells of news.
pub async fn push(State(web): State<Web>, Path(token): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    answered(&web, async {
        let signature = headers.get("x-hub-signature").and_then(|value| value.to_str().ok());
        // 410 ends a subscription that we know nothing of (any more).
        Ok(answer(websub::hear(web.app(), &token, signature, &body).await?, StatusCode::GONE))
    })
    .await
}

fn answer(verdict: Verdict, unknown: StatusCode) -> Response {
    match verdict {
        Verdict::Confirmed(challenge) => challenge.into_response(),
        Verdict::Heard => StatusCode::OK.into_response(),
        Verdict::Unknown => unknown.into_response(),
    }
}
