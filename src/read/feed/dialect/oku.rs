//! Oku: shelves of books, where `dc:creator` is the book's author and not the reviewer.

use super::{Context, Dialect, Draft, Reviewer, Verdict};
use crate::{
    model::{Work, WorkKind},
    read::{feed::stars, markup::namespace::Vocabulary},
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
    work.add_creators(entry.field(Vocabulary::Dublin, "creator"));
    Verdict::Review(Box::new(Draft { work, reviewer: Reviewer::Unknown, rating, text, ..Draft::default() }))
}

#[cfg(test)]
mod tests {
    use crate::{
        model::Line,
        read::feed::dialect::tests::{only, reading},
    };

    #[test]
    fn the_creator_is_the_books_author() {
        let item = |rating: &str| {
            format!(
                "<item><title>Salt</title><dc:creator>Maria Santos</dc:creator><oku:cover>c.jpg</oku:cover>{rating}\
                 <description>The publisher's words.</description></item>"
            )
        };
        assert_eq!(reading("Read", &item("")).reviews.len(), 0);
        let review = only("Read", &item("<oku:rating>4</oku:rating>"));
        assert_eq!((review.reviewer, review.work.creators), (None, Line::all(["Maria Santos"])));
        assert!(review.body.is_empty());
    }
}
