//! One edition of a digest, frozen: what every rendering is made from.
//!
//! An [`Issue`] is stored as it stands here and never changes. Selection makes it in [`crate::compose`];
//! mail, page and feed are renderings of it in [`crate::render`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    digest::DigestName,
    line::{self, Line},
    quote::Quote,
    rating::{Rating, Spread},
    review::{Published, ReviewId},
    work::Work,
};

/// The arrival times an issue covers: `from <= arrived < until`. The next issue's window starts where
/// this one ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Timestamp, Timestamp)", into = "(Timestamp, Timestamp)")]
pub struct Window {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant after.
    pub until: Timestamp,
}

impl Window {
    /// Whether a review that arrived then belongs to the issue.
    pub fn contains(self, arrived: Timestamp) -> bool {
        self.from <= arrived && arrived < self.until
    }
}

impl From<(Timestamp, Timestamp)> for Window {
    fn from((from, until): (Timestamp, Timestamp)) -> Self {
        Self { from, until }
    }
}

impl From<Window> for (Timestamp, Timestamp) {
    fn from(window: Window) -> Self {
        (window.from, window.until)
    }
}

/// One edition of a digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// Which digest.
    pub digest: DigestName,
    /// Counted from 1.
    pub number: u32,
    /// The digest's title at the time.
    pub title: String,
    /// The digest's description at the time.
    pub description: String,
    /// Language of the digest's own words.
    pub language: String,
    /// The digest's zone, by which dates are printed.
    pub time_zone: String,
    /// When it was composed: its date everywhere.
    pub composed_at: Timestamp,
    /// The arrivals it covers.
    pub window: Window,
    /// A word from the editor on top.
    pub note: Option<String>,
    /// The mail's subject, filled in.
    pub subject: String,
    /// The reviews quoted, by work.
    pub works: Vec<WorkBlock>,
    /// The reviews beyond the limit, by link.
    pub more: Vec<MoreItem>,
    /// What was considered and left out, with the rule.
    pub dropped: Vec<Dropped>,
}

impl Issue {
    /// How many reviews are quoted.
    pub fn quoted(&self) -> usize {
        self.works.iter().map(|work| work.reviews.len()).sum()
    }

    /// The reviews that this issue uses: quoted and listed ones.
    pub fn used(&self) -> impl Iterator<Item = &ReviewId> {
        let quoted = self.works.iter().flat_map(|work| work.reviews.iter().map(|review| &review.id));
        quoted.chain(self.more.iter().map(|item| &item.id))
    }
}

/// The reviews of one work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkBlock {
    /// The work, as far as its reviews tell.
    pub work: Work,
    /// Its part of the URL `/w/{work}`; `None` for a review that names no work.
    pub slug: Option<String>,
    /// The spread of ratings that count, of all reviews in the block.
    pub score: Option<Spread>,
    /// What several reviews say alike. Empty below three reviews.
    pub agreement: Vec<Agreement>,
    /// The reviews, in order.
    pub reviews: Vec<IssueReview>,
}

/// What several reviews of one work say alike about one aspect: counted and quoted, never written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The aspect, such as `acting`.
    pub aspect: String,
    /// Reviews that praise it.
    pub positive: usize,
    /// Reviews that find fault with it.
    pub negative: usize,
    /// The sentences counted, one a review.
    pub quotes: Vec<AgreementQuote>,
}

/// Where several reviews stand on an aspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// At least three, three in four of those who speak of it, and more than half of all, are on one side.
    Agreed,
    /// Neither side has more than three in five of those who speak of it.
    Divided,
    /// Between the two: only the count is told.
    Leaning,
}

impl Agreement {
    /// Where they stand, of so many reviews.
    pub fn stance(&self, of: usize) -> Stance {
        let (most, speaking) = (self.positive.max(self.negative), self.positive + self.negative);
        if most >= 3 && most * 4 >= speaking * 3 && most * 2 > of {
            Stance::Agreed
        } else if most * 5 <= speaking * 3 {
            Stance::Divided
        } else {
            Stance::Leaning
        }
    }
}

/// A sentence behind an agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgreementQuote {
    /// Whose.
    pub review: ReviewId,
    /// Praise, or not.
    pub positive: bool,
    /// The sentence.
    pub quote: Quote,
}

/// One review in an issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssueReview {
    /// Which.
    pub id: ReviewId,
    /// Who wrote it.
    #[serde(default, deserialize_with = "line::read_one")]
    pub reviewer: Option<Line>,
    /// The source's name for readers.
    pub source: String,
    /// Where to read it.
    pub url: Option<String>,
    /// When it appeared.
    pub published: Option<Published>,
    /// The rating as printed and as a score.
    pub rating: Option<Rating>,
    /// Its language.
    pub language: Option<String>,
    /// The quote; `None` where no sentence was safe.
    pub quote: Option<Quote>,
    /// A quote that gives away, for the site alone, behind a click: only where the digest says
    /// `spoilers = "page-only"` and no sentence was safe. No mail, feed or JSON carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Quote>,
    /// Whether sentences were kept back as spoilers.
    pub withheld: usize,
    /// The source gave a rating and no text, so there is nothing to quote.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rating_only: bool,
    /// Starred, or marked by the source.
    pub featured: bool,
    /// No news: it makes up the number where news is thin.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archive: bool,
}

/// A review beyond the limit: listed, not quoted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoreItem {
    /// Which.
    pub id: ReviewId,
    /// The work's title, or how the review is called without one.
    pub title: String,
    /// Who wrote it.
    #[serde(default, deserialize_with = "line::read_one")]
    pub reviewer: Option<Line>,
    /// The source's name for readers.
    pub source: String,
    /// Where to read it.
    pub url: Option<String>,
}

/// A review that was considered and left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dropped {
    /// Which.
    pub review: ReviewId,
    /// By which rule.
    pub rule: DropRule,
}

/// Why a review is not in an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DropRule {
    /// It arrived before the window and is not featured.
    BeforeWindow,
    /// It arrives after the window: the next issue has it.
    AfterWindow,
    /// First contact with its source seeded it: known, not news.
    Seeded,
    /// An issue of this digest had it already.
    Used,
    /// The digest takes featured reviews only.
    NotFeatured,
    /// The kind of its work is filtered out.
    Kind,
    /// Its language is filtered out.
    Language,
    /// Its rating is filtered out.
    Rating,
    /// The words in it are filtered out.
    Words,
    /// Its category is filtered out.
    Category,
    /// Its reviewer is filtered out.
    Reviewer,
    /// The same text stands in the issue already, from elsewhere.
    Duplicate,
    /// Its source has its share; it waits for no later issue but is listed by link.
    PerSource,
    /// Its reviewer has a share already; it is listed by link.
    PerReviewer,
    /// Its work has its share already; it is listed by link.
    PerWork,
    /// The issue is full; it is listed by link.
    Maximum,
    /// It has neither a text to quote nor a rating nor a link.
    Empty,
}

impl DropRule {
    /// Every rule.
    pub const ALL: [Self; 17] = [
        Self::BeforeWindow,
        Self::AfterWindow,
        Self::Seeded,
        Self::Used,
        Self::NotFeatured,
        Self::Kind,
        Self::Language,
        Self::Rating,
        Self::Words,
        Self::Category,
        Self::Reviewer,
        Self::Duplicate,
        Self::PerSource,
        Self::PerReviewer,
        Self::PerWork,
        Self::Maximum,
        Self::Empty,
    ];

    /// The word in table, JSON and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeWindow => "before-window",
            Self::AfterWindow => "after-window",
            Self::Seeded => "seeded",
            Self::Used => "used",
            Self::NotFeatured => "not-featured",
            Self::Kind => "kind",
            Self::Language => "language",
            Self::Rating => "rating",
            Self::Words => "words",
            Self::Category => "category",
            Self::Reviewer => "reviewer",
            Self::Duplicate => "duplicate",
            Self::PerSource => "per-source",
            Self::PerReviewer => "per-reviewer",
            Self::PerWork => "per-work",
            Self::Maximum => "maximum",
            Self::Empty => "empty",
        }
    }

    /// The rule of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == word)
    }

    /// What it means, as a sentence for `why`.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::BeforeWindow => "It arrived before the issue's window began and is not featured.",
            Self::AfterWindow => "It arrived after the issue's window ended; the next issue takes it.",
            Self::Seeded => {
                "It was already there at first contact with its source: known, but not news. A star makes it eligible."
            }
            Self::Used => "An earlier issue of this digest had it. A new star makes it eligible once more.",
            Self::NotFeatured => "The digest takes featured reviews only (select.featured = \"only\").",
            Self::Kind => "The digest does not take works of its kind (kinds in select.only or select.without).",
            Self::Language => "The digest does not take its language (languages in select.only or select.without).",
            Self::Rating => {
                "Its rating is not among those the digest takes (rating_from and rating_to in select.only or select.without)."
            }
            Self::Words => "The digest goes by words in title and text (words in select.only or select.without).",
            Self::Category => "The digest does not take its category (categories in select.only or select.without).",
            Self::Reviewer => "The digest does not take its reviewer (reviewers in select.only or select.without).",
            Self::Duplicate => "The same text is in the issue already, from another place.",
            Self::PerSource => "Its source already had its share of quotes (select.per_source); it is listed by link.",
            Self::PerReviewer => {
                "Its reviewer already had a share of quotes (select.per_reviewer); it is listed by link."
            }
            Self::PerWork => "Its work already had its share of quotes (select.per_work); it is listed by link.",
            Self::Maximum => "The issue already quotes its maximum (select.maximum); it is listed by link.",
            Self::Empty => "It has no text, rating or link to show.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_meet_without_gap_or_overlap() {
        let (a, b, c) = (
            Timestamp::from_second(0).unwrap(),
            Timestamp::from_second(60).unwrap(),
            Timestamp::from_second(120).unwrap(),
        );
        let (first, second) = (Window::from((a, b)), Window::from((b, c)));
        assert!(first.contains(a) && !first.contains(b) && second.contains(b));
    }

    #[test]
    fn every_drop_rule_has_its_word() {
        for rule in DropRule::ALL {
            assert_eq!(DropRule::parse(rule.as_str()), Some(rule));
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.as_str());
        }
    }
}
