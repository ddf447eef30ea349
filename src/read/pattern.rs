//! Compiling the constant patterns of this room, in one place.

use regex::Regex;

/// Compiles a pattern that is a constant of the program.
#[expect(clippy::panic, reason = "every caller passes a constant, and each is compiled by its room's tests")]
pub fn pattern(source: &str) -> Regex {
    Regex::new(source).unwrap_or_else(|error| panic!("constant pattern: {error}"))
}

/// At most the last `limit` bytes of a text, cut at a character boundary.
pub fn tail(text: &str, limit: usize) -> &str {
    let mut start = text.len().saturating_sub(limit);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// At most the first `limit` bytes of a text, cut at a character boundary.
pub fn head(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_fall_between_characters() {
        assert_eq!((head("äöü", 3), tail("äöü", 3)), ("ä", "ü"));
        assert_eq!((head("ab", 9), tail("ab", 9)), ("ab", "ab"));
    }
}
