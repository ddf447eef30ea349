//! Cron lines: five fields, six with seconds, and `@daily` and its like.

use jiff::civil::Weekday;

use super::{
    Parsed,
    rule::{Days, Join, MonthDays, Times, WeekRule, Weekdays},
};
use crate::model::problem::nearest;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const NICKNAMES: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// Whether a text is meant as a cron line: a nickname, or a first field of cron's signs alone.
pub(super) fn looks_like(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or("");
    first.starts_with('@') || (!first.is_empty() && first.bytes().all(|b| b"0123456789*,/-?".contains(&b)))
}

/// Reads a cron line.
pub(super) fn parse(text: &str) -> Parsed {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with('@') {
        let line = NICKNAMES.iter().find(|(name, _)| *name == lower).map(|(_, line)| *line);
        return match line {
            Some(line) => parse(line),
            None => {
                let like = nearest(&lower, NICKNAMES.map(|(name, _)| name)).unwrap_or("@daily");
                Err(format!("cron has no `{text}` (did you mean `{like}`?)"))
            }
        };
    }
    let fields: Vec<&str> = lower.split_whitespace().collect();
    let (second, rest) = match fields.as_slice() {
        rest @ [_, _, _, _, _] => ("0", rest),
        [second, rest @ ..] if rest.len() == 5 => (*second, rest),
        _ => return Err(format!("a cron line has 5 fields, or 6 with seconds first; this has {}", fields.len())),
    };
    let read = fields_of(second, rest);
    if fields.len() == 6 {
        read.map_err(|error| format!("{error} (of 6 fields the first is the second)"))
    } else {
        read
    }
}

fn fields_of(second: &str, rest: &[&str]) -> Parsed {
    let times = Times::Fields {
        seconds: numbers("second", second, 0, 59, &[])?,
        minutes: numbers("minute", rest[0], 0, 59, &[])?,
        hours: numbers("hour", rest[1], 0, 23, &[])?,
    };
    // `jan` is 1: the list of names begins at the lowest value.
    let months = numbers("month", rest[3], 1, 12, &MONTHS)? as u16;
    let (month, week) = (month_days(rest[2])?, week_rule(rest[4])?);
    // crontab(5): a field that begins with `*` does not count as given, so `*/2` narrows the other one.
    let join = if rest[2].starts_with('*') || rest[4].starts_with('*') { Join::Both } else { Join::Either };
    Ok((Days::Calendar { months, month, week, join }, times, None))
}

/// The values of one field as bits.
fn numbers(field: &str, text: &str, low: u8, high: u8, names: &[&str]) -> Result<u64, String> {
    let mut mask = 0;
    for item in text.split(',') {
        for value in values(field, item, low, high, names)? {
            mask |= 1 << value;
        }
    }
    Ok(mask)
}

/// The values of one item of a list: `*`, `7`, `mon`, `1-5`, `*/2`, `10-20/5`, `10/5`.
fn values(field: &str, item: &str, low: u8, high: u8, names: &[&str]) -> Result<Vec<u8>, String> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => {
            let step = step.parse::<u8>().ok().filter(|step| *step > 0);
            (range, Some(step.ok_or_else(|| format!("{field} `{item}`: a step is a number from 1"))?))
        }
        None => (item, None),
    };
    let value = |text: &str| value(field, text, low, high, names);
    let (from, to) = match range {
        "*" | "?" => (low, high),
        _ => match range.split_once('-') {
            Some((from, to)) => (value(from)?, value(to)?),
            None if step.is_some() => (value(range)?, high),
            None => (value(range)?, value(range)?),
        },
    };
    if from > to {
        return Err(format!("{field} `{item}`: the range runs backwards; write it as two, with a comma"));
    }
    Ok((from..=to).step_by(usize::from(step.unwrap_or(1))).collect())
}

fn value(field: &str, text: &str, low: u8, high: u8, names: &[&str]) -> Result<u8, String> {
    if let Some(index) = names.iter().position(|name| *name == text) {
        return Ok(low + index as u8);
    }
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(number) = digits.then(|| text.parse::<u8>().ok()).flatten()
        && (low..=high).contains(&number)
    {
        return Ok(number);
    }
    let names = match names {
        [] => String::new(),
        [first, .., last] => format!(", or {} to {}", first.to_uppercase(), last.to_uppercase()),
        [only] => format!(", or {only}"),
    };
    Err(format!("{field} `{text}` is not known; {low} to {high} are{names}"))
}

/// The day-of-month field; `None` where every day will do.
fn month_days(text: &str) -> Result<Option<MonthDays>, String> {
    if matches!(text, "*" | "?") {
        return Ok(None);
    }
    let mut days = MonthDays::default();
    for item in text.split(',') {
        match item.strip_prefix('l') {
            Some("") => days.before_last |= 1,
            Some(rest) => {
                let offset = rest.strip_prefix('-').and_then(|n| n.parse::<u8>().ok()).filter(|n| *n <= 30);
                let offset = offset.ok_or_else(|| format!("day of month `{item}`: write L, or L-1 to L-30"))?;
                days.before_last |= 1 << offset;
            }
            None if item.ends_with('w') => {
                return Err(format!("day of month `{item}`: W, the nearest working day, is not supported"));
            }
            None => days.days |= numbers("day of month", item, 1, 31, &[])? as u32,
        }
    }
    Ok(Some(days))
}

/// The day-of-week field; `None` where every day will do. 0 and 7 are Sunday.
fn week_rule(text: &str) -> Result<Option<WeekRule>, String> {
    if matches!(text, "*" | "?") {
        return Ok(None);
    }
    const FIELD: &str = "day of week";
    let one = |name: &str| value(FIELD, name, 0, 7, &WEEKDAYS).map(weekday).map(Weekdays::one);
    let mut rule = WeekRule::default();
    for item in text.split(',') {
        if let Some((name, which)) = item.split_once('#') {
            let day = one(name)?;
            match which {
                "1" | "2" | "3" | "4" | "5" => {
                    let nth = &mut rule.nth[usize::from(which.as_bytes()[0] - b'1')];
                    *nth = nth.with(day);
                }
                "l" => rule.last = rule.last.with(day),
                _ => return Err(format!("{FIELD} `{item}`: after # stands 1 to 5, or L for the last")),
            }
        } else if let Some(name) = item.strip_suffix('l') {
            if name.is_empty() {
                return Err(format!("{FIELD} `L`: name the weekday, as in FRIL for the last Friday"));
            }
            rule.last = rule.last.with(one(name)?);
        } else {
            rule.every = rule.every.with(weekdays(item)?);
        }
    }
    Ok(Some(rule))
}

/// One item of weekdays. A range may run over the end of the week, since weeks begin on different days.
fn weekdays(item: &str) -> Result<Weekdays, String> {
    const FIELD: &str = "day of week";
    if let Some((from, to)) = item.split_once('-').filter(|_| !item.contains('/')) {
        let number = |name: &str| value(FIELD, name, 0, 7, &WEEKDAYS);
        let (from, to) = (number(from)?, number(to)?);
        if from > to {
            return Ok(Weekdays::range(weekday(from), weekday(to)));
        }
    }
    let high = if item.starts_with('*') { 6 } else { 7 };
    let mut days = Weekdays::default();
    for number in values(FIELD, item, 0, high, &WEEKDAYS)? {
        days = days.with(Weekdays::one(weekday(number)));
    }
    Ok(days)
}

fn weekday(number: u8) -> Weekday {
    Weekday::Sunday.wrapping_add(i64::from(number))
}
