//! A body into sentences.
//!
//! A sentence runs from its first letter, quotation mark or bracket to its full stop and the marks that
//! close with it. Paragraph breaks and list items end one whatever stands there. Which sentences to take
//! is not decided here.

use std::ops::Range;

use crate::model::{Span, span::ScalarIndex};

use super::abbreviation;

/// The sentences of a body, in order, without the white space and list marks between them.
pub fn sentences(body: &str) -> Vec<Span> {
    let index = ScalarIndex::new(body);
    split(body, None).into_iter().map(|s| index.span(s.range)).collect()
}

/// A sentence with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Bytes of the body.
    pub range: Range<usize>,
    /// Number of its paragraph.
    pub paragraph: usize,
}

/// A line shorter than this that stands alone, without a full stop, is a heading.
const HEADING: usize = 50;
/// Quotation marks and brackets are looked for over this many sentences, and this many bytes.
const MERGE: (usize, usize) = (4, 600);
/// How far back the word before a full stop is looked for, in bytes: an address can be long.
const WORD: usize = 1_000;

/// Splits a body; no sentence ends inside the work's title.
pub(super) fn split(body: &str, title: Option<&str>) -> Vec<Sentence> {
    let closed = title.map(|t| title_places(body, t)).unwrap_or_default();
    let relaxed = ends_before_lower_case(body);
    let mut found = Vec::new();
    for (paragraph, block) in blocks(body).into_iter().enumerate() {
        let mut parts = Vec::new();
        let mut start = block.start;
        for end in ends(body, &block, relaxed) {
            // The places are in order and apart.
            if closed.get(closed.partition_point(|c| c.end <= end)).is_some_and(|c| c.start < end) {
                continue;
            }
            push(body, start..end, paragraph, &mut parts);
            start = end;
        }
        push(body, start..block.end, paragraph, &mut parts);
        found.extend(merge_open(body, &parts));
    }
    found
}

/// Where the title stands in the body, for titles that hold a full stop, `!` or `?` inside.
fn title_places(body: &str, title: &str) -> Vec<Range<usize>> {
    let inner = title.trim().trim_end_matches(['.', '!', '?']);
    if !inner.contains(['.', '!', '?']) {
        return Vec::new();
    }
    body.match_indices(title.trim()).map(|(at, text)| at..at + text.len()).collect()
}

/// Whether the text goes on in lower case after most full stops: then lower case begins sentences too.
fn ends_before_lower_case(body: &str) -> bool {
    let (mut lower, mut upper) = (0, 0);
    for at in memchr::memchr3_iter(b'.', b'!', b'?', body.as_bytes()) {
        let Some(after) = body[at + 1..].strip_prefix(' ').and_then(|rest| rest.chars().next()) else { continue };
        let mut before = body[..at].chars().rev();
        if before.next().is_some_and(char::is_alphabetic) && before.next().is_some_and(char::is_alphabetic) {
            lower += usize::from(after.is_lowercase());
            upper += usize::from(after.is_uppercase());
        }
    }
    lower >= 2 && lower > upper
}

/// Stretches that no sentence leaves: paragraphs, list items, headings.
fn blocks(body: &str) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut current: Option<Range<usize>> = None;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let text = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        let range = start..start + text.len();
        at += line.len();
        if text.is_empty() {
            blocks.extend(current.take());
            continue;
        }
        let mark = list_mark(text);
        let joins =
            current.as_ref().is_some_and(|block| mark == 0 && !stands_alone(last_line(&body[block.clone()]), text));
        match &mut current {
            Some(block) if joins => block.end = range.end,
            _ => {
                blocks.extend(current.take());
                current = Some(range.start + mark..range.end);
            }
        }
    }
    blocks.extend(current);
    blocks.retain(|block| !block.is_empty());
    blocks
}

fn last_line(block: &str) -> &str {
    block.rsplit('\n').next().unwrap_or(block).trim()
}

/// Whether a line is over where it ends: it has a full stop, or is short and the next begins anew.
fn stands_alone(line: &str, next: &str) -> bool {
    let ended = line.trim_end_matches(is_closer).ends_with(is_end);
    let short = line.chars().count() < HEADING;
    let anew = next.chars().next().is_some_and(|c| !c.is_lowercase());
    ended || (short && anew)
}

/// The length in bytes of a list mark and the space after it: `- `, `• `, `2) `.
fn list_mark(line: &str) -> usize {
    let rest = line.trim_start_matches(['-', '*', '•', '–', '—', '·', '▪', '●', '+', '>', '#']);
    let marks = line.len() - rest.len();
    if (marks > 0 && rest.starts_with(' ')) || line.starts_with('•') {
        return line.len() - rest.trim_start().len();
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match line[digits..].strip_prefix(". ").or_else(|| line[digits..].strip_prefix(") ")) {
        Some(rest) if (1..=2).contains(&digits) => line.len() - rest.trim_start().len(),
        _ => 0,
    }
}

pub(super) fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '．' | '।' | '؟' | '۔')
}

/// Whether a mark of [`is_end`] may begin with a byte; such a byte always begins a character.
const fn may_end(byte: u8) -> bool {
    matches!(byte, b'.' | b'!' | b'?' | 0xD8 | 0xDB | 0xE0 | 0xE2 | 0xE3 | 0xEF)
}

fn is_wide_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '।' | '۔')
}

pub(super) fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '」' | '』' | '）' | '“' | '*' | '_')
}

/// A mark that closes, and never opens what stands after it.
fn is_only_closer(c: char) -> bool {
    matches!(c, '”' | '›' | ')' | ']' | '」' | '』' | '）')
}

fn is_opener(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '«' | '‹' | '„' | '(' | '[' | '「' | '『' | '（' | '¿' | '¡' | '*' | '_')
}

/// The byte offsets inside a block at which a sentence ends.
fn ends(body: &str, block: &Range<usize>, relaxed: bool) -> Vec<usize> {
    let text = &body[block.clone()];
    let mut found = Vec::new();
    let mut skip = 0;
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| may_end(*byte)) {
        if at < skip || !text[at..].starts_with(is_end) {
            continue;
        }
        let rest = &text[at..];
        let run = rest.len() - rest.trim_start_matches(is_end).len();
        let closed = rest[run..].len() - rest[run..].trim_start_matches(is_closer).len();
        // A mark that opens the next sentence looks like one that closes: after a gap it is an opener.
        let end = at + run + closed;
        skip = end;
        let before = &text[text.ceil_char_boundary(at.saturating_sub(WORD))..at];
        let mark = &rest[..run];
        let after = &text[end..];
        if after.trim().is_empty() {
            continue;
        }
        let is_boundary = if mark.contains(is_wide_end) {
            true
        } else if after.starts_with(char::is_whitespace) {
            ends_before_gap(before, mark, after.trim_start(), relaxed)
        } else {
            closed == 0 && ends_without_gap(before, mark, after)
        };
        if is_boundary {
            found.push(block.start + end);
        } else if closed > 0 && rest[run..run + closed].chars().all(is_only_closer) {
            if !after.starts_with(char::is_whitespace) && ends_without_gap(before, mark, after) {
                found.push(block.start + end);
            }
        } else if closed > 0 && !after.starts_with(char::is_whitespace) {
            // `end."Next` : the closer may be the next sentence's opener.
            let after = &text[at + run..];
            if ends_without_gap(before, mark, after.trim_start_matches(is_opener)) {
                found.push(block.start + at + run);
            }
        }
    }
    found
}

fn ends_before_gap(before: &str, mark: &str, after: &str, relaxed: bool) -> bool {
    let bare = after.trim_start_matches(is_opener);
    let Some(next) = bare.chars().next() else { return true };
    if next.is_lowercase() {
        let quoted = after.starts_with(['“', '"', '«', '„']) && mark == ".";
        let pronoun = bare.starts_with("i ") || bare.starts_with("i'") || bare.starts_with("i’");
        if !(relaxed || quoted || (pronoun && mark == ".")) {
            return false;
        }
    }
    mark != "." || !abbreviation::holds(before, bare)
}

/// `them.I just`, `year!But`: a full stop with no space after it, between words.
fn ends_without_gap(before: &str, mark: &str, after: &str) -> bool {
    let mut next = after.chars();
    let (first, second) = (next.next(), next.next());
    let word = before.rsplit(|c: char| c.is_whitespace() || is_opener(c)).next().unwrap_or("");
    if word.contains("://") || word.starts_with("www.") || word.contains('@') {
        return false;
    }
    let begins = first.is_some_and(char::is_uppercase)
        && second.is_some_and(|c| c.is_lowercase() || c.is_whitespace() || matches!(c, '\'' | '’') || c.is_uppercase());
    let last = before.trim_end_matches(is_closer);
    let tail = last.chars().rev().take(3).collect::<Vec<_>>();
    let wordlike = match mark {
        "." => {
            tail.len() == 3 && tail[..2].iter().all(|c| c.is_lowercase() || c.is_ascii_digit())
                || last.len() < before.len()
        }
        _ => tail.first().is_some_and(|c| c.is_alphanumeric()),
    };
    begins && wordlike && !(mark == "." && abbreviation::holds(before, after))
}

fn push(body: &str, range: Range<usize>, paragraph: usize, out: &mut Vec<Sentence>) {
    let text = &body[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let trimmed = text.trim();
    if trimmed.chars().any(|c| c.is_alphanumeric()) {
        out.push(Sentence { range: start..start + trimmed.len(), paragraph });
    }
}

/// Joins sentences that stand inside one pair of quotation marks or brackets, so that none is half a quote.
fn merge_open(body: &str, parts: &[Sentence]) -> Vec<Sentence> {
    let mut merged = Vec::with_capacity(parts.len());
    let mut rest = parts;
    while let Some(first) = rest.first() {
        let Range { start, end } = first.range;
        let close = |part: &Sentence| {
            let end = part.range.end;
            end - start <= MERGE.1 && is_balanced(&body[start..end])
        };
        let open = !is_balanced(&body[start..end]);
        let last = (1..rest.len().min(MERGE.0)).find(|&to| open && close(&rest[to])).unwrap_or(0);
        merged.push(Sentence { range: start..rest[last].range.end, paragraph: first.paragraph });
        rest = &rest[last + 1..];
    }
    merged
}

/// Whether quotation marks and round brackets that open here close here.
pub(super) fn is_balanced(text: &str) -> bool {
    let (mut curly, mut round, mut guillemets, mut straight) = (0i32, 0i32, 0i32, 0u32);
    let german = text.contains('„');
    for (at, byte) in text.bytes().enumerate() {
        // Of what is outside ASCII, the marks begin with these two bytes, which are always a character's first.
        let c = match byte {
            b'"' | b'(' | b')' => char::from(byte),
            0xC2 | 0xE2 => text[at..].chars().next().unwrap_or(' '),
            _ => continue,
        };
        match c {
            '“' if german => curly -= 1,
            '“' | '„' => curly += 1,
            '”' => curly -= 1,
            '«' | '»' => guillemets += 1,
            '(' => round += 1,
            // A smiley or `a)` closes nothing.
            ')' if round == 0
                && text[..at].ends_with(|c: char| matches!(c, ':' | ';' | '-' | '=') || c.is_alphanumeric()) => {}
            ')' => round -= 1,
            // Feet and inches are no quotation.
            '"' if straight % 2 == 1 || !text[..at].ends_with(|c: char| c.is_ascii_digit()) => straight += 1,
            _ => {}
        }
        if curly < 0 || round < 0 {
            return false;
        }
    }
    curly == 0 && round == 0 && guillemets % 2 == 0 && straight % 2 == 0
}

#[cfg(test)]
mod cases;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Vec<&str> {
        split(body, None).into_iter().map(|s| &body[s.range]).collect()
    }

    #[test]
    fn names_and_abbreviations_do_not_end_a_sentence() {
        for whole in [
            "Mr. Hale and Dr. Orr argue with J. R. Pell about vol. 2 of the U.S. Army report, e.g. its maps.",
            "It cost 3.5 million and ran from 9 a.m. to 5 p.m. each day.",
            "Ines K. Le Roy and Quentin B. Moss vs. the World is no. 1 with K.K. Arden’s fans.",
            "Der 2. Teil ist z.B. viel besser als Nr. 1 gewesen.",
            "I waited… and waited... and nothing came.",
            "“Why now?” she asks, and Yes! they answer.",
        ] {
            assert_eq!(texts(whole), [whole]);
        }
    }

    #[test]
    fn a_sentence_may_end_in_an_abbreviation_number_or_initial() {
        assert_eq!(
            texts("It has songs, jokes, etc. The rest is dull."),
            ["It has songs, jokes, etc.", "The rest is dull."]
        );
        assert_eq!(texts("So do I. The cast is fine."), ["So do I.", "The cast is fine."]);
        assert_eq!(texts("Shot in 2013. Still fresh."), ["Shot in 2013.", "Still fresh."]);
    }

    #[test]
    fn sentences_run_together_are_parted() {
        assert_eq!(
            texts("I pity them.I just left.It ended!But why?Nobody knows."),
            ["I pity them.", "I just left.", "It ended!", "But why?", "Nobody knows."]
        );
        assert_eq!(texts("See www.example.Org/Page for more."), ["See www.example.Org/Page for more."]);
    }

    #[test]
    fn closing_marks_belong_to_the_sentence_they_close() {
        assert_eq!(
            texts("She says “Go. Now.” He stays. (Nobody minds.) Fine."),
            ["She says “Go. Now.”", "He stays.", "(Nobody minds.)", "Fine."]
        );
    }

    #[test]
    fn paragraphs_headings_and_list_items_end_sentences() {
        assert_eq!(
            texts("Story\nThe story drags\n\n- Good songs\n- Bad jokes\n1) A number"),
            ["Story", "The story drags", "Good songs", "Bad jokes", "A number"]
        );
        let wrapped = "This line is wrapped hard somewhere near its seventieth column by\nan old editor and goes on.";
        assert_eq!(texts(wrapped), [wrapped]);
    }

    #[test]
    fn wide_full_stops_end_sentences_without_a_space() {
        assert_eq!(
            texts("とても良い映画だ。音楽も素晴らしい！また見たい。"),
            ["とても良い映画だ。", "音楽も素晴らしい！", "また見たい。"]
        );
    }

    #[test]
    fn a_text_all_in_lower_case_is_split_too() {
        assert_eq!(texts("i liked it. the band is tight. the end drags.").len(), 3);
    }

    #[test]
    fn no_sentence_ends_inside_the_title() {
        let body = "Run! Hide! Sing is a fine musical.";
        assert_eq!(split(body, Some("Run! Hide! Sing")).len(), 1);
    }
}
