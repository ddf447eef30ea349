//! The form in which a message travels after DATA (RFC 5321, section 4.5.2): lines end in CR LF, and a line that
//! begins with a dot has one more.

use std::borrow::Cow;

/// A message with every line end as CR LF and dots stuffed. A lone CR or LF could end the message early on a
/// server that reads it as a line end, and start a forged one (SMTP smuggling).
pub(super) fn mended(message: &str) -> String {
    let mut out = String::with_capacity(message.len() + message.len() / 32 + 8);
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.find(['\r', '\n']);
        let (line, after) = match end {
            None => (rest, ""),
            Some(at) if rest[at..].starts_with("\r\n") => (&rest[..at], &rest[at + 2..]),
            Some(at) => (&rest[..at], &rest[at + 1..]),
        };
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(line);
        if end.is_some() {
            out.push_str("\r\n");
        }
        rest = after;
    }
    out
}

/// A message as it was before dots were stuffed.
pub(super) fn unstuffed(message: &str) -> Cow<'_, str> {
    if !message.starts_with('.') && !message.contains("\n.") {
        return Cow::Borrowed(message);
    }
    let mut out = String::with_capacity(message.len());
    for line in message.split_inclusive('\n') {
        out.push_str(line.strip_prefix('.').unwrap_or(line));
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_ready(message: &str) -> bool {
        let bytes = message.as_bytes();
        !message.starts_with('.')
            && memchr::memchr2_iter(b'\r', b'\n', bytes).all(|at| match bytes[at] {
                b'\r' => bytes.get(at + 1) == Some(&b'\n'),
                _ => at > 0 && bytes[at - 1] == b'\r' && bytes.get(at + 1) != Some(&b'.'),
            })
    }

    #[test]
    fn every_line_end_becomes_cr_lf_and_dots_are_stuffed() {
        assert_eq!(mended("a\n.\nb\r.\r\r\n\nc"), "a\r\n..\r\nb\r\n..\r\n\r\n\r\nc");
        assert_eq!(mended(".a\r\nb\r\n"), "..a\r\nb\r\n");
        assert!(is_ready("a\r\nb.\r\n") && !is_ready("a\r\n.b\r\n") && !is_ready("a\nb") && !is_ready("a\rb"));
    }

    proptest! {
        #[test]
        fn what_is_mended_is_ready_and_unstuffs_to_the_same_lines(text in "[a.\r\n]{0,40}") {
            let out = mended(&text);
            let bare = out.replace("\r\n", "|");
            prop_assert!(!bare.contains(['\r', '\n']));
            prop_assert!(bare.split('|').all(|line| !line.starts_with('.') || line.starts_with("..")));
            let lines = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
            prop_assert_eq!(unstuffed(&out).into_owned(), lines);
        }

        #[test]
        fn what_is_ready_is_not_changed(text in "([a.]{0,3}(\r\n)?){0,9}") {
            if is_ready(&text) {
                prop_assert_eq!(mended(&text), text);
            }
        }
    }
}
