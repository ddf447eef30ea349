//! The pages of the site: plain structs that a handler fills, and the templates that place them.
//!
//! Every page reads and works without script, and loads nothing but the one style sheet. What may be shown to
//! whom is [`crate::web`]'s.

mod admin;
mod drafts;
mod list;
mod mailbox;
mod public;
mod quote;

use askama::Template;
use url::Url;

pub use admin::{
    AdminBlock, AdminBounces, AdminControl, AdminDelivery, AdminDigest, AdminIssue, AdminIssueRow, AdminOrder,
    AdminReport, AdminReportRow, AdminReview, AdminRun, AdminSchedule, AdminSource, Dashboard, Login, OneOff,
};
pub use drafts::{AdminDraft, AdminDraftRow, AdminDrafts};
pub use list::{Act, CadenceChoice, DigestChoice, Notice, Preferences, Subscribe, SubscribeForm};
pub use mailbox::{MailPage, MailRow, Mailbox};
pub use public::{DigestCard, DigestPage, Home, IssueLink, IssuePage, WorkPage, WorkQuote};
pub use quote::{AdminDecision, AdminQuote, AdminSentence};

use super::{RenderError, Site, feed::FeedMeta, text};
use crate::model::Issue;

/// The style sheet, served at `/assets/style.css`.
pub const STYLE: &str = include_str!("../../templates/assets/style.css");

/// What every page has around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// The links.
    pub site: Site,
    /// The language of the page's own words.
    pub lang: String,
    /// The window's title.
    pub title: String,
    /// For search engines and link previews; may be empty.
    pub description: String,
    /// The permanent URL of the page; personal pages have none and are kept out of search engines.
    pub canonical: Option<Url>,
    /// Feeds to be discovered.
    pub feeds: Vec<FeedLink>,
}

/// A feed to be discovered, and listed on the digest's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLink {
    /// Its address.
    pub url: Url,
    /// Its media type.
    pub media_type: &'static str,
    /// `Friday Reviews (RSS)`
    pub title: String,
    /// `RSS`
    pub label: &'static str,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where to.
    pub url: String,
    /// The words.
    pub label: String,
}

impl Shell {
    /// A page that anyone may find, at its permanent URL.
    pub fn public(site: &Site, title: impl Into<String>, canonical: Url) -> Self {
        Self { canonical: Some(canonical), ..Self::private(site, title) }
    }

    /// A personal page or one of the editor's: without a permanent URL.
    pub fn private(site: &Site, title: impl Into<String>) -> Self {
        Self {
            site: site.clone(),
            lang: "en".to_owned(),
            title: title.into(),
            description: String::new(),
            canonical: None,
            feeds: Vec::new(),
        }
    }

    /// With a description and the feeds of a digest.
    #[must_use]
    pub fn of_digest(mut self, meta: &FeedMeta) -> Self {
        self.description = text::line(&meta.description);
        self.feeds = feeds(meta, &self.site);
        self
    }
}

/// The feeds of a digest.
pub fn feeds(meta: &FeedMeta, site: &Site) -> Vec<FeedLink> {
    let title = text::line(&meta.title);
    let link = |url, media_type, label| FeedLink { url, media_type, title: format!("{title} ({label})"), label };
    vec![
        link(site.rss(&meta.digest), "application/rss+xml", "RSS"),
        link(site.atom(&meta.digest), "application/atom+xml", "Atom"),
        link(site.json_feed(&meta.digest), "application/feed+json", "JSON Feed"),
        link(site.reviews_rss(&meta.digest), "application/rss+xml", "RSS, every review"),
    ]
}

/// A page as HTML.
///
/// # Errors
/// Where the template fails.
pub fn html(page: &impl Template) -> Result<String, RenderError> {
    Ok(page.render()?)
}

/// An issue as the archive lists it.
pub fn issue_link(issue: &Issue, site: &Site) -> IssueLink {
    let view = super::view::IssueView::new(issue, site);
    IssueLink {
        number: view.number,
        date: view.date,
        date_iso: view.date_iso,
        headline: view.headline,
        summary: view.summary,
        url: view.url,
    }
}

#[cfg(test)]
mod tests;
