//! Markup to tokens, without ever failing: XML and HTML as they are found, broken or not.
//!
//! No DTD is processed: a document type is skipped with its internal subset, so no entity can be defined.
//! Every search runs forward once, so the time is linear in the length. What tokens mean is in
//! [`tree`](super::tree).

use memchr::{memchr, memmem};

use super::element::Element;

/// The most attributes read of one element; more are passed over.
const ATTRIBUTES: usize = 256;

/// How markup is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// A feed.
    Xml,
    /// A fragment or page of HTML: scripts and styles hold no markup.
    Html,
}

/// A piece of markup. Text and attribute values are as written, entities undecoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<name a="b">`, or with `empty` `<name/>`. Its attributes are [`Tokens::attributes`] until the next token.
    Start {
        /// With its prefix.
        name: &'a str,
        /// Whether it closes itself.
        empty: bool,
    },
    /// `</name>`.
    End(&'a str),
    /// Text with entities.
    Text(&'a str),
    /// Text without.
    Verbatim(&'a str),
}

/// Cuts markup into tokens.
#[derive(Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    syntax: Syntax,
    /// The name of a script, style or title that is open, and whether references are replaced in it.
    raw: Option<(&'a str, bool)>,
    /// Those of the start tag that came last.
    attributes: Vec<(&'a str, &'a str)>,
    /// Ends that do not occur any more, so that no search for one is made twice.
    gone: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    /// Tokens of a text.
    pub fn new(text: &'a str, syntax: Syntax) -> Self {
        Self { text, at: 0, syntax, raw: None, attributes: Vec::new(), gone: Vec::new() }
    }

    /// The attributes of the start tag that came last: names with prefix, and values.
    pub fn attributes(&self) -> &[(&'a str, &'a str)] {
        &self.attributes
    }

    /// The value of one of them, in any case.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The offset of `end` after the position, remembering where there is none.
    fn find(&mut self, from: usize, end: &'static str) -> Option<usize> {
        if self.gone.contains(&end) {
            return None;
        }
        let rest = &self.text.as_bytes()[from..];
        let found = match end.as_bytes() {
            [byte] => memchr(*byte, rest),
            bytes => memmem::find(rest, bytes),
        };
        if found.is_none() {
            self.gone.push(end);
        }
        found.map(|at| from + at)
    }

    /// What stands before the next `<` that could open markup; a `<` that cannot is text.
    fn text_run(&mut self) -> Token<'a> {
        let rest = self.rest();
        let mut length = 0;
        while let Some(found) = memchr(b'<', &rest.as_bytes()[length..]) {
            length += found;
            if opens_markup(&rest[length..]) {
                break;
            }
            length += 1;
            if length == rest.len() {
                break;
            }
        }
        let bounded = memchr(b'<', &rest.as_bytes()[length.min(rest.len())..]).is_some();
        let length = if bounded { length } else { rest.len() };
        self.at += length;
        Token::Text(&rest[..length])
    }

    fn cdata(&mut self) -> Token<'a> {
        let from = self.at + "<![CDATA[".len();
        let end = self.find(from, "]]>");
        self.at = end.map_or(self.text.len(), |end| end + 3);
        Token::Verbatim(&self.text[from..end.unwrap_or(self.text.len())])
    }

    /// Steps over a comment, an instruction or a declaration.
    fn skip(&mut self) {
        let rest = self.rest();
        let from = self.at + 2;
        let (from, end) = if rest.starts_with("<!--") {
            // In HTML `<!-->` is a whole one.
            (self.at + if self.syntax == Syntax::Html { 2 } else { 4 }, "-->")
        } else if rest.starts_with("<?") {
            (from, "?>")
        } else {
            return self.skip_declaration();
        };
        // An unclosed comment ends at the next `>`, as a browser's second try does.
        let found = self.find(from, end).map(|at| at + end.len());
        let found = found.or_else(|| self.find(from, ">").map(|at| at + 1));
        self.at = found.unwrap_or(self.text.len());
    }

    /// Steps over `<!DOCTYPE … [ … ]>` and its like.
    fn skip_declaration(&mut self) {
        let bytes = self.text.as_bytes();
        let close = self.find(self.at, ">").unwrap_or(bytes.len());
        let subset = memchr(b'[', &bytes[self.at..close]).filter(|_| self.syntax == Syntax::Xml);
        let subset = subset.map(|at| self.at + at + 1);
        let end = subset.and_then(|from| self.subset_end(from)).unwrap_or(close + 1);
        self.at = end.min(bytes.len());
    }

    /// The offset after the `]>` of an internal subset; one inside quotes does not count.
    fn subset_end(&mut self, from: usize) -> Option<usize> {
        if self.gone.contains(&SUBSET) {
            return None;
        }
        let bytes = self.text.as_bytes();
        let (mut at, mut quote) = (from, None);
        while let Some(&byte) = bytes.get(at) {
            match (quote, byte) {
                (Some(open), _) if byte == open => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b']') => {
                    let rest = bytes[at + 1..].trim_ascii_start();
                    if rest.first() == Some(&b'>') {
                        return Some(bytes.len() - rest.len() + 1);
                    }
                }
                // No subset holds an element: the document has begun, and its `]>` is lost.
                (None, b'<') if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => return Some(at),
                _ => {}
            }
            at += 1;
        }
        let lenient = self.find(from, "]>").map(|at| at + 2);
        if lenient.is_none() {
            self.gone.push(SUBSET);
        }
        lenient
    }

    fn end_tag(&mut self) -> Token<'a> {
        let from = self.at + 2;
        let name = name_at(&self.text[from..]);
        let after = from + name.len();
        let bytes = self.text.as_bytes();
        // Up to `>`, but not over the next tag: `</title<link>` closes the title.
        let length = memchr::memchr2(b'>', b'<', &bytes[after..]);
        self.at = match length {
            Some(length) if bytes[after + length] == b'>' => after + length + 1,
            Some(length) => after + length,
            None => bytes.len(),
        };
        Token::End(name)
    }

    fn start_tag(&mut self) -> Token<'a> {
        let bytes = self.text.as_bytes();
        let name = name_at(&self.text[self.at + 1..]);
        self.at += 1 + name.len();
        self.attributes.clear();
        let mut empty = false;
        loop {
            self.at += bytes[self.at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            match bytes.get(self.at) {
                None | Some(b'<') => break,
                Some(b'>') => {
                    self.at += 1;
                    break;
                }
                Some(b'/') => {
                    self.at += 1;
                    empty = bytes.get(self.at) == Some(&b'>');
                }
                Some(_) => {
                    let attribute = self.next_attribute();
                    if self.attributes.len() < ATTRIBUTES {
                        self.attributes.push(attribute);
                    }
                }
            }
        }
        if self.syntax == Syntax::Html && !empty {
            let element = Element::of(name);
            self.raw = element.is_raw().then_some((name, element.has_references()));
        }
        Token::Start { name, empty }
    }

    fn next_attribute(&mut self) -> (&'a str, &'a str) {
        let (text, bytes) = (self.text, self.text.as_bytes());
        let start = self.at;
        let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/' | b'<');
        let length = bytes[start..].iter().position(stop).unwrap_or(bytes.len() - start);
        // A stray `=` is a name of its own, so that every call moves on.
        self.at = start + length + usize::from(length == 0);
        let name = &text[start..start + length];
        let equals = self.at + spaces(&bytes[self.at..]);
        if bytes.get(equals) != Some(&b'=') {
            return (name, "");
        }
        self.at = equals + 1 + spaces(&bytes[equals + 1..]);
        let quote = match bytes.get(self.at) {
            Some(b'"') => Some("\""),
            Some(b'\'') => Some("'"),
            _ => None,
        };
        if let Some(quote) = quote
            && let Some(end) = self.find(self.at + 1, quote)
        {
            let value = &text[self.at + 1..end];
            self.at = end + 1;
            return (name, value);
        }
        let start = self.at + usize::from(quote.is_some());
        let stop = |b: &u8| *b == b'>' || (quote.is_none() && b.is_ascii_whitespace());
        let length = bytes[start..].iter().position(stop).unwrap_or(bytes.len() - start);
        self.at = start + length;
        (name, &text[start..self.at])
    }

    /// The inside of a script, style or title, up to its end tag.
    fn raw_text(&mut self, name: &str, references: bool) -> Token<'a> {
        let rest = self.rest();
        let closes = |at: &usize| {
            rest.as_bytes()
                .get(*at + 2..*at + 2 + name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = memmem::find_iter(rest.as_bytes(), b"</").find(closes).unwrap_or(rest.len());
        self.at += end;
        if references { Token::Text(&rest[..end]) } else { Token::Verbatim(&rest[..end]) }
    }
}

/// Stands among the ends that are gone for that of an internal subset.
const SUBSET: &str = "end of an internal subset";

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some((name, references)) = self.raw.take() {
            return Some(self.raw_text(name, references));
        }
        while self.at < self.text.len() {
            let rest = self.rest();
            let bytes = rest.as_bytes();
            match (bytes[0], bytes.get(1)) {
                (b'<', Some(b'!')) if rest.starts_with("<![CDATA[") => return Some(self.cdata()),
                (b'<', Some(b'!' | b'?')) => self.skip(),
                (b'<', Some(b'/')) if opens_markup(rest) => return Some(self.end_tag()),
                (b'<', Some(_)) if opens_markup(rest) => return Some(self.start_tag()),
                _ => return Some(self.text_run()),
            }
        }
        None
    }
}

fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// Whether a text that begins with `<` begins with a tag, comment, instruction or declaration.
fn opens_markup(text: &str) -> bool {
    let starts_name = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('/') => chars.next().is_some_and(starts_name),
        Some('!' | '?') => true,
        Some(c) => starts_name(c),
        None => false,
    }
}

fn name_at(text: &str) -> &str {
    let end = text.bytes().position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/' | b'<' | b'='));
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests;
