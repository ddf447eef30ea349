//! Reviews to quotes, and several reviews of one work to what they say alike.
//!
//! [`choose`] takes the sentences of one review, [`agree`] counts over several. Pure: no I/O, no clock, no
//! randomness, so the same review always yields the same quote.

mod abbreviation;
mod agree;
mod aspect;
mod by_hand;
mod clause;
mod clean;
mod complement;
mod cue;
mod duplicate;
mod merit;
mod opening;
mod opinion;
mod phrase;
mod polarity;
mod prepare;
mod score;
mod sentence;
mod spoiler;
mod table;
mod telling;
pub mod valence;
pub mod weights;
mod window;
pub mod words;

pub use agree::agree;
pub use by_hand::{ByHandError, KeptBack, Sentence, by_hand, kept_back_within, sentences_of, spans_of};
pub use complement::{Passage, complement};
pub use duplicate::Duplicates;
pub use opinion::{Opinion, opinions};
pub use sentence::sentences;

use crate::model::{Quote, Review};

use prepare::Gate;

/// What was chosen from one review.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// The quote; `None` where no sentence was safe and fit.
    pub quote: Option<Quote>,
    /// Sentences kept back as spoilers.
    pub withheld: usize,
    /// Good ways to quote the review, the best (the quote) first; empty where an editor set the quote.
    pub passages: Vec<Passage>,
}

/// Chooses the sentences of a review that give its verdict and the reason, within `max_chars`.
pub fn choose(review: &Review, max_chars: usize) -> Choice {
    let prepared = prepare::prepare(review, Gate::Shut);
    let withheld = prepared.items.iter().filter(|item| item.withheld).count();
    let passages = complement::passages(review, &prepared, max_chars);
    let best = passages.first().map(|passage| passage.spans.clone()).unwrap_or_default();
    Choice { quote: Quote::new(&review.body, best).ok(), withheld, passages }
}

/// Chooses as [`choose`] does, but with the spoiler gate open: for a review of which nothing safe can be quoted, and
/// only where a reader must ask to see it. Plot is no more quoted than elsewhere, nor a spoiler mark itself.
pub fn choose_hidden(review: &Review, max_chars: usize) -> Option<Quote> {
    let prepared = prepare::prepare(review, Gate::Open);
    Quote::new(&review.body, window::best(&prepared, max_chars)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Body, Rating, Score, Span, WorkKind, rating::Confidence, rating::RatingKind};

    const BODY: &str = "Harbour Lights opens on a quiet quay. Ines Orr plays a pilot who comes home to sell her boat. \
        The photography is superb and the script is sharp, funny and humane. It drags in the middle. Overall, this is a warm \
        and beautifully acted film that I would recommend to anyone.\n\nRead more on my blog at www.example.org.";

    fn review(body: &str) -> Review {
        let mut review = Review::new("a.txt", "0", Body::new(body));
        review.work.kind = Some(WorkKind::Film);
        review.work.title = Some("Harbour Lights".into());
        review.language = Some("en".into());
        review
    }

    fn rated(score: f64) -> Option<Rating> {
        let (kind, confidence) = (RatingKind::Graded, Confidence::High);
        Some(Rating { printed: "9/10".into(), score: Score::new(score).unwrap(), kind, confidence })
    }

    fn quote(review: &Review) -> String {
        choose(review, 300).quote.map_or_else(String::new, |q| q.text().to_owned())
    }

    #[test]
    fn the_verdict_with_its_reason_is_chosen_and_the_page_left_out() {
        let text = quote(&review(BODY));
        assert!(text.contains("beautifully acted film") || text.contains("sharp, funny and humane"), "{text}");
        assert!(!text.contains("blog"));
    }

    #[test]
    fn nothing_at_or_after_a_spoiler_mark_is_quoted() {
        let marked = BODY.replace("It drags", "SPOILER ALERT! It drags");
        let choice = choose(&review(&marked), 300);
        assert!(choice.quote.is_some_and(|q| !q.text().contains("recommend")));
        assert!(choice.withheld >= 3);
        let mut flagged = review(BODY);
        flagged.spoilers = true;
        assert_eq!(choose(&flagged, 300).quote, None);
        let mut span = review(BODY);
        span.spoiler_spans = vec![Span::new(0, span.body.len())];
        assert_eq!(choose(&span, 300).quote, None);
    }

    #[test]
    fn behind_the_open_gate_the_critic_is_quoted_but_neither_plot_nor_mark() {
        let body = "SPOILER ALERT! So the pilot finds a map and she decides to sail at night with her brother. \
            The ending is superb, and the acting of the last scene makes this film a triumph.";
        let mut closed = review(body);
        closed.spoilers = true;
        assert_eq!(choose(&closed, 300).quote, None);
        let hidden = choose_hidden(&closed, 300).unwrap();
        assert!(hidden.text().starts_with("The ending is superb"), "{}", hidden.text());
        assert_eq!(hidden.verify(&closed.body), Ok(()));
    }

    #[test]
    fn a_quote_keeps_within_the_limit_and_takes_sentences_whole_or_not_at_all() {
        for limit in [60, 90, 150, 300, 900] {
            if let Some(quote) = choose(&review(BODY), limit).quote {
                assert!(quote.text().chars().count() <= limit && quote.text().ends_with('.'));
            }
        }
        assert_eq!(choose(&review(BODY), 10).quote, None);
    }

    #[test]
    fn what_the_work_is_set_apart_from_is_not_quoted_as_if_it_were_said_of_it() {
        let foil = "Films about harbours are so often a dull and dreary chore.";
        let text = format!("{foil} This one is not.\n\nThe photography is superb and the script is sharp and humane.");
        for limit in [100, 300] {
            let choice = choose(&review(&text), limit);
            let quoted = choice.quote.map_or_else(String::new, |q| q.text().to_owned());
            assert!(!quoted.contains(foil) || quoted.contains("This one is not."), "{quoted}");
            assert!(quoted.contains("superb"), "{quoted}");
        }
    }

    #[test]
    fn a_doubt_may_be_answered_by_the_turn_that_answers_it_further_on() {
        let doubt = "The plot is a dull and tired mess of old ideas.";
        let turn = "Still, this is a beautiful film, superbly acted and moving.";
        let told = "Ines Orr plays a pilot who comes home to the quay where her boat lies. ".repeat(3);
        let found = quote(&review(&format!("{doubt} {told}\n\n{turn}")));
        assert_eq!(found, format!("{doubt} […] {turn}"));
        // With nothing before it that it turns against, it hangs in the air.
        let found = quote(&review(&format!("{told}\n\n{turn}")));
        assert!(!found.contains(turn), "{found}");
    }

    #[test]
    fn what_another_says_is_never_quoted_unless_the_critic_marked_it_as_verdict() {
        let mut review = review(
            "A marvellous and moving film, superb from end to end. I thought the script was dull and the whole film far too long.",
        );
        review.quotations = vec![Span::new(0, 53)];
        assert_eq!(quote(&review), "I thought the script was dull and the whole film far too long.");
        review.verdicts = review.quotations.clone();
        assert!(quote(&review).starts_with("A marvellous"), "{}", quote(&review));
    }

    #[test]
    fn no_quote_crosses_a_seam() {
        let body = "The songs are superb and the cast is a delight. Every joke in the script lands with perfect grace.";
        let mut review = review(body);
        assert_eq!(quote(&review), body);
        review.seams = vec![48];
        assert!(!quote(&review).is_empty() && quote(&review) != body);
    }

    #[test]
    fn a_marked_verdict_is_the_critics_own_choice() {
        let body = "TL;DR – An odd and touching look at life by the sea. The photography is superb and the script is sharp, \
            funny, humane and a triumph overall, a film to recommend.";
        let mut review = review(body);
        review.verdicts = vec![Span::new(0, 52)];
        assert!(quote(&review).starts_with("An odd and touching look"), "{}", quote(&review));
    }

    #[test]
    fn a_marked_verdict_is_taken_whole_where_it_fits() {
        let first = "The kindest musical of the season is also one of the best made.";
        let second = "The pilot has never been grumpier, and the jokes run like a good clock.";
        let body = format!("TL;DR - {first} {second}\n\nThe photography is superb and the cast is a delight.");
        let mut review = review(&body);
        review.verdicts = vec![Span::new(8, 9 + first.len() + second.len())];
        assert_eq!(quote(&review), format!("{first} {second}"));
        let short = choose(&review, 100).quote.unwrap();
        assert_eq!(short.text(), first);
    }

    #[test]
    fn the_quote_takes_the_ratings_side() {
        let body =
            "The photography is superb and the songs are a delight. The script is a dull, lifeless and tedious mess.";
        let mut review = review(body);
        review.rating = rated(90.0);
        assert!(quote(&review).contains("superb") && !quote(&review).starts_with("The script"));
        review.rating = rated(10.0);
        assert!(quote(&review).contains("tedious"));
    }

    #[test]
    fn a_critic_of_two_minds_is_quoted_with_both() {
        let praise = "The photography of this film is superb and the songs are a delight.";
        let blame = "The script is a dull and lifeless mess that nobody will remember.";
        let asides =
            "The film was shown in the old hall by the river. We went there by boat, and it rained all the way.";
        let mut review = review(&format!("{asides}\n\n{praise}\n\n{asides}\n\n{blame}\n\n{asides} {asides} {asides}"));
        review.rating = rated(55.0);
        assert_eq!(quote(&review), format!("{praise} […] {blame}"));
        review.rating = rated(90.0);
        assert!(quote(&review).starts_with(praise) && !quote(&review).contains("mess"), "{}", quote(&review));
    }

    #[test]
    fn agreement_counts_voices_and_shows_each() {
        let texts = [
            "The acting is superb throughout the film. I liked it.",
            "A weak film, though the performances are wonderful and moving.",
            "The cast is excellent. The script is dull and predictable.",
        ];
        let reviews: Vec<Review> =
            texts.iter().enumerate().map(|(n, t)| Review { identity: n.to_string(), ..review(t) }).collect();
        let reviews: Vec<Review> = reviews
            .into_iter()
            .map(|r| Review { id: crate::model::ReviewId::derive(&r.source, &r.identity), ..r })
            .collect();
        let all: Vec<&Review> = reviews.iter().collect();
        let found = agree(&all);
        let acting = found.iter().find(|a| a.aspect == "acting").unwrap();
        assert_eq!((acting.positive, acting.negative, acting.quotes.len()), (3, 0, 3));
        for quote in &acting.quotes {
            let review = reviews.iter().find(|r| r.id == quote.review).unwrap();
            assert_eq!(quote.quote.verify(&review.body), Ok(()));
        }
        assert!(found.iter().all(|a| a.aspect != "story"), "one voice is no agreement");
        assert_eq!(agree(&all[..2]), vec![]);
    }

    proptest! {
        #[test]
        fn whatever_the_text_every_quote_is_verbatim_within_the_limit_and_outside_closed_spans(
            text in "([A-Za-z“”\"'(é。…☆ \n.!?:/0-9-]{0,40}|The film is a superb, moving delight\\. |SPOILERS! |“Her” is great\\. |他。){0,12}",
            limit in 0usize..400,
            spans in proptest::collection::vec((0usize..300, 0usize..300), 0..3),
            seams in proptest::collection::vec(0usize..300, 0..3),
        ) {
            let mut review = review(&text);
            review.spoiler_spans = spans.into_iter().map(Span::from).collect();
            review.seams = seams;
            let choice = choose(&review, limit);
            if let Some(quote) = choice.quote {
                prop_assert_eq!(quote.verify(&review.body), Ok(()));
                prop_assert!(quote.text().chars().count() <= limit);
                for span in quote.spans() {
                    prop_assert!(!review.spoiler_spans.iter().any(|closed| closed.overlaps(*span)));
                }
                let (first, last) = (quote.spans()[0].start, quote.spans()[quote.spans().len() - 1].end);
                prop_assert!(!review.seams.iter().any(|s| first < *s && *s < last));
            }
            if let Some(hidden) = choose_hidden(&review, limit) {
                prop_assert_eq!(hidden.verify(&review.body), Ok(()));
                prop_assert!(hidden.text().chars().count() <= limit);
            }
            for span in sentences(review.body.as_str()) {
                prop_assert!(review.body.slice(span).is_some_and(|s| s.trim() == s && !s.is_empty()));
            }
        }
    }
}
