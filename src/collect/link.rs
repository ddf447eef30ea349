//! What the `Link` headers of an answer name (RFC 8288): the hub that tells of news, and the feed's own address.

use reqwest::header::{HeaderMap, LINK};
use url::Url;

/// The most links looked at.
const MOST: usize = 50;

/// What an answer or a feed says of itself by links.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// `rel=hub`: whom to ask to be told of news (WebSub, section 4), the first one.
    pub hub: Option<Url>,
    /// `rel=self`: the address by which the hub knows it.
    pub own: Option<Url>,
}

impl Links {
    /// The links in an answer's headers; relative ones start at its address.
    pub fn of(headers: &HeaderMap, base: &Url) -> Self {
        let mut links = Self::default();
        for value in headers.get_all(LINK) {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            for (target, rel) in parse(&text).into_iter().take(MOST) {
                links.note(&rel, base.join(&target).ok());
            }
        }
        links
    }

    /// Keeps a link where it is the first of its kind and leads into the web.
    pub fn note(&mut self, rel: &str, target: Option<Url>) {
        let Some(target) = target.filter(|target| matches!(target.scheme(), "http" | "https")) else { return };
        for word in rel.split_ascii_whitespace() {
            let slot = match word.to_ascii_lowercase().as_str() {
                "hub" => &mut self.hub,
                "self" => &mut self.own,
                _ => continue,
            };
            slot.get_or_insert_with(|| target.clone());
        }
    }
}

/// Targets with their `rel`, of one header: `<target>; a=b; rel="x y", <target>; …`.
fn parse(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((target, after)) = after.split_once('>') else { break };
        let end = end_of_link(after);
        let (parameters, next) = after.split_at(end);
        if let Some(rel) = rel(parameters) {
            found.push((target.trim().to_owned(), rel));
        }
        rest = next;
    }
    found
}

/// Where the parameters of a link end: at a comma outside quotes.
fn end_of_link(text: &str) -> usize {
    let mut quoted = false;
    text.bytes()
        .position(|byte| {
            quoted ^= byte == b'"';
            byte == b',' && !quoted
        })
        .unwrap_or(text.len())
}

fn rel(parameters: &str) -> Option<String> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(values: &[&str]) -> Links {
        let headers = values.iter().map(|value| (LINK, value.parse().unwrap())).collect();
        Links::of(&headers, &Url::parse("https://example.org/blog/feed").unwrap())
    }

    #[test]
    fn hub_and_own_address_are_found_however_they_are_written() {
        let found = links(&[
            "</style.css>; rel=preload, <https://hub.example/?a=1,2>; title=\"a, b\"; rel=\"hub other\"",
            "<feed>; REL=self; type=x",
            "<https://second.example/>; rel=hub",
        ]);
        assert_eq!(found.hub.unwrap().as_str(), "https://hub.example/?a=1,2");
        assert_eq!(found.own.unwrap().as_str(), "https://example.org/blog/feed");
    }

    #[test]
    fn what_leads_nowhere_is_passed_over() {
        for value in ["<javascript:alert(1)>; rel=hub", "<https://hub.example", "rel=hub", "<https://a.example/>"] {
            assert_eq!(links(&[value]), Links::default(), "{value}");
        }
    }
}
