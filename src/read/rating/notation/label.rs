//! Bare numbers that a label or a verb announces: `Score: 8`, `I give it an 8`, `Note: 2`.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    super::{Scale, number::value},
    Form, Found, goes_on_as_number, share,
};
use crate::{
    model::Confidence,
    read::pattern::{Sought, pattern, tail},
};

/// Words that announce the reviewer's rating, in the languages that the rooms read.
pub const LABELS: &str = r"(?:nota\sfinal|note\sfinale|voto\sfinale|schulnote|stars|ratings?|score|grade|verdict|rated|note|nota|voto|valutazione|gesamtnote|gesamtwertung|bewertung|wertung|fazit|calificación|calificacion|puntuación|puntuacion|avaliação|ocena|betyg|karakter|cijfer|hodnocení|оценка|рейтинг|média\sfinal|media\sfinal|评分|評分|評価|평점|별점)";

/// Whether a label announces what comes next: `Rating: `.
pub fn is_labelled(before: &str) -> bool {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)(?:^|[^\p{{L}}]){LABELS}\W{{1,4}}$")));
    LABEL.is_match(before)
}

/// Everything announced.
pub fn labelled(text: &str, scale: Scale, found: &mut Vec<Found>) {
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|[^\p{{L}}])({LABELS})(\s*\n\s*|\s*[:=–—|-]{{1,2}}\s*|\s+of\s+|\s(?:is|was|es|è|ist|est|é)\s|\s+)(?:(?:an?|un|une|una|eine?|um|uma)\s+(?:solid\s+)?)?(\d{{1,3}}(?:[.,]\d{{1,2}})?(?:\s?½|\s1/2)?)([+-]?)[ \t]*([^\s]|\n|$)"
        ))
    });
    static GIVE: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(
            r"(?i)\b(?:give|rate|score)\s+(?:it|this|her|him|them|the\s\w+|this\s\w+)\s+(?:an?\s+)?(?:solid\s+|strong\s+|perfect\s+|generous\s+)?(\d{1,2}(?:[.,]\d)?(?:\s?½|\s1/2|\sand\sa\shalf)?)\s?([.!,;)\n]|$|[-–—]\s|(?:because|for|since|only|due|but|and)\b)",
        )
    });
    static SCHOOL: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(r"(?i)\b(?:sehr gut|gut|befriedigend|ausreichend|mangelhaft|ungenügend)\s?\(([1-6](?:[.,]\d)?)\)")
    });
    for captures in BARE.captures_iter(text) {
        let (Some(label), Some(gap), Some(mark)) = (captures.get(1), captures.get(2), captures.get(3)) else {
            continue;
        };
        let next = captures.get(5).map_or("", |next| next.as_str());
        let free = next.is_empty() || matches!(next, "\n" | "." | "!" | "," | ";" | ")" | "|" | "*" | "_" | "(" | "]");
        let decimal = matches!(next, "." | ",")
            && text[captures.get(5).map_or(0, |n| n.end())..].starts_with(|c: char| c.is_ascii_digit());
        let bare_gap = gap.as_str().trim().is_empty();
        // "Age rating: 12+" and its kin are certificates.
        static CERTIFICATE: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)\b(?:age|content|parental|mpaa|bbfc|esrb|pegi|fsk|film|tv)\W{1,2}$"));
        static PUPIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:in|for|from|to|into)\s$"));
        let school = label.as_str().eq_ignore_ascii_case("grade") && PUPIL.is_match(tail(&text[..label.start()], 6));
        if school || CERTIFICATE.is_match(tail(&text[..label.start()], 12)) {
            continue;
        }
        if !free || decimal || bare_gap && !(next.is_empty() || next == "\n" || next == ".") {
            continue;
        }
        let sign = captures.get(4).map_or("", |sign| sign.as_str());
        // "Rating: 16+" is for whom, not how good.
        let age = value(mark.as_str()).is_some_and(|age| (12.0..=18.0).contains(&age));
        if sign == "+" && age && scale.best.is_none() {
            continue;
        }
        if let Some(found_here) = bare(label.as_str(), mark.as_str(), sign, scale) {
            let end = captures.get(4).map_or(mark.end(), |sign| sign.end());
            found.push(Found { range: mark.start()..end, ..found_here });
        }
    }
    for captures in GIVE.captures_iter(text) {
        if let Some(mark) = captures.get(1)
            && !goes_on_as_number(&text[mark.end()..])
            && let Some(found_here) = bare("", mark.as_str(), "", scale)
        {
            found.push(Found { range: mark.range(), ..found_here });
        }
    }
    for captures in SCHOOL.captures_iter(text) {
        if let (Some(whole), Some(mark)) = (captures.get(0), captures.get(1).and_then(|m| value(m.as_str()))) {
            found.push(Found { range: whole.range(), ..school(mark) });
        }
    }
}

/// A bare number under a label. What has no printed scale is taken for the nearest usual one.
pub fn bare(label: &str, mark: &str, sign: &str, scale: Scale) -> Option<Found> {
    let mark = value(mark)?;
    let label = label.to_lowercase();
    // "rated 15" is a certificate.
    if label == "rated" && scale.best.is_none() && (12.0..=18.0).contains(&mark) {
        return None;
    }
    let german = matches!(label.as_str(), "note" | "gesamtnote" | "schulnote") && scale.language != Some("fr");
    if german && scale.best.is_none() && (1.0..=6.0).contains(&mark) {
        let shift = match sign {
            "+" => -0.3,
            "-" => 0.3,
            _ => 0.0,
        };
        return Some(school(mark + shift));
    }
    let (best, confidence) = match scale.best {
        Some(best) => (best, Confidence::High),
        None if mark <= 5.0 => (5.0, Confidence::Low),
        None if mark <= 10.0 => (10.0, Confidence::High),
        None if mark <= 20.0 && scale.language == Some("fr") => (20.0, Confidence::High),
        None => (100.0, Confidence::High),
    };
    let (score, sure) = share(mark, best)?;
    let confidence = if sure == Confidence::Low { sure } else { confidence };
    Some(Found { range: 0..0, form: Form::Labelled, score, best: scale.best, confidence })
}

/// A German school mark: 1 is best, 6 worst.
fn school(mark: f64) -> Found {
    let score = (100.0 * (6.0 - mark) / 5.0).clamp(0.0, 100.0);
    Found { range: 0..0, form: Form::Labelled, score, best: Some(6.0), confidence: Confidence::High }
}
