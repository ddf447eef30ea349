//! A quote: spans into a review's body, and the text they make.
//!
//! The type is the proof of the promise "verbatim": a [`Quote`] can only be made from a body in which its
//! spans hold. Which sentences to take is decided in [`crate::quote`].

use serde::{Deserialize, Serialize};

use super::{
    span::{Body, Span},
    text::fold_space,
};

/// What stands between two spans where something was left out.
pub const OMISSION: &str = " […] ";

/// Whole sentences of one review, in order, with their places in its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    text: String,
    spans: Vec<Span>,
}

/// Why spans make no quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// There is no span.
    #[error("a quote needs at least one span")]
    Empty,
    /// A span is empty, turned round or reaches past the body.
    #[error("the span {}..{} lies outside the body or is empty", .0.start, .0.end)]
    OutOfBounds(Span),
    /// Spans overlap or are out of order.
    #[error("the span {}..{} begins before the one ahead of it ends", .0.start, .0.end)]
    OutOfOrder(Span),
    /// A span holds nothing but white space.
    #[error("the span {}..{} holds no text", .0.start, .0.end)]
    Blank(Span),
    /// The stored text is not what the spans yield from the body.
    #[error("the quote is not in the review any more: “{0}”")]
    NotVerbatim(String),
}

impl Quote {
    /// Makes a quote of spans into a body. Adjacent spans with only white space between are joined by a
    /// space, others by `[…]`.
    ///
    /// # Errors
    /// Where the spans are not in order, apart, inside the body and filled with text.
    pub fn new(body: &Body, spans: Vec<Span>) -> Result<Self, QuoteError> {
        let mut text = String::new();
        let mut last: Option<Span> = None;
        for &span in &spans {
            let piece = body.slice(span).ok_or(QuoteError::OutOfBounds(span))?;
            let piece = fold_space(piece);
            if piece.is_empty() {
                return Err(QuoteError::Blank(span));
            }
            if let Some(last) = last {
                if span.start < last.end {
                    return Err(QuoteError::OutOfOrder(span));
                }
                let gap = body.slice(Span::new(last.end, span.start)).unwrap_or("");
                text.push_str(if gap.trim().is_empty() { " " } else { OMISSION });
            }
            text.push_str(&piece);
            last = Some(span);
        }
        if spans.is_empty() { Err(QuoteError::Empty) } else { Ok(Self { text, spans }) }
    }

    /// Checks the quote against a body once more: just before publishing, and after loading.
    ///
    /// # Errors
    /// Where the body no longer yields the quote's text at its spans.
    pub fn verify(&self, body: &Body) -> Result<(), QuoteError> {
        let again = Self::new(body, self.spans.clone())?;
        if again.text == self.text { Ok(()) } else { Err(QuoteError::NotVerbatim(self.text.clone())) }
    }

    /// The words, white space folded.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The places in the body, in order.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_sentences_join_and_an_omission_is_visible() {
        let body = Body::new("One is good.\n\nTwo is better. Three is plot. Four is best.");
        let quote = Quote::new(&body, vec![Span::new(0, 12), Span::new(14, 28), Span::new(44, 57)]).unwrap();
        assert_eq!(quote.text(), "One is good. Two is better. […] Four is best.");
        assert_eq!(quote.verify(&body), Ok(()));
    }

    #[test]
    fn spans_that_do_not_hold_make_no_quote() {
        let body = Body::new("Short.   ");
        assert_eq!(Quote::new(&body, vec![]), Err(QuoteError::Empty));
        assert_eq!(Quote::new(&body, vec![Span::new(0, 99)]), Err(QuoteError::OutOfBounds(Span::new(0, 99))));
        assert_eq!(Quote::new(&body, vec![Span::new(6, 8)]), Err(QuoteError::Blank(Span::new(6, 8))));
        let turned = vec![Span::new(3, 5), Span::new(0, 2)];
        assert_eq!(Quote::new(&body, turned), Err(QuoteError::OutOfOrder(Span::new(0, 2))));
    }

    #[test]
    fn a_changed_body_is_noticed_before_publishing() {
        let quote = Quote::new(&Body::new("Good film."), vec![Span::new(0, 10)]).unwrap();
        assert!(matches!(quote.verify(&Body::new("Good fine.")), Err(QuoteError::NotVerbatim(_))));
    }
}
