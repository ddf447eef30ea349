//! Whether a text is a review at all: not a news item, an interview, a list, an about page or an offer.

mod measure;

use std::sync::LazyLock;

use regex::Regex;

use super::{facts::Facts, language, pattern::pattern, title::REVIEW};
use measure::Measure;

/// Why a text is no review, or `None` where it is one.
pub fn objection(headline: &str, text: &str, facts: &Facts) -> Option<&'static str> {
    static INDEX: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\[?\bread\smore\b|continue\sreading|\[…\]|\[\.\.\.\]"));
    static SPEAKER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^\W{0,2}(\p{Lu}[\p{L}.]{0,20}(?:\s\p{Lu}[\p{L}]{1,20})?)\s?:\s"));
    static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:about(?:\s(?:me|us|this|the\ssite))?|contact(?:\sus)?|privacy\spolicy|imprint|impressum)\W*$",
        )
    });
    static ANALYSIS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:interview|writing\sanalysis|news|trailer|announce[sd]?|preview|podcast|release\sdate|revealed|giveaway|how\sto|top\s\d+)\b",
        )
    });
    static OFFER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:your\s(?:book|review|novel|manuscript)|we\sreview|our\sservice|you\sare\spaying|pricing|per\smonth|order\snow|submit\syour)\b",
        )
    });
    if text.trim().is_empty() {
        return Some("there is no running text in it");
    }
    if facts.rating.is_some() && facts.declared {
        return None;
    }
    if ABOUT.is_match(headline) {
        return Some("it is a page about its author or site");
    }
    if OFFER.find_iter(text).take(4).count() >= 4 {
        return Some("it offers something to the reader");
    }
    if interview(text, &SPEAKER) {
        return Some("it is a conversation");
    }
    if INDEX.find_iter(text).take(3).count() >= 3 && facts.rating.is_none() {
        return Some("it is a list of other texts");
    }
    // Themes declare a language that is not the text's.
    let spoken = language::guess(text).or_else(|| facts.language.clone()).unwrap_or_else(|| "en".into());
    let measure = Measure::of(text, spoken.get(..2).unwrap_or("en"));
    // A long text that never speaks of a work was called a review by its site's name, or holds another's score.
    if let Some(measure) = measure.filter(|measure| measure.sentences > 6) {
        let least = if facts.declared { 0.02 } else { 0.07 };
        if (facts.declared || facts.rating.is_some()) && measure.score < least {
            return Some("it judges no work");
        }
    }
    if facts.declared || facts.rating.is_some() {
        return None;
    }
    if ANALYSIS.is_match(headline) {
        return Some("its headline announces something else");
    }
    static SPEAKS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\breviews?\b"));
    if calls_itself_review(headline) {
        // Not "Review: X", but "review" amid a sentence: it may as well speak of other people's reviews.
        let spoken = SPEAKS.find_iter(text).count();
        if spoken >= 3 || spoken >= 1 && text.chars().count() < 2500 {
            return Some("it is about reviews");
        }
        return None;
    }
    if let Some(measure) = measure {
        return (!measure.is_enough()).then_some("it judges no work");
    }
    (facts.work.title.is_none() || facts.work.kind.is_none() && super::kind::of_words(text).is_none())
        .then_some("it names no work")
        .or_else(|| not_declared(headline, facts))
}

/// Whether a word for "review" stands in a line.
pub fn calls_itself_review(line: &str) -> bool {
    static NAMES_REVIEW: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)(?:^|\W){REVIEW}(?:\W|$)")));
    NAMES_REVIEW.is_match(line)
}

/// In a language whose words of praise are not known here, something must say that it is a review.
fn not_declared(headline: &str, facts: &Facts) -> Option<&'static str> {
    let shown = facts.work.year.is_some() || !facts.work.creators.is_empty() || facts.reviewer.is_some();
    let warns = headline.to_lowercase().contains("spoiler");
    (!shown || warns).then_some("nothing in it says that it is a review")
}

/// Two or more speakers who take turns at line starts, for a good part of the lines.
fn interview(text: &str, speaker: &Regex) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let names: Vec<&str> = speaker.captures_iter(text).filter_map(|c| c.get(1)).map(|m| m.as_str()).collect();
    let mut times = std::collections::HashMap::new();
    for name in &names {
        *times.entry(*name).or_insert(0usize) += 1;
    }
    let regular = times.values().filter(|count| **count >= 3).count();
    regular >= 2 && names.len() * 2 >= lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_judges_a_work_is_a_review() {
        let text = "I watched this film last night. The acting is superb and the story moving. The ending is weak, but I loved it.";
        assert_eq!(objection("Last night", text, &Facts::default()), None);
    }

    #[test]
    fn news_interviews_about_pages_and_lists_are_not() {
        let none = Facts::default();
        assert!(objection("About me", "I write about good food and films that I love to watch.", &none).is_some());
        assert!(
            objection(
                "Casting",
                "The studio said on Monday that shooting starts in May in Bristol. Two parts are open.",
                &none
            )
            .is_some()
        );
        let talk = "Ann: How did it start?\n\nBo: By chance.\n\nAnn: And then?\n\nBo: We filmed.\n\nAnn: Was it good?\n\nBo: Very good.";
        assert!(objection("A talk", talk, &none).is_some());
        let list = "Glass Harbour is a great film […]\n[Read more]\nNight Train is a bad film […]\n[Read more]";
        assert!(objection("December", list, &none).is_some());
    }
}
