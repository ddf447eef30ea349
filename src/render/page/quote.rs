//! The editor's page of one review: its sentences, and which are quoted.

use askama::Template;

use super::Shell;

/// `/admin/reviews/{id}`: posts `sentence` (a number, repeated), `spoilers_allowed`, `reason`, `by` and `act` (`set` or
/// `reset`).
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/quote.html")]
pub struct AdminQuote {
    /// What is around it.
    pub shell: Shell,
    /// The hidden field of every form.
    pub csrf: String,
    /// What has just been done.
    pub notice: Option<String>,
    /// Why what was asked for could not be done.
    pub error: Option<String>,
    /// The review's id.
    pub id: String,
    /// The work's title.
    pub title: String,
    /// Who wrote it, and where.
    pub credit: String,
    /// What would be quoted now.
    pub quote: Option<String>,
    /// Whether an editor set that.
    pub set: bool,
    /// The longest quote, in characters.
    pub limit: usize,
    /// Its sentences, in order.
    pub sentences: Vec<AdminSentence>,
    /// The tick of the overrule.
    pub spoilers_allowed: bool,
    /// Why, as typed before.
    pub reason: String,
    /// Who, as typed before.
    pub by: String,
    /// What was decided, the newest first.
    pub decisions: Vec<AdminDecision>,
}

/// A sentence with its tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminSentence {
    /// Counted from 1.
    pub number: usize,
    /// Its words.
    pub text: String,
    /// Why the spoiler gate keeps it back, to follow "it".
    pub kept_back: Option<&'static str>,
    /// Whether it is ticked.
    pub ticked: bool,
}

/// A decision on the quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminDecision {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// The words set; `None`: back to the chosen ones.
    pub words: Option<String>,
    /// Whether the spoiler gate was overruled.
    pub overruled: bool,
    /// Why.
    pub reason: Option<String>,
}
