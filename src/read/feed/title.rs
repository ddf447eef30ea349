//! Titles of entries to works: `Her (2013) – Review`, `Review: Artist, Album (Label)`, `Game [DS]`.
//!
//! Works on the shape alone. Whether the entry is a review at all is judged in the
//! [dialect](super::dialect), with what the title says about it.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Line, Work, WorkKind, text::fold_space};

/// What a title says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headline {
    /// The work.
    pub work: Work,
    /// Whether the title calls the entry a review.
    pub review: bool,
}

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// The word for a review in the languages that reviews come in most, with what may stand before it.
macro_rules! review_words {
    () => {
        concat!(
            r"(?:(?:(?:the|my|a|mini|quick|short|capsule|advance|early|spoiler[- ]?free|full|blu-?ray|dvd|4k|uhd|",
            r"film|movie|book|album|music|record|cd|lp|ep|single|game|video ?game|board ?game|tv|series|show|theat(?:er|re)|concert|",
            r"anime|manga|comics?|graphic novel|audiobook|buch|spiele?|serien?|musik)[ -]?)*",
            r"(?:reviews?|re-review|filmkritik|kritik|rezension|filmrezension|buchrezension|besprechung|critique|chronique|reseña|crítica|critica|resenha|análise|",
            r"analisis|análisis|recensione|recensie|bespreking|recension|anmeldelse|anmeldelser|arvostelu|arvio|recenzja|recenze|kritika|",
            r"рецензия|отзыв|обзор|レビュー|影评|书评|리뷰)",
            r"(?: of| zu| von| de| du| di| på| av)?)"
        )
    };
}

static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W{0,2}(?:(?P<before>[\p{L}-]+) )?",
        review_words!(),
        r"(?: ?(?:#|no\.? ?|nr\.? ?)?\d{1,5})?\]?\)?\s*(?:[:|–—~»]|\s-)\s*"
    ))
});
static BRACKETED: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(concat!(r"(?i)^[\[(]", review_words!(), r"[\])]\s*")));
static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(r"(?i)(?:\s*[:|–—~-]\s*|\s+[\[(]?|\s*[\[(])", review_words!(), r"[\])]?(?:\s*[:|–—-].*)?\s*$"))
});
static OF: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:(?:my|a|the) )?(?:\w+ )?review of (?:the (?:film|movie|book|album|game) )?",
        r"|^(?:reseña|critique|crítica|recensione|resenha|análise|rezension|kritik|recension) (?:de la película |du film |del film |do filme |de|du|di|zu|von|av|do|da|af) ?",
    ))
});
static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"\s*[(\[]\s*(?:(?i:film|movie|book|novel|album|game|video ?game|(?:tv )?series),\s*)?",
        r"(?:[A-Z]{1,3}[ ,/-]+)*((?:18|19|20)\d\d)(?:\s*[-–/]\s*(?:\d{2,4})?)?",
        r"(?:,?\s*(?i:dir\.?|directed by|director:?|d\.|by)\s+([^()\[\]]{3,60}))?\s*[)\]]"
    ))
});
static COMMA_YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r",\s*((?:18|19|20)\d\d)\s*$"));
static STARS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)\s*[-–—:|,(\[]*\s*(?:[★☆⭐✭✩✰🌟½\x{FE0F}]\s*)+[)\]]?\s*$|\s*[-–—:|,(\[]+\s*\d{1,3}(?:[.,]\d+)?\s*(?:/|out of)\s*(?:100|20|10|5|4|6)(?:\s*stars?)?[)\]]?\s*$",
    )
});
/// The same before the title: `★★★☆☆: Title`.
static STARS_BEFORE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^\s*[(\[]?(?:[★☆⭐✭✩✰🌟½\x{FE0F}]\s*){2,}[)\]]?\s*[:|–—-]*\s*"));
/// A mark behind the year, which is end enough: `Title (2024) 8/10`.
static MARK: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\s+\d{1,3}(?:[.,]\d+)?\s*(?:/|out of)\s*(?:100|20|10|5|4|6)(?:\s*stars?)?\s*$"));
/// The kind of work as a label: `Film: Title`.
static KIND: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^(?:film|movie|book|album|game|video ?game)s?:\s+"));
static SPOILERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\s*[\[(][^\[\]()]*spoiler[^\[\]()]*[)\]]|\s+[-–—]\s+spoilers?!*\s*$"));
static BRACKETS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\s*\[[^\[\]]{1,40}\]\s*$"));
/// What a game runs on, in brackets at the end.
static PLATFORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let one = "[n3]?ds|psp|(?:ps )?vita|ps ?[1-5]|playstation(?: [1-5])?|xbox(?: (?:360|one|series x(?:/s)?))?|(?:nintendo )?switch(?: 2)?|pc|mac|linux|wii(?: u)?|steam(?: deck)?|gba|ios|android";
    pattern(&format!(r"(?i)\s*[(\[](?:{one})(?:\s*[/,&+]\s*(?:{one}))*[)\]]\s*$"))
});
/// A title in quotation marks at the head of a headline that goes on.
static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"^(?:‘(.{2,80}?)’|“(.{2,80}?)”|"(.{2,80}?)"|'(.{2,80}?)'|«\s?(.{2,80}?)\s?»|„(.{2,80}?)“)(?:\s|[,:]\s)"#)
});
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\s*\([^()]{1,40}\)\s*$"));
static BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^(.{1,120}?)[,:]?\s+by\s+(\p{Lu}[\p{L}.’'-]*(?:\s+(?:\p{Lu}[\p{L}.’'-]*|de|van|von|le|la|du|and|&)){1,5})$",
    )
});

/// Reads a title. `kind` is what is known from elsewhere, such as the categories.
pub fn read(title: &str, kind: Option<WorkKind>) -> Headline {
    let mut out = Headline::default();
    let mut rest = fold_space(title);
    cut(&SPOILERS, &mut rest);
    cut(&STARS, &mut rest);
    cut(&STARS_BEFORE, &mut rest);
    let mut game = cut(&PLATFORM, &mut rest);
    // The marker may stand twice: `Review: Her – Film Review`.
    for marker in [&BEFORE, &BRACKETED, &OF, &AFTER] {
        if std::ptr::eq(marker, &BEFORE) && comments(&rest) {
            continue;
        }
        let said = marker.as_ref().and_then(|marker| marker.find(&rest)).map(|found| found.as_str().to_owned());
        if let Some(said) = said
            && cut(marker, &mut rest)
        {
            out.review = true;
            out.work.kind = out.work.kind.or_else(|| kind_of(&said));
        }
    }
    cut(&STARS, &mut rest);
    out.work.kind = out.work.kind.or(kind);
    if let Some(label) = KIND.as_ref().and_then(|kind| kind.find(&rest)).map(|found| found.as_str().to_owned())
        && cut(&KIND, &mut rest)
    {
        out.work.kind = out.work.kind.or_else(|| kind_of(&label));
    }
    take_year(&mut rest, &mut out.work);
    if out.work.year.is_some() {
        cut(&MARK, &mut rest);
    }
    game |= cut(&PLATFORM, &mut rest);
    out.work.kind = out.work.kind.or(game.then_some(WorkKind::Game));
    cut(&BRACKETS, &mut rest);
    split_creator(&mut rest, &mut out.work);
    if let Some(quoted) = QUOTED.as_ref().filter(|_| out.review).and_then(|quoted| quoted.captures(&rest)) {
        rest = quoted.iter().skip(1).flatten().next().map_or(String::new(), |inside| inside.as_str().to_owned());
    }
    let title =
        unquoted(rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | '|' | ',')));
    out.work.title = Line::new(title);
    out
}

/// Whether the words behind `Title review:` go on about the work instead of naming it: they begin in lower case,
/// and what stands before is no word for a kind of work.
fn comments(title: &str) -> bool {
    let Some(found) = BEFORE.as_ref().and_then(|before| before.captures(title)) else { return false };
    let names_kind = found.name("before").is_none_or(|word| kind_of(word.as_str()).is_some());
    let rest = found.get(0).map_or("", |whole| &title[whole.end()..]);
    let first = rest.chars().find(|c| c.is_alphabetic());
    !names_kind && first.is_some_and(char::is_lowercase)
}

/// The kind of work that a word or phrase names: `Book Review`, `album-review`.
pub fn kind_of(words: &str) -> Option<WorkKind> {
    const WORDS: [(WorkKind, &str); 4] = [
        (WorkKind::Film, "film films movie movies cinema filmkritik tv series serie filme cine anime кино"),
        (
            WorkKind::Book,
            "book books buch bücher livre livres libro libros libri livro livros novel novels boek bok manga comic \
             comics audiobook книги",
        ),
        (WorkKind::Album, "album albums music record records cd lp ep vinyl musik musique música musica disco discos"),
        (
            WorkKind::Game,
            "game games videogame videogames spiel spiele jeu jeux juego juegos jogo jogos giochi gaming boardgame \
             boardgames",
        ),
    ];
    let lower = words.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.find_map(|word| {
        WORDS.iter().find(|(_, known)| known.split(' ').any(|known| known == word)).map(|(kind, _)| *kind)
    })
}

/// Whether a phrase such as a category or a feed's title has a word for reviews.
pub fn says_review(phrase: &str) -> bool {
    static WORD: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(concat!(r"(?i)(?:^|[^\p{L}])", review_words!(), r"(?:$|[^\p{L}])")));
    static PLURAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:reviewed|kritiken|rezensionen|critiques|chroniques|reseñas|críticas|resenhas|análises|recensioni|recensies|recensioner|рецензии|обзоры)\b",
        )
    });
    [&WORD, &PLURAL].iter().any(|word| word.as_ref().is_some_and(|word| word.is_match(phrase)))
}

/// Whether a title is a title with its year and nothing else: how film blogs call their reviews.
pub fn is_work_with_year(title: &str) -> bool {
    let found = YEAR.as_ref().and_then(|year| year.find(title.trim_end()));
    found.is_some_and(|found| found.start() > 0 && found.end() == title.trim_end().len())
}

/// Cuts what the pattern finds; not where nothing would be left.
fn cut(pattern: &LazyLock<Option<Regex>>, text: &mut String) -> bool {
    let Some(found) = pattern.as_ref().and_then(|pattern| pattern.find(text)) else { return false };
    let left = format!("{}{}", &text[..found.start()], &text[found.end()..]);
    let left = fold_space(&left);
    // `The Review` is a title, and so is `A Critique`.
    if !left.chars().any(char::is_alphanumeric) || ["the", "a", "an"].contains(&left.to_lowercase().as_str()) {
        return false;
    }
    *text = left;
    true
}

/// Takes the year, and the director named beside it.
fn take_year(text: &mut String, work: &mut Work) {
    for pattern in [&YEAR, &COMMA_YEAR] {
        let found = pattern.as_ref().and_then(|pattern| pattern.captures_iter(text).last());
        let Some((year, director)) = found.and_then(|found| {
            Some((found[1].parse().ok()?, found.get(2).map(|director| fold_space(director.as_str()))))
        }) else {
            continue;
        };
        let said = pattern.as_ref().and_then(|pattern| pattern.find(text)).map(|found| found.as_str().to_owned());
        if cut(pattern, text) {
            work.kind = work.kind.or_else(|| said.as_deref().and_then(kind_of));
            work.year = Some(year);
            work.add_creators(director);
            return;
        }
    }
}

/// `Title by Name`; for music `Artist – Title` and `Artist, Title (Label)`.
fn split_creator(text: &mut String, work: &mut Work) {
    if let Some(found) = BY.as_ref().and_then(|by| by.captures(text)) {
        let (title, creator) = (found[1].to_owned(), found[2].to_owned());
        work.add_creators([creator]);
        *text = title;
    } else if work.kind == Some(WorkKind::Album) {
        cut(&LABEL, text);
        let dashed = [" – ", " — ", " - "].iter().find_map(|dash| text.split_once(dash));
        let (artist, album) = match dashed.or_else(|| text.split_once(", ")) {
            // `Artist, Title, Label`
            Some((artist, album)) => {
                let label = album.split_once(", ").filter(|(_, label)| dashed.is_none() && !label.contains(", "));
                (artist.trim().to_owned(), label.map_or(album, |(album, _)| album).trim().to_owned())
            }
            None => return,
        };
        work.add_creators([artist]);
        *text = album;
    }
}

/// A title without the quotation marks around all of it.
fn unquoted(text: &str) -> &str {
    const PAIRS: [(char, char); 6] = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('‘', '’'), ('\'', '\'')];
    for (open, close) in PAIRS {
        if let Some(inside) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inside.is_empty()
            && !inside.contains([open, close])
        {
            return inside.trim();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(title: &str) -> (String, Option<i16>, bool) {
        let headline = read(title, None);
        (headline.work.title.map(String::from).unwrap_or_default(), headline.work.year, headline.review)
    }

    #[test]
    fn a_headline_that_goes_on_names_the_work_before_it() {
        let titled = |text: &str| read(text, None).work.title.map(String::from).unwrap_or_default();
        assert_eq!(titled("Lowtide review: a quiet triumph"), "Lowtide");
        assert_eq!(titled("Lowtide review – this one drags"), "Lowtide");
        assert_eq!(titled("Restaurant review: Noor"), "Noor");
        assert_eq!(titled("Review: Low Tide"), "Low Tide");
    }

    #[test]
    fn marks_and_kinds_do_not_stay_in_the_title() {
        let review = read("Review: Good Film (2024) 8/10", None);
        assert_eq!((review.work.title.as_deref(), review.work.year), (Some("Good Film"), Some(2024)));
        let game = read("[Review] Stone Age (Game, 2023)", None).work;
        assert_eq!(
            (game.title.as_deref(), game.year, game.kind),
            (Some("Stone Age"), Some(2023), Some(WorkKind::Game))
        );
        assert_eq!(read("☆☆★★★: Low Tide", None).work.title.as_deref(), Some("Low Tide"));
        let film = read("Film: Low Tide (4/5)", None).work;
        assert_eq!((film.title.as_deref(), film.kind), (Some("Low Tide"), Some(WorkKind::Film)));
    }

    #[test]
    fn every_pattern_is_well_formed() {
        let patterns = [
            &BEFORE,
            &BRACKETED,
            &AFTER,
            &OF,
            &YEAR,
            &COMMA_YEAR,
            &STARS,
            &STARS_BEFORE,
            &SPOILERS,
            &BRACKETS,
            &PLATFORM,
            &QUOTED,
            &LABEL,
            &BY,
        ];
        assert!(patterns.iter().all(|pattern| pattern.is_some()));
    }

    #[test]
    fn the_marker_of_a_review_is_cut_off() {
        for title in [
            "Her (2013) – Review",
            "Review: Her (2013)",
            "Movie Review: Her (2013)",
            "Her (2013) Review",
            "Film Review | “Her” (2013)",
            "Filmkritik: Her (2013)",
            "[Review] Her (2013)",
            "Her (2013) - ★★★★½ (contains spoilers)",
            "A review of Her (2013)",
            "Reseña de Her (2013)",
            "Her (2013) - 4/5 stars",
            "Ink Review #170: Her (2013)",
        ] {
            let (found, year, review) = head(title);
            assert_eq!((found.as_str(), year), ("Her", Some(2013)), "{title}");
            assert!(review || title.contains(['★', '/']), "{title}");
        }
    }

    #[test]
    fn a_title_that_only_looks_like_one_keeps_its_words() {
        assert_eq!(head("The Review"), ("The Review".into(), None, false));
        assert_eq!(head("2001: A Space Odyssey"), ("2001: A Space Odyssey".into(), None, false));
        assert_eq!(head("Paris, Texas, 1984 - ★★★"), ("Paris, Texas".into(), Some(1984), false));
        assert_eq!(head("Previewing the year"), ("Previewing the year".into(), None, false));
    }

    #[test]
    fn creators_are_parted_from_titles() {
        let album = read("REVIEW: The Anchors, Low Tide (Harbour Records)", Some(WorkKind::Album)).work;
        assert_eq!(
            (album.title.as_deref(), album.creators.as_slice()),
            (Some("Low Tide"), &["The Anchors".into()][..])
        );
        let book = read("Book Review: The Long Ebb by Maria Santos", None).work;
        assert_eq!((book.title.as_deref(), book.kind), (Some("The Long Ebb"), Some(WorkKind::Book)));
        assert_eq!(book.creators, ["Maria Santos"]);
        let film = read("Low Tide (2024, dir. Ann Lee)", None).work;
        assert_eq!(
            (film.title.as_deref(), film.year, film.creators),
            (Some("Low Tide"), Some(2024), vec!["Ann Lee".into()])
        );
        assert_eq!(head("Review: ‘Ann’s Low Tide’ Is a Wet Delight").0, "Ann’s Low Tide");
        assert_eq!(read("Tidal Wars Review (PS5/PC)", None).work.kind, Some(WorkKind::Game));
        let game = read("Tidal Wars [DS]", None).work;
        assert_eq!((game.title.as_deref(), game.kind), (Some("Tidal Wars"), Some(WorkKind::Game)));
    }

    #[test]
    fn words_for_reviews_are_known_and_others_are_not() {
        for phrase in ["Reviews", "album-review", "Book Reviews – Ann's Blog", "Rezensionen"] {
            assert!(says_review(phrase), "{phrase}");
        }
        for phrase in ["Previews", "News", "Peer reviewers wanted"] {
            assert!(!says_review(phrase), "{phrase}");
        }
    }
}
