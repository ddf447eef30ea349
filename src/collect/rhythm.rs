//! When a source is asked next: after a success, and after failures.
//!
//! Pure: the time and the randomness are handed in. Spread (`jitter`, from 0 up to but not including 1) is only
//! ever added, so that nobody is asked earlier than was said, and so that the sources of one start do not come
//! back in step for ever.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::read::feed::hints::Wishes;

/// The longest wait between two tries of a source that has been failing for less than [`GIVEN_UP_AFTER`].
pub const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// The wait between tries after that.
pub const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a source may fail before it is only looked at once a week.
pub const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(14 * 24);
/// The most that spread adds to a routine poll.
const MOST_SPREAD: SignedDuration = SignedDuration::from_mins(15);

/// The next routine poll after an answer: our own interval, what the source asks for in its headers
/// (`not_before`) and in itself (`wishes`), whichever is last, spread by up to a tenth of our interval.
pub fn after_success(
    now: Timestamp,
    every: SignedDuration,
    not_before: Option<Timestamp>,
    wishes: Wishes,
    jitter: f64,
) -> Timestamp {
    let wait = every.max(wishes.every.unwrap_or(SignedDuration::ZERO).min(A_WEEK));
    let due = later(now, wait).max(not_before.unwrap_or(now));
    let spread = SignedDuration::try_from_secs_f64((every / 10).min(MOST_SPREAD).as_secs_f64() * fraction(jitter));
    past_skipped(later(due, spread.unwrap_or(SignedDuration::ZERO)), wishes)
}

/// The next try after the `failures`th failure in a row (from 1), the first of which was at `since`: one interval,
/// doubled each time up to a day, spread by up to a quarter; a week once it has been failing for two.
pub fn after_failure(now: Timestamp, every: SignedDuration, failures: u32, since: Timestamp, jitter: f64) -> Timestamp {
    let doubled = every.checked_mul(1 << failures.saturating_sub(1).min(20)).unwrap_or(A_DAY);
    let wait = if now.duration_since(since) >= GIVEN_UP_AFTER { A_WEEK } else { doubled.min(A_DAY.max(every)) };
    let spread = SignedDuration::try_from_secs_f64(wait.as_secs_f64() / 4.0 * fraction(jitter));
    later(now, wait + spread.unwrap_or(SignedDuration::ZERO))
}

/// The first whole hour from `at` on, or `at` itself, that is in none of the hours and days to be skipped (GMT).
/// Who skips everything is not believed.
fn past_skipped(at: Timestamp, wishes: Wishes) -> Timestamp {
    const HOURS_IN_A_WEEK: usize = 7 * 24;
    let mut candidate = at;
    for _ in 0..HOURS_IN_A_WEEK {
        let civil = candidate.to_zoned(TimeZone::UTC);
        let day = civil.weekday().to_monday_zero_offset();
        if wishes.skip_hours >> civil.hour() & 1 == 0 && wishes.skip_days >> day & 1 == 0 {
            return candidate;
        }
        let into = i64::from(civil.minute()) * 60 + i64::from(civil.second());
        candidate = later(candidate, SignedDuration::from_secs(3_600 - into));
    }
    at
}

fn fraction(jitter: f64) -> f64 {
    if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 0.0 }
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn whoever_asks_for_the_longest_wait_gets_it() {
        let now = at("2026-05-09T12:00:00Z");
        let next =
            |not_before: Option<&str>, wishes| after_success(now, HOUR, not_before.map(at), wishes, 0.0).to_string();
        assert_eq!(next(None, Wishes::default()), "2026-05-09T13:00:00Z");
        assert_eq!(next(Some("2026-05-09T12:30:00Z"), Wishes::default()), "2026-05-09T13:00:00Z");
        assert_eq!(next(Some("2026-05-09T18:00:00Z"), Wishes::default()), "2026-05-09T18:00:00Z");
        let ttl = Wishes { every: Some(SignedDuration::from_hours(6)), ..Wishes::default() };
        assert_eq!(next(Some("2026-05-09T13:30:00Z"), ttl), "2026-05-09T18:00:00Z");
        let years = Wishes { every: Some(SignedDuration::from_hours(99_999)), ..Wishes::default() };
        assert_eq!(next(None, years), "2026-05-16T12:00:00Z", "no source silences itself for more than a week");
    }

    #[test]
    fn skipped_hours_and_days_are_passed_over() {
        // 2026-05-09 is a Saturday.
        let now = at("2026-05-09T21:20:30Z");
        let nights = Wishes { skip_hours: 0b11 << 22 | 0b111, ..Wishes::default() };
        assert_eq!(after_success(now, HOUR, None, nights, 0.0), at("2026-05-10T03:00:00Z"));
        let weekend = Wishes { skip_days: 0b110_0000, ..Wishes::default() };
        assert_eq!(after_success(now, HOUR, None, weekend, 0.0), at("2026-05-11T00:00:00Z"));
        let always = Wishes { skip_days: 0b111_1111, ..Wishes::default() };
        assert_eq!(after_success(now, HOUR, None, always, 0.0), at("2026-05-09T22:20:30Z"));
    }

    #[test]
    fn failures_wait_from_one_interval_to_a_day_and_then_a_week() {
        let now = at("2026-05-30T00:00:00Z");
        let hours = |failures, since| {
            (after_failure(now, HOUR, failures, at(since), 0.0).as_second() - now.as_second()) / 3_600
        };
        let waits: Vec<_> = (1..=7).map(|n| hours(n, "2026-05-29T00:00:00Z")).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 24, 24]);
        assert_eq!(hours(40, "2026-05-16T00:00:01Z"), 24);
        assert_eq!(hours(40, "2026-05-16T00:00:00Z"), 168);
    }

    proptest! {
        #[test]
        fn spread_only_ever_adds(failures in 1u32..60, minutes in 1i64..3_000, jitter in 0.0f64..1.0) {
            let now = at("2026-05-09T12:00:00Z");
            let every = SignedDuration::from_mins(minutes);
            let next = after_failure(now, every, failures, now, jitter);
            let plain = after_failure(now, every, failures, now, 0.0);
            prop_assert!(next >= plain && next.duration_since(plain) <= plain.duration_since(now) / 4);
            prop_assert!(plain >= now + every);
            let next = after_success(now, every, None, Wishes::default(), jitter);
            prop_assert!(next >= now + every && next <= now + every + every / 10);
        }
    }
}
