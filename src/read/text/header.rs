//! The lines above a plain text: title, labels (`Director: …`), byline, date.

use std::sync::LazyLock;

use regex::Regex;

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
    if label(line).is_some_and(|(_, value)| value.chars().count() < 160) || is_byline(line) {
        return false;
    }
    let ends = line.ends_with(['.', '!', '?', '…', '”', '"', '’']);
    length >= PROSE
        || length >= 60 && ends && line.split_whitespace().count() >= 8
        || length >= 50 && next.is_some_and(|next| next.chars().count() >= 50)
}

/// `Label: value`, where the label is a short one.
fn label(line: &str) -> Option<(String, &str)> {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^[*_\s•-]*([\p{L}][\p{L} &/’'-]{1,28}?)[*_]*\s*[:：][*_]*\s*(.*)$"));
    static SPOKEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(directed\sby|written\sby|starring|released\s(?:in|on)|developed\sby|published\sby|reviewed\sby|review\sby|a\sfilm\sby|music\sby)\s+(.+)$",
        )
    });
    let c = SPOKEN.captures(line).or_else(|| LABEL.captures(line))?;
    let name = norm(c.get(1)?.as_str());
    let value = c.get(2)?.as_str().trim_matches(|c: char| c == '*' || c == '_' || c.is_whitespace());
    (name.split(' ').count() <= 4).then_some((name, value))
}

fn is_byline(line: &str) -> bool {
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^\W*(?:(?:posted|published|written|reviewed|veröffentlicht|publié)\b.{0,90}|by:?\s.{2,60})$")
    });
    BYLINE.is_match(line) && line.chars().count() < 110
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

fn header_line(line: &str, facts: &mut Facts, titles: &mut Vec<String>) {
    if spoiler_marks::warns(line) {
        facts.spoilers = true;
        return;
    }
    if let Some((name, value)) = label(line)
        && field(&name, value, facts)
    {
        return;
    }
    if byline(line, facts) {
        // What stands right above the byline is the headline; a site's name and motto stand further up.
        if let Some(headline) = titles.last().cloned() {
            titles.insert(0, headline);
        }
        return;
    }
    if is_noise(line) {
        return;
    }
    if let Some(rating) = rating_line(line) {
        facts.rating = facts.rating.take().or(Some(rating));
        return;
    }
    titles.push(line.to_owned());
}

/// A line that is a rating and little else: `★★★★☆`, `4 out of 5 stars`.
pub fn rating_line(line: &str) -> Option<Rating> {
    let found = rating::in_text(line, None, Scale::default()).filter(|_| line.chars().count() < 60)?;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    (letters(line) <= letters(&found.printed) + 12).then_some(found)
}

/// Takes a labelled value over. Whether the label is one that headers have.
pub fn field(name: &str, value: &str, facts: &mut Facts) -> bool {
    let names = || people::list(value);
    match name {
        "director" | "directors" | "directed by" | "a film by" | "regie" | "regia" | "realisateur" | "réalisateur"
        | "direccion" | "direction" | "regisseur" | "rezyseria" | "direcao" | "diretor" => {
            // An author named before was the film's reviewer.
            if facts.work.kind == Some(WorkKind::Book) && facts.reviewer.is_none() {
                facts.reviewer = facts.work.creators.pop();
                facts.work.kind = None;
            }
            facts.work.creators.extend(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Film));
        }
        "artist" | "artists" | "band" | "kunstler" | "interpret" | "artista" => {
            facts.work.creators.extend(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Album));
        }
        "developer" | "developers" | "developed by" | "entwickler" | "desenvolvedora" => {
            facts.work.creators.extend(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Game));
        }
        "author" | "authors" | "autor" | "autorin" | "auteur" | "autore" | "book author" | "novel by" => {
            // Of a film, album or game it is the reviewer; its makers have other labels.
            if facts.work.kind.is_some_and(|kind| kind != WorkKind::Book) {
                facts.reviewer = facts.reviewer.take().or_else(|| reviewer(value));
                return true;
            }
            facts.work.creators.extend(names());
            facts.work.kind = facts.work.kind.or(Some(WorkKind::Book));
        }
        "starring" | "stars" | "cast" | "writer" | "writers" | "screenplay" | "actors" | "music" | "music by"
        | "darsteller" | "acteurs" | "reparto" | "elenco" | "besetzung" | "producer" | "producers" => {
            facts.people.extend(names())
        }
        "title" | "film" | "movie" | "book" | "album" | "game" | "titel" | "titre" | "titulo" | "titolo" | "tytul" => {
            let headline = title::headline(value, None);
            facts.work.kind = facts.work.kind.or_else(|| kind::named(name));
            facts.add_headline(Headline { marked: true, ..headline });
        }
        "year" | "jahr" | "annee" | "ano" | "anno" | "released in" | "released on" | "released" | "release date"
        | "release" | "release year" | "erscheinungsjahr" => {
            facts.work.year = facts.work.year.or_else(|| year_in(value))
        }
        "reviewer" | "reviewed by" | "review by" | "critic" | "by" => {
            facts.reviewer = reviewer(value).or(facts.reviewer.take())
        }
        "date" | "posted" | "posted on" | "published" | "published on" | "reviewed on" | "datum" => {
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
        | "preceded by" | "succeeded by" | "duration" | "distributor" | "price" => {}
        _ => return false,
    }
    true
}

fn year_in(value: &str) -> Option<i16> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([12]\d{3})\b"));
    title::year(YEAR.captures(value)?.get(1)?.as_str())
}

/// `Posted on March 3, 2014 by A. Critic`, `By: A. Critic`, `March 3, 2014 · A. Critic · Reviews`, a bare date.
pub fn byline(line: &str, facts: &mut Facts) -> bool {
    static BY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:by|von|par|por|de|di):?\s+(\S.{1,60}?)(?:,?\s+(?:on|in|at|\||·|•|/|–|-)\s.*|,\s.*)?$")
    });
    let dated = day::find(line);
    if let Some((date, _)) = &dated
        && line.chars().count() < 110
    {
        facts.published = facts.published.or(Some(Published::Day(*date)));
    }
    if is_byline(line) {
        let by = BY.captures(line).and_then(|c| c.get(1)).and_then(|name| reviewer(name.as_str()));
        // A byline of its own (`By: …`) says more than the poster's account.
        let own = line.trim_start().to_lowercase().starts_with("by");
        if by.is_some() && (own || facts.reviewer.is_none()) {
            facts.reviewer = by;
        }
        return true;
    }
    if let Some((_, range)) = dated {
        let rest = line[range.end..].trim();
        let parts: Vec<&str> =
            rest.split(['·', '•', '|', '—']).map(str::trim).filter(|part| !part.is_empty()).collect();
        if let [name, _, ..] = parts.as_slice()
            && rest.starts_with(['·', '•', '|', '—'])
        {
            facts.reviewer = facts.reviewer.take().or_else(|| reviewer(name));
        }
        if let Some(last) = parts.last() {
            facts.work.kind = facts.work.kind.or_else(|| kind::named(last));
            facts.declared |= norm(last).ends_with("reviews");
        }
        return true;
    }
    false
}

/// A reviewer's name as printed, without account names that name nobody.
pub fn reviewer(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches([',', '.', ':']).trim_start_matches(['@', ':', ' ']).trim();
    let restored = if name.ends_with(|c: char| c.is_uppercase())
        && name.contains(' ')
        && name.rsplit(' ').next().is_some_and(|w| w.chars().count() == 1)
    {
        format!("{name}.")
    } else {
        name.to_owned()
    };
    let nobody =
        ["admin", "administrator", "editor", "staff", "guest", "webmaster", "in", "on", "unknown", "anonymous"];
    let fits = (2..=60).contains(&restored.chars().count()) && restored.split_whitespace().count() <= 5;
    let dated = restored.chars().any(|c| c.is_ascii_digit()) && day::field(&restored).is_some();
    (fits && !dated && !nobody.contains(&norm(&restored).as_str())).then_some(restored)
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
