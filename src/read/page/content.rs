//! The main text of a page, without comments, forms, related posts, author boxes and sharing bars.
//!
//! Where a publishing system names the element that holds the text, that element is it; elsewhere, and where the
//! named one holds little of what a reader would see, the Readability algorithm decides.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability, TextMode};

use super::{furniture, render};
use crate::read::spoiler_marks::{CLOSE, OPEN};

/// Elements that hold the text by their name, on most publishing systems; the surest first.
const CONTAINERS: [&str; 4] = [
    "[itemprop~='reviewBody'], [itemprop~='articleBody']",
    ".e-content, [class*='entry-content'], [class*='entry__content'], [class*='post-content'], [class*='post__content'], [class*='post-body'], .post-entry, .postcontent, .post_content",
    "[class*='article-body'], [class*='article__body'], [class*='article-content'], [class*='article__content'], .article-text, .articlebody, .articleBody, .article_body, [class*='story-body'], .story-content, .body-text, .content-body, .body-copy",
    "article",
];

/// A container with less text than this is passed over.
const LEAST: usize = 250;

/// Pages with more elements than this are read by their containers alone, or as a whole.
const MOST_ELEMENTS: usize = 60_000;

/// The main text. Marks hidden spoilers on the way; changes the page, of which `html` is the source.
pub fn main_text(page: &Document, html: &str) -> String {
    mark_spoilers(page);
    furniture::strip(page, &CONTAINERS[..3].join(", "));
    let whole = page.body().map_or(0, |body| body.text().len());
    let named = named(page);
    if named.len() >= LEAST && named.len() * 4 >= whole {
        return named;
    }
    let readable = readable(page);
    let better = if readable.len() > 2 * named.len() { readable } else { named };
    if better.chars().count() >= LEAST {
        return better;
    }
    // What was taken for furniture may have held the text.
    let page = Document::from(html);
    mark_spoilers(&page);
    furniture::bare(&page);
    let unstripped = self::readable(&page);
    if unstripped.len() > 2 * better.len() {
        return unstripped;
    }
    let whole = page.body().map_or_else(String::new, |body| render::text(&body));
    if better.len() * 3 >= whole.len() { better } else { whole }
}

/// The text of the surest container that holds enough.
fn named(page: &Document) -> String {
    for selector in CONTAINERS {
        let found = page.select(selector);
        let outer: Vec<&NodeRef> = outermost(found.nodes());
        outer.iter().for_each(|node| furniture::prune(node));
        let texts: Vec<String> = outer.iter().take(60).map(|node| render::text(node)).collect();
        let all: usize = texts.iter().map(String::len).sum();
        if all >= LEAST && texts.len() > 1 && of_one_article(&outer) {
            return texts.join("\n\n");
        }
        let Some(longest) = texts.into_iter().max_by_key(String::len) else { continue };
        // Several alike are a list of posts, unless one of them is nearly all of it.
        if longest.chars().count() >= LEAST && longest.len() * 10 >= all * 7 {
            return longest;
        }
    }
    String::new()
}

/// Whether containers are the parts of one article: all in the same one.
fn of_one_article(nodes: &[&NodeRef]) -> bool {
    let article = |node: &NodeRef| node.ancestors_it(None).find(|up| up.is("article")).map(|up| up.id);
    let first = nodes.first().and_then(|node| article(node));
    first.is_some() && nodes.iter().all(|node| article(node) == first)
}

/// The elements that lie in no other of them.
fn outermost<'a, 'b>(nodes: &'b [NodeRef<'a>]) -> Vec<&'b NodeRef<'a>> {
    let ids: std::collections::HashSet<_> = nodes.iter().map(|node| node.id).collect();
    nodes.iter().filter(|node| !node.ancestors_it(None).any(|up| ids.contains(&up.id))).collect()
}

fn readable(page: &Document) -> String {
    if page.select("*").length() > MOST_ELEMENTS {
        return String::new();
    }
    let config = Config { text_mode: TextMode::Formatted, disable_json_ld: true, ..Config::default() };
    let Ok(mut readability) = Readability::new(page.html(), None, Some(config)) else { return String::new() };
    match readability.parse() {
        Ok(article) => render::text(&Document::from(article.content).root()),
        Err(_) => String::new(),
    }
}

fn mark_spoilers(page: &Document) {
    let hiding = page.select("details, [class*='spoiler'], [id*='spoiler'], [data-spoiler]");
    for node in hiding.nodes() {
        let free = node.attr_or("class", "").contains("free");
        let around = node.is("body") || node.is("html") || node.is("article") || node.is("main");
        if !around && !free {
            node.prepend_html(OPEN.to_string());
            node.append_html(CLOSE.to_string());
        }
    }
}
