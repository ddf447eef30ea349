//! The single words of a schedule in plain words: weekdays, ordinals, times of day.

use jiff::civil::{Time, Weekday, time};

const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["monday", "mondays", "mon"]),
    (Weekday::Tuesday, &["tuesday", "tuesdays", "tue", "tues"]),
    (Weekday::Wednesday, &["wednesday", "wednesdays", "wed"]),
    (Weekday::Thursday, &["thursday", "thursdays", "thu", "thur", "thurs"]),
    (Weekday::Friday, &["friday", "fridays", "fri"]),
    (Weekday::Saturday, &["saturday", "saturdays", "sat"]),
    (Weekday::Sunday, &["sunday", "sundays", "sun"]),
];

const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

/// Words to compare a stray one with.
pub(super) const KNOWN: [&str; 25] = [
    "every",
    "daily",
    "weekly",
    "monthly",
    "weekdays",
    "weekends",
    "day",
    "days",
    "weeks",
    "month",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "first",
    "second",
    "third",
    "fourth",
    "last",
    "from",
    "noon",
    "midnight",
];

#[derive(Debug, Clone, Copy)]
pub(super) enum Ordinal {
    /// 1 to 31.
    Nth(u8),
    Last,
}

pub(super) fn ordinal(word: &str) -> Option<Ordinal> {
    if word == "last" {
        return Some(Ordinal::Last);
    }
    if let Some(index) = ORDINALS.iter().position(|name| *name == word) {
        return Some(Ordinal::Nth(index as u8 + 1));
    }
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end))?;
    digits.parse().ok().filter(|n| (1..=31).contains(n)).map(Ordinal::Nth)
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(_, names)| names.contains(&word)).map(|(day, _)| *day)
}

/// Whether a word can be nothing but a time of day.
pub(super) fn says_time(word: &str) -> bool {
    matches!(word, "noon" | "midnight")
        || (word.starts_with(|c: char| c.is_ascii_digit()) && (word.contains(':') || word.ends_with('m')))
}

/// "8", "8:30", "08:30:15", "8.30", "8am", "8:30pm"; `half` is a following "am" or "pm".
pub(super) fn clock(word: &str, half: &str) -> Option<Time> {
    match word {
        "noon" => return Some(time(12, 0, 0, 0)),
        "midnight" => return Some(Time::midnight()),
        _ => {}
    }
    let (digits, half) = match word.strip_suffix("am").or_else(|| word.strip_suffix("pm")) {
        Some(digits) => (digits, &word[digits.len()..]),
        None => (word, half),
    };
    let mut parts = digits.split([':', '.']).map(|part| {
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<i8>().ok()).flatten()
    });
    let hour = parts.next()??;
    let minute = parts.next().unwrap_or(Some(0))?;
    let second = parts.next().unwrap_or(Some(0))?;
    let hour = match half {
        "" => hour,
        _ if !(1..=12).contains(&hour) => return None,
        "am" => hour % 12,
        _ => hour % 12 + 12,
    };
    parts.next().is_none().then(|| Time::new(hour, minute, second, 0).ok()).flatten()
}
