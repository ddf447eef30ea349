//! JSON Feed 1.0 and 1.1 to entries (jsonfeed.org/version/1.1).
//!
//! Every field is taken leniently: a number where a text should be is its digits, and what is of the wrong
//! kind is passed over without being built, however deep it is.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{ENTRIES, Feed, Item, Markup, entry, html};
use crate::model::Line;
use crate::read::date;
use crate::read::markup::namespace::Namespace;

/// The feed in a text; the error says why it is none.
pub fn feed(text: &str) -> Result<Feed, String> {
    let raw: RawFeed = serde_json::from_str(text).map_err(|error| format!("this is no JSON Feed: {error}"))?;
    let version = raw.version.0.unwrap_or_default();
    if !version.contains("jsonfeed.org/version/") {
        return Err("this is JSON, but no JSON Feed: it names no jsonfeed.org version".into());
    }
    let author = raw.authors.kept.iter().chain(raw.author.0.iter()).find_map(person);
    Ok(Feed {
        root: "JSON Feed".into(),
        namespace: Namespace::Uri(version),
        title: raw.title.0.as_deref().and_then(|title| Line::new(html::one_line(title))),
        link: raw.home_page_url.0,
        language: raw.language.0,
        author,
        best: raw.description.0.as_deref().and_then(entry::stated_best),
        next: raw.next_url.0,
        cut: raw.items.more,
        items: raw.items.kept.into_iter().map(item).collect(),
        tree: None,
        flattened: false,
    })
}

fn item(raw: RawItem) -> Item {
    let updated = raw.date_modified.0.as_deref().and_then(date::parse);
    let content = raw.content_html.0.map(Markup::Html).or(raw.content_text.0.map(Markup::Plain));
    Item {
        id: raw.id.0.filter(|id| !id.is_empty()),
        title: raw.title.0.as_deref().and_then(|title| Line::new(html::one_line(title))),
        link: raw.url.0.or(raw.external_url.0),
        author: raw.authors.kept.iter().chain(raw.author.0.iter()).find_map(person),
        published: raw.date_published.0.as_deref().and_then(date::parse).or(updated),
        updated,
        is_episode: false,
        image: raw.image.0.or(raw.banner_image.0).filter(|image| !image.is_empty()),
        content,
        summary: raw.summary.0.map(Markup::Plain),
        categories: Line::all(raw.tags.kept.into_iter().filter_map(|tag| tag.0)),
        language: raw.language.0,
        node: None,
    }
}

fn person(raw: &RawPerson) -> Option<Line> {
    Line::new(raw.name.0.as_deref().and_then(entry::name)?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawFeed {
    version: Text,
    title: Text,
    home_page_url: Text,
    next_url: Text,
    description: Text,
    language: Text,
    author: Maybe<RawPerson>,
    authors: List<RawPerson>,
    items: List<RawItem>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawItem {
    id: Text,
    url: Text,
    external_url: Text,
    title: Text,
    content_html: Text,
    content_text: Text,
    summary: Text,
    image: Text,
    banner_image: Text,
    date_published: Text,
    date_modified: Text,
    author: Maybe<RawPerson>,
    authors: List<RawPerson>,
    tags: List<Text>,
    language: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawPerson {
    name: Text,
}

/// A text, or a number's digits; anything else is nothing.
#[derive(Debug, Default)]
struct Text(Option<String>);

/// An object, or nothing.
#[derive(Debug)]
struct Maybe<T>(Option<T>);

/// The objects of a list, the first [`ENTRIES`]; what is no object in it is passed over.
#[derive(Debug)]
struct List<T> {
    kept: Vec<T>,
    /// How many came after those, unread.
    more: usize,
}

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), more: 0 }
    }
}

/// Takes any value; what each kind becomes is up to `T`.
struct Any<T>(std::marker::PhantomData<T>);

/// What a value of each kind becomes. The defaults give nothing.
trait Lenient<'de>: Default {
    fn text(_: String) -> Self {
        Self::default()
    }
    fn map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

impl<'de, T: Lenient<'de>> Visitor<'de> for Any<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::text(text.to_owned()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Ok(T::text(number.to_string()))
    }
    fn visit_i64<E>(self, number: i64) -> Result<T, E> {
        Ok(T::text(number.to_string()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<T, E> {
        Ok(T::text(number.to_string()))
    }
    fn visit_bool<E>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::map(map)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::list(list)
    }
}

impl Lenient<'_> for Text {
    fn text(text: String) -> Self {
        Self(Some(text))
    }
}

impl<'de, T: Deserialize<'de>> Lenient<'de> for Maybe<T> {
    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|value| Self(Some(value)))
    }
}

impl<'de, T> Lenient<'de> for List<T>
where
    Maybe<T>: Deserialize<'de>,
{
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut out = Self::default();
        while out.kept.len() < ENTRIES {
            match list.next_element::<Maybe<T>>()? {
                Some(value) => out.kept.extend(value.0),
                None => return Ok(out),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            out.more += 1;
        }
        Ok(out)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for Maybe<RawPerson> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for Maybe<RawItem> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for Maybe<Text> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(|text| Self(Some(text)))
    }
}

impl<'de, T> Deserialize<'de> for List<T>
where
    Maybe<T>: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "items": ["#;

    #[test]
    fn fields_of_the_wrong_kind_cost_only_themselves() {
        let text = format!(
            r#"{START} {{"id": 7, "title": ["x"], "authors": [3, {{"name": "Ann"}}], "tags": ["a", null, 5],
            "content_html": "<p>Hi</p>", "date_published": "2026-01-02T03:04:05+06:00"}}, "x", null ]}}"#
        );
        let feed = feed(&text).unwrap();
        assert_eq!(feed.items.len(), 1);
        let item = &feed.items[0];
        assert_eq!((item.id.as_deref(), item.title.as_deref(), item.author.as_deref()), (Some("7"), None, Some("Ann")));
        assert_eq!(item.categories, ["a", "5"]);
        assert_eq!(item.published.unwrap().to_string(), "2026-01-02T03:04:05+06:00");
    }

    #[test]
    fn depth_is_passed_over_without_recursion() {
        let text = format!(r#"{START} {}{}, {{"id": "1"}} ]}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(feed(&text).unwrap().items.len(), 1);
    }

    #[test]
    fn items_beyond_the_cap_are_counted_and_not_built() {
        let text = format!("{START} {}{{}} ]}}", "{},".repeat(ENTRIES + 9));
        let feed = feed(&text).unwrap();
        assert_eq!((feed.items.len(), feed.cut), (ENTRIES, 10));
    }

    #[test]
    fn other_json_is_no_feed() {
        assert!(feed(r#"{"items": []}"#).is_err());
        assert!(feed("[]").is_err());
    }
}
