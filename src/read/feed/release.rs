//! The year of release where an entry's prose states it: `X, released in 2009`, `lançado em 2009`, `2009 erschienen`.
//!
//! Only in the opening, where the work is introduced, and only where the sentence speaks of the work.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::norm;

/// How far into a text the work is still being introduced, in bytes.
const OPENING: usize = 1_500;

/// Words of coming out, in the languages that reviews come in most, with the year behind them.
static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:released|published|came out|lançad[oa]|publicad[oa]|estrenad[oa]|lanzad[oa]|paru[es]?|sorti[es]?|uscit[oa]|pubblicat[oa]",
        r"|erschien(?:en)?|veröffentlicht|verschenen|uitgebracht|udgivet|utgiven|wydan[aey]|вышел|вышла|выпущен[аоы]?)",
        r"\s(?:(?:back |originally |first |all the way )?(?:in|em|en|nel|im|i|w|v|в)\s)?(?:(?:the year|o ano de|el año|anno)\s)?((?:19|20)\d\d)\b",
    ))
    .ok()
});

/// Nouns that mean the work.
const NOUNS: [&str; 32] = [
    "it",
    "film",
    "movie",
    "book",
    "novel",
    "album",
    "record",
    "game",
    "which",
    "filme",
    "livro",
    "jogo",
    "disco",
    "pelicula",
    "libro",
    "juego",
    "livre",
    "roman",
    "jeu",
    "gioco",
    "buch",
    "spiel",
    "boek",
    "spel",
    "cd",
    "ep",
    "фильм",
    "книга",
    "игра",
    "that",
    "sequel",
    "series",
];

/// The year in which a text says, in its opening, that the work of that title came out.
pub fn year(text: &str, title: Option<&str>) -> Option<i16> {
    let opening = &text[..text.floor_char_boundary(OPENING)];
    let title = norm(title.unwrap_or_default());
    // `Chinatown Wars` for `GTA Chinatown Wars`: what ends a title is what a sentence calls it by.
    let last = title.rsplit(' ').next().filter(|word| word.len() > 2).unwrap_or("\0");
    AFTER.as_ref()?.captures_iter(opening).find_map(|found| {
        let start = found.get(0)?.start();
        let sentence = opening[..start].rfind(['.', '!', '?', '\n']).map_or(0, |at| at + 1);
        let before = norm(&opening[sentence..start]);
        let words: Vec<&str> = before.rsplit(' ').take(5).collect();
        let speaks = words.contains(&last) || words.iter().take(3).any(|word| NOUNS.contains(word));
        speaks.then(|| found[1].parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::year;

    #[test]
    fn a_sentence_about_the_work_tells_its_year() {
        for (text, title) in [
            ("Low Tide, released in 2009, is still the best of them.", Some("Low Tide")),
            ("O jogo foi lançado em 2009 para consoles.", None),
            ("Das Buch ist 2009? Nein, der Roman erschien im 2009 gedruckt.", None),
            ("Le film sorti en 2009 reste un choc.", Some("Marée basse")),
            ("Old Harbour Low Tide lançado em 2009 para todos.", Some("HW Low Tide")),
        ] {
            assert_eq!(year(text, title), Some(2009), "{text}");
        }
    }

    #[test]
    fn a_year_of_something_else_is_none() {
        for text in [
            "Her first record label, founded elsewhere. Their debut single was published in 2009.",
            "In 2009 I moved to the coast.",
            "The director's wife came out in 2009 with a memoir.",
        ] {
            assert_eq!(year(text, Some("Low Tide")), None, "{text}");
        }
        assert_eq!(year(&("x ".repeat(1_000) + "Low Tide was released in 2009."), Some("Low Tide")), None);
    }
}
