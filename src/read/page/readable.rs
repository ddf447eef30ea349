//! The second opinion on what a page's text is: the Readability algorithm, by a crate that parses for itself.
//!
//! It is given what is left of the page written out anew and plainly: elements closed, no scripts, no formatting,
//! no character that would have to be escaped. So it meets nothing that HTML parsers find hard or slow.

use dom_smoothie::{Config, Readability, TextMode};

use super::{
    furniture::Left,
    render::{self, hides, quotes},
};
use crate::read::{
    marks::{HIDDEN, QUOTED, SHOWN, UNQUOTED},
    markup::tree::{Node, Step},
};

/// Stand for what would be escaped, on the way there and back. From the private use area, as the marks are.
const STAND_INS: [(char, char); 4] = [('&', '\u{E0F2}'), ('<', '\u{E0F3}'), ('>', '\u{E0F4}'), ('"', '\u{E0F5}')];

/// The attributes that Readability looks at.
const ATTRIBUTES: [&str; 13] = [
    "class",
    "id",
    "role",
    "style",
    "hidden",
    "aria-hidden",
    "aria-modal",
    "itemprop",
    "rel",
    "name",
    "property",
    "content",
    "href",
];

/// What Readability takes for the text of what is left of a page.
pub fn text(left: &Left<'_>) -> String {
    let config = Config { text_mode: TextMode::Raw, disable_json_ld: true, ..Config::default() };
    let Ok(mut readability) = Readability::new(written(left), None, Some(config)) else { return String::new() };
    let Ok(article) = readability.parse() else { return String::new() };
    let found = render::of_html(&article.content);
    found.chars().map(|c| STAND_INS.iter().find(|(_, instead)| *instead == c).map_or(c, |(was, _)| *was)).collect()
}

/// What is left of a page, written out.
fn written(left: &Left<'_>) -> String {
    let mut out = String::from("<!DOCTYPE html>");
    let mut walk = left.tree.document().walk();
    while let Some(step) = walk.next() {
        match step {
            Step::Text(text) if !left.is_gone(text) => plainly(&mut out, text.words()),
            Step::Text(_) => {}
            Step::Enter(node) if left.is_gone(node) => walk.pass_over(),
            Step::Enter(node) => {
                start(&mut out, node);
                out.extend(hides(node).then_some(HIDDEN));
                out.extend(quotes(node).then_some(QUOTED));
            }
            Step::Leave(node) => {
                out.extend(quotes(node).then_some(UNQUOTED));
                out.extend(hides(node).then_some(SHOWN));
                if is_written(node) && !node.element().is_void() {
                    out.push_str("</");
                    out.push_str(name(node));
                    out.push('>');
                }
            }
        }
    }
    out
}

/// Whether an element matters: not where it only formats words, nor where HTML does not know it.
fn is_written(node: Node<'_>) -> bool {
    let element = node.element();
    let named = || node.attribute("class").is_some() || node.attribute("id").is_some();
    let kept = element.is_block() || element.is_of_head() || matches!(element.name, "a" | "br");
    !element.name.is_empty() && element.name != "img" && (kept || named())
}

fn name(node: Node<'_>) -> &'static str {
    node.element().name
}

fn start(out: &mut String, node: Node<'_>) {
    if !is_written(node) {
        return;
    }
    out.push('<');
    out.push_str(name(node));
    for (name, value) in node.attributes() {
        if ATTRIBUTES.contains(&name) {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            plainly(out, value);
            out.push('"');
        }
    }
    out.push('>');
}

/// Text as it needs no escape.
fn plainly(out: &mut String, text: &str) {
    if !text.contains(['&', '<', '>', '"', '\u{A0}']) {
        out.push_str(text);
        return;
    }
    out.extend(text.chars().map(|c| match c {
        '\u{A0}' => ' ',
        c => STAND_INS.iter().find(|(was, _)| *was == c).map_or(c, |(_, instead)| *instead),
    }));
}
