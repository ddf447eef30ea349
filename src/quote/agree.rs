//! Several reviews of one work to what they say alike: counted by aspect, each count with its sentence.

use std::collections::HashMap;

use super::{
    aspect,
    duplicate::Duplicates,
    opinion,
    prepare::{Gate, Item, Prepared, prepare},
    words::Words,
};
use crate::model::{
    Quote, Review,
    issue::{Agreement, AgreementQuote},
    span::ScalarIndex,
};

/// Fewer voices than this agree on nothing.
const VOICES: usize = 3;
/// A sentence counts where the chance that it judges is at least this.
const JUDGING: f32 = 0.45;
/// Longest sentence quoted for an aspect, in scalar values.
const LONGEST: usize = 300;
/// How far a review's sentences must lean to one side together before the review takes it.
const LEANING: f32 = 0.25;

/// A sentence that says something of an aspect.
struct Said<'a> {
    polarity: f32,
    item: &'a Item,
}

/// Counts what several reviews of one work say alike, by aspect, the most spoken of first. Empty below
/// three reviews; an aspect of which fewer than three speak is left out. A text met twice is one voice, and a
/// review counts once for an aspect, on the side that its sentences take together. Reviews in another language
/// than English are not counted: there praise cannot be told from blame well enough.
pub fn agree(reviews: &[&Review]) -> Vec<Agreement> {
    let mut known = Duplicates::default();
    let voices: Vec<&Review> = reviews.iter().copied().filter(|review| known.admit(review).is_none()).collect();
    if voices.len() < VOICES {
        return Vec::new();
    }
    let prepared: Vec<Prepared> = voices.iter().map(|r| prepare(r, Gate::Shut)).collect();
    let kind = prepared.iter().find_map(|p| p.kind);
    let mut quotes: HashMap<&str, Vec<AgreementQuote>> = HashMap::new();
    for (review, prepared) in voices.iter().zip(prepared.iter()).filter(|(_, p)| p.english) {
        for (aspect, said) in sayings(review, prepared) {
            if let Some(quote) = stand(review, &said) {
                quotes.entry(aspect).or_default().push(quote);
            }
        }
    }
    let in_order = aspect::of(kind).iter().filter_map(|aspect| Some((aspect.name, quotes.remove(aspect.name)?)));
    let mut found: Vec<Agreement> = in_order
        .filter(|(_, quotes)| quotes.len() >= VOICES)
        .map(|(aspect, quotes)| {
            let positive = quotes.iter().filter(|quote| quote.positive).count();
            Agreement { aspect: aspect.to_owned(), positive, negative: quotes.len() - positive, quotes }
        })
        .collect();
    found.sort_by_key(|agreement| std::cmp::Reverse(agreement.quotes.len()));
    found
}

/// What the sentences of a review say, by aspect.
fn sayings<'a>(review: &Review, prepared: &'a Prepared) -> HashMap<&'static str, Vec<Said<'a>>> {
    let title = Words::new(review.work.title.as_deref().unwrap_or(""));
    let title = if title.is_empty() { "" } else { title.text() };
    let (body, index) = (review.body.as_str(), ScalarIndex::new(review.body.as_str()));
    let mut by_aspect: HashMap<&str, Vec<Said<'_>>> = HashMap::new();
    for item in prepared.items.iter().filter(|item| item.judgement.chance >= JUDGING && !item.asks) {
        let text = &body[index.byte(item.span.start)..index.byte(item.span.end)];
        for opinion in opinion::of(text, &item.words, prepared.kind, title).into_iter().filter(|o| o.is_decided()) {
            by_aspect.entry(opinion.aspect).or_default().push(Said { polarity: opinion.polarity, item });
        }
    }
    by_aspect
}

/// Where one review stands on an aspect, with the sentence that says it most clearly and briefly. A review whose
/// sentences cancel each other does not count, nor one that says it in no sentence that may be quoted.
fn stand(review: &Review, said: &[Said<'_>]) -> Option<AgreementQuote> {
    let sum: f32 = said.iter().map(|said| said.polarity).sum();
    if sum.abs() < LEANING {
        return None;
    }
    let positive = sum > 0.0;
    let shown = said
        .iter()
        .filter(|Said { polarity, item }| {
            (*polarity > 0.0) == positive && item.usable && item.opens && item.chars <= LONGEST
        })
        .max_by(|a, b| worth(a).total_cmp(&worth(b)))?;
    let quote = Quote::new(&review.body, vec![shown.item.span]).ok()?;
    Some(AgreementQuote { review: review.id.clone(), positive, quote })
}

fn worth(Said { polarity, item }: &Said<'_>) -> f32 {
    polarity.abs() + item.judgement.chance - item.chars as f32 / 400.0
}
