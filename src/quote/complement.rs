//! Quotes of one work that complete each other, instead of the same praise five times.
//!
//! Every review has a few good passages, found beforehand by [`super::choose`]; which of them is printed is decided
//! where reviews of one work meet. Nothing is chosen here that was not good enough to be chosen alone.

use std::collections::HashSet;

use super::{
    Choice, opinion,
    prepare::Prepared,
    window::{self, Ranked},
    words::Words,
};
use crate::model::{Quote, Review, Span};

/// A good way to quote a review.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Passage {
    /// Its sentences.
    pub spans: Vec<Span>,
    /// How good a quote it makes; comparable within one review.
    pub merit: f32,
    /// Aspects that it speaks of, with praise (`true`) or fault.
    pub says: Vec<(String, bool)>,
}

/// Most passages kept of a review.
const MOST: usize = 6;
/// How far a passage may fall behind the best.
const BEHIND: f32 = 0.5;
/// What something is worth that no quote before has said, and what is lost by saying it again.
const NEW: f32 = 0.2;
const AGAIN: f32 = 0.12;
/// More new things than this in one quote are worth no more.
const ENOUGH: usize = 2;

/// The good passages of a review, the best first. Of those that say the same with the same sentences, the best stays.
pub(super) fn passages(review: &Review, prepared: &Prepared, max_chars: usize) -> Vec<Passage> {
    let ranked = window::ranked(prepared, max_chars);
    let Some(best) = ranked.first().map(|first| first.score) else { return Vec::new() };
    let title = Words::new(review.work.title.as_deref().unwrap_or(""));
    let title = if title.is_empty() { "" } else { title.text() };
    // Most sentences are in no good passage and need not be asked.
    let mut said: Vec<Option<Vec<(String, bool)>>> = vec![None; prepared.items.len()];
    let mut kept: Vec<(Ranked, Vec<(String, bool)>)> = Vec::new();
    for next in ranked.into_iter().take_while(|next| best - next.score <= BEHIND) {
        if kept.len() == MOST {
            break;
        }
        let mut says = Vec::new();
        for &at in &next.members {
            says.extend_from_slice(said[at].get_or_insert_with(|| say(review, prepared, at, title)));
        }
        says.sort();
        says.dedup();
        let alike = |(known, said): &(Ranked, Vec<(String, bool)>)| {
            *said == says && known.members.iter().any(|at| next.members.contains(at))
        };
        if !kept.iter().any(alike) {
            kept.push((next, says));
        }
    }
    let passage = |(ranked, says): (Ranked, _)| Passage {
        spans: ranked.members.iter().map(|&at| prepared.items[at].span).collect(),
        merit: ranked.score,
        says,
    };
    kept.into_iter().map(passage).collect()
}

/// What a sentence says of the work's aspects; nothing in a language in which praise cannot be told from blame.
fn say(review: &Review, prepared: &Prepared, at: usize, title: &str) -> Vec<(String, bool)> {
    if !prepared.english {
        return Vec::new();
    }
    let item = &prepared.items[at];
    let text = review.body.slice(item.span).unwrap_or("");
    let decided = opinion::of(text, &item.words, prepared.kind, title).into_iter().filter(|o| o.is_decided());
    decided.map(|opinion| (opinion.aspect.to_owned(), opinion.polarity > 0.0)).collect()
}

/// The quotes to print of reviews of one work, in their order: the first keeps its best, each further one says what was
/// not said yet where it has a passage for it. What an editor set stays as it is.
pub fn complement(reviews: &[(&Review, &Choice)]) -> Vec<Option<Quote>> {
    let mut said: HashSet<(String, bool)> = HashSet::new();
    let mut quotes = Vec::with_capacity(reviews.len());
    for (review, choice) in reviews {
        let worth = |passage: &Passage| {
            let new = passage.says.iter().filter(|say| !said.contains(*say)).count();
            passage.merit + NEW * new.min(ENOUGH) as f32 - AGAIN * (passage.says.len() - new) as f32
        };
        let mut best: Option<&Passage> = None;
        for passage in &choice.passages {
            if best.is_none_or(|known| !said.is_empty() && worth(passage) > worth(known)) {
                best = Some(passage);
            }
        }
        let other = best.and_then(|passage| Quote::new(&review.body, passage.spans.clone()).ok());
        said.extend(best.into_iter().flat_map(|passage| passage.says.iter().cloned()));
        quotes.push(other.or_else(|| choice.quote.clone()));
    }
    quotes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Body, WorkKind},
        quote::choose,
    };

    fn review(n: usize, body: &str) -> Review {
        let mut review = Review::new(format!("{n}.txt"), "0", Body::new(body));
        review.work.kind = Some(WorkKind::Film);
        review.language = Some("en".into());
        review
    }

    fn printed(reviews: &[Review]) -> Vec<String> {
        let choices: Vec<Choice> = reviews.iter().map(|review| choose(review, 110)).collect();
        let group: Vec<(&Review, &Choice)> = reviews.iter().zip(&choices).collect();
        complement(&group).into_iter().map(|quote| quote.map_or_else(String::new, |q| q.text().to_owned())).collect()
    }

    #[test]
    fn quotes_of_one_work_speak_of_different_things_where_they_can() {
        let acting = "The acting is superb, and the whole cast of this film is a joy to watch from first to last.";
        let music = "The music is superb, and the whole score of this film is a joy to hear from first to last.";
        let reviews = [review(0, acting), review(1, &format!("{acting}\n\n{music}"))];
        let printed = printed(&reviews);
        assert_eq!(printed, [acting, music]);
    }

    #[test]
    fn alone_a_review_is_quoted_as_it_was_chosen() {
        let body = "The acting is superb, and the whole cast of this film is a joy to watch from first to last.\n\n\
            The music is superb, and the whole score of this film is a joy to hear from first to last.";
        let alone = [review(0, body)];
        assert_eq!(printed(&alone)[0], choose(&alone[0], 110).quote.unwrap().text());
    }

    #[test]
    fn what_an_editor_set_is_not_exchanged() {
        let first = review(0, "The acting is superb, and the whole cast of this film is a joy to watch.");
        let second = review(1, "The acting is superb, and every actor of this film is a joy to watch.");
        let quote = Quote::new(&second.body, vec![Span::new(0, second.body.len())]).unwrap();
        let set = Choice { quote: Some(quote.clone()), ..Choice::default() };
        let chosen = choose(&first, 300);
        assert_eq!(complement(&[(&first, &chosen), (&second, &set)])[1], Some(quote));
    }
}
