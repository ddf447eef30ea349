//! Sentences chosen by an editor: what there is to choose from, and whether a choice may stand.
//!
//! The same promises hold as for a quote that [`super::choose`] makes: whole sentences, verbatim, in one voice, within
//! the limit, and none that the spoiler gate keeps back, unless the editor overrules the gate for this quote.

use super::{
    prepare::{Gate, Item, prepare},
    sentence, spoiler,
};
use crate::model::{Quote, Review, Span, quote::QuoteError, span::ScalarIndex, text::fold_space};

/// Why a sentence is kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeptBack {
    /// A mark of the source closes it.
    Marked,
    /// It may give away an outcome.
    GivesAway,
    /// Somebody else says it, in a block quotation.
    Quoted,
}

impl KeptBack {
    /// In words, to follow "it".
    pub const fn explain(self) -> &'static str {
        match self {
            Self::Marked => "stands behind a spoiler mark",
            Self::GivesAway => "may give away an outcome",
            Self::Quoted => "is somebody else's words, quoted in the review",
        }
    }
}

/// A sentence of a review, as an editor chooses from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Counted from 1.
    pub number: usize,
    /// Its place in the body, without a label before it.
    pub span: Span,
    /// Its words, white space folded.
    pub text: String,
    /// Why the gate keeps it back, if it does.
    pub kept_back: Option<KeptBack>,
}

/// Why sentences chosen by hand make no quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ByHandError {
    /// There is no sentence of that number.
    #[error("the review has {count} sentences, and none is number {number}; positions are written 12..45")]
    NoSentence {
        /// As asked for.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// A span cuts a sentence.
    #[error("{}..{} does not begin and end with a sentence; nearest: {nearest}", .span.start, .span.end)]
    Cut {
        /// As asked for.
        span: Span,
        /// The whole sentences that it touches.
        nearest: String,
    },
    /// The spoiler gate keeps a sentence back.
    #[error(
        "sentence {number} {}: “{text}”. To quote it all the same, overrule the spoiler gate for this one quote, with a \
         reason", .why.explain()
    )]
    Spoiler {
        /// Which.
        number: usize,
        /// Its words, cut to a readable length.
        text: String,
        /// Why.
        why: KeptBack,
    },
    /// A sentence is not the critic's own.
    #[error("sentence {number} {}: “{text}”. Choose among the critic's own", KeptBack::Quoted.explain())]
    Another {
        /// Which.
        number: usize,
        /// Its words, cut to a readable length.
        text: String,
    },
    /// The sentences are by different people.
    #[error("between these sentences another voice may begin: one quote must not join two people's words")]
    Voices,
    /// The quote is too long.
    #[error("these sentences are {chars} characters long together, and the quote may have {limit} (quote.max_chars)")]
    TooLong {
        /// How long it would be.
        chars: usize,
        /// How long it may be.
        limit: usize,
    },
    /// The spans make no quote.
    #[error(transparent)]
    Quote(#[from] QuoteError),
}

/// The sentences of a review, in order.
pub fn sentences_of(review: &Review) -> Vec<Sentence> {
    let (body, index) = (review.body.as_str(), ScalarIndex::new(review.body.as_str()));
    let closed = spoiler::closed(review, &index);
    let prepared = prepare(review, Gate::Shut);
    let listed = prepared.items.iter().enumerate().map(|(at, item)| Sentence {
        number: at + 1,
        span: item.span,
        text: fold_space(&body[index.byte(item.span.start)..index.byte(item.span.end)]),
        kept_back: kept_back(item, &closed),
    });
    listed.collect()
}

fn kept_back(item: &Item, closed: &[Span]) -> Option<KeptBack> {
    if item.quoted {
        Some(KeptBack::Quoted)
    } else if closed.iter().any(|closed| closed.overlaps(item.span)) {
        Some(KeptBack::Marked)
    } else {
        item.withheld.then_some(KeptBack::GivesAway)
    }
}

/// Why the spoiler gate keeps a stretch of a review back, if it does.
pub fn kept_back_within(review: &Review, spans: &[Span]) -> Option<KeptBack> {
    let closed = spoiler::closed(review, &ScalarIndex::new(review.body.as_str()));
    if closed.iter().any(|closed| spans.iter().any(|span| span.overlaps(*closed))) {
        return Some(KeptBack::Marked);
    }
    let touched = sentences_of(review).into_iter().filter(|s| spans.iter().any(|span| span.overlaps(s.span)));
    touched.filter_map(|sentence| sentence.kept_back).next()
}

/// The spans of sentences by number, in the order of the text.
///
/// # Errors
/// Where a number names none.
pub fn spans_of(review: &Review, numbers: &[usize]) -> Result<Vec<Span>, ByHandError> {
    let sentences = sentences_of(review);
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let found = numbers.iter().map(|&number| {
        let sentence = number.checked_sub(1).and_then(|at| sentences.get(at));
        sentence.map(|s| s.span).ok_or(ByHandError::NoSentence { number, count: sentences.len() })
    });
    found.collect()
}

/// Makes a quote of sentences chosen by hand, each span one or more whole sentences, in order. `overruled`: the editor
/// takes the responsibility for what the spoiler gate keeps back.
///
/// # Errors
/// Where a span cuts a sentence, the gate keeps one back, two voices would be joined, or it is too long.
pub fn by_hand(review: &Review, spans: &[Span], max_chars: usize, overruled: bool) -> Result<Quote, ByHandError> {
    let quote = Quote::new(&review.body, spans.to_vec())?;
    let body = review.body.as_str();
    let index = ScalarIndex::new(body);
    let sentences = sentences_of(review);
    // A sentence may be taken with its label or without.
    let split = sentence::split(body, review.work.title.as_deref());
    let labelled: Vec<usize> = split.iter().map(|sentence| index.scalar(sentence.range.start)).collect();
    for &span in spans {
        let touched: Vec<&Sentence> = sentences.iter().filter(|sentence| sentence.span.overlaps(span)).collect();
        let (Some(first), Some(last)) = (touched.first(), touched.last()) else {
            return Err(ByHandError::Cut { span, nearest: "none, there is no sentence".to_owned() });
        };
        let begins = span.start == first.span.start || labelled.get(first.number - 1) == Some(&span.start);
        if !begins || span.end != last.span.end {
            let near = |s: &&Sentence| format!("{}..{} (sentence {})", s.span.start, s.span.end, s.number);
            return Err(ByHandError::Cut { span, nearest: touched.iter().map(near).collect::<Vec<_>>().join(", ") });
        }
        refused(&touched, overruled)?;
    }
    let closed = spoiler::closed(review, &index);
    if !overruled && closed.iter().any(|closed| spans.iter().any(|span| span.overlaps(*closed))) {
        let why = KeptBack::Marked;
        return Err(ByHandError::Spoiler { number: 0, text: quote.text().chars().take(80).collect(), why });
    }
    let (first, last) = (quote.spans()[0].start, quote.spans()[quote.spans().len() - 1].end);
    if review.seams.iter().any(|seam| first < *seam && *seam < last) {
        return Err(ByHandError::Voices);
    }
    let chars = quote.text().chars().count();
    if chars > max_chars {
        return Err(ByHandError::TooLong { chars, limit: max_chars });
    }
    Ok(quote)
}

/// Why one of the sentences may not be quoted, if so: what the spoiler gate keeps back an editor may overrule, and
/// nobody makes another's words the critic's.
fn refused(sentences: &[&Sentence], overruled: bool) -> Result<(), ByHandError> {
    for sentence in sentences {
        let number = sentence.number;
        let text = || sentence.text.chars().take(80).collect();
        match sentence.kept_back {
            Some(KeptBack::Quoted) => return Err(ByHandError::Another { number, text: text() }),
            Some(why) if !overruled => return Err(ByHandError::Spoiler { number, text: text(), why }),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Body, WorkKind};

    const BODY: &str = "Harbour Lights opens on a quiet quay. The photography is superb and the script is sharp. In the end \
        she dies alone. It is a warm film that I would recommend to anyone.";

    fn review(body: &str) -> Review {
        let mut review = Review::new("a.txt", "0", Body::new(body));
        review.work.kind = Some(WorkKind::Film);
        review.language = Some("en".into());
        review
    }

    #[test]
    fn any_safe_sentences_may_be_chosen_by_number_or_place() {
        let review = review(BODY);
        let spans = spans_of(&review, &[4, 1]).unwrap();
        let quote = by_hand(&review, &spans, 300, false).unwrap();
        assert_eq!(
            quote.text(),
            "Harbour Lights opens on a quiet quay. […] It is a warm film that I would recommend to anyone."
        );
        let both = [Span::new(spans[0].start, sentences_of(&review)[1].span.end)];
        assert!(by_hand(&review, &both, 300, false).unwrap().text().ends_with("the script is sharp."));
    }

    #[test]
    fn what_another_says_is_not_quoted_by_hand_either() {
        let mut review = review(BODY);
        let spans = spans_of(&review, &[2]).unwrap();
        review.quotations = spans.clone();
        assert_eq!(sentences_of(&review)[1].kept_back, Some(KeptBack::Quoted));
        for overruled in [false, true] {
            let refused = by_hand(&review, &spans, 300, overruled).unwrap_err();
            assert!(matches!(refused, ByHandError::Another { number: 2, .. }), "{refused}");
        }
    }

    #[test]
    fn what_gives_away_or_stands_behind_a_mark_needs_an_overrule() {
        let told = review(BODY);
        let spans = spans_of(&told, &[3]).unwrap();
        let refused = by_hand(&told, &spans, 300, false).unwrap_err();
        assert!(matches!(refused, ByHandError::Spoiler { number: 3, why: KeptBack::GivesAway, .. }), "{refused}");
        assert!(refused.to_string().contains("sentence 3 may give away an outcome"), "{refused}");
        assert_eq!(by_hand(&told, &spans, 300, true).unwrap().text(), "In the end she dies alone.");
        let mut marked = review(BODY);
        marked.spoilers = true;
        let spans = spans_of(&marked, &[2]).unwrap();
        let refused = by_hand(&marked, &spans, 300, false).unwrap_err();
        assert!(matches!(refused, ByHandError::Spoiler { why: KeptBack::Marked, .. }), "{refused}");
    }

    #[test]
    fn a_cut_sentence_a_long_quote_two_voices_and_a_false_number_are_refused_with_the_reason() {
        let mut review = review(BODY);
        let cut = by_hand(&review, &[Span::new(0, 20)], 300, false).unwrap_err();
        assert_eq!(cut.to_string(), "0..20 does not begin and end with a sentence; nearest: 0..37 (sentence 1)");
        let spans = spans_of(&review, &[1, 2]).unwrap();
        assert!(matches!(by_hand(&review, &spans, 50, false), Err(ByHandError::TooLong { limit: 50, .. })));
        let turned = [spans[1], spans[0]];
        assert!(matches!(by_hand(&review, &turned, 300, false), Err(ByHandError::Quote(QuoteError::OutOfOrder(_)))));
        assert_eq!(spans_of(&review, &[9]), Err(ByHandError::NoSentence { number: 9, count: 4 }));
        assert_eq!(spans_of(&review, &[0]), Err(ByHandError::NoSentence { number: 0, count: 4 }));
        review.seams = vec![38];
        assert_eq!(by_hand(&review, &spans, 300, false), Err(ByHandError::Voices));
    }

    proptest! {
        #[test]
        fn without_an_overrule_no_choice_by_hand_touches_what_is_closed(
            text in "([A-Za-z“”é.… \n!?:-]{0,30}|SPOILERS! |In the end he dies\\. |A superb film\\. ){0,8}",
            spans in proptest::collection::vec((0usize..200, 0usize..200), 1..3),
            closed in proptest::collection::vec((0usize..200, 0usize..200), 0..2),
        ) {
            let mut review = review(&text);
            review.spoiler_spans = closed.into_iter().map(Span::from).collect();
            let spans: Vec<Span> = spans.into_iter().map(Span::from).collect();
            if let Ok(quote) = by_hand(&review, &spans, 300, false) {
                let closed = spoiler::closed(&review, &ScalarIndex::new(review.body.as_str()));
                prop_assert!(quote.spans().iter().all(|span| !closed.iter().any(|c| c.overlaps(*span))));
                prop_assert_eq!(quote.verify(&review.body), Ok(()));
            }
            for sentence in sentences_of(&review) {
                let quoted = by_hand(&review, &[sentence.span], usize::MAX, false);
                prop_assert_eq!(quoted.is_ok(), sentence.kept_back.is_none(), "{:?}", quoted);
                prop_assert_eq!(kept_back_within(&review, &[sentence.span]), sentence.kept_back);
            }
        }
    }
}
