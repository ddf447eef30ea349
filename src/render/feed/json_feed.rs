//! JSON Feed 1.1.

use askama::Template;
use serde::Serialize;

use super::{FeedMeta, ItemHtml, fitting, identity, summary, views};
use crate::{
    model::Issue,
    render::{
        RenderError, Site, json, text,
        view::{IssueView, ReviewView},
    },
};

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    description: String,
    language: String,
    items: &'a [Item<'a>],
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: String,
    title: String,
    summary: String,
    content_html: String,
    content_text: String,
    date_published: String,
    authors: [Author; 1],
    tags: Vec<String>,
    language: String,
    _pullquote: Extension<'a>,
}

/// The issue for programs: ratings as scores, quotes with their spans. What was left out stays inside.
#[derive(Serialize)]
struct Extension<'a> {
    works: Vec<json::WorkJson<'a>>,
}

#[derive(Serialize)]
struct Author {
    name: String,
    url: String,
}

/// The digest's feed, one item an issue; `issues` newest first.
///
/// # Errors
/// Where a template fails or the JSON cannot be written.
pub fn json_feed(meta: &FeedMeta, issues: &[Issue], site: &Site) -> Result<String, RenderError> {
    let views = views(issues, site);
    let items = views.iter().map(|(issue, view)| item(issue, view, site)).collect::<Result<Vec<_>, _>>()?;
    fitting(&items, |items| {
        let feed = Feed {
            version: "https://jsonfeed.org/version/1.1",
            title: meta.title(),
            home_page_url: site.digest(&meta.digest).to_string(),
            feed_url: site.json_feed(&meta.digest).to_string(),
            description: meta.description(),
            language: text::line(&meta.language),
            items,
        };
        serde_json::to_string_pretty(&feed)
            .map_err(|error| RenderError::Feed { digest: meta.digest.to_string(), reason: error.to_string() })
    })
}

fn item<'a>(issue: &'a Issue, view: &IssueView, site: &Site) -> Result<Item<'a>, RenderError> {
    Ok(Item {
        id: identity::issue(issue, site),
        url: view.url.clone(),
        title: view.item_title(),
        summary: summary(view),
        content_html: ItemHtml { issue: view }.render()?,
        content_text: words(view),
        date_published: text::rfc3339(issue.composed_at),
        authors: [Author { name: view.title.clone(), url: view.digest_url.clone() }],
        tags: view.works.iter().map(|work| work.title.clone()).collect(),
        language: view.lang.clone(),
        _pullquote: Extension { works: json::works(issue) },
    })
}

/// The issue as plain paragraphs.
fn words(view: &IssueView) -> String {
    let mut parts = view.note.clone();
    for work in &view.works {
        parts.push(work.heading());
        for review in &work.reviews {
            parts.push(format!("{} {}", said(review), review.signature()));
        }
    }
    parts.join("\n\n")
}

fn said(review: &ReviewView) -> String {
    review.quote.as_ref().map_or_else(|| review.silence.to_owned(), |quote| quote.marked())
}
