//! Building a [`Tree`] from tokens: what is open, what closes it, and what is too much.

use std::collections::HashMap;

use super::{Entry, NodeId, Piece, Tree};
use crate::read::markup::{
    element::Element,
    entity,
    namespace::{Namespace, Vocabulary},
    token::Syntax,
};

/// The greatest depth; what is deeper is flattened.
const DEPTH: usize = 256;
/// The most elements; the text of further ones is kept.
const ELEMENTS: usize = 200_000;
/// The most attributes of the whole document; further ones are passed over.
const ATTRIBUTES: usize = 200_000;
/// The most namespaces and prefixes told apart.
const NAMESPACES: usize = 10_000;
/// An end tag of HTML is matched with an element no further up than this.
const REACH: usize = 256;

/// An element that is open, or would be, were it not too deep.
#[derive(Debug)]
struct Open<'a> {
    name: &'a str,
    element: &'static Element,
    node: Option<NodeId>,
    /// The prefixes it declares.
    declared: Vec<&'a str>,
    /// Whether its end tag has come while something inside it was open.
    over: bool,
}

/// A tree in the making.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    source: &'a str,
    tree: Tree,
    syntax: Syntax,
    open: Vec<Open<'a>>,
    /// The innermost open element that is in the tree.
    current: NodeId,
    /// How often each name is open in XML: an end tag for none is passed over without a search.
    counts: HashMap<&'a str, usize>,
    /// How many links are open.
    links: usize,
    /// Prefixes with their namespaces and what those mean, the innermost last.
    scope: HashMap<&'a str, Vec<(u32, Vocabulary)>>,
    known: HashMap<Namespace, u32>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a str, syntax: Syntax) -> Self {
        let document = Entry {
            parent: 0,
            end: 1,
            words: Piece::default(),
            element: Some(Element::unknown()),
            vocabulary: Vocabulary::Plain,
            linked: false,
            namespace: 0,
            first_attribute: 0,
            attributes: 0,
        };
        let tree = Tree {
            text: source.to_owned(),
            nodes: vec![document],
            attributes: Vec::new(),
            namespaces: vec![Namespace::None],
            flattened: false,
            has_bases: false,
        };
        Self {
            source,
            tree,
            syntax,
            open: Vec::new(),
            current: NodeId(0),
            counts: HashMap::new(),
            links: 0,
            scope: HashMap::new(),
            known: HashMap::from([(Namespace::None, 0)]),
        }
    }

    pub(super) fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.pop();
        }
        self.tree.nodes[0].end = self.tree.nodes.len() as u32;
        self.tree
    }

    /// Where a stretch of the source stands in the tree's text.
    fn piece(&self, of: &str) -> Piece {
        if of.is_empty() {
            return Piece::default();
        }
        let start = of.as_ptr() as usize - self.source.as_ptr() as usize;
        Piece { start: start as u32, length: of.len() as u32 }
    }

    /// The same with its references replaced.
    fn decoded(&mut self, of: &str) -> Piece {
        match entity::decode(of) {
            std::borrow::Cow::Borrowed(same) => self.piece(same),
            std::borrow::Cow::Owned(decoded) => {
                let start = self.tree.text.len() as u32;
                self.tree.text.push_str(&decoded);
                Piece { start, length: decoded.len() as u32 }
            }
        }
    }

    pub(super) fn open(&mut self, name: &'a str, attributes: &[(&'a str, &'a str)], empty: bool) {
        let (element, declared) = match self.syntax {
            Syntax::Html => {
                let element = Element::of(name);
                self.close_implied(element);
                (element, Vec::new())
            }
            Syntax::Xml => {
                // An item inside an item is one whose end tag is missing: all up to it is closed.
                if matches!(name, "item" | "entry") {
                    let open = ["item", "entry"].into_iter().find(|open| self.is_open(open));
                    open.into_iter().for_each(|open| self.close(open));
                }
                (Element::unknown(), self.declare(attributes))
            }
        };
        let fits = self.open.len() < DEPTH && self.tree.nodes.len() < ELEMENTS;
        let node = if fits { self.add(name, element, attributes) } else { None };
        self.tree.flattened |= node.is_none();
        if empty || element.is_void() {
            self.undeclare(&declared);
            return;
        }
        if self.syntax == Syntax::Xml {
            *self.counts.entry(name).or_default() += 1;
        }
        self.links += usize::from(element.name == "a");
        self.open.push(Open { name, element, node, declared, over: false });
        self.current = node.unwrap_or(self.current);
    }

    fn declare(&mut self, attributes: &[(&'a str, &'a str)]) -> Vec<&'a str> {
        let mut declared = Vec::new();
        for (attribute, value) in attributes {
            if self.scope.len() < NAMESPACES
                && let Some(prefix) = declared_prefix(attribute)
            {
                let namespace = Namespace::of_uri(&entity::decode(value));
                let vocabulary = Vocabulary::of(&namespace, prefix);
                let namespace = self.intern(namespace);
                self.scope.entry(prefix).or_default().push((namespace, vocabulary));
                declared.push(prefix);
            }
        }
        declared
    }

    fn add(&mut self, name: &'a str, element: &'static Element, attributes: &[(&str, &str)]) -> Option<NodeId> {
        let (local, element, namespace, vocabulary) = match self.syntax {
            Syntax::Html => (name, element, 0, Vocabulary::Xhtml),
            Syntax::Xml => {
                let (prefix, local) = name.split_once(':').unwrap_or(("", name));
                let (namespace, vocabulary) = self.resolve(prefix);
                // The elements of HTML inside a feed are known by their names, whatever is declared.
                (local, Element::of(local), namespace, vocabulary)
            }
        };
        let room = ATTRIBUTES.saturating_sub(self.tree.attributes.len());
        let attributes = &attributes[..attributes.len().min(room)];
        self.tree.has_bases |= attributes.iter().any(|(name, _)| name.eq_ignore_ascii_case("xml:base"));
        let first_attribute = self.tree.attributes.len() as u32;
        for (name, value) in attributes {
            let pair = (self.piece(name), self.decoded(value));
            self.tree.attributes.push(pair);
        }
        let words = self.piece(local);
        Some(self.push(Entry {
            parent: self.current.0,
            end: 0,
            words,
            element: Some(element),
            vocabulary,
            linked: false,
            namespace,
            first_attribute,
            attributes: attributes.len() as u32,
        }))
    }

    /// Adds a node with nothing inside.
    fn push(&mut self, mut entry: Entry) -> NodeId {
        let id = self.tree.nodes.len() as u32;
        entry.end = id + 1;
        self.tree.nodes.push(entry);
        NodeId(id)
    }

    fn resolve(&mut self, prefix: &'a str) -> (u32, Vocabulary) {
        if let Some(found) = self.scope.get(prefix).and_then(|declared| declared.last()) {
            return *found;
        }
        // What was never declared is looked up once: it stays at the bottom, below any declaration to come.
        let namespace = if prefix.is_empty() { Namespace::None } else { Namespace::Undeclared(prefix.to_owned()) };
        let vocabulary = Vocabulary::of(&namespace, prefix);
        let found = (self.intern(namespace), vocabulary);
        if self.scope.len() < NAMESPACES {
            self.scope.insert(prefix, vec![found]);
        }
        found
    }

    fn undeclare(&mut self, prefixes: &[&'a str]) {
        for prefix in prefixes {
            if let Some(declared) = self.scope.get_mut(prefix) {
                declared.pop();
            }
        }
    }

    fn intern(&mut self, namespace: Namespace) -> u32 {
        if let Some(known) = self.known.get(&namespace) {
            return *known;
        }
        let id = self.tree.namespaces.len();
        if id >= NAMESPACES {
            return 0;
        }
        let id = id as u32;
        self.tree.namespaces.push(namespace.clone());
        self.known.insert(namespace, id);
        id
    }

    /// Closes what a start tag of HTML closes without an end tag: an item by the next one, a paragraph by a block.
    fn close_implied(&mut self, element: &'static Element) {
        if !element.is_of_head() && self.open.last().is_some_and(|open| open.element.name == "head") {
            self.pop();
        }
        if element.name == "a" && self.links > 0 {
            // A link inside a link is one whose end tag is missing.
            self.end("a");
        }
        if element.ends_paragraph() {
            let near = self.near(|open| open.name == "p", |open| open.is_block());
            near.into_iter().for_each(|at| self.pop_to(at));
        }
        let closes = element.closes();
        if !closes.is_empty() {
            while let Some(at) = self.near(|open| closes.contains(&open.name), |open| element.is_stopped_by(open)) {
                self.pop_to(at);
            }
        }
    }

    /// The innermost open element that is wanted, unless another stops the search.
    fn near(&self, wanted: impl Fn(&Element) -> bool, stops: impl Fn(&Element) -> bool) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev().take(REACH) {
            if wanted(open.element) {
                return Some(at);
            }
            if stops(open.element) {
                return None;
            }
        }
        None
    }

    /// Closes all from there on, and what was over before it and only waited for these.
    fn pop_to(&mut self, at: usize) {
        while self.open.len() > at || self.open.last().is_some_and(|open| open.over) {
            self.pop();
        }
    }

    pub(super) fn end(&mut self, name: &'a str) {
        if self.syntax == Syntax::Xml {
            return self.close(name);
        }
        let element = Element::of(name);
        // What follows the end of a page is taken for a part of it, as browsers do.
        if matches!(element.name, "body" | "html") {
            return;
        }
        let same = |open: &Open<'_>| {
            !open.over
                && std::ptr::eq(open.element, element)
                && (!element.name.is_empty() || open.name.eq_ignore_ascii_case(name))
        };
        let heading = element.is_heading();
        let mut crossed = false;
        for at in (self.open.len().saturating_sub(REACH)..self.open.len()).rev() {
            let open = &self.open[at];
            if same(open) || heading && open.element.is_heading() {
                if !crossed {
                    return self.pop_to(at);
                }
                // `<a><div></a>`: the link is over, the block is not.
                if element.formats() {
                    self.open[at].over = true;
                    self.links -= usize::from(element.name == "a");
                }
                return;
            }
            let fence = if element.is_of_table() { open.element.name == "table" } else { open.element.is_fence() };
            let list = element.name == "li" && matches!(open.element.name, "ul" | "ol");
            if fence && !std::ptr::eq(open.element, element) || list {
                return;
            }
            crossed |= open.element.is_block() && !element.is_block();
        }
    }

    fn is_open(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|count| *count > 0)
    }

    /// Closes the innermost element of that name and all inside it; an end tag for none is passed over.
    fn close(&mut self, name: &str) {
        let name = match self.open.last() {
            _ if self.is_open(name) => name,
            // `<Title>…</title>`: only the innermost may differ in case.
            Some(last) if last.name.eq_ignore_ascii_case(name) => last.name,
            _ => return,
        };
        while let Some(closed) = self.pop() {
            if closed == name {
                break;
            }
        }
    }

    fn pop(&mut self) -> Option<&'a str> {
        let closed = self.open.pop()?;
        self.undeclare(&closed.declared);
        if self.syntax == Syntax::Xml
            && let Some(count) = self.counts.get_mut(closed.name)
        {
            *count -= 1;
        }
        self.links -= usize::from(closed.element.name == "a" && !closed.over);
        if let Some(node) = closed.node {
            let end = self.tree.nodes.len() as u32;
            let entry = &mut self.tree.nodes[node.index()];
            entry.end = end;
            self.current = NodeId(entry.parent);
        }
        Some(closed.name)
    }

    pub(super) fn text(&mut self, text: &str, references: bool) {
        if text.is_empty() {
            return;
        }
        let in_head = self.open.last().is_some_and(|open| open.element.name == "head");
        if in_head && !text.trim_ascii().is_empty() {
            self.pop();
        }
        let words = if references { self.decoded(text) } else { self.piece(text) };
        // Texts in a row are one, where they stand in one piece.
        if let Some(last) = self.tree.nodes.last_mut()
            && last.element.is_none()
            && last.parent == self.current.0
            && last.linked == (self.links > 0)
            && last.words.start + last.words.length == words.start
        {
            last.words.length += words.length;
            return;
        }
        self.push(Entry {
            parent: self.current.0,
            end: 0,
            words,
            element: None,
            vocabulary: Vocabulary::Plain,
            linked: self.links > 0,
            namespace: 0,
            first_attribute: 0,
            attributes: 0,
        });
    }
}

/// The prefix that an attribute declares; the empty one for `xmlns`.
fn declared_prefix(attribute: &str) -> Option<&str> {
    let rest = attribute.strip_prefix("xmlns").or_else(|| attribute.strip_prefix("XMLNS"))?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix(':') }
}
