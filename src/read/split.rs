//! Reviews run together: where a new voice begins in a text without delimiters.
//!
//! Page scrapers join user reviews by one space and their paragraphs by nothing or a line end. So a boundary
//! can only be a single space; what decides is who speaks: the left side closes (a mark out of ten, an address,
//! a recommendation), the right side opens (`I watched`, `As someone who`, a full name brought in anew). The
//! evidence is summed with weights set by hand. Two thresholds: above the high one a new voice begins; between
//! the two lies a seam, which no quote may cross. Lexical evidence of this kind leaves many boundaries unseen,
//! hence the seams.

mod evidence;

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::pattern::{head, pattern, tail};
use evidence::{closing, glued, is_partial, opening, reintroduction, shared_words};

/// Evidence from which on a new voice begins.
const NEW_VOICE: f64 = 1.6;
/// The same where two cuts or more show that the text is run together.
const ONE_MORE_VOICE: f64 = 1.45;
/// Evidence from which on no quote may cross.
const SEAM: f64 = 0.5;
/// A voice has at least so many bytes.
const SHORTEST: usize = 250;
/// Only a line this long can be several reviews run together.
const RUN_TOGETHER: usize = 3000;

/// One voice: its stretch in bytes, and the byte positions inside (relative to the stretch) where another may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The stretch.
    pub range: Range<usize>,
    /// Possible further cuts, relative to its start.
    pub seams: Vec<usize>,
}

/// The voices of a text: one, unless it is run together and new voices are plain.
pub fn voices(text: &str) -> Vec<Voice> {
    let whole = vec![Voice { range: 0..text.len(), seams: Vec::new() }];
    let longest = text.lines().map(str::len).max().unwrap_or(0);
    if longest < RUN_TOGETHER || longest * 2 < text.len() && text.lines().filter(|l| !l.is_empty()).count() > 12 {
        return whole;
    }
    let scored = candidates(text);
    let mut cuts = chosen(&scored, text.len(), NEW_VOICE);
    if cuts.len() >= 2 {
        cuts = chosen(&scored, text.len(), ONE_MORE_VOICE);
    }
    let mut starts: Vec<usize> = cuts.into_iter().chain([0]).collect();
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let stretches: Vec<Range<usize>> = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    let voice = |range: Range<usize>| {
        let seams = scored.iter().filter(|(at, score)| *score >= SEAM && range.start < *at && *at < range.end);
        let seams = seams.map(|(at, _)| at - range.start).collect();
        let end = range.start + text[range.clone()].trim_end().len();
        Voice { range: range.start..end, seams }
    };
    stretches.into_iter().map(voice).collect()
}

/// The places with evidence enough, the strongest first, none too near another or an end.
fn chosen(scored: &[(usize, f64)], length: usize, enough: f64) -> Vec<usize> {
    let mut ranked: Vec<(usize, f64)> = scored.iter().copied().filter(|(_, score)| *score >= enough).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut cuts = std::collections::BTreeSet::from([0, length]);
    for (at, _) in ranked {
        let before = cuts.range(..=at).next_back().is_none_or(|cut| at - cut >= SHORTEST);
        let after = cuts.range(at..).next().is_none_or(|cut| cut - at >= SHORTEST);
        if before && after {
            cuts.insert(at);
        }
    }
    cuts.into_iter().filter(|cut| *cut > 0 && *cut < length).collect()
}

/// Every place where a new voice is possible, with its evidence.
fn candidates(text: &str) -> Vec<(usize, f64)> {
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[.!?…]["”’)]*( )["“(]?[\p{Lu}\d]"#));
    static UNPUNCTUATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:\d\s?/\s?\d{1,2}|out of (?:\d{1,2}|ten|five)|(?:https?://|www\.)\S{4,200})( )(?:I|I'm|I've|I’ve|I’m|Well|Though|Although|After|When|This|What|Wow|Ok|Okay|As|The|It's|It’s|In|My)[ ,]|\p{Ll}{3}( )(?:Well,|Wow|OK|Ok|Okay)[ ,!]"#,
        )
    });
    let mut places: Vec<(usize, bool)> = Vec::new();
    for (pattern, punctuated) in [(&END, true), (&UNPUNCTUATED, false)] {
        let mut from = 0;
        while let Some(c) = pattern.captures_at(text, from) {
            let Some(gap) = c.get(1).or(c.get(2)) else { break };
            places.push((gap.end(), punctuated));
            from = gap.end();
        }
    }
    places.sort_unstable();
    places.dedup_by_key(|place| place.0);
    let sentences: Vec<usize> = places.iter().filter(|place| place.1).map(|place| place.0).collect();
    places.into_iter().map(|(at, punctuated)| (at, evidence(text, at, punctuated, &sentences))).collect()
}

/// The evidence that a new voice begins at `at`.
fn evidence(text: &str, at: usize, punctuated: bool, sentences: &[usize]) -> f64 {
    let place = sentences.partition_point(|start| *start < at);
    let last_start = place.checked_sub(1).and_then(|before| sentences.get(before)).copied().unwrap_or(0);
    let left = tail(&text[last_start.min(at)..at], 400).trim_end();
    let next = sentences[place..].iter().find(|start| **start > at).copied().unwrap_or(text.len());
    let right = head(&text[at..next], 400);
    let closing = if is_partial(left) { 0.0 } else { closing(left) };
    let mut score = closing + opening(right);
    if !punctuated {
        // Without a full stop only a mark, an address or a word to start talking with parts two voices.
        score += if closing >= 2.0 {
            0.8
        } else if opening(right) >= 0.7 {
            0.3
        } else {
            -2.5
        };
    }
    let earlier = tail(&text[..last_start.min(at)], 30).trim_end();
    score += if left.len() < 60 && self::closing(earlier) >= 2.0 { 0.9 } else { 0.0 };
    score += reintroduction(tail(&text[..at], 2500), right);
    score - shared_words(left, right) - glued(tail(&text[..at], 160), head(&text[at..], 160))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filler(subject: &str) -> String {
        format!("{subject} moves slowly through the rooms of the old house and nobody says a word for minutes. He opens a window. She closes it again. The light is grey. ").repeat(14)
    }

    #[test]
    fn a_new_voice_begins_after_a_mark_and_an_opener() {
        let text = format!(
            "I watched Glass Harbour last night. {}Highly recommended, 9/10. I recently saw this film with my sister. {}A must see.",
            filler("A man"),
            filler("A woman")
        );
        let found = voices(&text);
        let starts: Vec<&str> = found.iter().map(|voice| head(&text[voice.range.clone()], 17)).collect();
        assert_eq!(starts, ["I watched Glass H", "I recently saw th"]);
    }

    #[test]
    fn a_text_in_paragraphs_is_one_voice() {
        let text =
            format!("{}\n\n9/10. I saw this film twice.\n\n{}", filler("A man").trim(), filler("A woman").trim())
                .replace(". He", ".\n\nHe");
        assert_eq!(voices(&text).len(), 1);
        assert_eq!(voices("").len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn voices_cover_the_text_in_order(text in "(?s)(?:[a-zA-Z]{1,9} |\\. I saw |10/10\\. Well, |é\\. ){0,200}") {
            let text = text.repeat(4);
            let found = voices(&text);
            proptest::prop_assert_eq!(found[0].range.start, 0);
            proptest::prop_assert!(found.windows(2).all(|w| w[0].range.end <= w[1].range.start));
            proptest::prop_assert!(found.iter().all(|v| text.get(v.range.clone()).is_some() && v.seams.iter().all(|s| *s < v.range.len())));
        }
    }
}
