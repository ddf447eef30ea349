//! What a reviewer does once: brings a person in by full name, and gives a mark.
//!
//! Later in a review the family name is enough; a full name again, or an actor in brackets again, speaks for
//! another reviewer, and so does a second mark. A family name alone cannot open a review well. The figures are
//! round guesses at log likelihoods.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::unit::Unit;
use crate::read::{pattern::pattern, people};

/// Something said at a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// The unit where the same was said last before, if any.
    pub previous: Option<usize>,
    /// What it is worth where it is the first of its review.
    pub first: f64,
    /// What it is worth where it is not.
    pub again: f64,
}

/// What is said in each unit.
pub fn said(text: &str, units: &[Unit]) -> Vec<Vec<Said>> {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b\d{1,2}(?:[.,]\d)?\s?(?:/|out of)\s?(?:10|5|4)\b|\b(?:rating|grade|score):|\bout of ten\b")
    });
    let mut out: Vec<Vec<Said>> = vec![Vec::new(); units.len()];
    let mut last = None;
    for (at, unit) in units.iter().enumerate() {
        if MARK.is_match(&text[unit.start..unit.end]) {
            out[at].push(Said { previous: last.replace(at), first: 0.7, again: -0.7 });
        }
    }
    names(text, units, &mut out);
    out
}

fn names(text: &str, units: &[Unit], out: &mut [Vec<Said>]) {
    static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{Lu}[\p{L}-]+"));
    let full = people::in_text(text);
    let mut given_names: HashMap<&str, Vec<&str>> = HashMap::new();
    for name in &full {
        if let Some((given, family)) = name.rsplit_once(' ')
            && family.chars().count() > 3
        {
            given_names.entry(family).or_default().push(given);
        }
    }
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        let piece = &text[unit.start..unit.end];
        for word in WORD.find_iter(piece) {
            let Some((family, given)) = given_names.get_key_value(word.as_str()) else { continue };
            let previous = last.insert(family, at);
            if previous == Some(at) {
                continue;
            }
            let before = piece[..word.start()].trim_end();
            let in_full = given.iter().any(|given| before.ends_with(given));
            let bracketed = in_full && piece[word.end()..].starts_with(')');
            let (first, again) = match (in_full, bracketed) {
                (true, true) => (0.0, -1.4),
                (true, false) => (0.0, -0.8),
                (false, _) => (-1.1, 0.0),
            };
            out[at].push(Said { previous, first, again });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::unit::units, said};

    #[test]
    fn a_full_name_is_news_once_and_a_family_name_is_none() {
        let text = "Anna Keller plays a diver. Keller is calm. Then Anna Keller (again) dives.";
        let said = said(text, &units(text));
        let rows: Vec<_> = said.iter().map(|row| row.first().map(|s| (s.previous, s.first, s.again))).collect();
        assert_eq!(rows, [Some((None, 0.0, -0.8)), Some((Some(0), -1.1, 0.0)), Some((Some(1), 0.0, -0.8))]);
    }
}
