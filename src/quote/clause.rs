//! Clauses: the stretches of a sentence that speak for themselves, so that "the acting is superb, but the plot is
//! dull" says two things.

use std::ops::Range;

use super::words::Words;

/// A stretch of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// Its words, by place in the sentence.
    pub words: Range<usize>,
    /// It is set against what stands before it ("but", "although", a semicolon), or begins anew.
    pub turns: bool,
}

/// Words that set what follows against what stands before.
const TURNS: [&str; 14] = [
    "but",
    "however",
    "although",
    "though",
    "yet",
    "while",
    "whereas",
    "except",
    "despite",
    "unfortunately",
    "sadly",
    "nevertheless",
    "nonetheless",
    "still",
];

/// Takes a sentence apart at punctuation, and before words of contrast. Every word is in exactly one clause.
pub(super) fn clauses(text: &str, words: &Words) -> Vec<Clause> {
    let mut found: Vec<Clause> = Vec::new();
    let mut open = Clause { words: 0..0, turns: true };
    let mut close = |open: &mut Clause, turns: bool| {
        if !open.words.is_empty() {
            found.push(std::mem::replace(open, Clause { words: open.words.end..open.words.end, turns }));
        } else {
            open.turns |= turns;
        }
    };
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_break).unwrap_or(rest.len());
        let count = Words::new(&rest[..end]).len();
        for at in open.words.end..(open.words.end + count).min(words.len()) {
            if TURNS.contains(&words.get(at)) {
                close(&mut open, true);
            }
            open.words.end = at + 1;
        }
        let Some(mark) = rest[end..].chars().next() else { break };
        close(&mut open, mark != ',');
        rest = &rest[end + mark.len_utf8()..];
    }
    // A word that the pieces and the whole count differently belongs to the last clause.
    open.words.end = words.len();
    close(&mut open, false);
    found
}

/// A decimal point or an abbreviation parts too much rather than too little: the pieces are joined where they say nothing.
fn is_break(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '–' | '—' | '(' | ')' | '…' | '.' | '!' | '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<(String, bool)> {
        let words = Words::new(text);
        let joined = |range: Range<usize>| range.map(|at| words.get(at)).collect::<Vec<_>>().join(" ");
        clauses(text, &words).into_iter().map(|c| (joined(c.words), c.turns)).collect()
    }

    #[test]
    fn contrast_and_punctuation_part_clauses() {
        let found = pieces("The acting is superb, warm and funny, but the plot is dull; I yawned.");
        let expected = [
            ("the acting is superb", true),
            ("warm and funny", false),
            ("but the plot is dull", true),
            ("i yawned", true),
        ];
        assert_eq!(found, expected.map(|(text, turns)| (text.to_owned(), turns)));
    }

    #[test]
    fn every_word_is_in_exactly_one_clause() {
        for text in ["", "…", "3.5 of 5, e.g. the U.S.-made prop’s “half-baked” look (yes!)", "But, but: but"] {
            let words = Words::new(text);
            let found = clauses(text, &words);
            let all: Vec<usize> = found.into_iter().flat_map(|clause| clause.words).collect();
            assert_eq!(all, (0..words.len()).collect::<Vec<_>>(), "{text}");
        }
    }
}
