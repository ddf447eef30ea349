//! Which reviews a digest takes: limits, order, filters. Plain data and the rule of a filter; what is done with them
//! is [`crate::compose`]'s.

use serde::{Deserialize, Serialize};

use crate::model::{Line, Review, WorkKind, issue::DropRule, text::norm};

/// Which reviews an issue takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// Reviews; with fewer there is no issue and its window stays open. At least 1.
    pub minimum: usize,
    /// Reviews quoted; the rest is listed by link, and used.
    pub maximum: usize,
    /// Reviews quoted from one source; `None` for no limit.
    pub per_source: Option<usize>,
    /// Reviews quoted of one reviewer; `None` for no limit.
    pub per_reviewer: Option<usize>,
    /// Reviews quoted on one work; `None` for no limit.
    pub per_work: Option<usize>,
    /// With fewer reviews quoted, older ones that were never used make up the number; 0 leaves them alone.
    pub archive: usize,
    /// What comes first.
    pub order: Order,
    /// What being featured means.
    pub featured: FeaturedRule,
    /// A review must fit everything that is given here.
    pub only: Filter,
    /// A review must fit nothing that is given here.
    pub without: Filter,
}

impl Default for Select {
    fn default() -> Self {
        Self {
            minimum: 1,
            maximum: 12,
            per_source: None,
            per_reviewer: None,
            per_work: None,
            archive: 0,
            order: Order::Newest,
            featured: FeaturedRule::First,
            only: Filter::default(),
            without: Filter::default(),
        }
    }
}

impl Select {
    /// The criterion of a filter that keeps a review out; `None` where it may be in.
    pub fn refuses(&self, review: &Review) -> Option<DropRule> {
        self.only.first_unmet(review).or_else(|| self.without.first_met(review))
    }
}

/// What being featured means to a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeaturedRule {
    /// Featured reviews come first.
    #[default]
    First,
    /// Nothing else is taken.
    Only,
    /// A star changes nothing.
    Ignore,
}

/// What comes first in an issue, after what is featured, and so is quoted where not all can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest.
    #[default]
    Newest,
    /// The oldest.
    Oldest,
    /// The best rated; what has no rating comes after.
    Best,
    /// By title, A to Z; the newest are quoted where not all can be.
    Title,
}

impl Order {
    /// Every order with its word in the digest file.
    pub const ALL: [(&str, Self); 4] =
        [("newest", Self::Newest), ("oldest", Self::Oldest), ("best", Self::Best), ("title", Self::Title)];
}

/// Criteria for reviews. An empty list asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Kinds of works. A work whose kind nothing tells is `other`.
    pub kinds: Vec<WorkKind>,
    /// Languages, ISO 639-1. A text too short to tell fits every one of them, and is never kept out.
    pub languages: Vec<String>,
    /// From this rating on, 0 to 100. A review without a rating does not fit.
    pub rating_from: Option<u8>,
    /// Up to this rating, 0 to 100. A review without a rating does not fit.
    pub rating_to: Option<u8>,
    /// Words or phrases in the work's title or in the text, whole words, without regard to case and accents.
    pub words: Vec<String>,
    /// Categories of the source, compared likewise.
    pub categories: Vec<String>,
    /// Names of reviewers, compared likewise.
    pub reviewers: Vec<String>,
}

impl Filter {
    /// The first criterion given that a review does not fit.
    fn first_unmet(&self, review: &Review) -> Option<DropRule> {
        self.criteria(review, true).find(|(_, fits)| !fits).map(|(rule, _)| rule)
    }

    /// The first criterion given that a review fits.
    fn first_met(&self, review: &Review) -> Option<DropRule> {
        self.criteria(review, false).find(|(_, fits)| *fits).map(|(rule, _)| rule)
    }

    /// Each criterion that is given, and whether the review fits it. `unknown` is the answer where the language
    /// cannot be told.
    fn criteria<'a>(&'a self, review: &'a Review, unknown: bool) -> impl Iterator<Item = (DropRule, bool)> + 'a {
        type Fits<'a> = Box<dyn FnOnce() -> bool + 'a>;
        let kind = review.work.kind.unwrap_or(WorkKind::Other);
        let language = review.language.as_deref();
        let rated = self.rating_from.is_some() || self.rating_to.is_some();
        let criteria: [(bool, DropRule, Fits<'a>); 6] = [
            (!self.kinds.is_empty(), DropRule::Kind, Box::new(move || self.kinds.contains(&kind))),
            (
                !self.languages.is_empty(),
                DropRule::Language,
                Box::new(move || language.map_or(unknown, |code| self.languages.iter().any(|given| given == code))),
            ),
            (rated, DropRule::Rating, Box::new(|| self.rating_fits(review))),
            (
                !self.categories.is_empty(),
                DropRule::Category,
                Box::new(|| any_same(&self.categories, &review.categories)),
            ),
            (
                !self.reviewers.is_empty(),
                DropRule::Reviewer,
                Box::new(|| any_same(&self.reviewers, review.reviewer.as_slice())),
            ),
            (!self.words.is_empty(), DropRule::Words, Box::new(|| self.says_a_word(review))),
        ];
        criteria.into_iter().filter(|(given, ..)| *given).map(|(_, rule, fits)| (rule, fits()))
    }

    fn rating_fits(&self, review: &Review) -> bool {
        let Some(rating) = &review.rating else { return false };
        let score = rating.score.value();
        score >= f64::from(self.rating_from.unwrap_or(0)) && score <= f64::from(self.rating_to.unwrap_or(100))
    }

    fn says_a_word(&self, review: &Review) -> bool {
        let title = review.work.title.as_deref().unwrap_or("");
        // Each between spaces, so that a word is found whole; the break keeps a phrase from running over the two.
        let text = format!(" {} \n {} ", norm(title), norm(review.body.as_str()));
        self.words.iter().any(|word| {
            let word = norm(word);
            if word.chars().any(is_unspaced) { text.contains(&word) } else { text.contains(&format!(" {word} ")) }
        })
    }
}

/// Whether a script is written without spaces between words (Chinese, Japanese, Thai and their neighbours).
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn any_same(given: &[String], found: &[Line]) -> bool {
    found.iter().any(|found| given.iter().any(|given| norm(given) == norm(found)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Confidence, Rating, RatingKind, Score};

    fn review(body: &str) -> Review {
        let mut review = Review::new("s", "1", Body::new(body));
        review.work.title = Line::new("Der Café-Räuber");
        review.work.kind = Some(WorkKind::Film);
        review.reviewer = Line::new("Ann O’Neill");
        review.language = Some("en".to_owned());
        review.categories = Line::all(["Reviews"]);
        review
    }

    fn refused(only: Filter, without: Filter, review: &Review) -> Option<DropRule> {
        Select { only, without, ..Select::default() }.refuses(review)
    }

    #[test]
    fn everything_given_must_fit_and_nothing_that_is_shut_out() {
        let found = review("A noir in every shadow.");
        let words =
            |words: &[&str]| Filter { words: words.iter().map(ToString::to_string).collect(), ..Filter::default() };
        let none = Filter::default;
        assert_eq!(refused(none(), none(), &found), None);
        for (word, fits) in
            [("NOIR", true), ("noi", false), ("every shadow", true), ("cafe rauber", true), ("räuber a noir", false)]
        {
            assert_eq!(refused(words(&[word]), none(), &found), (!fits).then_some(DropRule::Words), "{word}");
            assert_eq!(refused(none(), words(&[word]), &found), fits.then_some(DropRule::Words), "{word}");
        }
        let both =
            Filter { kinds: vec![WorkKind::Film, WorkKind::Book], reviewers: vec!["ann oneill".into()], ..none() };
        assert_eq!(refused(both.clone(), none(), &found), None);
        assert_eq!(refused(none(), both, &found), Some(DropRule::Kind));
        let other = Filter { kinds: vec![WorkKind::Film], categories: vec!["News".into()], ..none() };
        assert_eq!(refused(other.clone(), none(), &found), Some(DropRule::Category));
        assert_eq!(refused(none(), other, &found), Some(DropRule::Kind), "one criterion that fits is enough");
    }

    #[test]
    fn a_rating_is_within_its_bounds_and_what_has_none_does_not_fit() {
        let mut found = review("");
        let good = Filter { rating_from: Some(60), ..Filter::default() };
        let bad = Filter { rating_to: Some(59), ..Filter::default() };
        assert_eq!(refused(good.clone(), Filter::default(), &found), Some(DropRule::Rating));
        assert_eq!(refused(Filter::default(), bad.clone(), &found), None);
        for (score, good_fits) in [(60.0, true), (59.0, false), (100.0, true)] {
            found.rating = Some(Rating {
                printed: "x".into(),
                score: Score::new(score).unwrap(),
                kind: RatingKind::Graded,
                confidence: Confidence::High,
            });
            assert_eq!(refused(good.clone(), Filter::default(), &found).is_none(), good_fits, "{score}");
            assert_eq!(refused(Filter::default(), bad.clone(), &found).is_none(), good_fits, "{score}");
        }
    }

    #[test]
    fn a_language_that_cannot_be_told_is_let_through() {
        let mut found = review("Fine.");
        let english = Filter { languages: vec!["en".into()], ..Filter::default() };
        let german = Filter { languages: vec!["de".into()], ..Filter::default() };
        assert_eq!(refused(english.clone(), german.clone(), &found), None);
        assert_eq!(refused(german.clone(), Filter::default(), &found), Some(DropRule::Language));
        assert_eq!(refused(Filter::default(), english.clone(), &found), Some(DropRule::Language));
        found.language = None;
        assert_eq!(refused(german.clone(), english, &found), None);
    }

    #[test]
    fn a_script_without_spaces_is_searched_all_the_same() {
        let found = review("この映画は傑作だ。");
        let words = Filter { words: vec!["傑作".into()], ..Filter::default() };
        assert_eq!(refused(words, Filter::default(), &found), None);
    }
}
