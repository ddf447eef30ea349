//! Backloggd: reviews of games, in elements whose prefix is often left undeclared.

use super::{Context, Dialect, Draft, Reviewer, Verdict};
use crate::{
    model::WorkKind,
    read::{
        feed::{spoiler, stars, title},
        markup::namespace::Vocabulary,
    },
};

/// Entries with the site's rating, or a GUID of its making.
pub const DIALECT: Dialect = Dialect { claims, read };

fn claims(entry: &Context<'_>) -> bool {
    entry.id_starts("backloggd-review-")
        || entry.has(Vocabulary::Backloggd, "user_rating")
        || entry.has(Vocabulary::Backloggd, "reviewer")
}

fn read(entry: &Context<'_>) -> Verdict {
    let text = entry.text();
    // The scale is 10, of half stars; 0 means unrated.
    let rating = entry.field(Vocabulary::Backloggd, "user_rating").and_then(|value| stars::field(&value, 10.0));
    let rating = rating.filter(|rating| rating.score.value() > 0.0);
    if text.text.is_empty() && rating.is_none() {
        return Verdict::Pass("entries without a text or rating");
    }
    let reviewer = entry.field(Vocabulary::Backloggd, "reviewer").map_or(Reviewer::Author, Reviewer::Named);
    Verdict::Review(Box::new(Draft {
        work: title::read(entry.title(), Some(WorkKind::Game)).work,
        reviewer,
        rating,
        spoilers: spoiler::announced(entry.title()),
        text,
        ..Draft::default()
    }))
}

#[cfg(test)]
mod tests {
    use crate::read::feed::dialect::tests::only;

    #[test]
    fn fields_are_read_though_their_prefix_is_undeclared() {
        let review = only(
            "Backloggd",
            "<item><title>Tidal Wars (2019) - ★★★½</title><guid isPermaLink='false'>backloggd-review-5</guid>\
             <description>Waves of it.</description><backloggd:user_rating>7</backloggd:user_rating>\
             <backloggd:reviewer>ann</backloggd:reviewer></item>",
        );
        assert_eq!((review.work.title.as_deref(), review.work.year), (Some("Tidal Wars"), Some(2019)));
        assert_eq!((review.rating.unwrap().score.value(), review.reviewer.as_deref()), (70.0, Some("ann")));
        assert_eq!(review.body.as_str(), "Waves of it.");
    }
}
