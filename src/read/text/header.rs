//! The lines above a plain text: title, labels (`Director: …`), byline, date.

use std::sync::LazyLock;

use regex::Regex;

use super::{byline, front_matter};
use crate::{
    model::{Published, Rating, WorkKind, text::norm},
    read::{
        boilerplate::{PROSE, is_noise},
        day,
        facts::Facts,
        kind,
        pattern::pattern,
        people,
        rating::{self, Scale},
        spoiler_marks,
        title::{self, Headline},
    },
};

/// A header is no longer than this many lines that are not empty.
const LONGEST: usize = 40;

/// Whether a line is running text rather than part of a header.
fn is_prose(line: &str, next: Option<&str>) -> bool {
    let length = line.chars().count();
    if is_row(line) {
        return false;
    }
    if label(line).is_some_and(|(_, value)| value.chars().count() < 160) || byline::is_byline(line) {
        return false;
    }
    let ends = line.ends_with(['.', '!', '?', '…', '”', '"', '’']);
    length >= PROSE
        || length >= 60 && ends && line.split_whitespace().count() >= 8
        || length >= 50 && next.is_some_and(|next| next.chars().count() >= 50)
}

/// Three values or more side by side, two of them labelled.
fn is_row(line: &str) -> bool {
    let parts: Vec<&str> = ROW.split(line).map(str::trim).collect();
    let labelled = parts.iter().filter(|part| label(part).is_some_and(|(_, value)| value.chars().count() < 100));
    parts.len() >= 3 && line.chars().count() < 600 && labelled.count() >= 2
}

/// What parts labelled values side by side.
static ROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[|·•]\s*|\s+/\s+|\s{3,}"));

/// `Label: value`, where the label is a short one.
fn label(line: &str) -> Option<(String, &str)> {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^[*_\s•-]*([\p{L}][\p{L} &/’'-]{1,28}?)[*_]*\s*[:：][*_]*\s*(.*)$"));
    static SPOKEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(directed\sby|starring|released\s(?:in|on)|developed\sby|published\sby|reviewed\sby|review\sby|words\sby|text\sby|a\sfilm\sby|music\sby)\s+(.+)$",
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

/// What the lines before the text say, and how many of them are header.
pub fn read(lines: &[&str], facts: &mut Facts) -> (usize, Vec<String>) {
    let mut titles = Vec::new();
    let mut seen = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.is_empty() {
            continue;
        }
        let next = lines[at + 1..].first().copied();
        if is_prose(line, next) || seen == LONGEST {
            return (with_lead(lines, at, &mut titles), titles);
        }
        seen += 1;
        let before = at.checked_sub(1).and_then(|before| lines.get(before)).copied();
        if byline::is_credit(line, before, next) {
            facts.people.extend(line.split_once("by ").map(|(_, names)| people::list(names)).unwrap_or_default());
            continue;
        }
        beside_date(line, before, next, facts);
        header_line(line, facts, &mut titles);
    }
    (lines.len(), titles)
}

/// A short sentence right before the text opens it: `Nothing prepares you.`
fn with_lead(lines: &[&str], at: usize, titles: &mut Vec<String>) -> usize {
    let Some(before) = (0..at).rev().find(|at| !lines[*at].is_empty()) else { return at };
    let line = lines[before];
    let sentence = line.ends_with('.') && line.split_whitespace().count() >= 5;
    let lead = sentence && titles.last().is_some_and(|last| last == line) && !title::headline(line, None).marked;
    if lead {
        titles.pop();
        before
    } else {
        at
    }
}

/// A full name on a line of its own above or below a date may be the reviewer's.
fn beside_date(line: &str, before: Option<&str>, next: Option<&str>, facts: &mut Facts) {
    let is_date = |line: &str| {
        line.chars().count() < 40 && day::find(line).is_some_and(|(_, range)| range.len() * 2 > line.len())
    };
    if people::is_full_name(line) && [before, next].into_iter().flatten().any(is_date) {
        facts.hints.near_date = facts.hints.near_date.take().or_else(|| Some(line.to_owned()));
    }
}

fn header_line(line: &str, facts: &mut Facts, titles: &mut Vec<String>) {
    if spoiler_marks::warns(line) {
        facts.spoilers = true;
        return;
    }
    if is_row(line) && facts_in_a_row(line, facts) {
        return;
    }
    if let Some((name, value)) = label(line)
        && field(&name, &front_matter::plain(value), facts)
    {
        return;
    }
    if facts_in_a_row(line, facts) {
        return;
    }
    // `(2013, dir. X)` on the line below the title belongs to it.
    if line.starts_with(['(', '['])
        && line.ends_with([')', ']'])
        && line.chars().count() < 100
        && let Some(last) = titles.last_mut()
    {
        let whole = format!("{last} {line}");
        if title::headline(&whole, None).year.is_some() {
            *last = whole;
            return;
        }
    }
    if byline::byline(line, facts) {
        // What stands right above the byline is the headline; a site's name and motto stand further up.
        if let Some(headline) = titles.last().filter(|last| facts.hints.near_date.as_ref() != Some(last)).cloned() {
            titles.insert(0, headline);
        }
        return;
    }
    if is_noise(line) {
        return;
    }
    facts.hints.keeper = facts.hints.keeper.take().or_else(|| byline::keeper(line));
    if let Some(rating) = rating_line(line) {
        facts.rating = facts.rating.take().or(Some(rating));
        return;
    }
    titles.push(line.to_owned());
}

/// `2013 | Dir: X | 104 min`: labelled values side by side.
fn facts_in_a_row(line: &str, facts: &mut Facts) -> bool {
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

/// A line that is a rating and little else: `★★★★☆`, `4 out of 5 stars`.
pub fn rating_line(line: &str) -> Option<Rating> {
    let found = rating::in_text(line, None, Scale::default()).filter(|_| line.chars().count() < 60)?;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    (letters(line) <= letters(&found.printed) + 12).then_some(found)
}

/// Takes a labelled value over. Whether the label is one that headers have.
pub fn field(name: &str, value: &str, facts: &mut Facts) -> bool {
    static NEXT_CREDIT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\.\s+(?:starring|with|written|cast|screenplay|music|produced|from)\b"));
    let names = || people::list(NEXT_CREDIT.find(value).map_or(value, |next| &value[..next.start()]));
    match name {
        "director" | "directors" | "dir" | "directed by" | "a film by" | "regie" | "regia" | "realisateur"
        | "realisatrice" | "realisation" | "realise par" | "un film de" | "direccion" | "dirigida por" | "regisseur"
        | "regisseurin" | "regista" | "diretto da" | "ein film von" | "rezyseria" | "rezyser" | "direcao" | "diretor"
        | "realizador" | "realizacao" | "dirigido por" | "regi" | "instruktor" | "ohjaaja" | "rezie" | "режиссер"
        | "監督" | "감독" | "导演" => {
            // An author named before was the film's reviewer.
            if facts.work.kind == Some(WorkKind::Book) && facts.reviewer.is_none() {
                facts.reviewer = facts.work.creators.pop();
                facts.work.kind = None;
            }
            facts.work.creators.extend(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Film));
        }
        "artist" | "artists" | "band" | "kunstler" | "interpret" | "artista" | "artiste" | "zespol" | "wykonawca"
        | "groupe" | "исполнитель" | "アーティスト" => {
            facts.work.creators.extend(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Album));
        }
        "developer" | "developers" | "developed by" | "entwickler" | "desenvolvedora" | "desenvolvedor"
        | "desarrollador" | "desarrolladora" | "developpeur" | "sviluppatore" | "ontwikkelaar" | "разработчик"
        | "developerpublisher" => {
            facts.work.creators.extend(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Game));
        }
        "author" | "authors" | "autor" | "autorin" | "auteur" | "auteurs" | "autore" | "autora" | "autorka"
        | "book author" | "novel by" | "schrijver" | "forfatter" | "forfattare" | "автор" | "著者" | "作者" => {
            // Of a film, album or game it is the reviewer; its makers have other labels.
            if byline::has_other_makers(facts.work.kind) {
                facts.reviewer = facts.reviewer.take().or_else(|| byline::name(value));
                return true;
            }
            facts.work.creators.extend(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Book));
        }
        "starring" | "stars" | "cast" | "writer" | "writers" | "screenplay" | "actors" | "music" | "music by"
        | "darsteller" | "acteurs" | "reparto" | "elenco" | "besetzung" | "producer" | "producers" => {
            facts.people.extend(names())
        }
        "title" | "film" | "movie" | "book" | "album" | "game" | "titel" | "titre" | "titulo" | "titolo" | "tytul"
        | "book title" | "movie title" | "film title" | "album title" | "game title" | "название" | "タイトル" => {
            let headline = title::headline(value, None);
            facts.work.kind = facts.work.kind.or_else(|| kind::named(name));
            facts.add_headline(Headline { marked: true, ..headline });
        }
        "year" | "jahr" | "annee" | "ano" | "anno" | "rok" | "jaar" | "ar" | "год" | "released in" | "released on"
        | "released" | "release date" | "release" | "release year" | "erscheinungsjahr" | "year of release"
        | "initial release date" | "kinostart" | "premiera" | "data premiery" | "ano de lancamento" | "date de sortie"
        | "sortie" | "estreno" | "year published" | "publication date" | "first published" | "rok wydania"
        | "data wydania" | "publication year" => {
            facts.work.year = facts.work.year.or_else(|| year_in(value))
        }
        "reviewer" | "reviewed by" | "review by" | "critic" | "words" | "words by" | "text" | "text by"
        | "review author" | "recensione di" | "resena de" | "critica de" | "resenha de" | "recensie van"
        | "reviewer name" | "recenzja" | "rezensent" | "rezensentin" | "rezension von" | "kritik von" | "critique de"
        | "recensent" | "recenzent" => {
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
        "publisher" | "published by" | "pages" | "isbn" | "runtime" | "running time" | "length" | "country"
        | "language" | "platform" | "platforms" | "format" | "label" | "studio" | "rated" | "mpaa" | "series"
        | "preceded by" | "succeeded by" | "duration" | "distributor" | "price" | "slug" | "status" | "cover"
        | "attachments" | "link" | "description" | "type" | "wydawnictwo" | "verlag" | "seiten" | "editeur"
        | "editorial" | "editora" | "lunghezza" | "duree" | "duracion" | "laufzeit" | "lange" | "pays" | "pais"
        | "source" | "acquired" | "start" | "stop" | "isbn13" | "name" | "age rating" | "mode" | "modes" | "asin" => {}
        _ => return false,
    }
    true
}

fn year_in(value: &str) -> Option<i16> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([12]\d{3})\b"));
    title::year(YEAR.captures(value)?.get(1)?.as_str())
}

/// The title that the header or the text gives, and the header line it came from.
pub fn choose_title(titles: &[String], text: &str, site: Option<&str>, facts: &mut Facts) -> String {
    let mut best: Option<(f64, Headline, &String)> = None;
    for (at, line) in titles.iter().enumerate() {
        let headline = title::headline(line, site);
        let Some(name) = headline.title.clone() else { continue };
        let words = name.split_whitespace().count();
        let mentioned = title::mentions(text, &name).min(3) as f64;
        let mut score = mentioned;
        score += if headline.marked { 3.0 } else { 0.0 };
        score += if headline.year.is_some() { 2.0 } else { 0.0 };
        score += if headline.quoted { 1.0 } else { 0.0 };
        score += if at == 0 { 1.5 } else { 0.0 };
        score -= if words > 10 { 2.5 } else { 0.0 };
        score -= if line.ends_with(['.', ':', '!']) && !headline.marked { 1.5 } else { 0.0 };
        if best.as_ref().is_none_or(|(held, ..)| score > *held) {
            best = Some((score, headline, line));
        }
    }
    facts.declared |= titles.iter().any(|line| title::headline(line, site).marked);
    let body = title::in_body(text);
    let line = best.as_ref().map_or(String::new(), |(_, _, line)| (*line).clone());
    let headline = match (best, body) {
        (Some((score, headline, _)), Some(body)) if score < 2.0 => {
            Headline { marked: headline.marked, kind: headline.kind, ..body }
        }
        (Some((score, headline, _)), None) if score < 1.0 && !headline.marked => Headline::default(),
        (Some((_, headline, _)), _) => headline,
        (None, Some(body)) => body,
        (None, None) => Headline::default(),
    };
    if let Some(cited) = headline.title.as_deref().and_then(|short| title::cited(text, short)) {
        facts.add_headline(cited);
    }
    facts.add_headline(artist_first(headline, text));
    line
}

/// "Artist – Album" is how albums are headed.
fn artist_first(mut headline: Headline, text: &str) -> Headline {
    let album = headline.kind == Some(WorkKind::Album) || kind::of_words(text) == Some(WorkKind::Album);
    if let (true, Some(artist), Some(album)) =
        (album && headline.creators.is_empty(), &headline.title, &headline.second)
        && people::looks_like_name(artist)
        && title::mentions(text, album) > 0
    {
        headline.creators = vec![artist.clone()];
        headline.title = headline.second.take();
    }
    headline
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> (Facts, Vec<String>) {
        let mut facts = Facts::default();
        let (_, titles) = read(&text.lines().collect::<Vec<_>>(), &mut facts);
        byline::settle(&mut facts, "", "");
        (facts, titles)
    }

    #[test]
    fn bylines_and_dates_are_taken_and_accounts_are_not() {
        let (facts, titles) = header("Glass Harbour\nPosted March 3rd, 2014 by admin\nBy: Jo R.");
        assert_eq!(facts.reviewer.as_deref(), Some("Jo R."));
        assert_eq!(facts.published.map(|p| p.to_string()).as_deref(), Some("2014-03-03"));
        assert!(titles.iter().all(|title| title == "Glass Harbour"));
        let (facts, _) = header("Review: Glass Harbour\nMay 3, 2014 · Jo Reader · Film Reviews");
        assert_eq!((facts.reviewer.as_deref(), facts.work.kind), (Some("Jo Reader"), Some(WorkKind::Film)));
    }

    #[test]
    fn the_author_of_a_film_review_is_its_reviewer_and_of_a_book_its_maker() {
        let (facts, _) = header("Title: Glass Harbour\nAuthor: Jo Reader\nDirector: Ada Quill");
        assert_eq!(
            (facts.reviewer.as_deref(), facts.work.creators.as_slice()),
            (Some("Jo Reader"), ["Ada Quill".to_owned()].as_slice())
        );
        let (facts, _) = header("Glass Harbour\nAuthor: Ada Quill\nPublisher: Some House\nRating: 4/5");
        assert_eq!((facts.reviewer, facts.work.creators), (None, vec!["Ada Quill".to_owned()]));
        assert_eq!(facts.rating.map(|r| r.score.value()), Some(80.0));
    }

    #[test]
    fn the_release_date_is_not_the_date_of_the_review() {
        let (facts, _) = header("Release Date: 10th January 2014 [USA]\nCast: Bo Winter - Cy Marsh");
        assert_eq!((facts.published, facts.work.year), (None, Some(2014)));
        assert_eq!(facts.people, ["Bo Winter", "Cy Marsh"]);
    }
}
