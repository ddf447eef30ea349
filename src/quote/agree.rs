//! Several reviews of one work to what they say alike: counted by aspect, each count with its sentence.

use crate::model::{
    Quote, Review,
    issue::{Agreement, AgreementQuote},
};

use super::{
    aspect::{self, Aspect},
    duplicate::duplicate,
    polarity,
    prepare::{Gate, Item, Prepared, prepare},
    words::WordSet,
};

/// Fewer voices than this agree on nothing.
const VOICES: usize = 3;
/// A sentence counts where the chance that it judges is at least this.
const JUDGING: f32 = 0.45;
/// Longest sentence quoted for an aspect, in scalar values.
const LONGEST: usize = 300;
/// Words left and right of an aspect word that speak about it.
const NEAR: usize = 5;

/// Counts what several reviews of one work say alike, by aspect, the most spoken of first. Empty below
/// three reviews; an aspect of which fewer than three speak is left out. A text met twice is one voice.
pub fn agree(reviews: &[&Review]) -> Vec<Agreement> {
    let mut voices: Vec<&Review> = Vec::new();
    for review in reviews {
        if !voices.iter().any(|known| known.id == review.id || duplicate(known, review)) {
            voices.push(review);
        }
    }
    if voices.len() < VOICES {
        return Vec::new();
    }
    let prepared: Vec<Prepared> = voices.iter().map(|r| prepare(r, Gate::Shut)).collect();
    let kind = prepared.iter().find_map(|p| p.kind);
    let mut found: Vec<Agreement> =
        aspect::of(kind).iter().filter_map(|aspect| on(aspect, &voices, &prepared)).collect();
    found.sort_by_key(|a| std::cmp::Reverse(a.quotes.len()));
    found
}

fn on(aspect: &Aspect, voices: &[&Review], prepared: &[Prepared]) -> Option<Agreement> {
    let set = aspect.set();
    let quotes: Vec<AgreementQuote> =
        voices.iter().zip(prepared).filter_map(|(review, prepared)| stand(&set, review, prepared)).collect();
    let positive = quotes.iter().filter(|q| q.positive).count();
    (quotes.len() >= VOICES).then(|| Agreement {
        aspect: aspect.name.to_owned(),
        positive,
        negative: quotes.len() - positive,
        quotes,
    })
}

/// Where one review stands on an aspect, with the sentence that says it most clearly and briefly. A review whose
/// sentences disagree with each other does not count.
fn stand(set: &WordSet, review: &Review, prepared: &Prepared) -> Option<AgreementQuote> {
    let speaking: Vec<(f32, &Item)> = prepared
        .items
        .iter()
        .filter(|item| item.judgement.chance >= JUDGING && !item.asks)
        .filter_map(|item| Some((polarity_of(set, item)?, item)))
        .filter(|(polarity, _)| polarity.abs() >= polarity::DECIDED)
        .collect();
    let sum: f32 = speaking.iter().map(|(polarity, _)| polarity).sum();
    if sum.abs() < polarity::DECIDED {
        return None;
    }
    let positive = sum > 0.0;
    let (_, item) = speaking
        .into_iter()
        .filter(|(polarity, item)| (*polarity > 0.0) == positive && item.usable && item.opens && item.chars <= LONGEST)
        .max_by(|a, b| worth(a).total_cmp(&worth(b)))?;
    let quote = Quote::new(&review.body, vec![item.span]).ok()?;
    Some(AgreementQuote { review: review.id.clone(), positive, quote })
}

fn worth((polarity, item): &(f32, &Item)) -> f32 {
    polarity.abs() + item.judgement.chance - item.chars as f32 / 400.0
}

/// What a sentence says of an aspect: the lexicon near the aspect's words, and the sentence as a whole.
fn polarity_of(set: &WordSet, item: &Item) -> Option<f32> {
    let speaks = |at: &usize| set.has(item.words.key(*at));
    let first = (0..item.words.len()).find(speaks)?;
    let last = (first..item.words.len()).rfind(speaks)?;
    let near = first.saturating_sub(NEAR)..(last + NEAR + 1).min(item.words.len());
    let near = polarity::lexicon(&item.words, near);
    let whole = item.judgement.polarity;
    // A sentence whose words near the aspect contradict its whole says two things: nothing is counted.
    if near * whole < 0.0 || near == 0.0 {
        return None;
    }
    Some(0.6 * near.clamp(-1.5, 1.5) + 0.4 * whole)
}
