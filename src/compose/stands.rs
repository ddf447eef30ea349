//! Whether an issue that was composed a while ago may go out as it stands: every quote is checked against its review as
//! that is now.

use crate::{
    model::{Issue, IssueReview, Quote, QuoteDecision, Rating, Review, ReviewId, WorkBlock},
    quote::{KeptBack, kept_back_within},
};

/// A review that is not any more as an issue shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Which.
    pub review: ReviewId,
    /// How readers know it: `Her, A. Critic`.
    pub called: String,
    /// What came between.
    pub why: Why,
}

/// What came between an issue and one of its reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is not known any longer.
    Missing,
    /// Its text changed, and does not hold the quote any more.
    Changed,
    /// Its rating is another now.
    Rated,
    /// The spoiler gate keeps a quoted sentence back by now.
    Closed(KeptBack),
    /// An editor decided on its quote since.
    Decided,
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}): ", self.called, self.review)?;
        match self.why {
            Why::Missing => f.write_str("the review is not known any longer"),
            Why::Changed => f.write_str("its text was changed, and what is quoted does not stand in it any more"),
            Why::Rated => f.write_str("its rating was changed"),
            Why::Closed(why) => write!(f, "a quoted sentence {} by now", why.explain()),
            Why::Decided => f.write_str("an editor decided on its quote since"),
        }
    }
}

/// The reviews of an issue that are not any more as it shows them, with what is known of them now.
pub fn unfit(issue: &Issue, known: &[(Review, Vec<QuoteDecision>)]) -> Vec<Unfit> {
    let mut found = Vec::new();
    for block in &issue.works {
        for shown in &block.reviews {
            let now = known.iter().find(|(review, _)| review.id == shown.id);
            let why = match now {
                None => Some(Why::Missing),
                Some((review, decisions)) => came_between(issue, (block, shown), review, decisions.last()),
            };
            found.extend(why.map(|why| Unfit { review: shown.id.clone(), called: called(block, shown), why }));
        }
    }
    found
}

fn called(block: &WorkBlock, shown: &IssueReview) -> String {
    let title = block.work.title.as_deref().unwrap_or("a review");
    format!("{title}, {}", shown.reviewer.as_deref().unwrap_or(&shown.source))
}

fn came_between(
    issue: &Issue,
    (block, shown): (&WorkBlock, &IssueReview),
    review: &Review,
    newest: Option<&QuoteDecision>,
) -> Option<Why> {
    if newest.is_some_and(|decision| decision.at > issue.composed_at) {
        return Some(Why::Decided);
    }
    let behind = block.agreement.iter().flat_map(|said| &said.quotes).filter(|said| said.review == shown.id);
    let open: Vec<&Quote> = shown.quote.iter().chain(behind.map(|said| &said.quote)).collect();
    if open.iter().copied().chain(&shown.hidden).any(|quote| quote.verify(&review.body).is_err()) {
        return Some(Why::Changed);
    }
    let printed = |rating: &Option<Rating>| rating.as_ref().map(|rating| rating.printed.clone());
    if printed(&review.rating) != printed(&shown.rating) {
        return Some(Why::Rated);
    }
    // What an editor took the responsibility for stays quoted.
    let set = newest.and_then(|decision| decision.set.as_ref()).filter(|set| set.spoilers_allowed);
    let gated = open.into_iter().filter(|quote| set.is_none_or(|set| set.words != quote.text()));
    gated.filter_map(|quote| kept_back_within(review, quote.spans())).next().map(Why::Closed)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::{
        model::{Body, Span, quote_decision::SetSentences},
        render::fixture,
    };

    /// The review that an issue's first quote is from, as it was when that was chosen.
    fn first(issue: &mut Issue) -> Review {
        issue.works.truncate(1);
        issue.works[0].reviews.truncate(1);
        issue.works[0].agreement.clear();
        let shown = &mut issue.works[0].reviews[0];
        let body = Body::new("Rain all day. The film is a warm and superb delight. I would see it again.");
        let mut review = Review::new("club/a.md", "0", body);
        shown.id = review.id.clone();
        shown.quote = Quote::new(&review.body, vec![Span::new(14, 52)]).ok();
        review.rating.clone_from(&shown.rating);
        review
    }

    fn why(issue: &Issue, review: Review, decisions: Vec<QuoteDecision>) -> Option<Why> {
        unfit(issue, &[(review, decisions)]).first().map(|unfit| unfit.why)
    }

    fn decision(at: Timestamp, words: &str) -> QuoteDecision {
        let set = SetSentences { spans: vec![Span::new(14, 52)], words: words.to_owned(), spoilers_allowed: true };
        QuoteDecision { set: Some(set), reason: None, by: "Eve".to_owned(), at }
    }

    #[test]
    fn an_issue_stands_while_its_reviews_say_what_it_quotes() {
        let mut issue = fixture::issue();
        let review = first(&mut issue);
        assert_eq!(why(&issue, review.clone(), vec![]), None);
        let body = Body::new("Rain all day. The film is a warm and superb delight. I take the rest back.");
        assert_eq!(why(&issue, Review { body, ..review.clone() }, vec![]), None, "what is quoted stands");
        let body = Body::new("The film is a warm and superb delight.");
        assert_eq!(why(&issue, Review { body, ..review }, vec![]), Some(Why::Changed));
        assert_eq!(unfit(&issue, &[])[0].why, Why::Missing);
    }

    #[test]
    fn a_new_mark_or_rating_or_an_editors_decision_comes_between() {
        let mut issue = fixture::issue();
        let review = first(&mut issue);
        let closed = Review { spoilers: true, ..review.clone() };
        assert_eq!(why(&issue, closed.clone(), vec![]), Some(Why::Closed(KeptBack::Marked)));
        let words = issue.works[0].reviews[0].quote.as_ref().unwrap().text().to_owned();
        let (before, after) =
            (issue.composed_at - SignedDuration::from_mins(1), issue.composed_at + SignedDuration::from_mins(1));
        assert_eq!(why(&issue, closed, vec![decision(before, &words)]), None, "the gate was overruled for it");
        assert_eq!(why(&issue, review.clone(), vec![decision(after, &words)]), Some(Why::Decided));
        let rating = review.rating.clone().map(|rating| Rating { printed: "2/10".into(), ..rating });
        assert_eq!(why(&issue, Review { rating, ..review }, vec![]), Some(Why::Rated));
    }
}
