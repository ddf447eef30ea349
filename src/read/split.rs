//! Reviews run together: where a new voice begins in a text without delimiters.
//!
//! Page scrapers join user reviews by one space and their paragraphs by nothing or a line end. So a boundary
//! can only be a single space; what decides is who speaks: the left side closes (a mark out of ten, an address,
//! a recommendation), the right side opens (`I watched`, `As someone who`, a full name brought in anew). The
//! evidence is summed with weights set by hand. Two thresholds: above the high one a new voice begins; between
//! the two lies a seam, which no quote may cross. Lexical evidence of this kind leaves many boundaries unseen,
//! hence the seams.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use regex::Regex;

use super::pattern::{head, pattern, tail};
use crate::model::text::norm;

/// Evidence from which on a new voice begins.
const NEW_VOICE: f64 = 1.85;
/// Evidence from which on no quote may cross.
const SEAM: f64 = 0.35;
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
    let mut cuts: Vec<(usize, f64)> = Vec::new();
    let mut ranked: Vec<(usize, f64)> = scored.iter().copied().filter(|(_, score)| *score >= NEW_VOICE).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let ends = [0, text.len()];
    for (at, score) in ranked {
        let near = |other: usize| other.abs_diff(at) < SHORTEST;
        if !ends.iter().any(|end| near(*end)) && !cuts.iter().any(|(cut, _)| near(*cut)) {
            cuts.push((at, score));
        }
    }
    let mut starts: Vec<usize> = cuts.into_iter().map(|(at, _)| at).chain([0]).collect();
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
    let mut score = -1.5 + closing(left, punctuated) + opening(right);
    if !punctuated && closing(left, false) < 2.0 && opening(right) < 1.5 {
        score -= 2.5;
    }
    let earlier = tail(&text[..last_start.min(at)], 30).trim_end();
    score += if left.len() < 40 && closing(earlier, true) >= 2.6 { 0.9 } else { 0.0 };
    score += reintroduction(tail(&text[..at], 2500), right);
    score - shared_words(left, right) - glued(tail(&text[..at], 160), head(&text[at..], 160))
}

/// How much the left side sounds like an end.
fn closing(left: &str, punctuated: bool) -> f64 {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:\b\d{1,2}(?:[.,]\d)?\s?/\s?(?:10|5|4|100)\W*|\b(?:\d{1,2}|ten|nine|eight|seven|six|five|four)\s(?:stars\s)?out\sof\s(?:10|5|4|ten|five|four)\W*|\bgrade:?\s[A-DF][+-]?\W*|\b(?:\d|four|five|ten)\sstars\W*)$",
        )
    });
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:https?://|www\.)\S+$"));
    static ADVICE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:recommend(?:ed|s|ing)?|must[\s-](?:see|watch|read|play)|check\s(?:this|it)\s(?:one\s)?out|worth\s(?:a|the|your|it|seeing|watching)|go\s(?:and\s)?(?:see|watch)|(?:watch|see|seen?g?)\sit\b|seeing\sit|don['’]t\smiss|enjoy\sth(?:is|e)|avoid|for\syourself|in\sthe\syears\sto\scome)\b",
        )
    });
    static VERDICT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:masterpiece|(?:best|favou?rite|greatest|finest|worst)\s(?:\w+\s){0,2}(?:films?|movies?|books?|albums?|games?)|of\sall\stime|of\sthe\syear|top\s\d+|overall|in\sconclusion|all\sin\sall|closing|loved\sit|(?:beautiful|great|good|perfect|wonderful|amazing|special|fantastic)\s(?:film|movie|book|album|game|work))\b",
        )
    });
    let mut score = 0.0;
    score += if MARK.is_match(left) { 2.6 } else { 0.0 };
    score += if ADDRESS.is_match(left) { 3.4 } else { 0.0 };
    score += if ADVICE.is_match(left) { 1.4 } else { 0.0 };
    score += if VERDICT.is_match(left) { 1.1 } else { 0.0 };
    score + if punctuated { 0.0 } else { 0.4 }
}

/// How much the right side sounds like a beginning.
fn opening(right: &str) -> f64 {
    static MET: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"^(?:I|We)(?:['’](?:ve|d)|\shave|\shad)?\s(?:just\s|recently\s|finally\s|first\s|only\s|really\s|also\s|never\s|always\s|felt\s|been\s|saw\s|watched\s|went\s|knew\s|was\s|wasn['’]t\s|remember|can['’]?t\simagine|cannot\simagine|do\snot\s|don['’]t\susually|one\squestion)"#,
        )
    });
    static MET_WORK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)^(?:I|We)(?:['’](?:ve|d)|\shave|\shad)?\s(?:(?:just|recently|finally|first|only|really|never|already)\s)*(?:saw|seen|watched|went|caught|read|played|heard|knew|got\sto\ssee|like|love|rented|bought|finished)\b"#,
        )
    });
    static ALWAYS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^I(?:['’]ve|\shave)\s(?:always\sbeen|never\sbeen|been\sa|felt|one\s)"));
    static OPENER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:Well|O[kK](?:ay)?(?:,|\s(?:let|this|where|first|I|here)\b)|Wow|WOW|Oh|Hmm|First\soff|First\sof\sall|Let\sme\s|Let['’]s|Regardless|Another\s(?:movie|film|book|great|good|one)|It['’]s\sbeen|It\shas\sbeen|When\sI\s(?:first|saw|heard|went|watched|read)|After\s(?:all\sthe|seeing|watching|reading|hearing|the\s\w+\sof)|As\s(?:someone|a\s\w+)|Before\s(?:I|seeing|watching)|Having\s(?:seen|read|watched|just)|Went\sto|Just\s(?:saw|watched|got|came|finished)|Saw\s|Watched\s|Finally|Once\s(?:in\sa|upon)|Where\sdo\sI|What\scan\sI|Don['’]t\sget\sme|If\syou['’](?:re|ve)|We\sall\s|We\slive\sin|Imagine\s)\b?",
        )
    });
    static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)^(?:this\sreview\b|this\s(?:movie|film|book|album|game|show|one)\s(?:is|was|just|really|has|made|blew|deserves)\b|this\sis\s(?:the|a|an|one|by)\s[^.!?]{0,40}\b(?:film|movie|book|album|game)|(?:though|although|while)\s(?:\w+\s)?\p{Lu})"#,
        )
    });
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"^(?:(?:Director|Writer|Author)\s)?\p{Lu}[\p{L}.-]+\s\p{Lu}[\p{L}-]+(?:['’]s\s(?:\p{L}|-)+|\s(?:is|has|makes|made|delivers|does|returns|wrote|directs)\b)"#,
        )
    });
    static TITLED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^In\s["“]?\p{Lu}[\p{L}]*["”]?[,\s]"#));
    static FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"^["“(]?(?:He|She|It(?:['’]s)?\s(?:is|was|isn|a|also|made|makes)|It|They|And|But|Also|However|So|Then|There|These|Those|That|His|Its|Their|For|Because|Plus|Which|At\s|In\saddition|To\s|Firstly|Secondly|Lastly|Finally,|One\smore|Overall|Here|Or|Nor|Yet|Still|Maybe|Instead|Another\s(?:thing|aspect)|Not|Even|Now|By|Both|Of\scourse|With|Like|Just\sas|Even|Everything|Some|What\s(?:about|does|do|makes)|The\s(?:other|rest|only|second|first|last|film['’]s|movie['’]s|script|score|cinematography|music|acting|performances?|production|emotions|close|long|contrasting|piano|premise|storyline|characters?)|I\s(?:also|mean|think|did|thought|suggest|do|would|am|found|want|loved|love|laughed|felt|could|certainly|read|will|arrogantly|left|cannot|can['’]t\s(?:really|remember)))\b"#,
        )
    });
    let work = right.to_lowercase();
    let about = ["movie", "film", "book", "album", "game", "novel"].iter().any(|word| work.contains(word));
    let mut score = 0.0;
    if FOLLOWS.is_match(right) && !OPENER.is_match(right) && !ALWAYS.is_match(right) {
        return -2.5;
    }
    score += if MET_WORK.is_match(right) {
        2.6
    } else if MET.is_match(right) {
        1.4
    } else {
        0.0
    };
    score += if ALWAYS.is_match(right) { 1.6 } else { 0.0 };
    score += if OPENER.is_match(right) { 2.2 } else { 0.0 };
    score += if SUBJECT.is_match(right) { 1.5 } else { 0.0 };
    score += if right.to_lowercase().starts_with("this review") { 1.5 } else { 0.0 };
    score += if NAMED.is_match(right) { 1.3 } else { 0.0 };
    score += if TITLED.is_match(right) { 0.8 } else { 0.0 };
    score + if about { 0.4 } else { 0.0 }
}

/// Somebody brought in by full name again, who was already on family-name terms.
fn reintroduction(before: &str, right: &str) -> f64 {
    let anew = super::people::in_text(right);
    let known = anew.iter().filter(|name| {
        let family = name.rsplit(' ').next().unwrap_or(name);
        family.chars().count() > 3 && before.matches(family).count() > before.matches(name.as_str()).count()
    });
    if known.count() > 0 { 0.9 } else { 0.0 }
}

/// The two sides speak of the same things.
fn shared_words(left: &str, right: &str) -> f64 {
    let words = |text: &str| -> HashSet<String> {
        norm(text).split(' ').filter(|word| word.len() > 5).map(str::to_owned).collect()
    };
    let shared = words(left).intersection(&words(right)).count();
    0.3 * shared.min(3) as f64
}

/// A paragraph glued to the next one near by: here a review goes on.
fn glued(before: &str, after: &str) -> f64 {
    static JOIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{Ll}[.!?][\p{Lu}]\p{Ll}"));
    0.4 * f64::from(u8::from(JOIN.is_match(before)) + u8::from(JOIN.is_match(after)))
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
