//! The spread of a work's ratings: one sentence, and a bar that templates draw from its parts.

use crate::{model::rating::Spread, render::text};

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
    /// The mean.
    Mean,
}

impl Part {
    /// The class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Range => "range",
            Self::Mean => "mean",
        }
    }

    /// The colour for mail clients that know no style sheet.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Empty => "#e6ddcc",
            Self::Range => "#cf9d8c",
            Self::Mean => "#7d2a1b",
        }
    }
}

impl ScoreView {
    /// The spread in words and parts; `None` of a single rating, which its review shows already.
    pub fn new(spread: &Spread) -> Option<Self> {
        if spread.count < 2 {
            return None;
        }
        let whole = |score: crate::model::Score| score.value().round() as u8;
        let (mean, low, high) = (whole(spread.mean), whole(spread.low), whole(spread.high));
        let ratings = text::capital(&text::counted(spread.count, "rating", "ratings"));
        Some(Self {
            mean,
            low,
            high,
            text: format!("{ratings} from {low} to {high}, mean {mean} of 100"),
            bar: bar(low, mean, high),
        })
    }
}

/// The bar from 0 to 100: empty, range, a mean two parts wide, range, empty.
fn bar(low: u8, mean: u8, high: u8) -> Vec<Segment> {
    const MARK: u8 = 2;
    let low = low.min(100 - MARK);
    let mark = mean.saturating_sub(1).clamp(low, 100 - MARK);
    let high = high.clamp(mark + MARK, 100);
    let edges = [
        (Part::Empty, 0, low),
        (Part::Range, low, mark),
        (Part::Mean, mark, mark + MARK),
        (Part::Range, mark + MARK, high),
        (Part::Empty, high, 100),
    ];
    let filled = edges.into_iter().filter(|(_, start, end)| start < end);
    filled.map(|(part, start, end)| Segment { part, start, width: end - start }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_always_fills_a_hundred_parts() {
        for (low, mean, high) in [(0, 0, 0), (100, 100, 100), (0, 50, 100), (60, 75, 90), (99, 99, 100), (50, 50, 50)] {
            let bar = bar(low, mean, high);
            assert_eq!(bar.iter().map(|s| u32::from(s.width)).sum::<u32>(), 100, "{low} {mean} {high}");
            assert!(bar.iter().any(|s| s.part == Part::Mean));
        }
    }
}
