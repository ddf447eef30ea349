//! The notations: where in a text something stands that looks like a rating, and what it would be worth.
//!
//! Whether it really is the reviewer's own is asked in `guard`; which of several wins, in `rating`.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Scale, glyphs,
    number::{NUMBER, value},
    words,
};
use crate::{
    model::{Confidence, RatingKind},
    read::pattern::{Sought, head, pattern, tail},
};

/// The family of a notation, by which the guards differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `9/10`
    Fraction,
    /// `9 out of 10`
    OutOf,
    /// `★★★½`
    Glyphs,
    /// `***½`
    Asterisks,
    /// `four stars`
    StarWords,
    /// `85%`
    Percent,
    /// `95 points`
    Points,
    /// `Score: 8`: the label is part of what was found.
    Labelled,
    /// `B+`
    Letter,
    /// Thumbs, fresh or rotten, buy or skip.
    Binary,
}

/// Something that looks like a rating.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// Its family.
    pub form: Form,
    /// The share of the best, 0 to 100.
    pub score: f64,
    /// The number of the best mark, where one is printed.
    pub best: Option<f64>,
    /// Whether scale and meaning are certain.
    pub confidence: Confidence,
}

impl Found {
    /// Whether nothing printed says how long the scale is.
    pub fn scale_guessed(&self) -> bool {
        self.best.is_none()
            && self.confidence == Confidence::Low
            && matches!(self.form, Form::Labelled | Form::StarWords | Form::Asterisks | Form::Glyphs)
    }

    /// How it was given.
    pub fn kind(&self) -> RatingKind {
        match self.form {
            Form::Letter => RatingKind::Letter,
            Form::Binary => RatingKind::Binary,
            _ => RatingKind::Graded,
        }
    }
}

/// Everything in a text that looks like a rating, in no particular order.
pub fn all(text: &str, scale: Scale) -> Vec<Found> {
    let mut found = Vec::new();
    fractions(text, &mut found);
    out_of(text, &mut found);
    glyphs::glyphs(text, scale, &mut found);
    asterisks(text, scale, &mut found);
    star_words(text, scale, &mut found);
    simple(text, &mut found);
    labelled(text, scale, &mut found);
    words::letters(text, &mut found);
    words::binary(text, &mut found);
    found
}

/// `value` of `best` as a share, or `None` where the mark is impossible. More than the best of a scale to
/// ten is a joke and means the best; less than nothing means nothing.
pub fn share(value: f64, best: f64) -> Option<(f64, Confidence)> {
    if best <= 0.0 {
        return None;
    }
    if value <= best {
        return Some((100.0 * value / best, Confidence::High));
    }
    (best == 10.0 && value.fract() == 0.0).then_some((100.0, Confidence::Low))
}

const SCALES: [f64; 6] = [4.0, 5.0, 6.0, 10.0, 20.0, 100.0];

/// Whether reviewers use scales of this length.
pub fn is_scale(best: f64) -> bool {
    SCALES.contains(&best)
}

fn fractions(text: &str, found: &mut Vec<Found>) {
    static FRACTION: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(r"(?i)(?:({NUMBER})\s?[-–]\s?)?({NUMBER})\+?\s{{0,2}}[/⁄]\s{{0,2}}(\d{{1,3}}(?:[.,]0)?)"))
    });
    for captures in FRACTION.captures_iter(text) {
        let (Some(mark), Some(best_mark)) = (captures.get(2), captures.get(3)) else { continue };
        let start = captures.get(1).unwrap_or(mark).start();
        let range = start..best_mark.end();
        if !stands_free(text, &range) {
            continue;
        }
        let (Some(high), Some(best)) = (value(mark.as_str()), value(best_mark.as_str())) else { continue };
        let low = captures.get(1).and_then(|low| value(low.as_str())).filter(|low| *low < high);
        let mark = low.map_or(high, |low| f64::midpoint(low, high));
        if is_scale(best)
            && let Some((score, confidence)) = share(mark, best)
        {
            found.push(Found { range, form: Form::Fraction, score, best: Some(best), confidence });
        }
    }
}

/// Whether a digit follows a point or comma: the number is longer than what was matched.
fn goes_on_as_number(after: &str) -> bool {
    after.strip_prefix(['.', ',']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether neither side goes on as a longer number, date or path.
fn stands_free(text: &str, range: &Range<usize>) -> bool {
    let mut before = text[..range.start].chars().rev();
    let joined = match before.next() {
        Some('/' | '⁄' | '\\' | '=' | '#' | '$' | '€' | '£') => true,
        Some('.' | ',') => before.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_ascii_alphanumeric(),
        None => false,
    };
    let mut after = text[range.end..].chars();
    let goes_on = match after.next() {
        Some('/' | '⁄' | '\\' | '%') => true,
        Some('.' | ',' | '-' | ':') => after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_alphanumeric() && !c.is_alphabetic() || c.is_ascii_alphabetic() && c.is_lowercase(),
        None => false,
    };
    !joined && !goes_on
}

fn out_of(text: &str, found: &mut Vec<Found>) {
    static OUT_OF: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?i)(?:(?:between\s+)?({NUMBER})\s?(?:and|to|or|[-–])\s?)?(?:\b|[-−])({NUMBER})\s?(★|stars?|étoiles?|estrellas?|estrelas?|stelle|sternen?|stjerner|sterren|points?|punkte[n]?)?\s{{1,2}}\(?(out\s+of|of|von|sur|sobre|su|op|из|ud\s+af|van\sde|av|de|di|na|/)\s({NUMBER})(?:\b|$)"
        ))
    });
    for captures in OUT_OF.captures_iter(text) {
        let (Some(mark), Some(best_mark)) = (captures.get(2), captures.get(5)) else { continue };
        let joiner = captures.get(4).map_or(String::new(), |j| j.as_str().to_lowercase());
        let has_unit = captures.get(3).is_some();
        let counted = captures.get(0).map_or("", |m| head(&text[m.end()..], 8)).trim_start().to_lowercase();
        // "4 of 5", "4 de 5" count anything, unless stars are counted or a label says that it is a mark.
        const UNITS: [&str; 9] = ["star", "point", "★", "⭐", "estrel", "stell", "sterr", "stj", "punkt"];
        let closed = joiner != "of" && !counted.starts_with(|c: char| c.is_alphabetic() && c != 'p');
        let unit = closed && matches!(best_mark.as_str(), "10" | "5" | "6")
            || has_unit
            || UNITS.iter().any(|unit| counted.starts_with(unit));
        let vague = matches!(joiner.as_str(), "of" | "de" | "di" | "na" | "av" | "/");
        if vague && !(unit && (joiner != "of" || !has_unit) || is_labelled(tail(&text[..mark.start()], 40))) {
            continue;
        }
        let whole = captures.get(0).map_or(0..0, |m| m.range());
        let (Some(high), Some(best)) = (value(mark.as_str()), value(best_mark.as_str())) else { continue };
        let low = captures.get(1).and_then(|low| value(low.as_str())).filter(|low| *low < high);
        let start = if low.is_some() { whole.start } else { mark.start() };
        let negative = text[..mark.start()].ends_with(['-', '−']) && high >= best;
        let range = start..best_mark.end();
        if !is_scale(best) || !stands_free(text, &range) {
            continue;
        }
        if negative {
            found.push(Found { range, form: Form::OutOf, score: 0.0, best: Some(best), confidence: Confidence::Low });
            continue;
        }
        let mark = low.map_or(high, |low| f64::midpoint(low, high));
        if let Some((score, confidence)) = share(mark, best) {
            found.push(Found { range, form: Form::OutOf, score, best: Some(best), confidence });
        }
    }
}

/// Whether a label announces what comes next: `Rating: `.
fn is_labelled(before: &str) -> bool {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)(?:^|[^\p{{L}}]){LABELS}\W{{1,4}}$")));
    LABEL.is_match(before)
}

fn asterisks(text: &str, scale: Scale, found: &mut Vec<Found>) {
    static RUN: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?i)(\*(?:\s?\*){{0,9}})\s?(½|1/2)?(?:\s?(?:stars?)?\s?\(?(?:(?:out\s+)?of\s+(\*(?:\s?\*){{1,9}}|{NUMBER})|(?:/|from)\s?(\*(?:\s?\*){{3,9}}|{NUMBER}))(?:\s+stars)?\)?)?"
        ))
    });
    for captures in RUN.captures_iter(text) {
        let (Some(whole), Some(signs)) = (captures.get(0), captures.get(1)) else { continue };
        let drawn = |signs: &str| signs.matches('*').count() as f64;
        let mark = drawn(signs.as_str()) + if captures.get(2).is_some() { 0.5 } else { 0.0 };
        let best = captures.get(3).or(captures.get(4)).and_then(|best| match best.as_str() {
            stars if stars.starts_with('*') => Some(drawn(stars)),
            number => value(number),
        });
        let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '*');
        let masks = joined(text[..whole.start()].chars().next_back()) || joined(text[whole.end()..].chars().next());
        // In "a 9 * out of 10" the star is a unit.
        let unit = mark == 1.0 && text[..whole.start()].trim_end().ends_with(|c: char| c.is_ascii_digit());
        // Stars with gaps alone on a line part scenes.
        let gapped = best.is_none() && signs.as_str().contains(char::is_whitespace);
        if masks || unit || gapped || best.is_none() && mark < 2.0 {
            continue;
        }
        let confidence = if best.or(scale.best).is_some() { Confidence::High } else { Confidence::Low };
        if let Some((score, _)) = share(mark, best.or(scale.best).unwrap_or(5.0)).filter(|_| mark <= 10.0) {
            let range = whole.start()..whole.start() + whole.as_str().trim_end().len();
            found.push(Found { range, form: Form::Asterisks, score, best, confidence });
        }
    }
}

fn star_words(text: &str, scale: Scale, found: &mut Vec<Found>) {
    static STARS: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?i)\b({NUMBER})[\s-](?:stars?|étoiles?|estrellas|estrelas|stelle|sternen?|stjerner|sterren|stjärnor)\b(?:\s\(?out\sof\s({NUMBER})\b\)?)?"
        ))
    });
    for captures in STARS.captures_iter(text) {
        let (Some(whole), Some(mark)) = (captures.get(0), captures.get(1)) else { continue };
        if text[..whole.start()].ends_with(['/', '⁄', '.', ',']) || is_epithet(whole.as_str(), &text[whole.end()..]) {
            continue;
        }
        let Some(mark) = value(mark.as_str()) else { continue };
        let printed = captures.get(2).and_then(|best| value(best.as_str()));
        let best = printed.or(scale.best).unwrap_or(if mark > 5.0 { 10.0 } else { 5.0 });
        if let Some((score, sure)) = share(mark, best).filter(|_| is_scale(best)) {
            let confidence = if printed.or(scale.best).is_some() { sure } else { Confidence::Low };
            found.push(Found { range: whole.range(), form: Form::StarWords, score, best: printed, confidence });
        }
    }
}

/// "a five star chef": many stars in the singular before a noun that is no review.
fn is_epithet(stars: &str, after: &str) -> bool {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:$|\s(?:rat|review|film|movie|book|read|game|album|record|show|novel|out|from|for|in|on|and|but|because)|[^\s])",
        )
    });
    stars.to_lowercase().ends_with("star") && !stars.starts_with(['1', 'o', 'O']) && !OWN.is_match(after)
}

fn simple(text: &str, found: &mut Vec<Found>) {
    static PERCENT: LazyLock<Sought> = LazyLock::new(|| Sought::new(r"\b(\d{1,3}(?:[.,]\d)?)\s?%"));
    static POINTS: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(r"(?i)\b(\d{1,3})(?:\s(?:points|punkte|punti|puntos|pts)\b|\s?[点點])"));
    static DICE: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(r"(?i)\bterningkast\W{1,4}([1-6]|en|to|tre|fire|fem|seks)\b"));
    for (patterns, form) in [(&PERCENT, Form::Percent), (&POINTS, Form::Points)] {
        for captures in patterns.captures_iter(text) {
            let (Some(whole), Some(mark)) = (captures.get(0), captures.get(1).and_then(|m| value(m.as_str()))) else {
                continue;
            };
            if mark <= 100.0 && stands_free(text, &whole.range()) {
                let confidence = Confidence::High;
                found.push(Found { range: whole.range(), form, score: mark, best: Some(100.0), confidence });
            }
        }
    }
    static OF_FULL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(\d{1,3})\s?点満点(?:中|で|の)?、?\s?(\d{1,3})\s?点?"));
    for captures in OF_FULL.captures_iter(text) {
        let (Some(whole), Some(best), Some(mark)) = (captures.get(0), captures.get(1), captures.get(2)) else {
            continue;
        };
        let Some((best, mark)) = value(best.as_str()).zip(value(mark.as_str())) else { continue };
        if let Some((score, confidence)) = share(mark, best).filter(|_| is_scale(best)) {
            found.push(Found { range: whole.range(), form: Form::OutOf, score, best: Some(best), confidence });
        }
    }
    for captures in DICE.captures_iter(text) {
        let (Some(whole), Some(mark)) = (captures.get(0), captures.get(1)) else { continue };
        const NAMES: [&str; 6] = ["en", "to", "tre", "fire", "fem", "seks"];
        let named = NAMES.iter().position(|name| *name == mark.as_str().to_lowercase()).map(|at| at as f64 + 1.0);
        if let Some((score, confidence)) = named.or(value(mark.as_str())).and_then(|mark| share(mark, 6.0)) {
            found.push(Found { range: whole.range(), form: Form::Labelled, score, best: Some(6.0), confidence });
        }
    }
}

/// Words that announce the reviewer's rating, in the languages that the rooms read.
pub const LABELS: &str = r"(?:nota\sfinal|note\sfinale|voto\sfinale|schulnote|stars|ratings?|score|grade|verdict|rated|note|nota|voto|valutazione|gesamtnote|gesamtwertung|bewertung|wertung|fazit|calificación|calificacion|puntuación|puntuacion|avaliação|ocena|betyg|karakter|cijfer|hodnocení|оценка|рейтинг|média\sfinal|media\sfinal|评分|評分|評価|평점|별점)";

fn labelled(text: &str, scale: Scale, found: &mut Vec<Found>) {
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

/// The line around a place, at most 200 bytes to either side.
pub fn line<'a>(text: &'a str, range: &Range<usize>) -> (&'a str, &'a str) {
    let before = tail(&text[..range.start], 200);
    let after = head(&text[range.end..], 200);
    (before.rsplit('\n').next().unwrap_or(before), after.split('\n').next().unwrap_or(after))
}
