//! Reads `[select]`: limits, order and filters.

use std::ops::Range;

use super::MOST_REVIEWS;
use crate::model::{
    WorkKind,
    digest::{FeaturedRule, Filter, Order, Select},
    toml_file::{Section, TomlFile, not_among},
};

const KEYS: [&str; 10] =
    ["minimum", "maximum", "per_source", "per_reviewer", "per_work", "archive", "order", "featured", "only", "without"];
const FILTER_KEYS: [&str; 7] = ["kinds", "languages", "rating_from", "rating_to", "words", "categories", "reviewers"];

pub(super) fn read(reader: &mut TomlFile<'_>, top: &Section<'_>) -> Select {
    let usual = Select::default();
    let Some(section) = reader.section(top, "select") else { return usual };
    reader.unknown_keys(&section, &KEYS);
    let minimum = reader.number(&section, "minimum", 1..=MOST_REVIEWS);
    let maximum = reader.number(&section, "maximum", 1..=MOST_REVIEWS);
    let archive = reader.number(&section, "archive", 0..=MOST_REVIEWS);
    let mut limit = |key| reader.number(&section, key, 1..=MOST_REVIEWS).map(|(n, _)| n);
    let (per_source, per_reviewer, per_work) = (limit("per_source"), limit("per_reviewer"), limit("per_work"));
    let rules = [("first", FeaturedRule::First), ("only", FeaturedRule::Only), ("ignore", FeaturedRule::Ignore)];
    let featured = reader.choice(&section, "featured", &rules).unwrap_or_default();
    let order = reader.choice(&section, "order", &Order::ALL).unwrap_or_default();
    let (only, without) = (filter(reader, &section, "only"), filter(reader, &section, "without"));
    bounds(reader, &section, &usual, (&minimum, &maximum));
    let maximum = maximum.map_or(usual.maximum, |(n, _)| n);
    if let Some((wanted, span)) = archive.as_ref().filter(|(wanted, _)| *wanted > maximum) {
        let message = format!("{wanted} is above the maximum {maximum}: no issue quotes as many");
        reader.wrong(format!("{}archive", section.prefix), span, message);
    }
    Select {
        minimum: minimum.map_or(usual.minimum, |(n, _)| n),
        maximum,
        per_source,
        per_reviewer,
        per_work,
        archive: archive.map_or(usual.archive, |(n, _)| n),
        order,
        featured,
        only,
        without,
    }
}

type Given<'a> = &'a Option<(usize, Range<usize>)>;

/// That the maximum is not below the minimum, whichever of them is given, in `[select]` or at a cadence.
pub(super) fn bounds(
    reader: &mut TomlFile<'_>,
    section: &Section<'_>,
    usual: &Select,
    (minimum, maximum): (Given<'_>, Given<'_>),
) {
    let least = minimum.as_ref().map_or(usual.minimum, |(n, _)| *n);
    let most = maximum.as_ref().map_or(usual.maximum, |(n, _)| *n);
    if most < least {
        let (key, span) = match (maximum, minimum) {
            (Some((_, span)), _) => ("maximum", span),
            (None, Some((_, span))) => ("minimum", span),
            (None, None) => ("maximum", &section.span),
        };
        let message = format!("the maximum {most} is below the minimum {least}: no issue could ever be made");
        reader.wrong(format!("{}{key}", section.prefix), span, message);
    }
}

fn filter(reader: &mut TomlFile<'_>, select: &Section<'_>, key: &str) -> Filter {
    let Some(section) = reader.section(select, key) else { return Filter::default() };
    reader.unknown_keys(&section, &FILTER_KEYS);
    let rating_from = reader.number(&section, "rating_from", 0..=100);
    let rating_to = reader.number(&section, "rating_to", 0..=100);
    if let (Some((from, _)), Some((to, span))) = (&rating_from, &rating_to)
        && from > to
    {
        let message = format!("{to} is below rating_from {from}: no rating lies between them");
        reader.wrong(format!("{}rating_to", section.prefix), span, message);
    }
    Filter {
        kinds: each(reader, &section, "kinds", kind),
        languages: each(reader, &section, "languages", super::language),
        rating_from: rating_from.and_then(|(n, _)| u8::try_from(n).ok()),
        rating_to: rating_to.and_then(|(n, _)| u8::try_from(n).ok()),
        words: each(reader, &section, "words", phrase),
        categories: each(reader, &section, "categories", phrase),
        reviewers: each(reader, &section, "reviewers", phrase),
    }
}

/// A list of which every item is read by `read`, whose error names the item.
fn each<T>(
    reader: &mut TomlFile<'_>,
    section: &Section<'_>,
    key: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Vec<T> {
    let mut found = Vec::new();
    for (text, span) in reader.texts(section, key) {
        match read(text.trim()) {
            Ok(value) => found.push(value),
            Err(message) => reader.wrong(format!("{}{key}", section.prefix), &span, message),
        }
    }
    found
}

fn kind(text: &str) -> Result<WorkKind, String> {
    WorkKind::parse(text).ok_or_else(|| not_among(text, &WorkKind::ALL.map(WorkKind::as_str)))
}

/// A word, phrase or name: something must be left of it when it is compared.
fn phrase(text: &str) -> Result<String, String> {
    if crate::model::text::norm(text).is_empty() {
        return Err(format!("`{text}` has neither letter nor digit, and would match nothing"));
    }
    Ok(text.to_owned())
}
