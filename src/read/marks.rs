//! Marks that renderers leave in a text for what mark-up says of a stretch: that it is hidden as a spoiler, or that
//! somebody else speaks in it. Before the text becomes a body they are taken out, and become spans.

use std::ops::Range;

use crate::model::{Span, span::merged};

/// Opens a stretch that the markup hides. All marks are from the private use area, so that no text holds one by chance.
pub const HIDDEN: char = '\u{E0F0}';
/// Closes such a stretch.
pub const SHOWN: char = '\u{E0F1}';
/// Opens a block quotation.
pub const QUOTED: char = '\u{E0F6}';
/// Closes one.
pub const UNQUOTED: char = '\u{E0F7}';

/// Whether a character is one of the marks.
pub const fn is_mark(c: char) -> bool {
    matches!(c, HIDDEN | SHOWN | QUOTED | UNQUOTED)
}

/// A text without marks, and what they said; positions in scalar values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unmarked {
    /// The text.
    pub text: String,
    /// What is hidden, in order and apart.
    pub hidden: Vec<Span>,
    /// In what stretches somebody else speaks, in order and apart.
    pub quoted: Vec<Span>,
}

/// Takes the marks out, and with one that stood alone its paragraph. A mark that closes nothing says nothing; a stretch
/// left open goes to the end.
pub fn take(text: &str) -> Unmarked {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut hidden, mut quoted) = (0, Stretches::default(), Stretches::default());
    let mut taken = false;
    for c in text.chars() {
        let blank = taken && c == '\n' && (out.is_empty() || out.ends_with("\n\n"));
        taken = is_mark(c) || blank;
        match c {
            HIDDEN => hidden.open_at(at),
            SHOWN => hidden.leave(at),
            QUOTED => quoted.open_at(at),
            UNQUOTED => quoted.leave(at),
            _ if blank => {}
            c => {
                out.push(c);
                at += 1;
            }
        }
    }
    if taken {
        out.truncate(out.trim_end().len());
        at = out.chars().count();
    }
    Unmarked { text: out, hidden: hidden.spans(at), quoted: quoted.spans(at) }
}

/// Stretches of one kind while a text is read; they may lie in one another. Positions are the caller's: bytes or
/// scalar values.
#[derive(Debug, Default)]
pub struct Stretches {
    waiting: usize,
    open: Vec<usize>,
    ranges: Vec<Range<usize>>,
}

impl Stretches {
    /// One begins where the [next text](Self::text_begins) does.
    pub fn enter(&mut self) {
        self.waiting += 1;
    }

    /// Text begins at a position.
    pub fn text_begins(&mut self, at: usize) {
        for _ in 0..std::mem::take(&mut self.waiting) {
            self.open_at(at);
        }
    }

    /// One begins at a position.
    pub fn open_at(&mut self, at: usize) {
        self.open.push(at);
    }

    /// The last that began ends at a position; where none did, nothing ends.
    pub fn leave(&mut self, at: usize) {
        if self.waiting > 0 {
            self.waiting -= 1;
        } else if let Some(start) = self.open.pop() {
            self.ranges.push(start..at);
        }
    }

    /// All of them, in order of where they begin; what was left open goes to the end, and none beyond.
    pub fn finish(mut self, end: usize) -> Vec<Range<usize>> {
        self.ranges.extend(self.open.into_iter().map(|start| start..end));
        self.ranges.iter_mut().for_each(|range| range.end = range.end.min(end));
        self.ranges.sort_by_key(|range| (range.start, range.end));
        self.ranges
    }

    /// The same as spans in order and apart.
    fn spans(self, end: usize) -> Vec<Span> {
        let inside = self.finish(end).into_iter().filter(|range| range.start < range.end);
        merged(inside.map(|range| Span::new(range.start, range.end)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_spans_of_the_text_without_them() {
        let found = take(&format!("Fine. {QUOTED}It {HIDDEN}ends{SHOWN}.{UNQUOTED} Mine."));
        assert_eq!(found.text, "Fine. It ends. Mine.");
        assert_eq!((found.quoted, found.hidden), (vec![Span::new(6, 14)], vec![Span::new(9, 13)]));
    }

    #[test]
    fn a_mark_alone_leaves_no_empty_paragraph() {
        let found =
            take(&format!("Mine.\n\n{QUOTED}\n\nTheirs.\n\n{UNQUOTED}\n\nMine.\n\n{QUOTED}\n\nTheirs.\n\n{UNQUOTED}"));
        assert_eq!(found.text, "Mine.\n\nTheirs.\n\nMine.\n\nTheirs.");
        assert_eq!(found.quoted.len(), 2);
        assert_eq!(found.quoted[1].end, found.text.len());
    }

    #[test]
    fn what_is_left_open_goes_to_the_end_and_a_lone_close_says_nothing() {
        let found = take(&format!("a{UNQUOTED}b{QUOTED}c"));
        assert_eq!((found.text.as_str(), found.quoted), ("abc", vec![Span::new(2, 3)]));
    }
}
