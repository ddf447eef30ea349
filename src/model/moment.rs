//! A time that a person gives: an instant, or a local time that is meant in a digest's zone.

use std::str::FromStr;

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};
use serde::{Deserialize, Serialize};

use super::schedule::DstNote;

/// A time as given: `2026-12-24T09:00:00+01:00`, or `2026-12-24T09:00` in the zone of the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Moment {
    /// An instant, with its own offset.
    Instant(Timestamp),
    /// A local time, wherever it is meant.
    Local(DateTime),
}

/// A text that is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a time: write 2026-12-24T09:00:00+01:00 (RFC 3339), or 2026-12-24T09:00 for the digest's own time zone"
)]
pub struct BadMoment(pub String);

impl Moment {
    /// The instant in a zone, and what a change of the clocks did to it: a local time that is skipped is later by the
    /// gap, one that comes twice is the first, as in a schedule. `None` beyond the years that can be reckoned with.
    pub fn in_zone(self, zone: &TimeZone) -> Option<(Timestamp, Option<DstNote>)> {
        let local = match self {
            Self::Instant(at) => return Some((at, None)),
            Self::Local(local) => zone.to_ambiguous_timestamp(local),
        };
        let note = match local.offset() {
            AmbiguousOffset::Unambiguous { .. } => None,
            AmbiguousOffset::Gap { .. } => Some(DstNote::Shifted),
            AmbiguousOffset::Fold { .. } => Some(DstNote::FirstOfTwo),
        };
        Some((local.compatible().ok()?, note))
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self::Instant(at)
    }
}

impl FromStr for Moment {
    type Err = BadMoment;

    fn from_str(text: &str) -> Result<Self, BadMoment> {
        let text = text.trim();
        let cut = || BadMoment(text.chars().take(80).collect());
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::Instant(at));
        }
        // A date alone would be read as midnight, which nobody means, and an offset or zone that cannot be read would
        // be passed over.
        let is_clock = |time: &str| time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || ":.".contains(c));
        let (_, time) = text.split_once(['T', 't', ' ']).ok_or_else(cut)?;
        text.parse::<DateTime>().ok().filter(|_| is_clock(time)).map(Self::Local).ok_or_else(cut)
    }
}

impl TryFrom<String> for Moment {
    type Error = BadMoment;
    fn try_from(text: String) -> Result<Self, BadMoment> {
        text.parse()
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Instant(at) => at.fmt(f),
            Self::Local(local) => local.fmt(f),
        }
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_berlin(text: &str) -> (String, Option<DstNote>) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let (at, note) = text.parse::<Moment>().unwrap().in_zone(&zone).unwrap();
        (at.to_string(), note)
    }

    #[test]
    fn a_time_with_an_offset_is_that_instant_and_one_without_is_local() {
        assert_eq!(in_berlin("2026-12-24T09:00:00+09:00"), ("2026-12-24T00:00:00Z".to_owned(), None));
        assert_eq!(in_berlin("2026-12-24T09:00Z"), ("2026-12-24T09:00:00Z".to_owned(), None));
        assert_eq!(in_berlin("2026-12-24T09:00"), ("2026-12-24T08:00:00Z".to_owned(), None));
        assert_eq!(in_berlin(" 2026-07-24 09:00 "), ("2026-07-24T07:00:00Z".to_owned(), None));
    }

    #[test]
    fn a_skipped_time_is_later_by_the_gap_and_a_repeated_one_is_the_first() {
        assert_eq!(in_berlin("2027-03-28T02:30"), ("2027-03-28T01:30:00Z".to_owned(), Some(DstNote::Shifted)));
        assert_eq!(in_berlin("2027-10-31T02:30"), ("2027-10-31T00:30:00Z".to_owned(), Some(DstNote::FirstOfTwo)));
        assert_eq!(in_berlin("2027-10-31T02:30:00+01:00"), ("2027-10-31T01:30:00Z".to_owned(), None));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "tomorrow", "2026-12-24", "09:00", "2026-13-01T09:00", "2026-12-24T09:00[Nowhere/At_All]"] {
            let error = text.parse::<Moment>().unwrap_err();
            assert!(error.to_string().contains("2026-12-24T09:00"), "{text:?}: {error}");
        }
    }
}
