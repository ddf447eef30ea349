//! How long a deferred delivery waits for its next try: growing, spread out, for two days.

use std::time::Duration;

const FIRST: Duration = Duration::from_mins(5);
const LONGEST: Duration = Duration::from_hours(8);
const IN_ALL: Duration = Duration::from_hours(48);

/// The wait after a number of earlier tries, this one not counted; `None` once two days are used up.
///
/// The wait doubles from five minutes to eight hours. `jitter` from 0 to 1 moves it by a fifth to either
/// side, so that a list that was put off together does not come back together.
pub fn wait(earlier: u32, jitter: f64) -> Option<Duration> {
    let before: Duration = (0..earlier.min(64)).map(nominal).sum();
    (before < IN_ALL).then(|| nominal(earlier).mul_f64(0.8 + 0.4 * jitter.clamp(0.0, 1.0)))
}

fn nominal(earlier: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(earlier)).min(LONGEST)
}

/// A jitter from 0 to 1 out of what identifies a try: the same try waits alike, neighbours do not.
pub fn spread(subscriber_id: i64, earlier: u32) -> f64 {
    // Fibonacci hashing: multiples of the golden ratio fall evenly on a circle.
    let place = (subscriber_id.cast_unsigned() ^ (u64::from(earlier) << 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    f64::from((place >> 32) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_from_minutes_to_hours() {
        assert_eq!(wait(0, 0.5), Some(Duration::from_mins(5)));
        assert_eq!(wait(3, 0.5), Some(Duration::from_mins(40)));
        assert_eq!(wait(8, 0.5), Some(Duration::from_hours(8)));
    }

    #[test]
    fn trying_ends_after_two_days() {
        for jitter in [0.0, 0.5, 1.0] {
            let waits: Vec<_> = (0..100).map_while(|earlier| wait(earlier, jitter)).collect();
            let hours = waits.iter().sum::<Duration>().as_secs() / 3600;
            assert!((38..=61).contains(&hours), "{hours} hours");
            assert_eq!(wait(waits.len() as u32, jitter), None);
        }
        assert_eq!(wait(u32::MAX, 0.5), None);
    }

    #[test]
    fn jitter_moves_a_wait_by_a_fifth_and_no_more() {
        assert_eq!(wait(0, 0.0), Some(Duration::from_mins(4)));
        assert_eq!(wait(0, 1.0), Some(Duration::from_mins(6)));
        assert_eq!(wait(0, 9.0), wait(0, 1.0));
    }

    #[test]
    fn neighbours_on_a_list_are_spread_over_the_whole_range() {
        let mut tenths = [0_u32; 10];
        for id in 0..1000 {
            tenths[(spread(id, 0) * 9.999) as usize] += 1;
        }
        assert!(tenths.iter().all(|count| (80..=120).contains(count)), "{tenths:?}");
    }
}
