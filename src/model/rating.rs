//! Ratings: as printed, and as a score from 0 to 100.
//!
//! The notations are read in `read::rating`; here are the values they end in, and their spread.

use serde::{Deserialize, Serialize};

use super::line::Line;

/// A rating brought to the scale from 0 to 100, kept to one decimal.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Score(f64);

/// A number that is no score.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{0} is not a score: scores go from 0 to 100")]
pub struct NotAScore(pub f64);

impl Score {
    /// A score, rounded to one decimal.
    ///
    /// # Errors
    /// Where the number is not within 0 to 100.
    pub fn new(value: f64) -> Result<Self, NotAScore> {
        if (0.0..=100.0).contains(&value) { Ok(Self((value * 10.0).round() / 10.0)) } else { Err(NotAScore(value)) }
    }

    /// `value` of `best`, as `100 * value / best`: no shift for scales that start at 1.
    ///
    /// # Errors
    /// Where the share is not within 0 to 1.
    pub fn share(value: f64, best: f64) -> Result<Self, NotAScore> {
        Self::new(100.0 * value / best)
    }

    /// The number, 0 to 100.
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Score {
    type Error = NotAScore;
    fn try_from(value: f64) -> Result<Self, NotAScore> {
        Self::new(value)
    }
}

impl From<Score> for f64 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// How a rating was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RatingKind {
    /// On a scale of numbers, stars or marks.
    Graded,
    /// As a letter, A to F.
    Letter,
    /// As one of two or three words: thumbs, fresh or rotten, buy or skip. Kept out of averages.
    Binary,
}

/// How sure the reading is of scale and meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The scale is printed, or stated by the source.
    High,
    /// The scale is assumed. Kept out of averages.
    Low,
}

/// What one reviewer gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// The words or signs as printed: `9/10`, `★★★½`, `B+`.
    pub printed: Line,
    /// On the common scale.
    pub score: Score,
    /// How it was given.
    pub kind: RatingKind,
    /// How sure the reading is.
    pub confidence: Confidence,
}

impl Rating {
    /// Whether it may enter an average.
    pub fn counts(&self) -> bool {
        self.confidence == Confidence::High && self.kind != RatingKind::Binary
    }
}

/// The spread of several ratings of one work.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The mean, rounded to one decimal.
    pub mean: Score,
    /// The lowest.
    pub low: Score,
    /// The highest.
    pub high: Score,
    /// How many ratings it is made of, at least 1.
    pub count: usize,
}

impl Spread {
    /// The spread of the ratings that [count](Rating::counts); `None` where there are none.
    pub fn of<'a>(ratings: impl IntoIterator<Item = &'a Rating>) -> Option<Self> {
        let scores: Vec<f64> = ratings.into_iter().filter(|r| r.counts()).map(|r| r.score.value()).collect();
        let low = scores.iter().copied().reduce(f64::min)?;
        let high = scores.iter().copied().reduce(f64::max)?;
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        Some(Self {
            mean: Score::new(mean).ok()?,
            low: Score::new(low).ok()?,
            high: Score::new(high).ok()?,
            count: scores.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rating(score: f64, kind: RatingKind, confidence: Confidence) -> Rating {
        Rating { printed: score.to_string().as_str().into(), score: Score::new(score).unwrap(), kind, confidence }
    }

    #[test]
    fn a_score_outside_0_to_100_cannot_exist() {
        assert!(Score::new(100.1).is_err());
        assert!(Score::new(-0.1).is_err());
        assert!(Score::new(f64::NAN).is_err());
        assert!(Score::share(9.0, 0.0).is_err());
        assert!(serde_json::from_str::<Score>("101").is_err());
        assert_eq!(Score::share(9.0, 10.0).unwrap().value(), 90.0);
    }

    #[test]
    fn binary_and_unsure_ratings_stay_out_of_the_average() {
        use {Confidence::*, RatingKind::*};
        let ratings = [
            rating(90.0, Graded, High),
            rating(60.0, Letter, High),
            rating(20.0, Binary, High),
            rating(10.0, Graded, Low),
        ];
        let spread = Spread::of(&ratings).unwrap();
        assert_eq!((spread.mean.value(), spread.low.value(), spread.high.value(), spread.count), (75.0, 60.0, 90.0, 2));
        assert_eq!(Spread::of(&ratings[2..]), None);
    }
}
