//! Stretches of sentences, and which of them makes the quote.

use crate::model::Span;

use super::prepare::{Item, Prepared};

/// Most sentences of a quote.
const MOST: usize = 4;
/// A quote shorter than this says too little, in scalar values.
const SHORTEST: usize = 40;
/// What a quote likes to be at least.
const COMFORTABLE: usize = 110;
/// ` […] ` in scalar values.
const GAP: usize = 5;
/// Most sentences of one of two stretches, and how many stretches and sentences are tried.
const STRETCH: usize = 2;
const CANDIDATES: usize = 6;
/// A sentence that leans less than this to praise or blame takes no side.
const FLAT: f32 = 0.2;
/// A sentence less fit than this is not fetched from elsewhere.
const APT: f32 = 0.65;
/// Below this a quote would say nothing of the work: better none.
const FIT: f32 = 0.45;
/// The same where there is neither verdict nor reason.
const DOUBTFUL: f32 = 0.6;
/// A review of so few sentences says little beside what it thinks of the work: there the floor is low.
const BRIEF: usize = 8;
const BRIEF_FIT: f32 = -0.3;
/// A window at least this good is not improved upon by two spans.
const GOOD: f32 = 0.9;

/// What two spans must be better by than one.
const APART: f32 = 0.12;

/// Sentences that would make a quote, by place, and how good a one.
#[derive(Debug, Clone)]
pub(super) struct Ranked {
    pub score: f32,
    pub members: Vec<usize>,
}

/// Spans of the best quote within `max_chars`; empty where nothing is fit.
pub(super) fn best(review: &Prepared, max_chars: usize) -> Vec<Span> {
    let best = ranked(review, max_chars).into_iter().next();
    best.map_or_else(Vec::new, |best| best.members.into_iter().map(|at| review.items[at].span).collect())
}

/// All fit quotes within `max_chars`, the best first; of equals, the earlier.
pub(super) fn ranked(review: &Prepared, max_chars: usize) -> Vec<Ranked> {
    let starts = 0..review.items.len();
    let mut found: Vec<Ranked> = starts
        .flat_map(|start| from(review, start, max_chars))
        .map(|members| Ranked { score: score(review, &members), members })
        .collect();
    let best = found.iter().max_by(|a, b| a.score.total_cmp(&b.score));
    if best.is_none_or(|best| best.score < GOOD || !is_full(review, &best.members)) {
        let pairs = pairs(review, &found, max_chars).into_iter();
        found.extend(pairs.map(|members| Ranked { score: score(review, &members) - APART, members }));
    }
    found.retain(|ranked| !review.english || ranked.score >= floor(review, &ranked.members));
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

/// The windows that begin at a sentence.
fn from(review: &Prepared, start: usize, max_chars: usize) -> Vec<Vec<usize>> {
    let items = &review.items;
    let mut windows = Vec::new();
    if !(items[start].usable && items[start].opens) {
        return windows;
    }
    let mut chars = 0;
    for (end, item) in items.iter().enumerate().skip(start).take(MOST) {
        if end > start && !(item.usable && item.joins) {
            break;
        }
        chars += item.chars + usize::from(end > start);
        if chars > max_chars {
            break;
        }
        if chars >= SHORTEST {
            windows.push((start..=end).collect());
        }
    }
    windows
}

/// Two good stretches apart from each other, in one voice: the second is one that can open a quote, or that takes up
/// the work of which the first speaks.
fn pairs(review: &Prepared, windows: &[Ranked], max_chars: usize) -> Vec<Vec<usize>> {
    let items = &review.items;
    let chars = |members: &[usize]| members.iter().map(|&at| items[at].chars + 1).sum::<usize>() - 1;
    let short = |members: &[usize]| members.len() <= STRETCH && chars(members) + GAP + SHORTEST <= max_chars;
    let mut firsts: Vec<&Ranked> = windows.iter().filter(|window| short(&window.members)).collect();
    firsts.sort_by(|a, b| b.score.total_cmp(&a.score));
    firsts.truncate(CANDIDATES);
    let mut seconds: Vec<Vec<usize>> = firsts.iter().map(|window| window.members.clone()).collect();
    let mut single: Vec<usize> = (0..items.len()).filter(|&at| items[at].opens || items[at].follows).collect();
    single.sort_by(|a, b| worth(review, *b).total_cmp(&worth(review, *a)));
    single.truncate(CANDIDATES);
    seconds.extend(single.iter().map(|&at| vec![at]));
    seconds.sort();
    seconds.dedup();
    let mut firsts: Vec<Vec<usize>> = firsts.iter().map(|window| window.members.clone()).collect();
    firsts.extend(single.into_iter().filter(|&at| items[at].opens).map(|at| vec![at]));
    firsts.sort();
    firsts.dedup();
    let mut pairs = Vec::new();
    for first in &firsts {
        let about = first.iter().any(|&at| items[at].judgement.about);
        for second in &seconds {
            let (last, next) = (first[first.len() - 1], second[0]);
            let fits = chars(first) + GAP + chars(second) <= max_chars && first.len() + second.len() <= MOST;
            let goes_on = items[next].opens || about;
            if fits && next > last + 1 && goes_on && items[last].voice == items[next].voice {
                let members: Vec<usize> = first.iter().chain(second).copied().collect();
                if items.len() <= BRIEF || members.iter().all(|&at| items[at].judgement.fit >= APT) {
                    pairs.push(members);
                }
            }
        }
    }
    pairs
}

/// What a sentence brings to a pair: its fit, a verdict and reasons.
fn worth(review: &Prepared, at: usize) -> f32 {
    let judgement = &review.items[at].judgement;
    judgement.fit + 0.3 * f32::from(u8::from(judgement.whole)) + 0.1 * f32::from(judgement.reasons.min(2))
}

/// What a quote must at least be worth.
fn floor(review: &Prepared, members: &[usize]) -> f32 {
    match review.items.len() {
        ..=BRIEF => BRIEF_FIT,
        _ if says_something(review, members) => FIT,
        _ => DOUBTFUL,
    }
}

/// Whether there is a verdict or a reason at all.
fn says_something(review: &Prepared, members: &[usize]) -> bool {
    members.iter().map(|&at| &review.items[at].judgement).any(|j| j.whole || j.verdict || j.reasons > 0)
}

/// Whether a verdict and a reason are there.
fn is_full(review: &Prepared, members: &[usize]) -> bool {
    let judgements = || members.iter().map(|&at| &review.items[at].judgement);
    judgements().any(|j| j.whole) && judgements().any(|j| j.reasons > 0)
}

/// How good a quote these sentences make.
fn score(review: &Prepared, members: &[usize]) -> f32 {
    let items: Vec<&Item> = members.iter().map(|&at| &review.items[at]).collect();
    let words: f32 = items.iter().map(|i| i.words.len().max(i.chars / 6) as f32).sum();
    let weighted = |value: &dyn Fn(&Item) -> f32| {
        items.iter().map(|i| value(i) * i.words.len().max(i.chars / 6) as f32).sum::<f32>() / words.max(1.0)
    };
    let chars: usize = items.iter().map(|i| i.chars + 1).sum::<usize>() - 1;
    let mut score = weighted(&|i| i.judgement.fit);
    let polarity = weighted(&|i| i.judgement.polarity);
    let verdict = items.iter().any(|i| i.judgement.verdict);
    let whole = items.iter().any(|i| i.judgement.whole);
    let reasons = items.iter().map(|i| i.judgement.reasons).sum::<u8>().min(3);
    let worst = items.iter().map(|i| i.judgement.fit).fold(1.0, f32::min);
    score += 0.06 * f32::from(u8::from(verdict)) + 0.15 * f32::from(u8::from(whole));
    score += 0.06 * f32::from(u8::from(reasons > 0)) + 0.03 * f32::from(reasons);
    score += 0.08 * f32::from(u8::from(whole && reasons > 0));
    score += 0.35 * (worst - 0.55).min(0.0);
    if chars < COMFORTABLE {
        score -= 0.15 * (COMFORTABLE - chars) as f32 / COMFORTABLE as f32;
    }
    score += 0.08 * (chars.saturating_sub(COMFORTABLE).min(120) as f32) / 120.0;
    if items[0].points || (items[0].has_it && !items[0].judgement.about) {
        score -= 0.18;
    }
    if items.len() > 1 && items[0].words.len() < 5 && items[0].judgement.fit < 0.6 {
        score -= 0.15;
    }
    if !items.iter().any(|i| i.judgement.whole || i.judgement.verdict || i.judgement.polarity.abs() >= FLAT) {
        score -= 0.15;
    }
    if !items.iter().any(|i| i.judgement.about || i.judgement.reasons > 0) {
        score -= 0.2;
    }
    if let Some(verdict) = items[0].verdict
        && items.iter().all(|i| i.verdict.is_some())
    {
        // The critic's own choice: whole where it fits, else as much of it as does.
        let whole = review.items.iter().filter(|i| i.usable && i.verdict == Some(verdict)).count() == items.len();
        score += 1.0 + 0.15 * items.len() as f32 + 0.4 * f32::from(u8::from(whole));
    }
    if items.iter().zip(items.iter().skip(1)).any(|(a, b)| a.paragraph != b.paragraph) {
        score -= 0.04;
    }
    let agrees = polarity * review.stance;
    let weight = if review.rated { 0.3 } else { 0.1 };
    score + weight * if agrees < 0.0 { 2.0 * agrees } else { agrees.min(0.5) }
}
