//! HTML to plain text: paragraphs kept, spoiler marks carried over, quotations of others marked.
//!
//! Works on the same [tree](crate::read::markup::tree) as feeds do, so that depth and breakage cost nothing.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::spoiler;
use crate::model::text;
use crate::read::{
    marks::Stretches,
    markup::{
        entity,
        token::{Syntax, Token, Tokens},
        tree::{Node, NodeId, Step, Tree},
    },
};

/// The most text taken of one entry, in bytes.
const ENTRY_BYTES: usize = 1_000_000;

/// Plain text out of HTML. All positions are byte offsets into `text`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plain {
    /// Paragraphs parted by an empty line, lines by a line end; fit for [`Body`](crate::model::Body) as it is.
    pub text: String,
    /// What the mark-up hides as a spoiler.
    pub spoilers: Vec<Range<usize>>,
    /// Where somebody else is quoted.
    pub quotations: Vec<Range<usize>>,
}

impl Plain {
    /// The text after `end` bytes, white space at its head cut too.
    pub fn without_head(mut self, end: usize) -> Self {
        let rest = self.text[end..].trim_start();
        let cut = self.text.len() - rest.len();
        self.text = rest.to_owned();
        let shifted = |range: &Range<usize>| range.start.saturating_sub(cut)..range.end.saturating_sub(cut);
        for ranges in [&mut self.spoilers, &mut self.quotations] {
            *ranges = ranges.iter().map(shifted).filter(|range| !range.is_empty()).collect();
        }
        self
    }

    /// Keeps the first `at` bytes.
    pub fn cut_tail(&mut self, at: usize) {
        self.text.truncate(at);
        for ranges in [&mut self.spoilers, &mut self.quotations] {
            ranges.iter_mut().for_each(|range| range.end = range.end.min(at));
            ranges.retain(|range| range.start < range.end);
        }
    }
}

/// The text of a fragment of HTML. Where there is no tag in it, it was written as plain text, and its own line
/// ends are kept.
pub fn plain(markup: &str) -> Plain {
    let markup = capped(markup);
    let is_tag = |token: Token<'_>| matches!(token, Token::Start { .. } | Token::End(_));
    if !Tokens::new(markup, Syntax::Html).any(is_tag) {
        return from_text(&entity::decode(markup));
    }
    let tree = Tree::parse(markup, Syntax::Html);
    of_node(&tree, tree.root())
}

/// A plain text brought to the same form: its own paragraphs kept.
pub fn from_text(plain_text: &str) -> Plain {
    let cleaned = text::clean(capped(plain_text));
    let mut out = Writer::default();
    for line in cleaned.lines() {
        if line.trim().is_empty() {
            out.break_to(2);
        }
        out.text(line);
        out.break_to(1);
    }
    out.finish()
}

/// A text that may hold mark-up, as one line without.
pub fn one_line(markup: &str) -> String {
    if !looks_like_html(markup) {
        return text::fold_space(&text::clean(markup));
    }
    text::fold_space(&plain(markup).text)
}

/// Whether a text holds a tag of HTML or a character reference.
pub fn looks_like_html(text: &str) -> bool {
    static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)</?(?:a|abbr|b|big|blockquote|br|cite|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|script|small|span|strong|style|sub|sup|table|td|tr|u|ul)(?:\s[^<>]*)?/?>").ok()
    });
    entity::has_reference(text) || TAG.as_ref().is_some_and(|tag| tag.is_match(text))
}

fn capped(text: &str) -> &str {
    &text[..text.floor_char_boundary(ENTRY_BYTES)]
}

/// The text inside an element.
pub fn of_node(tree: &Tree, id: NodeId) -> Plain {
    let node = tree.node(id);
    let mut out = Writer::default();
    let mut pre = usize::from(node.is("pre"));
    let mut walk = node.walk();
    while let Some(step) = walk.next() {
        match step {
            Step::Text(text) if pre > 0 => out.lines(text.words()),
            Step::Text(text) => out.text(&text::clean(text.words())),
            Step::Enter(node) if is_silent(node) => {
                out.text(emoji(node).unwrap_or_default());
                out.warned |= warns(node);
                walk.pass_over();
            }
            Step::Enter(node) => {
                enter(&mut out, node);
                pre += usize::from(node.is("pre"));
            }
            Step::Leave(node) => {
                leave(&mut out, node);
                pre -= usize::from(node.is("pre"));
            }
        }
        if out.text.len() > ENTRY_BYTES {
            break;
        }
    }
    out.finish()
}

/// What a reader does not see as the critic's text.
fn is_silent(node: Node<'_>) -> bool {
    // Share buttons, sign-up forms and lists of other entries, by the words that plug-ins name them with.
    const BOXES: [&str; 10] = [
        "sharedaddy",
        "share-button",
        "sharing",
        "social-",
        "addtoany",
        "feedflare",
        "relatedposts",
        "related-posts",
        "subscription-widget",
        "subscribe-",
    ];
    let boxed = |class: &str| BOXES.iter().any(|word| class.starts_with(word));
    let hidden = node.attribute("hidden").is_some() || node.has_class("screen-reader-text");
    // An entry is one text: what stands beside it in a page is none of it.
    let beside = matches!(node.element().name, "footer" | "aside");
    hidden || beside || node.element().is_silent() || node.classes().any(boxed)
}

/// Whether something left out of the text, such as a banner, a box or a button, warns of spoilers: the warning must
/// not be lost while the text stays.
fn warns(node: Node<'_>) -> bool {
    let seen = node.is_any(&["aside", "button", "figcaption", "form"]);
    let words = if seen { node.text() } else { node.attribute("alt").unwrap_or_default().to_owned() };
    words.len() < 400 && spoiler::announced(&words)
}

/// The sign that an emoji's picture stands for.
fn emoji(node: Node<'_>) -> Option<&str> {
    let picture = node.is("img") && (node.has_class("wp-smiley") || node.has_class("emoji"));
    node.attribute("alt").filter(|alt| picture && alt.chars().count() <= 8)
}

/// Whether an element hides a spoiler, by its name or its class.
fn hides(node: Node<'_>) -> bool {
    let says = |word: &str| {
        let word = word.to_ascii_lowercase();
        word.contains("spoiler") && !word.contains("free") && !word.starts_with("no") && !word.contains("warning")
    };
    node.is("details") || says(node.name()) || node.classes().any(says) || node.attribute("data-spoiler").is_some()
}

fn enter(out: &mut Writer, node: Node<'_>) {
    if node.is("br") {
        return out.line_break();
    }
    out.break_to(node.element().breaks());
    out.space |= node.element().is_cell();
    if hides(node) {
        out.hidden.enter();
    }
    if node.is("blockquote") {
        out.quoted.enter();
    }
}

fn leave(out: &mut Writer, node: Node<'_>) {
    if hides(node) {
        out.hidden.leave(out.text.len());
    }
    if node.is("blockquote") {
        out.quoted.leave(out.text.len());
    }
    out.break_to(node.element().breaks());
}

#[derive(Debug, Default)]
struct Writer {
    text: String,
    /// White space seen but not written yet: a space, one line end, or a paragraph's two.
    space: bool,
    ends: usize,
    hidden: Stretches,
    quoted: Stretches,
    /// A warning was seen outside the text; what follows is closed to the end.
    warned: bool,
    closed_from: Option<usize>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            if !word.is_empty() {
                self.word(word);
            }
            // A no-break space parts words too, and folding it keeps quotes findable.
            self.space |= word.len() < part.len();
        }
    }

    fn word(&mut self, word: &str) {
        if !self.text.is_empty() {
            match self.ends {
                0 if self.space => self.text.push(' '),
                0 => {}
                1 => self.text.push('\n'),
                _ => self.text.push_str("\n\n"),
            }
        }
        (self.space, self.ends) = (false, 0);
        self.hidden.text_begins(self.text.len());
        self.quoted.text_begins(self.text.len());
        if self.warned && self.closed_from.is_none() {
            self.closed_from = Some(self.text.len());
        }
        self.text.push_str(word);
    }

    fn lines(&mut self, text: &str) {
        for (number, line) in text::clean(text).split('\n').enumerate() {
            if number > 0 {
                self.line_break();
            }
            self.text(line);
        }
    }

    /// At least so many line ends before the next text.
    fn break_to(&mut self, ends: usize) {
        self.ends = self.ends.max(ends);
    }

    /// One more line end; two in a row part paragraphs.
    fn line_break(&mut self) {
        self.ends = (self.ends + 1).min(2);
    }

    fn finish(mut self) -> Plain {
        self.closed_from.into_iter().for_each(|at| self.hidden.open_at(at));
        let end = self.text.len();
        Plain { spoilers: self.hidden.finish(end), quotations: self.quoted.finish(end), text: self.text }
    }
}

#[cfg(test)]
mod tests;
