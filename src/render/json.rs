//! The issue as JSON: what `pullquote preview --format json` prints, keys in the order of the contract.

use serde::Serialize;

use super::text;
use crate::model::{
    Issue, Quote, Rating, Window, Work,
    issue::{Agreement, Dropped},
    rating::Spread,
    review::ReviewId,
    span::Span,
};

/// An issue as the contract prints it.
#[derive(Debug, Serialize)]
pub struct IssueJson<'a> {
    digest: &'a str,
    number: u32,
    title: &'a str,
    window: Window,
    works: Vec<WorkJson<'a>>,
    dropped: &'a [Dropped],
}

/// A work of an issue with its reviews, as the contract prints it.
#[derive(Debug, Serialize)]
pub struct WorkJson<'a> {
    work: &'a Work,
    score: Option<Spread>,
    agreement: Vec<AgreementJson<'a>>,
    reviews: Vec<ReviewJson<'a>>,
}

#[derive(Debug, Serialize)]
struct AgreementJson<'a> {
    aspect: &'a str,
    positive: usize,
    negative: usize,
    quotes: Vec<AgreementQuoteJson<'a>>,
}

#[derive(Debug, Serialize)]
struct AgreementQuoteJson<'a> {
    review: &'a ReviewId,
    positive: bool,
    text: &'a str,
    spans: &'a [Span],
}

#[derive(Debug, Serialize)]
struct ReviewJson<'a> {
    reviewer: Option<&'a str>,
    source: &'a str,
    url: Option<&'a str>,
    rating: Option<&'a Rating>,
    quote: Option<&'a Quote>,
    featured: bool,
}

/// The object that `preview --format json` prints. Unknown fields are null.
pub fn issue(issue: &Issue) -> IssueJson<'_> {
    IssueJson {
        digest: issue.digest.as_str(),
        number: issue.number,
        title: &issue.title,
        window: issue.window,
        works: works(issue),
        dropped: &issue.dropped,
    }
}

/// The works of an issue. A link that may not be followed is null, here as on every page.
pub fn works(issue: &Issue) -> Vec<WorkJson<'_>> {
    let works = issue.works.iter().map(|block| WorkJson {
        work: &block.work,
        score: block.score,
        agreement: block.agreement.iter().map(agreement).collect(),
        reviews: block
            .reviews
            .iter()
            .map(|review| ReviewJson {
                reviewer: review.reviewer.as_deref(),
                source: &review.source,
                url: review.url.as_deref().filter(|url| text::safe_link(url).is_some()),
                rating: review.rating.as_ref(),
                quote: review.quote.as_ref(),
                featured: review.featured,
            })
            .collect(),
    });
    works.collect()
}

fn agreement(agreement: &Agreement) -> AgreementJson<'_> {
    let quotes = agreement.quotes.iter().map(|quote| AgreementQuoteJson {
        review: &quote.review,
        positive: quote.positive,
        text: quote.quote.text(),
        spans: quote.quote.spans(),
    });
    AgreementJson {
        aspect: &agreement.aspect,
        positive: agreement.positive,
        negative: agreement.negative,
        quotes: quotes.collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::fixture;

    #[test]
    fn the_preview_json_is_the_contract() {
        let issue = fixture::issue();
        insta::assert_snapshot!(serde_json::to_string_pretty(&super::issue(&issue)).unwrap());
    }
}
