//! Front matter: what the keys of a YAML or TOML head say about a review.

mod dates;
mod keys;
mod loose;
mod names;
mod rating;

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

pub use keys::plain;
pub use rating::is_stated as states_rating;

use super::yaml;
use crate::{
    model::{Line, WorkKind},
    read::{
        facts::Facts,
        kind, language,
        pattern::pattern,
        title,
        title::{Headline, REVIEW},
    },
};

/// Splits a file into its front matter, as data in one spelling, and the rest.
pub fn split(text: &str) -> Option<(Value, &str)> {
    let text = text.trim_start_matches('\u{feff}').trim_start_matches(['\n', '\r']);
    let toml = text.starts_with("+++");
    let fence = if toml { "+++" } else { "---" };
    let first = text.lines().next()?;
    if first.trim_end() != fence {
        return None;
    }
    let mut end = first.len();
    for line in text[first.len()..].split_inclusive('\n') {
        let start = end;
        end += line.len();
        if line.trim_end() == fence && start > first.len() {
            let source = &text[first.len()..start];
            let data = if toml { from_toml(source)? } else { yaml::parse(source) };
            return Some((keys::normal(data), &text[end..]));
        }
    }
    None
}

/// The same for a head without fences, of a file that is known to be Markdown or the like.
pub fn split_loose(text: &str) -> Option<(Value, &str)> {
    loose::split(text).map(|(data, rest)| (keys::normal(data), rest))
}

fn from_toml(source: &str) -> Option<Value> {
    let table: toml::Table = source.parse().ok()?;
    serde_json::to_value(table).ok().map(undated)
}

/// Dates of TOML become strings.
fn undated(value: Value) -> Value {
    match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("$__toml_private_datetime") => {
            map.into_iter().next().map_or(Value::Null, |(_, v)| v)
        }
        Value::Object(map) => Value::Object(map.into_iter().map(|(k, v)| (k, undated(v))).collect()),
        Value::Array(list) => Value::Array(list.into_iter().map(undated).collect()),
        other => other,
    }
}

const CONTAINERS: [(&str, Option<WorkKind>); 12] = [
    ("book", Some(WorkKind::Book)),
    ("movie", Some(WorkKind::Film)),
    ("film", Some(WorkKind::Film)),
    ("album", Some(WorkKind::Album)),
    ("game", Some(WorkKind::Game)),
    ("series", Some(WorkKind::Film)),
    ("show", Some(WorkKind::Film)),
    ("restaurant", Some(WorkKind::Other)),
    ("product", Some(WorkKind::Other)),
    ("work", None),
    ("item", None),
    ("item_reviewed", None),
];

/// What the keys say.
pub fn facts(data: &Value) -> Facts {
    let mut facts = Facts::default();
    containers(data, &mut facts);
    titles(data, &mut facts);
    let kinds = ["type", "category", "categories", "layout", "tags"].iter().flat_map(|key| texts(data.get(*key)));
    facts.work.kind = facts.work.kind.or_else(|| kinds.filter_map(|word| kind::named(&word)).next());
    names::read(data, &mut facts);
    let review = data.get("review").unwrap_or(&Value::Null);
    facts.rating = rating::of(review).or_else(|| rating::of(data));
    facts.published = dates::published(data, review);
    facts.work.year = facts.work.year.or_else(|| dates::released(data));
    facts.language =
        ["lang", "language", "locale"].iter().find_map(|key| data.get(*key)?.as_str()).and_then(language::tag);
    facts.featured = truth(data.get("featured")) || truth(review.get("featured"));
    facts.spoilers = ["spoilers", "spoiler", "has_spoilers", "contains_spoilers"]
        .iter()
        .any(|key| truth(data.get(*key)) || truth(review.get(*key)));
    for key in ["categories", "category", "tags", "genre", "genres"] {
        facts.categories.extend(texts(data.get(key)));
    }
    facts.url = ["canonical_url", "permalink", "url"]
        .iter()
        .filter_map(|key| data.get(*key)?.as_str())
        .find(|url| url.starts_with("http"))
        .map(str::to_owned);
    facts.declared |=
        !review.is_null() || facts.rating.is_some() || calls_itself_review(data) || names::names_reviewer(data);
    facts
}

fn calls_itself_review(data: &Value) -> bool {
    let keys = ["layout", "type", "post_type", "category", "categories", "tags", "section"];
    let words = keys.iter().flat_map(|key| texts(data.get(*key)));
    // `review`, `book-reviews`, `Reseñas`: the plural may add a sound or two.
    static REVIEWS: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"(?i)(?:^|[^\p{{L}}]){REVIEW}(?:s|es|en|er|n)?(?:$|[^\p{{L}}])")));
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[^\p{L}])(?:recensioni|recenzje|kritiken|críticas|criticas|critiques|recensies|recensioner|anmeldelser|рецензии|обзоры|感想|書評)(?:$|[^\p{L}])",
        )
    });
    let mut words = words;
    words.any(|word| REVIEWS.is_match(&word) || OTHERS.is_match(&word))
}

/// `book: {title, author, …}`, or `game: "Title"`.
fn containers(data: &Value, facts: &mut Facts) {
    for (key, kind) in CONTAINERS {
        match data.get(key) {
            Some(Value::Object(_)) => {
                let inner = &data[key];
                facts.work.kind = kind;
                let name = ["title", "name"].iter().find_map(|key| inner.get(*key)?.as_str());
                facts.work.title = name.and_then(title::tidy).and_then(Line::new);
                let makers = ["author", "authors", "director", "directors", "artist", "developer", "creator", "by"];
                facts.work.creators = Line::all(makers.iter().flat_map(|key| texts(inner.get(*key))));
                facts.work.year = ["publication_year", "year", "release_year", "released", "published"]
                    .iter()
                    .find_map(|key| dates::year(inner.get(*key)?));
                facts.categories.extend(texts(inner.get("tags")));
                return;
            }
            Some(Value::String(name)) if !name.trim().is_empty() => {
                facts.work.kind = kind;
                match slug(name) {
                    Some((_, year)) => facts.work.year = year,
                    None => facts.add_headline(title::headline(name, None)),
                }
                return;
            }
            _ => {}
        }
    }
}

/// A value like `2018-some-title`: no title, but a year may stand in front.
fn slug(value: &str) -> Option<(&str, Option<i16>)> {
    if value.contains(' ') || !value.contains('-') {
        return None;
    }
    let (first, rest) = value.split_once('-')?;
    match title::year(first) {
        Some(year) => Some((rest, Some(year))),
        None => (value == value.to_lowercase()).then_some((value, None)),
    }
}

fn titles(data: &Value, facts: &mut Facts) {
    if facts.work.title.is_none() {
        let own = data.as_object().into_iter().flatten().find(|(key, value)| {
            let key = key.to_lowercase();
            let named = ["name", "_title", "title"].iter().any(|end| key.ends_with(end))
                && !["title", "seo_title", "seotitle", "meta_title", "linktitle", "sitename", "filename"]
                    .contains(&key.as_str());
            let about = [
                "store",
                "shop",
                "place",
                "restaurant",
                "product",
                "item",
                "work",
                "book",
                "film",
                "movie",
                "album",
                "game",
                "original",
                "venue",
            ]
            .iter()
            .any(|start| key.starts_with(start));
            named && about && value.is_string()
        });
        if let Some((key, Value::String(name))) = own {
            facts.work.title = title::tidy(name).and_then(Line::new);
            let other =
                ["store", "shop", "place", "restaurant", "product", "venue"].iter().any(|start| key.starts_with(start));
            facts.work.kind =
                facts.work.kind.or(if other { Some(WorkKind::Other) } else { kind::named(&key.replace('_', " ")) });
        }
    }
    let headline = ["title", "name", "headline", "titulo", "titel", "titre", "titolo", "tytul"];
    if let Some(headline) = headline.iter().find_map(|key| texts(data.get(*key)).into_iter().next()) {
        facts.add_headline(title::headline(&headline, None));
    }
    if facts.work.title.is_none()
        && let Some(slug) = data.get("slug").and_then(Value::as_str)
    {
        let spoken: Vec<String> = slug.rsplit('/').next().unwrap_or(slug).split('-').map(capitalised).collect();
        facts.add_headline(from_slug(&spoken.join(" ")));
    }
}

/// The words of a slug: `glass-harbour-by-ada-quill` names title and maker, `glass-harbour-1987` title and year.
fn from_slug(words: &str) -> Headline {
    // No film is older, and a later number belongs to the title.
    const RELEASES: std::ops::RangeInclusive<i16> = 1880..=2035;
    if let Some((name, last)) = words.rsplit_once(' ')
        && let Some(year) = title::year(last).filter(|year| RELEASES.contains(year))
        && !name.to_lowercase().ends_with(" of")
    {
        return Headline { title: title::tidy(name), year: Some(year), ..Headline::default() };
    }
    match words.rsplit_once(" By ") {
        Some((name, maker)) if maker.contains(' ') => Headline {
            title: title::tidy(name),
            creators: vec![maker.to_owned()],
            kind: Some(WorkKind::Book),
            ..Headline::default()
        },
        _ => title::headline(words, None),
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) if !text.is_empty() => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(names::name).collect(),
        Some(Value::Object(map)) => map.get("name").and_then(Value::as_str).map(str::to_owned).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn truth(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Bool(true)))
        || value.and_then(Value::as_str).is_some_and(|v| matches!(v, "true" | "yes" | "1"))
}

fn printed(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
