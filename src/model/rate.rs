//! How many in how long: a limit that no stretch of time of that length exceeds, however it is laid.
//!
//! The generic cell rate algorithm (ITU-T I.371): one number is kept, the time at which the next one would be due
//! if all came evenly. A twentieth of the limit may come at once after a rest. Times are microseconds since the epoch.

use std::{collections::BTreeMap, time::Duration};

/// What bounds outgoing mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bounds all mail, each with the name that its count is kept under.
    pub all: Vec<(&'static str, Rate)>,
    /// Bounds the mail to any one recipient domain.
    pub domain: Option<Rate>,
    /// Domains, in lower case, that have a limit of their own, or none.
    pub domains: BTreeMap<String, Option<Rate>>,
}

impl Limits {
    /// The limit of a recipient domain in lower case.
    pub fn of_domain(&self, domain: &str) -> Option<Rate> {
        self.domains.get(domain).copied().unwrap_or(self.domain)
    }

    /// Whether some mail is bounded by its domain.
    pub fn by_domain(&self) -> bool {
        self.domain.is_some() || self.domains.values().any(Option::is_some)
    }

    /// Whether nothing is bounded.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && !self.by_domain()
    }
}

/// A limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Between two, in microseconds.
    interval: i64,
    /// How much earlier than evenly one may come.
    tolerance: i64,
}

impl Rate {
    /// At most `count` in every stretch of time as long as `window`; `None` where `count` is 0: no limit.
    pub fn new(count: u32, window: Duration) -> Option<Self> {
        let count = i64::from(count);
        if count == 0 {
            return None;
        }
        let at_once = (count / 20).max(1);
        let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
        let evenly = count - at_once + 1;
        let interval = (window / evenly + i64::from(window % evenly != 0)).max(1);
        Some(Self { interval, tolerance: interval.saturating_mul(at_once - 1) })
    }

    /// How many may go now, where the next one is due at `next`.
    pub fn allowed(self, next: i64, now: i64) -> u32 {
        let from = next.max(now);
        let room = now.saturating_add(self.tolerance).saturating_sub(from);
        if room < 0 { 0 } else { u32::try_from(room / self.interval + 1).unwrap_or(u32::MAX) }
    }

    /// When the next one is due after `count` went now.
    pub fn taken(self, next: i64, now: i64, count: u32) -> i64 {
        if count == 0 { next } else { self.nth(next.max(now), count) }
    }

    /// The time `count` places after another.
    pub fn nth(self, from: i64, count: u32) -> i64 {
        from.saturating_add(self.interval.saturating_mul(i64::from(count)))
    }

    /// When one may go at the earliest.
    pub fn free_at(self, next: i64) -> i64 {
        next.saturating_sub(self.tolerance)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn nothing_is_no_limit() {
        assert_eq!(Rate::new(0, Duration::from_secs(1)), None);
    }

    #[test]
    fn a_twentieth_goes_at_once_and_the_rest_evenly() {
        let rate = Rate::new(100, Duration::from_secs(60)).unwrap();
        let now = 1_700_000_000 * SECOND;
        assert_eq!(rate.allowed(0, now), 5);
        let next = rate.taken(0, now, 5);
        assert_eq!(rate.allowed(next, now), 0);
        let free = rate.free_at(next);
        assert_eq!((rate.allowed(next, free - 1), rate.allowed(next, free)), (0, 1));
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_the_limit(
            count in 1_u32..200,
            pauses in proptest::collection::vec((0_i64..3_000_000, 1_u32..50), 1..300),
        ) {
            let rate = Rate::new(count, Duration::from_secs(10)).unwrap();
            let (mut now, mut next) = (1_000 * SECOND, 0);
            let mut gone: Vec<i64> = Vec::new();
            for (pause, wanted) in pauses {
                now += pause;
                let some = rate.allowed(next, now).min(wanted);
                next = rate.taken(next, now, some);
                gone.extend(std::iter::repeat_n(now, some as usize));
            }
            for (at, first) in gone.iter().enumerate() {
                let within = gone[at..].iter().take_while(|time| **time < first + 10 * SECOND).count();
                prop_assert!(within <= count as usize, "{within} of {count}");
            }
        }

        #[test]
        fn whoever_comes_steadily_gets_nine_tenths(count in 10_u32..2_000) {
            let rate = Rate::new(count, Duration::from_secs(60)).unwrap();
            let (mut next, mut gone) = (0, 0);
            for tick in 0..6_000 {
                let now = 1_000 * SECOND + tick * SECOND / 10;
                let some = rate.allowed(next, now);
                next = rate.taken(next, now, some);
                gone += some;
            }
            prop_assert!(gone >= count * 9, "{gone} in ten minutes of {count} a minute");
        }
    }
}
