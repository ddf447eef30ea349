//! Front matter in one spelling: keys in lower case with underscores, values without markup.
//!
//! `bookAuthor`, `Book-Author` and `book author` are one key; `[[Ada Quill|Quill]]`, `[Ada Quill](…)` and
//! `Ada&nbsp;Quill` are names like any other.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::{
    model::text::norm,
    read::{pattern::pattern, text::yaml::COMMENT},
};

/// The data with its keys and texts in one spelling, to any depth.
pub fn normal(data: Value) -> Value {
    match data {
        Value::Object(map) => {
            let mut out = Map::new();
            for (key, value) in map {
                // The first of two spellings of one key stays.
                out.entry(key_of(&key)).or_insert_with(|| normal(value));
            }
            Value::Object(out)
        }
        Value::Array(list) => Value::Array(list.into_iter().map(normal).collect()),
        Value::String(text) => Value::String(plain(&text)),
        other => other,
    }
}

/// `bookAuthor` and `Book Author` as `book_author`; the mark of a comment stays at the end.
fn key_of(key: &str) -> String {
    let (key, comment) = match key.strip_suffix(COMMENT) {
        Some(key) => (key, COMMENT),
        None => (key, ""),
    };
    let mut spread = String::with_capacity(key.len() + 4);
    let mut before = ' ';
    for c in key.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_numeric()) {
            spread.push(' ');
        }
        spread.push(c);
        before = c;
    }
    format!("{}{comment}", norm(&spread).replace(' ', "_"))
}

/// A value without links, shortcodes and character references.
pub fn plain(text: &str) -> String {
    static WIKI: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\[(?:[^\[\]|]{0,200}\|)?([^\[\]|]{1,200})\]\]"));
    static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[([^\[\]]{1,300})\]\([^()\s]{0,500}\)"));
    if !text.contains(['[', '&']) {
        return text.to_owned();
    }
    let text = WIKI.replace_all(text, "$1");
    let text = LINK.replace_all(&text, "$1");
    // A flow list has taken one pair of the brackets of `[[Ada Quill]]`.
    let bare = text.trim();
    let bare = match bare.strip_prefix('[').map(|rest| rest.trim_end_matches(']')) {
        Some(rest) if !rest.contains(['[', ']', ',']) => rest,
        _ => bare,
    };
    html_escape(bare)
}

/// The named character references of Latin letters, where a title was written for HTML.
fn html_escape(text: &str) -> String {
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| pattern(r"&([A-Za-z]{2,8}|#\d{2,6}|#x[0-9A-Fa-f]{2,5});"));
    if !text.contains('&') {
        return text.to_owned();
    }
    let text = REFERENCE.replace_all(text, |c: &regex::Captures| {
        let (whole, name) = (&c[0], &c[1]);
        named(name).map_or_else(|| whole.to_owned(), String::from)
    });
    text.into_owned()
}

fn named(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control());
    }
    // `uuml`, `Eacute`, `omacr`: a letter and the name of its accent, joined by Unicode.
    const ACCENTS: [(&str, char); 9] = [
        ("grave", '\u{300}'),
        ("acute", '\u{301}'),
        ("circ", '\u{302}'),
        ("tilde", '\u{303}'),
        ("macr", '\u{304}'),
        ("uml", '\u{308}'),
        ("ring", '\u{30a}'),
        ("cedil", '\u{327}'),
        ("caron", '\u{30c}'),
    ];
    const SIGNS: [(&str, char); 15] = [
        ("amp", '&'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("szlig", 'ß'),
        ("oslash", 'ø'),
        ("aelig", 'æ'),
        ("deg", '°'),
    ];
    if let Some((_, sign)) = SIGNS.iter().find(|(own, _)| *own == name) {
        return Some(*sign);
    }
    let letter = name.chars().next()?;
    let accent = ACCENTS.iter().find(|(own, _)| *own == &name[letter.len_utf8()..])?.1;
    unicode_normalization::char::compose(letter, accent)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_have_one_spelling() {
        for key in ["bookAuthor", "Book-Author", "book author", "BOOK_AUTHOR"] {
            assert_eq!(key_of(key), "book_author", "{key}");
        }
        assert_eq!(key_of("Año"), "ano");
        assert_eq!(key_of("myRating#"), "my_rating#");
    }

    #[test]
    fn values_lose_their_markup() {
        let data = json!({"Author": ["[Ada Quill]"], "director": "[[people/Ada Quill|Ada Quill]], [[Bo Stone]]",
                          "title": "[Glass Harbour](https://example.org/x)", "name": "J&uuml;rgen &amp; &omacr;"});
        assert_eq!(
            normal(data),
            json!({"author": ["Ada Quill"], "director": "Ada Quill, Bo Stone", "title": "Glass Harbour",
                   "name": "Jürgen & ō"})
        );
        assert_eq!(plain("[REC] & [REC]²"), "[REC] & [REC]²");
    }
}
