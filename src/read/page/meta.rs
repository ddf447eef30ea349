//! What a page says in its head: titles, site, author, date, language, address.

use super::{json_ld, marked::date};
use crate::{
    model::{
        Published,
        text::{fold_space, norm},
    },
    read::{
        day,
        facts::Facts,
        language,
        markup::tree::{Node, Tree},
        people, text,
    },
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

/// Lines of one page that may be bylines.
const BYLINES: [&str; 13] = [
    "byline",
    "entry-meta",
    "post-meta",
    "postmetadata",
    "post-info",
    "entry-date",
    "post-date",
    "postdate",
    "published",
    "date",
    "meta",
    "posted-on",
    "article-meta",
];

/// Reads the head.
pub fn read(page: &Tree, scripts: &json_ld::Scripts) -> Meta {
    let head = Head::of(page);
    let content = |names: &[&str]| names.iter().find_map(|name| head.content(name));
    let canonical =
        head.links.iter().filter(|link| link.has_word("rel", "canonical")).find_map(|link| link.attribute("href"));
    let canonical = canonical.map(str::to_owned).into_iter().chain(content(&["og:url"]));
    let title = head.title.map(|title| fold_space(&title.text())).unwrap_or_default();
    let stated = ["article:published_time", "date", "pubdate", "datePublished"];
    let mut meta = Meta {
        site: content(&["og:site_name", "application-name"]),
        author: content(&["author", "article:author", "parsely-author"]).filter(|name| !name.contains("://")),
        published: stated.iter().find_map(|name| date(&head.content(name)?)),
        language: head.language.and_then(language::tag),
        canonical: canonical.into_iter().find(|url| url.starts_with("http")),
        ..Meta::default()
    };
    meta.headlines.extend(content(&["og:title"]));
    meta.headlines.extend(head.headings.iter().map(|node| fold_space(&node.text())).filter(|text| !text.is_empty()));
    meta.headlines.extend(Some(title).filter(|title| !title.is_empty()));
    let names = ["entry-title", "post-title", "p-name"];
    let sub = head.named.iter().filter(|node| names.iter().any(|name| node.has_class(name)));
    meta.headlines.extend(sub.take(2).map(|node| fold_space(&node.text())));
    let article = scripts.article();
    meta.author = meta.author.or(article.author).filter(|name| !is_site(name, meta.site.as_deref()));
    meta.published = meta.published.or(article.published).or_else(|| dated(&head));
    if meta.author.is_none() {
        let mut names =
            head.named.iter().filter(|node| names_author(**node) && is_of_page(**node)).map(|node| person(*node));
        let site = meta.site.as_deref();
        meta.author = names.find(|name| (2..50).contains(&name.chars().count()) && !is_site(name, site));
    }
    byline(&head, &mut meta);
    meta.published = meta.published.or_else(|| dated_address(&head));
    let tags =
        head.metas.iter().filter(|meta| matches!(meta.attribute("property"), Some("article:section" | "article:tag")));
    meta.categories = tags.filter_map(|tag| tag.attribute("content")).map(fold_space).take(40).collect();
    meta
}

/// The elements of a page that may say something of it, found in one pass.
struct Head<'t> {
    language: Option<&'t str>,
    title: Option<Node<'t>>,
    metas: Vec<Node<'t>>,
    links: Vec<Node<'t>>,
    headings: Vec<Node<'t>>,
    times: Vec<Node<'t>>,
    /// What has a class, an `itemprop` or a `rel`.
    named: Vec<Node<'t>>,
}

impl<'t> Head<'t> {
    fn of(page: &'t Tree) -> Self {
        let mut head = Self {
            language: None,
            title: None,
            metas: Vec::new(),
            links: Vec::new(),
            headings: Vec::new(),
            times: Vec::new(),
            named: Vec::new(),
        };
        for node in page.document().elements() {
            match node.element().name {
                "html" => head.language = head.language.or(node.attribute("lang")),
                "title" if head.title.is_none() => head.title = Some(node),
                "meta" => head.metas.push(node),
                "link" => head.links.push(node),
                "h1" if head.headings.len() < 6 => head.headings.push(node),
                "time" => head.times.push(node),
                _ => {}
            }
            let speaks = |(name, _): (&str, &str)| matches!(name, "class" | "itemprop" | "rel");
            if node.attributes().any(speaks) {
                head.named.push(node);
            }
        }
        head
    }

    /// What the first `meta` of this property, name or item property says.
    fn content(&self, name: &str) -> Option<String> {
        let of =
            |meta: &&Node<'_>| ["property", "name", "itemprop"].iter().any(|kind| meta.attribute(kind) == Some(name));
        let found = self.metas.iter().find(of)?.attribute("content");
        found.map(fold_space).filter(|content| !content.is_empty())
    }
}

/// Whether an element names an author, by `rel`, by class or by `itemprop`.
fn names_author(node: Node<'_>) -> bool {
    let full = || node.ancestors().take(6).any(|up| up.has_class("byline") || up.has_class("author"));
    node.has_word("rel", "author")
        || node.has_word("itemprop", "author")
        || ["p-author", "byline-name", "entry-author", "author-name", "post-author"]
            .iter()
            .any(|name| node.has_class(name))
        || node.has_class("fn") && full()
}

/// The name in an element that names a person: its name part, what it states, or its text without "by".
fn person(node: Node<'_>) -> String {
    let inner = node.elements().find(|inner| inner.attribute("itemprop") == Some("name") || inner.has_class("fn"));
    let node = inner.unwrap_or(node);
    let text = node.attribute("content").map_or_else(|| fold_space(&node.text()), fold_space);
    let by = ["by ", "By ", "BY ", "von ", "Von ", "par ", "Par ", "por ", "Por "];
    by.iter().find_map(|by| text.strip_prefix(by)).unwrap_or(&text).trim().to_owned()
}

/// Whether an element speaks of the page: not of the work reviewed, a comment, or another post.
fn is_of_page(node: Node<'_>) -> bool {
    const OTHERS: [&str; 8] = ["comment", "related", "sidebar", "widget", "respond", "recent", "hreview", "h-review"];
    const WORKS: [&str; 6] = ["Movie", "Book", "Music", "Game", "Product", "Comment"];
    let mut around = std::iter::once(node).chain(node.ancestors().take(14));
    !around.any(|up| {
        let says = |name: &str| up.attribute(name).unwrap_or_default();
        let names = format!("{} {}", says("class"), says("id")).to_ascii_lowercase();
        let frame = matches!(up.element().name, "body" | "html");
        says("itemprop").contains("itemReviewed")
            || WORKS.iter().any(|work| says("itemtype").contains(work))
            || !frame && OTHERS.iter().any(|other| names.contains(other))
    })
}

/// A byline that repeats the site's name names nobody.
fn is_site(name: &str, site: Option<&str>) -> bool {
    site.is_some_and(|site| norm(site) == norm(name)) && !people::is_full_name(name)
}

/// The date that an element states for machines.
fn dated(head: &Head<'_>) -> Option<Published> {
    let names = ["published", "entry-date"];
    let stated = head.named.iter().filter(|node| {
        let time = || node.element().name == "time" && names.iter().any(|name| node.has_class(name));
        node.has_word("itemprop", "datePublished") || node.has_class("dt-published") || time()
    });
    let marked = head.times.iter().filter(|node| node.attribute("pubdate").is_some());
    let times = head.times.iter().filter(|node| node.attribute("datetime").is_some());
    let mut nodes = stated.take(12).chain(marked.take(12)).chain(times.take(8)).filter(|node| is_of_page(**node));
    nodes.find_map(|node| {
        let value = ["datetime", "content", "title"].iter().find_map(|name| node.attribute(name));
        value.map_or_else(|| date(&node.text()), date)
    })
}

/// The date in the page's own address, where a link of its head states it, though relative or inside another.
fn dated_address(head: &Head<'_>) -> Option<Published> {
    let own = |link: &&Node<'_>| {
        let kind = link.attribute("type").unwrap_or_default();
        link.has_word("rel", "canonical")
            || link.has_word("rel", "shortlink")
            || kind == "application/json+oembed"
            || link.has_word("rel", "alternate") && kind.contains("rss")
    };
    let address = |node: &Node<'_>| Some(node.attribute("href")?.replace("%2F", "/").replace("%2f", "/"));
    let links = head.links.iter().filter(own).take(12);
    links.filter_map(address).find_map(|address| day::in_address(&address)).map(Published::Day)
}

/// The line under the headline: date and author in elements that publishing systems name so.
fn byline(head: &Head<'_>, meta: &mut Meta) {
    let lines = head.named.iter().filter(|node| node.classes().any(|class| BYLINES.contains(&class)));
    for node in lines.take(8) {
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
