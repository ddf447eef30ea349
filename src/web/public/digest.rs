//! `/d/{digest}`: the newest issue, the archive, the feeds, the form.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::form_of;
use crate::{
    model::Issue,
    render::{feed::FeedMeta, page::DigestPage},
    store::issues,
    web::{
        error::{answered, page as html},
        state::Web,
    },
};

/// Issues listed in the archive.
const ARCHIVE: i64 = 500;

/// A digest's page.
pub async fn page(State(web): State<Web>, Path(name): Path<String>) -> Response {
    answered(&web, async {
        let app = web.app();
        let digest = app.digest(&name)?;
        let stored = issues::newest(&app.db, Some(&name), ARCHIVE).await?;
        let issues: Vec<Issue> = stored.into_iter().map(|stored| stored.issue).collect();
        let form = form_of(app, &digest);
        let page = DigestPage::new(&FeedMeta::from(&digest), &digest.rhythm(), &issues, form, &app.site);
        html(&page.beside(&app.cadences(&digest), &digest, &app.site))
    })
    .await
}
