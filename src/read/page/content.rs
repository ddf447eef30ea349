//! The main text of a page, without comments, forms, related posts, author boxes and sharing bars.
//!
//! Where a publishing system names the element that holds the text, that element is it; elsewhere, and where the
//! named one holds little of what a reader would see, the Readability algorithm decides.

use std::collections::HashMap;

use super::{furniture::Left, readable};
use crate::read::{
    boilerplate,
    markup::tree::{Node, NodeId, Tree},
};

/// How an element says that it holds the text; the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    /// Its `itemprop` says so.
    Stated,
    /// It is named as the content of a post.
    Post,
    /// It is named as the body of an article.
    Body,
    /// It is an `article`.
    Article,
    /// It is called an entry.
    Entry,
}

const HOLDS: [Holds; 5] = [Holds::Stated, Holds::Post, Holds::Body, Holds::Article, Holds::Entry];

/// Classes of elements that hold a post, on most publishing systems.
const POST: [&str; 4] = ["e-content", "post-entry", "postcontent", "post_content"];
/// The same as parts of a class.
const POST_PARTS: [&str; 5] = ["entry-content", "entry__content", "post-content", "post__content", "post-body"];
/// Classes of elements that hold an article.
const BODY: [&str; 8] = [
    "article-text",
    "articlebody",
    "articleBody",
    "article_body",
    "story-content",
    "body-text",
    "content-body",
    "body-copy",
];
/// The same as parts of a class.
const BODY_PARTS: [&str; 5] = ["article-body", "article__body", "article-content", "article__content", "story-body"];

/// A container with less text than this is passed over.
const LEAST: usize = 250;

/// Longer pages are read by their containers alone, or as a whole.
const LONG: usize = 3_000_000;

/// So are pages with more elements and texts than this.
const MOST_NODES: usize = 80_000;

/// The main text. Hidden spoilers are [marked](crate::read::spoiler_marks).
pub fn main_text(tree: &Tree) -> String {
    let mut text = held(tree);
    let kept = boilerplate::without_notices(&text);
    if kept.len() < text.len() {
        text = kept.to_owned();
    }
    text
}

/// The text of what holds it, or of what is left.
fn held(tree: &Tree) -> String {
    let holders = holders(tree);
    let mut left = Left::bare(tree);
    left.strip(|node| holders.get(&node.id).is_some_and(|how| how.iter().any(|how| *how <= Holds::Body)));
    let whole = left.length(left.body());
    let named = named(&mut left, &holders);
    if named.len() >= LEAST && named.len() * 4 >= whole {
        return named;
    }
    if !(LEAST..=LONG).contains(&whole) || tree.len() > MOST_NODES {
        let all = left.text(left.body());
        return if named.len() * 3 >= all.len() { named } else { all };
    }
    let readable = readable::text(&left);
    let better = if readable.len() > 2 * named.len() { readable } else { named };
    if better.chars().count() >= LEAST {
        return better;
    }
    // What was taken for furniture may have held the text.
    let left = Left::bare(tree);
    let unstripped = readable::text(&left);
    if unstripped.len() > 2 * better.len() {
        return unstripped;
    }
    let whole = left.text(left.body());
    if better.len() * 3 >= whole.len() { better } else { whole }
}

/// The elements that may hold the text, with all that says so.
fn holders(tree: &Tree) -> HashMap<NodeId, Vec<Holds>> {
    let mut found: HashMap<NodeId, Vec<Holds>> = HashMap::new();
    for node in tree.document().elements() {
        let class = node.attribute("class").unwrap_or_default();
        let is = |names: &[&str]| node.classes().any(|class| names.contains(&class));
        let has = |parts: &[&str]| parts.iter().any(|part| class.contains(part));
        let stated = || node.has_word("itemprop", "reviewBody") || node.has_word("itemprop", "articleBody");
        let says = |how: Holds| match how {
            Holds::Stated => stated(),
            Holds::Article => node.element().name == "article",
            _ if class.is_empty() => false,
            Holds::Post => is(&POST) || has(&POST_PARTS),
            Holds::Body => is(&BODY) || has(&BODY_PARTS),
            Holds::Entry => is(&["entry"]),
        };
        let how: Vec<Holds> = HOLDS.into_iter().filter(|how| says(*how)).collect();
        if !how.is_empty() {
            found.insert(node.id, how);
        }
    }
    found
}

/// The text of the surest container that holds enough.
fn named(left: &mut Left<'_>, holders: &HashMap<NodeId, Vec<Holds>>) -> String {
    for wanted in HOLDS {
        let mut found: Vec<NodeId> =
            holders.iter().filter(|(_, how)| how.contains(&wanted)).map(|(id, _)| *id).collect();
        found.sort_unstable();
        let found = found.into_iter().map(|id| left.tree.node(id)).filter(|node| !left.is_gone(*node)).collect();
        let outer = outermost(found);
        outer.iter().for_each(|node| left.prune(*node));
        let texts: Vec<String> = outer.iter().take(60).map(|node| left.text(*node)).collect();
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
fn of_one_article(nodes: &[Node<'_>]) -> bool {
    let article =
        |node: &Node<'_>| node.ancestors().find(|up| up.element().name == "article").map(|article| article.id);
    let first = nodes.first().and_then(article);
    first.is_some() && nodes.iter().all(|node| article(node) == first)
}

/// The elements, in the order of the page, that lie in no other of them.
fn outermost(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let mut outer: Vec<Node<'_>> = Vec::new();
    for node in nodes {
        if !outer.last().is_some_and(|last| last.holds(node.id)) {
            outer.push(node);
        }
    }
    outer
}
