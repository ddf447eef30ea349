//! Feeds to reviews: RSS 0.9x to 2.0, CDF, Atom 0.3 and 1.0, JSON Feed, whole or broken.
//!
//! One tolerant [tokenizer](token) and one capped [tree](tree) read them all; [`entry`] and [`json`] find the
//! entries, and the [`dialect`]s judge which are reviews and read their fields. Fetching is in
//! [`crate::collect`].

pub mod discover;
pub mod html;

mod assemble;
mod dialect;
mod entity;
mod entry;
mod json;
mod microformat;
mod namespace;
mod spoiler;
mod stars;
mod title;
mod token;
mod tree;

use namespace::Namespace;
use token::{Syntax, Token, Tokens};
use tree::{NodeId, Tree};

use super::{Document, ReadError, Reading, charset};
use crate::model::{Published, review};

/// The largest feed read, in bytes.
pub const FEED_BYTES: usize = 10_000_000;
/// The most entries taken of one feed, the first ones.
const ENTRIES: usize = 2_000;
/// How much may stand before a feed's first element: a warning of PHP, a comment.
const PREAMBLE: usize = 4_000;

/// A feed as read.
#[derive(Debug)]
struct Feed {
    /// The name of its first element.
    root: String,
    namespace: Namespace,
    title: Option<String>,
    link: Option<String>,
    language: Option<String>,
    author: Option<String>,
    items: Vec<Item>,
    /// Its elements, for the fields that only one dialect has; `None` for JSON.
    tree: Option<Tree>,
    /// Whether parts were too deep or too many to be kept as elements.
    flattened: bool,
}

/// An entry as read.
#[derive(Debug)]
struct Item {
    id: Option<String>,
    title: Option<String>,
    link: Option<String>,
    author: Option<String>,
    published: Option<Published>,
    content: Option<Markup>,
    summary: Option<Markup>,
    categories: Vec<String>,
    language: Option<String>,
    node: Option<NodeId>,
}

/// The text of an entry.
#[derive(Debug)]
enum Markup {
    Plain(String),
    Html(String),
    /// Elements of the feed itself.
    Node(NodeId),
}

/// Whether a document is a feed, by its media type or its beginning.
pub fn is_feed(document: &Document) -> bool {
    let kind = document.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let declared = ["application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"];
    if declared.iter().any(|declared| kind.starts_with(declared)) {
        return true;
    }
    let head = &document.bytes[..document.bytes.len().min(4 * PREAMBLE)];
    let text = charset::decode(head, document.content_type.as_deref()).text;
    if text.trim_start().starts_with('{') {
        return text.contains("jsonfeed.org/version/") || text.contains("jsonfeed.org\\/version\\/");
    }
    begins_feed(&text)
}

/// Whether a feed's first element comes before that of a page, and before much text.
fn begins_feed(text: &str) -> bool {
    let mut before = 0;
    for token in Tokens::new(text, Syntax::Xml) {
        match token {
            Token::Start { name, attributes, .. } => {
                let local = name.rsplit(':').next().unwrap_or(name);
                if ["html", "head", "body"].iter().any(|page| page.eq_ignore_ascii_case(local)) {
                    return false;
                }
                // `feed` and `channel` are words that other formats use: they need a sign of their own.
                let certain = !["feed", "channel"].iter().any(|word| word.eq_ignore_ascii_case(local));
                if entry::is_root(name) && (certain || !attributes.is_empty() || text.contains("<entry")) {
                    return before < PREAMBLE;
                }
            }
            Token::Text(text) | Token::Verbatim(text) => before += text.trim().len(),
            Token::End(_) => {}
        }
    }
    false
}

/// Reads a feed's entries.
///
/// # Errors
/// Where the document is no feed, or larger than [`FEED_BYTES`].
pub fn entries(document: &Document) -> Result<Vec<review::Entry>, ReadError> {
    let feed = parse(document)?;
    let entry = |item: Item| review::Entry {
        id: item.id,
        title: item.title,
        link: item.link,
        author: item.author,
        published: item.published,
    };
    Ok(feed.items.into_iter().map(entry).collect())
}

/// Reads the reviews in a feed. What is no review is passed over; notes say how many and why, and name the
/// first element and its namespace where there is no entry at all.
///
/// # Errors
/// Where the document is no feed, or larger than [`FEED_BYTES`].
pub fn read(document: &Document) -> Result<Reading, ReadError> {
    let feed = parse(document)?;
    Ok(assemble::reading(document, &feed))
}

fn parse(document: &Document) -> Result<Feed, ReadError> {
    let unreadable = |reason: String| ReadError::Unreadable { source_name: document.source.clone(), reason };
    if document.bytes.len() > FEED_BYTES {
        return Err(unreadable(format!("the feed is larger than {FEED_BYTES} bytes; ask its owner for a shorter one")));
    }
    let text = charset::decode(&document.bytes, document.content_type.as_deref()).text;
    let mut feed = if text.trim_start().starts_with('{') {
        json::feed(text.trim()).map_err(unreadable)?
    } else {
        let tree = Tree::parse(&text, Syntax::Xml);
        let first = tree.all().next().map_or_else(|| "no element".to_owned(), |id| format!("<{}>", tree.node(id).name));
        let none =
            || unreadable(format!("this is no feed: it begins with {first}, not with <rss>, <rdf:RDF> or <feed>"));
        entry::feed(tree, document.url.as_deref()).ok_or_else(none)?
    };
    feed.items.truncate(ENTRIES);
    Ok(feed)
}
