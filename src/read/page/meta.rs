//! What a page says in its head: titles, site, author, date, language, address.

use dom_query::{Document, NodeRef};

use super::{json_ld, marked::date};
use crate::{
    model::{
        Published,
        text::{fold_space, norm},
    },
    read::{day, facts::Facts, language, people, text},
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
    let article = json_ld::article(page);
    meta.author = meta.author.or(article.author).filter(|name| !is_site(name, meta.site.as_deref()));
    meta.published = meta.published.or(article.published).or_else(|| dated(page));
    if meta.author.is_none() {
        let by = page.select(
            "[rel~='author'], .byline .fn, .author .fn, .p-author, .byline-name, .entry-author, .author-name, .post-author, [itemprop='author']",
        );
        let mut names = by.nodes().iter().filter(|node| is_of_page(node)).map(person);
        let site = meta.site.as_deref();
        meta.author = names.find(|name| (2..50).contains(&name.chars().count()) && !is_site(name, site));
    }
    byline(page, &mut meta);
    meta.published = meta.published.or_else(|| dated_address(page));
    let tags = page.select("meta[property='article:section'], meta[property='article:tag']");
    meta.categories =
        tags.nodes().iter().filter_map(|node| node.attr("content")).map(|tag| fold_space(&tag)).take(40).collect();
    meta
}

/// The name in an element that names a person: its name part, what it states, or its text without "by".
fn person(node: &NodeRef) -> String {
    let inner = node.descendants_it().find(|inner| {
        inner.is_element() && (inner.attr_or("itemprop", "").as_ref() == "name" || inner.has_class("fn"))
    });
    let node = inner.as_ref().unwrap_or(node);
    let text = fold_space(&node.attr("content").unwrap_or_else(|| node.text()));
    let by = ["by ", "By ", "BY ", "von ", "Von ", "par ", "Par ", "por ", "Por "];
    by.iter().find_map(|by| text.strip_prefix(by)).unwrap_or(&text).trim().to_owned()
}

/// Whether an element speaks of the page: not of the work reviewed, a comment, or another post.
fn is_of_page(node: &NodeRef) -> bool {
    const OTHERS: [&str; 8] = ["comment", "related", "sidebar", "widget", "respond", "recent", "hreview", "h-review"];
    const WORKS: [&str; 6] = ["Movie", "Book", "Music", "Game", "Product", "Comment"];
    let mut around = std::iter::once(node.clone()).chain(node.ancestors_it(Some(14)));
    !around.any(|up| {
        let names = format!("{} {}", up.attr_or("class", ""), up.attr_or("id", "")).to_ascii_lowercase();
        let kind = up.attr_or("itemtype", "");
        let frame = up.is("body") || up.is("html");
        up.attr_or("itemprop", "").contains("itemReviewed")
            || WORKS.iter().any(|work| kind.contains(work))
            || !frame && OTHERS.iter().any(|other| names.contains(other))
    })
}

/// A byline that repeats the site's name names nobody.
fn is_site(name: &str, site: Option<&str>) -> bool {
    site.is_some_and(|site| norm(site) == norm(name)) && !people::is_full_name(name)
}

/// The date that an element states for machines.
fn dated(page: &Document) -> Option<Published> {
    let stated =
        page.select("[itemprop='datePublished'], time[pubdate], time.published, time.entry-date, .dt-published");
    let times = page.select("time[datetime]");
    let mut nodes = stated.nodes().iter().take(12).chain(times.nodes().iter().take(8)).filter(|node| is_of_page(node));
    nodes.find_map(|node| {
        let value = ["datetime", "content", "title"].iter().find_map(|name| node.attr(name));
        date(&value.unwrap_or_else(|| node.text()))
    })
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
