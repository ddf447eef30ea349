//! The issue as JSON: what `pullquote preview --format json` prints, keys in the order of the contract.

use jiff::Timestamp;
use serde::Serialize;

use super::{Site, text};
use crate::model::{
    Draft, Issue, Quote, Rating, Window, Work,
    draft::{DraftMailState, DraftState},
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

/// A draft, as `pullquote drafts --json` and the API print it.
#[derive(Debug, Serialize)]
pub struct DraftJson<'a> {
    id: &'a str,
    digest: &'a str,
    number: u32,
    subject: &'a str,
    reviews: usize,
    due_at: Timestamp,
    composed_at: Timestamp,
    window: Window,
    state: DraftState,
    decided_at: Option<Timestamp>,
    decided_by: Option<&'a str>,
    mail: DraftMailJson<'a>,
    url: String,
}

#[derive(Debug, Serialize)]
struct DraftMailJson<'a> {
    to: &'a str,
    state: DraftMailState,
    at: Timestamp,
    tries: u32,
    reply: Option<&'a str>,
}

/// The object of a draft, its issue left out. Unknown fields are null.
pub fn draft<'a>(draft: &'a Draft, site: &Site) -> DraftJson<'a> {
    let Draft { id, due_at, issue, state, decided, mail } = draft;
    DraftJson {
        id,
        digest: issue.digest.as_str(),
        number: issue.number,
        subject: &issue.subject,
        reviews: issue.quoted(),
        due_at: *due_at,
        composed_at: issue.composed_at,
        window: issue.window,
        state: *state,
        decided_at: decided.as_ref().map(|(at, _)| *at),
        decided_by: decided.as_ref().map(|(_, by)| by.as_str()),
        mail: DraftMailJson {
            to: mail.to.as_str(),
            state: mail.state,
            at: mail.at,
            tries: mail.tries,
            reply: mail.reply.as_deref(),
        },
        url: site.admin_draft(id).to_string(),
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
