//! Front matter: what the keys of a YAML or TOML head say about a review.

use serde_json::Value;

use super::{byline, yaml};
use crate::{
    model::{Published, WorkKind, text::norm},
    read::{
        day,
        facts::Facts,
        kind, language, people,
        rating::{self, Scale},
        title::{self, Headline},
    },
};

/// Splits a file into its front matter, as data, and the rest.
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
            return Some((data, &text[end..]));
        }
    }
    None
}

fn from_toml(source: &str) -> Option<Value> {
    let table: toml::Table = source.parse().ok()?;
    serde_json::to_value(table).ok().map(plain)
}

/// Dates of TOML become strings.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("$__toml_private_datetime") => {
            map.into_iter().next().map_or(Value::Null, |(_, v)| v)
        }
        Value::Object(map) => Value::Object(map.into_iter().map(|(k, v)| (k, plain(v))).collect()),
        Value::Array(list) => Value::Array(list.into_iter().map(plain).collect()),
        other => other,
    }
}

const CONTAINERS: [(&str, Option<WorkKind>); 13] = [
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
    ("itemReviewed", None),
    ("item_reviewed", None),
];

/// What the keys say.
pub fn facts(data: &Value) -> Facts {
    let mut facts = Facts::default();
    containers(data, &mut facts);
    titles(data, &mut facts);
    makers(data, &mut facts);
    let review = data.get("review").unwrap_or(&Value::Null);
    facts.rating = rating_of(review).or_else(|| rating_of(data));
    facts.published = date(data, review);
    facts.work.year = facts.work.year.or_else(|| {
        ["year", "release_year", "publication_year", "released", "release_date"]
            .iter()
            .find_map(|key| year(data.get(*key)?))
    });
    facts.language =
        ["lang", "language", "locale"].iter().find_map(|key| data.get(*key)?.as_str()).and_then(language::tag);
    facts.featured = truth(data.get("featured")) || truth(review.get("featured"));
    facts.spoilers = ["spoilers", "spoiler", "has_spoilers", "contains_spoilers"]
        .iter()
        .any(|key| truth(data.get(*key)) || truth(review.get(*key)));
    for key in ["categories", "category", "tags", "genre", "genres"] {
        facts.categories.extend(texts(data.get(key)));
    }
    facts.url = ["canonical_url", "canonicalURL", "permalink", "url"]
        .iter()
        .filter_map(|key| data.get(*key)?.as_str())
        .find(|url| url.starts_with("http"))
        .map(str::to_owned);
    facts.declared |= !review.is_null() || facts.rating.is_some() || calls_itself_review(data);
    let kinds = ["category", "type", "categories", "layout", "tags"].iter().flat_map(|key| texts(data.get(*key)));
    facts.work.kind = facts.work.kind.or_else(|| kinds.filter_map(|word| kind::named(&word)).next());
    facts
}

fn calls_itself_review(data: &Value) -> bool {
    let words = ["layout", "type", "category", "categories", "tags"].iter().flat_map(|key| texts(data.get(*key)));
    words.map(|word| norm(&word)).any(|word| {
        word.split(' ').any(|w| {
            matches!(w, "review" | "reviews" | "리뷰" | "rezension" | "kritik" | "recenzja" | "critica" | "critique")
        })
    })
}

/// `book: {title, author, …}`, or `game: "Title"`.
fn containers(data: &Value, facts: &mut Facts) {
    for (key, kind) in CONTAINERS {
        match data.get(key) {
            Some(Value::Object(_)) => {
                let inner = &data[key];
                facts.work.kind = kind;
                let name = ["title", "name"].iter().find_map(|key| inner.get(*key)?.as_str());
                facts.work.title = name.and_then(title::tidy);
                facts.work.creators =
                    ["author", "authors", "director", "directors", "artist", "developer", "creator", "by"]
                        .iter()
                        .flat_map(|key| texts(inner.get(*key)))
                        .collect();
                facts.work.year = ["publication_year", "year", "release_year", "released", "published"]
                    .iter()
                    .find_map(|key| year(inner.get(*key)?));
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
            facts.work.title = title::tidy(name);
            let other =
                ["store", "shop", "place", "restaurant", "product", "venue"].iter().any(|start| key.starts_with(start));
            facts.work.kind =
                facts.work.kind.or(if other { Some(WorkKind::Other) } else { kind::named(&key.replace('_', " ")) });
        }
    }
    let headline = ["title", "name", "headline"].iter().find_map(|key| data.get(*key)?.as_str());
    if let Some(headline) = headline {
        facts.add_headline(title::headline(headline, None));
    }
    if facts.work.title.is_none()
        && let Some(slug) = data.get("slug").and_then(Value::as_str)
    {
        let spoken: Vec<String> = slug.rsplit('/').next().unwrap_or(slug).split('-').map(capitalised).collect();
        facts.add_headline(from_slug(&spoken.join(" ")));
    }
}

/// The words of a slug: `glass-harbour-by-ada-quill` names title and maker.
fn from_slug(words: &str) -> Headline {
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

fn makers(data: &Value, facts: &mut Facts) {
    for key in [
        "director",
        "directors",
        "directed_by",
        "artist",
        "artists",
        "band",
        "developer",
        "developers",
        "studio",
        "book_author",
        "bookauthor",
        "book_authors",
        "creator",
        "creators",
    ] {
        if facts.work.creators.is_empty() {
            facts.work.creators = texts(data.get(key)).iter().flat_map(|names| people::list(names)).collect();
        }
    }
    let review = data.get("review").unwrap_or(&Value::Null);
    let named = ["reviewer", "reviewed_by", "reviewedby", "critic", "review_author"]
        .iter()
        .find_map(|key| name(data.get(*key)?));
    let named = named.or_else(|| name(review.get("author")?)).or_else(|| name(review.get("reviewer")?));
    let author = ["author", "authors"].iter().find_map(|key| name(data.get(*key)?));
    match (named, author) {
        (Some(named), author) => {
            facts.reviewer = byline::reviewer(&named);
            if facts.work.creators.is_empty() {
                facts.work.creators = author.into_iter().collect();
            }
        }
        (None, author) => facts.reviewer = author.and_then(|name| byline::reviewer(&name)),
    }
    for key in ["cast", "starring", "actors", "writer", "writers"] {
        facts.people.extend(texts(data.get(key)).iter().flat_map(|names| people::list(names)));
    }
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()),
        Value::Object(map) => map.get("name")?.as_str().map(str::to_owned),
        Value::Array(list) => list.first().and_then(name),
        _ => None,
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) if !text.is_empty() => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(name).collect(),
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

fn year(value: &Value) -> Option<i16> {
    let text = printed(value)?;
    title::year(text.trim().get(..4)?)
}

fn rating_of(data: &Value) -> Option<crate::model::Rating> {
    let keys = [
        "rating",
        "my_rating",
        "score",
        "stars",
        "star",
        "grade",
        "rating_value",
        "ratingValue",
        "myrating",
        "overall",
        "note",
        "nota",
    ];
    for key in keys {
        let Some(value) = data.get(key) else { continue };
        let nested = value
            .as_object()
            .and_then(|map| ["value", "score", "rating", "ratingValue"].iter().find_map(|key| printed(map.get(*key)?)));
        let Some(text) = nested.or_else(|| printed(value)) else { continue };
        let hint = data.get(format!("{key}{}", yaml::COMMENT)).and_then(Value::as_str);
        let best = best_of(data, value).or_else(|| hint.and_then(scale_of_comment));
        let kept = text.trim();
        if let Some(rating) = rating::field(kept, Scale { best, language: None }) {
            return Some(rating);
        }
    }
    None
}

/// The best mark, where a key beside the rating or inside it says.
fn best_of(data: &Value, value: &Value) -> Option<f64> {
    let keys = [
        "rating_max",
        "max_rating",
        "ratingMax",
        "best_rating",
        "bestRating",
        "rating_scale",
        "scale",
        "out_of",
        "max",
        "best",
        "score_max",
        "max_score",
    ];
    let found = keys.iter().find_map(|key| value.get(*key).or_else(|| data.get(*key)).and_then(printed))?;
    let last = found.rsplit(|c: char| !(c.is_ascii_digit() || c == '.')).find(|part| !part.is_empty())?;
    last.parse().ok().filter(|best| *best > 0.0)
}

/// `# out of 10`, `# 1-5`, `# /10`, `# 0, 1, 2, 3`: the highest number of a comment that states a scale.
fn scale_of_comment(comment: &str) -> Option<f64> {
    let numbers: Vec<f64> =
        comment.split(|c: char| !(c.is_ascii_digit() || c == '.')).filter_map(|part| part.parse().ok()).collect();
    let lower = comment.to_lowercase();
    let states = numbers.len() >= 2 || ["out of", "/", "max", "von"].iter().any(|word| lower.contains(word));
    numbers.into_iter().reduce(f64::max).filter(|best| states && *best > 0.0)
}

fn date(data: &Value, review: &Value) -> Option<Published> {
    let own = [
        "date",
        "published",
        "date_published",
        "datePublished",
        "pubDate",
        "date_read",
        "date_reviewed",
        "date_watched",
    ];
    let direct = own.iter().flat_map(|key| texts(data.get(*key)).into_iter().chain(texts(review.get(*key))));
    let other = data.as_object().into_iter().flatten().filter(|(key, _)| {
        let key = key.to_lowercase();
        key.ends_with("date")
            && !["update", "lastmod", "modified", "release", "added", "expiry"].iter().any(|no| key.contains(no))
    });
    let other = other.flat_map(|(_, value)| texts(Some(value)));
    direct.chain(other).find_map(|text| Published::parse(text.trim()).or_else(|| day::field(&text).map(Published::Day)))
}

#[cfg(test)]
mod tests;
