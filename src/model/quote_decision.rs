//! What an editor decided on the quote of one review: other sentences, or back to those that were chosen.

use jiff::Timestamp;

use super::Span;

/// A decision, kept for good; the newest holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteDecision {
    /// The sentences set; `None`: back to those that were chosen.
    pub set: Option<SetSentences>,
    /// Why.
    pub reason: Option<String>,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Sentences set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetSentences {
    /// Where they stand in the body.
    pub spans: Vec<Span>,
    /// What they said when they were set: a review that says something else there by now is not quoted so.
    pub words: String,
    /// The editor overruled the spoiler gate for this quote.
    pub spoilers_allowed: bool,
}
