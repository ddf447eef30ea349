//! What form a document has that is no feed: by its content first, then by what it is called.
//!
//! Feeds are recognised in [`super::feed`].

use super::{Document, pattern::head, text};

/// The forms that the rooms read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// HTML.
    Page,
    /// Markdown, or text with front matter.
    Markdown,
    /// Plain text.
    Plain,
    /// None of them.
    Binary,
}

/// The form of a document whose text is decoded.
pub fn form(document: &Document, text: &str) -> Form {
    let start = head(text, 4096);
    let controls = start.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    if controls * 20 > start.chars().count().max(1) {
        return Form::Binary;
    }
    let lower = start.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    let declared = document.content_type.as_deref().unwrap_or("").to_ascii_lowercase();
    let path = document.source.split(['?', '#']).next().unwrap_or("").to_ascii_lowercase();
    let named = [".html", ".htm", ".xhtml"].iter().any(|end| path.ends_with(end));
    let tagged = lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || lower.starts_with('<') && lower.contains("<body");
    let plain = [".txt", ".text"].iter().any(|end| path.ends_with(end)) || declared.starts_with("text/plain");
    if tagged || named || declared.contains("html") && !plain {
        return Form::Page;
    }
    if text::is_markdown(&document.source, document.content_type.as_deref(), text) {
        Form::Markdown
    } else {
        Form::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(source: &str, text: &str) -> Form {
        form(&Document { source: source.into(), url: None, content_type: None, bytes: Vec::new() }, text)
    }

    #[test]
    fn content_comes_before_the_name() {
        assert_eq!(tell("a.txt", "<!DOCTYPE html><html>"), Form::Page);
        assert_eq!(tell("a.txt", "<span>Head</span>\n\nText."), Form::Plain);
        assert_eq!(tell("a.md", "Text."), Form::Markdown);
        assert_eq!(tell("a", "---\ntitle: X\n---\nText."), Form::Markdown);
        assert_eq!(tell("a.bin", "\u{1}\u{2}\u{3}\u{0}"), Form::Binary);
    }
}
