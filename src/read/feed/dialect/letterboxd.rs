//! Letterboxd: diary, reviews and lists in one feed, told apart by the GUID's prefix.

use std::sync::LazyLock;

use regex::Regex;

use super::{Context, Dialect, Draft, Reviewer, Verdict};
use crate::{
    model::WorkKind,
    read::feed::{html::Plain, namespace::Vocabulary, spoiler, stars, title},
};

/// Entries with a film's fields, or a GUID of the site's making.
pub const DIALECT: Dialect = Dialect { claims, read };

fn claims(entry: &Context<'_>) -> bool {
    entry.id_starts("letterboxd-") || entry.has(Vocabulary::Letterboxd, "filmTitle")
}

fn read(entry: &Context<'_>) -> Verdict {
    if entry.id_starts("letterboxd-list-") || !entry.has(Vocabulary::Letterboxd, "filmTitle") {
        return Verdict::Pass("lists");
    }
    let (text, flagged) = without_boilerplate(entry.text());
    if text.text.is_empty() {
        return Verdict::Pass("diary entries without a text");
    }
    let mut work = title::read(entry.title(), Some(WorkKind::Film)).work;
    work.title = entry.field(Vocabulary::Letterboxd, "filmTitle").or(work.title);
    let year = entry.field(Vocabulary::Letterboxd, "filmYear").and_then(|year| year.parse().ok());
    work.year = year.or(work.year);
    let rating = entry.field(Vocabulary::Letterboxd, "memberRating").and_then(|value| stars::field(&value, 5.0));
    let mut categories = Vec::new();
    for (field, word) in [("rewatch", "rewatch"), ("memberLike", "liked")] {
        if entry.field(Vocabulary::Letterboxd, field).is_some_and(|value| value.eq_ignore_ascii_case("yes")) {
            categories.push(word.to_owned());
        }
    }
    let spoilers = flagged || spoiler::announced(entry.title());
    let reviewer = match (&entry.item.author, owner(entry)) {
        (None, Some(owner)) => Reviewer::Named(owner),
        _ => Reviewer::Author,
    };
    Verdict::Review(Box::new(Draft { work, reviewer, rating, text, spoilers, categories, ..Draft::default() }))
}

/// Whose feed it is, by its title: `Letterboxd - Ann`.
fn owner(entry: &Context<'_>) -> Option<String> {
    let (_, name) = entry.feed.title.as_deref()?.split_once(" - ")?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// The critic's own text: without the spoiler notice at its head, which is told, and without the line that
/// the site writes where there is no review.
fn without_boilerplate(plain: Plain) -> (Plain, bool) {
    static WATCHED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(?:Re)?[Ww]atched(?: on [^\n]{1,40})?\.$").ok());
    let end = plain.text.find("\n\n").unwrap_or(plain.text.len());
    let notice = &plain.text[..end];
    let flagged = notice.len() < 60 && notice.contains("may contain spoilers");
    let plain = if flagged { plain.without_head(end) } else { plain };
    let watched = WATCHED.as_ref().is_some_and(|line| line.is_match(plain.text.trim()));
    (if watched { Plain::default() } else { plain }, flagged)
}
