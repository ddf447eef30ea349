//! The issue in words: what mail, page and feed place, worked out once.
//!
//! Names and titles are cleaned, links checked, counts and dates written out here; templates decide nothing.
//! Quotes pass untouched.

mod agreement;
mod score;

pub use agreement::{AgreementView, SaidView};
pub use score::{Part, ScoreView, Segment};

use super::{Site, text};
use crate::model::{DigestName, Issue, IssueReview, Quote, Rating, Work, WorkBlock, WorkKind, issue::MoreItem};

/// An issue, ready to be placed.
#[derive(Debug, Clone, PartialEq)]
pub struct IssueView {
    /// The digest's stem.
    pub digest: DigestName,
    /// Language of the digest's own words.
    pub lang: String,
    /// The digest's title.
    pub title: String,
    /// The digest's description; may be empty.
    pub description: String,
    /// Counted from 1.
    pub number: u32,
    /// `Friday 20 November 2026`
    pub date: String,
    /// `2026-11-20`
    pub date_iso: String,
    /// `Six reviews of three works`
    pub summary: String,
    /// The works by name, for a preview line: `Her, Solaris and Howl`.
    pub headline: String,
    /// Paragraphs of the editor's note.
    pub note: Vec<String>,
    /// The works with their reviews.
    pub works: Vec<WorkView>,
    /// Reviews listed by link.
    pub more: Vec<MoreView>,
    /// Reviews of the issue that a shortened rendering leaves to the page.
    pub left_out: usize,
    /// The issue's page.
    pub url: String,
    /// The digest's page.
    pub digest_url: String,
}

/// A work with its reviews.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkView {
    /// An id for links within the page.
    pub anchor: String,
    /// The title; where no review names one, a word for that.
    pub title: String,
    /// The year of release.
    pub year: Option<i16>,
    /// `Film by Spike Jonze`
    pub byline: String,
    /// The page of the work.
    pub url: Option<String>,
    /// The spread of at least two ratings.
    pub score: Option<ScoreView>,
    /// What reviews say alike.
    pub agreement: Vec<AgreementView>,
    /// The reviews.
    pub reviews: Vec<ReviewView>,
}

impl WorkView {
    /// `Her (2013)`
    pub fn heading(&self) -> String {
        self.year.map_or_else(|| self.title.clone(), |year| format!("{} ({year})", self.title))
    }
}

/// Words in quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteView {
    /// The opening mark of its language.
    pub open: &'static str,
    /// The words, verbatim.
    pub text: String,
    /// The closing mark.
    pub close: &'static str,
}

impl QuoteView {
    fn new(quote: &Quote, language: Option<&str>) -> Self {
        let (open, close) = text::marks(language);
        Self { open, text: quote.text().to_owned(), close }
    }

    /// The words within their marks.
    pub fn marked(&self) -> String {
        format!("{}{}{}", self.open, self.text, self.close)
    }

    /// Whether the words are few enough to be set large.
    pub fn is_short(&self) -> bool {
        self.text.chars().count() <= 170
    }
}

/// One review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewView {
    /// The review's id.
    pub id: String,
    /// The quote.
    pub quote: Option<QuoteView>,
    /// A quote that gives away, to be shown on request. Only pages of the site have one.
    pub hidden: Option<QuoteView>,
    /// What stands in the quote's place.
    pub silence: &'static str,
    /// Who wrote it.
    pub reviewer: Option<String>,
    /// The source's name.
    pub source: String,
    /// Where to read it; only links that may be followed.
    pub url: Option<String>,
    /// The rating as printed.
    pub rating: Option<String>,
    /// The rating for those who hear the page: `90 of 100`.
    pub score: String,
    /// `20 November 2026`
    pub date: Option<String>,
    /// The language, where it is known.
    pub lang: Option<String>,
    /// Whether it is featured.
    pub featured: bool,
    /// Whether it is no news, but makes up the number.
    pub archive: bool,
}

impl ReviewView {
    /// `A. Critic, Example Weekly`
    pub fn credit(&self) -> String {
        match &self.reviewer {
            Some(reviewer) if *reviewer != self.source => format!("{reviewer}, {}", self.source),
            _ => self.source.clone(),
        }
    }

    /// `— A. Critic, Example Weekly · 9/10 · featured`
    pub fn signature(&self) -> String {
        let mut out = format!("— {}", self.credit());
        if let Some(rating) = &self.rating {
            out.push_str(" · ");
            out.push_str(rating);
        }
        if self.featured {
            out.push_str(" · featured");
        }
        if self.archive {
            out.push_str(" · from the archive");
        }
        out
    }

    /// One review of an issue, as mail and feeds may show it: without what is hidden.
    pub fn new(review: &IssueReview) -> Self {
        let silence = match review {
            IssueReview { rating_only: true, .. } => "A rating without a text.",
            IssueReview { withheld: 0, .. } => "No sentence to quote.",
            _ => "Contains spoilers – nothing safe to quote.",
        };
        let lang = review.language.as_deref().map(text::line).filter(|code| !code.is_empty());
        Self {
            id: review.id.to_string(),
            quote: review.quote.as_ref().map(|quote| QuoteView::new(quote, review.language.as_deref())),
            hidden: None,
            silence,
            reviewer: named(review.reviewer.as_deref()),
            source: text::line(&review.source),
            url: review.url.as_deref().and_then(text::safe_link),
            rating: review.rating.as_ref().map(|rating| text::line(&rating.printed)),
            score: review.rating.as_ref().map_or_else(String::new, spoken),
            date: review.published.map(|published| text::date(published.day())),
            lang,
            featured: review.featured,
            archive: review.archive,
        }
    }

    /// One review of an issue as the site shows it: with the quote that opens on a click.
    pub fn on_site(review: &IssueReview) -> Self {
        let hidden = review.hidden.as_ref().map(|quote| QuoteView::new(quote, review.language.as_deref()));
        Self { hidden, ..Self::new(review) }
    }
}

/// A review listed by link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoreView {
    /// The work's title.
    pub title: String,
    /// `A. Critic, Example Weekly`
    pub credit: String,
    /// Where to read it.
    pub url: Option<String>,
}

impl IssueView {
    /// Puts an issue into words, as mail and feeds may carry them.
    pub fn new(issue: &Issue, site: &Site) -> Self {
        let zone = text::zone(&issue.time_zone);
        let works: Vec<WorkView> =
            issue.works.iter().enumerate().map(|(at, block)| WorkView::new(at, block, site)).collect();
        let titles: Vec<String> = works.iter().map(|work| work.title.clone()).collect();
        let reviews = text::counted(issue.quoted(), "review", "reviews");
        let summary = format!("{reviews} of {}", text::counted(works.len(), "work", "works"));
        Self {
            digest: issue.digest.clone(),
            lang: language(&issue.language),
            title: text::line(&issue.title),
            description: text::line(&issue.description),
            number: issue.number,
            date: text::long_date(issue.composed_at, &zone),
            date_iso: issue.composed_at.to_zoned(zone).date().to_string(),
            summary: text::capital(&summary),
            headline: text::list(&titles),
            note: issue.note.as_deref().map(text::paragraphs).unwrap_or_default(),
            works,
            more: issue.more.iter().map(MoreView::new).collect(),
            left_out: 0,
            url: site.issue(&issue.digest, issue.number).to_string(),
            digest_url: site.digest(&issue.digest).to_string(),
        }
    }

    /// An issue as its page on the site shows it: with the quotes that open on a click.
    pub fn on_site(issue: &Issue, site: &Site) -> Self {
        let mut view = Self::new(issue, site);
        for (work, block) in view.works.iter_mut().zip(&issue.works) {
            work.reviews = block.reviews.iter().map(ReviewView::on_site).collect();
        }
        view
    }

    /// The issue with its first `quoted` quoted and its first `listed` listed reviews; the others are
    /// counted in `left_out`.
    #[must_use]
    pub fn shortened(mut self, quoted: usize, listed: usize) -> Self {
        let mut room = quoted;
        for work in &mut self.works {
            let kept = work.reviews.len().min(room);
            self.left_out += work.reviews.len() - kept;
            work.reviews.truncate(kept);
            room -= kept;
        }
        self.left_out += self.more.len().saturating_sub(listed);
        self.more.truncate(listed);
        self.works.retain(|work| !work.reviews.is_empty());
        self
    }

    /// `Two more reviews`, for what a shortened rendering leaves to the page.
    pub fn rest(&self) -> String {
        text::capital(&text::counted(self.left_out, "more review", "more reviews"))
    }

    /// `Friday Reviews #12: Her, Solaris and Howl`
    pub fn item_title(&self) -> String {
        format!("{} #{}: {}", self.title, self.number, self.headline)
    }
}

impl WorkView {
    /// A block of an issue; `at` counts its place from 0.
    pub fn new(at: usize, block: &WorkBlock, site: &Site) -> Self {
        let title = block.work.title.as_deref().map(text::line).filter(|title| !title.is_empty());
        let anchor = format!("work-{}", at + 1);
        Self {
            agreement: block.agreement.iter().map(|said| AgreementView::new(said, block, &anchor)).collect(),
            anchor,
            title: title.unwrap_or_else(|| "Untitled".to_owned()),
            year: block.work.year,
            byline: byline(&block.work),
            url: block.slug.as_deref().map(|slug| site.work(slug).to_string()),
            score: ScoreView::new(block.reviews.iter().filter_map(|review| review.rating.as_ref())),
            reviews: block.reviews.iter().map(ReviewView::new).collect(),
        }
    }
}

impl MoreView {
    fn new(item: &MoreItem) -> Self {
        let source = text::line(&item.source);
        let credit = named(item.reviewer.as_deref()).map_or(source.clone(), |name| format!("{name}, {source}"));
        Self { title: text::line(&item.title), credit, url: item.url.as_deref().and_then(text::safe_link) }
    }
}

/// The digest's language where it can stand in an attribute, else English.
fn language(code: &str) -> String {
    let well_formed = !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if well_formed { code.to_owned() } else { "en".to_owned() }
}

fn named(name: Option<&str>) -> Option<String> {
    name.map(text::line).filter(|name| !name.is_empty())
}

fn spoken(rating: &Rating) -> String {
    format!("{} of 100", rating.score.value().round())
}

fn byline(work: &Work) -> String {
    let creators: Vec<String> = work.creators.iter().map(|name| text::line(name)).filter(|n| !n.is_empty()).collect();
    let kind = match work.kind {
        Some(WorkKind::Film) => "Film",
        Some(WorkKind::Book) => "Book",
        Some(WorkKind::Album) => "Album",
        Some(WorkKind::Game) => "Game",
        Some(WorkKind::Other) | None => "",
    };
    match (kind.is_empty(), creators.is_empty()) {
        (_, true) => kind.to_owned(),
        (true, false) => format!("By {}", text::list(&creators)),
        (false, false) => format!("{kind} by {}", text::list(&creators)),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::fixture;

    #[test]
    fn a_shortened_view_counts_what_it_leaves_out() {
        let view = fixture::view().shortened(4, 1);
        assert_eq!(view.works.iter().map(|w| w.reviews.len()).sum::<usize>(), 4);
        assert_eq!((view.more.len(), view.left_out), (1, 3));
        assert!(view.works.iter().all(|w| !w.reviews.is_empty()));
    }

    #[test]
    fn a_link_that_may_not_be_followed_is_none() {
        let view = fixture::view();
        let urls: Vec<_> = view.works.iter().flat_map(|w| &w.reviews).map(|r| r.url.as_deref()).collect();
        assert!(urls.contains(&None));
        assert!(urls.iter().flatten().all(|url| url.starts_with("http")));
    }
}
