//! A title in quotation marks amid a headline: `My verdict on “Glass Harbour”`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Headline, tidy};
use crate::read::pattern::pattern;

/// The first capitalised quotation of a headline that holds more than it. That the text names it too is for the
/// caller to check: a headline may quote a phrase.
pub fn within(line: &str) -> Option<Headline> {
    static QUOTE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?:^|[\s(….,:])[“"„«»‘’']([^“”"„«»‘]{2,70}?)[”"“»«’'](?:$|[\s).,:!?])"#));
    let title = QUOTE.captures(line)?.get(1)?.as_str();
    let title = tidy(title).filter(|title| title.starts_with(|c: char| c.is_uppercase() || c.is_numeric()))?;
    (title.chars().count() + 4 < line.chars().count()).then(|| Headline {
        title: Some(title),
        quoted: true,
        ..Headline::default()
    })
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_quotation_amid_a_headline_is_found() {
        for line in [
            "My verdict on “Glass Harbour”",
            "Why \"Glass Harbour\" stays with you",
            "El veredicto… ‘Glass Harbour’",
            "Im Kino: „Glass Harbour“",
            "Au cinéma : « Glass Harbour »",
        ] {
            assert_eq!(within(line).and_then(|h| h.title).as_deref(), Some("Glass Harbour"), "{line}");
        }
        for line in ["It's a wonder, isn't it", "The “quiet” film of the year", "“Glass Harbour”"] {
            assert_eq!(within(line), None, "{line}");
        }
    }
}
