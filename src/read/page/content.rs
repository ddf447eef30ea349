//! The main text of a page, without comments, forms, related posts, author boxes and sharing bars.

use std::sync::LazyLock;

use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};
use regex::Regex;

use super::render;
use crate::read::{
    pattern::pattern,
    spoiler_marks::{CLOSE, OPEN},
};

/// Elements that hold the text by their class, on most publishing systems.
const CONTAINERS: [&str; 9] = [
    "[itemprop='reviewBody']",
    "[itemprop='articleBody']",
    ".e-content",
    ".entry-content",
    ".post-content",
    ".article-body",
    ".post-body",
    ".article-content",
    ".entry",
];

/// A container with less text than this is passed over.
const LEAST: usize = 250;

/// The main text. Marks hidden spoilers on the way; changes the page.
pub fn main_text(page: &Document) -> String {
    mark_spoilers(page);
    strip(page);
    for container in CONTAINERS {
        let found = page.select(container);
        if let [only] = found.nodes() {
            let text = render::text(only);
            if text.chars().count() >= LEAST {
                return text;
            }
        }
    }
    let readable = readable(page);
    if readable.chars().count() >= LEAST {
        return readable;
    }
    let whole = page.body().map_or_else(String::new, |body| render::text(&body));
    if readable.chars().count() * 2 >= whole.chars().count() { readable } else { whole }
}

fn readable(page: &Document) -> String {
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

fn strip(page: &Document) {
    static FURNITURE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[\s_-])(?:comments?|commentlist|comment-list|respond|disqus(?:_thread)?|related|relatedposts|jp-relatedposts|share|sharing|sharedaddy|social|addtoany\w*|newsletter|subscribe|breadcrumbs?|sidebar|author-?(?:info|box|bio|card|description)|about-?author|pagination|post-?nav(?:igation)?|nav-?links|cookies?|promo|advert\w*|toc|skip-link|screen-reader-text|widget|tag-?(?:list|links|cloud)|post-?tags|entry-?(?:meta|footer|utility)|read-?next|recommended|gallery-?nav|postmetadata)(?:$|[\s_-])",
        )
    });
    page.select("script, style, noscript, template, nav, form, iframe, button").remove();
    let total = page.body().map_or(0, |body| body.text().len());
    let named = page.select("[class], [id]");
    for node in named.nodes() {
        let names = format!("{} {}", node.attr_or("class", ""), node.attr_or("id", ""));
        let name = node.node_name().map(|name| name.to_string()).unwrap_or_default();
        let frame = matches!(name.as_str(), "html" | "body" | "article" | "main" | "head");
        if !frame && FURNITURE.is_match(&names) && (node.text().len() * 2 < total || names.contains("comment")) {
            node.remove_from_parent();
        }
    }
}
