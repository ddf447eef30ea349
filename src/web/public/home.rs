//! `/`: every digest with its newest issue.

use axum::{extract::State, response::Response};

use crate::{
    render::page::{DigestCard, Home, Shell},
    store::issues,
    web::{
        error::{answered, page as html},
        state::Web,
    },
};

/// The home page.
pub async fn page(State(web): State<Web>) -> Response {
    answered(&web, async {
        let app = web.app();
        let mut digests = Vec::new();
        for digest in app.lists() {
            let latest = issues::newest(&app.db, Some(digest.name.as_str()), 1).await?;
            digests.push(DigestCard::new(&digest, latest.first().map(|stored| &stored.issue), &app.site));
        }
        html(&Home { shell: Shell::public(&app.site, "Pullquote", app.site.home()), digests })
    })
    .await
}
