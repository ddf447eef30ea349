//! Tokens to one tree of elements, for feeds and for the HTML inside them.
//!
//! The tree is a flat list, built and walked without recursion: depth cannot overflow a stack. What is too
//! deep or too much is flattened, its text kept. Which elements make an entry is in
//! [`entry`](super::entry).

use std::collections::HashMap;

use super::{
    entity,
    namespace::{Namespace, Vocabulary},
    token::{Syntax, Token, Tokens},
};

/// The greatest depth; what is deeper is flattened.
const DEPTH: usize = 256;
/// The most elements; the text of further ones is kept.
const ELEMENTS: usize = 200_000;
/// The most attributes of the whole document; further ones are passed over.
const ATTRIBUTES: usize = 200_000;
/// The most namespaces and prefixes told apart.
const NAMESPACES: usize = 10_000;

/// An element's place in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// What an element holds, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Child {
    /// Text, references replaced.
    Text(String),
    /// An element.
    Element(NodeId),
}

/// An element.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is in; `None` for the first element.
    pub parent: Option<NodeId>,
    /// The vocabulary its name belongs to.
    pub vocabulary: Vocabulary,
    /// Index of its namespace in the tree's list.
    namespace: u32,
    /// Its name without prefix, as written.
    pub name: Box<str>,
    attributes: Vec<(Box<str>, String)>,
    /// What it holds.
    pub children: Vec<Child>,
}

impl Node {
    /// Whether its local name is this, in any case: CDF and old RSS shout.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute by its name without prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let local = |written: &str| written.rsplit(':').next().is_some_and(|l| l.eq_ignore_ascii_case(name));
        self.attributes.iter().find(|(written, _)| local(written)).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute by its name as written.
    pub fn prefixed_attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether its `class` holds this word.
    pub fn has_class(&self, word: &str) -> bool {
        self.classes().any(|class| class.eq_ignore_ascii_case(word))
    }

    /// The words of its `class`.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        self.attribute("class").unwrap_or_default().split_ascii_whitespace()
    }
}

/// A document as elements. Node 0 is the document itself and has no name.
#[derive(Debug, Clone)]
pub struct Tree {
    nodes: Vec<Node>,
    namespaces: Vec<Namespace>,
    /// Whether something was flattened for being too deep or too much.
    pub flattened: bool,
    /// Whether any element has `xml:base`.
    pub has_bases: bool,
}

impl Tree {
    /// Builds the tree of any text.
    pub fn parse(text: &str, syntax: Syntax) -> Self {
        let mut builder = Builder::new(syntax);
        for token in Tokens::new(text, syntax) {
            match token {
                Token::Start { name, attributes, empty } => builder.open(name, &attributes, empty),
                Token::End(name) => builder.close(name),
                Token::Text(text) => builder.text(&entity::decode(text)),
                Token::Verbatim(text) => builder.text(text),
            }
        }
        builder.tree
    }

    /// The document node.
    pub const fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// An element.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Its namespace: the URI, or the prefix that was never declared.
    pub fn namespace(&self, id: NodeId) -> &Namespace {
        &self.namespaces[self.node(id).namespace as usize]
    }

    /// Every element in document order, the document node left out.
    pub fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..self.nodes.len() as u32).map(NodeId)
    }

    /// The elements directly inside one.
    pub fn elements(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        self.node(id).children.iter().filter_map(|child| match child {
            Child::Element(id) => Some(*id),
            Child::Text(_) => None,
        })
    }

    /// The elements directly inside one with this vocabulary and name.
    pub fn named<'a>(&'a self, id: NodeId, vocabulary: Vocabulary, name: &'a str) -> impl Iterator<Item = NodeId> + 'a {
        self.elements(id).filter(move |child| {
            let node = self.node(*child);
            node.vocabulary == vocabulary && node.is(name)
        })
    }

    /// What it is in, from the nearest outwards.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.node(id).parent, |id| self.node(*id).parent)
    }

    /// All text inside, in order, without mark-up.
    pub fn text(&self, id: NodeId) -> String {
        let mut out = String::new();
        let mut stack = vec![self.node(id).children.iter()];
        while let Some(children) = stack.last_mut() {
            match children.next() {
                Some(Child::Text(text)) => out.push_str(text),
                Some(Child::Element(id)) => stack.push(self.node(*id).children.iter()),
                None => {
                    stack.pop();
                }
            }
        }
        out
    }
}

/// An element that is open, or would be, were it not too deep.
#[derive(Debug)]
struct Open<'a> {
    name: &'a str,
    node: Option<NodeId>,
    /// The prefixes it declares.
    declared: Vec<&'a str>,
}

#[derive(Debug)]
struct Builder<'a> {
    tree: Tree,
    syntax: Syntax,
    open: Vec<Open<'a>>,
    /// The innermost open element that is in the tree.
    current: NodeId,
    /// How often each name is open: an end tag for none is passed over without a search.
    counts: HashMap<&'a str, usize>,
    /// Prefixes with their namespaces and what those mean, the innermost last.
    scope: HashMap<&'a str, Vec<(u32, Vocabulary)>>,
    known: HashMap<Namespace, u32>,
    attributes: usize,
}

impl<'a> Builder<'a> {
    fn new(syntax: Syntax) -> Self {
        let document = Node {
            parent: None,
            vocabulary: Vocabulary::Plain,
            namespace: 0,
            name: Box::from(""),
            attributes: Vec::new(),
            children: Vec::new(),
        };
        let tree =
            Tree { nodes: vec![document], namespaces: vec![Namespace::None], flattened: false, has_bases: false };
        let known = HashMap::from([(Namespace::None, 0)]);
        Self {
            tree,
            syntax,
            open: Vec::new(),
            current: NodeId(0),
            counts: HashMap::new(),
            scope: HashMap::new(),
            known,
            attributes: 0,
        }
    }

    fn open(&mut self, name: &'a str, attributes: &[(&'a str, &'a str)], empty: bool) {
        self.close_implied(name);
        let mut declared = Vec::new();
        for (attribute, value) in attributes {
            if self.syntax == Syntax::Xml
                && self.scope.len() < NAMESPACES
                && let Some(prefix) = declared_prefix(attribute)
            {
                let namespace = Namespace::of_uri(&entity::decode(value));
                let vocabulary = Vocabulary::of(&namespace, prefix);
                let namespace = self.intern(namespace);
                self.scope.entry(prefix).or_default().push((namespace, vocabulary));
                declared.push(prefix);
            }
        }
        let fits = self.open.len() < DEPTH && self.tree.nodes.len() < ELEMENTS;
        let node = if fits { self.add(name, attributes) } else { None };
        self.tree.flattened |= node.is_none();
        if empty || (self.syntax == Syntax::Html && is_void(name)) {
            self.undeclare(&declared);
            return;
        }
        *self.counts.entry(name).or_default() += 1;
        self.open.push(Open { name, node, declared });
        self.current = node.unwrap_or(self.current);
    }

    fn add(&mut self, name: &'a str, attributes: &[(&str, &str)]) -> Option<NodeId> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let (namespace, vocabulary) = match self.syntax {
            Syntax::Html => (0, Vocabulary::Xhtml),
            Syntax::Xml => self.resolve(prefix),
        };
        let room = ATTRIBUTES.saturating_sub(self.attributes);
        let attributes = &attributes[..attributes.len().min(room)];
        self.attributes += attributes.len();
        self.tree.has_bases |= attributes.iter().any(|(name, _)| name.eq_ignore_ascii_case("xml:base"));
        let attributes = attributes.iter().map(|(name, value)| (Box::from(*name), entity::decode(value).into_owned()));
        let id = NodeId(u32::try_from(self.tree.nodes.len()).ok()?);
        self.tree.nodes.push(Node {
            parent: Some(self.current),
            vocabulary,
            namespace,
            name: Box::from(local),
            attributes: attributes.collect(),
            children: Vec::new(),
        });
        self.tree.nodes[self.current.0 as usize].children.push(Child::Element(id));
        Some(id)
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

    /// Closes what a start tag closes without an end tag: an item by the next one, a paragraph by a block.
    fn close_implied(&mut self, name: &str) {
        let closes: &[&str] = match (self.syntax, name) {
            (Syntax::Xml, "item" | "entry") => &["item", "entry"],
            (Syntax::Html, "li") => &["li"],
            (Syntax::Html, "dt" | "dd") => &["dt", "dd"],
            (Syntax::Html, "tr") => &["tr", "td", "th"],
            (Syntax::Html, "td" | "th") => &["td", "th"],
            (Syntax::Html, "option") => &["option"],
            (Syntax::Html, name) if closes_paragraph(name) => &["p"],
            _ => return,
        };
        match self.syntax {
            // An item inside an item is one whose end tag is missing: all up to it is closed.
            Syntax::Xml => {
                if let Some(open) = closes.iter().find(|open| self.counts.get(**open).is_some_and(|n| *n > 0)) {
                    self.close(open);
                }
            }
            Syntax::Html => {
                while let Some(last) = self.open.last()
                    && closes.contains(&last.name)
                {
                    self.pop();
                }
            }
        }
    }

    /// Closes the innermost element of that name and all inside it; an end tag for none is passed over.
    fn close(&mut self, name: &str) {
        let name = match self.counts.get(name) {
            Some(count) if *count > 0 => name,
            _ => match self.open.last() {
                // `<Title>…</title>`: only the innermost may differ in case.
                Some(last) if last.name.eq_ignore_ascii_case(name) => last.name,
                _ => return,
            },
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
        if let Some(count) = self.counts.get_mut(closed.name) {
            *count -= 1;
        }
        if let Some(node) = closed.node {
            self.current = self.tree.node(node).parent.unwrap_or(NodeId(0));
        }
        Some(closed.name)
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let children = &mut self.tree.nodes[self.current.0 as usize].children;
        match children.last_mut() {
            Some(Child::Text(last)) => last.push_str(text),
            _ => children.push(Child::Text(text.to_owned())),
        }
    }
}

/// The prefix that an attribute declares; the empty one for `xmlns`.
fn declared_prefix(attribute: &str) -> Option<&str> {
    let rest = attribute.strip_prefix("xmlns").or_else(|| attribute.strip_prefix("XMLNS"))?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix(':') }
}

/// Elements of HTML without an end (HTML Standard, section 13.1.2).
fn is_void(name: &str) -> bool {
    const VOID: [&str; 14] =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
    VOID.iter().any(|void| void.eq_ignore_ascii_case(name))
}

fn closes_paragraph(name: &str) -> bool {
    const BLOCKS: [&str; 27] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ];
    BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
