//! What stands on a page beside its text, taken out of the tree: menus, comments, forms, related posts, author
//! boxes, sharing bars. Told by element, by role, by the names that publishing systems give, and by being links.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::render;
use crate::read::markup::tree::{Node, Tree};

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

/// What the names of an element say of it: the words of its class and id.
fn meaning(node: Node<'_>) -> Option<Means> {
    let (class, id) = (node.attribute("class").unwrap_or_default(), node.attribute("id").unwrap_or_default());
    if class.is_empty() && id.is_empty() || class.len() + id.len() >= 400 {
        return None;
    }
    let names = format!("{class} {id}").to_ascii_lowercase();
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

/// What is left of a page while furniture is taken out of it.
pub struct Left<'t> {
    /// The page.
    pub tree: &'t Tree,
    /// Whether a node is taken out, by its place.
    gone: Vec<bool>,
    /// How many bytes of text stand in each node, as last measured.
    lengths: Vec<u32>,
}

impl<'t> Left<'t> {
    /// A page without what is text on no page.
    pub fn bare(tree: &'t Tree) -> Self {
        let mut left = Self { tree, gone: vec![false; tree.len()], lengths: Vec::new() };
        for node in tree.document().elements() {
            if is_never(node) {
                left.take(node);
            }
        }
        left.measure();
        left
    }

    /// Takes an element out with all that is inside.
    fn take(&mut self, node: Node<'_>) {
        if !self.is_gone(node) {
            self.gone[node.id.index()..node.end().index()].fill(true);
        }
    }

    /// Whether a node is taken out.
    pub fn is_gone(&self, node: Node<'_>) -> bool {
        self.gone[node.id.index()]
    }

    /// Measures every node anew.
    fn measure(&mut self) {
        let mut lengths = vec![0; self.tree.len()];
        for at in (1..lengths.len()).rev() {
            let node = self.tree.at(at);
            if self.is_gone(node) {
                continue;
            }
            lengths[at] += node.words().len() as u32;
            if let Some(parent) = node.parent() {
                lengths[parent.id.index()] += lengths[at];
            }
        }
        self.lengths = lengths;
    }

    /// How many bytes of text stood in a node when it was measured last.
    pub fn length(&self, node: Node<'_>) -> usize {
        self.lengths[node.id.index()] as usize
    }

    /// The body, or all where there is none.
    pub fn body(&self) -> Node<'t> {
        let document = self.tree.document();
        document.elements().find(|node| node.element().name == "body").unwrap_or(document)
    }

    /// The text of an element, without what is taken out.
    pub fn text(&self, node: Node<'_>) -> String {
        render::text_without(node, |node| self.is_gone(node), true)
    }

    /// Takes out all that is no text of the page, but not what `holds` the text by its name, nor what is around that.
    pub fn strip(&mut self, holds: impl Fn(Node<'_>) -> bool) {
        let total = self.length(self.body());
        let mut kept = vec![false; self.tree.len()];
        for holder in self.tree.document().elements().filter(|node| !self.is_gone(*node) && holds(*node)) {
            let around = std::iter::once(holder).chain(holder.ancestors());
            for node in around {
                if std::mem::replace(&mut kept[node.id.index()], true) {
                    break;
                }
            }
        }
        for node in self.tree.document().elements() {
            if !self.is_gone(node) && is_beside(node) && !kept[node.id.index()] && self.length(node) * 3 < total {
                self.take(node);
            }
        }
        self.measure();
        for node in self.tree.document().elements() {
            if self.is_gone(node) || kept[node.id.index()] || is_frame(node) {
                continue;
            }
            let length = self.length(node);
            let goes = match meaning(node) {
                Some(Means::Sure) => length * 2 < total,
                // Themes call whole layouts `widget` or `has-ads`.
                Some(Means::Likely) => length < 1500 && length * 4 < total,
                None => false,
            };
            if goes {
                self.take(node);
            }
        }
        self.measure();
    }

    /// Takes lists of links and the headings above nothing out of an element that holds the text.
    pub fn prune(&mut self, node: Node<'_>) {
        let mut seen = HashSet::new();
        let mut around = Vec::new();
        for link in node.elements().filter(|inner| inner.element().name == "a" && !self.is_gone(*inner)) {
            let within = link.ancestors().take_while(|up| up.id != node.id);
            around.extend(within.take_while(|up| seen.insert(up.id)));
        }
        for block in around.iter().rev() {
            let parts = matches!(block.element().name, "ul" | "ol" | "div" | "p" | "section" | "table");
            if parts && !self.is_gone(*block) && self.is_links(*block) {
                self.take(*block);
            }
        }
        let headings: Vec<Node<'_>> =
            node.elements().filter(|inner| matches!(inner.element().name, "h2" | "h3" | "h4" | "h5" | "h6")).collect();
        let says = |left: &Self, node: &Node<'_>| !left.is_gone(*node) && !node.words().trim().is_empty();
        for heading in headings.iter().rev() {
            let after = node.inside().filter(|inner| inner.id >= heading.end());
            if !after.into_iter().any(|inner| says(self, &inner)) {
                self.take(*heading);
            } else {
                break;
            }
        }
    }

    /// Whether a block is a list of links: more of its text stands in links than not.
    fn is_links(&self, block: Node<'_>) -> bool {
        // A list of links is no longer than this, in characters and in parts.
        const LONGEST: usize = 2000;
        if self.length(block) > 4 * LONGEST || block.end().index() - block.id.index() > 2 * LONGEST {
            return false;
        }
        let (mut all, mut linked) = (0, 0);
        for text in block.inside().filter(|inner| inner.is_text() && !self.is_gone(*inner)) {
            let length = text.words().trim().chars().count();
            all += length;
            linked += if text.is_linked() { length } else { 0 };
        }
        all > 0 && all <= LONGEST && linked * 10 > all * 7
    }
}

/// Elements that are never text of the page.
fn is_never(node: Node<'_>) -> bool {
    let role = || matches!(node.attribute("role"), Some("navigation" | "search" | "dialog" | "menu"));
    matches!(
        node.element().name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "nav"
            | "iframe"
            | "button"
            | "dialog"
            | "object"
            | "svg"
            | "select"
    ) || role()
}

/// Elements that stand beside the text, unless they hold most of the page.
fn is_beside(node: Node<'_>) -> bool {
    matches!(node.element().name, "form" | "aside" | "footer")
        || node.attribute("hidden").is_some()
        || matches!(node.attribute("role"), Some("complementary" | "contentinfo"))
}

/// Elements that hold the page or its article whatever they are called.
fn is_frame(node: Node<'_>) -> bool {
    matches!(node.element().name, "html" | "body" | "article" | "main" | "head")
}
