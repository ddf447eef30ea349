//! The pages that anyone reads: home, digest, issue, work.

use std::collections::HashSet;

use askama::Template;

use super::{Link, Shell, issue_link, list::SubscribeForm};
use crate::{
    model::{Digest, Issue},
    render::{
        Site,
        feed::FeedMeta,
        view::{IssueView, ReviewView, ScoreView, WorkView},
    },
};

/// `/`: the digests.
#[derive(Debug, Clone, Template)]
#[template(path = "web/home.html")]
pub struct Home {
    /// What is around it.
    pub shell: Shell,
    /// Every digest.
    pub digests: Vec<DigestCard>,
}

/// A digest on the home page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestCard {
    /// What readers see.
    pub title: String,
    /// One or two sentences; may be empty.
    pub description: String,
    /// `every Friday at 08:00`; empty where it is sent by hand.
    pub rhythm: String,
    /// Its page.
    pub url: String,
    /// The newest issue.
    pub latest: Option<IssueLink>,
}

/// An issue in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueLink {
    /// Counted from 1.
    pub number: u32,
    /// `Friday 20 November 2026`
    pub date: String,
    /// `2026-11-20`
    pub date_iso: String,
    /// The works by name.
    pub headline: String,
    /// `Six reviews of three works`
    pub summary: String,
    /// Its page.
    pub url: String,
}

/// `/d/{digest}`: the newest issue, the archive, the feeds, the form.
#[derive(Debug, Clone, Template)]
#[template(path = "web/digest.html")]
pub struct DigestPage {
    /// What is around it, feeds included.
    pub shell: Shell,
    /// What readers see.
    pub title: String,
    /// One or two sentences; may be empty.
    pub description: String,
    /// `every Friday at 08:00`; empty where it is sent by hand.
    pub rhythm: String,
    /// The newest issue.
    pub latest: Option<IssueView>,
    /// Earlier issues, newest first.
    pub archive: Vec<IssueLink>,
    /// The form; `None` where the digest is not mailed.
    pub form: Option<SubscribeForm>,
    /// The digest at its other cadences, each by its rhythm.
    pub cadences: Vec<Link>,
}

/// `/d/{digest}/{number}`: one issue.
#[derive(Debug, Clone, Template)]
#[template(path = "web/issue.html")]
pub struct IssuePage {
    /// What is around it, feeds included.
    pub shell: Shell,
    /// The issue.
    pub issue: IssueView,
    /// The issue before.
    pub older: Option<Link>,
    /// The issue after.
    pub newer: Option<Link>,
    /// The form; `None` where the digest is not mailed, and in a preview.
    pub form: Option<SubscribeForm>,
}

/// `/w/{work}`: every quote published on a work.
#[derive(Debug, Clone, Template)]
#[template(path = "web/work.html")]
pub struct WorkPage {
    /// What is around it.
    pub shell: Shell,
    /// The work; its reviews are those below.
    pub work: WorkView,
    /// Its reviews, newest issue first.
    pub quotes: Vec<WorkQuote>,
}

/// A review of a work, with the issue that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkQuote {
    /// The review.
    pub review: ReviewView,
    /// The issue.
    pub issue: Link,
}

impl DigestCard {
    /// The card of a digest with its newest issue.
    pub fn new(digest: &Digest, newest: Option<&Issue>, site: &Site) -> Self {
        Self {
            title: digest.title.clone(),
            description: digest.description.clone(),
            rhythm: digest.rhythm(),
            url: site.digest(&digest.name).to_string(),
            latest: newest.map(|issue| issue_link(issue, site)),
        }
    }
}

impl DigestPage {
    /// The page of a digest from its issues, newest first.
    pub fn new(meta: &FeedMeta, rhythm: &str, issues: &[Issue], form: Option<SubscribeForm>, site: &Site) -> Self {
        Self {
            shell: Shell::public(site, meta.title(), site.digest(&meta.digest)).of_digest(meta),
            title: meta.title(),
            description: crate::render::text::line(&meta.description),
            rhythm: rhythm.to_owned(),
            latest: issues.first().map(|issue| IssueView::new(issue, site)),
            archive: issues.iter().skip(1).map(|issue| issue_link(issue, site)).collect(),
            form,
            cadences: Vec::new(),
        }
    }

    /// With links to the pages of a digest at all its cadences but this one.
    #[must_use]
    pub fn beside(mut self, streams: &[Digest], this: &Digest, site: &Site) -> Self {
        let others = streams.iter().filter(|stream| stream.name != this.name && stream.schedule.is_some());
        let link = |stream: &Digest| Link { url: site.digest(&stream.name).to_string(), label: stream.rhythm() };
        self.cadences = others.map(link).collect();
        self
    }
}

impl IssuePage {
    /// The page of an issue; `newest` is the number of the digest's newest one.
    pub fn new(issue: &Issue, newest: u32, form: Option<SubscribeForm>, site: &Site) -> Self {
        let view = IssueView::on_site(issue, site);
        let title = format!("{} #{}", view.title, view.number);
        let neighbour =
            |number: u32| Link { url: site.issue(&issue.digest, number).to_string(), label: format!("Issue {number}") };
        let meta = FeedMeta::from(issue);
        let mut shell = Shell::public(site, title, site.issue(&issue.digest, issue.number)).of_digest(&meta);
        shell.description = format!("{}: {}.", view.summary, view.headline);
        Self {
            shell,
            older: (issue.number > 1).then(|| neighbour(issue.number - 1)),
            newer: (issue.number < newest).then(|| neighbour(issue.number + 1)),
            issue: view,
            form,
        }
    }
}

impl WorkPage {
    /// The page of a work from the issues that have it, newest first; `None` where none has.
    ///
    /// A review that was in several issues is shown once, in its newest words; the spread is that of all
    /// reviews shown.
    pub fn new(slug: &str, issues: &[Issue], site: &Site) -> Option<Self> {
        let blocks: Vec<_> = issues
            .iter()
            .flat_map(|issue| issue.works.iter().map(move |block| (issue, block)))
            .filter(|(_, block)| block.slug.as_deref() == Some(slug))
            .collect();
        let (issue, newest) = blocks.first()?;
        let mut seen = HashSet::new();
        let shown: Vec<_> = blocks
            .iter()
            .flat_map(|(issue, block)| block.reviews.iter().map(move |review| (*issue, review)))
            .filter(|(_, review)| seen.insert(&review.id))
            .collect();
        let mut work = WorkView::new(0, newest, site);
        work.score = ScoreView::new(shown.iter().filter_map(|(_, review)| review.rating.as_ref()));
        let quotes = shown.iter().map(|(issue, review)| {
            let label = format!("{} #{}", crate::render::text::line(&issue.title), issue.number);
            let url = site.issue(&issue.digest, issue.number).to_string();
            WorkQuote { review: ReviewView::on_site(review), issue: Link { url, label } }
        });
        let quotes = quotes.collect();
        let mut shell = Shell::public(site, work.heading(), site.work(slug)).of_digest(&FeedMeta::from(*issue));
        shell.description = format!("What critics said of {}, in their own words.", work.heading());
        Some(Self { shell, work, quotes })
    }
}
