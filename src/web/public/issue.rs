//! `/d/{digest}/{number}`: one issue, as it was frozen.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::form_of;
use crate::{
    render::{
        feed::FeedMeta,
        page::{IssuePage, Link, Shell, html},
        view::IssueView,
    },
    store::issues,
    web::{
        cached::Rendered,
        error::{WebError, answered},
        state::Web,
    },
};

/// An issue's page.
pub async fn page(State(web): State<Web>, Path((name, number)): Path<(String, String)>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let app = web.app();
        let digest = app.digest(&name)?;
        let number: u32 = number.parse().map_err(|_| WebError::NotFound)?;
        let stored = issues::get(&app.db, &name, number).await?.ok_or(WebError::NotFound)?;
        let view = IssueView::new(&stored.issue, &app.site);
        let title = format!("{} #{number}", stored.issue.title);
        let shell = Shell::public(&app.site, title, app.site.issue(&digest.name, number));
        let older = number.checked_sub(1).filter(|number| *number > 0);
        let newer = issues::get(&app.db, &name, number + 1).await?.map(|stored| stored.issue.number);
        let link = |number: u32| Link {
            url: app.site.issue(&digest.name, number).to_string(),
            label: format!("#{number}"),
        };
        let page = IssuePage {
            shell: shell.of_digest(&FeedMeta::from(&digest)),
            issue: view,
            older: older.map(link),
            newer: newer.map(link),
            form: form_of(&digest, &app.site),
        };
        let rendered = Rendered::new(html(&page)?, "text/html; charset=utf-8", stored.issue.composed_at, 300);
        // The links beside the issue change when the next one comes, so the date alone does not tell.
        let mut headers = headers;
        headers.remove(axum::http::header::IF_MODIFIED_SINCE);
        Ok(rendered.answer(&headers))
    })
    .await
}
