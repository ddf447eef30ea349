//! Tokens to one tree of elements, for feeds, pages, and the HTML inside feeds.
//!
//! The tree is a flat list in document order, built and walked without recursion: depth cannot overflow a stack, and
//! what is inside an element is the stretch of the list behind it. Its strings are stretches of one text: that of the
//! document, with what references had to be replaced in behind it. What is too deep or too much is flattened, its
//! text kept. HTML is read by the parts of the standard's tree construction that move text: implied ends, end tags
//! that fit nothing, and those that cross. Which elements make an entry is in `feed::entry`.

mod build;

use super::{
    element::Element,
    namespace::{Namespace, Vocabulary},
    token::{Syntax, Token, Tokens},
};
use build::Builder;

/// What stands beyond so many bytes is left out, so that positions fit.
const BYTES: usize = 1 << 30;

/// A node's place in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// Its index in a list that holds something of every node: [`Tree::len`] long.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A stretch of the tree's text.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    start: u32,
    length: u32,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    parent: u32,
    /// The index behind the last node inside.
    end: u32,
    /// An element's name without prefix, as written; what a text says.
    words: Piece,
    element: Option<&'static Element>,
    vocabulary: Vocabulary,
    /// Whether a text stands in a link.
    linked: bool,
    /// Index of its namespace in the tree's list.
    namespace: u32,
    first_attribute: u32,
    attributes: u32,
}

/// A document as elements and texts. Node 0 is the document itself and has no name.
#[derive(Debug, Clone)]
pub struct Tree {
    text: String,
    nodes: Vec<Entry>,
    attributes: Vec<(Piece, Piece)>,
    namespaces: Vec<Namespace>,
    /// Whether something was flattened for being too deep or too much.
    pub flattened: bool,
    /// Whether any element has `xml:base`.
    pub has_bases: bool,
}

/// A node with its tree at hand.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    /// Its tree.
    tree: &'t Tree,
    /// Its place.
    pub id: NodeId,
}

impl<'t> Node<'t> {
    fn entry(self) -> &'t Entry {
        &self.tree.nodes[self.id.index()]
    }

    /// An element's name without prefix, as written; empty for a text and for the document.
    pub fn name(self) -> &'t str {
        if self.is_text() { "" } else { self.tree.piece(self.entry().words) }
    }

    /// What HTML makes of its name.
    pub fn element(self) -> &'static Element {
        self.entry().element.unwrap_or(Element::unknown())
    }

    /// The vocabulary its name belongs to.
    pub fn vocabulary(self) -> Vocabulary {
        self.entry().vocabulary
    }

    /// Whether it is a text.
    pub fn is_text(self) -> bool {
        self.entry().element.is_none()
    }

    /// What a text says, references replaced; empty for an element.
    pub fn words(self) -> &'t str {
        if self.is_text() { self.tree.piece(self.entry().words) } else { "" }
    }

    /// Whether a text stands in a link.
    pub fn is_linked(self) -> bool {
        self.entry().linked
    }

    /// Whether its local name is this, in any case: CDF and old RSS shout.
    pub fn is(self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Whether its local name is one of these.
    pub fn is_any(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }

    /// Names as written, and values.
    pub fn attributes(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let entry = self.entry();
        let first = entry.first_attribute as usize;
        let all = &self.tree.attributes[first..first + entry.attributes as usize];
        all.iter().map(|(name, value)| (self.tree.piece(*name), self.tree.piece(*value)))
    }

    /// The value of an attribute by its name without prefix.
    pub fn attribute(self, name: &str) -> Option<&'t str> {
        let local = |written: &str| {
            written.len() >= name.len() && written.rsplit(':').next().is_some_and(|l| l.eq_ignore_ascii_case(name))
        };
        self.attributes().find(|(written, _)| local(written)).map(|(_, value)| value)
    }

    /// The value of an attribute by its name as written.
    pub fn prefixed_attribute(self, name: &str) -> Option<&'t str> {
        self.attributes().find(|(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Whether the words of an attribute hold this one.
    pub fn has_word(self, attribute: &str, word: &str) -> bool {
        self.attribute(attribute)
            .is_some_and(|value| value.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case(word)))
    }

    /// Whether its `class` holds this word.
    pub fn has_class(self, word: &str) -> bool {
        self.has_word("class", word)
    }

    /// The words of its `class`.
    pub fn classes(self) -> impl Iterator<Item = &'t str> {
        self.attribute("class").unwrap_or_default().split_ascii_whitespace()
    }

    /// What it is in; `None` for the document.
    pub fn parent(self) -> Option<Node<'t>> {
        (self.id.0 != 0).then(|| self.tree.node(NodeId(self.entry().parent)))
    }

    /// What it is in, from the nearest outwards, the document last.
    pub fn ancestors(self) -> impl Iterator<Item = Node<'t>> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// What it holds, in order.
    pub fn children(self) -> impl Iterator<Item = Node<'t>> {
        let (mut at, end) = (self.id.0 + 1, self.entry().end);
        std::iter::from_fn(move || {
            let child = (at < end).then(|| self.tree.node(NodeId(at)))?;
            at = child.entry().end;
            Some(child)
        })
    }

    /// All that is inside, step by step.
    pub fn walk(self) -> Walk<'t> {
        Walk { tree: self.tree, at: self.id.0 + 1, end: self.entry().end, open: Vec::new() }
    }

    /// All elements and texts inside, in order.
    pub fn inside(self) -> impl Iterator<Item = Node<'t>> {
        (self.id.0 + 1..self.entry().end).map(|id| self.tree.node(NodeId(id)))
    }

    /// All elements inside, in order.
    pub fn elements(self) -> impl Iterator<Item = Node<'t>> {
        self.inside().filter(|node| !node.is_text())
    }

    /// The place behind everything inside.
    pub fn end(self) -> NodeId {
        NodeId(self.entry().end)
    }

    /// Whether another node is inside.
    pub fn holds(self, other: NodeId) -> bool {
        self.id < other && other.0 < self.entry().end
    }

    /// All text inside, in order, without mark-up.
    pub fn text(self) -> String {
        self.inside().map(Node::words).collect()
    }
}

/// A step of a walk through what is inside an element.
#[derive(Debug, Clone, Copy)]
pub enum Step<'t> {
    /// An element begins.
    Enter(Node<'t>),
    /// It ends.
    Leave(Node<'t>),
    /// A text.
    Text(Node<'t>),
}

/// A walk through what is inside an element, without recursion.
#[derive(Debug)]
pub struct Walk<'t> {
    tree: &'t Tree,
    at: u32,
    end: u32,
    open: Vec<u32>,
}

impl Walk<'_> {
    /// Goes on behind the element that was entered last, as if it were not there.
    pub fn pass_over(&mut self) {
        if let Some(entered) = self.open.pop() {
            self.at = self.tree.nodes[entered as usize].end;
        }
    }
}

impl<'t> Iterator for Walk<'t> {
    type Item = Step<'t>;

    fn next(&mut self) -> Option<Step<'t>> {
        if let Some(last) = self.open.last().copied()
            && self.tree.nodes[last as usize].end <= self.at
        {
            self.open.pop();
            return Some(Step::Leave(self.tree.node(NodeId(last))));
        }
        let node = (self.at < self.end).then(|| self.tree.node(NodeId(self.at)))?;
        self.at += 1;
        if node.is_text() {
            return Some(Step::Text(node));
        }
        self.open.push(node.id.0);
        Some(Step::Enter(node))
    }
}

impl Tree {
    /// Builds the tree of any text.
    pub fn parse(text: &str, syntax: Syntax) -> Self {
        let text = &text[..text.floor_char_boundary(BYTES)];
        let mut builder = Builder::new(text, syntax);
        let mut tokens = Tokens::new(text, syntax);
        while let Some(token) = tokens.next() {
            match token {
                Token::Start { name, empty } => builder.open(name, tokens.attributes(), empty),
                Token::End(name) => builder.end(name),
                Token::Text(text) => builder.text(text, true),
                Token::Verbatim(text) => builder.text(text, false),
            }
        }
        builder.finish()
    }

    /// How many nodes there are, the document counted.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    fn piece(&self, piece: Piece) -> &str {
        &self.text[piece.start as usize..(piece.start + piece.length) as usize]
    }

    /// The document node.
    pub const fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// The document as a node.
    pub fn document(&self) -> Node<'_> {
        self.node(self.root())
    }

    /// The node at an index.
    pub fn at(&self, index: usize) -> Node<'_> {
        self.node(NodeId(index as u32))
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { tree: self, id }
    }

    /// Its namespace: the URI, or the prefix that was never declared.
    pub fn namespace(&self, id: NodeId) -> &Namespace {
        &self.namespaces[self.nodes[id.index()].namespace as usize]
    }

    /// Every element in document order, the document node left out.
    pub fn all(&self) -> impl Iterator<Item = NodeId> {
        self.document().elements().map(|node| node.id)
    }

    /// The elements directly inside one.
    pub fn elements(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        self.node(id).children().filter(|child| !child.is_text()).map(|child| child.id)
    }

    /// The elements directly inside one with this vocabulary and name.
    pub fn named<'a>(&'a self, id: NodeId, vocabulary: Vocabulary, name: &'a str) -> impl Iterator<Item = NodeId> + 'a {
        self.elements(id).filter(move |child| {
            let node = self.node(*child);
            node.vocabulary() == vocabulary && node.is(name)
        })
    }

    /// What it is in, from the nearest outwards.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        self.node(id).ancestors().map(|node| node.id)
    }

    /// All text inside, in order, without mark-up.
    pub fn text(&self, id: NodeId) -> String {
        self.node(id).text()
    }
}

#[cfg(test)]
mod tests;
