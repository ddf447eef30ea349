//! The spread of a work's ratings: one sentence, and a bar that templates draw from its parts.

use crate::{
    model::{Rating, rating::Spread},
    render::text,
};

/// The spread of ratings, in words and as a bar of 100 parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreView {
    /// The mean, rounded.
    pub mean: u8,
    /// The lowest, rounded.
    pub low: u8,
    /// The highest, rounded.
    pub high: u8,
    /// `Three ratings from 60 to 90, mean 75 of 100`
    pub text: String,
    /// The parts of the bar that are not empty; widths add up to 100.
    pub bar: Vec<Segment>,
}

/// A part of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// What it shows.
    pub part: Part,
    /// Where it begins, of 100.
    pub start: u8,
    /// Parts of 100.
    pub width: u8,
}

/// What a part of the bar shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Below the lowest or above the highest rating.
    Empty,
    /// Between the lowest and the highest.
    Range,
    /// A rating.
    Mark,
    /// The mean.
    Mean,
}

impl Part {
    /// The class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Range => "range",
            Self::Mark => "mark",
            Self::Mean => "mean",
        }
    }

    /// The colour for mail clients that know no style sheet.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Empty => "#e6ddcc",
            Self::Range => "#dfbfb2",
            Self::Mark => "#b3705c",
            Self::Mean => "#7d2a1b",
        }
    }
}

impl ScoreView {
    /// The spread of ratings in words and parts; `None` where fewer than two count: a single one is shown by its review.
    pub fn new<'a>(ratings: impl Iterator<Item = &'a Rating> + Clone) -> Option<Self> {
        let spread = Spread::of(ratings.clone()).filter(|spread| spread.count >= 2)?;
        let whole = |score: crate::model::Score| score.value().round() as u8;
        let (mean, low, high) = (whole(spread.mean), whole(spread.low), whole(spread.high));
        let count = text::capital(&text::counted(spread.count, "rating", "ratings"));
        let scores: Vec<u8> = ratings.filter(|rating| rating.counts()).map(|rating| whole(rating.score)).collect();
        let text = format!("{count} from {low} to {high}, mean {mean} of 100");
        Some(Self { mean, low, high, text, bar: bar(&scores, mean) })
    }
}

/// The bar of a hundred cells: the range from the lowest to the highest rating, on it each rating, and over them the
/// mean, each two cells wide; cells alike in a row are one part.
fn bar(scores: &[u8], mean: u8) -> Vec<Segment> {
    const WIDTH: usize = 2;
    let place = |score: u8| usize::from(score.min(100)).saturating_sub(1).min(100 - WIDTH);
    let mut cells = [Part::Empty; 100];
    let low = scores.iter().copied().map(place).min().unwrap_or(0);
    let high = scores.iter().copied().map(place).max().unwrap_or(0) + WIDTH;
    cells[low..high.max(low)].fill(Part::Range);
    let marks = scores.iter().map(|score| (place(*score), Part::Mark));
    for (at, part) in marks.chain([(place(mean), Part::Mean)]) {
        cells[at..at + WIDTH].fill(part);
    }
    let mut segments: Vec<Segment> = Vec::new();
    for (at, part) in cells.into_iter().enumerate() {
        match segments.last_mut() {
            Some(last) if last.part == part => last.width += 1,
            _ => segments.push(Segment { part, start: at as u8, width: 1 }),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_always_fills_a_hundred_parts_and_shows_every_rating() {
        for (scores, mean) in [
            (&[0, 0][..], 0),
            (&[100, 100], 100),
            (&[0, 100], 50),
            (&[60, 70, 90], 73),
            (&[99, 100], 100),
            (&[50, 50, 50], 50),
        ] {
            let bar = bar(scores, mean);
            assert_eq!(bar.iter().map(|s| u32::from(s.width)).sum::<u32>(), 100, "{scores:?}");
            assert!(bar.iter().all(|s| s.width > 0) && bar.iter().any(|s| s.part == Part::Mean), "{scores:?}");
            for score in scores.iter().map(|score| score.saturating_sub(1).min(98)) {
                let there = bar.iter().find(|s| s.start <= score && score < s.start + s.width).unwrap();
                assert!(matches!(there.part, Part::Mark | Part::Mean), "{scores:?} {score} {bar:?}");
            }
        }
        let bar = bar(&[60, 90], 75);
        let parts: Vec<Part> = bar.iter().map(|s| s.part).collect();
        use Part::{Empty, Mark, Mean, Range};
        assert_eq!(parts, [Empty, Mark, Range, Mean, Range, Mark, Empty]);
    }
}
