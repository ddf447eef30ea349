//! The traps: what looks like a rating and is a date, a count, a part number, somebody else's or a joke.

mod counted;
mod others;
mod part;
mod wish;

use std::sync::LazyLock;

use regex::Regex;

use super::notation::{Form, Found, line};
use crate::read::pattern::{head, pattern, tail};

/// What the words around a candidate say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It is not the reviewer's overall rating of this work.
    Reject,
    /// Nothing speaks for or against.
    Loose,
    /// It stands alone on its line.
    OwnLine,
    /// A label or "I give it" announces it.
    Announced,
    /// A label for the whole announces it: overall, final, verdict.
    Overall,
}

/// Judges a candidate by its surroundings. `title` is the work's, where known.
pub fn judge(text: &str, found: &Found, title: Option<&str>) -> Judgement {
    let (line_before, line_after) = line(text, &found.range);
    let sentence = sentence_before(text, found.range.start);
    let after = head(&text[found.range.end..], 80);
    if counted::is_count(line_before, sentence, after, found)
        || counted::is_part_of_speech(line_before, after, found)
        || others::is_anothers(sentence, after, title)
        || wish::is_hypothetical(sentence, after)
    {
        return Judgement::Reject;
    }
    let announced = announcement(line_before, sentence, found);
    if announced == Judgement::Reject || announced == Judgement::Overall {
        return announced;
    }
    if part::is_for_a_part(line_before, after) {
        return Judgement::Reject;
    }
    let quiet = |c: char| !c.is_alphanumeric();
    let alone = line_before.trim_matches(quiet).is_empty() && line_after.trim_matches(quiet).is_empty();
    match announced {
        Judgement::Announced => Judgement::Announced,
        _ if alone => Judgement::OwnLine,
        _ => Judgement::Loose,
    }
}

/// The label that stands before a mark and names something other than the whole.
pub fn label_of_a_part<'a>(text: &'a str, found: &Found) -> Option<&'a str> {
    part::label(line(text, &found.range).0)
}

fn patterns(sources: &[&str]) -> Vec<Regex> {
    sources.iter().map(|source| pattern(source)).collect()
}

fn any(patterns: &[Regex], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.is_match(text))
}

/// The text from the start of the sentence to `at`, at most 200 bytes. A line end counts as an end.
fn sentence_before(text: &str, at: usize) -> &str {
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[.!?…]["”’)]*\s|\n"#));
    let window = tail(&text[..at], 200);
    END.find_iter(window).last().map_or(window, |end| &window[end.end()..])
}

const WHOLE: &str = r"overall|in\stotal|total|total\sscore|final|verdict|final\s(?:score|rating|grade|mark|verdict|thoughts?)|overall\s(?:score|rating|grade|mark)|my\s(?:rating|score|grade|verdict|final\sscore)|gesamt\w*|fazit|média\sfinal|media\sfinal|nota\sfinal|note\s(?:finale|globale|générale)|voto\sfinale|puntuación\sfinal|all\sin\sall|bottom\sline|tl;?dr";

fn announcement(line_before: &str, sentence: &str, found: &Found) -> Judgement {
    static WHOLE_LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|[^\p{{L}}])(?:{WHOLE})(?:\sis|\swas|\sof)?[^\p{{L}}\d]{{0,6}}(?:an?\s|ein(?:e)?\s)?(?:solid\s)?$"
        ))
    });
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|[^\p{{L}}])([\p{{L}}&]+\s)?{}(?:\sis|\swas|\sof|\sit)?[^\p{{L}}\d]{{0,6}}(?:an?\s)?(?:solid\s)?$",
            super::notation::LABELS
        ))
    });
    static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:i|we)(?:['’](?:d|ll|m|ve))?\b[^.!?\n]{0,40}\b(?:giv(?:e|ing)|gave|rat(?:e|ed|ing)|scor(?:e|ed|ing)|award(?:ed|ing)?)|gets|earns|receives|deserves|scores|giving\s(?:it|this)|give\s(?:it|this))\b[^.!?\n]{0,50}$",
        )
    });
    if WHOLE_LABEL.is_match(line_before) {
        return Judgement::Overall;
    }
    if let Some(captures) = LABEL.captures(line_before) {
        let aspect = captures.get(1).is_some_and(|word| part::is_part(word.as_str()));
        return if aspect { Judgement::Reject } else { Judgement::Announced };
    }
    // "He gets to keep 10 %" awards nothing.
    let rated = ["rate it", "rate this", "score it", "score this", "give it", "give this"]
        .iter()
        .any(|verb| sentence.to_lowercase().contains(verb));
    let counts = matches!(found.form, Form::Percent | Form::Points) && !rated;
    if GIVEN.is_match(sentence) && !counts || found.form == Form::Labelled {
        return Judgement::Announced;
    }
    Judgement::Loose
}
