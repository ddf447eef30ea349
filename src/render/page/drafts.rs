//! The desk's pages on drafts: the list, and one with its preview. A decision posts `act` (`approve`, `discard` or
//! `again`) to the draft's own address, so that it is about what was looked at.

use askama::Template;

use super::{AdminControl, Shell};

/// `/admin/drafts`: what waits for a person, and what was decided lately.
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/drafts.html")]
pub struct AdminDrafts {
    /// What is around it.
    pub shell: Shell,
    /// The hidden field of every form.
    pub csrf: String,
    /// Drafts on which something is to be decided.
    pub waiting: Vec<AdminDraftRow>,
    /// Drafts that were decided, the newest first.
    pub decided: Vec<AdminDraftRow>,
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminDraftRow {
    /// What names it.
    pub id: String,
    /// The digest's stem.
    pub digest: String,
    /// The number that its issue would have.
    pub number: u32,
    /// The mail's subject.
    pub subject: String,
    /// When it was composed, in the digest's zone.
    pub composed: String,
    /// `waiting`, `approved`, …
    pub state: &'static str,
    /// `by the desk, 2026-11-27 08:12`
    pub decided: Option<String>,
    /// Where the mail about it stands, in words.
    pub mail: String,
    /// What keeps the mail from its reader.
    pub trouble: Option<String>,
}

/// `/admin/drafts/{id}`: a draft as it would be sent.
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/draft.html")]
pub struct AdminDraft {
    /// What is around it.
    pub shell: Shell,
    /// The hidden field of every form.
    pub csrf: String,
    /// What has just been done.
    pub notice: Option<String>,
    /// What has just gone wrong; may have several rows.
    pub error: Option<String>,
    /// The draft.
    pub row: AdminDraftRow,
    /// What became of it, in a sentence.
    pub standing: String,
    /// The page of the issue that it became.
    pub issue_url: Option<String>,
    /// What can be done with it now.
    pub acts: Vec<AdminControl>,
    /// The mail's HTML part, for a frame that may run nothing; `None` where the digest is not mailed any more.
    pub html: Option<String>,
    /// The mail's text part.
    pub text: Option<String>,
}
