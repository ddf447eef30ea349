//! Compiling the constant patterns of this room, in one place.

use regex::Regex;
use regex_automata::{Anchored, Input, meta, util::captures::Captures};

/// Compiles a pattern that is a constant of the program.
#[expect(clippy::panic, reason = "every caller passes a constant, and each is compiled by its room's tests")]
pub fn pattern(source: &str) -> Regex {
    Regex::new(source).unwrap_or_else(|error| panic!("constant pattern: {error}"))
}

/// A pattern with word boundaries, for searching long texts.
///
/// The fast engine of `regex` gives up at a word boundary beside a letter or sign beyond ASCII, and the slow one then
/// reads the rest of the text. So a looser pattern, the same without boundaries, finds where the exact one could
/// begin, and only there is that one tried. What is found is the same.
#[derive(Debug)]
pub struct Sought {
    exact: meta::Regex,
    loose: meta::Regex,
}

/// What a [`Sought`] pattern found.
#[derive(Debug)]
pub struct Captured<'t> {
    text: &'t str,
    groups: Captures,
}

/// A stretch that a [`Sought`] pattern found.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl Sought {
    /// Compiles a pattern that is a constant of the program.
    #[expect(clippy::panic, reason = "every caller passes a constant, and each is compiled by its room's tests")]
    pub fn new(source: &str) -> Self {
        let compiled =
            |source: &str| meta::Regex::new(source).unwrap_or_else(|error| panic!("constant pattern: {error}"));
        Self { exact: compiled(source), loose: compiled(&source.replace(r"\b", "")) }
    }

    /// All that it finds in a text, from left to right, none overlapping.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captured<'t>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at <= text.len() {
                let start = self.loose.search(&Input::new(text).range(at..))?.start();
                let mut groups = self.exact.create_captures();
                self.exact.search_captures(&Input::new(text).range(start..).anchored(Anchored::Yes), &mut groups);
                // Past what was found, or on by one character.
                let after = text[start..].chars().next().map_or(1, char::len_utf8);
                at = groups.get_match().map_or(0, |found| found.end()).max(start + after);
                if groups.is_match() {
                    return Some(Captured { text, groups });
                }
            }
            None
        })
    }
}

impl<'t> Captured<'t> {
    /// A group of the pattern; the whole is group 0.
    pub fn get(&self, group: usize) -> Option<Stretch<'t>> {
        let span = self.groups.get_group(group)?;
        Some(Stretch { text: self.text, start: span.start, end: span.end })
    }
}

impl<'t> Captured<'t> {
    /// The groups that took part, the whole left out.
    pub fn taken(&self) -> impl Iterator<Item = Stretch<'t>> {
        (1..self.groups.group_len()).filter_map(|group| self.get(group))
    }
}

impl<'t> Stretch<'t> {
    /// What stands there.
    pub fn as_str(&self) -> &'t str {
        &self.text[self.start..self.end]
    }

    /// Where it begins, in bytes.
    pub fn start(&self) -> usize {
        self.start
    }

    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.end
    }

    /// Where it stands, in bytes.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// At most the last `limit` bytes of a text, cut at a character boundary.
pub fn tail(text: &str, limit: usize) -> &str {
    let mut start = text.len().saturating_sub(limit);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// At most the first `limit` bytes of a text, cut at a character boundary.
pub fn head(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_fall_between_characters() {
        assert_eq!((head("äöü", 3), tail("äöü", 3)), ("ä", "ü"));
        assert_eq!((head("ab", 9), tail("ab", 9)), ("ab", "ab"));
    }

    proptest::proptest! {
        #[test]
        fn a_sought_pattern_finds_what_the_plain_one_finds(text in "[a1é’ .]{0,40}") {
            for source in [r"(?i)\b(a+)\s?(1)\b", r"\ba|1\b", r"(?:\b|’)(1)\s?a?(?:\b|$)", r"(?m)^a\b[^.]{0,5}?\b1"] {
                let sought: Vec<_> =
                    Sought::new(source).captures_iter(&text).map(|c| (c.get(0).unwrap().range(), c.get(1).map(|g| g.range()))).collect();
                let plain: Vec<_> =
                    pattern(source).captures_iter(&text).map(|c| (c.get(0).unwrap().range(), c.get(1).map(|g| g.range()))).collect();
                proptest::prop_assert_eq!(&sought, &plain, "{}", source);
            }
        }
    }
}
