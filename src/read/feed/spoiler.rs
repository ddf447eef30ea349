//! Spoiler marks that are words: warning lines, shortcodes, hidden stretches, and suffixes of titles.
//!
//! What the mark-up itself hides is found in [`html`](super::html). Fails closed: a mark without an end
//! holds to the end of the text.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

/// A pattern known to be well formed; the tests use each.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// Opening and closing marks of stretches: shortcodes, and the brackets of forums and shelves.
static STRETCHES: LazyLock<Vec<(Regex, Regex)>> = LazyLock::new(|| {
    let pairs = [
        (r"(?i)\[(?:spoilers?|hide|hidden)\b[^\]\n]{0,60}\]", r"(?i)\[/(?:spoilers?|hide|hidden)\]"),
        (r"(?i)\((?:view|show) spoiler\)\s*\[?", r"(?i)\(hide spoiler\)\]?"),
        (r">!\S", r"\S!<"),
        (r"\|\|\S", r"\S\|\|"),
    ];
    pairs.iter().filter_map(|(open, close)| Some((pattern(open)?, pattern(close)?))).collect()
});

/// Words that announce spoilers from here on.
static WARNING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\bspoilers?(?:[ -](?:ahead|below|follow(?:s|ing)?|alert|alarm|warning|warnung|territory|section|incoming|inside))",
        r"|\b(?:warning|caution|beware|attention|achtung|vorsicht|atención|aviso|attenzione|cuidado|contains?|contain|enthält|contiene|contiennent|contém|heavy|major|massive|full)\b[^.\n]{0,40}\bspoiler",
        r"|\bspoilerwarnung|\bspoilery\b|\bдальше спойлер|\bспойлер(?:ы)?[:!]|ネタバレ(?:注意|あり|を含)|\bdivulgâche",
        r"|\bgive(?:s)? away the (?:ending|plot|twist)",
    ))
});

/// A line that is nothing but the word: a heading over what it warns of.
static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\W_]*(?:\w+[\W_]+){0,3}(?:spoilers?|спойлеры?|spoileri|spoilerit|ネタバレ)[\W_]*(?:section|zone|bereich)?[\W_]*$",
    )
});

/// Words that say there are none.
static DENIAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:no|zero|without|free of|avoid(?:s|ing)?|not|n['’]t|never|non|any|un|sans|sin|sem|senza|ohne|keine?n?|geen|utan|без)\b[^.\n]{0,24}\bspoil",
        r"|\bspoiler[- ]?(?:free|frei|vrij|fri)|\b(?:senza|sem|sin|sans) spoiler|ネタバレなし",
    ))
});

/// The end of what a warning covers.
static END: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:end(?:s| of)?(?: the)?|ende|fin)\b[^.\n]{0,12}\bspoiler|\bspoilers?\b[^.\n]{0,12}\b(?:end|ends|over|done|ende)\b",
    )
});

/// How far a stretch in bars or arrows can go, in bytes.
const REACH: usize = 1_000;

/// Everything that words mark as a spoiler in a text, as byte ranges in order.
pub fn marked(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (open, close) in STRETCHES.iter() {
        let mut from = 0;
        // The next end, searched for once: ends that are too far for one opening wait for the next.
        let mut next_end: Option<Option<Range<usize>>> = None;
        while let Some(start) = open.find_at(text, from) {
            // Bars and arrows that do not close soon are a habit of tables and quotes, not a mark.
            let lenient = matches!(start.as_str().as_bytes().first(), Some(b'|' | b'>'));
            let reach = if lenient { text.floor_char_boundary(start.end() + REACH) } else { text.len() };
            // From the last sign of the opening mark: one that hides a single sign shares it with its end.
            let inside = text.floor_char_boundary(start.end().saturating_sub(1));
            let stale = next_end.as_ref().is_none_or(|known| known.as_ref().is_some_and(|end| end.start < inside));
            if stale {
                next_end = Some(close.find_at(text, inside).map(|end| end.range()));
            }
            let end = next_end.clone().flatten().filter(|end| end.end <= reach);
            if lenient && end.as_ref().is_none_or(|end| text[start.start()..end.start].contains("\n\n")) {
                from = start.end();
                continue;
            }
            let end = end.map_or(text.len(), |end| end.end);
            out.push(start.start()..end);
            from = end;
        }
    }
    out.extend(warned(text));
    out.sort_by_key(|range| (range.start, range.end));
    out
}

/// From each warning to the line that ends it, or to the end of the text.
fn warned(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut open = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        match open {
            Some(start) if matches(&END, line) => {
                out.push(start..at + line.len());
                open = None;
            }
            None => open = warning(line).map(|offset| at + offset),
            Some(_) => {}
        }
        at += line.len();
    }
    out.extend(open.map(|start| start..text.len()));
    out
}

/// Where in a line a warning begins. A sentence that denies spoilers is none.
fn warning(line: &str) -> Option<usize> {
    let mut at = 0;
    for sentence in line.split_inclusive(['.', '!', '?', '\n']) {
        let found = WARNING.as_ref().and_then(|warning| warning.find(sentence));
        let heading = sentence.len() == line.len() && line.len() <= 60 && matches(&HEADING, line.trim());
        if (found.is_some() || heading) && !matches(&DENIAL, sentence) && !matches(&END, sentence) {
            return Some(at + found.map_or(0, |found| found.start()));
        }
        at += sentence.len();
    }
    None
}

/// Whether a title, category or notice says that the whole text holds spoilers.
pub fn announced(text: &str) -> bool {
    static WORD: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"(?i)\bspoiler(?:s|ish|y|warnung)?\b|спойлер|ネタバレ"));
    matches(&WORD, text) && !matches(&DENIAL, text)
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        marked(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn every_pattern_is_well_formed() {
        assert_eq!(STRETCHES.len(), 4);
        assert!(WARNING.is_some() && HEADING.is_some() && DENIAL.is_some() && END.is_some() && announced("Spoilers"));
    }

    #[test]
    fn a_warning_holds_to_the_end_of_the_text() {
        assert_eq!(hidden("Good.\n\nSpoilers ahead!\n\nHe dies.\n\nFine."), ["Spoilers ahead!\n\nHe dies.\n\nFine."]);
        assert_eq!(hidden("Good. Warning: this has spoilers. He dies."), ["Warning: this has spoilers. He dies."]);
        assert_eq!(hidden("Gut.\n\nSPOILER\n\nEr stirbt."), ["SPOILER\n\nEr stirbt."]);
        assert_eq!(hidden("Gut.\n\nAchtung, Spoiler!\n\nEr stirbt."), ["Achtung, Spoiler!\n\nEr stirbt."]);
    }

    #[test]
    fn a_warning_ends_where_the_text_says_so() {
        assert_eq!(
            hidden("Spoilers below.\nHe dies.\nEnd of spoilers.\nFine."),
            ["Spoilers below.\nHe dies.\nEnd of spoilers.\n"]
        );
    }

    #[test]
    fn a_promise_of_none_is_no_warning() {
        for text in [
            "A spoiler-free review.",
            "No spoilers ahead.",
            "There are no major spoilers here.",
            "Don't worry, I won't spoil it.",
        ] {
            assert!(marked(text).is_empty(), "{text}");
            assert!(!announced(text), "{text}");
        }
    }

    #[test]
    fn shortcodes_and_brackets_hide_a_stretch() {
        assert_eq!(hidden("A [spoiler]dies[/spoiler] b"), ["[spoiler]dies[/spoiler]"]);
        assert_eq!(hidden("A [spoiler title=x]dies, b"), ["[spoiler title=x]dies, b"]);
        assert_eq!(hidden("A (view spoiler)[dies (hide spoiler)] b"), ["(view spoiler)[dies (hide spoiler)]"]);
        assert_eq!(hidden("A >!dies!< b ||é|| c"), [">!dies!<", "||é||"]);
    }

    #[test]
    fn bars_that_never_close_hide_nothing_and_cost_linear_time() {
        assert!(marked(&"||a ".repeat(200_000)).is_empty());
        let far = format!("{}||", ">!a ".repeat(200_000));
        assert!(marked(&far).is_empty());
    }

    #[test]
    fn a_title_can_announce_spoilers() {
        assert!(announced("Her, 2013 - ★★★ (contains spoilers)") && announced("Her [SPOILERS]"));
        assert!(!announced("Her, 2013"));
    }
}
