//! `/api/drafts`: issues that wait for approval, by program.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::issues::{authorise, failed, made, made_before};
use crate::{
    app::{
        AppError,
        drafts::{self, Approved},
    },
    model::{Draft, draft::DraftAct},
    render,
    web::state::Web,
};

/// Who decided, as it is kept.
const BY: &str = "API";

/// Lists what waits, oldest first: an array. With `?digest=` those of one stream, with `?all=1` also what was decided, the
/// newest first.
pub async fn list(State(web): State<Web>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    if let Err(refusal) = authorise(&web, &headers) {
        return refusal;
    }
    let query = query.unwrap_or_default();
    let field = |name: &str| {
        let mut fields = url::form_urlencoded::parse(query.as_bytes());
        fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let all = field("all").is_some_and(|all| matches!(all.as_str(), "1" | "true"));
    match drafts::list(web.app(), field("digest").as_deref(), all).await {
        Ok(listed) => {
            let site = &web.app().site;
            Json(listed.iter().map(|draft| render::json::draft(draft, site)).collect::<Vec<_>>()).into_response()
        }
        Err(error) => refused(&error),
    }
}

/// One draft, with its `issue` in the form of a preview.
pub async fn show(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if let Err(refusal) = authorise(&web, &headers) {
        return refusal;
    }
    match drafts::find(web.app(), &id).await {
        Ok(draft) => {
            let mut body = of_draft(&web, &draft);
            body["issue"] = json!(render::json::issue(&draft.issue));
            Json(body).into_response()
        }
        Err(error) => refused(&error),
    }
}

/// Approves (201 with the new issue, 200 where it was approved before), discards (200 with the draft) or composes anew
/// (201 with the new draft). 409 where the draft does not wait any longer, or a review of it has changed.
pub async fn decide(State(web): State<Web>, Path((id, act)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if let Err(refusal) = authorise(&web, &headers) {
        return refusal;
    }
    let app = web.app();
    let Some(act) = DraftAct::parse(&act) else {
        let known = DraftAct::ALL.map(DraftAct::as_str).join(", ");
        return failed(StatusCode::NOT_FOUND, &format!("a draft cannot be told to `{act}`; there are {known}"));
    };
    let done = match act {
        DraftAct::Approve => drafts::approve(app, &id, BY).await.map(|approved| frozen(&web, &approved)),
        DraftAct::Again => drafts::again(app, &id, BY).await.map(|draft| (StatusCode::CREATED, of_draft(&web, &draft))),
        DraftAct::Discard => match drafts::discard(app, &id, BY).await {
            Ok(_) => drafts::find(app, &id).await.map(|draft| (StatusCode::OK, of_draft(&web, &draft))),
            Err(error) => Err(error),
        },
    };
    web.nudge();
    match done {
        Ok((status, body)) => (status, Json(body)).into_response(),
        Err(error) => refused(&error),
    }
}

fn of_draft(web: &Web, draft: &Draft) -> Value {
    json!(render::json::draft(draft, &web.app().site))
}

/// The issue, as an order by program is answered.
fn frozen(web: &Web, approved: &Approved) -> (StatusCode, Value) {
    let site = &web.app().site;
    match approved {
        Approved::Issue { issue, recipients } => made(site, issue.digest.as_str(), issue.number, *recipients),
        Approved::Already { digest, number } => made_before(site, digest.as_str(), *number),
    }
}

fn refused(error: &AppError) -> Response {
    let status = match error {
        AppError::NoDraft(_) | AppError::NoDigest { .. } => StatusCode::NOT_FOUND,
        AppError::Draft { .. } => StatusCode::CONFLICT,
        error => {
            tracing::error!(%error, "a decision on a draft by API failed");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    failed(status, &error.to_string())
}
