//! The feeds that a page names: `<link rel="alternate">` (RSS Autodiscovery; HTML Standard, section 4.6.7.1).

use url::Url;

use crate::read::markup::{
    token::Syntax,
    tree::{NodeId, Tree},
};

/// The most feeds taken of one page.
const FEEDS: usize = 100;

/// The addresses of the feeds that a page names, absolute, in its order, each once. Feeds of comments come
/// last: they hold no reviews by the page's author.
pub fn feeds(page: &str, url: &Url) -> Vec<Url> {
    let tree = Tree::parse(page, Syntax::Html);
    let base = tree.all().find(|id| tree.node(*id).is("base"));
    let base = base.and_then(|id| tree.node(id).attribute("href")).and_then(|href| url.join(href).ok());
    let base = base.unwrap_or_else(|| url.clone());
    let mut found: Vec<(bool, Url)> = Vec::new();
    for id in tree.all() {
        if found.len() == FEEDS {
            break;
        }
        if let Some((comments, feed)) = named(&tree, id, &base)
            && !found.iter().any(|(_, known)| *known == feed)
        {
            found.push((comments, feed));
        }
    }
    found.sort_by_key(|(comments, _)| *comments);
    found.into_iter().map(|(_, feed)| feed).collect()
}

fn named(tree: &Tree, id: NodeId, base: &Url) -> Option<(bool, Url)> {
    const KINDS: [&str; 5] = [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/json+feed",
    ];
    let node = tree.node(id);
    let rel = node.attribute("rel").unwrap_or_default();
    let alternate = rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("alternate"));
    let kind = node.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    if !node.is("link") || !alternate || !KINDS.iter().any(|known| kind.starts_with(known)) {
        return None;
    }
    let feed = base.join(node.attribute("href")?.trim()).ok()?;
    let title = node.attribute("title").unwrap_or_default().to_lowercase();
    let comments = title.contains("comment") || feed.path().contains("/comments");
    matches!(feed.scheme(), "http" | "https").then_some((comments, feed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> Vec<String> {
        feeds(page, &Url::parse("https://example.org/blog/").unwrap()).into_iter().map(String::from).collect()
    }

    #[test]
    fn a_page_names_its_feeds_and_that_of_comments_comes_last() {
        let page = "<html><head><link rel=alternate type='application/rss+xml' title='Comments Feed' href='/comments/feed/'>\
            <link rel='ALTERNATE' type='application/atom+xml' href='atom.xml'><link rel='stylesheet' href='x.css'>\
            <link rel='alternate' hreflang='de' href='/de'></head>";
        assert_eq!(found(page), ["https://example.org/blog/atom.xml", "https://example.org/comments/feed/"]);
    }

    #[test]
    fn only_web_addresses_count_and_the_base_is_heeded() {
        let page = "<base href='https://cdn.example/x/'><link rel=alternate type=application/rss+xml href='javascript:alert(1)'>\
            <link rel=alternate type=application/rss+xml href=feed><link rel=alternate type=application/rss+xml href=feed>";
        assert_eq!(found(page), ["https://cdn.example/x/feed"]);
    }
}
