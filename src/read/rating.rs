//! Ratings: every notation, the traps among them, and which of several is the reviewer's own.
//!
//! [`in_text`] looks for the overall rating in running text; [`field`] reads a value that a source states
//! as a rating (front matter, markup, a feed's element); [`of_numbers`] brings a stated number and scale to
//! the common one. A value is `100 * x / best`, with no shift for scales that start at 1. Letters go down from
//! A = 100 in steps of a twelfth, rounded to whole numbers, the way Metacritic prints them.

mod glyphs;
mod guard;
mod legend;
mod notation;
mod number;
mod tone;
mod words;

use crate::model::{
    Confidence, Line, Rating, RatingKind, Score,
    text::{clean, fold_space},
};
use guard::{Judgement, judge, label_of_a_part};
use notation::{Form, Found, all};

/// What is known of the scale before reading.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scale<'a> {
    /// The best mark, where the source says.
    pub best: Option<f64>,
    /// The language of the text, ISO 639-1.
    pub language: Option<&'a str>,
}

/// The reviewer's own overall rating in a text; `title` is the work's, where known.
///
/// The order: what is labelled as the whole, what is announced, what stands alone on a line, the last
/// sentence, the last; what is graded on a printed scale comes before guesses and thumbs.
pub fn in_text(text: &str, title: Option<&str>, scale: Scale) -> Option<Rating> {
    let scale = Scale { best: scale.best.or_else(|| legend::stated(text)), ..scale };
    let end = text.trim_end().len();
    let mut best: Option<((u8, u8, u8, usize), Found)> = None;
    let candidates = few(all(text, scale));
    let listed = is_list(text, &candidates);
    let parted = is_in_parts(text, &candidates);
    for found in candidates {
        if listed && in_brackets(text, &found) || parted && label_of_a_part(text, &found).is_some() {
            continue;
        }
        if matches!(found.form, Form::Asterisks | Form::Glyphs) && legend::in_key(text, &found.range) {
            continue;
        }
        let judgement = judge(text, &found, title);
        let closes = end.saturating_sub(found.range.end) < 40;
        let Some(rank) = rank(&found, judgement, closes, text) else { continue };
        let family = u8::from(found.form != Form::Binary);
        let sure = u8::from(found.confidence == Confidence::High);
        let key = (family, rank, sure, found.range.end);
        if best.as_ref().is_none_or(|(held, _)| key > *held) {
            best = Some((key, found));
        }
    }
    let (_, found) = best?;
    if found.scale_guessed() && tone::contradicts(text, found.score) {
        return None;
    }
    rating(&text[found.range.clone()], &found)
}

/// No reviewer prints hundreds of marks: of a text that holds more, the first and the last are judged.
fn few(mut found: Vec<Found>) -> Vec<Found> {
    const MOST: usize = 400;
    if found.len() > MOST {
        found.sort_by_key(|found| found.range.start);
        found.drain(MOST / 4..found.len() - MOST * 3 / 4);
    }
    found
}

/// Several marks in brackets are a list of other works' marks.
fn is_list(text: &str, candidates: &[Found]) -> bool {
    candidates.iter().filter(|found| in_brackets(text, found)).count() >= 2
}

/// Several marks under labels that differ (`First half: 8/10, second half: 4/10`) are for parts, or other works.
fn is_in_parts(text: &str, candidates: &[Found]) -> bool {
    let mut labels: Vec<&str> = candidates
        .iter()
        .filter(|found| matches!(found.form, Form::Fraction | Form::OutOf | Form::Glyphs | Form::Asterisks))
        .filter_map(|found| label_of_a_part(text, found))
        .collect();
    labels.sort_unstable();
    labels.dedup();
    labels.len() >= 2
}

fn in_brackets(text: &str, found: &Found) -> bool {
    let opens = text[..found.range.start].trim_end().ends_with(['(', '[']);
    opens && text[found.range.end..].trim_start().starts_with([')', ']'])
}

/// How strongly a candidate stands, or `None` where it does not.
fn rank(found: &Found, judgement: Judgement, closes: bool, text: &str) -> Option<u8> {
    let rank = match judgement {
        Judgement::Reject => return None,
        Judgement::Overall => 5,
        Judgement::Announced => 4,
        Judgement::OwnLine => 3,
        Judgement::Loose if closes => 2,
        Judgement::Loose => 1,
    };
    let whole = text.trim().len() <= found.range.len() + 4;
    let joke = found.confidence == Confidence::Low && found.best.is_some();
    let firm = match found.form {
        // A dated page writes 4/6 and 10/20 as dates, recipes write quarters.
        Form::Fraction => rank >= 2 || matches!(found.best, Some(5.0 | 10.0 | 100.0)) && !joke,
        Form::OutOf => true,
        Form::Glyphs => true,
        Form::Asterisks => found.best.is_some() || rank >= 4 || rank == 3 && closes && has_shape(found, text),
        Form::StarWords => found.best.is_some() || rank >= 2 || whole,
        Form::Percent | Form::Points => rank >= 4 || whole || found.form == Form::Points && rank == 3,
        Form::Labelled => rank >= 3,
        Form::Letter => lone_letter_is_firm(found, rank, closes, text),
        Form::Binary => true,
    };
    firm.then_some(rank)
}

/// A run of asterisks alone on a line is a scene break, unless it closes the text and shows a half or four.
fn has_shape(found: &Found, text: &str) -> bool {
    let signs = &text[found.range.clone()];
    signs.contains(['½', '/']) || signs.matches('*').count() >= 4
}

/// A lone `A` on a line may be anything; `B+` may not, nor a letter that closes the text.
fn lone_letter_is_firm(found: &Found, rank: u8, closes: bool, text: &str) -> bool {
    let signed = found.range.len() > 1;
    let whole = text.trim().len() <= found.range.len() + 1;
    let sentence = text[found.range.end..].starts_with('.');
    rank >= 4
        || whole
        || rank == 3 && (signed || closes)
        || rank <= 2 && sentence
        || rank <= 2 && text[..found.range.start].ends_with(' ')
}

/// What is shown of a rating. Cleaned before it is folded, as the text is in which it must be found.
fn as_printed(text: &str) -> Option<Line> {
    Line::new(fold_space(&clean(text)))
}

fn rating(printed: &str, found: &Found) -> Option<Rating> {
    let score = Score::new(found.score).ok()?;
    Some(Rating { printed: as_printed(printed)?, score, kind: found.kind(), confidence: found.confidence })
}

/// A value that the source states as a rating: `4`, `3.5/5`, `★★★`, `B+`, `8 of 10`, `85%`, `thumbs up`.
pub fn field(printed: &str, scale: Scale) -> Option<Rating> {
    let text = printed.trim();
    if text.is_empty() || text.chars().count() > 60 {
        return None;
    }
    let of = text.replace(" of ", " out of ").replace("out out", "out");
    if let Some(mut rating) = in_text(&of, None, scale) {
        rating.printed = as_printed(text)?;
        return Some(rating);
    }
    if let Some(score) = words::letter(text) {
        return rating(text, &Found { score: score.round(), ..plain(Form::Letter) });
    }
    if let Some(percent) = text.strip_suffix('%').and_then(number::value).filter(|_| scale.best.is_none()) {
        return rating(text, &Found { score: percent, ..plain(Form::Percent) });
    }
    let found = notation::bare("", text, "", scale)?;
    rating(text, &found)
}

const fn plain(form: Form) -> Found {
    Found { range: 0..0, form, score: 0.0, best: None, confidence: Confidence::High }
}

/// A number with its scale, as markup states it. Best is 5 where the source does not say.
pub fn of_numbers(printed: &str, value: f64, best: Option<f64>) -> Option<Rating> {
    let best = best.filter(|best| *best > 0.0).unwrap_or(if value <= 5.0 {
        5.0
    } else if value <= 10.0 {
        10.0
    } else {
        100.0
    });
    let score = Score::share(value, best).ok()?;
    Some(Rating { printed: as_printed(printed)?, score, kind: RatingKind::Graded, confidence: Confidence::High })
}

/// The best mark of the scale that a text states once for all its marks: `on a scale of 1 to 4`, `ratings are out
/// of four stars`, `★★★★ excellent`. For readers that know a site's legend; [`in_text`] looks for itself.
pub fn stated_best(text: &str) -> Option<f64> {
    legend::stated(text)
}

/// A number as printed by a source, with point or comma.
pub fn number(text: &str) -> Option<f64> {
    number::value(text)
}

#[cfg(test)]
mod tests;
