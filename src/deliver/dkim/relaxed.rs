//! The relaxed canonical forms of RFC 6376, section 3.4: white space folded, names in lower case, no empty end.

/// The headers of a message, each as it stands there.
pub(super) struct Headers<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Headers<'a> {
    /// Reads a head, each line ending in CR LF: name and whole text of each header.
    pub(super) fn read(head: &'a str) -> Self {
        let mut found = Vec::new();
        let mut start = 0;
        while start < head.len() {
            let mut end = start;
            loop {
                end = head[end..].find("\r\n").map_or(head.len(), |at| end + at + 2);
                if !head[end..].starts_with([' ', '\t']) {
                    break;
                }
            }
            let text = &head[start..end];
            if let Some((name, _)) = text.split_once(':') {
                found.push((name.trim_end(), text));
            }
            start = end;
        }
        Self(found)
    }

    /// The `h=` list and the canonical text of what it names. Every name stands once more than the header does; of
    /// several headers the last is taken first (section 5.4.2).
    pub(super) fn signed(&self, names: &[&str]) -> (String, String) {
        const WIDTH: usize = 70;
        let (mut list, mut text) = (String::new(), String::with_capacity(2048));
        let mut row = 0;
        for name in names {
            let mut times = 1;
            for (_, header) in self.0.iter().rev().filter(|(known, _)| known.eq_ignore_ascii_case(name)) {
                self::header(header, &mut text);
                times += 1;
            }
            for _ in 0..times {
                if !list.is_empty() {
                    list.push(':');
                }
                if row + name.len() > WIDTH {
                    list.push_str("\r\n ");
                    row = 0;
                }
                list.push_str(name);
                row += name.len() + 1;
            }
        }
        (list, text)
    }
}

/// Appends a header in canonical form: `name:value` with its line end.
pub(super) fn header(text: &str, out: &mut String) {
    let Some((name, value)) = text.split_once(':') else { return };
    out.extend(name.trim_end().chars().map(|c| c.to_ascii_lowercase()));
    out.push(':');
    let mut words = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    if let Some(first) = words.next() {
        out.push_str(first);
    }
    for word in words {
        out.push(' ');
        out.push_str(word);
    }
    out.push_str("\r\n");
}

/// A body, or a stretch of one, in canonical form; `last` where the body ends with it.
pub(super) fn body(text: &str, last: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut lines = text.split("\r\n").peekable();
    while let Some(line) = lines.next() {
        let ends = lines.peek().is_some();
        let mut at = 0;
        let bytes = line.as_bytes();
        while at < line.len() {
            let word = bytes[at..].iter().position(|b| matches!(b, b' ' | b'\t')).map_or(line.len(), |gap| at + gap);
            out.push_str(&line[at..word]);
            let next = bytes[word..].iter().position(|b| !matches!(b, b' ' | b'\t')).map(|after| word + after);
            match next {
                Some(next) if next > word => out.push(' '),
                // White space at the end of a line goes; at the end of a stretch, a token follows it.
                None if word < line.len() && !ends && !last => out.push(' '),
                _ => {}
            }
            at = next.unwrap_or(line.len());
        }
        if ends {
            out.push_str("\r\n");
        }
    }
    if last {
        out.truncate(out.trim_end_matches("\r\n").len());
        if !out.is_empty() {
            out.push_str("\r\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_comes_out_as_printed() {
        // RFC 6376, section 3.4.5.
        let headers = Headers::read("A: X\r\nB : Y\t\r\n\tZ  \r\n");
        assert_eq!(headers.signed(&["A", "B"]), ("A:A:B:B".to_owned(), "a:X\r\nb:Y Z\r\n".to_owned()));
        assert_eq!(body(" C \r\nD \t E\r\n\r\n\r\n", true), " C\r\nD E\r\n");
    }

    #[test]
    fn an_empty_body_is_nothing_and_one_without_an_end_gets_it() {
        assert_eq!(body("", true), "");
        assert_eq!(body("\r\n\r\n", true), "");
        assert_eq!(body("a", true), "a\r\n");
        assert_eq!(body("a ", true), "a\r\n");
    }

    #[test]
    fn of_several_headers_the_last_comes_first_and_missing_ones_are_named() {
        let headers = Headers::read("X: 1\r\nx: 2\r\n");
        assert_eq!(headers.signed(&["X", "Y"]), ("X:X:X:Y".to_owned(), "x:2\r\nx:1\r\n".to_owned()));
    }

    proptest::proptest! {
        #[test]
        fn stretches_one_by_one_are_the_whole(
            before in "([a-c=]| |\t|\r\n){0,30}", after in "([a-c=]| |\t|\r\n){0,30}", token in "[A-Za-z0-9_-]{1,8}",
        ) {
            let whole = body(&format!("{before}{token}{after}"), true);
            let joined = format!("{}{token}{}", body(&before, false), body(&after, true));
            let joined = if joined.ends_with("\r\n") { joined } else { format!("{joined}\r\n") };
            proptest::prop_assert_eq!(whole, joined);
        }
    }
}
