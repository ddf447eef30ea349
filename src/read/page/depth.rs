//! A bound on how deep elements nest, before anything recursive or quadratic in depth meets them.
//!
//! The scan follows the tree roughly, as a parser would build it: scripts and comments hold no tags, `li` closes
//! `li`, a block closes `p`, a stray closing tag closes nothing. So a long page whose paragraphs are never closed
//! is left as it is.

/// Deeper than this, tags are dropped and their text stays.
const DEEPEST: usize = 180;
/// A closing tag is matched with an element no further up than this.
const REACH: usize = 256;
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "param"];
/// Elements whose content is text, whatever it looks like.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "noscript", "xmp", "iframe", "noframes"];
/// Elements that end an open paragraph.
const BLOCKS: [&str; 28] = [
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "nav",
    "form",
    "blockquote",
    "pre",
    "figure",
    "details",
    "center",
];
/// Elements that end an open one of their own kind.
const ITEMS: [&str; 8] = ["li", "dt", "dd", "option", "tr", "td", "th", "optgroup"];

/// The page with the tags beyond the bound taken out. Linear in its length; pages within it are returned as they are.
pub fn bounded(html: &str) -> std::borrow::Cow<'_, str> {
    let mut out = String::new();
    let mut open: Vec<Name> = Vec::new();
    let (mut copied, mut from, mut foreign) = (0, 0, 0usize);
    while let Some(at) = memchr::memchr(b'<', &html.as_bytes()[from..]).map(|at| from + at) {
        let rest = &html[at + 1..];
        if rest.starts_with("!--") {
            from = rest.find("-->").map_or(html.len(), |end| at + 4 + end);
            continue;
        }
        let closing = rest.starts_with('/');
        let name = Name::read(&rest.as_bytes()[usize::from(closing)..]);
        from = at + 1;
        if name.is_empty() {
            continue;
        }
        let Some(end) = memchr::memchr(b'>', rest.as_bytes()).map(|end| at + 2 + end) else { break };
        from = end;
        if name.is_any(&VOID) || foreign > 0 && html[..end].ends_with("/>") {
            continue;
        }
        let depth = if closing {
            let reach = open.len().saturating_sub(REACH);
            let Some(matching) = open[reach..].iter().rposition(|held| *held == name) else { continue };
            open.truncate(reach + matching);
            if open.len() < DEEPEST && name.is_any(&["svg", "math"]) {
                foreign = foreign.saturating_sub(1);
            }
            open.len()
        } else {
            implied(&mut open, name);
            open.push(name);
            if open.len() <= DEEPEST && name.is_any(&["svg", "math"]) {
                foreign += 1;
            }
            open.len() - 1
        };
        if depth >= DEEPEST {
            out.push_str(&html[copied..at]);
            out.push(' ');
            copied = end;
        } else if !closing && foreign == 0 && name.is_any(&RAW) {
            from = raw_end(html, end, name);
            open.pop();
        }
    }
    if copied == 0 {
        return html.into();
    }
    out.push_str(&html[copied..]);
    out.into()
}

/// Closes what the start of an element closes.
fn implied(open: &mut Vec<Name>, name: Name) {
    if open.last().is_some_and(|last| last.is_any(&["p"])) && name.is_any(&BLOCKS) {
        open.pop();
    }
    if open.last() == Some(&name) && name.is_any(&ITEMS) {
        open.pop();
    }
}

/// Where the content of a raw element and its closing tag end.
fn raw_end(html: &str, from: usize, name: Name) -> usize {
    let mut at = from;
    while let Some(found) = memchr::memmem::find(&html.as_bytes()[at..], b"</") {
        at += found + 2;
        if Name::read(&html.as_bytes()[at..]) == name {
            return at;
        }
    }
    html.len()
}

/// The first letters of an element's name, in lower case.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Name([u8; 12]);

impl Name {
    fn read(bytes: &[u8]) -> Self {
        let mut name = [0; 12];
        for (to, byte) in name.iter_mut().zip(bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric())) {
            *to = byte.to_ascii_lowercase();
        }
        Self(name)
    }

    fn is_empty(self) -> bool {
        !self.0[0].is_ascii_lowercase()
    }

    fn is_any(self, names: &[&str]) -> bool {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        names.iter().any(|name| name.as_bytes() == &self.0[..length])
    }
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn deep_nesting_is_flattened_and_the_text_stays() {
        for (open, close) in [("<div>", "</div>"), ("<Foo/>", "</foo>"), ("<b><i>", "</i></b>"), ("<svg>", "")] {
            let deep = format!("{}word{}", open.repeat(5000), close.repeat(5000));
            let flat = bounded(&deep);
            assert!(flat.matches('<').count() <= 2 * 180 && flat.contains("word"), "{open}");
        }
    }

    #[test]
    fn pages_within_the_bound_stay_as_they_are() {
        let unclosed = format!("<ul>{}</ul>", "<li>Two<p>Three".repeat(5000));
        let scripts = "<script>document.write('<div><div>')</script><!-- <div> -->".repeat(300);
        let stray = "<div></span></b></div>".repeat(300);
        for page in ["<p>a<br>b</p>", "<", "<p", "<script>", "<!--", "</", &unclosed, &scripts, &stray] {
            assert_eq!(bounded(page), page);
        }
    }
}
