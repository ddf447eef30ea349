//! Elements to plain text: paragraphs parted by an empty line, white space folded, no navigation or forms.
//!
//! What each element does is in [`element`](crate::read::markup::element).

use crate::read::{
    marks::{HIDDEN, QUOTED, SHOWN, UNQUOTED, is_mark},
    markup::{
        token::Syntax,
        tree::{Node, Step, Tree},
    },
};

/// The text of an element.
pub fn text(node: Node<'_>) -> String {
    text_without(node, |_| false, false)
}

/// The same for a text that is published: what the markup hides as a spoiler, or says by another, is
/// [marked](crate::read::marks).
pub fn marked(node: Node<'_>) -> String {
    text_without(node, |_| false, true)
}

/// The text of a fragment of HTML.
pub fn of_html(html: &str) -> String {
    text(Tree::parse(html, Syntax::Html).document())
}

/// The same with marks.
pub fn marked_html(html: &str) -> String {
    marked(Tree::parse(html, Syntax::Html).document())
}

/// The text of an element without parts that are `gone`; with `marks`, what the markup hides as a spoiler, or says by
/// another, is [marked](crate::read::marks).
pub fn text_without(node: Node<'_>, gone: impl Fn(Node<'_>) -> bool, marks: bool) -> String {
    let mut out = Writer::default();
    let mut walk = node.walk();
    out.enter(node, marks);
    while let Some(step) = walk.next() {
        match step {
            Step::Text(text) if !gone(text) => out.words(text.words()),
            Step::Text(_) => {}
            Step::Enter(node) if node.element().is_silent() || gone(node) => walk.pass_over(),
            Step::Enter(node) => out.enter(node, marks),
            Step::Leave(node) => out.leave(node, marks),
        }
    }
    out.leave(node, marks);
    out.text.trim().to_owned()
}

/// Whether an element hides a spoiler; what holds the whole page does not, whatever it is called.
pub fn hides(node: Node<'_>) -> bool {
    let name = node.element().name;
    let class = node.attribute("class").unwrap_or_default();
    let hiding = name == "details"
        || class.contains("spoiler")
        || node.attribute("id").is_some_and(|id| id.contains("spoiler"))
        || node.attribute("data-spoiler").is_some();
    hiding && !class.contains("free") && !matches!(name, "body" | "html" | "article" | "main")
}

/// Whether an element holds what somebody else says.
pub fn quotes(node: Node<'_>) -> bool {
    node.element().name == "blockquote"
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Marks that open with the next word.
    opening: Vec<char>,
    /// White space seen but not written yet: a space, one line end, or a paragraph's two.
    space: bool,
    ends: usize,
}

impl Writer {
    fn enter(&mut self, node: Node<'_>, marks: bool) {
        if node.element().name == "br" {
            self.ends = (self.ends + 1).min(2);
            return;
        }
        self.part(node);
        if marks {
            self.opening.extend(hides(node).then_some(HIDDEN));
            self.opening.extend(quotes(node).then_some(QUOTED));
        }
    }

    fn leave(&mut self, node: Node<'_>, marks: bool) {
        if marks && quotes(node) {
            self.close(UNQUOTED);
        }
        if marks && hides(node) {
            self.close(SHOWN);
        }
        self.part(node);
    }

    fn part(&mut self, node: Node<'_>) {
        self.ends = self.ends.max(node.element().breaks());
        self.space |= node.element().is_cell();
    }

    fn words(&mut self, words: &str) {
        for part in words.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            if word.contains(is_mark) {
                word.chars().for_each(|c| self.character(c));
            } else if let Some(first) = word.chars().next() {
                self.put(first);
                self.text.push_str(&word[first.len_utf8()..]);
            }
            self.space |= word.len() < part.len();
        }
    }

    /// A character of a text that was marked before.
    fn character(&mut self, c: char) {
        match c {
            HIDDEN | QUOTED => self.opening.push(c),
            SHOWN | UNQUOTED => self.close(c),
            c => self.put(c),
        }
    }

    /// Closes what was opened: behind the last word, before the white space that is due.
    fn close(&mut self, mark: char) {
        if self.opening.pop().is_none() {
            self.text.push(mark);
        }
    }

    /// A character behind the white space that is due.
    fn put(&mut self, c: char) {
        if !self.text.is_empty() {
            match self.ends {
                0 if self.space => self.text.push(' '),
                0 => {}
                1 => self.text.push('\n'),
                _ => self.text.push_str("\n\n"),
            }
        }
        (self.space, self.ends) = (false, 0);
        self.text.extend(self.opening.drain(..));
        self.text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_kept_and_furniture_left_out() {
        let html = "<nav>Home</nav><h1>Sea</h1><p>One  <b>two</b>\nthree.</p><p>Four<br>five</p><form>Send</form><script>x</script><td>6</td>";
        assert_eq!(of_html(html), "Sea\n\nOne two three.\n\nFour\nfive\n\n6");
    }

    #[test]
    fn what_is_hidden_is_marked_and_what_is_called_spoiler_free_is_not() {
        let html = "<p>a</p><details><p>b</p></details><p class='spoiler-free'>c</p><i class=spoiler>d</i>";
        let tree = Tree::parse(html, Syntax::Html);
        let marked = text_without(tree.document(), |_| false, true).replace(HIDDEN, "[").replace(SHOWN, "]");
        assert_eq!(marked, "a\n\n[b]\n\nc\n\n[d]");
    }

    #[test]
    fn what_another_says_is_marked() {
        let html =
            "<p>Mine.</p><blockquote><p>Theirs.</p><p>More.</p></blockquote><blockquote></blockquote><p>Mine.</p>";
        let marked = marked_html(html).replace(QUOTED, "[").replace(UNQUOTED, "]");
        assert_eq!(marked, "Mine.\n\n[Theirs.\n\nMore.]\n\nMine.");
        let written = format!("<p>a</p><blockquote>{QUOTED}<p>b</p>{UNQUOTED}</blockquote>");
        assert_eq!(of_html(&written), format!("a\n\n{QUOTED}b{UNQUOTED}"));
    }
}
