//! The next page of a feed that comes in pages: `rel="next"` (RFC 5005, section 3), JSON Feed's `next_url`, and
//! shelves that count `page=N`.
//!
//! Only says where it would be. Whether it is worth a visit, and how many are, is decided in [`crate::collect`].

use url::Url;

use super::{
    Feed,
    dialect::{self, Context},
};
use crate::read::markup::{
    namespace::Vocabulary,
    tree::{NodeId, Tree},
};

/// The highest page named: nobody reads on for ever, whatever a server answers.
const PAGES: u32 = 1_000;

/// Where a feed that was read from `url` goes on; `None` on its last page, and where it is in one piece.
///
/// A page without entries is the last one. The address may be on another host, and a hostile feed may lead in
/// a circle: who follows it keeps count.
pub fn next(feed: &Feed, url: Option<&str>) -> Option<Url> {
    if feed.items.is_empty() {
        return None;
    }
    let here = url.and_then(|url| Url::parse(url).ok());
    let stated = feed.next.as_deref().and_then(|next| resolve(next, here.as_ref().or(base(feed).as_ref())));
    let next = stated.or_else(|| counted(feed, here.as_ref()?))?;
    let web = matches!(next.scheme(), "http" | "https") && next.has_host();
    (web && here.as_ref() != Some(&next)).then_some(next)
}

fn resolve(link: &str, base: Option<&Url>) -> Option<Url> {
    match base {
        Some(base) => base.join(link.trim()).ok(),
        None => Url::parse(link.trim()).ok(),
    }
}

fn base(feed: &Feed) -> Option<Url> {
    Url::parse(feed.link.as_deref()?).ok()
}

/// The page after this one, where the address counts pages, or the entries are of a site that does.
fn counted(feed: &Feed, here: &Url) -> Option<Url> {
    let pairs: Vec<(String, String)> = here.query_pairs().into_owned().collect();
    let counter = pairs.iter().position(|(name, _)| matches!(name.as_str(), "page" | "paged"));
    let mut next = here.clone();
    let Some(at) = counter else {
        let paged = feed.items.first().is_some_and(|item| dialect::goodreads::is_shelf(&Context { feed, item }));
        next.query_pairs_mut().append_pair("page", "2");
        return paged.then_some(next);
    };
    let page = pairs[at].1.parse::<u32>().ok().filter(|page| *page < PAGES)? + 1;
    let renewed = pairs
        .iter()
        .enumerate()
        .map(|(number, (name, value))| (name.as_str(), if number == at { page.to_string() } else { value.clone() }));
    next.query_pairs_mut().clear().extend_pairs(renewed);
    Some(next)
}

/// The link of a channel to its next page, as written. A link of an entry is none of the feed's.
pub fn link(tree: &Tree, channel: NodeId) -> Option<String> {
    let next = tree.elements(channel).map(|id| tree.node(id)).find(|node| {
        let ours = matches!(node.vocabulary(), Vocabulary::Plain | Vocabulary::Atom);
        ours && node.is("link") && node.attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("next"))
    })?;
    next.attribute("href").map(str::to_owned).filter(|href| !href.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use crate::read::{Document, next_page};

    fn next(url: &str, text: &str) -> Option<String> {
        let document =
            Document { source: "x".into(), url: Some(url.into()), content_type: None, bytes: text.as_bytes().to_vec() };
        next_page(&document).map(String::from)
    }

    const SHELF: &str = "<rss><channel><title>Ann's bookshelf: read</title><item><title>Salt</title><book_id>1</book_id>\
        <author_name>Maria Santos</author_name><user_rating>4</user_rating></item></channel></rss>";

    #[test]
    fn a_shelf_goes_on_while_its_pages_hold_anything() {
        let at = |query: &str| next(&format!("https://books.example/review/list_rss/7{query}"), SHELF);
        assert_eq!(at("").as_deref(), Some("https://books.example/review/list_rss/7?page=2"));
        assert_eq!(
            at("?shelf=read&page=9&per_page=200").as_deref(),
            Some("https://books.example/review/list_rss/7?shelf=read&page=10&per_page=200")
        );
        assert_eq!(at("?page=last"), None);
        assert_eq!(at("?page=99999"), None);
        let empty = "<rss><channel><title>Ann's bookshelf: read</title></channel></rss>";
        assert_eq!(next("https://books.example/review/list_rss/7?page=3", empty), None);
    }

    #[test]
    fn a_feed_names_its_next_page() {
        let atom = |link: &str| {
            format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='/f'/>{link}<entry><id>1</id>\
                 <link rel='next' href='/not-this-one'/></entry></feed>"
            )
        };
        let here = "https://blog.example/feeds/posts?max-results=25";
        assert_eq!(
            next(here, &atom("<link rel='next' href='/feeds/posts?start-index=26&amp;max-results=25'/>")).as_deref(),
            Some("https://blog.example/feeds/posts?start-index=26&max-results=25")
        );
        assert_eq!(next(here, &atom("")), None);
        assert_eq!(next(here, &atom("<link rel='next' href='file:///etc/passwd'/>")), None);
        assert_eq!(next(here, &atom("<link rel='next' href=''/>")), None);
        let itself = atom("<link rel='next' href='https://blog.example/feeds/posts?max-results=25'/>");
        assert_eq!(next(here, &itself), None);
        let rss = "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><link>https://blog.example/</link>\
            <a:link rel='next' href='?paged=2'/><item><title>x</title></item></channel></rss>";
        assert_eq!(next("https://blog.example/feed/", rss).as_deref(), Some("https://blog.example/feed/?paged=2"));
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "next_url": "https://blog.example/2.json",
            "items": [{"id": "1"}]}"#;
        assert_eq!(next("https://blog.example/1.json", json).as_deref(), Some("https://blog.example/2.json"));
    }

    #[test]
    fn what_is_no_feed_has_no_next_page() {
        assert_eq!(next("https://blog.example/?page=2", "<html><body><p>A page.</p></body></html>"), None);
        assert_eq!(next("https://blog.example/feed", SHELF.replace("author_name", "x").as_str()), None);
    }
}
