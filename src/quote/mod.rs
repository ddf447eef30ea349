//! Reviews to quotes, and several reviews of one work to what they say alike.
//!
//! [`choose`] takes the sentences of one review, [`agree`] counts over several. Pure: no I/O, no clock, no
//! randomness, so the same review always yields the same quote.

pub mod weights;
pub mod words;

use crate::model::{Quote, Review, issue::Agreement};

/// What was chosen from one review.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The quote; `None` where no sentence was safe and fit.
    pub quote: Option<Quote>,
    /// Sentences kept back as spoilers.
    pub withheld: usize,
}

/// Chooses the sentences of a review that give its verdict and the reason, within `max_chars`.
pub fn choose(review: &Review, max_chars: usize) -> Choice {
    let _ = (review, max_chars);
    Choice { quote: None, withheld: 0 }
}

/// Counts what several reviews of one work say alike, by aspect. Empty below three reviews.
pub fn agree(reviews: &[&Review]) -> Vec<Agreement> {
    let _ = reviews;
    Vec::new()
}
