//! Headers as plain text, read leniently: those of a returned mail, and the fields of reports, look alike.

use crate::model::EmailAddress;

/// The most that is read of one block.
const MOST: usize = 256 * 1024;

/// Name and value of each header, unfolded, up to the first empty line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Headers(Vec<(String, String)>);

impl Headers {
    pub(super) fn read(text: &str) -> Self {
        let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= MOST).unwrap_or(text.len());
        let mut found: Vec<(String, String)> = Vec::new();
        for line in text[..end].lines().take_while(|line| !line.trim().is_empty()) {
            match (line.starts_with([' ', '\t']), found.last_mut()) {
                (true, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                _ => {
                    if let Some((name, value)) = line.split_once(':')
                        && !name.is_empty()
                        && name.bytes().all(|b| b.is_ascii_graphic())
                    {
                        found.push((name.to_owned(), value.trim().to_owned()));
                    }
                }
            }
        }
        Self(found)
    }

    /// Every block of a text, parted by empty lines.
    pub(super) fn blocks(text: &str) -> Vec<Self> {
        const BLOCKS: usize = 100;
        let mut blocks = Vec::new();
        let mut block = String::new();
        for line in text.lines().map(Some).chain([None]) {
            match line {
                Some(line) if !line.trim().is_empty() => {
                    block.push_str(line);
                    block.push('\n');
                }
                _ if !block.is_empty() && blocks.len() < BLOCKS => {
                    blocks.push(Self::read(&block));
                    block.clear();
                }
                _ => block.clear(),
            }
        }
        blocks
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether a header is there and begins with one of the words, in any case.
    pub(super) fn begins(&self, name: &str, words: &[&str]) -> bool {
        self.all(name).any(|value| {
            let value = value.to_ascii_lowercase();
            words.iter().any(|word| value.starts_with(word))
        })
    }
}

/// The addresses in a text, in order: in angle brackets, bare, or after a type as in `rfc822; a@b.org`.
pub(super) fn addresses(text: &str) -> Vec<EmailAddress> {
    const MOST_FOUND: usize = 50;
    let parts = text.split(|c: char| c.is_whitespace() || "<>,;()[]\"'|".contains(c));
    let bare = parts.filter(|part| part.contains('@')).map(|part| {
        let part = part.trim_end_matches(['.', ':', '!', '?']);
        part.strip_prefix("mailto:").unwrap_or(part)
    });
    let mut found: Vec<EmailAddress> = Vec::new();
    for address in bare.filter_map(|part| EmailAddress::parse(part).ok()) {
        if !found.contains(&address) && found.len() < MOST_FOUND {
            found.push(address);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_belong_to_their_header_and_rubbish_between_is_passed_over() {
        let headers = Headers::read("A: one\r\n two\r\nno header here\r\nb:three\r\n\r\nC: beyond\r\n");
        assert_eq!((headers.get("a"), headers.get("B"), headers.get("c")), (Some("one two"), Some("three"), None));
    }

    #[test]
    fn blocks_are_parted_by_empty_lines() {
        let blocks = Headers::blocks("\n\nA: 1\n\n \nA: 2\nB: 3\n");
        let firsts: Vec<_> = blocks.iter().filter_map(|block| block.get("a")).collect();
        assert_eq!(firsts, ["1", "2"]);
    }

    #[test]
    fn addresses_are_found_however_they_are_dressed() {
        let found: Vec<_> = addresses("rfc822;Ann@B.org, <mailto:c@d.org>: (e@f.org). \"g@h.org\" @ x@ a@b.org!")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, ["Ann@b.org", "c@d.org", "e@f.org", "g@h.org", "a@b.org"]);
    }
}
