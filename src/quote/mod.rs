//! Reviews to quotes, and several reviews of one work to what they say alike.
//!
//! [`choose`] takes the sentences of one review, [`agree`] counts over several. Pure: no I/O, no clock, no
//! randomness, so the same review always yields the same quote.

mod abbreviation;
mod agree;
mod aspect;
mod clean;
mod cue;
mod duplicate;
mod polarity;
mod prepare;
mod score;
mod sentence;
mod spoiler;
pub mod weights;
mod window;
pub mod words;

pub use agree::agree;
pub use duplicate::duplicate;
pub use sentence::sentences;

use crate::model::{Quote, Review};

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
    let prepared = prepare::prepare(review);
    let withheld = prepared.items.iter().filter(|item| item.withheld).count();
    Choice { quote: Quote::new(&review.body, window::best(&prepared, max_chars)).ok(), withheld }
}
