//! Small rules on text that several rooms share: cleaning, folding, comparing, slugs.
//!
//! Reading structure out of text is in [`crate::read`].

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Whether XML 1.0 (section 2.2, production `Char`) allows the character. `char` cannot be a surrogate.
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..) && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// Text as it may enter the house: without what XML forbids, C1 controls and byte order marks, with
/// `\n` as the only line end.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push('\n');
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            '\u{FEFF}' | '\u{80}'..='\u{9F}' | '\u{7F}' => {}
            c if is_xml_char(c) => out.push(c),
            _ => {}
        }
    }
    out
}

/// White space folded: every run becomes one space, none at the ends.
pub fn fold_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A text for comparing: lower case, without accents and punctuation, words parted by one space.
pub fn norm(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut put = |c: char| {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            if c.is_ascii() {
                out.push(c.to_ascii_lowercase());
            } else {
                out.extend(c.to_lowercase());
            }
        } else if !matches!(c, '\'' | '’') {
            gap = true;
        }
    };
    // Most text is ASCII, which stands for itself whatever is beside it.
    let mut at = 0;
    for bytes in text.as_bytes().chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
        let part = &text[at..at + bytes.len()];
        at += bytes.len();
        if part.is_ascii() {
            part.chars().for_each(&mut put);
        } else {
            part.nfkd().filter(|c| !is_combining_mark(*c)).for_each(&mut put);
        }
    }
    out
}

/// A text as part of a URL: lower-case letters, digits and hyphens of [`norm`]'s words, at most 80
/// bytes; `fallback` where nothing is left. Letters outside ASCII are kept where they have no ASCII form.
pub fn slug(text: &str, fallback: &str) -> String {
    let mut out = String::new();
    for word in norm(text).split(' ').filter(|w| !w.is_empty()) {
        if out.len() + word.len() > 80 {
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(word);
    }
    if out.is_empty() { fallback.to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning_drops_what_xml_forbids_and_keeps_the_rest() {
        assert_eq!(clean("a\u{7}b\u{0}c\r\nd\re\u{FEFF}\u{FFFF}é🎬"), "abc\nd\neé🎬");
    }

    #[test]
    fn comparing_ignores_case_accents_and_punctuation() {
        assert_eq!(norm("  Amélie — (Le Fabuleux Destin)  "), "amelie le fabuleux destin");
        assert_eq!(norm("Ocean’s 8"), norm("Oceans 8"));
    }

    proptest::proptest! {
        #[test]
        fn comparing_part_by_part_is_comparing_the_whole(text in "[aB1 '’.é\u{301}\u{323}ﬁ½Ω]{0,24}") {
            let whole: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
            let kept = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
            let words = whole.split(|c| !kept(c)).map(|word| word.replace(['\'', '’'], "").to_lowercase());
            proptest::prop_assert_eq!(norm(&text), words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
        }
    }

    #[test]
    fn a_slug_is_safe_in_a_url_and_never_empty() {
        assert_eq!(slug("Her (2013)", "work"), "her-2013");
        assert_eq!(slug("???", "work"), "work");
        assert!(slug(&"word ".repeat(60), "work").len() <= 80);
    }
}
