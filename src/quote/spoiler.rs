//! Spoiler marks: the first gate. A mark closes everything from itself to its end mark, or to the end of the
//! text. What gives away without a mark is for [`super::telling`].

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::model::{
    Review, Span,
    span::{ScalarIndex, merged},
};

/// Where a body is closed: the reader's spoiler spans, and marks found in the text; in order, and apart.
pub(super) fn closed(review: &Review, index: &ScalarIndex) -> Vec<Span> {
    let body = review.body.as_str();
    if review.spoilers && review.spoiler_spans.is_empty() {
        return vec![index.span(0..body.len())];
    }
    let marks = marks(body).into_iter().map(|range| index.span(range));
    // One that came in turned round closes what lies between its ends all the same.
    let stored = review.spoiler_spans.iter().map(|span| Span::new(span.start.min(span.end), span.start.max(span.end)));
    merged(stored.chain(marks).collect())
}

/// Stems of the word "spoiler" as marks use it, lower case.
const STEMS: [&str; 7] = ["spoiler", "divulgâch", "ネタバレ", "剧透", "劇透", "스포일러", "спойлер"];
/// What before a mark denies it.
const DENIALS: &[&str] = &[
    "no", "non", "not", "without", "avoid", "avoids", "avoiding", "avoided", "dodging", "dodge", "free", "zero",
    "never", "nor", "ohne", "keine", "sans", "sin", "senza", "sem", "zonder", "geen", "utan", "inga", "ilman", "bez",
    "без", "minus", "nothing", "não", "nicht", "kein", "pas", "inte", "ikke", "nie", "ei", "non", "nessuno", "nenhum",
    "geen", "any", "isn't", "won't", "aren't", "don't",
];
/// What after a mark denies it: `spoiler-free`, `spoilerfrei`, `ネタバレなし`.
const FREE: [&str; 8] = ["free", "frei", "vrij", "fri", "less", "なし", "無し", "none"];
/// Who so speaks warns, whatever is denied: "if you do not want spoilers, stop here".
const WARNINGS: [&str; 14] = [
    "stop reading",
    "read on",
    "read no further",
    "turn back",
    "leave now",
    "look away",
    "if you",
    "skip",
    "don't read",
    "do not read",
    "haven't seen",
    "until you",
    "proceed",
    "come back",
];
/// Other words that open a stretch that gives away.
const OTHER: [&str; 8] = [
    "plot details follow",
    "plot details below",
    "major plot points below",
    "plot points ahead",
    "full plot summary",
    "reveals the ending",
    "plot revealed below",
    "here be dragons",
];
/// What ends a marked stretch.
const ENDS: [&str; 8] = [
    "end of spoiler",
    "end spoiler",
    "spoilers over",
    "spoilers end",
    "spoiler ends",
    "[/spoiler",
    "spoilers are over",
    "/spoiler",
];
/// How far before and after a mark its sentence is looked at, in bytes.
const AROUND: usize = 60;

/// Marks in the text itself.
fn marks(body: &str) -> Vec<Range<usize>> {
    let mut found = masked(body);
    if !has_phrase(body) {
        return found;
    }
    // Lower case may shift bytes outside ASCII; ASCII folding keeps them, and the stems allow it.
    let lower = body.to_ascii_lowercase();
    let places = |phrases: &[&'static str]| {
        let mut places: Vec<(usize, &str)> =
            phrases.iter().flat_map(|phrase| lower.match_indices(phrase).map(|(at, _)| (at, *phrase))).collect();
        places.sort_unstable();
        places
    };
    let ends = places(&ENDS);
    found.sort_unstable_by_key(|range| range.start);
    let mut hidden = found.clone().into_iter().peekable();
    // How far the stretches hidden by signs reach, and those opened in words: each place is passed once.
    let (mut by_signs, mut in_words) = (0, 0);
    for (at, phrase) in places(&[STEMS.as_slice(), &OTHER].concat()) {
        while let Some(range) = hidden.next_if(|range| range.start <= at) {
            by_signs = by_signs.max(range.end);
        }
        if at < by_signs.max(in_words) || is_end_mark(&lower, at) || is_denied(&lower, at, phrase) {
            continue;
        }
        let rest = at + phrase.len();
        let end = ends.get(ends.partition_point(|end| end.0 < rest)).map_or(body.len(), |end| end.0);
        found.push(line_start(body, in_words, at)..end);
        in_words = end;
    }
    found
}

/// Whether a sentence holds a mark: the word itself, or the signs by which forums hide.
pub(super) fn has_mark(text: &str) -> bool {
    has_phrase(text) || [">!", "!<", "||"].iter().any(|sign| text.contains(sign))
}

/// Whether a stem or phrase stands there, in whatever case.
fn has_phrase(text: &str) -> bool {
    static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let builder = &mut AhoCorasick::builder();
        let builder = builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA));
        builder.build(STEMS.iter().chain(&OTHER)).ok()
    });
    // Were there no finder, each mark would be looked for one by one: the caller does so where this says yes.
    FINDER.as_ref().is_none_or(|finder| finder.is_match(text))
}

fn is_end_mark(lower: &str, at: usize) -> bool {
    let from = floor(lower, at.saturating_sub(7));
    let to = floor(lower, (at + 20).min(lower.len()));
    ENDS.iter().any(|end| lower[from..to].contains(end))
}

fn is_denied(lower: &str, at: usize, phrase: &str) -> bool {
    let near = &lower[floor(lower, at.saturating_sub(AROUND))..at];
    let before = near.rfind(['.', '!', '?', '\n', '(', ':']).map_or(near, |sentence_end| &near[sentence_end + 1..]);
    let rest = lower[at + phrase.len()..].trim_start_matches(['s', 'e', 'n', 'h', 'a', 'g']);
    let rest = rest.trim_start_matches([' ', '-', ':', '‐', '–']);
    let to = floor(rest, rest.len().min(AROUND));
    if WARNINGS.iter().any(|w| before.contains(w) || rest[..to].contains(w)) {
        return false;
    }
    let raw = &lower[at + phrase.len()..];
    let words: Vec<&str> =
        before.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|w| !w.is_empty()).collect();
    let denied = words.iter().rev().take(4).any(|w| DENIALS.contains(&w.replace('’', "'").as_str()));
    denied || FREE.iter().any(|f| rest.starts_with(f) || raw.starts_with(f))
}

/// Stretches that forums hide: `>!…!<`, `||…||`, `[spoiler]…[/spoiler]` without its brackets read.
fn masked(body: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (open, close) in [(">!", "!<"), ("||", "||")] {
        let mut at = 0;
        while let Some(start) = body[at..].find(open).map(|p| at + p) {
            let inside = start + open.len();
            let Some(end) = body[inside..].find(close).map(|p| inside + p + close.len()) else {
                // Two bars without their partners are a table's; the other mark is never anything else.
                if open == ">!" {
                    found.push(start..body.len());
                }
                break;
            };
            found.push(start..end);
            at = end;
        }
    }
    found
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where what a mark closes begins, at `from` at the earliest: what stands before it is closed already.
fn line_start(body: &str, from: usize, at: usize) -> usize {
    let line = body[from..at].rfind('\n').map_or(from, |p| from + p + 1);
    // In a long paragraph the mark's own sentence is what it closes, not the whole paragraph before it.
    body[line..at].rfind(['.', '!', '?']).map_or(line, |p| line + p + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    fn closed_text(body: &str) -> Vec<String> {
        let review = Review::new("a", "b", Body::new(body));
        let index = ScalarIndex::new(review.body.as_str());
        closed(&review, &index).into_iter().map(|span| review.body.slice(span).unwrap().trim().to_owned()).collect()
    }

    #[test]
    fn a_spoiler_mark_closes_the_rest_of_the_text() {
        assert_eq!(closed_text("Great fun. SPOILERS AHEAD! The dog did it."), ["SPOILERS AHEAD! The dog did it."]);
        assert_eq!(closed_text("Fine.\n\nAchtung, Spoiler: er geht."), ["Achtung, Spoiler: er geht."]);
        assert_eq!(closed_text("If you don't want any spoilers, stop reading. More.").len(), 1);
    }

    #[test]
    fn an_end_mark_opens_it_again() {
        assert_eq!(closed_text("Fun. Spoilers: he goes. End of spoilers. Lovely music."), ["Spoilers: he goes."]);
        assert_eq!(closed_text("Fun. >!He goes.!< Lovely."), [">!He goes.!<"]);
    }

    #[test]
    fn a_denied_mark_is_none() {
        for body in [
            "No spoilers here.",
            "This is a spoiler-free review.",
            "Ohne Spoiler gesagt: gut.",
            "I kept dodging spoilers for weeks.",
        ] {
            assert!(closed_text(body).is_empty(), "{body}");
        }
    }
}
