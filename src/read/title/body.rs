//! What running text says of its work: the title it names again and again, the full citation, the year of release.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::{Headline, tidy, year};
use crate::{
    model::text::norm,
    read::{
        pattern::{head, pattern},
        people,
    },
};

/// Pronouns and the like that are titles as well: they count only in quotes or capitalised amid a sentence.
const PRONOUNS: [&str; 12] = ["her", "it", "us", "them", "him", "she", "you", "me", "they", "we", "he", "this"];

/// How often a text names a title: in its own spelling, at word ends; pronouns only where they cannot be meant
/// otherwise.
pub fn mentions(text: &str, title: &str) -> usize {
    if PRONOUNS.contains(&norm(title).as_str()) {
        return pronoun_mentions(text, title);
    }
    plain_mentions(&words(text), title)
}

/// The words of a text with a space around each.
fn words(text: &str) -> String {
    format!(" {} ", norm(text))
}

/// How often the [`words`] of a text hold a title.
fn plain_mentions(words_of_text: &str, title: &str) -> usize {
    let title = words(title);
    if title.trim().is_empty() { 0 } else { words_of_text.matches(&title).count() }
}

fn pronoun_mentions(text: &str, title: &str) -> usize {
    let mut capital = title.to_lowercase();
    if let Some(first) = capital.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    let amid = text.match_indices(&capital).filter(|(at, _)| {
        let before = text[..*at].trim_end();
        let ends_word = !text[at + capital.len()..].starts_with(char::is_alphanumeric);
        ends_word && before.len() < *at && before.ends_with(|c: char| c.is_alphanumeric() || c == ',')
    });
    let lower = capital.to_lowercase();
    let quoted = [("“", "”"), ("\"", "\""), ("‘", "’"), ("„", "“"), ("«", "»")].iter().map(|(open, close)| {
        text.matches(&format!("{open}{capital}{close}")).count()
            + text.matches(&format!("{open}{lower}{close}")).count()
    });
    amid.count() + quoted.sum::<usize>()
}

/// The year in which a text says that its work came out: `it was released in 2001`, `X, which came out on 3 May 2001`.
pub fn released(text: &str, title: Option<&str>) -> Option<i16> {
    static RELEASED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(.{0,60}?)\b(?:(?:was|were)\s(?:first\s|originally\s)?(?:released|published)|came\sout|first\sreleased|originally\s(?:released|published))\b[^.!?\n\d]{0,25}(?:\d{1,2}(?:st|nd|rd|th)?[ ,][^.!?\n\d]{0,15})?((?:18|19|20)\d{2})\b",
        )
    });
    let c = RELEASED.captures(head(text, 3000))?;
    let subject = norm(c.get(1)?.as_str());
    let last = subject.rsplit(' ').next().unwrap_or("");
    // "The song is old, it came out in 1981": what "it" is was said just before.
    static ANOTHER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:song|track|single|trailer|sequel|prequel|previous|earlier|remake|cover)\b"));
    if ANOTHER.is_match(&subject) {
        return None;
    }
    let is_work = ["it", "film", "movie", "book", "novel", "album", "record", "game", "which"].contains(&last)
        || title.is_some_and(|title| subject.ends_with(&norm(title)));
    is_work.then(|| year(c.get(2)?.as_str())).flatten()
}

/// The full title where a text opens by citing it: `Glass Harbour: A Life at Sea, by Ada Quill.`
pub fn cited(text: &str, short: &str) -> Option<Headline> {
    static CITED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"^[“"]?([^.!?\n“”"]{4,140}?)[”"]?,?\sby\s([^,.()\n]{4,40})(?:[.,(]|\n)"#));
    let c = CITED.captures(text)?;
    let title = tidy(c.get(1)?.as_str())?;
    let by = c.get(2).map(|m| m.as_str().trim()).filter(|name| people::is_full_name(name))?;
    // The short form with or without its article, and then more: "I finished X by Y" is a sentence.
    let full = norm(&title);
    let same = [norm(short), format!("the {}", norm(short))].iter().any(|short| full.starts_with(short));
    same.then(|| Headline { title: Some(title), creators: vec![by.to_owned()], ..Headline::default() })
}

/// The title that a text names: `I watched X`, `“X”` again and again, `X (2013)`, `the game “X”`.
pub fn in_body(text: &str) -> Option<Headline> {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[“"«„]([^“”"«»„\n]{2,60})[”"»“]"#));
    static WITH_YEAR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"((?:\p{Lu}[\p{L}’'-]*|\d+)(?:[ :](?:[\p{Lu}\d][\p{L}\d’':-]*|of|the|and|a|in|to|for)){0,7})\s\(([12]\d{3})\)",
        )
    });
    static CUE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:\b(?:watched|watching|finished|finish|read|reading|playing|played|rented|saw|seen|bought|titled|called|entitled|film|movie|book|novel|game|album|record|series|Film|Buch|Roman|Album|Spiel|Serie|livre|roman|libro|livro|película|jeu|jogo|juego|książka|książkę)(?:\stoday)?,?\s(?:“|"|‘|‘|')?)((?:[\p{Lu}\d][\p{L}\d’'-]*)(?:[ :](?:[\p{Lu}\d][\p{L}\d’':-]*|of|the|and|a|in|to|for|on)){0,7})"#,
        )
    });
    let opening = head(text, 20_000);
    let all = words(opening);
    let mentions = |title: &str| match PRONOUNS.contains(&norm(title).as_str()) {
        true => pronoun_mentions(opening, title),
        false => plain_mentions(&all, title),
    };
    // Phrases in lower case count by how often they stand in quotation marks: amid a sentence they are words.
    let mut lower: HashMap<String, usize> = HashMap::new();
    let mut scores: HashMap<String, (f64, usize, String, Option<i16>)> = HashMap::new();
    let mut add = |phrase: &str, score: f64, at: usize, year: Option<i16>| {
        let Some(title) = tidy(phrase).filter(|t| t.split_whitespace().count() <= 9) else { return };
        let key = norm(&title);
        if key.len() < 2
            || title.ends_with("’s")
            || title.ends_with("'s")
            || title.contains(['\u{2019}', '\'']) && key.split(' ').count() == 1
        {
            return;
        }
        let entry = scores.entry(key).or_insert((0.0, at, title, year));
        entry.0 += score;
        entry.3 = entry.3.or(year);
    };
    for c in QUOTED.captures_iter(opening) {
        let Some(phrase) = c.get(1) else { continue };
        let named = phrase.as_str().starts_with(char::is_uppercase);
        let pronoun = PRONOUNS.contains(&norm(phrase.as_str()).as_str());
        let ends = phrase.as_str().ends_with(['.', ',', '!', '?']);
        if !ends && !named && !pronoun && phrase.as_str().split(' ').count() <= 5 {
            *lower.entry(norm(phrase.as_str())).or_default() += 1;
            add(phrase.as_str(), 0.6, phrase.start(), None);
        }
        if !ends && (named || pronoun) {
            add(phrase.as_str(), if pronoun { 1.4 } else { 1.0 }, phrase.start(), None);
        }
    }
    for c in WITH_YEAR.captures_iter(opening) {
        if let (Some(phrase), Some(printed)) = (c.get(1), c.get(2)) {
            add(phrase.as_str(), 0.6, phrase.start(), year(printed.as_str()));
        }
    }
    for c in CUE.captures_iter(head(opening, 3000)) {
        if let Some(phrase) = c.get(1) {
            let phrase_text =
                phrase.as_str().trim_end_matches(" the").trim_end_matches(" and").trim_end_matches(" for");
            let phrase_text = phrase_text
                .trim_end_matches(" in")
                .trim_end_matches(" on")
                .trim_end_matches(" to")
                .trim_end_matches(" a")
                .trim_end_matches(" of");
            let certain = phrase.start() < 600;
            add(phrase_text, if certain { 0.9 } else { 0.5 }, phrase.start(), None);
        }
    }
    // "A Studio's Some Title": the owner is no part of the title where the rest is named alone as well.
    for entry in scores.values_mut() {
        if let Some((_, rest)) =
            entry.2.split_once("’ ").or_else(|| entry.2.split_once("’s ")).or_else(|| entry.2.split_once("'s "))
            && mentions(rest) > mentions(&entry.2)
        {
            entry.2 = rest.to_owned();
        }
    }
    let best = scores.into_values().map(|(score, at, title, year)| {
        let near = if at < 500 { 1.0 } else { 0.0 };
        let often = lower.get(&norm(&title)).copied().unwrap_or_else(|| mentions(&title));
        let again = often.min(6) as f64 * 0.5;
        (score.min(4.0) + again + near, at, title, year)
    });
    // Two phrases can begin at one place: the map's order must not decide between them.
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2)))?;
    (best.0 >= 2.4).then(|| Headline { title: Some(best.2), year: best.3, ..Headline::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pronoun_is_a_title_only_where_it_cannot_be_a_pronoun() {
        assert_eq!(mentions("Her eyes. I saw her. He met her.", "Her"), 0);
        assert_eq!(mentions("I think Her is fine. What I liked about “her” was the light.", "Her"), 2);
    }

    #[test]
    fn a_text_without_headline_names_its_title_itself() {
        let text = "I rented “Glass Harbour” on Sunday. The game is short. Nothing in Glass Harbour surprised me.";
        assert_eq!(in_body(text).and_then(|h| h.title).as_deref(), Some("Glass Harbour"));
        assert_eq!(in_body("A quiet day. Nothing happened at all."), None);
    }

    #[test]
    fn the_text_may_give_full_title_and_year_of_release() {
        let cited = cited("Glass Harbour: A Life at Sea, by Ada Quill. I liked it.", "Glass Harbour").unwrap();
        assert_eq!(cited.title.as_deref(), Some("Glass Harbour: A Life at Sea"));
        assert_eq!(cited.creators, ["Ada Quill"]);
        assert_eq!(released("I saw it when it came out on May 3, 2001.", None), Some(2001));
        assert_eq!(released("Glass Harbour was released in 1999.", Some("Glass Harbour")), Some(1999));
        assert_eq!(released("His son was released in 1999.", None), None);
        assert_eq!(released("He was released in 1999. I was born in 1980.", Some("Glass Harbour")), None);
    }
}
