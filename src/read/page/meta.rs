//! What a page says in its head: titles, site, author, date, language, address.

use dom_query::Document;

use super::marked::date;
use crate::{
    model::{Published, text::fold_space},
    read::{day, facts::Facts, language, text},
};

/// The head of a page.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    /// Headlines, best first: h1, og:title, title element.
    pub headlines: Vec<String>,
    /// The site's name.
    pub site: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The declared language.
    pub language: Option<String>,
    /// The canonical address, where it is absolute.
    pub canonical: Option<String>,
    /// Sections and tags.
    pub categories: Vec<String>,
}

/// Reads the head.
pub fn read(page: &Document) -> Meta {
    let content = |selector: &str| {
        let found = page.select_single(selector);
        found.attr("content").map(|content| fold_space(&content)).filter(|content| !content.is_empty())
    };
    let canonical = page.select_single("link[rel='canonical']").attr("href").map(|href| href.to_string());
    let canonical = canonical.into_iter().chain(content("meta[property='og:url']")).find(|url| url.starts_with("http"));
    let title = fold_space(&page.select_single("title").text());
    let mut meta = Meta {
        site: content("meta[property='og:site_name']").or_else(|| content("meta[name='application-name']")),
        author: ["meta[name='author']", "meta[property='article:author']", "meta[name='parsely-author']"]
            .iter()
            .find_map(|s| content(s))
            .filter(|name| !name.contains("://")),
        published: [
            "meta[property='article:published_time']",
            "meta[name='date']",
            "meta[name='pubdate']",
            "meta[itemprop='datePublished']",
        ]
        .iter()
        .find_map(|s| date(&content(s)?)),
        language: page.select_single("html").attr("lang").and_then(|lang| language::tag(&lang)),
        canonical,
        ..Meta::default()
    };
    let headings = page.select("h1");
    let heads: Vec<String> =
        headings.nodes().iter().take(6).map(|node| fold_space(&node.text())).filter(|text| !text.is_empty()).collect();
    meta.headlines.extend(content("meta[property='og:title']"));
    meta.headlines.extend(heads);
    meta.headlines.extend(Some(title).filter(|title| !title.is_empty()));
    let sub = page.select("h2.entry-title, h2.post-title, .entry-title, .post-title, .p-name");
    meta.headlines.extend(sub.nodes().iter().take(2).map(|node| fold_space(&node.text())));
    if meta.published.is_none() {
        let times = page.select("time[datetime]");
        meta.published = times.nodes().iter().take(3).find_map(|node| date(&node.attr("datetime")?));
    }
    if meta.author.is_none() {
        let by = page.select("[rel='author'], .byline .fn, .author .fn, .p-author, .byline-name, .entry-author");
        meta.author =
            by.nodes().iter().map(|node| fold_space(&node.text())).find(|name| (2..50).contains(&name.chars().count()));
    }
    byline(page, &mut meta);
    meta.published = meta.published.or_else(|| dated_address(page));
    let tags = page.select("meta[property='article:section'], meta[property='article:tag']");
    meta.categories =
        tags.nodes().iter().filter_map(|node| node.attr("content")).map(|tag| fold_space(&tag)).take(40).collect();
    meta
}

/// The date in the page's own address, where a link of its head states it, though relative or inside another.
fn dated_address(page: &Document) -> Option<Published> {
    let links = page.select(
        "link[rel='canonical'], link[rel='shortlink'], link[type='application/json+oembed'], link[rel='alternate'][type*='rss']",
    );
    let address = |node: &dom_query::NodeRef| Some(node.attr("href")?.replace("%2F", "/").replace("%2f", "/"));
    let day = links.nodes().iter().take(12).filter_map(address).find_map(|address| day::in_address(&address));
    day.map(Published::Day)
}

/// The line under the headline: date and author in elements that publishing systems name so.
fn byline(page: &Document, meta: &mut Meta) {
    let lines = page.select(".byline, .entry-meta, .post-meta, .postmetadata, .post-info, .entry-date, .post-date, .postdate, .published, .date, .meta, .posted-on, .article-meta");
    for node in lines.nodes().iter().take(8) {
        let line = fold_space(&node.text());
        if line.chars().count() > 160 {
            continue;
        }
        let mut facts = Facts::default();
        text::byline(&line, &mut facts);
        meta.published = meta.published.or(facts.published);
        meta.author = meta.author.take().or(facts.reviewer).or(facts.hints.by);
    }
}
