//! Ratings as feeds print them: in a field, in a title, on a line of their own.
//!
//! Only what stands where a verdict stands is taken: a `4/5` inside a sentence is no rating of the work.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    model::{Confidence, Line, Rating, RatingKind, Score},
    read::rating,
};

/// A rating from a field with a known scale. `None` where the number is no number or outside the scale.
pub fn field(printed: &str, best: f64) -> Option<Rating> {
    let value: f64 = printed.trim().replace(',', ".").parse().ok()?;
    rating::of_numbers(&format!("{value}/{best}"), value, Some(best))
}

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

const FULL: &str = "★⭐✭✮✯🌟🟊";

static STARS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"((?:[☆✩✰]\x{FE0F}?)*)((?:[★⭐✭✮✯🌟]\x{FE0F}?\s?)+)\s?(½|1/2)?\s?((?:[☆✩✰]\x{FE0F}?\s?)*)")
});
/// A value and its scale, in signs and words that mean nothing else.
static FRACTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(\d{1,3}(?:[.,]\d{1,2})?)(?:\s*(½|1/2))?\s*(?:/|out of|stars? out of|stars? of)\s*",
        r"(100|20|10|5|4|6)\b(?:[.,]0\b)?(?:[^/\d]|$)",
    ))
});
/// The same with words that also count parts: only where a rating is expected.
static WORDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(\d{1,3}(?:[.,]\d{1,2})?)(?:\s*(½|1/2))?\s*(?:of|von|sur|su|de|av|van|z|из)\s*",
        r"(100|20|10|5|4|6)\b(?:[^/\d]|$)",
    ))
});
static COUNTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\b(\d(?:[.,]\d)?|one|two|three|four|five)(?:\s*(½|1/2|and a half))?[ -]stars?\b"));
static LETTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?:Grade|Rating|Score|Verdict|Note|Wertung)\s*[:–—-]\s*([A-DF][+\u{2212}–-]?)(?:\s|$|[.,)])")
});
/// Words that a verdict follows, in the languages that reviews come in most.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:(?:my|final|overall|total|our|the|note|moja|ma|meine?|gesamt|mon|nota)\s?)*",
        r"(?:rating|score|verdict|grade|rated|stars|wertung|bewertung|gesamtwertung|fazit|urteil|note|nota|avis|calificación",
        r"|puntuación|puntaje|valoración|avaliação|classificação|voto|valutazione|giudizio|cijfer|beoordeling|score|betyg",
        r"|karakter|arvosana|ocena|оценка|评分|評価)\b",
    ))
});
/// Labels that speak for the whole work among several lines.
static WHOLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:my |the |our )?(?:final|overall|total|verdict|gesamt|global|general)"));

/// The rating in a title, or `None`.
pub fn in_title(title: &str) -> Option<Rating> {
    stars(title).or_else(|| fraction(&FRACTION, title))
}

/// The rating in a text: on a line of its own, or behind a word such as `Rating:`. Of several lines the one
/// for the whole work counts; where none is and they differ, they are sub-scores and none is taken.
pub fn in_text(text: &str) -> Option<Rating> {
    let mut found: Vec<(bool, Rating)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let labelled = is(&LABEL, line) || is(&WHOLE, line);
        let signs = stars(line).filter(|rating| line.starts_with(&*rating.printed) || line.ends_with(&*rating.printed));
        let rating = signs.clone().or_else(|| in_line(line, labelled));
        let Some(rating) = rating else { continue };
        let alone = line.chars().count() <= rating.printed.chars().count() + 12;
        if labelled || alone || signs.is_some() {
            found.push((is(&WHOLE, line), rating));
        }
    }
    if let Some((_, whole)) = found.iter().rev().find(|(whole, _)| *whole) {
        return Some(whole.clone());
    }
    let (_, first) = found.first()?;
    found.iter().all(|(_, other)| other.score == first.score).then(|| first.clone())
}

/// The rating in a short line; letters and counting words only behind a label.
fn in_line(line: &str, labelled: bool) -> Option<Rating> {
    if line.len() >= 160 {
        return None;
    }
    let rating = stars(line).or_else(|| fraction(&FRACTION, line)).or_else(|| fraction(&WORDED, line));
    rating.or_else(|| counted(line)).or_else(|| letter(line).filter(|_| labelled))
}

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

fn graded(printed: &str, value: f64, best: f64, confidence: Confidence) -> Option<Rating> {
    let score = Score::share(value, best).ok()?;
    Some(Rating { printed: Line::new(printed)?, score, kind: RatingKind::Graded, confidence })
}

/// Stars: the empty ones, on whichever side, tell the scale; without them it is taken to be five, or ten for more.
/// Outlines alone are none: some count with them, some mean nought.
fn stars(text: &str) -> Option<Rating> {
    let found = STARS.as_ref()?.captures(text)?;
    let count = |group: Option<regex::Match<'_>>, set: &str| {
        group.map_or(0, |signs| signs.as_str().chars().filter(|c| set.contains(*c)).count())
    };
    let full = count(found.get(2), FULL);
    let empty = count(found.get(1), "☆✩✰") + count(found.get(4), "☆✩✰");
    let half = f64::from(u8::from(found.get(3).is_some()));
    let value = full as f64 + half / 2.0;
    let printed = found.get(0)?.as_str();
    if full + empty == 1 && full == 1 && half == 0.0 && text.trim() != printed.trim() {
        return None;
    }
    let whole = full + empty + usize::from(half > 0.0 && empty > 0);
    let (best, confidence) = match (empty, whole) {
        (1.., best @ (4..=6 | 10)) => (best, Confidence::High),
        (1.., _) => return None,
        (0, 0..=5) => (5, Confidence::Low),
        (0, 6..=10) => (10, Confidence::Low),
        _ => return None,
    };
    graded(printed, value, best as f64, confidence)
}

/// A rating whose scale was guessed, on the scale that its feed states for all of them; any other as it is.
pub fn on_stated_scale(rating: Rating, best: Option<f64>) -> Rating {
    let guessed = rating.confidence == Confidence::Low && rating.kind == RatingKind::Graded;
    let Some(best) = best.filter(|_| guessed) else { return rating };
    let signs = rating.printed.chars().filter(|c| FULL.contains(*c)).count();
    let value = rating.score.value() / if signs > 5 { 10.0 } else { 20.0 };
    graded(&rating.printed, value, best, Confidence::High).unwrap_or(rating)
}

fn fraction(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<Rating> {
    let found = pattern.as_ref()?.captures(text)?;
    let start = found.get(1)?.start();
    // `2013/10`, `12/10/5`: a date or part of a longer number.
    if text[..start].ends_with(|c: char| c.is_ascii_digit() || matches!(c, '/' | '.' | ',' | '#')) {
        return None;
    }
    let value: f64 = found[1].replace(',', ".").parse().ok()?;
    let best: f64 = found[3].parse().ok()?;
    let value = value + if found.get(2).is_some() { 0.5 } else { 0.0 };
    let printed = &text[start..found.get(3)?.end()];
    (value <= best).then(|| graded(printed, value, best, Confidence::High)).flatten()
}

fn counted(text: &str) -> Option<Rating> {
    let found = COUNTED.as_ref()?.captures(text)?;
    let value = match found[1].to_ascii_lowercase().as_str() {
        "one" => 1.0,
        "two" => 2.0,
        "three" => 3.0,
        "four" => 4.0,
        "five" => 5.0,
        digits => digits.replace(',', ".").parse().ok()?,
    };
    let value = value + if found.get(2).is_some() { 0.5 } else { 0.0 };
    (value <= 5.0).then(|| graded(found.get(0)?.as_str(), value, 5.0, Confidence::Low)).flatten()
}

/// A school mark, A to F, worth what it is worth in every other text.
fn letter(text: &str) -> Option<Rating> {
    let found = LETTER.as_ref()?.captures(text)?;
    rating::field(&found[1].replace(['\u{2212}', '–'], "-"), rating::Scale::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(rating: Option<Rating>) -> Option<f64> {
        rating.map(|rating| rating.score.value())
    }

    #[test]
    fn a_field_has_the_scale_of_its_source() {
        assert_eq!(score(field("3.5", 5.0)), Some(70.0));
        assert_eq!(score(field("7", 10.0)), Some(70.0));
        assert_eq!(field("4.0", 5.0).unwrap().printed, "4/5");
        assert_eq!(field("11", 10.0), None);
        assert_eq!(field("good", 10.0), None);
    }

    #[test]
    fn a_title_carries_stars_or_a_fraction() {
        for (title, want) in [
            ("Her, 2013 - ★★★½", Some(70.0)),
            ("Her (2013) ★★★☆☆", Some(60.0)),
            ("☆☆☆★★★★★★★: Her", Some(70.0)),
            ("☆☆☆☆☆☆: Her", None),
            ("Review: Her – 8.5/10", Some(85.0)),
            ("Her: 4 out of 5", Some(80.0)),
            ("Her", None),
            ("Fahrenheit 9/11", None),
            ("Fellini's 8 1/2", None),
            ("Best films of 2013/10", None),
        ] {
            assert_eq!(score(in_title(title)), want, "{title}");
        }
    }

    #[test]
    fn a_text_carries_it_on_a_line_of_its_own_or_behind_a_label() {
        assert_eq!(score(in_text("A fine film.\n\n★★★★½")), Some(90.0));
        assert_eq!(score(in_text("Rating: 7/10\n\nA fine film.")), Some(70.0));
        assert_eq!(score(in_text("My rating: four stars\n")), Some(80.0));
        assert_eq!(score(in_text("Mine: 4 of 5 stars")), Some(80.0));
        assert_eq!(score(in_text("★★★ And so it goes on, for as long as you like.")), Some(60.0));
        assert_eq!(score(in_title("Low Tide, part 2 of 4")), None);
        assert_eq!(score(in_text("Grade: B+")).map(f64::round), Some(83.0));
        assert_eq!(score(in_text("I would say 9/10 people will love the second half of this film.")), None);
    }

    #[test]
    fn sub_scores_are_no_verdict_but_the_overall_line_is() {
        assert_eq!(score(in_text("Story: 6/10\nSound: 9/10\nLooks: 8/10")), None);
        assert_eq!(score(in_text("Story: 6/10\nSound: 9/10\nOverall: 8/10")), Some(80.0));
    }

    #[test]
    fn a_guessed_scale_gives_way_to_the_one_that_the_feed_states() {
        let of = |title: &str, best| in_title(title).map(|rating| on_stated_scale(rating, best).score.value());
        assert_eq!(of("Low Tide ★★★", Some(4.0)), Some(75.0));
        assert_eq!(of("Low Tide ★★★", None), Some(60.0));
        assert_eq!(of("Low Tide ★★★☆☆", Some(4.0)), Some(60.0), "printed signs say more");
        assert_eq!(of("Low Tide 3/5", Some(4.0)), Some(60.0));
        assert_eq!(of("Low Tide ★★★★★", Some(4.0)), Some(100.0), "more than the best: the feed means another scale");
        assert_eq!(of("Low Tide ★★★★★★★", Some(10.0)), Some(70.0));
    }
}
