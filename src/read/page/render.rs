//! Elements to plain text: paragraphs parted by an empty line, white space folded, no navigation or forms.

use dom_query::NodeRef;

/// Elements whose content is no text of the page.
const SKIPPED: [&str; 22] = [
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "form",
    "button",
    "select",
    "svg",
    "iframe",
    "object",
    "video",
    "audio",
    "canvas",
    "head",
    "textarea",
    "input",
    "figcaption",
    "map",
    "math",
    "rp",
    "rt",
];
const BLOCKS: [&str; 36] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "table",
    "tr",
    "figure",
    "hr",
    "address",
    "details",
    "summary",
    "fieldset",
    "center",
    "caption",
    "tbody",
    "thead",
    "body",
    "html",
];

/// The text of an element.
pub fn text(node: &NodeRef) -> String {
    let mut out = Writer::default();
    walk(node, &mut out);
    out.text.trim().to_owned()
}

#[derive(Default)]
struct Writer {
    text: String,
    space: bool,
}

impl Writer {
    /// Ends the paragraph.
    fn part(&mut self) {
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push_str(if self.text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        self.space = false;
    }

    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self.space = false;
    }

    fn words(&mut self, words: &str) {
        for c in words.chars() {
            if c.is_whitespace() {
                self.space = true;
            } else {
                if self.space && !self.text.is_empty() && !self.text.ends_with('\n') {
                    self.text.push(' ');
                }
                self.space = false;
                self.text.push(c);
            }
        }
    }
}

/// Depth is bounded by `depth::bounded` before parsing.
fn walk(node: &NodeRef, out: &mut Writer) {
    if node.is_text() {
        out.words(&node.text());
        return;
    }
    let name = node.node_name().map(|name| name.to_string()).unwrap_or_default();
    if SKIPPED.contains(&name.as_str()) {
        return;
    }
    if name == "br" {
        out.line();
        return;
    }
    let block = BLOCKS.contains(&name.as_str());
    if block {
        out.part();
    } else if name == "td" || name == "th" {
        out.space = true;
    }
    for child in node.children_it(false) {
        walk(&child, out);
    }
    if block {
        out.part();
    }
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    #[test]
    fn paragraphs_are_kept_and_furniture_left_out() {
        let page = Document::from(
            "<nav>Home</nav><h1>Sea</h1><p>One  <b>two</b>\nthree.</p><p>Four<br>five</p><form>Send</form><script>x</script>",
        );
        assert_eq!(super::text(&page.root()), "Sea\n\nOne two three.\n\nFour\nfive");
    }
}
