//! Why: what was decided on a review, by which rule, and what would be decided now.

use super::{App, AppError, drafts};
use crate::{
    compose::judge,
    model::{Draft, QuoteDecision, ReviewId, Window},
    quote,
    store::{
        arrivals, issues, quote_decisions,
        reviews::{self, StoredReview},
    },
};

/// What can be said of one review.
#[derive(Debug)]
pub struct Why {
    /// The review.
    pub stored: StoredReview,
    /// Sentences, one a line: arrivals, decisions and what the next issue would do.
    pub lines: Vec<String>,
}

/// Explains the reviews that an id, URL or path names.
///
/// # Errors
/// Where there is no such review, or the database fails.
pub async fn why(app: &App, name: &str) -> Result<Vec<Why>, AppError> {
    let found = find(app, name).await?;
    let mut answers = Vec::with_capacity(found.len());
    for stored in found {
        let lines = explain(app, &stored).await?;
        answers.push(Why { stored, lines });
    }
    Ok(answers)
}

/// The stored reviews that an id, URL or path names, at least one.
///
/// # Errors
/// Where there is none, or the database fails.
pub async fn find(app: &App, name: &str) -> Result<Vec<StoredReview>, AppError> {
    let found = match ReviewId::parse(name) {
        Some(id) => reviews::get(&app.db, &id).await?.into_iter().collect(),
        None => reviews::by_place(&app.db, name).await?,
    };
    if found.is_empty() { Err(AppError::NoReview(name.to_owned())) } else { Ok(found) }
}

async fn explain(app: &App, stored: &StoredReview) -> Result<Vec<String>, AppError> {
    let id = &stored.review.id;
    let mut lines = Vec::new();
    if let Some((at, by)) = &stored.featured {
        lines.push(format!("Featured by the {by} on {at}."));
    }
    for decision in quote_decisions::of_review(&app.db, id).await? {
        lines.push(quote_decided(&decision));
    }
    if let Some(why) = set_in_vain(app, stored).await? {
        lines.push(why);
    }
    let decisions = issues::decisions(&app.db, id).await?;
    let arrivals = arrivals::of_review(&app.db, id).await?;
    let waiting = drafts::list(app, None, false).await?;
    if arrivals.is_empty() {
        lines.push("It has come to no digest.".to_owned());
    }
    for arrival in arrivals {
        let news = if arrival.standing.seeded { "; already there at first contact, so no news" } else { "" };
        lines.push(format!(
            "{}: arrived {} from {}{news}.",
            arrival.digest, arrival.standing.arrived_at, arrival.locator
        ));
        for decision in decisions.iter().filter(|decision| decision.digest == arrival.digest) {
            let issue = format!("{} #{} ({})", decision.digest, decision.number, decision.composed_at);
            lines.push(match (decision.quoted, decision.rule) {
                (Some(true), _) => format!("{issue}: quoted."),
                (Some(false), Some(rule)) => format!("{issue}: listed by link [{}]. {}", rule.as_str(), rule.explain()),
                (Some(false), None) => format!("{issue}: listed by link."),
                (None, Some(rule)) => format!("{issue}: left out [{}]. {}", rule.as_str(), rule.explain()),
                (None, None) => continue,
            });
        }
        let of_stream = waiting.iter().filter(|draft| draft.issue.digest.as_str() == arrival.digest);
        lines.extend(of_stream.filter_map(|draft| in_draft(draft, id)));
        lines.push(next_issue(app, &arrival).await?);
    }
    Ok(lines)
}

/// What the draft that waits does with a review.
fn in_draft(draft: &Draft, id: &ReviewId) -> Option<String> {
    let issue = &draft.issue;
    let quoted = issue.works.iter().flat_map(|work| &work.reviews).any(|review| review.id == *id);
    let listed = issue.more.iter().any(|item| item.id == *id);
    let dropped = issue.dropped.iter().find(|dropped| dropped.review == *id).map(|dropped| dropped.rule);
    let how = match (quoted, listed, dropped) {
        (true, ..) => "quoted".to_owned(),
        (_, true, Some(rule)) => format!("listed by link [{}]", rule.as_str()),
        (_, true, None) => "listed by link".to_owned(),
        (_, _, Some(rule)) => format!("left out [{}]", rule.as_str()),
        (_, _, None) => return None,
    };
    let (digest, number, draft) = (&issue.digest, issue.number, &draft.id);
    Some(format!("{digest}: in the draft {draft} of #{number}, which waits for approval: {how}."))
}

/// An editor's decision on the quote, in words.
fn quote_decided(decision: &QuoteDecision) -> String {
    let (by, at) = (&decision.by, decision.at);
    let reason = decision.reason.as_ref().map(|reason| format!(" Reason: {reason}")).unwrap_or_default();
    match &decision.set {
        None => format!("Quote set back to the chosen sentences by {by} on {at}.{reason}"),
        Some(set) => {
            let overruled = if set.spoilers_allowed { ", the spoiler gate overruled for it" } else { "" };
            format!("Quote set by {by} on {at}{overruled}: “{}”.{reason}", set.words)
        }
    }
}

/// Why sentences that were set are not quoted all the same, where that is so.
async fn set_in_vain(app: &App, stored: &StoredReview) -> Result<Option<String>, AppError> {
    let newest = quote_decisions::of_review(&app.db, &stored.review.id).await?.pop();
    let Some(set) = newest.and_then(|decision| decision.set) else { return Ok(None) };
    let lost = quote::by_hand(&stored.review, &set.spans, usize::MAX, set.spoilers_allowed);
    Ok(match lost {
        Ok(quote) if quote.text() == set.words => None,
        Ok(_) => Some("That quote is not used: the review says something else there by now.".to_owned()),
        Err(error) => Some(format!("That quote is not used any longer: {error}.")),
    })
}

async fn next_issue(app: &App, arrival: &arrivals::Arrival) -> Result<String, AppError> {
    let Some(digest) = app.digests().into_iter().find(|digest| digest.name.as_str() == arrival.digest) else {
        return Ok(format!("{}: there is no digest of that name any more.", arrival.digest));
    };
    let from = issues::next_window_from(&app.db, &arrival.digest).await?.unwrap_or_else(|| app.clock.now());
    let until = app.clock.now().max(arrival.standing.arrived_at + jiff::SignedDuration::from_millis(1));
    let verdict = judge(&arrival.standing, Window { from, until }, digest.select.featured);
    Ok(match verdict {
        Ok(true) => format!("{}: the next issue may take it, as a featured review.", arrival.digest),
        Ok(false) => format!("{}: the next issue may take it, as news.", arrival.digest),
        Err(rule) => {
            format!("{}: the next issue leaves it out [{}]. {}", arrival.digest, rule.as_str(), rule.explain())
        }
    })
}
