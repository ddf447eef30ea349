//! `/w/{work}`: every quote published on a work.

use axum::{
    extract::{Path, State},
    response::Response,
};

use crate::{
    model::Issue,
    render::page::WorkPage,
    store::issues,
    web::{
        error::{WebError, answered, page as html},
        state::Web,
    },
};

/// Issues looked through.
const MOST_ISSUES: i64 = 200;

/// A work's page.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>) -> Response {
    answered(&web, async {
        let app = web.app();
        let stored = issues::about_work(&app.db, &slug, MOST_ISSUES).await?;
        let issues: Vec<Issue> = stored.into_iter().map(|stored| stored.issue).collect();
        html(&WorkPage::new(&slug, &issues, &app.site).ok_or(WebError::NotFound)?)
    })
    .await
}
