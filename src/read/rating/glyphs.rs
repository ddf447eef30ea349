//! Rows of signs: `★★★½☆`, `🍿🍿🍿/5`.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Scale,
    notation::{Form, Found, is_scale, line, share},
    number::value,
};
use crate::{
    model::Confidence,
    read::pattern::{Sought, pattern},
};

/// Signs that count as one: full, half, empty.
const FULL: &str = "★⭐🌟✭✮✪●▲■♥❤🍿🍅🎬🐾💀🔥⚫🌕";
const HALF: &str = "½⯨⯪✬◐🌗🌓";
const EMPTY: &str = "☆✩✰○△□♡⚪🌑";

/// No row of a rating is longer.
const MOST: f64 = 20.0;

/// Every row of signs, and numbers beside a star.
pub fn glyphs(text: &str, scale: Scale, found: &mut Vec<Found>) {
    static RUN: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!("(?:[{FULL}{HALF}{EMPTY}]\u{fe0f}?[ \u{a0}]?)+(?:[ \u{a0}]?1/2)?")));
    static NUMBERED: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(r"(?:[★⭐]\u{fe0f}?\s?(\d{1,2}(?:[.,]\d)?)|(\d{1,2}(?:[.,]\d)?)\s?[★⭐])"));
    for captures in NUMBERED.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        let mark = captures.get(1).or(captures.get(2)).and_then(|m| value(m.as_str()));
        let next = text[whole.end()..].chars().next().unwrap_or(' ');
        if next == '★' || next.is_ascii_digit() || text[..whole.start()].ends_with(['★', '⭐', '☆']) {
            continue;
        }
        if let Some(mark) = mark {
            let best = scale.best.unwrap_or(if mark > 5.0 { 10.0 } else { 5.0 });
            if let Some((score, confidence)) = share(mark, best) {
                found.push(Found { range: whole.range(), form: Form::Glyphs, score, best: None, confidence });
            }
        }
    }
    for run in RUN.find_iter(text) {
        let signs = run.as_str().trim_end();
        let full = signs.chars().filter(|c| FULL.contains(*c)).count() as f64;
        let half = signs.chars().any(|c| HALF.contains(c)) || signs.ends_with("1/2");
        let empty = signs.chars().filter(|c| EMPTY.contains(*c)).count() as f64;
        let mark = full + if half { 0.5 } else { 0.0 };
        let drawn = mark.ceil() + empty;
        // A row of open signs alone is a form to be filled in.
        if full + empty < 1.0
            || drawn > MOST
            || mark == 0.0
            || text[run.end()..].starts_with(|c: char| c.is_ascii_digit())
        {
            continue;
        }
        let known = [3.0, 4.0, 5.0, 6.0, 10.0].contains(&drawn) && (empty > 0.0 || drawn == 10.0);
        let odd_star = !signs.contains(['★', '⭐', '🌟', '☆']);
        let (before, after) = line(text, &(run.start()..run.start() + signs.len()));
        let worded = |side: &str| side.chars().any(char::is_alphabetic);
        let bullet = full == 1.0
            && !half
            && empty == 0.0
            && (worded(after) || worded(before) && !before.trim_end().ends_with([':', '=', '–', '-']));
        if bullet && !text[run.end()..].trim_start().starts_with(['/', '(', 'o']) {
            continue;
        }
        if (full + empty < 2.0 && !known && odd_star) || (full == 1.0 && !half && empty == 0.0 && odd_star) {
            continue;
        }
        if let Some((best, length)) = printed_best(&text[run.end()..]).filter(|(best, _)| *best >= mark) {
            if let Some((score, confidence)) = share(mark, best) {
                let range = run.start()..run.end() + length;
                found.push(Found { range, form: Form::Glyphs, score, best: Some(best), confidence });
            }
            continue;
        }
        // Half signs are written inside the row or after it: four full, a half, none open is out of five.
        let best = if known { drawn } else { scale.best.unwrap_or(if mark > 5.0 { 10.0 } else { 5.0 }) };
        let confidence = if known || scale.best.is_some() { Confidence::High } else { Confidence::Low };
        if let Some((score, _)) = share(mark, best) {
            let range = run.start()..run.start() + signs.len();
            let confidence = if odd_star && mark == 5.0 { Confidence::Low } else { confidence };
            found.push(Found { range, form: Form::Glyphs, score, best: known.then_some(best), confidence });
        }
    }
}

/// The best mark printed right after a row of signs (`/5`, ` out of 4`), with its length in bytes.
fn printed_best(after: &str) -> Option<(f64, usize)> {
    static BEST: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s?(?:/|\(?out\sof)\s?(\d{1,2})\b"));
    let captures = BEST.captures(after)?;
    let best = value(captures.get(1)?.as_str()).filter(|best| is_scale(*best))?;
    Some((best, captures.get(0)?.end()))
}
