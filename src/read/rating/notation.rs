//! The notations: where in a text something stands that looks like a rating, and what it would be worth.
//!
//! Whether it really is the reviewer's own is asked in `guard`; which of several wins, in `rating`.

mod fraction;
mod label;
mod stars;

use std::{ops::Range, sync::LazyLock};

pub use label::{LABELS, bare};

use super::{Scale, glyphs, number::value, words};
use crate::{
    model::{Confidence, RatingKind},
    read::pattern::{Sought, head, tail},
};

/// The family of a notation, by which the guards differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `9/10`
    Fraction,
    /// `9 out of 10`
    OutOf,
    /// `★★★½`
    Glyphs,
    /// `***½`
    Asterisks,
    /// `four stars`
    StarWords,
    /// `85%`
    Percent,
    /// `95 points`
    Points,
    /// `Score: 8`: the label is part of what was found.
    Labelled,
    /// `B+`
    Letter,
    /// Thumbs, fresh or rotten, buy or skip.
    Binary,
}

/// Something that looks like a rating.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// Its family.
    pub form: Form,
    /// The share of the best, 0 to 100.
    pub score: f64,
    /// The number of the best mark, where one is printed.
    pub best: Option<f64>,
    /// Whether scale and meaning are certain.
    pub confidence: Confidence,
}

impl Found {
    /// Whether nothing printed says how long the scale is.
    pub fn scale_guessed(&self) -> bool {
        self.best.is_none()
            && self.confidence == Confidence::Low
            && matches!(self.form, Form::Labelled | Form::StarWords | Form::Asterisks | Form::Glyphs)
    }

    /// How it was given.
    pub fn kind(&self) -> RatingKind {
        match self.form {
            Form::Letter => RatingKind::Letter,
            Form::Binary => RatingKind::Binary,
            _ => RatingKind::Graded,
        }
    }
}

/// Everything in a text that looks like a rating, in no particular order.
pub fn all(text: &str, scale: Scale) -> Vec<Found> {
    let mut found = Vec::new();
    fraction::fractions(text, &mut found);
    fraction::out_of(text, &mut found);
    glyphs::glyphs(text, scale, &mut found);
    stars::asterisks(text, scale, &mut found);
    stars::star_words(text, scale, &mut found);
    simple(text, &mut found);
    label::labelled(text, scale, &mut found);
    words::letters(text, &mut found);
    words::binary(text, &mut found);
    found
}

/// `value` of `best` as a share, or `None` where the mark is impossible. More than the best of a scale to
/// ten is a joke and means the best; less than nothing means nothing.
pub fn share(value: f64, best: f64) -> Option<(f64, Confidence)> {
    if best <= 0.0 {
        return None;
    }
    if value <= best {
        return Some((100.0 * value / best, Confidence::High));
    }
    (best == 10.0 && value.fract() == 0.0).then_some((100.0, Confidence::Low))
}

const SCALES: [f64; 6] = [4.0, 5.0, 6.0, 10.0, 20.0, 100.0];

/// Whether reviewers use scales of this length.
pub fn is_scale(best: f64) -> bool {
    SCALES.contains(&best)
}

/// Whether a digit follows a point or comma: the number is longer than what was matched.
fn goes_on_as_number(after: &str) -> bool {
    after.strip_prefix(['.', ',']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether neither side goes on as a longer number, date or path.
fn stands_free(text: &str, range: &Range<usize>) -> bool {
    let mut before = text[..range.start].chars().rev();
    let joined = match before.next() {
        Some('/' | '⁄' | '\\' | '=' | '#' | '$' | '€' | '£') => true,
        Some('.' | ',') => before.next().is_some_and(|c| c.is_ascii_digit()) || is_less_than_one(&text[..range.start]),
        Some(c) => c.is_ascii_alphanumeric(),
        None => false,
    };
    let mut after = text[range.end..].chars();
    let goes_on = match after.next() {
        Some('/' | '⁄' | '\\' | '%') => true,
        Some('.' | ',' | '-' | ':') => after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_alphanumeric() && !c.is_alphabetic() || c.is_ascii_alphabetic() && c.is_lowercase(),
        None => false,
    };
    !joined && !goes_on
}

/// "a .5 out of 10" is no five.
fn is_less_than_one(before: &str) -> bool {
    const LEADS: [&str; 6] = [" a .", " an .", " the .", " of .", " is .", ": ."];
    LEADS.iter().any(|lead| before.ends_with(lead))
}

fn simple(text: &str, found: &mut Vec<Found>) {
    static PERCENT: LazyLock<Sought> = LazyLock::new(|| Sought::new(r"\b(\d{1,3}(?:[.,]\d)?)\s?%"));
    static POINTS: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(r"(?i)\b(\d{1,3})(?:\s(?:points|punkte|punti|puntos|pts)\b|\s?[点點])"));
    static DICE: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(r"(?i)\bterningkast\W{1,4}([1-6]|en|to|tre|fire|fem|seks)\b"));
    for (patterns, form) in [(&PERCENT, Form::Percent), (&POINTS, Form::Points)] {
        for captures in patterns.captures_iter(text) {
            let (Some(whole), Some(mark)) = (captures.get(0), captures.get(1).and_then(|m| value(m.as_str()))) else {
                continue;
            };
            if mark > 100.0 || !stands_free(text, &whole.range()) {
                continue;
            }
            // Ten points are out of ten.
            let (best, confidence) = match form {
                Form::Points if mark <= 10.0 => (10.0, Confidence::Low),
                _ => (100.0, Confidence::High),
            };
            let score = 100.0 * mark / best;
            found.push(Found { range: whole.range(), form, score, best: Some(best), confidence });
        }
    }
    static OF_FULL: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(r"(\d{1,3})\s?点満点(?:中|で|の)?、?\s?(\d{1,3})\s?点?"));
    for captures in OF_FULL.captures_iter(text) {
        let (Some(whole), Some(best), Some(mark)) = (captures.get(0), captures.get(1), captures.get(2)) else {
            continue;
        };
        let Some((best, mark)) = value(best.as_str()).zip(value(mark.as_str())) else { continue };
        if let Some((score, confidence)) = share(mark, best).filter(|_| is_scale(best)) {
            found.push(Found { range: whole.range(), form: Form::OutOf, score, best: Some(best), confidence });
        }
    }
    for captures in DICE.captures_iter(text) {
        let (Some(whole), Some(mark)) = (captures.get(0), captures.get(1)) else { continue };
        const NAMES: [&str; 6] = ["en", "to", "tre", "fire", "fem", "seks"];
        let named = NAMES.iter().position(|name| *name == mark.as_str().to_lowercase()).map(|at| at as f64 + 1.0);
        if let Some((score, confidence)) = named.or(value(mark.as_str())).and_then(|mark| share(mark, 6.0)) {
            found.push(Found { range: whole.range(), form: Form::Labelled, score, best: Some(6.0), confidence });
        }
    }
}

/// The line around a place, at most 200 bytes to either side.
pub fn line<'a>(text: &'a str, range: &Range<usize>) -> (&'a str, &'a str) {
    let before = tail(&text[..range.start], 200);
    let after = head(&text[range.end..], 200);
    (before.rsplit('\n').next().unwrap_or(before), after.split('\n').next().unwrap_or(after))
}
