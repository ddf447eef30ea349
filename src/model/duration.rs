//! Lengths of time as people write them in files: "30m", "6h", "1d", "1h30m".

use std::time::Duration;

/// A text that is no length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a length of time; write for example \"30s\", \"15m\", \"6h\", \"1d\" or \"1h30m\"")]
pub struct BadDuration(pub String);

/// Ten years: what is longer is a slip.
const LONGEST: u64 = 10 * 365 * 86_400;

/// Reads a length of time in days, hours, minutes and seconds, from a second to ten years.
///
/// # Errors
/// Where it is none, has no unit, or is zero.
pub fn parse(text: &str) -> Result<Duration, BadDuration> {
    let bad = || BadDuration(text.chars().take(40).collect());
    let mut seconds = 0_u64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().map_err(|_| bad())?;
        let (unit, len) = match rest[digits..].bytes().next() {
            Some(b's') => (1, 1),
            Some(b'm') => (60, 1),
            Some(b'h') => (3_600, 1),
            Some(b'd') => (86_400, 1),
            _ => return Err(bad()),
        };
        seconds = number.checked_mul(unit).and_then(|n| n.checked_add(seconds)).ok_or_else(bad)?;
        rest = rest[digits + len..].trim_start();
    }
    if (1..=LONGEST).contains(&seconds) { Ok(Duration::from_secs(seconds)) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read() {
        for (text, seconds) in
            [("30s", 30), ("15m", 900), ("6h", 21_600), ("1d", 86_400), ("1h30m", 5_400), (" 1d 2h ", 93_600)]
        {
            assert_eq!(parse(text).unwrap().as_secs(), seconds, "{text:?}");
        }
    }

    #[test]
    fn a_length_without_a_unit_or_sense_is_refused() {
        for text in ["", "30", "m", "0s", "1w", "-1h", "1.5h", "99999999999999999999d", "18446744073709551615d", "é"] {
            assert!(parse(text).is_err(), "{text:?} was taken");
        }
    }
}
