//! `GET /api/orders` and `DELETE /api/orders/{id}`: what was ordered for later, and taking it back.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::issues::{authorise, failed, refused};
use crate::{
    app::orders::{self, Cancelled},
    web::state::Web,
};

/// Lists orders, with `?digest=` those of one digest: an array, what waits first.
pub async fn list(State(web): State<Web>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let app = web.app();
    if let Err(refusal) = authorise(&web, &headers) {
        return refusal;
    }
    let query = query.unwrap_or_default();
    let digest = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "digest").map(|(_, name)| name);
    match orders::list(app, digest.as_deref()).await {
        Ok(listed) => Json(listed.iter().map(|order| orders::line(app, order)).collect::<Vec<_>>()).into_response(),
        Err(error) => refused(&error),
    }
}

/// Takes an order back. 200 with the order, also where it was taken back before; 409 where it has been carried out.
pub async fn cancel(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let app = web.app();
    if let Err(refusal) = authorise(&web, &headers) {
        return refusal;
    }
    let Ok(id) = id.parse() else {
        return failed(StatusCode::NOT_FOUND, &format!("there is no order `{id}`; an id is a number"));
    };
    match orders::cancel(app, id).await {
        Ok(Cancelled::Now(order) | Cancelled::Before(order)) => Json(orders::line(app, &order)).into_response(),
        Ok(Cancelled::TooLate(order)) => {
            let mut body = json!(orders::line(app, &order));
            body["error"] = json!(format!("order {id} {} and cannot be taken back", orders::fate(&order)));
            (StatusCode::CONFLICT, Json(body)).into_response()
        }
        Err(error) => refused(&error),
    }
}
