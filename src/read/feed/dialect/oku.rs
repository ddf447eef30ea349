//! Oku: shelves of books, where `dc:creator` is the book's author and not the reviewer.

use super::{Context, Dialect, Draft, Reviewer, Verdict};
use crate::{
    model::{Work, WorkKind},
    read::feed::{namespace::Vocabulary, stars},
};

/// Entries with the site's own elements.
pub const DIALECT: Dialect = Dialect { claims, read };

fn claims(entry: &Context<'_>) -> bool {
    entry.has(Vocabulary::Oku, "cover") || entry.has(Vocabulary::Oku, "rating") || entry.has(Vocabulary::Oku, "review")
}

fn read(entry: &Context<'_>) -> Verdict {
    // The description is the publisher's: only a field for the review is the reader's own text.
    let text = entry.html_field(Vocabulary::Oku, "review").unwrap_or_default();
    let rating = entry.field(Vocabulary::Oku, "rating").and_then(|value| stars::field(&value, 5.0));
    let rating = rating.filter(|rating| rating.score.value() > 0.0);
    if text.text.is_empty() && rating.is_none() {
        return Verdict::Pass("books on a shelf without a text or rating");
    }
    let mut work = Work::titled(entry.title());
    work.kind = Some(WorkKind::Book);
    work.creators.extend(entry.field(Vocabulary::Dublin, "creator"));
    Verdict::Review(Box::new(Draft { work, reviewer: Reviewer::Unknown, rating, text, ..Draft::default() }))
}
