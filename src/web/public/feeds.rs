//! `/d/{digest}/feed.xml` and its sisters: immutable bytes, rendered when an issue comes out, kept in memory.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use jiff::Timestamp;

use crate::{
    model::Issue,
    render::{
        RenderError, Site,
        feed::{self, FeedMeta},
    },
    store::issues,
    web::{cached::Rendered, error::answered, state::Web},
};

type Write = fn(&FeedMeta, &[Issue], &Site) -> Result<String, RenderError>;

/// Issues that a feed may carry.
const MOST_ISSUES: i64 = feed::MAX_ITEMS as i64;

/// Seconds that a reader may keep a feed without asking.
const MAX_AGE: u32 = 300;

/// `feed.xml`: one item an issue.
pub async fn rss(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(web, name, "feed.xml", "application/rss+xml; charset=utf-8", feed::rss, headers).await
}

/// `atom.xml`
pub async fn atom(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(web, name, "atom.xml", "application/atom+xml; charset=utf-8", feed::atom, headers).await
}

/// `feed.json`
pub async fn json(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(web, name, "feed.json", "application/feed+json", feed::json_feed, headers).await
}

/// `reviews.xml`: one item a review.
pub async fn reviews(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(web, name, "reviews.xml", "application/rss+xml; charset=utf-8", feed::reviews_rss, headers).await
}

async fn serve(
    web: Web,
    name: String,
    file: &'static str,
    content_type: &'static str,
    write: Write,
    headers: HeaderMap,
) -> Response {
    answered(&web, async {
        let app = web.app();
        let digest = app.digest(&name)?;
        let version = issues::newest_time(&app.db, &name).await?.unwrap_or((Timestamp::UNIX_EPOCH, 0));
        let path = format!("{name}/{file}");
        let rendered = match web.kept_feed(&path, version) {
            Some(rendered) => rendered,
            None => {
                let stored = issues::newest(&app.db, Some(&name), MOST_ISSUES).await?;
                let issues: Vec<Issue> = stored.into_iter().map(|stored| stored.issue).collect();
                let text = write(&FeedMeta::from(&digest), &issues, &app.site)?;
                let rendered = Arc::new(Rendered::new(text, content_type, version.0, MAX_AGE));
                web.keep_feed(path, version, Arc::clone(&rendered));
                rendered
            }
        };
        let mut response = rendered.answer(&headers);
        // Feeds are for readers in browsers too, wherever those run.
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        Ok(response)
    })
    .await
}
