//! A digest as RSS 2.0, Atom 1.0 and JSON Feed 1.1, one item an issue, and as RSS with one item a review.
//!
//! All are pure: an item's identity and date are fixed by its issue, a feed's date is that of its newest
//! issue, so that a rebuild gives the same bytes. Caching headers are [`crate::web`]'s.

mod atom;
mod identity;
mod json_feed;
mod rss;

use askama::Template;

pub use atom::atom;
pub use json_feed::json_feed;
pub use rss::{reviews_rss, rss};

use super::{RenderError, Site, text, view::IssueView};
use crate::model::{Digest, DigestName, Issue};

/// Most items in a feed.
pub const MAX_ITEMS: usize = 50;

/// Largest feed in octets: beyond half a megabyte readers choke.
pub const MAX_OCTETS: usize = 500_000;

/// What wrote the feed; without a version, so that an upgrade does not change a feed.
const GENERATOR: &str = "Pullquote";

/// What a feed says of its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedMeta {
    /// The digest's stem.
    pub digest: DigestName,
    /// What readers see.
    pub title: String,
    /// One or two sentences; may be empty.
    pub description: String,
    /// Language of the digest's own words.
    pub language: String,
}

impl From<&Digest> for FeedMeta {
    fn from(digest: &Digest) -> Self {
        Self {
            digest: digest.name.clone(),
            title: digest.title.clone(),
            description: digest.description.clone(),
            language: digest.language.clone(),
        }
    }
}

impl From<&Issue> for FeedMeta {
    fn from(issue: &Issue) -> Self {
        Self {
            digest: issue.digest.clone(),
            title: issue.title.clone(),
            description: issue.description.clone(),
            language: issue.language.clone(),
        }
    }
}

impl FeedMeta {
    /// The title as one line.
    pub(super) fn title(&self) -> String {
        text::line(&self.title)
    }

    /// The description, or a plain sentence where there is none: RSS demands one.
    fn description(&self) -> String {
        let described = text::line(&self.description);
        if described.is_empty() {
            format!("{}: what critics say, in their own words.", self.title())
        } else {
            described
        }
    }
}

/// An issue as an item's HTML: no style, only absolute links.
#[derive(Template)]
#[template(path = "partials/feed_issue.html")]
struct ItemHtml<'a> {
    issue: &'a IssueView,
}

/// The newest issues with their words, at most [`MAX_ITEMS`].
fn views<'a>(issues: &'a [Issue], site: &Site) -> Vec<(&'a Issue, IssueView)> {
    issues.iter().take(MAX_ITEMS).map(|issue| (issue, IssueView::new(issue, site))).collect()
}

/// Writes a feed of as many items as stay below [`MAX_OCTETS`], at least one, oldest left out first.
fn fitting<T>(items: &[T], write: impl Fn(&[T]) -> Result<String, RenderError>) -> Result<String, RenderError> {
    let mut count = items.len().min(MAX_ITEMS);
    loop {
        let feed = write(&items[..count])?;
        if feed.len() <= MAX_OCTETS || count <= 1 {
            return Ok(feed);
        }
        // By the share that fits, and at least one fewer.
        count = (count * MAX_OCTETS / feed.len()).clamp(1, count - 1);
    }
}

/// `Six reviews of three works: Her, Solaris and Howl.`
fn summary(issue: &IssueView) -> String {
    format!("{}: {}.", issue.summary, issue.headline)
}

#[cfg(test)]
mod tests;
