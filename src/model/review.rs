//! One person's text on one work, read out of a document.
//!
//! [`Review`] carries what the JSON contract prints and what only the house needs (people named, seams,
//! the critic's own verdict). Reading one is [`crate::read`]'s, choosing sentences [`crate::quote`]'s.

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    line::{self, Line},
    rating::Rating,
    span::{Body, Span},
    work::Work,
};

/// Names a review for good: the same text from the same place has the same id in every database.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReviewId(String);

impl ReviewId {
    /// The id of the review that a source tells apart by `identity` (GUID, link, or path with position):
    /// 16 hexadecimal digits of SHA-256 over both.
    pub fn derive(source: &str, identity: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(source.as_bytes());
        hash.update([0]);
        hash.update(identity.as_bytes());
        let digest = hash.finalize();
        Self(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }

    /// The id printed as `text`; `None` where it is not 16 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The 16 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ReviewId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// When a review was published, as exactly as its source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// A day.
    Day(Date),
    /// An instant, with the source's own offset.
    At(Timestamp, Offset),
}

impl Published {
    /// The day, at the source.
    pub fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::At(at, offset) => offset.to_datetime(at).date(),
        }
    }

    /// Reads what [`Display`](std::fmt::Display) prints: a date, or RFC 3339 with an offset.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(at) = text.parse::<Timestamp>() {
            let offset = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text).ok()?;
            let offset = offset.to_numeric_offset().unwrap_or(Offset::UTC);
            return Some(Self::At(at, offset));
        }
        text.parse::<Date>().ok().map(Self::Day)
    }
}

impl std::fmt::Display for Published {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::At(at, offset) => write!(f, "{}", at.display_with_offset(*offset)),
        }
    }
}

impl Serialize for Published {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Published {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is neither a date nor RFC 3339")))
    }
}

/// What a source tells of a review beside text, rating and work. What it does not tell is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Whether the reviewer pressed the site's heart: a mark of its own, beside the rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liked: Option<bool>,
    /// Whether it was not the reviewer's first time: seen, read or played again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<bool>,
    /// The day on which the work was seen, or the book finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumed: Option<Date>,
    /// When the source says that it changed the entry last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Published>,
    /// The address of a picture: poster, cover, or the first one of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The series that a book belongs to, with its place in it: `Tides, #2`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "line::read_one")]
    pub series: Option<Line>,
    /// Whether the source gives only the beginning of the text: an excerpt, or what stands before a pay wall.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

/// One person's text on one work.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Derived from `source` and `identity`.
    pub id: ReviewId,
    /// The path or URL it was read from, as given.
    pub source: String,
    /// What tells it apart within its source: GUID, link, or position in the document.
    pub identity: String,
    /// Where it can be read by anyone.
    pub url: Option<String>,
    /// What it says it is about.
    pub work: Work,
    /// Who wrote it, as printed.
    pub reviewer: Option<Line>,
    /// When it appeared.
    pub published: Option<Published>,
    /// The reviewer's own overall rating.
    pub rating: Option<Rating>,
    /// ISO 639-1 code, where the text is long enough to tell or the source says.
    pub language: Option<String>,
    /// Whether the source marks spoilers.
    pub spoilers: bool,
    /// Where, in `body`: each from its mark to the mark's end, or to the end of the text.
    pub spoiler_spans: Vec<Span>,
    /// Where the body stood in the document, in scalar values, where the document is plain text.
    pub extent: Option<Span>,
    /// The cleaned text.
    pub body: Body,
    /// Stretches of `body` that the critic marked as summary or verdict (TL;DR, "Verdict:").
    pub verdicts: Vec<Span>,
    /// Stretches of `body` in which somebody else speaks: block quotations. In order and apart; no quote is taken there.
    pub quotations: Vec<Span>,
    /// Positions in `body` where another voice may begin: no quote crosses one.
    pub seams: Vec<usize>,
    /// People named in text or header, creators included, by whom an untitled review finds its work.
    pub people: Vec<Line>,
    /// Categories and tags that the source gave.
    pub categories: Vec<Line>,
    /// Whether the text itself asks to be featured (`featured: true` in front matter).
    pub featured: bool,
    /// What else the source tells.
    pub details: Details,
}

impl Review {
    /// A review of which only text and place are known.
    pub fn new(source: impl Into<String>, identity: impl Into<String>, body: Body) -> Self {
        let (source, identity) = (source.into(), identity.into());
        Self {
            id: ReviewId::derive(&source, &identity),
            source,
            identity,
            url: None,
            work: Work::default(),
            reviewer: None,
            published: None,
            rating: None,
            language: None,
            spoilers: false,
            spoiler_spans: Vec::new(),
            extent: None,
            body,
            verdicts: Vec::new(),
            quotations: Vec::new(),
            seams: Vec::new(),
            people: Vec::new(),
            categories: Vec::new(),
            featured: false,
            details: Details::default(),
        }
    }

    /// SHA-256 of what readers see of it, in hexadecimal: a change of text or rating changes it, and so does a mark
    /// of spoilers that is added or taken away, since a quote was chosen by it.
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.body.as_str().as_bytes());
        hash.update([0]);
        hash.update(self.rating.as_ref().map_or("", |r| r.printed.as_str()).as_bytes());
        for (kind, span) in
            self.spoiler_spans.iter().map(|span| ("", span)).chain(self.quotations.iter().map(|span| ("quoted ", span)))
        {
            hash.update([0]);
            hash.update(format!("{kind}{}-{}", span.start, span.end));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The object that `pullquote read --json` prints, keys in the order of the contract.
    pub fn line(&self) -> ReviewLine<'_> {
        ReviewLine {
            id: &self.id,
            source: &self.source,
            url: self.url.as_deref(),
            work: &self.work,
            reviewer: self.reviewer.as_deref(),
            published: self.published,
            rating: self.rating.as_ref(),
            language: self.language.as_deref(),
            spoilers: self.spoilers,
            spoiler_spans: &self.spoiler_spans,
            start: self.extent.map(|e| e.start),
            end: self.extent.map(|e| e.end),
            body: &self.body,
        }
    }
}

/// A review as the JSON contract prints it: unknown fields are null.
#[derive(Debug, Serialize)]
pub struct ReviewLine<'a> {
    id: &'a ReviewId,
    source: &'a str,
    url: Option<&'a str>,
    work: &'a Work,
    reviewer: Option<&'a str>,
    published: Option<Published>,
    rating: Option<&'a Rating>,
    language: Option<&'a str>,
    spoilers: bool,
    spoiler_spans: &'a [Span],
    start: Option<usize>,
    end: Option<usize>,
    body: &'a Body,
}

/// One entry of a feed before it is judged as a review, as `pullquote read --entries --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// GUID or Atom id.
    pub id: Option<String>,
    /// Title, as plain text.
    pub title: Option<Line>,
    /// The page of the entry.
    pub link: Option<String>,
    /// Who wrote it.
    pub author: Option<Line>,
    /// When it appeared.
    pub published: Option<Published>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_source_and_identity_alone() {
        assert_eq!(ReviewId::derive("a", "b"), ReviewId::derive("a", "b"));
        assert_ne!(ReviewId::derive("ab", ""), ReviewId::derive("a", "b"));
        assert_eq!(ReviewId::parse(ReviewId::derive("a", "b").as_str()), Some(ReviewId::derive("a", "b")));
        assert_eq!(ReviewId::parse("not an id"), None);
    }

    #[test]
    fn a_publication_time_keeps_the_offset_of_its_source() {
        let at = Published::parse("2026-05-09T20:30:00+12:00").unwrap();
        assert_eq!(at.to_string(), "2026-05-09T20:30:00+12:00");
        assert_eq!(at.day().to_string(), "2026-05-09");
        assert_eq!(Published::parse("2014-03-19").unwrap().to_string(), "2014-03-19");
        assert_eq!(Published::parse("last week"), None);
    }

    #[test]
    fn a_mark_of_spoilers_that_comes_later_is_a_change() {
        let plain = Review::new("her.txt", "0", Body::new("He dies."));
        let marked = Review { spoiler_spans: vec![Span::new(0, 8)], ..plain.clone() };
        assert_ne!(plain.content_hash(), marked.content_hash());
        let liked = Review { details: Details { liked: Some(true), ..Details::default() }, ..plain.clone() };
        assert_eq!(plain.content_hash(), liked.content_hash());
    }

    #[test]
    fn details_are_written_and_read_back() {
        let details =
            Details { liked: Some(false), consumed: "2026-05-09".parse().ok(), truncated: true, ..Details::default() };
        let json = serde_json::to_string(&details).unwrap();
        assert_eq!(json, r#"{"liked":false,"consumed":"2026-05-09","truncated":true}"#);
        assert_eq!(serde_json::from_str::<Details>(&json).unwrap(), details);
        assert_eq!(serde_json::from_str::<Details>("{}").unwrap(), Details::default());
    }

    #[test]
    fn unknown_fields_are_printed_as_null() {
        let line = serde_json::to_value(Review::new("her.txt", "0", Body::new("Fine.")).line()).unwrap();
        assert!(line["url"].is_null() && line["rating"].is_null() && line["start"].is_null());
        assert!(line["work"]["title"].is_null());
        assert_eq!(line["work"]["creators"], serde_json::json!([]));
        assert_eq!(line["body"], "Fine.");
    }
}
