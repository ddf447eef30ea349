//! A review that is spread over several pages: where the next part is, and which pages belong together.
//!
//! `rel=next` says it, but publishing systems put the same mark on the link to the next post and on the next
//! page of a list. A part has the address of its article with a page number in it: that tells them apart.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::meta::Meta;
use crate::{
    model::text::norm,
    read::{
        Document,
        markup::tree::{Node, Tree},
        pattern::pattern,
    },
};

/// No review goes over more pages; a higher number is an identifier.
const MOST: u32 = 30;

/// The address of the part that follows, where the page is a part of an article that goes on.
pub fn next(document: &Document, html: &str) -> Option<Url> {
    if !html.contains("next") {
        return None;
    }
    let page = super::tree(html);
    let here = address(document, &page)?;
    if is_list(&page) {
        return None;
    }
    let elements = || page.document().elements();
    let base = elements().filter(|node| node.element().name == "base").find_map(|base| base.attribute("href"));
    let base = base.and_then(|base| here.join(base).ok()).unwrap_or_else(|| here.clone());
    let links = elements().filter(|node| matches!(node.element().name, "link" | "a") && node.has_word("rel", "next"));
    let mut addresses = links.take(20).filter_map(|link| base.join(link.attribute("href")?.trim()).ok());
    let mut found = addresses.find(|there| follows(&here, there))?;
    found.set_fragment(None);
    Some(found)
}

fn address(document: &Document, page: &Tree) -> Option<Url> {
    let own = document.url.as_deref().and_then(|url| Url::parse(url).ok());
    let canonical = |node: &Node<'_>| node.element().name == "link" && node.has_word("rel", "canonical");
    own.or_else(|| Url::parse(page.document().elements().find(canonical)?.attribute("href")?).ok())
}

/// Whether the page lists articles: several with headings that link on, none of them most of the page.
pub fn is_list(page: &Tree) -> bool {
    let is_post =
        |node: &Node<'_>| node.element().name == "article" || node.has_class("hentry") || node.has_class("h-entry");
    let headed = |post: &Node<'_>| {
        let headings = post.elements().filter(|inner| matches!(inner.element().name, "h1" | "h2" | "h3"));
        let mut inside = headings.flat_map(Node::elements);
        inside.any(|inner| inner.element().name == "a" && inner.attribute("href").is_some())
    };
    let length = |post: &Node<'_>| post.inside().map(|inner| inner.words().len()).sum::<usize>();
    let posts: Vec<Node<'_>> = page.document().elements().filter(is_post).take(60).collect();
    if posts.len() < 2 {
        return false;
    }
    let lengths: Vec<usize> = posts.iter().filter(|post| headed(post)).map(length).collect();
    let longest = posts.iter().map(length).max().unwrap_or(0);
    lengths.len() >= 2 && longest * 10 < lengths.iter().sum::<usize>() * 9
}

/// Whether an address is that of the part after another.
fn follows(here: &Url, there: &Url) -> bool {
    let ((stem, at), (other, next)) = (numbered(here), numbered(there));
    matches!(there.scheme(), "http" | "https")
        && here.host_str() == there.host_str()
        && stem == other
        && next == at + 1
        && next <= MOST
}

/// An address without its page number, and that number: 1 where it has none.
fn numbered(address: &Url) -> (String, u32) {
    static PARAMETER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^(?:page|paged|pagenum|pg|p|part|seite|pagina|showpage|start-?page)$"));
    static FILE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^(.+?)(?:[-_,.]|[-_,.]?(?:page|seite|part|p)[-_]?)([1-9]\d?)(\.[a-z]{3,5})$"));
    static SEGMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:page|part|seite|p)?[-_]?([1-9]\d?)$"));
    let mut number = None;
    let mut rest: Vec<String> = Vec::new();
    for (key, value) in address.query_pairs() {
        match value.parse::<u32>() {
            Ok(page) if number.is_none() && PARAMETER.is_match(&key) => number = Some(page),
            _ => rest.push(format!("{key}={value}")),
        }
    }
    let mut path: Vec<&str> = address.path().split('/').filter(|part| !part.is_empty()).collect();
    let mut last = path.last().copied().unwrap_or("").to_owned();
    if number.is_none() && path.len() > 1 {
        // `/2014/03` is a month, not the third part of a year.
        let dated = path[path.len() - 2].len() == 4 && path[path.len() - 2].chars().all(|c| c.is_ascii_digit());
        if let Some(c) = SEGMENT.captures(&last).filter(|_| !dated) {
            number = c.get(1).and_then(|m| m.as_str().parse().ok());
            path.pop();
            if path.last().is_some_and(|word| matches!(*word, "page" | "part" | "seite")) {
                path.pop();
            }
            last = path.last().copied().unwrap_or("").to_owned();
        }
    }
    if number.is_none()
        && let Some(c) = FILE.captures(&last)
    {
        number = c.get(2).and_then(|m| m.as_str().parse().ok());
        last = format!("{}{}", &c[1], &c[3]);
    }
    path.pop();
    path.push(&last);
    (format!("{}?{}", path.join("/"), rest.join("&")), number.unwrap_or(1))
}

/// Whether a later part is headed like the first: else it is another article.
pub fn belongs(first: &Meta, part: &Meta) -> bool {
    let bare =
        |meta: &Meta| -> Vec<String> { meta.headlines.iter().take(8).map(|line| without_number(line)).collect() };
    let (heads, others) = (bare(first), bare(part));
    let same =
        |a: &str, b: &str| a.len() > 2 && b.len() > 2 && (a.starts_with(b) || b.starts_with(a) || b.ends_with(a));
    others.is_empty() || heads.is_empty() || heads.iter().any(|a| others.iter().any(|b| same(a, b)))
}

/// A headline without the number of its page.
fn without_number(line: &str) -> String {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)[\s|·•–—:,(-]*\b(?:page|seite|p[áa]gina|part|teil)\s?\d{1,2}(?:\s?(?:/|of|von|de|sur)\s?\d{1,2})?\b\)?",
        )
    });
    norm(&NUMBER.replace_all(line, ""))
}

/// The text of all parts: what a part says again (a standfirst, a line above every page) is kept once.
pub fn joined(texts: &[String]) -> String {
    let mut seen = std::collections::HashSet::new();
    let mut out: Vec<&str> = Vec::new();
    for text in texts {
        // Within one part nothing is dropped: a refrain is the writer's.
        let paragraphs: Vec<&str> = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).collect();
        out.extend(paragraphs.iter().filter(|part| !seen.contains(&norm(part))));
        seen.extend(paragraphs.iter().map(|part| norm(part)));
    }
    out.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_of(url: &str, html: &str) -> Option<String> {
        let document = Document { source: url.into(), url: Some(url.into()), content_type: None, bytes: Vec::new() };
        next(&document, html).map(String::from)
    }

    #[test]
    fn the_next_part_has_the_address_of_the_article_with_a_number() {
        for (here, there, want) in [
            ("https://a.example/glass", "/glass?page=2", true),
            ("https://a.example/glass/", "https://a.example/glass/2/", true),
            ("https://a.example/glass/2/", "3/../../3/", true),
            ("https://a.example/glass.html", "glass-2.html", true),
            ("https://a.example/glass,1.html", "glass,2.html", true),
            ("https://a.example/glass?id=7", "/glass?id=7&page=2", true),
            ("https://a.example/glass/page/2", "/glass/page/3", true),
            ("https://a.example/glass?id=7", "/glass?id=8&page=2", false),
            ("https://a.example/glass/", "/night-train/", false),
            ("https://a.example/glass/", "/glass-2/", false),
            ("https://a.example/2014/03/", "/2014/04/", false),
            ("https://a.example/reviews/812", "/reviews/813", false),
            ("https://a.example/glass/", "https://b.example/glass/2/", false),
            ("https://a.example/glass?page=3", "/glass?page=3", false),
        ] {
            let html = format!("<html><head><link rel='next' href='{there}'></head><body><p>Text</p></body></html>");
            assert_eq!(next_of(here, &html).is_some(), want, "{here} {there}");
        }
    }

    #[test]
    fn of_several_marked_links_the_part_is_taken_and_not_the_next_post() {
        let html = "<link rel=next href='/night-train/'><article><p>Text</p><a rel='next nofollow' href='/glass/2/#more'>2</a></article>";
        assert_eq!(next_of("https://a.example/glass/", html).as_deref(), Some("https://a.example/glass/2/"));
    }

    #[test]
    fn the_next_page_of_a_list_is_no_part() {
        let html = "<link rel=next href='/reviews/page/2/'><article><h2><a href='/a'>A</a></h2></article><article><h2><a href='/b'>B</a></h2></article>";
        assert_eq!(next_of("https://a.example/reviews/", html), None);
    }

    #[test]
    fn what_every_part_repeats_is_said_once() {
        let parts = ["Glass Harbour\n\nOne.\n\nOh.\n\nOh.".to_owned(), "Glass Harbour\n\nTwo.".to_owned()];
        assert_eq!(joined(&parts), "Glass Harbour\n\nOne.\n\nOh.\n\nOh.\n\nTwo.");
    }
}
