//! `/confirm/{token}`: a button by GET, the confirmation by POST. Link scanners open every link.

use axum::{
    extract::{Path, State},
    response::Response,
};

use crate::{
    app::subscribe,
    render::page::{Act, Notice},
    web::{
        error::{WebError, answered, page as html},
        state::Web,
    },
};

/// Shows what will be confirmed.
pub async fn page(State(web): State<Web>, Path(token): Path<String>) -> Response {
    answered(&web, async {
        let app = web.app();
        let subscriber = subscribe::look_up_confirmation(app, &token).await?.ok_or_else(run_out)?;
        let title = app.digest(&subscriber.digest)?.title;
        html(&Act::confirm(&app.site, &token, &title))
    })
    .await
}

/// Confirms.
pub async fn confirm(State(web): State<Web>, Path(token): Path<String>) -> Response {
    answered(&web, async {
        let app = web.app();
        let subscriber = subscribe::confirm(app, &token).await?;
        let title = app.digest(&subscriber.digest)?.title;
        html(&Notice::confirmed(&app.site, &title))
    })
    .await
}

fn run_out() -> WebError {
    WebError::BadRequest("This link has run out or was replaced by a newer one. Please subscribe again.".to_owned())
}
