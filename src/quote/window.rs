//! Stretches of sentences, and which of them makes the quote.

use crate::model::{Span, WorkKind};

use super::{
    polarity::DECIDED,
    prepare::{Item, Prepared},
};

/// Most sentences of a quote.
const MOST: usize = 4;
/// A quote shorter than this says too little, in scalar values.
const SHORTEST: usize = 40;
/// ` […] ` in scalar values.
const GAP: usize = 5;
/// Most sentences of one of two stretches, and how many stretches and sentences are tried.
const STRETCH: usize = 2;
const CANDIDATES: usize = 6;
/// A quote worth less than this would say nothing of the work: better none.
const FLOOR: f32 = 1.8;
/// A review of so few sentences says little beside what it thinks of the work: there no quote is refused.
const BRIEF: usize = 8;
/// What two spans must be better by than one.
const APART: f32 = 0.4;

/// What a quote is worth that surely tells what the critic thinks, that gives all reasons one could wish for, and of
/// which no sentence is out of place.
const TOLD: f32 = 1.8;
const EXPLAINED: f32 = 1.8;
const FITTING: f32 = 1.0;
/// So many sure reasons explain nearly two thirds of a verdict, and twice as many nearly nine tenths.
const REASONS: f32 = 0.8;
/// What the critic marked as verdict goes before all else: alone, with each sentence more, and whole.
const MARKED: f32 = 4.0;
const MARKED_MORE: f32 = 0.4;
const MARKED_WHOLE: f32 = 1.0;
/// What it is worth that the quote of a critic of two minds shows both, and what is lost by one that speaks against
/// the review.
const BOTH: f32 = 0.3;
const CONTRARY: f32 = 0.3;

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
    let pairs = pairs(review, &found, max_chars).into_iter();
    found.extend(pairs.map(|members| Ranked { score: score(review, &members) - APART, members }));
    // In a language that the tables do not know little is sure, and where no story is told little can go wrong.
    let storied = !matches!(review.kind, Some(WorkKind::Album | WorkKind::Other));
    let spared = review.items.len() <= BRIEF || !(review.english || storied);
    found.retain(|ranked| spared || ranked.score >= FLOOR);
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
        if chars >= SHORTEST && !item.foil {
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
    let alone = |item: &Item| !item.foil && (item.opens || item.follows || item.turns);
    let mut single: Vec<usize> = (0..items.len()).filter(|&at| alone(&items[at])).collect();
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
            let turned = || sides(review, first) * items[next].judgement.traits.polarity < 0.0;
            let goes_on = items[next].opens || (about && items[next].follows) || (items[next].turns && turned());
            if fits && next > last + 1 && goes_on && items[last].voice == items[next].voice {
                let members: Vec<usize> = first.iter().chain(second).copied().collect();
                pairs.push(members);
            }
        }
    }
    pairs
}

/// The side that sentences take together: praise above 0, blame below.
fn sides(review: &Prepared, members: &[usize]) -> f32 {
    members.iter().map(|&at| review.items[at].judgement.traits.polarity).sum()
}

/// What a sentence brings to a pair.
fn worth(review: &Prepared, at: usize) -> f32 {
    let merit = review.items[at].judgement.merit;
    TOLD * merit.tells + EXPLAINED * explained(merit.explains) + FITTING * merit.fit
}

/// How much is explained, 0 to 1, where the chances of reasons add up to so many.
fn explained(reasons: f32) -> f32 {
    1.0 - (-reasons / REASONS).exp()
}

/// How good a quote these sentences make.
fn score(review: &Prepared, members: &[usize]) -> f32 {
    let merits = || members.iter().map(|&at| review.items[at].judgement.merit);
    let untold: f32 = merits().map(|merit| 1.0 - merit.tells).product();
    let reasons: f32 = merits().map(|merit| merit.explains).sum();
    let weakest = merits().map(|merit| merit.fit).fold(1.0, f32::min);
    TOLD * (1.0 - untold)
        + EXPLAINED * explained(reasons)
        + FITTING * weakest
        + openings(review, members)
        + balance(review, members)
        + marked(review, members)
}

/// How well the quote opens, and how badly it goes on where something was left out.
fn openings(review: &Prepared, members: &[usize]) -> f32 {
    let second = members.windows(2).find(|pair| pair[1] > pair[0] + 1).map(|pair| opening(review, pair[1]));
    opening(review, members[0]) + second.map_or(0.0, |worth| worth.min(0.0))
}

/// Whether the quote does justice to the review: a critic of two minds is quoted with both, any other not with what
/// speaks against the whole.
fn balance(review: &Prepared, members: &[usize]) -> f32 {
    let items = || members.iter().map(|&at| &review.items[at]);
    let (best, worst) = items()
        .map(|item| item.judgement.traits.polarity)
        .fold((-1.0f32, 1.0f32), |(best, worst), side| (best.max(side), worst.min(side)));
    if review.torn {
        let weighs = items().any(|item| item.judgement.weighs);
        return if (best > DECIDED && worst < -DECIDED) || weighs { BOTH } else { 0.0 };
    }
    let against = if review.stance > 0.0 { -(best + worst) } else { best + worst };
    if against > DECIDED { -CONTRARY } else { 0.0 }
}

/// How well a sentence opens a quote: best at the head of a paragraph and with the work named, worse with what points
/// at something else, or with the critic himself.
fn opening(review: &Prepared, at: usize) -> f32 {
    let item = &review.items[at];
    let heads = at == 0 || review.items[at - 1].paragraph != item.paragraph;
    let about = item.judgement.about;
    let of = |condition: bool, worth: f32| if condition { worth } else { 0.0 };
    of(heads, 0.1)
        + of(about, 0.1)
        + of(item.points, -0.1)
        + of(item.has_it && !about, -0.05)
        + of(item.fragment, -0.4)
        + of(item.asks, -0.3)
        + of(item.words.get(0) == "you", -0.2)
        + of(matches!(item.words.get(0), "i" | "i'm" | "i've" | "i'd" | "i'll"), -0.25)
}

/// What it is worth that the critic chose these sentences: whole where they fit, else as many of them as do.
fn marked(review: &Prepared, members: &[usize]) -> f32 {
    let items = || members.iter().map(|&at| &review.items[at]);
    let Some(verdict) = review.items[members[0]].verdict.filter(|_| items().all(|item| item.verdict.is_some())) else {
        return 0.0;
    };
    let usable = review.items.iter().filter(|item| item.usable && item.verdict == Some(verdict)).count();
    let whole = if usable == members.len() { MARKED_WHOLE } else { 0.0 };
    MARKED + MARKED_MORE * members.len() as f32 + whole
}
