//! `POST /api/hooks/bounces/{provider}`: what a mail provider tells of our mails.
//!
//! Every hook carries `bounces.hook_token`: as a bearer token, as the password of the URL, or as `?token=` where a
//! provider knows nothing better. Mailgun's may be signed instead. Amazon's certificates are not fetched to check its
//! signatures: the token shows as much, and no address out of a message is opened for it.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    app::{AppError, bounces},
    deliver::bounces::hook::Hook,
    web::state::Web,
};

/// The largest body that a provider posts: SES sends the headers of the mail along.
pub const LARGEST: usize = 2 * 1024 * 1024;

/// Takes a provider's reports in. 200 where that is done, also for reports known before or about strangers, so that
/// the provider does not post them again; 5xx makes it try again.
pub async fn take(
    State(web): State<Web>,
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(hook) = Hook::parse(&provider) else {
        let known = Hook::ALL.map(Hook::as_str).join(", ");
        return failed(StatusCode::NOT_FOUND, &format!("there is no hook `{provider}`; there are {known}"));
    };
    if let Err(refusal) = authorise(&web, hook, query.as_deref(), &headers, &body) {
        return refusal;
    }
    match bounces::hear(web.app(), hook, &body).await {
        Ok(heard) => (StatusCode::OK, Json(json!(heard))).into_response(),
        Err(AppError::Input(words)) => failed(StatusCode::UNPROCESSABLE_ENTITY, &words),
        Err(error) => {
            tracing::error!(%error, provider, "a hook could not be taken in");
            failed(StatusCode::SERVICE_UNAVAILABLE, "it could not be taken in now; post it again")
        }
    }
}

#[expect(clippy::result_large_err, reason = "the refusal is the answer itself")]
fn authorise(web: &Web, hook: Hook, query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Result<(), Response> {
    let settings = &web.app().settings.bounces;
    if settings.mailgun_key.as_ref().is_some_and(|key| hook.signed_by(body, key.expose())) {
        return Ok(());
    }
    let Some(token) = &settings.hook_token else {
        let words = match (hook, &settings.mailgun_key) {
            (Hook::Mailgun, Some(_)) => "the signature is not one of bounces.mailgun_key",
            _ => "hooks are off; set bounces.hook_token in the settings to open them",
        };
        return Err(failed(StatusCode::FORBIDDEN, words));
    };
    let given = given(query, headers);
    if given.iter().any(|given| bool::from(Sha256::digest(given).ct_eq(&Sha256::digest(token.expose())))) {
        return Ok(());
    }
    let words = "send the header `Authorization: Bearer TOKEN`, or put the token into the URL as its password";
    let mut refusal = failed(StatusCode::UNAUTHORIZED, words);
    // Amazon SNS sends the password of a URL only when it is asked for one.
    refusal.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"hooks\""));
    Err(refusal)
}

/// Every token that a request carries.
fn given(query: Option<&str>, headers: &HeaderMap) -> Vec<String> {
    let mut given = Vec::new();
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => given.push(token.trim().to_owned()),
        Some((scheme, coded)) if scheme.eq_ignore_ascii_case("basic") => {
            let pair = STANDARD.decode(coded.trim()).unwrap_or_default();
            let pair = String::from_utf8_lossy(&pair).into_owned();
            given.extend(pair.split_once(':').map(|(_, password)| password.to_owned()));
        }
        _ => {}
    }
    let query = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    given.extend(query.filter(|(key, _)| key == "token").map(|(_, token)| token.into_owned()));
    given
}

fn failed(status: StatusCode, words: &str) -> Response {
    (status, Json(json!({ "error": words }))).into_response()
}
