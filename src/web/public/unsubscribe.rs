//! `/unsubscribe/{token}`: a button by GET. A POST acts at once: the button's, and the one-click POST that
//! mail clients send (RFC 8058), which needs neither cookie nor confirmation.

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

/// Shows what will be left.
pub async fn page(State(web): State<Web>, Path(token): Path<String>) -> Response {
    answered(&web, async {
        let app = web.app();
        let subscriber = subscribe::look_up_leaving(app, &token).await?.ok_or_else(not_ours)?;
        html(&Act::unsubscribe(&app.site, &token, &title(&web, &subscriber.digest)))
    })
    .await
}

/// Leaves. Leaving twice is fine.
pub async fn leave(State(web): State<Web>, Path(token): Path<String>) -> Response {
    answered(&web, async {
        let app = web.app();
        let subscriber = subscribe::leave(app, &token).await?.ok_or_else(not_ours)?;
        html(&Notice::left(&app.site, &title(&web, &subscriber.digest)))
    })
    .await
}

/// The digest's title; its name where its file is gone: leaving must work all the same.
fn title(web: &Web, name: &str) -> String {
    web.app().digest(name).map_or_else(|_| name.to_owned(), |digest| digest.title)
}

fn not_ours() -> WebError {
    WebError::BadRequest(
        "This link is not whole. Open it from the mail once more, or answer the mail and ask to be taken off."
            .to_owned(),
    )
}
