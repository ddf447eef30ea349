//! The title in a file name or address, where the text names it too.
//!
//! `2014-03-19-glass-harbour-review.md`, `Glass Harbour.md`, `/films/glass-harbour/index.html`: weak evidence, so the
//! words must stand in the text, and a single word more than once.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    model::text::norm,
    read::pattern::{head, pattern},
};

/// Names of files that say nothing of what is in them.
const EMPTY: [&str; 8] = ["index", "readme", "post", "page", "review", "default", "main", "untitled"];

/// The title that an address states and a text names, as the text prints it.
pub fn in_address(address: &str, text: &str) -> Option<String> {
    let words = words(address)?;
    if let Some(title) = spoken(address).filter(|title| names_first_part(text, title)) {
        return Some(title);
    }
    let (found, times) = printed(head(text, 20_000), &words)?;
    let enough = if words.len() > 1 || words[0].chars().count() > 12 { 1 } else { 2 };
    (times >= enough).then_some(found)
}

/// A file name that a person wrote as a title: with spaces and capitals.
fn spoken(address: &str) -> Option<String> {
    let stem = without_ending(address.rsplit(['/', '\\']).next()?);
    let written = stem.contains(" - ") && stem.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    super::tidy(stem).filter(|_| written)
}

/// Whether a text names what stands before the dash, as it names most works with a second title.
fn names_first_part(text: &str, title: &str) -> bool {
    let first = title.split(" - ").next().unwrap_or(title);
    super::mentions(text, first) >= if first.contains(' ') { 1 } else { 2 }
}

/// The words of the last part that says something, without date, ending, and the word "review".
fn words(address: &str) -> Option<Vec<String>> {
    static AROUND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:(?:19|20)\d{2}[-_.]?\d{2}[-_.]?\d{2}[-_ ]*)?(?:(?:film|movie|book|album|music|game)?[-_ ]?review[-_ ](?:of[-_ ])?)?(.+?)(?:[-_ ](?:(?:film|movie|book|album|music|game)[-_ ])?review)?$",
        )
    });
    let path = address.split(['?', '#']).next()?;
    let mut parts = path.rsplit(['/', '\\']).filter(|part| !part.is_empty());
    let mut stem = without_ending(parts.next()?).to_lowercase();
    if EMPTY.contains(&stem.as_str()) {
        stem = parts.next()?.to_lowercase();
    }
    let bare = AROUND.captures(&stem)?.get(1)?.as_str();
    let words: Vec<String> = norm(&bare.replace('_', " ")).split(' ').map(str::to_owned).collect();
    let sensible = words.len() <= 12 && words.iter().any(|word| word.chars().any(char::is_alphabetic));
    (sensible && norm(bare).chars().count() > 1).then_some(words)
}

fn without_ending(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && end.len() <= 8 && !end.contains(' ') => stem,
        _ => name,
    }
}

/// A title as the text prints it, where it names it: a slug has lost its apostrophes and capitals.
pub fn as_printed(title: &str, text: &str) -> Option<String> {
    let words: Vec<String> = norm(&squeezed(title)).split(' ').map(str::to_owned).collect();
    printed(head(text, 20_000), &words).map(|(found, _)| found)
}

fn squeezed(text: &str) -> String {
    text.replace(['\'', '’'], "")
}

/// The words as a text prints them first with a capital, and how often it does.
fn printed(text: &str, words: &[String]) -> Option<(String, usize)> {
    let mut tokens: Vec<(usize, usize, String)> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || matches!(c, '\'' | '’');
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                tokens.push((from, at, norm(&squeezed(&text[from..at]))));
                start = None;
            }
            _ => {}
        }
    }
    let mut found: Option<String> = None;
    let mut times = 0;
    for window in tokens.windows(words.len()) {
        let same = window.iter().zip(words).all(|(token, word)| token.2 == *word || possessive(&token.2, word));
        let (Some(first), Some(last), true) = (window.first(), window.last(), same) else { continue };
        let whole = &text[first.0..last.1];
        if whole.starts_with(|c: char| c.is_lowercase()) || whole.contains('\n') {
            continue;
        }
        times += 1;
        if last.2 == words[words.len() - 1] {
            found.get_or_insert_with(|| whole.trim_matches(['\'', '’']).to_owned());
        }
    }
    found.map(|found| (found, times))
}

/// `harbours` for `Harbour’s`.
fn possessive(token: &str, word: &str) -> bool {
    token.strip_suffix('s') == Some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "I saw Glass Harbour last week. The light is fine, and Ándale is a song in it.";

    #[test]
    fn a_file_name_gives_the_title_that_the_text_names() {
        for address in [
            "reviews/2014-03-19-glass-harbour-review.md",
            "Glass Harbour.md",
            "https://example.org/films/glass-harbour/index.html",
            "20140319_glass_harbour.txt",
            "review-of-glass-harbour.md",
        ] {
            assert_eq!(in_address(address, TEXT).as_deref(), Some("Glass Harbour"), "{address}");
        }
    }

    #[test]
    fn a_slug_is_spelled_as_the_text_spells_it() {
        let text = "At sea. _The Diver's Glass_ is a film, and don't say it is not.";
        assert_eq!(as_printed("The Divers Glass", text).as_deref(), Some("The Diver's Glass"));
        assert_eq!(as_printed("Night Train", text), None);
    }

    #[test]
    fn a_second_title_in_a_file_name_need_not_be_named() {
        let text = "Glass Harbour is fine. I liked Glass Harbour.";
        assert_eq!(in_address("x/Glass Harbour - The Return.md", text).as_deref(), Some("Glass Harbour - The Return"));
        assert_eq!(in_address("x/Night Train - The Return.md", text), None);
    }

    #[test]
    fn words_that_the_text_does_not_name_are_no_title() {
        for address in ["night-train.md", "2014-03-19.md", "light.md", "index.html", "a.md", "andale.md"] {
            assert_eq!(in_address(address, TEXT), None, "{address}");
        }
        let again = format!("{TEXT} “Ándale” goes on.");
        assert_eq!(in_address("andale.md", &again).as_deref(), Some("Ándale"));
    }
}
