//! What stands on a page beside its text, taken out of the tree: menus, comments, forms, related posts, author
//! boxes, sharing bars. Told by element, by role, by the names that publishing systems give, and by being links.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use dom_query::{Document, NodeId, NodeRef};
/// Elements that are never text of the page.
const NEVER: &str = "script, style, noscript, template, nav, iframe, button, dialog, object, svg, select, [role='navigation'], \
    [role='search'], [role='dialog'], [role='menu']";

/// Elements that stand beside the text, unless they hold most of the page.
const BESIDE: &str = "form, aside, footer, [hidden], [role='complementary'], [role='contentinfo']";

/// Names of what is never the text: the words of a class or id, or two of them in a row.
const SURE: &str = "comment comments commentlist comment-list comments-area respond disqus related relatedposts yarpp sharing \
    share-bar share-buttons share-button share-links share-tools sharedaddy social-media social-links social-share \
    social-icons addtoany addthis newsletter breadcrumb breadcrumbs sidebar author-info author-box author-bio author-card \
    author-description author-profile author-details about-author the-author bio-box authorbox pagination post-nav \
    post-navigation nav-links navlinks navigation cookie cookies gdpr skip-link screen-reader sr-only visually-hidden \
    postmetadata outbrain taboola site-header site-footer site-nav masthead colophon navbar footer recommended most-read \
    most-popular trackback trackbacks pingback pingbacks webmention webmentions";

/// Names that whole layouts bear as well: what they name goes where it is small.
const LIKELY: &str = "share shares social subscribe subscription signup sign-up pager consent promo promos promotion advert \
    adverts advertisement advertising ad ads sponsor sponsored table-of tags tag-list tag-links tag-cloud entry-meta \
    post-meta article-meta entry-footer post-footer article-footer entry-utility post-info article-info meta read-next \
    more-posts more-stories more-articles more-reading more-from recommendation recommendations trending popular \
    latest-posts latest-news latest-articles recent-posts recent-articles recent-comments gallery-nav menu topbar \
    rating-form noprint no-print modal popup lightbox backlinks credit credits copyright disclaimer akismet reply byline \
    timestamp posted-on caption author cta teaser";

/// Names that count where they are a whole class or id, since builders use them as parts of others.
const WHOLE: [&str; 3] = ["widget", "widgets", "toc"];

static NAMES: LazyLock<HashMap<&str, Means>> = LazyLock::new(|| {
    let likely = LIKELY.split_whitespace().map(|name| (name, Means::Likely));
    likely.chain(SURE.split_whitespace().map(|name| (name, Means::Sure))).collect()
});

/// How sure a name is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Means {
    /// What it names goes where it is small.
    Likely,
    /// What it names goes.
    Sure,
}

/// What the names of an element say of it.
fn meaning(names: &str) -> Option<Means> {
    let names = names.to_ascii_lowercase();
    let mut found = None;
    for name in names.split_ascii_whitespace() {
        if WHOLE.contains(&name) {
            found = found.max(Some(Means::Likely));
        }
        let mut last: Option<usize> = None;
        let mut at = 0;
        for word in name.split(['-', '_']) {
            found = found.max(NAMES.get(word).copied());
            if let Some(start) = last {
                let pair = name[start..at + word.len()].replace('_', "-");
                found = found.max(NAMES.get(pair.as_str()).copied());
            }
            last = Some(at);
            at += word.len() + 1;
        }
    }
    found
}

/// Takes everything out that is no text of the page; `containers` select what surely holds the text, which stays.
pub fn strip(page: &Document, containers: &str) {
    bare(page);
    let total = page.body().map_or(0, |body| body.text().len());
    let kept = holders(page, containers);
    for node in page.select(BESIDE).nodes() {
        if !kept.contains(&node.id) && node.text().len() * 3 < total {
            node.remove_from_parent();
        }
    }
    for node in page.select("[class], [id]").nodes() {
        let names = format!("{} {}", node.attr_or("class", ""), node.attr_or("id", ""));
        if names.len() > 400 || kept.contains(&node.id) || is_frame(node) {
            continue;
        }
        let goes = match meaning(&names) {
            Some(Means::Sure) => node.text().len() * 2 < total,
            Some(Means::Likely) => is_small(node, total),
            None => false,
        };
        if goes {
            node.remove_from_parent();
        }
    }
}

/// Takes out what is text on no page.
pub fn bare(page: &Document) {
    page.select(NEVER).remove();
}

/// The elements that hold the text by their name, and all around them.
fn holders(page: &Document, containers: &str) -> HashSet<NodeId> {
    let mut kept = HashSet::new();
    for node in page.select(containers).nodes() {
        let mut at = Some(node.clone());
        while let Some(node) = at.take_if(|node| kept.insert(node.id)) {
            at = node.parent();
        }
    }
    kept
}

/// Elements that hold the page or its article whatever they are called.
fn is_frame(node: &NodeRef) -> bool {
    let name = node.node_name().map(|name| name.to_string()).unwrap_or_default();
    matches!(name.as_str(), "html" | "body" | "article" | "main" | "head")
}

/// Whether an element is a small part of the page: themes call whole layouts `widget` or `has-ads`.
fn is_small(node: &NodeRef, total: usize) -> bool {
    let length = node.text().len();
    length < 1500 && length * 4 < total
}

/// Takes lists of links and the headings above nothing out of the element that holds the text.
pub fn prune(node: &NodeRef) {
    let mut seen = HashSet::new();
    let mut around = Vec::new();
    for link in node.descendants_it().filter(|inner| is_any(inner, &["a"])) {
        let within = link.ancestors_it(None).take_while(|up| up.id != node.id);
        around.extend(within.take_while(|up| seen.insert(up.id)));
    }
    for block in around.iter().rev() {
        if is_any(block, &["ul", "ol", "div", "p", "section", "table"]) && is_links(block) {
            block.remove_from_parent();
        }
    }
    let headings: Vec<NodeRef> =
        node.descendants_it().filter(|inner| is_any(inner, &["h2", "h3", "h4", "h5", "h6"])).collect();
    for heading in headings.iter().rev() {
        if !is_followed(heading, node.id) {
            heading.remove_from_parent();
        }
    }
}

fn is_any(node: &NodeRef, names: &[&str]) -> bool {
    node.is_element() && node.node_name().is_some_and(|name| names.contains(&name.as_ref()))
}

/// Whether text follows a heading, within the element, before one of the same rank or the end.
fn is_followed(heading: &NodeRef, within: NodeId) -> bool {
    let mut at = heading.clone();
    loop {
        let mut next = at.next_sibling();
        while let Some(node) = next {
            let text = node.text();
            if !text.trim().is_empty() {
                return true;
            }
            next = node.next_sibling();
        }
        match at.parent() {
            Some(parent) if parent.id != within => at = parent,
            _ => return false,
        }
    }
}

/// Whether a block is a list of links: more of its text stands in links than not.
pub fn is_links(node: &NodeRef) -> bool {
    let all = node.text().trim().chars().count();
    if all == 0 || all > 2000 {
        return false;
    }
    let links: usize = node
        .descendants_it()
        .filter(|inner| inner.is_element() && inner.is("a"))
        .map(|link| link.text().trim().chars().count())
        .sum();
    links * 10 > all * 7
}
