//! Reviews in JSON-LD: `Review` nodes wherever they nest, with references by `@id` resolved.

use std::collections::HashMap;

use serde_json::Value;

use super::marked::{Marked, date, kind, named, printed, stated, unescaped, unescaped_text};
use crate::{
    model::{Line, Published},
    read::{
        markup::tree::{Node, Tree},
        title,
    },
};

/// Nodes beyond this depth are left out.
const DEEPEST: usize = 24;

/// The JSON-LD scripts of a page.
pub struct Scripts {
    roots: Vec<Value>,
}

impl Scripts {
    /// Reads them.
    pub fn of(page: &Tree) -> Self {
        let states = |node: &Node<'_>| {
            node.element().name == "script" && node.attribute("type").is_some_and(|kind| kind.contains("ld+json"))
        };
        Self { roots: page.document().elements().filter(states).filter_map(|node| parse(&node.text())).collect() }
    }

    /// All nodes that have an id, by it.
    fn by_id(&self) -> HashMap<&str, &Value> {
        let mut by_id = HashMap::new();
        self.roots.iter().for_each(|root| index(root, &mut by_id, 0));
        by_id
    }

    /// The reviews they state.
    pub fn reviews(&self) -> Vec<Marked> {
        let by_id = self.by_id();
        let mut found = Vec::new();
        self.roots.iter().for_each(|root| walk(root, None, &by_id, &mut found, 0));
        found
    }

    /// Who wrote the page and when, where it states itself to be an article or posting.
    pub fn article(&self) -> Article {
        const KINDS: [&str; 8] = [
            "Article",
            "NewsArticle",
            "BlogPosting",
            "Blog",
            "OpinionNewsArticle",
            "ReportageNewsArticle",
            "AnalysisNewsArticle",
            "ReviewNewsArticle",
        ];
        let by_id = self.by_id();
        let mut nodes: Vec<&Value> = self.roots.iter().collect();
        let mut at = 0;
        while at < nodes.len() && at < 200 {
            match nodes[at] {
                Value::Array(list) => nodes.extend(list),
                value => {
                    nodes.extend(["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|key| value.get(*key)))
                }
            }
            at += 1;
        }
        let Some(node) = nodes.iter().find(|node| types(node).iter().any(|t| KINDS.contains(t))) else {
            return Article::default();
        };
        let author = node.get("author").map(|author| resolved(author, &by_id));
        let author = author.map(|author| author.as_array().and_then(|list| list.first()).unwrap_or(author));
        let author =
            author.map(|author| resolved(author, &by_id)).filter(|author| !types(author).contains(&"Organization"));
        Article {
            author: author.and_then(printed).map(|name| unescaped(&name)).filter(|name| !name.contains("://")),
            published: ["datePublished", "dateCreated"].iter().find_map(|key| date(node.get(*key)?.as_str()?)),
        }
    }
}

/// Pages wrap their JSON in CDATA or comments and leave trailing commas.
fn parse(source: &str) -> Option<Value> {
    let bare = source.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let bare = bare.trim_start_matches("//").trim_start_matches("/*").trim_start();
    let bare =
        bare.trim_start_matches("<![CDATA[").trim_start_matches("*/").trim_end_matches("*/").trim_end_matches("]]>");
    let bare = bare
        .trim_end_matches("//")
        .trim_end_matches("/*")
        .trim_end()
        .trim_end_matches("]]>")
        .trim_end_matches("//")
        .trim();
    serde_json::from_str(bare).or_else(|_| serde_json::from_str(&without_trailing_commas(bare))).ok()
}

/// Drops commas before a closing bracket, outside strings, and raw line ends inside them.
fn without_trailing_commas(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in source.chars() {
        if quoted {
            if c.is_control() {
                out.push(' ');
                continue;
            }
            quoted = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else {
            quoted = c == '"';
            if matches!(c, '}' | ']') {
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
            }
        }
        out.push(c);
    }
    out
}

fn index<'a>(value: &'a Value, by_id: &mut HashMap<&'a str, &'a Value>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|value| index(value, by_id, depth + 1)),
        Value::Object(map) => {
            if let Some(id) = map.get("@id").and_then(Value::as_str)
                && map.len() > 1
            {
                by_id.insert(id, value);
            }
            map.values().for_each(|value| index(value, by_id, depth + 1));
        }
        _ => {}
    }
}

fn resolved<'a>(value: &'a Value, by_id: &HashMap<&str, &'a Value>) -> &'a Value {
    let reference =
        value.as_object().filter(|map| map.len() == 1).and_then(|map| map.get("@id")).and_then(Value::as_str);
    reference.and_then(|id| by_id.get(id).copied()).unwrap_or(value)
}

fn types(value: &Value) -> Vec<&str> {
    match value.get("@type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Review and its subtypes; claims checked are none.
fn is_review(value: &Value) -> bool {
    types(value).iter().any(|t| {
        let t = t.rsplit(['/', ':']).next().unwrap_or(t);
        matches!(t, "Review" | "CriticReview" | "UserReview" | "MediaReview" | "ReviewNewsArticle")
    })
}

fn walk<'a>(
    value: &'a Value,
    parent: Option<&'a Value>,
    by_id: &HashMap<&str, &'a Value>,
    found: &mut Vec<Marked>,
    depth: usize,
) {
    if depth > DEEPEST || found.len() > 500 {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|value| walk(value, parent, by_id, found, depth + 1)),
        Value::Object(map) => {
            if is_review(value) {
                found.push(review(value, parent, by_id));
            }
            for (key, inner) in map {
                let parent = if matches!(key.as_str(), "review" | "reviews") { Some(value) } else { None };
                walk(inner, parent, by_id, found, depth + 1);
            }
        }
        _ => {}
    }
}

fn review<'a>(node: &'a Value, parent: Option<&'a Value>, by_id: &HashMap<&str, &'a Value>) -> Marked {
    let mut marked = Marked::default();
    let get = |value: &'a Value, key: &str| value.get(key).map(|value| resolved(value, by_id));
    let rating =
        get(node, "reviewRating").map(|rating| rating.as_array().and_then(|list| list.first()).unwrap_or(rating));
    if let Some(stated_rating) = rating.filter(|rating| !types(rating).contains(&"AggregateRating")) {
        let value = stated_rating.get("ratingValue").and_then(printed).or_else(|| printed(stated_rating));
        let best = stated_rating.get("bestRating").and_then(printed);
        marked.rating = value.and_then(|value| stated(&value, best.as_deref()));
    }
    let author = get(node, "author").map(|author| author.as_array().and_then(|list| list.first()).unwrap_or(author));
    marked.author = author
        .map(|author| resolved(author, by_id))
        .and_then(printed)
        .map(|name| unescaped(&name))
        .filter(|name| !name.starts_with("http"));
    marked.published = ["datePublished", "dateCreated"].iter().find_map(|key| date(node.get(*key)?.as_str()?));
    marked.body = ["reviewBody", "text"].iter().find_map(|key| node.get(*key)?.as_str()).map(unescaped_text);
    marked.url = node.get("url").and_then(Value::as_str).filter(|url| url.starts_with("http")).map(str::to_owned);
    let item = get(node, "itemReviewed").or(parent.filter(|parent| !is_review(parent)));
    let item = item.map(|item| item.as_array().and_then(|list| list.first()).unwrap_or(item));
    if let Some(item) = item {
        marked.work.title = item.get("name").and_then(printed).and_then(|name| Line::new(named(&name)?));
        marked.work.kind = types(item).iter().find_map(|t| kind(t));
        for key in ["director", "author", "byArtist", "creator", "brand", "manufacturer"] {
            if marked.work.creators.is_empty() {
                marked.work.creators = item.get(key).map(|value| Line::all(names(value, by_id))).unwrap_or_default();
            }
        }
        let year = ["datePublished", "dateCreated", "releaseDate", "copyrightYear"]
            .iter()
            .find_map(|key| printed(item.get(*key)?));
        marked.work.year = year.and_then(|year| title::year(year.get(..4)?));
    }
    marked
}

/// What an article says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    /// Its author, where that is a person.
    pub author: Option<String>,
    /// When it appeared.
    pub published: Option<Published>,
}

fn names<'a>(value: &'a Value, by_id: &HashMap<&str, &'a Value>) -> Vec<String> {
    match resolved(value, by_id) {
        Value::Array(list) => list.iter().filter_map(|value| printed(resolved(value, by_id))).collect(),
        value => printed(value).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<Marked> {
        let page = format!("<script type=\"application/ld+json\">{json}</script>");
        Scripts::of(&Tree::parse(&page, Syntax::Html)).reviews()
    }

    #[test]
    fn a_review_in_a_graph_is_found_and_its_references_resolved() {
        let found = read(
            r#"{"@graph":[{"@id":"/p","@type":"Person","name":"Jo Reader"},
            {"@type":["Review","CriticReview"],"author":{"@id":"/p"},"datePublished":"2020-01-02",
             "itemReviewed":{"@type":"Movie","name":"Glass Harbour","director":{"name":"Ada Quill"},"datePublished":"2019-05-01"},
             "reviewRating":{"ratingValue":"3,5","bestRating":4,},},]}"#,
        );
        let review = &found[0];
        assert_eq!(review.author.as_deref(), Some("Jo Reader"));
        assert_eq!(review.work.title.as_deref(), Some("Glass Harbour"));
        assert_eq!((review.work.year, review.work.kind), (Some(2019), Some(WorkKind::Film)));
        assert_eq!(review.work.creators, ["Ada Quill"]);
        assert_eq!(review.rating.as_ref().map(|r| r.score.value()), Some(87.5));
    }

    #[test]
    fn an_aggregate_is_no_review_and_a_nested_one_takes_its_item() {
        let found = read(
            r#"//<![CDATA[
            {"@type":"Book","name":"Sea &amp; Salt","aggregateRating":{"ratingValue":1.1},
             "review":[{"@type":"Review","reviewBody":"Fine.","reviewRating":{"ratingValue":4}}]}
            //]]>"#,
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].work.title.as_deref(), Some("Sea & Salt"));
        assert_eq!(found[0].rating.as_ref().map(|r| r.score.value()), Some(80.0));
    }

    use crate::{model::WorkKind, read::markup::token::Syntax};

    proptest::proptest! {
        #[test]
        fn no_script_makes_it_stumble(json in r#"[\[\]{}",:a-z@ ]{0,80}"#) {
            let _ = read(&json);
        }
    }
}
