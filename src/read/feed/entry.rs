//! The tree of an XML feed to its entries: RSS of every version, CDF, and Atom 0.3 and 1.0.
//!
//! What an entry is worth as a review is judged by the [dialects](super::dialect); JSON Feed is read in
//! [`json`](super::json).

use std::{collections::HashMap, rc::Rc};

use super::{ENTRIES, Feed, Item, Markup, base64, html, paging, picture};
use crate::read::markup::{
    namespace::{Namespace, Vocabulary},
    tree::{NodeId, Tree},
};
use crate::{
    model::{
        Line, Published,
        text::{clean, fold_space},
    },
    read::{date, pattern::head, rating},
};

/// The elements that a feed can begin with.
const ROOTS: [&str; 5] = ["rss", "rdf", "feed", "channel", "goodreadsresponse"];

/// How much of a feed's description is asked what its ratings mean, in bytes.
const LEGEND_BYTES: usize = 2_000;

/// The longest title and category kept, in bytes.
const TITLE_BYTES: usize = 2_000;

/// Where the entries of Goodreads' old API answers are.
const ANSWER: &str = "GoodreadsResponse";

/// The feed in a tree; `None` where nothing in it begins a feed.
pub fn feed(tree: Tree, base: Option<&str>) -> Option<Feed> {
    let root = root(&tree)?;
    let channel = channel(&tree, root);
    let stated = if tree.has_bases { Bases::default().of(&tree, channel) } else { None };
    let declared = stated.map(|base| base.to_string()).or_else(|| base.map(str::to_owned));
    let mut feed = Feed {
        root: tree.node(root).name().to_string(),
        namespace: tree.namespace(root).clone(),
        title: title(&tree, channel),
        link: None,
        language: language(&tree, root, channel),
        author: author(&tree, channel),
        best: first_text(&tree, channel, DESCRIPTION).and_then(|said| stated_best(&said)),
        next: paging::link(&tree, channel).or_else(|| paging::link(&tree, root)),
        items: Vec::new(),
        cut: 0,
        tree: None,
        flattened: tree.flattened,
    };
    feed.link = link(&tree, channel).map(|link| absolute(&link, declared.as_deref()));
    let base = declared.or_else(|| feed.link.clone());
    let mut found = tree.all().filter(|id| is_entry(&tree, root, *id));
    let mut bases = Bases::default();
    let first: Vec<NodeId> = found.by_ref().take(ENTRIES).collect();
    feed.cut = found.count();
    for id in first {
        let own = if tree.has_bases { bases.of(&tree, id) } else { None };
        feed.items.push(item(&tree, id, own.as_deref().or(base.as_deref())));
    }
    // The title of an entry that stands alone is no feed's.
    if tree.node(root).is("entry") {
        feed.title = None;
    }
    feed.tree = Some(tree);
    Some(feed)
}

/// The best mark of the scale that a feed's description states for all its ratings.
pub fn stated_best(description: &str) -> Option<f64> {
    rating::stated_best(head(&html::one_line(description), LEGEND_BYTES))
}

/// Whether an element begins a feed.
pub fn is_root(name: &str) -> bool {
    let local = name.rsplit(':').next().unwrap_or(name);
    ROOTS.iter().any(|root| root.eq_ignore_ascii_case(local))
}

/// The element that the feed begins with: the first of its kind, since warnings may stand before it.
fn root(tree: &Tree) -> Option<NodeId> {
    let kept = |id: &NodeId| tree.node(*id).vocabulary() != Vocabulary::Xhtml && is_root(tree.node(*id).name());
    tree.all().find(kept).or_else(|| tree.all().next().filter(|id| tree.all().any(|e| is_entry(tree, *id, e))))
}

fn channel(tree: &Tree, root: NodeId) -> NodeId {
    tree.elements(root).find(|id| tree.node(*id).is("channel")).unwrap_or(root)
}

fn is_entry(tree: &Tree, root: NodeId, id: NodeId) -> bool {
    let node = tree.node(id);
    let ours = matches!(node.vocabulary(), Vocabulary::Plain | Vocabulary::Atom);
    let alone = id == root && node.is("entry") && node.vocabulary() == Vocabulary::Atom;
    if !ours || (id <= root && !alone) {
        return false;
    }
    if tree.node(root).is(ANSWER) {
        return node.is("review");
    }
    node.is("item") || node.is("entry")
}

fn item(tree: &Tree, id: NodeId, base: Option<&str>) -> Item {
    let updated = first_date(tree, id, UPDATED);
    let guid =
        first_text(tree, id, &[(Vocabulary::Plain, "guid"), (Vocabulary::Atom, "id"), (Vocabulary::Plain, "id")]);
    let about = || tree.node(id).attribute("about").map(fold_space);
    let link = link(tree, id).or_else(|| permalink(tree, id)).map(|link| absolute(&link, base));
    Item {
        id: guid.or_else(about).filter(|id| !id.is_empty()),
        title: title(tree, id),
        link,
        author: author(tree, id),
        published: first_date(tree, id, PUBLISHED).or(updated),
        updated,
        image: picture::named(tree, id).map(|image| absolute(&image, base)),
        is_episode: is_episode(tree, id),
        content: content(tree, id, CONTENT),
        summary: content(tree, id, SUMMARY),
        categories: categories(tree, id),
        language: own_language(tree, id),
        node: Some(id),
    }
}

/// Whether an entry encloses a sound or a film.
fn is_episode(tree: &Tree, id: NodeId) -> bool {
    tree.named(id, Vocabulary::Plain, "enclosure").any(|enclosure| {
        let kind = tree.node(enclosure).attribute("type").unwrap_or_default();
        kind.starts_with("audio/") || kind.starts_with("video/")
    })
}

type Names = &'static [(Vocabulary, &'static str)];

const PUBLISHED: Names = &[
    (Vocabulary::Plain, "pubDate"),
    (Vocabulary::Atom, "published"),
    (Vocabulary::Atom, "issued"),
    (Vocabulary::Dublin, "issued"),
    (Vocabulary::Dublin, "date"),
    (Vocabulary::Dublin, "created"),
    (Vocabulary::Atom, "created"),
    (Vocabulary::Plain, "published"),
    (Vocabulary::Plain, "date_added"),
    (Vocabulary::Plain, "date"),
];
const UPDATED: Names = &[
    (Vocabulary::Atom, "updated"),
    (Vocabulary::Atom, "modified"),
    (Vocabulary::Dublin, "modified"),
    (Vocabulary::Plain, "lastBuildDate"),
    (Vocabulary::Plain, "updated"),
];
const CONTENT: Names = &[
    (Vocabulary::Content, "encoded"),
    (Vocabulary::Atom, "content"),
    (Vocabulary::Xhtml, "body"),
    (Vocabulary::Xhtml, "div"),
    (Vocabulary::Plain, "fullitem"),
    (Vocabulary::Plain, "body"),
    (Vocabulary::Plain, "content"),
];
const SUMMARY: Names = &[
    (Vocabulary::Plain, "description"),
    (Vocabulary::Atom, "summary"),
    (Vocabulary::Dublin, "description"),
    (Vocabulary::Plain, "abstract"),
    (Vocabulary::Plain, "summary"),
    (Vocabulary::Itunes, "summary"),
    (Vocabulary::Media, "description"),
];
const DESCRIPTION: Names =
    &[(Vocabulary::Plain, "description"), (Vocabulary::Atom, "subtitle"), (Vocabulary::Atom, "tagline")];
const TITLE: Names = &[
    (Vocabulary::Plain, "title"),
    (Vocabulary::Atom, "title"),
    (Vocabulary::Dublin, "title"),
    (Vocabulary::Itunes, "title"),
    (Vocabulary::Media, "title"),
];

/// The text of the first of these elements that holds any, white space folded.
pub fn first_text(tree: &Tree, id: NodeId, names: &[(Vocabulary, &str)]) -> Option<String> {
    names.iter().find_map(|(vocabulary, name)| {
        tree.named(id, *vocabulary, name).map(|found| fold_space(&tree.text(found))).find(|text| !text.is_empty())
    })
}

fn first_date(tree: &Tree, id: NodeId, names: Names) -> Option<Published> {
    names.iter().find_map(|(vocabulary, name)| {
        tree.named(id, *vocabulary, name).find_map(|found| date::parse(&tree.text(found)))
    })
}

/// The title as plain text. Only where Atom declares plain text are angle brackets taken for themselves.
fn title(tree: &Tree, id: NodeId) -> Option<Line> {
    TITLE
        .iter()
        .find_map(|(vocabulary, name)| {
            tree.named(id, *vocabulary, name).map(|found| title_text(tree, found)).find(|text| !text.is_empty())
        })
        .and_then(|title| Line::new(&title[..title.floor_char_boundary(TITLE_BYTES)]))
}

fn title_text(tree: &Tree, id: NodeId) -> String {
    let node = tree.node(id);
    let kind = node.attribute("type").unwrap_or_default();
    let literal = node.vocabulary() == Vocabulary::Atom && matches!(kind, "text" | "text/plain");
    let text = written(tree, id).unwrap_or_default();
    if literal { fold_space(&text) } else { html::one_line(&text) }
}

/// The page of a channel or entry: RSS's text, or Atom's `rel="alternate"`, an HTML one first.
fn link(tree: &Tree, id: NodeId) -> Option<String> {
    let links = || tree.elements(id).filter(|child| tree.node(*child).is("link"));
    let written = links().filter(|link| matches!(tree.node(*link).vocabulary(), Vocabulary::Plain | Vocabulary::Atom));
    let text = written.map(|link| fold_space(&tree.text(link))).find(|text| !text.is_empty());
    let alternates = || {
        links().filter_map(|link| {
            let node = tree.node(link);
            let alternate = node.attribute("rel").is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"));
            let href = node.attribute("href").map(str::trim).filter(|href| !href.is_empty());
            href.filter(|_| alternate).map(|href| (node.attribute("type").unwrap_or("text/html"), href.to_owned()))
        })
    };
    let page = || alternates().find(|(kind, _)| kind.contains("html")).or_else(|| alternates().next());
    let href = || tree.node(id).attribute("href").map(fold_space);
    text.or_else(|| page().map(|(_, href)| href)).or_else(href)
}

/// A GUID that is a link, as it is unless it says otherwise; without one, an Atom id that is a web address.
fn permalink(tree: &Tree, id: NodeId) -> Option<String> {
    let guid = tree.named(id, Vocabulary::Plain, "guid").next();
    let found = guid.or_else(|| tree.named(id, Vocabulary::Atom, "id").next())?;
    let denied = tree.node(found).attribute("isPermaLink").is_some_and(|value| value.eq_ignore_ascii_case("false"));
    let text = fold_space(&tree.text(found));
    let web = url::Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    (!denied && web).then_some(text)
}

/// Who wrote it: `dc:creator`, an Atom person's name, or RSS's `address (name)`. A bare address is no name.
fn author(tree: &Tree, id: NodeId) -> Option<Line> {
    let creator = || first_text(tree, id, &[(Vocabulary::Dublin, "creator"), (Vocabulary::Dublin, "author")]);
    let person = || {
        let mut people = tree.elements(id).filter(|child| tree.node(*child).is("author"));
        people.find_map(|author| {
            let name = [(Vocabulary::Atom, "name"), (Vocabulary::Plain, "name")];
            let nested = tree.elements(author).next().is_some();
            if nested { first_text(tree, author, &name) } else { Some(tree.text(author)) }
        })
    };
    let podcast = || first_text(tree, id, &[(Vocabulary::Itunes, "author")]);
    [creator(), person(), podcast()].into_iter().flatten().find_map(|text| Line::new(name(&html::one_line(&text))?))
}

/// The name in `address (name)`, `name <address>` or a name; `None` for a bare address.
pub fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let inside = text.split_once('(').filter(|(before, _)| before.contains('@'));
    let name = match inside {
        Some((_, rest)) => rest.trim_end_matches(')'),
        None => text.split_once('<').filter(|(_, rest)| rest.contains('@')).map_or(text, |(before, _)| before),
    };
    let name = fold_space(name.trim().trim_matches('"'));
    let bare = !name.contains(' ') && name.contains('@') && !name.starts_with('@');
    // What blog software writes where a person gave no name.
    let nobody = ["unknown", "anonymous", "noreply"].iter().any(|word| name.eq_ignore_ascii_case(word));
    (!name.is_empty() && !bare && !nobody).then_some(name)
}

fn content(tree: &Tree, id: NodeId, names: Names) -> Option<Markup> {
    names.iter().find_map(|(vocabulary, name)| tree.named(id, *vocabulary, name).find_map(|found| markup(tree, found)))
}

/// What an element holds: elements of HTML, HTML as text, or plain text where Atom says so.
fn markup(tree: &Tree, id: NodeId) -> Option<Markup> {
    let node = tree.node(id);
    if tree.elements(id).next().is_some() || node.vocabulary() == Vocabulary::Xhtml {
        return Some(Markup::Node(id));
    }
    let text = written(tree, id)?;
    if text.trim().is_empty() {
        return None;
    }
    let kind = node.attribute("type").unwrap_or_default();
    let plain = node.vocabulary() == Vocabulary::Atom && matches!(kind, "" | "text" | "text/plain");
    // Atom 0.3 and careless generators call HTML plain.
    Some(if plain && !html::looks_like_html(&text) { Markup::Plain(text) } else { Markup::Html(text) })
}

/// The text of a construct: decoded where Atom 0.3 says that it is base64; none where the media type is that of a
/// picture or the like, which is base64 as well (RFC 4287, section 4.1.3.3).
fn written(tree: &Tree, id: NodeId) -> Option<String> {
    let node = tree.node(id);
    let kind = node.attribute("type").unwrap_or_default();
    if node.vocabulary() == Vocabulary::Atom && kind == "application/octet-stream" {
        return base64::text(&tree.text(id));
    }
    let foreign = ["image/", "audio/", "video/", "font/", "application/zip", "application/pdf"];
    if node.vocabulary() == Vocabulary::Atom && foreign.iter().any(|foreign| kind.starts_with(foreign)) {
        return None;
    }
    let text = tree.text(id);
    let coded = node.attribute("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64"));
    Some(if coded { base64::text(&text).unwrap_or(text) } else { text })
}

fn categories(tree: &Tree, id: NodeId) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for child in tree.elements(id) {
        let node = tree.node(child);
        let category = node.is("category") && matches!(node.vocabulary(), Vocabulary::Plain | Vocabulary::Atom);
        let subject = node.is("subject") && node.vocabulary() == Vocabulary::Dublin;
        if !category && !subject {
            continue;
        }
        let term = node.attribute("label").or_else(|| node.attribute("term")).map(str::to_owned);
        let Some(text) = Line::new(html::one_line(&term.unwrap_or_else(|| tree.text(child)))) else { continue };
        if text.len() <= TITLE_BYTES && !out.contains(&text) && out.len() < 50 {
            out.push(text);
        }
    }
    out
}

/// What `xml:base` says where, each element looked at once.
#[derive(Debug, Default)]
struct Bases {
    known: HashMap<NodeId, Option<Rc<str>>>,
}

impl Bases {
    /// The base that holds inside an element: the nearest that is a whole address.
    fn of(&mut self, tree: &Tree, id: NodeId) -> Option<Rc<str>> {
        let path: Vec<NodeId> =
            std::iter::once(id).chain(tree.ancestors(id)).take_while(|id| !self.known.contains_key(id)).collect();
        let above = path.last().map_or(Some(id), |top| tree.node(*top).parent().map(|node| node.id));
        let mut base = above.and_then(|above| self.known.get(&above).cloned().flatten());
        for id in path.into_iter().rev() {
            let own = tree.node(id).prefixed_attribute("xml:base");
            let own = own.and_then(|own| url::Url::parse(own).ok()).map(|url| Rc::from(url.as_str()));
            base = own.or(base);
            self.known.insert(id, base.clone());
        }
        base
    }
}

/// A link made absolute where there is something to be relative to.
fn absolute(link: &str, base: Option<&str>) -> String {
    let base = base.and_then(|base| url::Url::parse(base).ok());
    match base.and_then(|base| base.join(link).ok()) {
        Some(url) if url::Url::parse(link).is_err() => url.into(),
        _ => link.to_owned(),
    }
}

fn language(tree: &Tree, root: NodeId, channel: NodeId) -> Option<String> {
    let stated = first_text(tree, channel, &[(Vocabulary::Plain, "language"), (Vocabulary::Dublin, "language")]);
    stated.or_else(|| own_language(tree, channel)).or_else(|| own_language(tree, root))
}

fn own_language(tree: &Tree, id: NodeId) -> Option<String> {
    tree.node(id).prefixed_attribute("xml:lang").map(str::to_owned)
}

impl Feed {
    /// What the root element is, in words on one line.
    pub fn root_and_namespace(&self) -> String {
        let words = match &self.namespace {
            Namespace::None => format!("root <{}>, no namespace", self.root),
            namespace => format!("root <{}>, {namespace}", self.root),
        };
        // A namespace may hold anything, and notes are printed on terminals.
        fold_space(&clean(&words)).chars().take(200).collect()
    }
}
