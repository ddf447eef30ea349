//! The editor's hand on quotes: sentences listed, others set, the spoiler gate overruled for one quote, all undone.
//!
//! Every decision is kept with who, when and why. A decision holds from the next preview on; what is frozen stays.

use super::{App, AppError, why::find};
use crate::{
    model::{Quote, QuoteDecision, ReviewId, Span, digest::QuoteStyle, quote_decision::SetSentences},
    quote::{self, Choice, Sentence},
    store::{
        arrivals, quote_decisions,
        reviews::{self, StoredReview},
    },
};

/// A review with what there is to choose from.
#[derive(Debug)]
pub struct Sentences {
    /// The review.
    pub stored: StoredReview,
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
    /// What would be quoted of it now, within [`limit`](Self::limit).
    pub quote: Option<Quote>,
    /// Whether that was set by an editor.
    pub set: bool,
    /// The longest quote, in characters.
    pub limit: usize,
    /// All decisions, oldest first.
    pub decisions: Vec<QuoteDecision>,
}

/// Which sentences an editor wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// By number, counted from 1, as listed.
    Numbers(Vec<usize>),
    /// By place in the body.
    Spans(Vec<Span>),
}

/// Who decides, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decider {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// The spoiler gate is overruled for this quote; takes a reason.
    pub spoilers_allowed: bool,
}

impl Pick {
    /// Reads what was typed: sentence numbers (`3`, `3,5`, `3-5`), places (`12..45`), or spans as `quote --json` prints
    /// them (`[[12,45],[60,80]]`); not both numbers and places.
    ///
    /// # Errors
    /// Where it is none of them.
    pub fn parse(words: &[impl AsRef<str>]) -> Result<Self, AppError> {
        let typed = words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ");
        let bad = || {
            AppError::Input(format!(
                "`{typed}` names no sentences: give their numbers (3,5 or 3-5), places in the body (12..45), or spans \
                 as `pullquote quote --json` prints them ([[12,45]])"
            ))
        };
        if typed.trim_start().starts_with('[') {
            return serde_json::from_str(&typed).map(Self::Spans).map_err(|_| bad());
        }
        let (mut numbers, mut spans) = (Vec::new(), Vec::new());
        for part in typed.split([' ', ',']).filter(|part| !part.is_empty()) {
            let number = |text: &str| text.trim().parse::<usize>().map_err(|_| bad());
            if let Some((start, end)) = part.split_once("..") {
                spans.push(Span::new(number(start)?, number(end)?));
            } else if let Some((first, last)) = part.split_once('-') {
                let (first, last) = (number(first)?, number(last)?);
                if first > last || last - first > 1000 {
                    return Err(bad());
                }
                numbers.extend(first..=last);
            } else {
                numbers.push(number(part)?);
            }
        }
        match (numbers.is_empty(), spans.is_empty()) {
            (false, true) => Ok(Self::Numbers(numbers)),
            (true, false) => Ok(Self::Spans(spans)),
            _ => Err(bad()),
        }
    }
}

/// The sentences of a review, with what is quoted of it and what was decided.
///
/// # Errors
/// Where the name is not exactly one review's, or the database fails.
pub async fn sentences(app: &App, name: &str) -> Result<Sentences, AppError> {
    let stored = one(app, name).await?;
    let limit = limit(app, &stored.review.id).await?;
    let decisions = quote_decisions::of_review(&app.db, &stored.review.id).await?;
    let nothing = Choice::default();
    let set = quote_decisions::standing(&app.db, &stored.review, limit, nothing).await?.quote;
    let chosen = reviews::chosen(&app.db, &stored.review, limit).await?;
    let chosen = chosen.unwrap_or_else(|| quote::choose(&stored.review, limit));
    Ok(Sentences {
        sentences: quote::sentences_of(&stored.review),
        set: set.is_some(),
        quote: set.or(chosen.quote),
        limit,
        decisions,
        stored,
    })
}

/// Sets the sentences that are quoted of a review from now on.
///
/// # Errors
/// Where they may not be quoted, the overrule gives no reason, or the database fails; then nothing was changed.
pub async fn set(app: &App, name: &str, pick: &Pick, decider: Decider) -> Result<Quote, AppError> {
    if decider.spoilers_allowed && decider.reason.is_none() {
        return Err(AppError::Input("overruling the spoiler gate takes a reason, which is recorded".to_owned()));
    }
    let stored = one(app, name).await?;
    let review = &stored.review;
    let limit = limit(app, &review.id).await?;
    let refused = |error: quote::ByHandError| {
        let hint = match error {
            quote::ByHandError::Spoiler { .. } => {
                " (--spoilers-allowed --reason …, or the tick at the desk)".to_owned()
            }
            quote::ByHandError::Cut { .. } => format!("; `pullquote quote --sentences {}` lists them", review.id),
            _ => String::new(),
        };
        AppError::Input(format!("Nothing was set for {}: {error}{hint}", review.id))
    };
    let spans = match pick {
        Pick::Numbers(numbers) => quote::spans_of(review, numbers).map_err(refused)?,
        Pick::Spans(spans) => spans.clone(),
    };
    let quote = quote::by_hand(review, &spans, limit, decider.spoilers_allowed).map_err(refused)?;
    let words = quote.text().to_owned();
    let set = SetSentences { spans, words, spoilers_allowed: decider.spoilers_allowed };
    keep(app, &review.id, Some(set), decider).await?;
    Ok(quote)
}

/// Goes back to the sentences that were chosen. Whether any were set.
///
/// # Errors
/// Where the name is not exactly one review's, or the database fails.
pub async fn reset(app: &App, name: &str, decider: Decider) -> Result<bool, AppError> {
    let stored = one(app, name).await?;
    let decisions = quote_decisions::of_review(&app.db, &stored.review.id).await?;
    if decisions.last().is_none_or(|decision| decision.set.is_none()) {
        return Ok(false);
    }
    keep(app, &stored.review.id, None, decider).await?;
    Ok(true)
}

async fn keep(app: &App, id: &ReviewId, set: Option<SetSentences>, decider: Decider) -> Result<(), AppError> {
    let overruled = set.as_ref().is_some_and(|set| set.spoilers_allowed);
    tracing::info!(review = %id, by = %decider.by, set = set.is_some(), overruled, "an editor's decision on a quote");
    let decision = QuoteDecision { set, reason: decider.reason, by: decider.by, at: app.clock.now() };
    Ok(quote_decisions::keep(&app.db, id, &decision).await?)
}

/// The review that a name means.
async fn one(app: &App, name: &str) -> Result<StoredReview, AppError> {
    let mut found = find(app, name).await?;
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (last, _) => {
            let ids: Vec<String> = found.iter().chain(&last).map(|stored| stored.review.id.to_string()).collect();
            let ids = ids.join(", ");
            Err(AppError::Input(format!("`{name}` names {} reviews; give one by its id: {ids}", found.len() + 1)))
        }
    }
}

/// The longest quote of a review: the shortest limit of the digests that it came to.
async fn limit(app: &App, id: &ReviewId) -> Result<usize, AppError> {
    let digests = app.digests();
    let arrivals = arrivals::of_review(&app.db, id).await?;
    let of = |name: &str| digests.iter().find(|digest| digest.name.as_str() == name).map(|d| d.quote.max_chars);
    let limits = arrivals.iter().filter_map(|arrival| of(&arrival.digest));
    Ok(limits.min().unwrap_or(QuoteStyle::default().max_chars))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_named_by_number_place_or_printed_spans() {
        let parsed = |words: &[&str]| Pick::parse(words).ok();
        assert_eq!(parsed(&["3"]), Some(Pick::Numbers(vec![3])));
        assert_eq!(parsed(&["3,5", "7-9"]), Some(Pick::Numbers(vec![3, 5, 7, 8, 9])));
        let spans = vec![Span::new(12, 45), Span::new(60, 80)];
        assert_eq!(parsed(&["12..45", "60..80"]), Some(Pick::Spans(spans.clone())));
        assert_eq!(parsed(&["[[12,45],[60,80]]"]), Some(Pick::Spans(spans)));
        for bad in ["", "x", "3,12..45", "5-3", "[12", "0-99999999"] {
            assert!(Pick::parse(&[bad]).is_err(), "{bad}");
        }
    }
}
