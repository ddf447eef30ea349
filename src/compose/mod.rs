//! Reviews to an issue: selection, grouping, order, and a reason for every review left out.
//!
//! [`compose`] is a pure function of what the store holds at one moment: preview, dry run, schedule and
//! one-off all call it with the same [`Ingredients`], so a preview is what will be sent. Choosing
//! sentences was done beforehand in [`crate::quote`]; freezing the result is [`crate::store`]'s.

mod eligible;
mod group;
mod limits;
mod select;
mod stands;
mod subject;

use jiff::Timestamp;

use crate::{
    model::{Digest, Issue, Review, Window, issue::MoreItem},
    quote::Choice,
};

pub use eligible::{Standing, judge};
pub use stands::{Unfit, Why, unfit};

/// One review as a digest may take it, with all that the rules look at.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The review.
    pub review: Review,
    /// The sentences chosen beforehand.
    pub choice: Choice,
    /// The part of the URL `/w/{work}`, where its work is known.
    pub work_slug: Option<String>,
    /// The source it came by, as written in the digest file.
    pub locator: String,
    /// The source's name for readers.
    pub source_name: String,
    /// When it came to the digest, whether it counts as news, and what became of it so far.
    pub standing: Standing,
    /// Picked by hand: taken whatever the rules on windows say.
    pub picked: bool,
}

impl Candidate {
    /// Whether its critic gave a rating and wrote nothing.
    fn rating_only(&self) -> bool {
        self.review.body.is_empty() && self.review.rating.is_some()
    }
}

/// All that an issue is made of.
#[derive(Debug, Clone)]
pub struct Ingredients<'a> {
    /// The definition.
    pub digest: &'a Digest,
    /// The number the issue will have.
    pub number: u32,
    /// The arrivals it covers.
    pub window: Window,
    /// When it is composed: its date.
    pub composed_at: Timestamp,
    /// A word from the editor.
    pub note: Option<String>,
    /// What may be in it.
    pub candidates: Vec<Candidate>,
}

/// What came of composing.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An issue, to be frozen or shown.
    Issue(Box<Issue>),
    /// Too little news: no issue, and its window stays open until the next slot.
    TooFew {
        /// Reviews that would have been in it; ratings without a text do not count.
        found: usize,
        /// Reviews that the digest asks for.
        minimum: usize,
    },
}

/// Makes an issue, or says why there is none.
pub fn compose(ingredients: Ingredients<'_>) -> Outcome {
    let Ingredients { digest, number, window, composed_at, note, candidates } = ingredients;
    let picked_by_hand = candidates.iter().any(|candidate| candidate.picked);
    let mut selection = select::select(candidates, window, digest);
    selection.dropped.sort_by(|a, b| a.review.cmp(&b.review));
    let news = selection.quoted.iter().chain(&selection.more).filter(|chosen| !chosen.archive);
    let found = news.filter(|chosen| counts(chosen)).count();
    let minimum = if picked_by_hand { 1 } else { digest.select.minimum.max(1) };
    if found < minimum {
        return Outcome::TooFew { found, minimum };
    }
    let more = selection.more.iter().map(more_item).collect();
    let works = group::by_work(selection.quoted, digest);
    let mut issue = Issue {
        digest: digest.name.clone(),
        number,
        title: digest.title.clone(),
        description: digest.description.clone(),
        language: digest.language.clone(),
        time_zone: digest.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        composed_at,
        window,
        note,
        subject: String::new(),
        works,
        more,
        dropped: selection.dropped,
    };
    let template = digest.email.as_ref().map_or(crate::model::digest::DEFAULT_SUBJECT, |email| email.subject.as_str());
    issue.subject = subject::fill(template, &issue, &digest.time_zone);
    Outcome::Issue(Box::new(issue))
}

/// Whether a review makes an issue worth sending: a digest quotes, and a rating alone has nothing to quote. One
/// that a person picked by hand counts whatever it is.
fn counts(chosen: &select::Chosen) -> bool {
    chosen.candidate.picked || !chosen.candidate.rating_only()
}

fn more_item(candidate: &select::Chosen) -> MoreItem {
    let review = &candidate.candidate.review;
    MoreItem {
        id: review.id.clone(),
        title: review.work.title.as_deref().unwrap_or("A review").to_owned(),
        reviewer: review.reviewer.clone(),
        source: candidate.candidate.source_name.clone(),
        url: review.url.clone(),
    }
}

#[cfg(test)]
mod tests;
