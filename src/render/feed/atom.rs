//! Atom 1.0 (RFC 4287), from a template that escapes what it is given.

use askama::Template;
use jiff::Timestamp;

use super::{FeedMeta, GENERATOR, ItemHtml, fitting, identity, summary, views};
use crate::{
    model::Issue,
    render::{RenderError, Site, text, view::IssueView},
};

#[derive(Template)]
#[template(path = "web/atom.xml")]
struct Feed<'a> {
    lang: &'a str,
    id: String,
    title: String,
    subtitle: String,
    updated: String,
    page: String,
    itself: String,
    generator: &'a str,
    entries: &'a [Entry],
}

struct Entry {
    id: String,
    title: String,
    url: String,
    date: String,
    author: String,
    works: Vec<String>,
    summary: String,
    content: String,
}

/// The digest's feed, one entry an issue; `issues` newest first.
///
/// # Errors
/// Where a template fails.
pub fn atom(meta: &FeedMeta, issues: &[Issue], site: &Site) -> Result<String, RenderError> {
    let entries =
        views(issues, site).iter().map(|(issue, view)| entry(issue, view, site)).collect::<Result<Vec<_>, _>>()?;
    // A feed without entries must still have a date, and the same one each time: the epoch.
    let updated = issues.first().map_or(Timestamp::UNIX_EPOCH, |issue| issue.composed_at);
    let lang = text::line(&meta.language);
    fitting(&entries, |entries| {
        let feed = Feed {
            lang: &lang,
            id: identity::digest(&meta.digest, site),
            title: meta.title(),
            subtitle: meta.description(),
            updated: text::rfc3339(updated),
            page: site.digest(&meta.digest).to_string(),
            itself: site.atom(&meta.digest).to_string(),
            generator: GENERATOR,
            entries,
        };
        Ok(crate::model::text::clean(&feed.render()?))
    })
}

fn entry(issue: &Issue, view: &IssueView, site: &Site) -> Result<Entry, RenderError> {
    Ok(Entry {
        id: identity::issue(issue, site),
        title: view.item_title(),
        url: view.url.clone(),
        date: text::rfc3339(issue.composed_at),
        author: view.title.clone(),
        works: view.works.iter().map(|work| work.title.clone()).collect(),
        summary: summary(view),
        content: ItemHtml { issue: view }.render()?,
    })
}
