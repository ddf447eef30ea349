//! `/d/{digest}`: the newest issue, the archive, the feeds, the form.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{form_of, rhythm};
use crate::{
    render::{
        feed::FeedMeta,
        page::{DigestPage, Shell, issue_link},
        view::IssueView,
    },
    store::issues,
    web::{
        error::{answered, page},
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
        let shell = Shell::public(&app.site, digest.title.clone(), app.site.digest(&digest.name));
        page(&DigestPage {
            shell: shell.of_digest(&FeedMeta::from(&digest)),
            title: digest.title.clone(),
            description: digest.description.clone(),
            rhythm: rhythm(&digest),
            latest: stored.first().map(|stored| IssueView::new(&stored.issue, &app.site)),
            archive: stored.iter().skip(1).map(|stored| issue_link(&stored.issue, &app.site)).collect(),
            form: form_of(&digest, &app.site),
        })
    })
    .await
}
