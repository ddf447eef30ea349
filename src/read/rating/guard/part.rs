//! Marks for a part of a work: its acting, its second half, its cover.

use std::sync::LazyLock;

use regex::Regex;

use super::{any, patterns};
use crate::{model::text::norm, read::pattern::pattern};

/// What part of a work a mark can be for, in the languages most met.
const PARTS: &str = "soundtrack narration narrator sfx setting costumes themes story plot acting direction directing graphics sound music gameplay visuals cast script screenplay cinematography effects characters character pacing originality replay replayability presentation design performance performances writing prose worldbuilding food service ambience atmosphere value video audio picture extras lyrics vocals production spice steam humor humour dialogue ending beginning romance suspense handlung grafik spannung anspruch action erotik scenario graphismes historia musica graficos enredo jogabilidade diversao som trilha entertainment rewatchability gore technical enjoyment cover";

/// Whether a word names a part of a work.
pub fn is_part(word: &str) -> bool {
    let word = norm(word);
    PARTS.split(' ').any(|part| part == word)
}

/// Whether the words beside a mark say that it is for a part.
pub fn is_for_a_part(line_before: &str, after: &str) -> bool {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| pattern(r"([\p{L}-]+)[^\p{L}\d\n]{1,6}(?:\)\s?an?\s)?$"));
    static WISE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\p{L}-wise\W*$"));
    // `Acting 4/5, Script 2/5, Blood 0/5`: a row of marks with a word each marks parts.
    static IN_ROW: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\d\s?/\s?\d{1,3}\s?[,;|]\s?(\p{L}+)(?:\s(?:&|and)\s\p{L}+)?\s?[:=–-]?\s?$"));
    static NEXT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s(\p{L}+)"));
    static FOR: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        patterns(&[r"(?i)^\s*(?:stars?\s)?for\s", r"(?i)^\s*(?:stars?\s)?in\sthe\s\w+\s(?:dept|department|part)\b"])
    });
    static FOR_THE_WHOLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:stars?\s)?for\s(?:me|this|what|now|sure|being|an?|anyone|fans|kids|the\s(?:film|movie|book|novel|album|record|game|show|series|whole))\b",
        )
    });
    let word = |pattern: &Regex, text: &str| pattern.captures(text).and_then(|c| Some(c.get(1)?.as_str().to_owned()));
    let labelled = word(&BEFORE, line_before).is_some_and(|word| is_part(&word)) || WISE.is_match(line_before);
    let in_row = word(&IN_ROW, line_before).is_some_and(|word| {
        !["or", "and", "but", "so", "my", "rating", "maybe", "no", "overall"].contains(&norm(&word).as_str())
    });
    let names_part = word(&NEXT, after).is_some_and(|word| is_part(&word) && word != "value");
    labelled || in_row || names_part || any(&FOR, after) && !FOR_THE_WHOLE.is_match(after)
}

/// The label of a mark that marks neither the whole nor is a word for marks: `First half: `, `Blood - `.
pub fn label(line_before: &str) -> Option<&str> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?:^|[^\p{L}'’-])((?:\p{L}[\p{L}'’/-]*\s){0,3}\p{L}[\p{L}'’/-]*)\s?(?::|=|\s[–-])\s?$")
    });
    static OF_THE_WHOLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|[^\p{{L}}])(?:{}|{}|{}|(?:my|i|it|this|is|imho|imo|say|conclusion|result|recommend\w*)\b)",
            super::WHOLE,
            super::super::notation::LABELS,
            r"marks?|points?|votes?|voted|rate|film|movie|book|novel|album|game|series|show"
        ))
    });
    let label = LABEL.captures(line_before)?.get(1)?.as_str();
    (!OF_THE_WHOLE.is_match(label)).then_some(label)
}
