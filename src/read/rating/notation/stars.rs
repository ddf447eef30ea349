//! Stars typed as asterisks or written as a word: `***1/2 out of ****`, `four stars`.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    super::{
        Scale,
        number::{NUMBER, value},
    },
    Form, Found, is_scale, share,
};
use crate::{
    model::Confidence,
    read::pattern::{Sought, pattern},
};

/// Runs of asterisks.
pub fn asterisks(text: &str, scale: Scale, found: &mut Vec<Found>) {
    static RUN: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?i)(\*(?:\s?\*){{0,9}})(\s?\(?(?:½|1/2|¼|1/4|¾|3/4)\)?|\s?and\sa\shalf)?(?:\s?(?:stars?)?\s?\(?(?:(?:out\s+(?:of\s+)?|of\s+)(\*(?:\s?\*){{1,9}}|{NUMBER})|(?:/|from)\s?(\*(?:\s?\*){{3,9}}|{NUMBER}))(?:\s+stars)?\)?)?"
        ))
    });
    for captures in RUN.captures_iter(text) {
        let (Some(whole), Some(signs)) = (captures.get(0), captures.get(1)) else { continue };
        let drawn = |signs: &str| signs.matches('*').count() as f64;
        let mark = drawn(signs.as_str()) + captures.get(2).map_or(0.0, |part| rest(part.as_str()));
        let best = captures.get(3).or(captures.get(4)).and_then(|best| match best.as_str() {
            stars if stars.starts_with('*') => Some(drawn(stars)),
            number => value(number),
        });
        let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '*');
        // `none/****` gives none, `[****------]` draws a longer row.
        let of_another = text[..whole.start()].ends_with('/') || text[whole.end()..].starts_with('-');
        let masks = joined(text[..whole.start()].chars().next_back()) || joined(text[whole.end()..].chars().next());
        // In "a 9 * out of 10" the star is a unit.
        let unit = mark == 1.0 && text[..whole.start()].trim_end().ends_with(|c: char| c.is_ascii_digit());
        // Stars with gaps alone on a line part scenes.
        let gapped = best.is_none() && signs.as_str().contains(char::is_whitespace);
        if masks || of_another || unit || gapped || best.is_none() && mark < 2.0 {
            continue;
        }
        let confidence = if best.or(scale.best).is_some() { Confidence::High } else { Confidence::Low };
        if let Some((score, _)) = share(mark, best.or(scale.best).unwrap_or(5.0)).filter(|_| mark <= 10.0) {
            let range = whole.start()..whole.start() + whole.as_str().trim_end().len();
            found.push(Found { range, form: Form::Asterisks, score, best, confidence });
        }
    }
}

/// What is less than a star.
fn rest(text: &str) -> f64 {
    match text.trim_matches([' ', '(', ')']) {
        "¼" | "1/4" => 0.25,
        "¾" | "3/4" => 0.75,
        _ => 0.5,
    }
}

/// Numbers of stars.
pub fn star_words(text: &str, scale: Scale, found: &mut Vec<Found>) {
    static STARS: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?i)\b({NUMBER})[\s-](?:stars?|étoiles?|estrellas|estrelas|stelle|sternen?|stjerner|sterren|stjärnor)\b(?:\s\(?(?:out\sof|on)(?:\san?|\spossible)?\s({NUMBER})\b\)?)?"
        ))
    });
    for captures in STARS.captures_iter(text) {
        let (Some(whole), Some(mark)) = (captures.get(0), captures.get(1)) else { continue };
        if text[..whole.start()].ends_with(['/', '⁄', '.', ',']) || is_epithet(whole.as_str(), &text[whole.end()..]) {
            continue;
        }
        let Some(mark) = value(mark.as_str()) else { continue };
        let printed = captures.get(2).and_then(|best| value(best.as_str()));
        let best = printed.or(scale.best).unwrap_or(if mark > 5.0 { 10.0 } else { 5.0 });
        if let Some((score, sure)) = share(mark, best).filter(|_| is_scale(best)) {
            let confidence = if printed.or(scale.best).is_some() { sure } else { Confidence::Low };
            found.push(Found { range: whole.range(), form: Form::StarWords, score, best: printed, confidence });
        }
    }
}

/// "a five star chef": many stars in the singular before a noun that is no review.
fn is_epithet(stars: &str, after: &str) -> bool {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:$|\s(?:rat|review|film|movie|book|read|game|album|record|show|novel|out|from|for|in|on|and|but|because)|[^\s])",
        )
    });
    stars.to_lowercase().ends_with("star") && !stars.starts_with(['1', 'o', 'O']) && !OWN.is_match(after)
}
