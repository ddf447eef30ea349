//! `/d/{digest}/{number}`: one issue, as it was frozen.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::Response,
};

use super::form_of;
use crate::{
    render::page::{IssuePage, html},
    store::issues,
    web::{
        cached::Rendered,
        error::{WebError, answered},
        state::Web,
    },
};

/// Seconds that a browser may keep the page without asking: the link to the next issue appears later.
const MAX_AGE: u32 = 300;

/// An issue's page.
pub async fn page(
    State(web): State<Web>,
    Path((name, number)): Path<(String, String)>,
    mut headers: HeaderMap,
) -> Response {
    answered(&web, async {
        let app = web.app();
        let number: u32 = number.parse().map_err(|_| WebError::NotFound)?;
        let stored = issues::get(&app.db, &name, number).await?.ok_or(WebError::NotFound)?;
        let newest = issues::newest(&app.db, Some(&name), 1).await?;
        let newest = newest.first().map_or(number, |stored| stored.issue.number);
        // The archive outlives the digest's file; the form does not.
        let form = app.digest(&name).ok().and_then(|digest| form_of(app, &digest));
        let page = html(&IssuePage::new(&stored.issue, newest, form, &app.site))?;
        // What is beside the issue changes when the next one comes, so its date alone does not tell.
        headers.remove(header::IF_MODIFIED_SINCE);
        let rendered = Rendered::new(page, "text/html; charset=utf-8", stored.issue.composed_at, MAX_AGE);
        Ok(rendered.answer(&headers))
    })
    .await
}
