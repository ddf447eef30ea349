//! Positions in a review's body, and the body itself.
//!
//! All positions are Unicode scalar values, never bytes, as the JSON contract says. Choosing positions
//! is [`crate::quote`]'s work.

use serde::{Deserialize, Serialize};

/// A half-open stretch `start..end` of a text, in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct Span {
    /// First scalar value inside.
    pub start: usize,
    /// First scalar value after.
    pub end: usize,
}

impl Span {
    /// The stretch `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Its length in scalar values; 0 where it is empty or turned round.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether nothing lies inside.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether the two share at least one position: an empty one shares none, wherever it stands.
    pub const fn overlaps(self, other: Self) -> bool {
        !self.is_empty() && !other.is_empty() && self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Spans in order, those that touch made one; empty ones are dropped.
pub fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

impl From<(usize, usize)> for Span {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start, end }
    }
}

impl From<Span> for (usize, usize) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

/// The cleaned text of one review: plain text, paragraphs parted by an empty line, no control
/// characters. Quotes are spans into it, so it never changes once stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(String);

impl Body {
    /// Takes a text in: what XML 1.0 forbids is dropped, line ends become `\n`.
    pub fn new(text: &str) -> Self {
        Self(super::text::clean(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its length in Unicode scalar values.
    pub fn len(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of a span, or `None` where the span is empty, turned round or out of bounds.
    pub fn slice(&self, span: Span) -> Option<&str> {
        if span.is_empty() {
            return None;
        }
        let start = skip(&self.0, span.start)?;
        let end = start + skip(&self.0[start..], span.len())?;
        self.0.get(start..end)
    }
}

/// The byte at which a text goes on after so many scalar values; `None` where it has fewer.
fn skip(text: &str, scalars: usize) -> Option<usize> {
    // Long stretches are counted a block at a time, by the bytes that begin a character.
    const BLOCK: usize = 64;
    let begins = |byte: &&u8| !matches!(**byte, 0x80..0xC0);
    let (mut left, mut from) = (scalars, 0);
    for block in text.as_bytes().chunks_exact(BLOCK) {
        let count = block.iter().filter(begins).count();
        if count > left {
            break;
        }
        left -= count;
        from += BLOCK;
    }
    // The character in which the last block ended was counted with it.
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at))?;
    let mut offsets = text[from..].char_indices().map(|(byte, _)| from + byte).chain([text.len()]);
    offsets.nth(left)
}

/// Byte offsets of every scalar value of a text, for code that works in bytes and answers in scalars.
#[derive(Debug, Clone)]
pub struct ScalarIndex {
    bytes: Vec<usize>,
}

impl ScalarIndex {
    /// Indexes a text, in time and memory proportional to its length.
    pub fn new(text: &str) -> Self {
        let bytes = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
        Self { bytes }
    }

    /// The scalar position of a byte offset; an offset inside a character counts as that character's.
    pub fn scalar(&self, byte: usize) -> usize {
        match self.bytes.binary_search(&byte) {
            Ok(at) => at,
            Err(after) => after.saturating_sub(1),
        }
    }

    /// The byte offset of a scalar position; past the end, the text's length.
    pub fn byte(&self, scalar: usize) -> usize {
        let last = self.bytes.last().copied().unwrap_or(0);
        self.bytes.get(scalar).copied().unwrap_or(last)
    }

    /// A byte range as a span.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.scalar(range.start), self.scalar(range.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_sliced_by_scalar_values_not_bytes() {
        let body = Body::new("Amélie läuft – schön.");
        assert_eq!(body.slice(Span::new(0, 6)), Some("Amélie"));
        assert_eq!(body.slice(Span::new(7, 12)), Some("läuft"));
        assert_eq!(body.slice(Span::new(15, 21)), Some("schön."));
    }

    #[test]
    fn spans_overlap_where_they_share_a_position() {
        let overlap = |(a, b): (usize, usize), (c, d)| Span::new(a, b).overlaps(Span::new(c, d));
        assert!(overlap((0, 5), (4, 9)) && overlap((0, 9), (3, 4)));
        assert!(!overlap((0, 5), (5, 9)), "neighbours share none");
        assert!(!overlap((0, 9), (4, 4)) && !overlap((4, 4), (0, 9)), "nothing shares none");
    }

    #[test]
    fn a_span_out_of_bounds_or_turned_round_has_no_text() {
        let body = Body::new("abc");
        assert_eq!(body.slice(Span::new(1, 4)), None);
        assert_eq!(body.slice(Span::new(2, 1)), None);
        assert_eq!(body.slice(Span::new(1, 1)), None);
        assert_eq!(body.slice(Span::new(0, 3)), Some("abc"));
    }

    #[test]
    fn the_index_goes_both_ways() {
        let text = "né 🎬 x";
        let index = ScalarIndex::new(text);
        for (scalar, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!((index.scalar(byte), index.byte(scalar)), (scalar, byte));
        }
        assert_eq!(index.span(0..text.len()), Span::new(0, text.chars().count()));
    }
}
