//! `/admin/reviews`: a star given or taken.

use axum::{
    body::Bytes,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};

use super::session::Session;
use crate::{
    app::feature,
    web::{error::answered, form::Fields, state::Web},
};

/// Stars or unstars a review, and goes back to the dashboard.
pub async fn star(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        Session::of_form(&web, &headers, &fields).await?;
        feature::feature(web.app(), fields.one("review"), fields.one("act") == "star").await?;
        let back = format!("{}#reviews", web.app().site.admin().path());
        Ok(Redirect::to(&back).into_response())
    })
    .await
}
