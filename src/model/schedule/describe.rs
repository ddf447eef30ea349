//! A schedule in plain words. What was written in words reads back as the same schedule; a cron line does
//! so where words can say it.

use jiff::civil::{Time, Weekday};

use super::{
    Schedule,
    rule::{ALL_MONTHS, Days, Join, MonthDays, Times, WeekRule, Weekdays},
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// More times a day than this are told by their rule.
const LISTED_TIMES: usize = 6;

impl Schedule {
    /// The schedule in words: "every Friday at 08:00".
    pub fn describe(&self) -> String {
        let (days, every_day) = (days(&self.days), "every day");
        let mut words = match self.times.list(LISTED_TIMES) {
            Some(times) => format!("{days} at {}", and(&times.into_iter().map(clock).collect::<Vec<_>>())),
            None if days == every_day => frequency(&self.times),
            None => format!("{}, {days}", frequency(&self.times)),
        };
        if let Some(from) = self.from {
            words.push_str(&format!(" from {from}"));
        }
        words
    }
}

fn days(days: &Days) -> String {
    match days {
        Days::Weeks { every, days, .. } => format!("every {every} weeks on {}", weekdays(*days)),
        Days::Stepped { every, .. } => format!("every {every} days"),
        Days::Calendar { months, month, week, join } => {
            let words = match (month, week) {
                (None, None) => "every day".to_owned(),
                (Some(month), None) => month_days(*month),
                (None, Some(week)) => week_rule(week),
                (Some(month), Some(week)) => match join {
                    Join::Either => format!("{} or {}", month_days(*month), week_rule(week)),
                    Join::Both => format!("{} where that is {}", month_days(*month), week_rule(week)),
                },
            };
            if *months == ALL_MONTHS {
                return words;
            }
            let named: Vec<_> = (1..=12).filter(|m| months & (1 << m) != 0).map(|m| MONTHS[m - 1]).collect();
            format!("{words} in {}", and(&named))
        }
    }
}

fn month_days(month: MonthDays) -> String {
    let mut days: Vec<String> = (1..=31).filter(|d| month.days & (1 << d) != 0).map(ordinal).collect();
    let before_last = (0..=30).filter(|n| month.before_last & (1 << n) != 0);
    days.extend(before_last.map(|n| match n {
        0 => "last day".to_owned(),
        1 => "day before the last".to_owned(),
        n => format!("{n} days before the last"),
    }));
    format!("the {} of the month", and(&days))
}

fn week_rule(week: &WeekRule) -> String {
    let mut parts = Vec::new();
    match week.every {
        Weekdays(0) => {}
        Weekdays::ALL => parts.push("every day".to_owned()),
        Weekdays::WORKING => parts.push("weekdays".to_owned()),
        Weekdays::WEEKEND => parts.push("weekends".to_owned()),
        days => parts.push(format!("every {}", weekdays(days))),
    }
    let mut of_month = Vec::new();
    for day in Weekdays::ALL.iter() {
        let names = ["first", "second", "third", "fourth", "fifth"].into_iter().zip(week.nth);
        let mut which: Vec<_> = names.filter(|(_, days)| days.has(day)).map(|(name, _)| name).collect();
        if week.last.has(day) {
            which.push("last");
        }
        if !which.is_empty() {
            of_month.push(format!("{} {}", and(&which), name(day)));
        }
    }
    if !of_month.is_empty() {
        parts.push(format!("{} of the month", and(&of_month)));
    }
    and(&parts)
}

/// How often within a day, for more times than can be listed.
fn frequency(times: &Times) -> String {
    let Times::Fields { hours, minutes, seconds } = times else {
        return format!(
            "at {}",
            and(&times.list(usize::MAX).unwrap_or_default().into_iter().map(clock).collect::<Vec<_>>())
        );
    };
    let seconds = match step(*seconds, 60) {
        _ if *seconds == 1 => String::new(),
        Some(1) => "every second of ".to_owned(),
        Some(n) => format!("every {n} seconds of "),
        None => format!("at second {} of ", numbers(*seconds)),
    };
    let every_hour = step(*hours, 24) == Some(1);
    let minutes = match step(*minutes, 60) {
        Some(1) => "every minute".to_owned(),
        Some(n) => format!("every {n} minutes"),
        None if *minutes == 1 && every_hour && seconds.is_empty() => return "every hour".to_owned(),
        None => format!("{}minute {}", if seconds.is_empty() { "at " } else { "" }, numbers(*minutes)),
    };
    let hours = if every_hour { String::new() } else { format!(" in hour {}", numbers(*hours)) };
    format!("{seconds}{minutes}{hours}")
}

/// The step where the values are 0 and every n-th after it, n parting the whole evenly, more than one value.
fn step(mask: u64, whole: u64) -> Option<u64> {
    (1..whole)
        .find(|n| whole.is_multiple_of(*n) && (0..whole).step_by(*n as usize).map(|v| 1 << v).sum::<u64>() == mask)
}

/// Values in order, three and more in a row as a range: "9 to 17 and 20".
fn numbers(mask: u64) -> String {
    let values: Vec<u64> = (0..60).filter(|v| mask & (1 << v) != 0).collect();
    let runs = values.chunk_by(|a, b| a + 1 == *b);
    let parts = runs.flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{first} to {last}")],
        few => few.iter().map(u64::to_string).collect(),
    });
    and(&parts.collect::<Vec<_>>())
}

fn weekdays(days: Weekdays) -> String {
    and(&days.iter().map(name).collect::<Vec<_>>())
}

pub(super) const fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn clock(at: Time) -> String {
    let seconds = if at.second() == 0 { String::new() } else { format!(":{:02}", at.second()) };
    format!("{:02}:{:02}{seconds}", at.hour(), at.minute())
}

fn ordinal(n: u32) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

fn and<T: AsRef<str>>(parts: &[T]) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
