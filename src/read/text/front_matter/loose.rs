//! A head without fences: `Key: value` lines at the top of a file, as Pelican, MultiMarkdown and
//! reStructuredText write them (`:date: …`, `.. slug: …`).

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::{model::text::norm, read::pattern::pattern};

/// One of these keys says that the lines are a head and no prose.
const KNOWN: [&str; 16] = [
    "title",
    "name",
    "author",
    "authors",
    "date",
    "tags",
    "category",
    "categories",
    "slug",
    "rating",
    "status",
    "summary",
    "isbn",
    "year",
    "keywords",
    "type",
];

/// Two known keys or more in unbroken lines at the top, under at most one headline; and the rest of the text.
pub fn split(text: &str) -> Option<(Value, &str)> {
    static PAIR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(?:\.\.\s|:)?([A-Za-z][A-Za-z0-9_-]{1,24}(?:\s[A-Za-z_-]{1,16})?):{1,2}(?:\s+(.*))?$")
    });
    let mut map = Map::new();
    let mut headline: Option<&str> = None;
    let mut known = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let pair = PAIR.captures(bare);
        match pair {
            Some(c) => {
                let key = c.get(1).map_or("", |m| m.as_str());
                known += usize::from(KNOWN.contains(&norm(key).as_str()));
                put(&mut map, key, c.get(2).map_or("", |m| m.as_str()));
            }
            None if bare.is_empty() && map.is_empty() => {}
            None if map.is_empty() && headline.is_none() && bare.chars().count() < 120 => headline = Some(bare),
            None if map.is_empty() && is_underline(bare) => {}
            None if bare.is_empty() => {
                end += line.len();
                break;
            }
            // A value goes on in a line that is set in; anything else is no head.
            None if line.starts_with([' ', '\t']) && !map.is_empty() => {}
            None => return None,
        }
        end += line.len();
    }
    if known < 2 || map.len() < 2 {
        return None;
    }
    if let Some(headline) = headline.map(|line| line.trim_start_matches('#').trim()) {
        map.entry("title").or_insert_with(|| Value::String(headline.to_owned()));
    }
    Some((Value::Object(map), &text[end..]))
}

/// Keeps a repeated key as a list.
fn put(map: &mut Map<String, Value>, key: &str, value: &str) {
    let value = Value::String(value.trim().trim_matches('"').to_owned());
    match map.get_mut(key) {
        Some(Value::Array(list)) => list.push(value),
        Some(held) => *held = Value::Array(vec![held.take(), value]),
        None => {
            map.insert(key.to_owned(), value);
        }
    }
}

fn is_underline(line: &str) -> bool {
    let first = line.chars().next();
    line.len() >= 3 && first.is_some_and(|c| "#=-~*^".contains(c)) && line.chars().all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::split;

    #[test]
    fn a_head_without_fences_is_read() {
        for (text, title) in [
            ("Title: Glass Harbour\nDate: 2020-03-01\nAuthor: Jo Reader\n\nA good film.", "Glass Harbour"),
            ("Glass Harbour\n#############\n:date: 2020-03-01\n:author: Jo Reader\n\nA good film.", "Glass Harbour"),
            (".. title: Glass Harbour\n.. date: 2020-03-01\n.. slug: glass\n\nA good film.", "Glass Harbour"),
        ] {
            let (data, rest) = split(text).unwrap_or_else(|| panic!("{text}"));
            let found = data.get("title").or_else(|| data.get("Title"));
            assert_eq!((found, rest), (Some(&json!(title)), "A good film."), "{text}");
        }
    }

    #[test]
    fn a_repeated_key_is_a_list_and_prose_is_no_head() {
        let (data, _) = split("title: Glass\nauthor: Ada Quill\nauthor: Bo Stone\n\nText.").unwrap();
        assert_eq!(data["author"], json!(["Ada Quill", "Bo Stone"]));
        assert_eq!(split("Verdict: a good film\n\nIt rains."), None);
        assert_eq!(split("Title: Glass\nA film that I saw\n\nText."), None);
        assert_eq!(split("The sea is grey.\nDate: 2020-01-01\nTitle: Glass\nand more\n\nText."), None);
    }
}
