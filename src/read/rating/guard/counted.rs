//! Counts, dates, fractions of something, adjectives and names: numbers and stars that mark nothing.

use std::sync::LazyLock;

use regex::Regex;

use super::super::notation::{Form, Found};
use crate::read::pattern::pattern;

/// Whether it counts or dates something. `sentence` and `line_before` stand before it.
pub fn is_count(line_before: &str, sentence: &str, after: &str, found: &Found) -> bool {
    static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\)?\s*(?:of\s|(?:were|are|(?:and|to|or|-)\s\d+/\d+\sof|the\s(?:size|height|weight|length|way|time|cost|price)|critics|people|friends|times|episodes|chapters|tracks|songs|levels|scenes|jokes|(?:on|in)\s(?:the\s|his\s|her\s|a\s)?(?:test|exam|quiz|maths?|class|school)|dentists|doctors|users|voters|viewers|readers|households|women|men|americans|players|fans|cats|members|reviews?|ratings|votes|comments|total)\b|years?[\s-]old|:?\s*\(?\d[\d,.]*\s?%|[\s(]*\d[\d.,]*\s*(?:ratings|votes|reviews|users|bewertungen|stimmen|votos|voti)\b)|^ (?-i:\p{Ll}+ )?(?:films|movies|books|albums|games|shows)\b",
        )
    });
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:on|published|posted|updated|released|dated|opens|airs|since|until|till|after|before|by|from|part|parts|episodes?|chapters?|vol\.?|volumes?|disc|page|season|issue|day|week|round|step|lesson|level|stage|phase|track|no\.|number|#)\s*$",
        )
    });
    static NUMBERED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:\b(?:vol|no|ep|ch|pt|nr)\.|[(\[](?:book|part|film|movie|title))\s*$"));
    // "In nine out of ten you can see it coming."
    static CASES: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bin\s+$"));
    // "One out of four ain't bad."
    static SUBJECT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s(?:ain['’]?t|isn['’]?t|were|are)\b"));
    if COUNTED.is_match(after) {
        return true;
    }
    let odd = found.form == Form::OutOf && found.best != Some(10.0);
    if found.form == Form::OutOf && CASES.is_match(sentence) || odd && SUBJECT.is_match(after) {
        return true;
    }
    // A stop after "Vol." ends no sentence, so the line is asked too.
    // A date has no half days.
    let whole = !has_half(found);
    found.form == Form::Fraction && whole && (DATED.is_match(sentence) || NUMBERED.is_match(line_before))
}

fn has_half(found: &Found) -> bool {
    found.best.is_some_and(|best| (found.score * best / 100.0).fract() > 0.01)
}

/// Words right beside it that make it a fraction of something, an adjective or a name.
pub fn is_part_of_speech(line_before: &str, after: &str, found: &Found) -> bool {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^[\s-]*(?:hotels?|generals?|admirals?|resorts?|restaurants?|recruits?|players?|movies?|spirits?|trek|wars|cast|studded|of\s+(?:the|this)\b)",
        )
    });
    static SPOILER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*spoiler|spoilers?\W*$"));
    // "Two stars collide" are in the sky.
    static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:$|[^\s\p{L}]|(?:for|from|because|cause|cuz|cos|coz|out|and|but|as|if|on|overall|rating|ratings?|reviews?|in|to|this|due|only|just|at|since|though|although|is|instead|with|simply|would|i|we|my|it|the|or|not|so|when|maybe|based|merely|when|read|film|movie|book|novel|game|album|record|show|von|sur|de|su|by|max|tops|at)\b|(?-i:\p{Lu}))",
        )
    });
    match found.form {
        Form::StarWords => {
            let plural = !after.starts_with('-');
            let verbless = LINE_SUBJECT.is_match(line_before);
            !plural || NAMED.is_match(after) || verbless || found.best.is_none() && !GOES_ON.is_match(after)
        }
        Form::Fraction if found.best == Some(4.0) || found.best == Some(5.0) => {
            // "only 3/4 serious", "1/4 cup": a quarter of something, unless the sentence ends or goes on freely.
            static FREELY: LazyLock<Regex> = LazyLock::new(|| {
                pattern(
                    r"(?i)^\s*(?:$|[^\s\p{L}]|\n|[🍅🍿⭐★]|(?:stars?|for|and|but|because|as|from|if|would|will|on|with|overall|rating|score|sterne|étoiles|estrellas|points?|though|although|since|popcorns?|tomatoes|full|i|it|this|the|solely|in|à|a|al|au|ce|pour|para|per|für|von|to|bien)\b|(?-i:\p{Lu}))",
                )
            });
            !FREELY.is_match(after)
        }
        Form::Asterisks => SPOILER.is_match(after) || SPOILER.is_match(line_before),
        Form::Percent => {
            let after = after.trim_start().to_lowercase();
            ["of ", "off", "discount", "chance", "more", "less"].iter().any(|start| after.starts_with(start))
        }
        _ => false,
    }
}

static LINE_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:the|these|those|its|their|our|all|as|with|of|by|upwards?\sof|starring|both|about|has|have|had|possible|maximum)|['’]s)\s+$",
    )
});
