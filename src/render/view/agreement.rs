//! What several reviews of one work say alike, in words: a count a line, each with the sentences behind it.

use super::{QuoteView, ReviewView};
use crate::{
    model::{
        WorkBlock,
        issue::{Agreement, Stance},
    },
    render::text,
};

/// What several reviews say of one aspect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementView {
    /// An id for links to its sentences.
    pub anchor: String,
    /// `7 of 9 praise the music; 2 find fault with it`
    pub line: String,
    /// The sentences counted, praise before fault.
    pub said: Vec<SaidView>,
}

/// One of the sentences counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidView {
    /// The sentence.
    pub quote: QuoteView,
    /// Whether it praises.
    pub positive: bool,
    /// Whose.
    pub by: String,
    /// Where to read it; only links that may be followed.
    pub url: Option<String>,
    /// Its language, where it is known.
    pub lang: Option<String>,
}

impl AgreementView {
    /// What a block says alike of one aspect; `anchor` is the work's.
    pub(super) fn new(agreement: &Agreement, block: &WorkBlock, anchor: &str) -> Self {
        let voices = block.reviews.iter().filter(|review| !review.rating_only).count();
        let of = voices.max(agreement.positive + agreement.negative);
        let sides = [true, false].into_iter();
        let in_order = sides.flat_map(|side| agreement.quotes.iter().filter(move |quote| quote.positive == side));
        let said = in_order.filter_map(|found| {
            let author = block.reviews.iter().find(|review| review.id == found.review)?;
            let review = ReviewView::new(author);
            let quote = QuoteView::new(&found.quote, author.language.as_deref());
            Some(SaidView { quote, positive: found.positive, by: review.credit(), url: review.url, lang: review.lang })
        });
        Self {
            anchor: format!("{anchor}-{}", text::line(&agreement.aspect).replace(' ', "-")),
            line: line(agreement, of),
            said: said.collect(),
        }
    }
}

/// The count in a sentence. Who is silent on an aspect counts in the whole.
fn line(agreement: &Agreement, of: usize) -> String {
    let aspect = text::line(&agreement.aspect);
    let it = if aspect.ends_with('s') { "them" } else { "it" };
    let (praise, fault) = (agreement.positive, agreement.negative);
    let praises = |what: &str| format!("{} {what}", if praise == 1 { "praises" } else { "praise" });
    let faults = |what: &str, it: &str| match too_long(agreement) {
        Some(too) => format!("{} {it} {too}", if fault == 1 { "finds" } else { "find" }),
        None => format!("{} fault with {what}", if fault == 1 { "finds" } else { "find" }),
    };
    let the = format!("the {aspect}");
    match agreement.stance(of) {
        Stance::Divided => {
            format!("Divided on {the}: {praise} of {of} {}; {fault} {}", praises(it), faults(it, it))
        }
        Stance::Agreed if praise > fault => {
            let others = if fault > 0 { format!("; {fault} {}", faults(it, it)) } else { String::new() };
            format!("Agreed on {the}: {praise} of {of} {}{others}", praises(it))
        }
        Stance::Agreed => {
            let others = if praise > 0 { format!("; {praise} {}", praises(it)) } else { String::new() };
            format!("Agreed on {the}: {fault} of {of} {}{others}", faults(it, it))
        }
        Stance::Leaning if praise >= fault => {
            let others = if fault > 0 { format!("; {fault} {}", faults(it, it)) } else { String::new() };
            format!("{praise} of {of} {}{others}", praises(&the))
        }
        Stance::Leaning => {
            let others = if praise > 0 { format!("; {praise} {}", praises(it)) } else { String::new() };
            format!("{fault} of {of} {}{others}", faults(&the, "the work"))
        }
    }
}

/// What is wrong with the pace, where every sentence that finds fault with it names the same.
fn too_long(agreement: &Agreement) -> Option<&'static str> {
    const LONG: [&str; 7] =
        ["too long", "overlong", "bit long", "little long", "minutes longer than", "been shorter", "overstays"];
    const SLOW: [&str; 4] = ["too slow", "so slow", "bit slow", "slow pac"];
    if !matches!(agreement.aspect.as_str(), "pace" | "length") {
        return None;
    }
    let faults =
        || agreement.quotes.iter().filter(|quote| !quote.positive).map(|quote| quote.quote.text().to_lowercase());
    let all =
        |words: &[&str]| faults().count() > 0 && faults().all(|text| words.iter().any(|word| text.contains(word)));
    if all(&LONG) {
        Some("too long")
    } else if all(&SLOW) {
        Some("too slow")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{ReviewId, issue::AgreementQuote},
        render::fixture,
    };

    fn counted(aspect: &str, praise: usize, faults: &[&str]) -> Agreement {
        let quote = |n: usize, positive, words: &str| AgreementQuote {
            review: ReviewId::derive("test", &format!("{positive}{n}")),
            positive,
            quote: fixture::quote(words),
        };
        let praises = (0..praise).map(|n| quote(n, true, "Fine."));
        let quotes = praises.chain(faults.iter().enumerate().map(|(n, words)| quote(n, false, words))).collect();
        Agreement { aspect: aspect.into(), positive: praise, negative: faults.len(), quotes }
    }

    #[test]
    fn a_line_counts_both_sides_and_claims_no_more_than_was_counted() {
        let rows = [
            (counted("music", 7, &["Bad.", "Bad."]), 9, "Agreed on the music: 7 of 9 praise it; 2 find fault with it"),
            (counted("music", 3, &[]), 9, "3 of 9 praise the music"),
            (counted("characters", 2, &["Bad."]), 3, "2 of 3 praise the characters; 1 finds fault with them"),
            (counted("story", 2, &["Bad.", "Bad."]), 5, "Divided on the story: 2 of 5 praise it; 2 find fault with it"),
            (counted("script", 0, &["Bad.", "Bad.", "Bad."]), 4, "Agreed on the script: 3 of 4 find fault with it"),
            (counted("script", 1, &["Bad.", "Bad."]), 9, "2 of 9 find fault with the script; 1 praises it"),
            (counted("pace", 4, &["It is too long."]), 9, "4 of 9 praise the pace; 1 finds it too long"),
            (counted("pace", 0, &["Too long.", "A bit long."]), 9, "2 of 9 find the work too long"),
            (counted("pace", 4, &["It is too long.", "Rushed."]), 9, "4 of 9 praise the pace; 2 find fault with it"),
        ];
        for (agreement, of, expected) in rows {
            assert_eq!(line(&agreement, of), expected);
        }
    }

    #[test]
    fn every_count_is_backed_by_its_sentences() {
        let view = fixture::view();
        let acting = &view.works[0].agreement[0];
        assert_eq!(acting.line, "2 of 3 praise the acting; 1 finds fault with it");
        assert_eq!(acting.said.iter().map(|said| said.positive).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!((acting.anchor.as_str(), acting.said[2].lang.as_deref()), ("work-1-acting", Some("de")));
    }
}
