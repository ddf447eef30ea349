//! Marks given in letters and words: school letters, thumbs, fresh or rotten, buy, rent or skip.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::notation::{Form, Found, LABELS};
use crate::{
    model::Confidence,
    read::pattern::{Sought, pattern},
};

/// The value of a letter: steps of a third below A, a twelfth of the whole each; A+ counts as A, F as nothing.
pub fn letter(text: &str) -> Option<f64> {
    let text = text.trim().replace(['−', '–'], "-");
    let text = text.replace(" plus", "+").replace(" minus", "-");
    const STEPS: [&str; 13] = ["A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "E", "F"];
    match text.as_str() {
        "A+" => Some(100.0),
        "D" => Some(25.0),
        "E" => None,
        other => STEPS.iter().position(|step| *step == other).map(|k| 100.0 * (12 - k) as f64 / 12.0),
    }
}

/// Letter grades.
pub fn letters(text: &str, found: &mut Vec<Found>) {
    const LETTER: &str = r"(?:[ABCDF](?:[+−–-]|\s(?:plus|minus)\b)?)";
    static LABELLED: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?:^|[^\p{{L}}])(?i:{LABELS})(?:\s*[:=–—|]\s*|\s*\n\s*|\s+of\s+|\s+-\s+)(?:(?i:an?)\s+)?({LETTER})(?:\s?/\s?({LETTER}))?"
        ))
    });
    static ALONE: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(&format!(r"(?m)^[ \t]*({LETTER})(?:\s?/\s?({LETTER}))?[ \t.]*$")));
    static GIVEN: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?i:\b(?:give|gives|gave|giving|grade|graded|gets|earns|earned|deserves|rate|rated|rating)\b)[^.!?\n]{{0,40}}?\b(?:an?|A)\s(?:(?i:solid|strong|weak|generous|low|high|clear|easy)\s)?({LETTER})(?:\s?/\s?({LETTER}))?"
        ))
    });
    static CLOSING: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(&format!(r"[.!?]\s?({LETTER})\.\s*(?:$|Full\s[Rr]eview|https?:)")));
    static SOLID: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?:^|[.!?\n]\s?)(?:An?\s)?(?i:solid|strong|easy|weak|high|low)\s({LETTER})[.!]?[ \t]*(?:\n|$)"
        ))
    });
    for (pattern, closing) in [(&LABELLED, false), (&ALONE, false), (&GIVEN, false), (&SOLID, false), (&CLOSING, true)]
    {
        for captures in pattern.captures_iter(text) {
            let Some(first) = captures.get(1) else { continue };
            let last = captures.get(2).unwrap_or(first);
            let mut after = text[last.end()..].chars();
            let next = after.next();
            let goes_on = next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '/'))
                || next == Some('.') && after.next().is_some_and(char::is_alphanumeric);
            if goes_on && !closing {
                continue;
            }
            let (Some(a), Some(b)) = (letter(first.as_str()), letter(last.as_str())) else { continue };
            // One letter is printed as a whole number, as aggregators do (B+ is 83); between two lies their mean.
            let score = if captures.get(2).is_some() { f64::midpoint(a, b) } else { a.round() };
            let confidence = Confidence::High;
            found.push(Found { range: first.start()..last.end(), form: Form::Letter, score, best: None, confidence });
        }
    }
}

/// Thumbs, fresh or rotten, buy, rent or skip.
pub fn binary(text: &str, found: &mut Vec<Found>) {
    static THUMBS: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(r"(?i)\b(two|2)?\s?(?:big\s|enthusiastic\s|very\s)*\bthumbs?[\s-](?:way\s|\w+ly\s)?(up|down)\b")
    });
    static HANDS: LazyLock<Regex> = LazyLock::new(|| pattern("👍{1,2}|👎{1,2}"));
    static TOMATO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?m)^(?:(?i:verdict|rating|score|tomatometer)\s*[:–-]\s*)?(Fresh|Rotten|FRESH|ROTTEN)[.!]?[ \t]*$")
    });
    static ADVICE: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(
            r"(?im)\b(?:verdict|rating|recommendation|advice)\s*[:–-]\s*(buy|rent|skip|stream)(?:\s+it)?[.!]?[ \t]*$",
        )
    });
    static ADVISED: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(
            r"(?im)^\W*(?:(?:would\s(?:i|you)\srecommend(?:\sit|\sthis)?|would\srecommend|recommended|recommend)\s*[?:–-]\s*(yes|no)\b|(?:verdict|conclusion|rating)\s*[:–-]\s*(?:highly\s)?((?:not\s)?recommended)[.!]?[ \t]*$|((?:not|highly)\srecommended)[.!]?[ \t]*$)",
        )
    });
    let mut push = |range: Range<usize>, score: f64| {
        found.push(Found { range, form: Form::Binary, score, best: None, confidence: Confidence::High });
    };
    for captures in THUMBS.captures_iter(text) {
        let (Some(whole), Some(way)) = (captures.get(0), captures.get(2)) else { continue };
        let up = way.as_str().eq_ignore_ascii_case("up");
        let score = match (captures.get(1).is_some(), up) {
            (true, true) => 90.0,
            (true, false) => 10.0,
            (false, true) => 75.0,
            (false, false) => 25.0,
        };
        push(whole.start() + (whole.as_str().len() - whole.as_str().trim_start().len())..whole.end(), score);
    }
    for hand in HANDS.find_iter(text) {
        push(
            hand.range(),
            match hand.as_str() {
                "👍" => 75.0,
                "👍👍" => 90.0,
                "👎" => 25.0,
                _ => 10.0,
            },
        );
    }
    for captures in ADVISED.captures_iter(text) {
        if let Some(word) = captures.get(1).or(captures.get(2)).or(captures.get(3)) {
            push(word.range(), if word.as_str().to_lowercase().starts_with("no") { 25.0 } else { 75.0 });
        }
    }
    for captures in TOMATO.captures_iter(text) {
        if let Some(word) = captures.get(1) {
            push(word.range(), if word.as_str().eq_ignore_ascii_case("fresh") { 75.0 } else { 25.0 });
        }
    }
    for captures in ADVICE.captures_iter(text) {
        if let Some(word) = captures.get(1) {
            let score = match word.as_str().to_lowercase().as_str() {
                "buy" => 80.0,
                "skip" => 20.0,
                _ => 50.0,
            };
            push(word.range(), score);
        }
    }
}
