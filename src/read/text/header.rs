//! The lines above a plain text: title, labels (`Director: …`), byline, date.

mod choice;
mod fields;

pub use choice::choose_title;

use super::{byline, front_matter};
use crate::{
    model::Rating,
    read::{
        boilerplate::{PROSE, is_noise},
        day,
        facts::Facts,
        people,
        rating::{self, Scale},
        spoiler_marks, title,
    },
};

/// A header is no longer than this many lines that are not empty.
const LONGEST: usize = 40;
/// So many lines above a text that is not at the top may be its header.
const NEAR: usize = 12;

/// Whether a line is running text rather than part of a header.
fn is_prose(line: &str, next: Option<&str>) -> bool {
    let length = line.chars().count();
    if fields::is_row(line) {
        return false;
    }
    if fields::label(line).is_some_and(|(_, value)| value.chars().count() < 160) || byline::is_byline(line) {
        return false;
    }
    let ends = line.ends_with(['.', '!', '?', '…', '”', '"', '’']);
    length >= PROSE
        || length >= 60 && ends && line.split_whitespace().count() >= 8
        || length >= 50 && next.is_some_and(|next| next.chars().count() >= 50)
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
        if lone_year(line, before, next, facts) {
            continue;
        }
        beside_date(line, before, next, facts);
        header_line(line, facts, &mut titles);
    }
    (lines.len(), titles)
}

/// Titles, labels and bylines among the lines right above a text that stands below a banner or a menu.
pub fn skipped(lines: &[&str], facts: &mut Facts) -> Vec<String> {
    let mut titles = Vec::new();
    let short: Vec<usize> =
        (0..lines.len()).filter(|at| !lines[*at].is_empty() && !is_prose(lines[*at], None)).collect();
    for at in &short[short.len().saturating_sub(NEAR)..] {
        header_line(lines[*at], facts, &mut titles);
    }
    titles
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

/// A year alone on its line, and the maker on the line below: `Title`, `2013`, `Ada Quill`.
fn lone_year(line: &str, before: Option<&str>, next: Option<&str>, facts: &mut Facts) -> bool {
    let year = |line: &str| (line.len() == 4).then(|| title::year(line)).flatten();
    if let Some(year) = year(line) {
        // Above it stands the title; amid a calendar or a menu it says nothing.
        let titled = before.is_some_and(|before| before.chars().any(char::is_alphabetic));
        let dated = next.is_some_and(|next| day::find(next).is_some() || next.len() < 5 && !next.is_empty());
        facts.work.year = facts.work.year.or(Some(year).filter(|_| titled && !dated));
        return true;
    }
    let maker = before.and_then(year).is_some_and(|year| facts.work.year == Some(year)) && people::is_full_name(line);
    if maker && facts.work.creators.is_empty() {
        facts.work.add_creators([line]);
    }
    maker
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
    if fields::is_row(line) && fields::in_a_row(line, facts) {
        return;
    }
    if let Some((name, value)) = fields::label(line)
        && fields::field(&name, &front_matter::plain(value), facts)
    {
        return;
    }
    if fields::in_a_row(line, facts) {
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
        if let Some(headline) = titles.pop_if(|last| facts.hints.near_date.as_ref() != Some(last)) {
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

/// A line that is a rating and little else: `★★★★☆`, `4 out of 5 stars`.
pub fn rating_line(line: &str) -> Option<Rating> {
    let found = rating::in_text(line, None, Scale::default()).filter(|_| line.chars().count() < 60)?;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    (letters(line) <= letters(&found.printed) + 12).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WorkKind;

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
    fn labels_of_other_languages_rows_and_lone_years_are_read() {
        for text in [
            "Glass Harbour\nRéalisé par Ada Quill, scénario de Bo Stone\nSortie en 1975.",
            "Glass Harbour\nRegie: Ada Quill\nErscheinungsjahr: 1975",
            "Glass Harbour\nDrama | Erscheinungsjahr: 1975 | Schauspieler: Bo Winter, Cy Marsh | Regisseurin: Ada Quill | 1h 55min and more that makes it long",
            "Glass Harbour\n1975\nAda Quill",
            ":title: [Glass Harbour](https://example.org/x)\n:director: Ada Quill\n:year: 1975",
        ] {
            let (facts, _) = header(text);
            assert_eq!(
                (facts.work.creators.as_slice(), facts.work.year),
                (["Ada Quill".into()].as_slice(), Some(1975)),
                "{text}"
            );
        }
        let (facts, titles) = header("12\n2014\n13\nPor: Jo Reader");
        assert_eq!((facts.work.year, facts.reviewer.as_deref()), (None, Some("Jo Reader")));
        assert!(!titles.contains(&"2014".to_owned()));
    }

    #[test]
    fn a_header_below_a_banner_is_found() {
        let mut facts = Facts::default();
        let banner =
            "We use small files to remember you and to count how often you come back, which you may allow or not.";
        let titles = skipped(&[banner, "Home", "Glass Harbour", "Posted on 3 March 2014 by Jo Reader"], &mut facts);
        assert_eq!(facts.reviewer.as_deref(), Some("Jo Reader"));
        assert_eq!(titles.first().map(String::as_str), Some("Glass Harbour"));
    }

    #[test]
    fn the_author_of_a_film_review_is_its_reviewer_and_of_a_book_its_maker() {
        let (facts, _) = header("Title: Glass Harbour\nAuthor: Jo Reader\nDirector: Ada Quill");
        assert_eq!(
            (facts.reviewer.as_deref(), facts.work.creators.as_slice()),
            (Some("Jo Reader"), ["Ada Quill".into()].as_slice())
        );
        let (facts, _) = header("Glass Harbour\nAuthor: Ada Quill\nPublisher: Some House\nRating: 4/5");
        assert_eq!((facts.reviewer, facts.work.creators), (None, vec!["Ada Quill".into()]));
        assert_eq!(facts.rating.map(|r| r.score.value()), Some(80.0));
    }

    #[test]
    fn the_release_date_is_not_the_date_of_the_review() {
        let (facts, _) = header("Release Date: 10th January 2014 [USA]\nCast: Bo Winter - Cy Marsh");
        assert_eq!((facts.published, facts.work.year), (None, Some(2014)));
        assert_eq!(facts.people, ["Bo Winter", "Cy Marsh"]);
    }
}
