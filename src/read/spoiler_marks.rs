//! The source's own spoiler marks: warning lines, brackets, tags. What a reviewer marks stays marked.
//!
//! What the mark-up hides comes from [`marks`](super::marks); here are the warnings written in words.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::{head, pattern, tail};
use crate::model::{
    Span,
    span::{ScalarIndex, merged},
};

/// The stretches of a text that its words mark as spoilers, beside those that its mark-up hides.
pub fn with(hidden: Vec<Span>, text: &str) -> Vec<Span> {
    merged(hidden.into_iter().chain(in_words(text)).collect())
}

/// A warning in words, at whose place what follows is closed.
static WARNING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:major|minor|mild|slight|big|huge|some|possible|potential|light|massive)?\s*spoilers?\s*(?:alert|alarm|warning|ahead|below|follow(?:s|ing)?|incoming|to\sfollow|territory|start|begin)\b|\bspoiler-?(?:warnung|alarm|varning)\b|(?:contains?|contained|there\s(?:are|will\sbe|be)|beware\s(?:of\s)?|warning\W{1,3}|caution\W{1,3}|achtung\W{1,3}|attention\W{1,3}(?:aux\s)?|enthält|contiene|contém|alerta\s(?:de\s)?|avis\s(?:de\s)?|warnung\W{1,3})\s*(?:major|minor|mild|slight|some|possible|a\sfew|heavy|big|full|massive|many|lots\sof)?\s*spoilers?\b|\b(?:huge|biggest|big|major)\sspoilers?\b\W{0,3}:|\bspoiler\s(?:section|block)\b|[*\[(<]{1,3}\s*(?:minor|major|mild|slight)?\s*spoilers?\s*[*\])>!:-]{1,3}|^\s*(?:minor|major|mild)?\s*spoilers?\s*[:!]|\n\s*(?:minor|major|mild)?\s*spoilers?\s*(?:[:!.]|\n)|\bspoilers?!|ネタバレ(?:注意|あり)|스포일러\s?(?:주의|있)|\[(?:minor|major|mild)?\s?spoilers?\b",
    )
});
static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\[/spoilers?\]|\bend\s(?:of\s)?(?:the\s)?(?:\w+\s)?spoilers?(?:\s(?:section|part))?\b[^\p{L}\n]*|\bspoilers?\s(?:end(?:s|ed)?|over|off)\b(?:\shere)?[^\p{L}\n]*|\bspoiler-?ende\b|\bfin\sdes?\sspoilers?\b",
    )
});
static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:no|without|zero|avoid(?:ing)?|dodg(?:e|ed|ing)|free\sof|not?\sany|any|ohne|sans|sin|sem|keine|promise\sno|won['’]?t\sbe|aren['’]t|isn['’]t|never|despite|if\sthere|in\scase\sthere|post|posting|seen|hate|speaking\sof|read)\s+(?:any\s|major\s|big\s|the\s)?$",
    )
});

/// Whether a line warns of spoilers.
pub fn warns(line: &str) -> bool {
    !in_words(line).is_empty()
}

/// The stretches that warnings in words open: to their end mark, their bracket, or the end of the text.
fn in_words(text: &str) -> Vec<Span> {
    let index = ScalarIndex::new(text);
    let endings: Vec<_> = ENDING.find_iter(text).map(|end| end.range()).collect();
    let mut spans = Vec::new();
    let mut from = 0;
    while let Some(found) = WARNING.find_at(text, from) {
        from = found.end().max(from + 1);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let word = found.start() + found.as_str().to_ascii_lowercase().find("spoiler").unwrap_or(0);
        let before = tail(&text[..word], 40);
        let free = head(&text[found.end()..], 10).to_lowercase();
        // They are in order and apart: the first that ends later is the only one that can hold the warning.
        let ending = endings.get(endings.partition_point(|end| end.end <= found.start()));
        if HARMLESS.is_match(before)
            || free.starts_with("-free")
            || free.starts_with(" free")
            || ending.is_some_and(|end| end.start <= found.start() && found.end() <= end.end)
        {
            continue;
        }
        let end = ending.map(|end| end.end);
        let end = end.or_else(|| bracket_end(text, found.range())).unwrap_or(text.len());
        let start = found.start() + (found.len() - found.as_str().trim_start().len());
        spans.push(index.span(start..end.max(start)));
        from = end.max(from);
        if from >= text.len() {
            break;
        }
    }
    spans
}

/// `[Minor spoiler: he …]`: the stretch ends with its own bracket, where more than the mark stands inside.
fn bracket_end(text: &str, range: std::ops::Range<usize>) -> Option<usize> {
    let open = text[..range.end].rfind(['[', '('])?;
    if open + 12 < range.start || text[open..range.end].contains([']', ')']) {
        return None;
    }
    let close = if text[open..].starts_with('[') { ']' } else { ')' };
    let end = text[range.end..].find(close)? + range.end;
    let inside = text[range.end..end].trim_matches(|c: char| !c.is_alphanumeric());
    (inside.split_whitespace().count() > 3 && !inside.contains("\n\n")).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::Body,
        read::marks::{self, HIDDEN, SHOWN},
    };

    fn marked(text: &str) -> Vec<String> {
        let found = marks::take(text);
        let spans = with(found.hidden, &found.text);
        spans.iter().map(|span| Body::new(&found.text).slice(*span).unwrap().to_owned()).collect()
    }

    #[test]
    fn a_warning_closes_the_rest_of_the_text() {
        assert_eq!(
            marked("Go see it.\n\n(**minor spoilers ahead**)\n\nHe leaves."),
            ["minor spoilers ahead**)\n\nHe leaves."]
        );
        assert_eq!(marked("SPOILER ALERT\n\nHe leaves."), ["SPOILER ALERT\n\nHe leaves."]);
        assert_eq!(marked("Fine. *spoilers* He leaves.").len(), 1);
        assert_eq!(marked("Yes, there are spoilers.\nHe leaves.").len(), 1);
    }

    #[test]
    fn an_end_mark_or_bracket_opens_it_again() {
        assert_eq!(marked("Good. [spoiler]He leaves.[/spoiler] See it."), ["[spoiler]He leaves.[/spoiler]"]);
        assert_eq!(
            marked("Good. [Minor spoiler: he leaves in the end] See it."),
            ["[Minor spoiler: he leaves in the end]"]
        );
        assert_eq!(marked("Warning: spoilers. He leaves. End of spoilers. See it.").len(), 1);
        assert!(!marked("Warning: spoilers. He leaves. End of spoilers. See it.")[0].contains("See it"));
    }

    #[test]
    fn talk_of_spoilers_is_no_mark() {
        for text in [
            "This is a spoiler-free review.",
            "No spoilers below, I promise.",
            "I was dodging spoilers since May.",
            "It spoils the mood.",
        ] {
            assert!(marked(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn hidden_markup_becomes_a_span() {
        assert_eq!(marked(&format!("Good. {HIDDEN}He leaves.{SHOWN} See it.")), ["He leaves."]);
    }

    proptest::proptest! {
        #[test]
        fn spans_lie_in_order_inside_the_text(text in "(?s)(?:.|spoilers? ?|alert|\\[|\\]|\u{E0F0}|\u{E0F1}|end of ){0,40}") {
            let found = marks::take(&text);
            let (length, spans) = (found.text.chars().count(), with(found.hidden, &found.text));
            proptest::prop_assert!(spans.windows(2).all(|w| w[0].end < w[1].start));
            proptest::prop_assert!(spans.iter().all(|s| s.end <= length && !s.is_empty()));
        }
    }
}
