//! The pages that anyone reads: home, digest, issue, work.

use askama::Template;

use super::{Link, Shell, list::SubscribeForm};
use crate::render::view::{IssueView, ReviewView, WorkView};

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
