//! Schedules in plain words: "first Saturday of the month at 9".
//!
//! A schedule is a few clauses in any order: which days, `at` which times, `in` which months, `from` which
//! date. The time must be said: an issue that goes out at an hour nobody chose is worse than a question.

use jiff::civil::{Date, Time, Weekday};

use super::{
    Parsed, describe,
    lexicon::{KNOWN, Ordinal, clock, ordinal, says_time, weekday},
    rule::{ALL_MONTHS, ANCHOR, Days, MonthDays, Times, WeekRule, Weekdays},
};
use crate::model::problem::nearest;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const NUMBERS: [&str; 5] = ["two", "three", "four", "five", "six"];

/// Alternating longer than this many days or weeks is a slip.
const LONGEST_STEP: u16 = 500;

/// Reads a schedule in words.
pub(super) fn parse(text: &str) -> Parsed {
    let lower = text.to_lowercase().replace(',', " and ").replace("a.m.", "am").replace("p.m.", "pm");
    let mut words = Words { words: lower.trim_end_matches('.').split_whitespace().collect(), at: 0 };
    let (mut days, mut times, mut months, mut from) = (None, None, None, None);
    while let Some(word) = words.peek() {
        let done = match word {
            "and" => {
                words.at += 1;
                false
            }
            "from" | "starting" | "beginning" | "since" => {
                words.at += 1;
                words.skip(&["from", "on"]);
                from.replace(words.date()?).is_some()
            }
            "in" | "of" => {
                words.at += 1;
                months.replace(words.months()?).is_some()
            }
            "at" => {
                words.at += 1;
                times.replace(words.times()?).is_some()
            }
            _ if says_time(word) => times.replace(words.times()?).is_some(),
            _ if let Some(often) = words.frequency()? => {
                // "every 30 minutes" needs no days.
                days = days.or_else(|| Some(Days::calendar(None, None)));
                times.replace(often).is_some()
            }
            _ => days.replace(words.days()?).is_some(),
        };
        if done {
            return Err(format!("`{word}` begins a second part of a kind that was already given"));
        }
    }
    let days = days.ok_or("no day is named")?;
    let times = times.ok_or("no time of day is given; add one, such as `at 08:00`")?;
    Ok((finish(days, months, from)?, times, from))
}

/// Puts months and the date to count from into the days.
fn finish(days: Days, months: Option<u16>, from: Option<Date>) -> Result<Days, String> {
    Ok(match days {
        Days::Calendar { month, week, join, .. } => {
            Days::Calendar { months: months.unwrap_or(ALL_MONTHS), month, week, join }
        }
        _ if months.is_some() => return Err("`in` with months does not go with alternating weeks or days".into()),
        Days::Weeks { every, days, .. } => Days::Weeks { every, days, anchor: from.unwrap_or(ANCHOR) },
        Days::Stepped { every, .. } => Days::Stepped { every, anchor: from.unwrap_or(ANCHOR) },
    })
}

struct Words<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Words<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    /// The word after the next "and", where that is what comes.
    fn after_and(&self) -> Option<&'a str> {
        self.words.get(self.at).filter(|w| **w == "and")?;
        let rest = &self.words[self.at..];
        rest.iter().find(|w| !matches!(**w, "and" | "the" | "on")).copied()
    }

    fn skip(&mut self, fillers: &[&str]) -> bool {
        let start = self.at;
        while self.peek().is_some_and(|word| fillers.contains(&word)) {
            self.at += 1;
        }
        self.at > start
    }

    /// "hourly", "every hour", "every 30 minutes": the times of a schedule that comes all day long.
    fn frequency(&mut self) -> Result<Option<Times>, String> {
        let rest = self.words[self.at..].iter().copied();
        let words: Vec<&str> = rest.take(3).collect();
        let (step, unit, len) = match words.as_slice() {
            ["hourly", ..] => ("1", "hour", 1),
            ["every" | "each", unit @ ("hour" | "minute"), ..] => ("1", *unit, 2),
            ["every", step, unit @ ("hours" | "minutes"), ..] => (*step, *unit, 3),
            _ => return Ok(None),
        };
        let whole: u64 = if unit.starts_with("hour") { 24 } else { 60 };
        let step = step.parse::<usize>().ok().filter(|n| *n > 0 && whole.is_multiple_of(*n as u64));
        let step =
            step.ok_or_else(|| format!("`every {} {unit}`: {whole} must be a multiple of the number", words[1]))?;
        self.at += len;
        let mask = (0..whole).step_by(step).map(|value| 1 << value).sum();
        let (hours, minutes) = if whole == 24 { (mask, 1) } else { ((1 << 24) - 1, mask) };
        Ok(Some(Times::Fields { hours, minutes, seconds: 1 }))
    }

    fn days(&mut self) -> Result<Days, String> {
        self.skip(&["on", "the"]);
        let every = self.skip(&["every", "each"]);
        let word = self.peek().ok_or("the days are missing")?;
        let all = || Days::calendar(None, None);
        let week = |days| Days::calendar(None, Some(WeekRule::every(days)));
        let plain = match word {
            "daily" => Some(all()),
            "day" if every => Some(all()),
            "weekday" | "weekdays" | "workday" | "workdays" => Some(week(Weekdays::WORKING)),
            "weekend" | "weekends" => Some(week(Weekdays::WEEKEND)),
            _ => None,
        };
        if let Some(days) = plain {
            self.at += 1;
            return Ok(days);
        }
        match word {
            "weekly" | "week" => {
                self.at += 1;
                self.weeks(1)
            }
            "fortnightly" | "fortnight" => {
                self.at += 1;
                self.weeks(2)
            }
            "monthly" | "month" => {
                self.at += 1;
                self.skip(&["on", "the"]);
                if self.peek().and_then(ordinal).is_none() {
                    return Err(format!("`{word}` on which day? Write for example `monthly on the 15th at 8`"));
                }
                self.of_month()
            }
            "biweekly" | "bimonthly" => {
                Err(format!("`{word}` is read in two ways; say how often, as in `every 2 weeks on Monday at 8`"))
            }
            _ if every && let Some(step) = self.step()? => self.stepped(step),
            _ if every && matches!(ordinal(word), Some(Ordinal::Nth(2..=5))) => self.every_nth(word),
            _ if ordinal(word).is_some() => self.of_month(),
            _ => Ok(week(self.weekdays()?)),
        }
    }

    /// The n of "every n weeks" and "every other week".
    fn step(&mut self) -> Result<Option<u16>, String> {
        let (word, next) = (self.peek().unwrap_or(""), self.words.get(self.at + 1).copied().unwrap_or(""));
        let counted = matches!(next, "week" | "weeks" | "day" | "days");
        let step = match word {
            "other" => Some(2),
            _ if !counted => None,
            _ => match (word.parse::<u16>(), NUMBERS.iter().position(|n| *n == word), ordinal(word)) {
                (Ok(n), ..) => Some(n),
                (_, Some(index), _) => Some(index as u16 + 2),
                (.., Some(Ordinal::Nth(n))) => Some(u16::from(n)),
                _ => None,
            },
        };
        if let Some(step) = step {
            if !(1..=LONGEST_STEP).contains(&step) {
                return Err(format!("`every {word} {next}`: 1 to {LONGEST_STEP} are allowed"));
            }
            self.at += 1;
        }
        Ok(step)
    }

    /// What is stepped: days, weeks, or a weekday of weeks ("every other Monday").
    fn stepped(&mut self, step: u16) -> Result<Days, String> {
        if self.skip(&["day", "days"]) {
            return Ok(Days::Stepped { every: step, anchor: ANCHOR });
        }
        self.skip(&["week", "weeks"]);
        self.weeks(step)
    }

    fn weeks(&mut self, every: u16) -> Result<Days, String> {
        self.skip(&["on", "every"]);
        if self.peek().is_none_or(|word| matches!(word, "at" | "from" | "in") || says_time(word)) {
            return Err(
                "no weekday is named; write for example `every Monday at 8` or `every 2 weeks on Monday at 8`".into()
            );
        }
        let days = self.weekdays()?;
        Ok(match every {
            1 => Days::calendar(None, Some(WeekRule::every(days))),
            _ => Days::Weeks { every, days, anchor: ANCHOR },
        })
    }

    /// "every second Monday", which is the second of the month only where that is said.
    fn every_nth(&mut self, word: &str) -> Result<Days, String> {
        let days = self.of_month()?;
        let by_weekday = matches!(days, Days::Calendar { week: Some(_), .. });
        if by_weekday && !matches!(self.words[self.at - 1], "month" | "months") {
            return Err(format!(
                "`every {word}` is read in two ways; write `{word} … of the month` or, as the case may be, `every 2 weeks on …`"
            ));
        }
        Ok(days)
    }

    /// One or more weekdays, with ranges: "Monday and Thursday", "Monday to Friday", "mon-fri".
    fn weekdays(&mut self) -> Result<Weekdays, String> {
        let mut days = Weekdays::default();
        loop {
            let word = self.peek().unwrap_or("");
            let range = word.split_once(['-', '–']).and_then(|(from, to)| Some((weekday(from)?, weekday(to)?)));
            let (from, to) = match range {
                Some(range) => range,
                None => {
                    let day = weekday(word).ok_or_else(|| self.stray())?;
                    (day, self.range_end()?.unwrap_or(day))
                }
            };
            self.at += 1;
            days = days.with(Weekdays::range(from, to));
            if !self.after_and().is_some_and(|next| weekday(next).is_some() || next.contains(['-', '–'])) {
                return Ok(days);
            }
            self.skip(&["and", "on", "the"]);
        }
    }

    /// The end of "Monday to Friday", standing on Monday; moves on to it.
    fn range_end(&mut self) -> Result<Option<Weekday>, String> {
        if !matches!(self.words.get(self.at + 1), Some(&("to" | "through" | "until" | "-" | "–"))) {
            return Ok(None);
        }
        self.at += 2;
        self.peek().and_then(weekday).map(Some).ok_or_else(|| self.stray())
    }

    /// "15th", "1st and 15th", "first Saturday", "first and third Monday and last Friday", "last day".
    fn of_month(&mut self) -> Result<Days, String> {
        let (mut month, mut week) = (MonthDays::default(), WeekRule::default());
        loop {
            let which = self.ordinals()?;
            if self.peek().is_some_and(|word| weekday(word).is_some()) {
                let days = self.weekdays()?;
                for ordinal in which {
                    match ordinal {
                        Ordinal::Last => week.last = week.last.with(days),
                        Ordinal::Nth(n @ 1..=5) => {
                            let nth = &mut week.nth[usize::from(n) - 1];
                            *nth = nth.with(days);
                        }
                        Ordinal::Nth(n) => {
                            let day = days.iter().next().map_or("weekday", describe::name);
                            return Err(format!(
                                "no month has {n} of one weekday; `first` to `fifth` {day}, or `last`"
                            ));
                        }
                    }
                }
            } else {
                let named = self.skip(&["day", "days"]);
                for ordinal in which {
                    match ordinal {
                        Ordinal::Nth(n) => month.days |= 1 << n,
                        Ordinal::Last if named => month.before_last |= 1,
                        Ordinal::Last => return Err("`last` what? Write `last day` or, say, `last Friday`".into()),
                    }
                }
            }
            if self.after_and().and_then(ordinal).is_none() {
                break;
            }
            self.skip(&["and", "on", "the"]);
        }
        self.skip_of_the_month();
        let given = |empty: bool| !empty;
        Ok(Days::calendar(
            given(month == MonthDays::default()).then_some(month),
            given(week == WeekRule::default()).then_some(week),
        ))
    }

    fn ordinals(&mut self) -> Result<Vec<Ordinal>, String> {
        let mut found = vec![self.peek().and_then(ordinal).ok_or_else(|| self.stray())?];
        self.at += 1;
        while let Some(next) = self.after_and().and_then(ordinal) {
            self.skip(&["and", "on", "the"]);
            self.at += 1;
            found.push(next);
        }
        Ok(found)
    }

    fn skip_of_the_month(&mut self) {
        let end = self.words[self.at..].iter().position(|word| matches!(*word, "month" | "months"));
        if self.peek() == Some("of")
            && let Some(end) = end
            && self.words[self.at + 1..self.at + end].iter().all(|word| matches!(*word, "the" | "each" | "every"))
        {
            self.at += end + 1;
        }
    }

    fn months(&mut self) -> Result<u16, String> {
        let mut mask = 0;
        loop {
            let word = self.peek().unwrap_or("");
            let index = MONTHS.iter().position(|name| *name == word || (word.len() == 3 && name.starts_with(word)));
            mask |= 2 << index.ok_or_else(|| format!("`{word}` is not a month"))?;
            self.at += 1;
            if !self.after_and().is_some_and(|next| MONTHS.iter().any(|name| next.len() >= 3 && name.starts_with(next)))
            {
                return Ok(mask);
            }
            self.skip(&["and"]);
        }
    }

    fn date(&mut self) -> Result<Date, String> {
        let word = self.peek().unwrap_or("");
        self.at += 1;
        word.parse().map_err(|_| format!("`from {word}`: the date is written as in `from 2026-01-05`"))
    }

    /// One or more times: "8", "08:00 and 18:30", "8 am", "noon".
    fn times(&mut self) -> Result<Times, String> {
        let mut times = vec![self.time()?];
        while let Some(next) = self.after_and()
            && clock(next, "").is_some()
        {
            self.skip(&["and"]);
            times.push(self.time()?);
        }
        times.sort();
        times.dedup();
        Ok(Times::Listed(times))
    }

    fn time(&mut self) -> Result<Time, String> {
        let word = self.peek().unwrap_or("");
        let half = self.words.get(self.at + 1).copied().filter(|next| matches!(*next, "am" | "pm"));
        self.at += 1 + usize::from(half.is_some());
        self.skip(&["o'clock", "o’clock"]);
        clock(word, half.unwrap_or("")).ok_or_else(|| {
            let word = if word.is_empty() { "nothing" } else { word };
            format!("`{word}` is not a time of day; write `08:00`, `18:30`, `8am` or `noon`")
        })
    }

    fn stray(&self) -> String {
        let Some(word) = self.peek() else { return "something is missing at the end".into() };
        if word.bytes().all(|b| b.is_ascii_digit()) {
            return format!("`{word}` could be a day or an hour; write `15th` for a day and `at 15` for an hour");
        }
        if word.contains('/') || matches!(word, "utc" | "gmt" | "cet" | "est" | "pst") {
            return format!("`{word}`: the time zone is not part of the schedule, it is set by time_zone");
        }
        if matches!(word, "yearly" | "annually" | "year" | "quarterly" | "quarter") {
            return format!("`{word}`: say the day and the months, as in `1st of January and July at 9`");
        }
        match nearest(word, KNOWN) {
            Some(like) => format!("`{word}` is not understood (did you mean `{like}`?)"),
            None => format!("`{word}` is not understood"),
        }
    }
}
