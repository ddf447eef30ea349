//! The rule behind a schedule: which dates, and which times of day.
//!
//! Both notations are read into this, so that there is one place that decides what is on schedule.

use jiff::{
    ToSpan as _,
    civil::{Date, Time, Weekday, date, time},
};

/// The Monday from which alternating weeks and days are counted where the schedule names no date.
pub(super) const ANCHOR: Date = date(2024, 1, 1);

/// The longest wait for a matching date. The rarest rule, a fifth weekday in February, comes 40 years apart
/// where the year between is 2100 or its like; what has not come after 60 years never does.
const LONGEST_WAIT_YEARS: i32 = 60;

/// A set of weekdays; bit 0 is Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Weekdays(pub u8);

impl Weekdays {
    pub const ALL: Self = Self(0b111_1111);
    pub const WORKING: Self = Self(0b001_1111);
    pub const WEEKEND: Self = Self(0b110_0000);

    pub fn one(day: Weekday) -> Self {
        Self(1 << day.to_monday_zero_offset())
    }

    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn has(self, day: Weekday) -> bool {
        self.0 & Self::one(day).0 != 0
    }

    /// From one weekday to another, over the week's end where need be.
    pub fn range(from: Weekday, to: Weekday) -> Self {
        let mut days = Self::one(from);
        let mut day = from;
        while day != to {
            day = day.next();
            days = days.with(Self::one(day));
        }
        days
    }

    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::Monday.cycle_forward().take(7).filter(move |day| self.has(*day))
    }
}

/// Days by their place in the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct MonthDays {
    /// Bit n is day n, 1 to 31.
    pub days: u32,
    /// Bit n is n days before the last day, 0 to 30.
    pub before_last: u32,
}

impl MonthDays {
    fn has(self, date: Date) -> bool {
        let before_last = date.days_in_month() - date.day();
        self.days & (1 << date.day()) != 0 || self.before_last & (1 << before_last) != 0
    }
}

/// Days by their weekday, every one or the first, second … last of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct WeekRule {
    pub every: Weekdays,
    /// The first to the fifth of the month.
    pub nth: [Weekdays; 5],
    pub last: Weekdays,
}

impl WeekRule {
    pub fn every(days: Weekdays) -> Self {
        Self { every: days, ..Self::default() }
    }

    fn has(&self, date: Date) -> bool {
        let day = date.weekday();
        let nth = self.nth[usize::from(date.day().unsigned_abs() - 1) / 7];
        let is_last = date.day() + 7 > date.days_in_month();
        self.every.has(day) || nth.has(day) || (is_last && self.last.has(day))
    }
}

/// What holds where both the day of the month and the weekday are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    Either,
    Both,
}

/// Which dates are on schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Days {
    /// By the calendar. Bit n of `months` is month n, 1 to 12.
    Calendar { months: u16, month: Option<MonthDays>, week: Option<WeekRule>, join: Join },
    /// Weekdays in every n-th week, counted from the week of `anchor`.
    Weeks { every: u16, days: Weekdays, anchor: Date },
    /// Every n-th day, counted from `anchor`.
    Stepped { every: u16, anchor: Date },
}

/// All twelve months.
pub(super) const ALL_MONTHS: u16 = 0b1_1111_1111_1110;

impl Days {
    pub fn calendar(month: Option<MonthDays>, week: Option<WeekRule>) -> Self {
        Self::Calendar { months: ALL_MONTHS, month, week, join: Join::Either }
    }

    pub fn has(&self, date: Date) -> bool {
        match self {
            Self::Calendar { months, month, week, join } => {
                let on = match (month, week, join) {
                    (None, None, _) => true,
                    (Some(month), None, _) => month.has(date),
                    (None, Some(week), _) => week.has(date),
                    (Some(month), Some(week), Join::Either) => month.has(date) || week.has(date),
                    (Some(month), Some(week), Join::Both) => month.has(date) && week.has(date),
                };
                on && months & (1 << date.month()) != 0
            }
            Self::Weeks { every, days, anchor } => {
                let weeks = week_number(date) - week_number(*anchor);
                days.has(date.weekday()) && weeks.rem_euclid(i64::from(*every)) == 0
            }
            Self::Stepped { every, anchor } => {
                (day_number(date) - day_number(*anchor)).rem_euclid(i64::from(*every)) == 0
            }
        }
    }

    /// The first date on schedule that is not before `date`; `None` where there is none ever again.
    pub fn at_or_after(&self, date: Date) -> Option<Date> {
        let end = date.checked_add(LONGEST_WAIT_YEARS.years()).unwrap_or(Date::MAX);
        let mut day = date;
        while day <= end {
            if self.has(day) {
                return Some(day);
            }
            day = day.tomorrow().ok()?;
        }
        None
    }
}

fn day_number(day: Date) -> i64 {
    day.duration_since(ANCHOR).as_secs() / 86_400
}

fn week_number(day: Date) -> i64 {
    day_number(day).div_euclid(7)
}

/// Which times of day are on schedule. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Times {
    /// These, in order.
    Listed(Vec<Time>),
    /// Every combination of an hour, a minute and a second; bit n is n.
    Fields { hours: u64, minutes: u64, seconds: u64 },
}

impl Times {
    /// The first time on schedule that is not before `after`, to the second.
    pub fn at_or_after(&self, after: Time) -> Option<Time> {
        match self {
            Self::Listed(times) => times.iter().copied().find(|t| *t >= truncated(after)),
            Self::Fields { hours, minutes, seconds } => {
                let (h, m, s) = (after.hour(), after.minute(), after.second());
                let first = |mask| next_bit(mask, 0);
                if has_bit(*hours, h) {
                    if has_bit(*minutes, m)
                        && let Some(second) = next_bit(*seconds, s)
                    {
                        return Some(time(h, m, second, 0));
                    }
                    if let Some(minute) = next_bit(*minutes, m + 1) {
                        return Some(time(h, minute, first(*seconds)?, 0));
                    }
                }
                Some(time(next_bit(*hours, h + 1)?, first(*minutes)?, first(*seconds)?, 0))
            }
        }
    }

    /// Up to `most` times; `None` where there are more.
    pub fn list(&self, most: usize) -> Option<Vec<Time>> {
        let mut found = Vec::new();
        let mut next = self.at_or_after(Time::midnight());
        while let Some(at) = next {
            if found.len() == most {
                return None;
            }
            found.push(at);
            next = at.checked_add(1.second()).ok().and_then(|t| self.at_or_after(t));
        }
        Some(found)
    }
}

fn truncated(at: Time) -> Time {
    time(at.hour(), at.minute(), at.second(), 0)
}

fn has_bit(mask: u64, bit: i8) -> bool {
    next_bit(mask, bit) == Some(bit)
}

/// The lowest bit set that is not below `from`; `from` is 0 to 60.
fn next_bit(mask: u64, from: i8) -> Option<i8> {
    let rest = mask >> u32::from(from.unsigned_abs());
    (rest != 0).then(|| from + rest.trailing_zeros() as i8)
}
