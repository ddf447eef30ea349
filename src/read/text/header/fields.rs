//! Labelled values of a header: `Director: …`, `Réalisé par …`, several in a row.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    model::{Published, WorkKind, text::norm},
    read::{
        day,
        facts::Facts,
        kind,
        pattern::pattern,
        people,
        rating::{self, Scale},
        text::byline,
        title::{self, Headline},
    },
};

/// Three values or more side by side, two of them labelled.
pub fn is_row(line: &str) -> bool {
    let parts: Vec<&str> = ROW.split(line).map(str::trim).collect();
    let labelled = parts.iter().filter(|part| label(part).is_some_and(|(_, value)| value.chars().count() < 100));
    parts.len() >= 3 && line.chars().count() < 600 && labelled.count() >= 2
}

/// What parts labelled values side by side.
static ROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[|·•]\s*|\s+/\s+|\s{3,}"));

/// `Label: value`, where the label is a short one.
pub fn label(line: &str) -> Option<(String, &str)> {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^[*_\s•-]*([\p{L}][\p{L} &/’'-]{1,28}?)[*_]*\s*[:：][*_]*\s*(.*)$"));
    static SPOKEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(directed\sby|starring|released\s(?:in|on)|developed\sby|published\sby|reviewed\sby|review\sby|words\sby|text\sby|a\sfilm\sby|music\sby|réalisé\spar|un\sfilm\sde|sortie?\sen|dirigida\spor|dirigido\spor|diretto\sda|ein\sfilm\svon)\s+(.+)$",
        )
    });
    // `:label:` and `.. label:` are those of reStructuredText.
    let bare = line.strip_prefix(".. ").or_else(|| line.strip_prefix(':').filter(|rest| rest.contains(": ")));
    let line = bare.unwrap_or(line);
    let c = SPOKEN.captures(line).or_else(|| LABEL.captures(line))?;
    let name = norm(c.get(1)?.as_str());
    let value = c.get(2)?.as_str().trim_matches(|c: char| c == '*' || c == '_' || c.is_whitespace());
    (name.split(' ').count() <= 4).then_some((name, value))
}

/// `2013 | Dir: X | 104 min`: labelled values side by side.
pub fn in_a_row(line: &str, facts: &mut Facts) -> bool {
    static LENGTH: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^\d{1,4}\s?(?:min\w*\.?|mins|pages|pp\.?|seiten|m)$"));
    let parts: Vec<&str> = ROW.split(line).map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 || line.chars().count() > 160 && !is_row(line) {
        return false;
    }
    let mut taken = false;
    for part in parts {
        let year = (part.len() == 4).then(|| title::year(part)).flatten();
        facts.work.year = facts.work.year.or(year);
        let labelled = label(part).is_some_and(|(name, value)| field(&name, value, facts));
        taken |= year.is_some() || labelled || LENGTH.is_match(part);
    }
    taken
}

/// Labels of a title that do not say of what.
const TITLES: [&str; 8] = ["title", "titel", "titre", "titulo", "titolo", "tytul", "название", "タイトル"];

/// Takes a labelled value over. Whether the label is one that headers have.
pub fn field(name: &str, value: &str, facts: &mut Facts) -> bool {
    static NEXT_CREDIT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)[.,;]\s+(?:(?:et|y|e|und)\s)?(?:starring|stars|with|written|cast|screenplay|script|music|produced|producer|from|scénario|musique|avec|guion|guión|reparto|sceneggiatura|con|mit|drehbuch|darsteller|musik|scenariusz)\b",
        )
    });
    let names = || people::list(NEXT_CREDIT.find(value).map_or(value, |next| &value[..next.start()]));
    match name {
        "director" | "directors" | "dir" | "directed by" | "a film by" | "regie" | "regia" | "realisateur"
        | "realisatrice" | "realisation" | "realise par" | "un film de" | "direccion" | "dirigida por"
        | "regisseur" | "regisseurin" | "regista" | "diretto da" | "ein film von" | "rezyseria" | "rezyser"
        | "direcao" | "diretor" | "realizador" | "realizacao" | "dirigido por" | "regi" | "instruktor" | "ohjaaja"
        | "rezie" | "режиссер" | "監督" | "감독" | "导演" => {
            // An author named before was the film's reviewer.
            if facts.work.kind == Some(WorkKind::Book) && facts.reviewer.is_none() {
                facts.reviewer = facts.work.creators.pop().map(String::from);
                facts.work.kind = None;
            }
            facts.work.add_creators(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Film));
        }
        "artist"
        | "artists"
        | "band"
        | "kunstler"
        | "interpret"
        | "artista"
        | "artiste"
        | "zespol"
        | "wykonawca"
        | "groupe"
        | "исполнитель"
        | "アーティスト" => {
            facts.work.add_creators(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Album));
        }
        "developer"
        | "developers"
        | "developed by"
        | "entwickler"
        | "desenvolvedora"
        | "desenvolvedor"
        | "desarrollador"
        | "desarrolladora"
        | "developpeur"
        | "sviluppatore"
        | "ontwikkelaar"
        | "разработчик"
        | "developerpublisher" => {
            facts.work.add_creators(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Game));
        }
        "author" | "authors" | "autor" | "autorin" | "auteur" | "auteurs" | "autore" | "autora" | "autorka"
        | "book author" | "novel by" | "schrijver" | "forfatter" | "forfattare" | "автор" | "著者" | "作者" => {
            // Of a film, album or game it is the reviewer; its makers have other labels.
            if byline::has_other_makers(facts.work.kind) {
                facts.reviewer = facts.reviewer.take().or_else(|| byline::name(value));
                return true;
            }
            facts.work.add_creators(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Book));
        }
        "starring" | "stars" | "cast" | "writer" | "writers" | "screenplay" | "actors" | "music" | "music by"
        | "darsteller" | "acteurs" | "reparto" | "elenco" | "besetzung" | "producer" | "producers" => {
            facts.people.extend(names())
        }
        "title" | "film" | "movie" | "book" | "album" | "game" | "titel" | "titre" | "titulo" | "titolo" | "tytul"
        | "book title" | "movie title" | "film title" | "album title" | "game title" | "название" | "タイトル" =>
        {
            let headline = title::headline(value, None);
            facts.work.kind = facts.work.kind.or_else(|| kind::named(name));
            // Every file of some systems has a title; a film or a book has been named to be spoken of.
            let marked = headline.marked || !TITLES.contains(&name);
            facts.add_headline(Headline { marked, ..headline });
        }
        "year"
        | "jahr"
        | "annee"
        | "ano"
        | "anno"
        | "rok"
        | "jaar"
        | "ar"
        | "год"
        | "released in"
        | "released on"
        | "released"
        | "release date"
        | "release"
        | "release year"
        | "erscheinungsjahr"
        | "year of release"
        | "initial release date"
        | "kinostart"
        | "premiera"
        | "data premiery"
        | "ano de lancamento"
        | "date de sortie"
        | "sortie"
        | "sortie en"
        | "sorti en"
        | "estreno"
        | "year published"
        | "publication date"
        | "first published"
        | "rok wydania"
        | "data wydania"
        | "publication year" => facts.work.year = facts.work.year.or_else(|| year_in(value)),
        "reviewer" | "reviewed by" | "review by" | "critic" | "words" | "words by" | "text" | "text by"
        | "review author" | "recensione di" | "resena de" | "critica de" | "resenha de" | "recensie van"
        | "reviewer name" | "recenzja" | "rezensent" | "rezensentin" | "rezension von" | "kritik von"
        | "critique de" | "recensent" | "recenzent" => {
            facts.reviewer = byline::name(value).or(facts.reviewer.take());
            facts.published = facts.published.or_else(|| day::field(value).map(Published::Day));
        }
        "date" | "posted" | "posted on" | "published" | "published on" | "reviewed on" | "datum" | "fecha" | "data"
        | "дата" | "date read" | "finished" | "date watched" | "reviewed" | "review date" | "date of review" => {
            facts.published = day::field(value).map(Published::Day).or(facts.published);
        }
        "rating" | "my rating" | "score" | "my score" | "grade" | "overall" | "final score" | "verdict"
        | "stars given" | "bewertung" | "note" | "nota" | "voto" => {
            let scale = Scale { best: facts.best, language: facts.language.as_deref() };
            facts.rating = facts.rating.take().or_else(|| rating::field(value, scale));
        }
        "genre" | "genres" | "tags" | "category" | "categories" => {
            facts.categories.extend(value.split(',').map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()));
        }
        "publisher" | "label" | "labels" | "studio" => {
            facts.sheet = true;
            facts.work.year = facts.work.year.or_else(|| ends_in_year(value));
        }
        "isbn" | "isbn13" | "pages" | "runtime" | "running time" | "seiten" => facts.sheet = true,
        "published by" | "length" | "country" | "language" | "platform" | "platforms" | "format" | "rated" | "mpaa"
        | "series" | "preceded by" | "succeeded by" | "duration" | "distributor" | "price" | "slug" | "status"
        | "cover" | "attachments" | "link" | "description" | "type" | "wydawnictwo" | "verlag" | "editeur"
        | "editorial" | "editora" | "lunghezza" | "duree" | "duracion" | "laufzeit" | "lange" | "pays" | "pais"
        | "source" | "acquired" | "start" | "stop" | "name" | "age rating" | "mode" | "modes" | "asin" => {}
        _ => return false,
    }
    true
}

/// `Some House (1999)`: where the value ends in a year in brackets.
fn ends_in_year(value: &str) -> Option<i16> {
    year_in(value.trim_end().strip_suffix(')')?.rsplit_once('(')?.1)
}

fn year_in(value: &str) -> Option<i16> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([12]\d{3})\b"));
    title::year(YEAR.captures(value)?.get(1)?.as_str())
}
