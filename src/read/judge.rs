//! Whether a text is a review at all: not a news item, an interview, a list, an about page or an offer.

mod measure;
mod words;

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
    static LISTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:(?:my\s|the\s|our\s)?(?:top|best|worst|favou?rite)\s(?:\d+|ten|five|(?:new\s)?(?:books|films|movies|albums|games|records))\b|\d+\s(?:\w+\s)?(?:books|films|movies|albums|games|bücher|filme|livres|libros|libri|livros|boeken|książek)\b|(?:books|films|movies|albums|games)\s(?:i|of|in|from)\b|.*\b(?:round-?up|recap|wrap-?up|reading\slist|watch-?list|year\sin\sreview|mini-?reviews|podsumowanie|jahresrückblick|monatsrückblick|lesemonat|favoriten|bilan|итоги)\b|(?:january|february|march|april|may|june|july|august|september|october|november|december|weekly|monthly)(?:\s\d{4})?\s(?:(?:book|movie|film|album|game|reading)\s)?(?:reviews|reads|watches|favou?rites|update)\b|(?:(?:book|movie|film|album|game|music|mini|my|our|all|latest)\s)*(?:reviews|rezensionen|kritiken|critiques|recensioni|reseñas|resenhas|recensies|recenzje)\W*$|.*まとめ)",
        )
    });
    if text.chars().filter(|c| c.is_alphabetic()).take(15).count() < 15 && facts.rating.is_none() {
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
    if LISTED.is_match(headline) && facts.rating.is_none() {
        return Some("it is a list of several works");
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
    if lists_works(text) {
        return Some("it is a list of several works");
    }
    if let Some(measure) = measure.filter(|_| spoken.starts_with("en")) {
        let judges = measure.is_enough() || facts.sheet && measure.speaks();
        return (!judges).then_some("it judges no work");
    }
    if let Some((opinion, work, sentences)) = words::foreign(text, &spoken) {
        let dense = opinion * 2 + work >= 8 && (opinion + work) * 5 >= sentences;
        let judges = opinion >= 2 && (work >= 3 && dense || work >= 2 && sentences <= 8 || facts.sheet && work >= 1);
        let reports = measure.is_some_and(|measure| measure.score < 0.0);
        let named = facts.work.title.is_some();
        return (!judges || reports || !named).then_some(if named { "it judges no work" } else { "it names no work" });
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

/// Three lines or more that begin with different numbers of stars: what the marks of a site mean.
pub fn explains_marks(text: &str) -> bool {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?im)^[\s>•-]{0,3}(?:([★☆⭐✮✰*]{1,5})\s*[=:–—-]|([1-5])[\s-]stars?\s*(?:[=:–—-]|$))")
    });
    let counts = MARK.captures_iter(text).filter_map(|c| match (c.get(1), c.get(2)) {
        (Some(stars), _) => Some(stars.as_str().chars().count()),
        (_, Some(number)) => number.as_str().parse().ok(),
        _ => None,
    });
    counts.collect::<std::collections::HashSet<usize>>().len() >= 3
}

/// Three headings or more that each name a work with its maker or year, and prose under each.
fn lists_works(text: &str) -> bool {
    static NAMES_WORK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\W*\S.{1,60}?(?:\s[–—-]\s\S.{1,60}|\s\((?:19|20)\d{2}\)\W{0,3})$"));
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let heads = lines.iter().enumerate().filter(|(at, line)| {
        let head = line.chars().count() < 100 && !line.ends_with(['.', ',', '!', '?']) && NAMES_WORK.is_match(line);
        head && lines.iter().skip(at + 1).take(2).any(|line| line.chars().count() >= 90)
    });
    heads.take(3).count() >= 3
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
    fn keys_to_marks_and_lists_of_works_are_no_reviews() {
        assert!(explains_marks("How I rate\n★★★ – loved it\n★★ – liked it\n★ – left it"));
        assert!(explains_marks("5 stars: loved it\n4 stars: liked it\n1 star: left it"));
        assert!(!explains_marks("★★★★ – a fine film about the sea, and a good one."));
        let prose = "The sea is grey in every frame of this picture, and the people who look at it are greyer still, yet it never bores.";
        let list = format!("Tall Ship – Glass Harbour\n{prose}\nThe Oars - Night Train\n{prose}\nSnow (1999)\n{prose}");
        assert!(lists_works(&list));
        assert!(!lists_works(&format!("Tall Ship – Glass Harbour\n{prose}\n{prose}")));
        let none = Facts::default();
        for headline in ["March Book Reviews", "Top 10 Films of 2014", "12 Bücher", "Lesemonat Mai", "Book Reviews"] {
            assert!(objection(headline, prose, &none).is_some(), "{headline}");
        }
    }

    #[test]
    fn a_review_in_another_language_is_told_from_news() {
        let mut facts = Facts::default();
        facts.work.title = Some("Glashafen".into());
        let review = "Glashafen ist ein stiller Film. Die Schauspieler überzeugen, die Handlung ist spannend, leider bleibt das Ende schwach. Ich empfehle den Film trotzdem jedem, der das Meer liebt.";
        assert_eq!(objection("Glashafen", review, &facts), None);
        let news = "Der Vorstand der Reederei tagte am Montag in Bremen. Man beschloss, im kommenden Jahr zwei weitere Schiffe zu bauen und den alten Hafen zu verkaufen. Der Bürgermeister war dabei.";
        assert!(objection("Glashafen", news, &facts).is_some());
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
