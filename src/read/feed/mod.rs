//! Feeds to reviews: RSS 0.9x to 2.0, CDF, Atom 0.3 and 1.0, JSON Feed, whole or broken.
//!
//! One tolerant [tokenizer](super::markup::token) and one capped [tree](super::markup::tree) read them all; [`entry`] and [`json`] find the
//! entries, and the [`dialect`]s judge which are reviews and read their fields. Fetching is in
//! [`crate::collect`].

pub mod discover;
pub mod hints;
pub mod html;
pub mod opml;

mod assemble;
mod base64;
mod dialect;
mod entry;
mod json;
mod microformat;
mod paging;
mod picture;
mod release;
mod spoiler;
mod stars;
mod title;

use super::{
    Document, ReadError, Reading, charset,
    markup::{
        namespace::{Namespace, Vocabulary},
        token::{Syntax, Token, Tokens},
        tree::{NodeId, Tree},
    },
};
use crate::model::{
    Line, Published, review,
    text::{clean, is_xml_char},
};

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
    title: Option<Line>,
    link: Option<String>,
    language: Option<String>,
    author: Option<Line>,
    /// The best mark of the scale that its description states for all its ratings.
    best: Option<f64>,
    /// The address of its next page, as written.
    next: Option<String>,
    items: Vec<Item>,
    /// How many entries beyond the cap were left out.
    cut: usize,
    /// Its elements, for the fields that only one dialect has; `None` for JSON.
    tree: Option<Tree>,
    /// Whether parts were too deep or too many to be kept as elements.
    flattened: bool,
}

/// An entry as read.
#[derive(Debug)]
struct Item {
    id: Option<String>,
    title: Option<Line>,
    link: Option<String>,
    author: Option<Line>,
    published: Option<Published>,
    updated: Option<Published>,
    /// The address of a picture that an element names, as written.
    image: Option<String>,
    /// Whether it is something to listen to or watch: an episode of a podcast.
    is_episode: bool,
    content: Option<Markup>,
    summary: Option<Markup>,
    categories: Vec<Line>,
    language: Option<String>,
    node: Option<NodeId>,
}

impl Item {
    /// Takes out of what stays on one line what no line holds: these fields are printed, and name reviews.
    fn drop_controls(&mut self) {
        let fields = [&mut self.id, &mut self.link, &mut self.image];
        for text in fields.into_iter().flatten() {
            text.retain(|c| !c.is_control() && is_xml_char(c));
        }
    }
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
    // A text that speaks of feeds is none: what calls itself text must begin as one.
    let prose = ["text/plain", "text/markdown"].iter().any(|prose| kind.starts_with(prose));
    begins_feed(&text, if prose { 0 } else { PREAMBLE })
}

/// Whether a feed's first element comes before that of a page, and before more text than a preamble.
fn begins_feed(text: &str, preamble: usize) -> bool {
    let mut before = 0;
    let mut tokens = Tokens::new(text, Syntax::Xml);
    while let Some(token) = tokens.next() {
        match token {
            Token::Start { name, .. } => {
                let attributes = tokens.attributes();
                let local = name.rsplit(':').next().unwrap_or(name);
                if ["html", "head", "body"].iter().any(|page| page.eq_ignore_ascii_case(local)) {
                    return false;
                }
                // An Atom entry may stand alone (RFC 4287, section 2); the word alone is no sign of it.
                if local.eq_ignore_ascii_case("entry") && declares_atom(attributes) {
                    return before <= preamble;
                }
                // `feed` and `channel` are words that other formats use: they need a sign of their own.
                let certain = !["feed", "channel"].iter().any(|word| word.eq_ignore_ascii_case(local));
                if entry::is_root(name) && (certain || !attributes.is_empty() || text.contains("<entry")) {
                    return before <= preamble;
                }
            }
            Token::Text(text) | Token::Verbatim(text) => before += text.trim().len(),
            Token::End(_) => {}
        }
    }
    false
}

/// Whether an element declares the namespace of Atom.
fn declares_atom(attributes: &[(&str, &str)]) -> bool {
    attributes.iter().any(|(name, value)| {
        name.starts_with("xmlns") && Vocabulary::of(&Namespace::of_uri(value), "none") == Vocabulary::Atom
    })
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

/// Where a feed that comes in pages goes on: its `rel="next"` (RFC 5005), JSON Feed's `next_url`, or the next
/// `page=N` of a shelf that has entries on this page. `None` for what is no feed, in one piece, or at its end.
///
/// The address may be on another host, and pages may lead in a circle: who follows it keeps a count.
pub fn next_page(document: &Document) -> Option<url::Url> {
    if !is_feed(document) {
        return None;
    }
    paging::next(&parse(document).ok()?, document.url.as_deref())
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
        let first =
            tree.all().next().map_or_else(|| "no element".to_owned(), |id| format!("<{}>", tree.node(id).name()));
        let first = clean(&first);
        let none =
            || unreadable(format!("this is no feed: it begins with {first}, not with <rss>, <rdf:RDF> or <feed>"));
        entry::feed(tree, document.url.as_deref()).ok_or_else(none)?
    };
    feed.items.iter_mut().for_each(Item::drop_controls);
    Ok(feed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn document(content_type: Option<&str>, text: &str) -> Document {
        let content_type = content_type.map(str::to_owned);
        Document { source: "x".into(), url: None, content_type, bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn a_feed_is_known_by_its_beginning_and_nothing_else_is() {
        for text in [
            "<?xml version='1.0'?><rss><channel/></rss>",
            "\u{FEFF}\n<br /><b>Warning</b>: oops\n<?xml version='1.0'?><rdf:RDF xmlns='x'/>",
            "<!-- <?xml version='1.0'?> --><feed xmlns='http://www.w3.org/2005/Atom'/>",
            "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}",
            "<entry xmlns='http://www.w3.org/2005/Atom'><title>One alone</title></entry>",
        ] {
            assert!(is_feed(&document(None, text)), "{text}");
        }
        for text in [
            "<html><body><rss></rss></body></html>",
            "<entry>x</entry>",
            "<!DOCTYPE html><p>x",
            "A review.",
            "{}",
            "<sitemap/>",
            "",
        ] {
            assert!(!is_feed(&document(None, text)), "{text}");
        }
        assert!(!is_feed(&document(Some("text/markdown"), "How to write an <rss> feed")));
    }

    #[test]
    fn a_feed_beyond_the_caps_is_cut_or_refused() {
        let many = format!("<rss>{}</rss>", "<item><title>a</title></item>".repeat(ENTRIES + 1));
        assert_eq!(entries(&document(None, &many)).unwrap().len(), ENTRIES);
        let note = read(&document(None, &many)).unwrap().notes[0].clone();
        assert!(note.contains("1 entries beyond the first 2000"), "{note}");
        let large = format!("<rss><item/>{}</rss>", " ".repeat(FEED_BYTES));
        assert!(entries(&document(None, &large)).is_err());
    }

    #[test]
    fn an_entry_is_the_same_in_every_format() {
        let link = "https://example.org/1";
        let (title, date) = ("<title>Low Tide</title>", "2026-05-09T20:30:00+12:00");
        let feeds = [
            format!(
                "<rss><channel><item>{title}<guid>{link}</guid><author>a@b.org (Ann)</author><pubDate>Sat, 9 May 2026 20:30:00 +1200</pubDate></item></channel></rss>"
            ),
            format!(
                "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><item rdf:about='{link}'>{title}<link>{link}</link><dc:creator>Ann</dc:creator><dc:date>{date}</dc:date></item></rdf:RDF>"
            ),
            format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>{link}</id>{title}<link rel='edit' href='x'/><link href='{link}'/><author><name>Ann</name></author><published>{date}</published></entry></feed>"
            ),
            format!(
                "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>{link}</id>{title}<link rel='alternate' href='{link}'/><author><name>Ann</name></author><issued>{date}</issued></entry></feed>"
            ),
            format!(
                r#"{{"version":"https://jsonfeed.org/version/1","items":[{{"id":"{link}","url":"{link}","title":"Low Tide","author":{{"name":"Ann"}},"date_published":"{date}"}}]}}"#
            ),
        ];
        let want = review::Entry {
            id: Some(link.into()),
            title: Some("Low Tide".into()),
            link: Some(link.into()),
            author: Some("Ann".into()),
            published: Published::parse(date),
        };
        for feed in feeds {
            assert_eq!(entries(&document(None, &feed)).unwrap(), std::slice::from_ref(&want), "{feed}");
        }
    }

    proptest! {
        #[test]
        fn any_feed_is_read_and_its_spans_lie_in_the_body(
            inside in "(<(/?(item|title|description|details|p|blockquote|a:b)|!\\[CDATA\\[)>?|\\]\\]>|&(lt|gt|#x0|amp);|[a-zé \n]|spoilers ahead|\\[spoiler\\]|Review: |\\|\\||5/5){0,40}"
        ) {
            let text = format!("<rss><channel><title>Reviews</title><item><title>Review: Low Tide 4/5</title>{inside}</item></channel></rss>");
            for review in read(&document(None, &text)).unwrap().reviews {
                for span in &review.spoiler_spans {
                    prop_assert!(review.body.slice(*span).is_some());
                }
                prop_assert!(review.quotations.iter().all(|span| span.end <= review.body.len()));
            }
        }
    }
}
