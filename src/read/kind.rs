//! What kind of work a text is about: by what it says it is, else by the words it uses.

use std::{collections::HashMap, sync::LazyLock};

use crate::model::{WorkKind, text::norm};

/// Words that speak for a kind, in the languages most met; the number is their weight.
const WORDS: [(WorkKind, u32, &str); 9] = [
    (
        WorkKind::Film,
        3,
        "film films movie movies cinema filmmaker screenplay cinematography filme cine pelicula filmkritik kino sinema fims moviegoers",
    ),
    (
        WorkKind::Film,
        1,
        "director directed actor actress actors cast scene scenes screen oscar trailer starring theater theatre dvd hollywood biopic regisseur acteur sequel camera sinema cinematic vfx episode episodes anime",
    ),
    (
        WorkKind::Book,
        3,
        "book books novel novels buch roman livre libro livro ksiazka ksiazki knjiga boek bok novella paperback hardcover memoir audiobook bookshelf",
    ),
    (
        WorkKind::Book,
        1,
        "author chapter chapters reader readers reading prose pages writer publisher isbn autor autorin narrator protagonist read",
    ),
    (WorkKind::Album, 3, "album albums ep lp vinyl disco discografia tracklist"),
    (
        WorkKind::Album,
        1,
        "song songs band guitar guitars vocals lyrics track tracks drums riff melody melodies chorus singer label single songwriting bassline indie rock synth",
    ),
    (
        WorkKind::Game,
        3,
        "game games gameplay jogo jogos spiel juego jeu xbox playstation gamer gamers multiplayer videogame nintendo ps3 ps4 ps5 steam",
    ),
    (
        WorkKind::Game,
        1,
        "player players controls boss console level levels graphics jogabilidade quests quest campaign combat controller fps rpg dlc",
    ),
    (
        WorkKind::Other,
        3,
        "restaurant bar cocktail cocktails menu waiter dish dishes synthesizer synth camera laptop phone headphones gadget processor firmware keyboard 맛 메뉴 식당 hotel",
    ),
];

/// Words of a headline, category or key that name the kind outright.
const NAMES: [(&str, WorkKind); 44] = [
    ("film", WorkKind::Film),
    ("films", WorkKind::Film),
    ("movie", WorkKind::Film),
    ("movies", WorkKind::Film),
    ("cinema", WorkKind::Film),
    ("kino", WorkKind::Film),
    ("filmkritik", WorkKind::Film),
    ("pelicula", WorkKind::Film),
    ("filme", WorkKind::Film),
    ("tv", WorkKind::Film),
    ("series", WorkKind::Film),
    ("show", WorkKind::Film),
    ("book", WorkKind::Book),
    ("books", WorkKind::Book),
    ("novel", WorkKind::Book),
    ("livre", WorkKind::Book),
    ("buch", WorkKind::Book),
    ("libro", WorkKind::Book),
    ("livro", WorkKind::Book),
    ("ksiazka", WorkKind::Book),
    ("ksiazki", WorkKind::Book),
    ("comic", WorkKind::Book),
    ("manga", WorkKind::Book),
    ("fiction", WorkKind::Book),
    ("album", WorkKind::Album),
    ("albums", WorkKind::Album),
    ("music", WorkKind::Album),
    ("cd", WorkKind::Album),
    ("record", WorkKind::Album),
    ("ep", WorkKind::Album),
    ("single", WorkKind::Album),
    ("concert", WorkKind::Album),
    ("game", WorkKind::Game),
    ("games", WorkKind::Game),
    ("videogame", WorkKind::Game),
    ("jogo", WorkKind::Game),
    ("jogos", WorkKind::Game),
    ("spiel", WorkKind::Game),
    ("juego", WorkKind::Game),
    ("jeu", WorkKind::Game),
    ("boardgame", WorkKind::Game),
    ("restaurant", WorkKind::Other),
    ("product", WorkKind::Other),
    ("hardware", WorkKind::Other),
];

/// The kind that a single word or short phrase names outright.
pub fn named(phrase: &str) -> Option<WorkKind> {
    let phrase = norm(phrase);
    let mut kinds = phrase.split(' ').filter_map(|word| NAMES.iter().find(|(name, _)| *name == word)).map(|(_, k)| *k);
    kinds.next()
}

/// The kind that a text's words speak for, where one clearly leads.
pub fn of_words(text: &str) -> Option<WorkKind> {
    static WEIGHTS: LazyLock<HashMap<&str, (WorkKind, u32)>> = LazyLock::new(|| {
        let rows = WORDS.iter().flat_map(|(kind, weight, words)| words.split(' ').map(|w| (w, (*kind, *weight))));
        rows.collect()
    });
    let mut scores: HashMap<WorkKind, u32> = HashMap::new();
    let lower = norm(super::pattern::head(text, 20_000));
    for word in lower.split(' ') {
        if let Some((kind, weight)) = WEIGHTS.get(word) {
            *scores.entry(*kind).or_default() += weight;
        }
    }
    let mut ranked: Vec<_> = WorkKind::ALL.into_iter().map(|k| (scores.get(&k).copied().unwrap_or(0), k)).collect();
    ranked.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let (first, second) = (ranked.first()?, ranked.get(1)?);
    (first.0 >= 3 && first.0 * 4 >= second.0 * 5).then_some(first.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_the_kind_and_words_suggest_it() {
        assert_eq!(named("Book Review"), Some(WorkKind::Book));
        assert_eq!(named("Thoughts"), None);
        assert_eq!(of_words("This film has a fine cast, and its director knows every scene."), Some(WorkKind::Film));
        assert_eq!(of_words("The album opens with a loud song; the guitars never stop."), Some(WorkKind::Album));
        assert_eq!(of_words("Nothing to see here."), None);
    }
}
