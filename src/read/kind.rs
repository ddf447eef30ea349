//! What kind of work a text is about: by what it says it is, else by the words it uses.

use std::{collections::HashMap, sync::LazyLock};

use crate::model::{WorkKind, text::norm};

/// Words that speak for a kind, in the languages most met; the number is their weight.
const WORDS: [(WorkKind, u32, &str); 9] = [
    (
        WorkKind::Film,
        3,
        "film films movie movies cinema filmmaker filmmakers screenplay cinematography filme filmen filmes cine pelicula peliculas peli filmkritik kino kinofilm sinema fims moviegoers filmu filmie filmow filmem filmy фильм фильма фильме фильмы кино кинотеатр bioscoop biograf elokuva pellicola sneak 映画 영화",
    ),
    (
        WorkKind::Film,
        1,
        "director directed actor actress actors cast scene scenes screen oscar trailer starring theater theatre dvd hollywood biopic regisseur acteur acteurs actrice actores actriz attori attore schauspieler darsteller sequel camera kamera sinema cinematic vfx episode episodes anime realisateur realisation regia regista regie drehbuch scenario guion sceneggiatura scena rezyser aktor aktorzy режиссер актер актеры сцена szene szenen streifen tournage skadespelare",
    ),
    (
        WorkKind::Book,
        3,
        "book books novel novels buch buches bucher roman romans romane livre livres libro libros libri livro livros ksiazka ksiazki ksiazke ksiazce ksiazek knjiga boek boeken bok boken bog bogen novella paperback hardcover memoir audiobook bookshelf novela romanzo powiesc powiesci книга книги книге книгу роман романа kirja 小説 本書",
    ),
    (
        WorkKind::Book,
        1,
        "author chapter chapters reader readers reading prose pages writer publisher isbn autor autorin autora autore auteur autrice autorka forfatter forfattare schrijver narrator protagonist read gelesen lesen leser kapitel verlag lecture lecteur lectura lectrice lettura leitura czytelnik lektura lektury czytania gelezen автор читатель",
    ),
    (WorkKind::Album, 3, "album albums albumet albumu ep lp vinyl disco discografia tracklist альбом альбома アルバム"),
    (
        WorkKind::Album,
        1,
        "song songs band guitar guitars vocals lyrics track tracks drums riff riffs melody melodies chorus singer label single songwriting bassline indie rock synth lied lieder stuck gitarre sanger chanson chansons chanteur guitare canzone canzoni cancion canciones guitarra musica muzyka piosenka песня песни группа гитара nummer gitaar",
    ),
    (
        WorkKind::Game,
        3,
        "game games gameplay jogo jogos spiel spiele juego juegos jeu jeux gioco xbox playstation gamer gamers multiplayer videogame videogames videojuego nintendo ps3 ps4 ps5 steam spel gra gry grze игра игры игре ゲーム playthrough roguelike metroidvania",
    ),
    (
        WorkKind::Game,
        1,
        "player players controls boss bosses console level levels graphics jogabilidade quests quest campaign combat controller fps rpg dlc combos combo enemies dungeons dungeon button buttons playable multiplayer weapons spieler steuerung grafik joueur joueurs jugador jugadores grafica giocatore gracz игрок",
    ),
    (
        WorkKind::Other,
        3,
        "restaurant bar cocktail cocktails menu waiter dish dishes synthesizer synth camera laptop phone headphones gadget processor firmware keyboard 맛 메뉴 식당 hotel",
    ),
];

/// Words of a headline, category or key that name the kind outright.
const NAMES: [(WorkKind, &str); 5] = [
    (
        WorkKind::Film,
        "film films movie movies cinema kino filmkritik pelicula peliculas cine filme filmes filmy filmer tv series serie serien show anime documentary dokumentarfilm filmreview moviereview moviereviews filmrezension serial serials фильм фильмы кино 映画 영화",
    ),
    (
        WorkKind::Book,
        "book books novel novels livre livres lecture lectures buch bucher libro libros libri livro livros ksiazka ksiazki boek boeken bok bog boger bocker comic comics manga fiction nonfiction literature literatura literatur bookreview bookreviews buchrezension buchkritik audiobook roman книга книги 書評 読書",
    ),
    (
        WorkKind::Album,
        "album albums music musik musique musica muzyka muziek cd record records ep lp single concert vinyl albumreview musicreview metal punk jazz grindcore shoegaze techno hiphop альбом музыка 音楽",
    ),
    (
        WorkKind::Game,
        "game games gaming videogame videogames jogo jogos spiel spiele juego juegos jeu jeux gioco giochi gry gra boardgame boardgames gamereview videojuegos игра игры ゲーム",
    ),
    (WorkKind::Other, "restaurant restaurants product products hardware gadget gadgets"),
];

/// The kind that a single word or short phrase names outright.
pub fn named(phrase: &str) -> Option<WorkKind> {
    static KINDS: LazyLock<HashMap<&str, WorkKind>> = LazyLock::new(|| {
        let rows = NAMES.iter().flat_map(|(kind, words)| words.split(' ').map(|word| (word, *kind)));
        rows.collect()
    });
    let phrase = norm(phrase);
    phrase.split(' ').find_map(|word| KINDS.get(word).copied())
}

/// The kind that a text's words speak for, where one clearly leads.
pub fn of_words(text: &str) -> Option<WorkKind> {
    static WEIGHTS: LazyLock<HashMap<&str, (WorkKind, u32)>> = LazyLock::new(|| {
        let rows = WORDS.iter().flat_map(|(kind, weight, words)| words.split(' ').map(|w| (w, (*kind, *weight))));
        rows.collect()
    });
    let mut scores: HashMap<WorkKind, u32> = HashMap::new();
    let lower = norm(&super::pattern::head(text, 20_000).replace(['’', '\''], " ")).replace('ł', "l").replace('ø', "o");
    for word in lower.split(' ') {
        if let Some((kind, weight)) = WEIGHTS.get(word) {
            *scores.entry(*kind).or_default() += weight;
        }
    }
    // Scripts without spaces: the words are looked for where they stand.
    for (kind, weight, words) in WORDS {
        let unspaced =
            words.split(' ').filter(|word| word.starts_with(|c: char| ('\u{3040}'..='\u{9fff}').contains(&c)));
        let times: usize = unspaced.map(|word| lower.matches(word).count()).sum();
        *scores.entry(kind).or_default() += weight * u32::try_from(times).unwrap_or(0);
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
        for (text, kind) in [
            ("Der Film hat gute Schauspieler und eine starke Regie.", WorkKind::Film),
            ("Książka ma dobrych bohaterów, a autorka pisze pięknie.", WorkKind::Book),
            ("Le jeu est long, et le joueur s’ennuie.", WorkKind::Game),
            ("L’album ouvre sur une chanson calme, puis la guitare.", WorkKind::Album),
            ("この映画は静かで、映画らしい。", WorkKind::Film),
        ] {
            assert_eq!(of_words(text), Some(kind), "{text}");
        }
        assert_eq!(named("Reseñas de libros"), Some(WorkKind::Book));
    }
}
