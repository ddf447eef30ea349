//! Lists of feeds as readers exchange them: OPML 2.0, and what passes for it.
//!
//! The same tolerant tokenizer as for feeds: no entity is ever defined or fetched, nothing recurses, and what is
//! broken costs itself.

use crate::read::markup::{
    entity,
    token::{Syntax, Token, Tokens},
};

/// The most outlines read; a list that is longer is no list of a person's.
const MOST: usize = 20_000;
/// The deepest folder that is remembered by its name.
const DEEPEST: usize = 64;

/// A feed of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The line of its outline in the file, counted from 1.
    pub line: usize,
    /// What it is called.
    pub title: Option<String>,
    /// Its feed: `xmlUrl`, as written.
    pub feed: Option<String>,
    /// The page that it belongs to: `htmlUrl`.
    pub page: Option<String>,
    /// The folders that it lies in, the outermost first, and its own categories.
    pub categories: Vec<String>,
}

/// A list as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// Whether there was an `<opml>` or at least an `<outline>`.
    pub is_list: bool,
    /// Outlines that are no folders, in order.
    pub outlines: Vec<Outline>,
    /// Whether there were more than are read.
    pub cut: bool,
}

/// Reads a list.
pub fn read(text: &str) -> List {
    let mut list = List::default();
    // Every open outline, with its name where it is a folder.
    let mut folders: Vec<Option<String>> = Vec::new();
    let (mut counted, mut line) = (0, 1);
    let mut tokens = Tokens::new(text, Syntax::Xml);
    while let Some(token) = tokens.next() {
        match token {
            Token::Start { name, .. } if name.eq_ignore_ascii_case("opml") => list.is_list = true,
            Token::Start { name, empty } if name.eq_ignore_ascii_case("outline") => {
                list.is_list = true;
                if list.outlines.len() == MOST {
                    list.cut = true;
                    break;
                }
                let at = offset(text, name);
                line += text.as_bytes().get(counted..at).unwrap_or_default().iter().filter(|b| **b == b'\n').count();
                counted = at.max(counted);
                let outline = outline(&tokens, &folders, line);
                let is_folder = outline.feed.is_none() && !empty;
                if !empty {
                    folders.push(outline.title.clone().filter(|_| is_folder));
                }
                if !is_folder {
                    list.outlines.push(outline);
                }
            }
            Token::End(name) if name.eq_ignore_ascii_case("outline") => {
                folders.pop();
            }
            _ => {}
        }
    }
    list
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

fn outline(tokens: &Tokens<'_>, folders: &[Option<String>], line: usize) -> Outline {
    let of = |wanted: &str| {
        let value = tokens.attribute(wanted);
        let value = value.map(|value| entity::decode(value).split_whitespace().collect::<Vec<_>>().join(" "));
        value.filter(|value| !value.is_empty())
    };
    let mut categories: Vec<String> = folders.iter().take(DEEPEST).flatten().cloned().collect();
    let own = of("category").unwrap_or_default();
    for category in own.split(',').flat_map(|path| path.split('/')).map(str::trim).filter(|c| !c.is_empty()) {
        if !categories.iter().any(|known| known == category) {
            categories.push(category.to_owned());
        }
    }
    Outline { line, title: of("title").or_else(|| of("text")), feed: of("xmlUrl"), page: of("htmlUrl"), categories }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nested_outlines_give_their_folders_and_lines() {
        let list = read(
            "<?xml version='1.0'?>\n<opml version='2.0'><head><title>Mine</title></head><body>\n\
             <outline text='Film'>\n<outline text='Reviews &amp; more'>\n\
             <outline type='rss' text='A' title='Ann &lt;3' xmlUrl='https://a.example/feed?x=1&amp;y=2' htmlUrl='https://a.example/'/>\n\
             </outline></outline>\n<outline TEXT='B' XMLURL='https://b.example/' category='/books/new,old'></outline>\n\
             <outline text='Only a page' htmlUrl='https://c.example/'/></body></opml>",
        );
        assert!(list.is_list && !list.cut);
        let found: Vec<_> =
            list.outlines.iter().map(|o| (o.line, o.title.as_deref().unwrap(), o.feed.as_deref())).collect();
        assert_eq!(
            found,
            [
                (5, "Ann <3", Some("https://a.example/feed?x=1&y=2")),
                (7, "B", Some("https://b.example/")),
                (8, "Only a page", None)
            ]
        );
        assert_eq!(list.outlines[0].categories, ["Film", "Reviews & more"]);
        assert_eq!(list.outlines[1].categories, ["books", "new", "old"]);
    }

    #[test]
    fn hostile_lists_cost_little_and_define_nothing() {
        let lol = "<!DOCTYPE opml [<!ENTITY a 'lol'><!ENTITY b '&a;&a;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>";
        let list = read(&format!("{lol}<opml><outline text='&b;&x;' xmlUrl='https://a.example/'/>"));
        assert_eq!(list.outlines[0].title.as_deref(), Some("&b;&x;"));
        let deep = read(&"<outline text='x'>".repeat(100_000));
        assert!(deep.outlines.is_empty());
        let many = read(&"<outline xmlUrl='https://a.example/'/>".repeat(MOST + 1));
        assert!(many.cut && many.outlines.len() == MOST);
        assert!(!read("<html><p>no list").is_list);
    }

    proptest! {
        #[test]
        fn anything_is_read(text in "(<(/?outline|opml)( (text|xmlUrl)=('|\")?[a-z&;é]{0,4}('|\")?)?/?>|[<>&a\n]){0,40}") {
            let lines = text.lines().count().max(1);
            for outline in read(&text).outlines {
                prop_assert!(outline.line >= 1 && outline.line <= lines + 1);
            }
        }
    }
}
