//! What a sentence would bring to a quote: does it tell what the critic thinks, does it say why, and is it fit to be
//! printed at all?
//!
//! Three logistic sums of the same traits. Their weights are round numbers, set by hand after what readers marked in
//! sentences of many reviews (docs/quotes.md); only the tables behind some of the traits are trained.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    table::Table,
    words::{Words, key},
};

/// What the sums look at. Shares and chances are 0 to 1; what is or is not so is 1 or 0.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits {
    /// Opinion (towards 1) against plot (towards -1).
    pub opinion: f32,
    /// Share of the text before it.
    pub share: f32,
    /// It stands in the last of several paragraphs.
    pub closing: f32,
    /// Evaluative words for each word.
    pub density: f32,
    /// Evaluative words, at most five counted.
    pub charged: f32,
    /// Praise against blame, -1 to 1.
    pub polarity: f32,
    /// How strongly it takes a side: praise above 0, blame below.
    pub side: f32,
    /// It names this work, or its kind.
    pub about: f32,
    /// It points at the work, or at who made it.
    pub pointed: f32,
    /// It sums up or advises.
    pub verdict: f32,
    /// It takes a side on the work as a whole.
    pub whole: f32,
    /// Aspects with an evaluative word near, at most three counted.
    pub reasons: f32,
    /// It doubts its own words.
    pub hedges: f32,
    /// It speaks of another work in quotation marks.
    pub elsewhere: f32,
    /// A turn of praise or blame in a language that the tables do not know.
    pub idiom: f32,
    /// Words of one who speaks of himself or to the reader, at most three counted.
    pub self_talk: f32,
    /// What its words alone show.
    pub wording: Wording,
}

/// Traits that a sentence's words show without any table.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wording {
    /// Words in units of the usual length, at most two and a quarter.
    length: f32,
    /// Too few words to give a reason.
    short: f32,
    /// Share of words with a capital after the first: names, and with them plot and facts.
    capitals: f32,
    /// Words of the craft, whatever the kind of work, at most three counted.
    craft: f32,
    /// Words for what a work does to those who meet it, at most two counted.
    effect: f32,
    /// It says that the work did something to the critic.
    moved: f32,
    /// It names what is best or worst, or what it is that was liked.
    named: f32,
    /// It speaks of all of the work.
    throughout: f32,
    /// It supposes, foretells, or speaks of people and times in general.
    general: f32,
    /// Words that make what is said strong, less those that make it faint, from -1 to 1.
    strength: f32,
}

/// The usual length of a sentence, in words.
const USUAL: f32 = 22.0;
/// More words than this count for no more.
const MOST: usize = 50;
/// Fewer words than this give no reason.
const SHORT: usize = 8;
/// What stands in this share of the text is its beginning.
const BEGINNING: f32 = 0.08;
/// From this polarity on the wrong side, a sentence speaks against the review.
const AGAINST: f32 = -0.1;

impl Wording {
    /// Reads what the words show.
    pub fn of(words: &Words) -> Self {
        let mut counts = [0u8; SIGNS.len()];
        let (mut capitals, mut before) = (0, 0);
        let (mut moved, mut named) = (false, false);
        for (at, key) in words.keys().iter().enumerate() {
            let now = SIGNED.get(*key).unwrap_or(0);
            for sign in [CRAFT, EFFECT, THROUGHOUT, GENERAL, STRONG, FAINT] {
                counts[sign] = counts[sign].saturating_add(u8::from(has(now, sign)));
            }
            moved |= has(before, MOVING) && has(now, MOVED);
            named |= (has(before, LIKING) && has(now, WHAT))
                || (has(before, FOREMOST) && has(now, POINT))
                || (has(before, POINT) && has(now, STATING));
            capitals += usize::from(at > 0 && words.is_upper(at));
            before = now;
        }
        let count = |sign: usize, most: u8| f32::from(counts[sign].min(most));
        Self {
            length: words.len().min(MOST) as f32 / USUAL,
            short: f32::from(u8::from(words.len() < SHORT)),
            capitals: capitals as f32 / (words.len() + 1) as f32,
            craft: count(CRAFT, 3),
            effect: count(EFFECT, 2),
            moved: f32::from(u8::from(moved)),
            named: f32::from(u8::from(named)),
            throughout: count(THROUGHOUT, 1),
            general: count(GENERAL, 2),
            strength: count(STRONG, 1) - count(FAINT, 1),
        }
    }
}

/// What a sentence brings, once the side is known that the review takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Merit {
    /// Chance that a reader learns from it what the critic thinks of the work.
    pub tells: f32,
    /// Chance that a reader learns from it why.
    pub explains: f32,
    /// Chance that it is a critic's judgement of this work on the side that the review takes.
    pub fit: f32,
}

impl Traits {
    /// What the sentence brings to a review that takes a side: -1 for blame to 1 for praise.
    pub fn merit(&self, stance: f32) -> Merit {
        let sided = stance * self.side;
        Merit {
            tells: logistic(self.telling() + 0.6 * sided),
            explains: logistic(self.explaining() + 0.2 * sided),
            fit: logistic(self.fitting(stance * self.polarity) + 0.25 * sided),
        }
    }

    fn telling(&self) -> f32 {
        -3.6 + 1.5 * self.opinion
            + 1.3 * self.closing
            + 3.8 * self.density
            + 0.7 * self.about
            + 1.0 * self.verdict
            + 0.75 * self.whole
            + 1.0 * self.idiom
            + 0.7 * self.wording.moved
            + 0.3 * self.wording.strength
            - 1.0 * self.elsewhere
    }

    fn explaining(&self) -> f32 {
        let wording = &self.wording;
        let early = f32::from(u8::from(self.share < BEGINNING));
        -3.2 + 1.0 * self.opinion
            + 0.7 * self.polarity.abs()
            + 0.75 * self.reasons
            + 0.15 * self.charged
            + 1.0 * self.idiom
            + 0.7 * wording.length
            + 0.4 * wording.craft
            + 0.7 * wording.effect
            + 0.7 * wording.named
            + 1.0 * wording.throughout
            - 0.5 * early
            - 0.5 * self.self_talk
            - 0.4 * wording.short
            - 0.6 * wording.general
            - 6.0 * wording.capitals
    }

    fn fitting(&self, sided: f32) -> f32 {
        let against = f32::from(u8::from(sided < AGAINST));
        -1.7 + 1.2 * self.opinion
            + 0.2 * self.share
            + 0.9 * self.closing
            + 3.0 * self.density
            + 0.75 * sided
            + 0.15 * self.charged
            + 0.3 * self.about
            + 0.2 * self.pointed
            + 0.3 * self.verdict
            + 0.2 * self.whole
            + 0.3 * self.reasons
            + 1.0 * self.idiom
            + 0.4 * self.wording.length
            + 0.1 * self.wording.craft
            - 0.2 * against
            - 0.3 * self.hedges
            - 1.0 * self.elsewhere
            - 0.15 * self.self_talk
            - 2.5 * self.wording.capitals
    }
}

fn logistic(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// What a word may be a sign of; a word may be one of several things.
const SIGNS: [&[&str]; 13] = {
    let mut signs: [&[&str]; 13] = [&[]; 13];
    signs[CRAFT] = &[
        "tone idea ideas emotion emotions emotional moment moments narrative theme themes atmosphere concept execution depth",
        "detail details structure style sense tension dialogue dialog writing character characters world scene scenes story",
        "stories plot visuals score soundtrack music lyrics melody melodies vocals production performance performances acting",
        "prose author direction cinematography mechanics gameplay controls combat puzzles levels graphics animation pacing",
        "pace humor humour jokes arc arcs development relationship relationships twist sound vibe energy chemistry",
        "imagery language voice storytelling premise message setting choices design experience approach length",
    ];
    signs[EFFECT] = &[
        "feel feels feeling felt seem seems lack lacks lacking fails fail manages delivers captures makes make keeps gives",
        "offers brings adds",
    ];
    signs[THROUGHOUT] = &["throughout completely constantly entirely"];
    signs[GENERAL] = &["people if will i'll fan fans anyone everyone readers viewers audience year years ago"];
    signs[STRONG] =
        &["very really so too quite extremely incredibly absolutely truly thoroughly utterly simply wholly"];
    signs[FAINT] = &["bit somewhat rather little kind sort kinda"];
    signs[MOVING] = &["made makes make making left leaves kept keeps hooked gripped floored bored moved captivated"];
    signs[MOVED] = &["me us you"];
    signs[LIKING] =
        &["love loved like liked enjoy enjoyed appreciate appreciated admire admired hate hated dislike disliked"];
    signs[WHAT] = &["how that the"];
    signs[FOREMOST] = &["biggest main only core real one major greatest my"];
    signs[POINT] = &[
        "complaint complaints problem problems flaw flaws issue issues gripe gripes criticism criticisms weakness weaknesses",
        "strength strengths highlight highlights downside drawback shortcoming shortcomings",
    ];
    signs[STATING] = &["is was are were with lies"];
    signs
};
/// Words of the craft, whatever the kind of work.
const CRAFT: usize = 0;
/// Words for what a work does to those who meet it.
const EFFECT: usize = 1;
/// Words by which all of a work is meant.
const THROUGHOUT: usize = 2;
/// Words of one who supposes, foretells, or speaks of people and times in general.
const GENERAL: usize = 3;
/// Words that make what is said strong, and faint.
const STRONG: usize = 4;
const FAINT: usize = 5;
/// "Left me", "keeps us": what the work did to the critic.
const MOVING: usize = 6;
const MOVED: usize = 7;
/// "I loved how", "I liked that": what it was that was liked.
const LIKING: usize = 8;
const WHAT: usize = 9;
/// "My biggest complaint", "the problem with": the point on which it turns.
const FOREMOST: usize = 10;
const POINT: usize = 11;
const STATING: usize = 12;

/// The signs of each word, a bit for each: asked once a word.
static SIGNED: LazyLock<Table<u16>> = LazyLock::new(|| {
    let mut signed: BTreeMap<u32, u16> = BTreeMap::new();
    for (sign, lines) in SIGNS.iter().enumerate() {
        for word in lines.iter().flat_map(|line| line.split(' ')) {
            *signed.entry(key(word)).or_default() |= 1 << sign;
        }
    }
    let mut table = Table::with_capacity(signed.len());
    signed.into_iter().for_each(|(key, signs)| table.set(key, signs));
    table
});

fn has(signs: u16, sign: usize) -> bool {
    signs & (1 << sign) != 0
}
