//! What a feed says about how it wants to be read: how often, when not, who tells of news, and how many entries
//! it holds. What its entries say is elsewhere.

use jiff::SignedDuration;
use url::Url;

use crate::read::markup::{
    entity,
    token::{Syntax, Token, Tokens},
};
use crate::read::{Document, charset};

/// How often a feed wants to be asked: RSS `ttl`, `skipHours` and `skipDays`, and the `sy:` module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Not more often than this.
    pub every: Option<SignedDuration>,
    /// Hours of the day, GMT, as bits from 0 to 23.
    pub skip_hours: u32,
    /// Days of the week, GMT, as bits from Monday.
    pub skip_days: u8,
}

/// What a feed says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hints {
    /// How often it wants to be asked.
    pub wishes: Wishes,
    /// Who tells of news.
    pub hub: Option<Url>,
    /// The address by which the hub knows it.
    pub own: Option<Url>,
    /// The entries in it, those beyond every cap included.
    pub entries: usize,
}

/// The longest text of an element that means anything here.
const LONGEST: usize = 200;

/// Reads the hints of a feed. Relative addresses start where the document came from.
pub fn hints(document: &Document) -> Hints {
    let text = charset::decode(&document.bytes, document.content_type.as_deref()).text;
    let base = document.url.as_deref().and_then(|url| Url::parse(url).ok());
    let trimmed = text.trim_start();
    if trimmed.starts_with('{') { of_json(trimmed, base.as_ref()) } else { of_xml(&text, base.as_ref()) }
}

fn join(base: Option<&Url>, target: &str) -> Option<Url> {
    let target = entity::decode(target.trim());
    let url = base.map_or_else(|| Url::parse(&target), |base| base.join(&target)).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn of_json(text: &str, base: Option<&Url>) -> Hints {
    let Ok(feed) = serde_json::from_str::<serde_json::Value>(text) else { return Hints::default() };
    let hub = feed["hubs"].as_array().into_iter().flatten().find_map(|hub| join(base, hub["url"].as_str()?));
    let own = feed["feed_url"].as_str().and_then(|url| join(base, url));
    Hints { hub, own, entries: feed["items"].as_array().map_or(0, Vec::len), ..Hints::default() }
}

/// What is gathered on the way through a feed.
#[derive(Default)]
struct Gathered<'a> {
    ttl: Option<SignedDuration>,
    period: Option<SignedDuration>,
    frequency: Option<i64>,
    /// The element whose text comes next, where that is of use.
    open: Option<&'a str>,
    /// How many entries are open: what they hold is about themselves.
    inside: usize,
    hints: Hints,
}

fn of_xml(text: &str, base: Option<&Url>) -> Hints {
    let mut found = Gathered::default();
    let mut tokens = Tokens::new(text, Syntax::Xml);
    while let Some(token) = tokens.next() {
        match token {
            Token::Start { name, empty } => found.start(name, tokens.attributes(), empty, base),
            Token::End(name) => {
                found.open = None;
                found.inside -= usize::from(is_entry(local(name)) && found.inside > 0);
            }
            Token::Text(text) | Token::Verbatim(text) if text.len() <= LONGEST => found.text(text.trim()),
            Token::Text(_) | Token::Verbatim(_) => {}
        }
    }
    let by_module = found.period.map(|period| period / i32::try_from(found.frequency.unwrap_or(1)).unwrap_or(1).max(1));
    found.hints.wishes.every = found.ttl.max(by_module);
    found.hints
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_entry(name: &str) -> bool {
    name.eq_ignore_ascii_case("item") || name.eq_ignore_ascii_case("entry")
}

impl<'a> Gathered<'a> {
    fn start(&mut self, name: &'a str, attributes: &[(&str, &str)], empty: bool, base: Option<&Url>) {
        let name = local(name);
        self.open = None;
        if is_entry(name) {
            self.hints.entries += 1;
            self.inside += usize::from(!empty);
        } else if self.inside == 0 && name.eq_ignore_ascii_case("link") {
            self.link(attributes, base);
        } else if self.inside == 0 && !empty {
            self.open = Some(name);
        }
    }

    fn link(&mut self, attributes: &[(&str, &str)], base: Option<&Url>) {
        let of = |wanted: &str| {
            attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| *value)
        };
        let (Some(rel), Some(target)) = (of("rel"), of("href").and_then(|href| join(base, href))) else { return };
        for word in rel.split_ascii_whitespace() {
            match word.to_ascii_lowercase().as_str() {
                "hub" => self.hints.hub.get_or_insert_with(|| target.clone()),
                "self" => self.hints.own.get_or_insert_with(|| target.clone()),
                _ => continue,
            };
        }
    }

    fn text(&mut self, text: &str) {
        let Some(name) = self.open else { return };
        if text.is_empty() {
            return;
        }
        let wishes = &mut self.hints.wishes;
        match name.to_ascii_lowercase().as_str() {
            "ttl" => {
                self.ttl =
                    text.parse().ok().filter(|minutes| (0..=1_000_000).contains(minutes)).map(SignedDuration::from_mins)
            }
            "updateperiod" => self.period = period(text),
            "updatefrequency" => self.frequency = text.parse().ok(),
            // 24 is midnight in the oldest texts.
            "hour" => {
                wishes.skip_hours |=
                    text.parse::<u32>().ok().filter(|hour| *hour <= 24).map_or(0, |hour| 1 << (hour % 24))
            }
            "day" => wishes.skip_days |= day(text).map_or(0, |day| 1 << day),
            _ => {}
        }
    }
}

fn period(text: &str) -> Option<SignedDuration> {
    Some(SignedDuration::from_hours(match text.to_ascii_lowercase().as_str() {
        "hourly" => 1,
        "daily" => 24,
        "weekly" => 7 * 24,
        "monthly" => 30 * 24,
        "yearly" => 365 * 24,
        _ => return None,
    }))
}

fn day(text: &str) -> Option<usize> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    DAYS.iter().position(|day| day.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Hints {
        let url = Some("https://example.org/blog/feed".to_owned());
        hints(&Document { source: "x".into(), url, content_type: None, bytes: text.as_bytes().to_vec() })
    }

    #[test]
    fn an_rss_feed_says_how_often_and_when_not() {
        let feed = "<rss><channel><ttl> 90 </ttl><sy:updatePeriod>\ndaily\n</sy:updatePeriod><sy:updateFrequency>4\
            </sy:updateFrequency><skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>77</hour></skipHours>\
            <skipDays><day>Sunday</day><day>Noday</day></skipDays><item><ttl>9999</ttl></item><item/></channel></rss>";
        let found = of(feed);
        assert_eq!(found.wishes.every, Some(SignedDuration::from_hours(6)));
        assert_eq!((found.wishes.skip_hours, found.wishes.skip_days), (1 << 23 | 1, 1 << 6));
        assert_eq!(found.entries, 2);
    }

    #[test]
    fn the_hub_is_the_feeds_own_and_no_entrys() {
        let feed = "<feed><link rel='hub' href='https://hub.example/?a=1&amp;b=2'/><link rel=self href='feed'/>\
            <entry><link rel='self' href='https://evil.example/'/></entry></feed>";
        let found = of(feed);
        assert_eq!(found.hub.unwrap().as_str(), "https://hub.example/?a=1&b=2");
        assert_eq!(found.own.unwrap().as_str(), "https://example.org/blog/feed");
        assert_eq!(of("<feed><entry><link rel='hub' href='https://evil.example/'/></entry></feed>").hub, None);
        assert_eq!(of("<rss><atom:link rel='hub' href='javascript:x'/></rss>").hub, None);
    }

    #[test]
    fn a_json_feed_names_its_hubs() {
        let feed = r#"{"version":"https://jsonfeed.org/version/1.1","feed_url":"https://a.example/f.json",
            "hubs":[{"type":"WebSub","url":"https://hub.example/"}],"items":[{},{}]}"#;
        let found = of(feed);
        assert_eq!((found.hub.unwrap().as_str(), found.entries), ("https://hub.example/", 2));
        assert_eq!(found.own.unwrap().as_str(), "https://a.example/f.json");
    }

    #[test]
    fn nonsense_is_no_wish() {
        for feed in [
            "<rss><ttl>soon</ttl></rss>",
            "<rss><ttl>-5</ttl></rss>",
            "<rss>",
            "{",
            "",
            "<ttl>9 minutes</ttl>",
            "</item></item><ttl/>",
        ] {
            assert_eq!(of(feed).wishes, Wishes::default(), "{feed}");
        }
    }
}
