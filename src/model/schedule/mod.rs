//! When a digest is due.
//!
//! [`Schedule::parse`] takes a cron line or plain words; [`Schedule::next_due`] gives the next due time in a
//! zone. Both are pure: the caller hands in the time, and keeps and compares due times. [`cron`] and [`words`]
//! read the two notations into one [`rule`], [`next`] evaluates it, [`describe`] puts it into words again.
//!
//! A schedule is a set of *slots*, local dates with times. Each slot is one instant:
//! - a local time that the clocks skip is taken with the offset before the change, as RFC 5545 (section
//!   3.3.5) has it: where 01:00 to 02:00 is missing, 01:30 becomes 02:30;
//! - a local time that comes twice is the first of the two.
//!
//! Two slots that fall on one instant are one run. For a cron line that fires several times an hour this
//! means that each local time fires once: in the repeated hour it pauses, and after a skipped hour the
//! slots of that hour and of the next coincide.

mod cron;
mod describe;
mod lexicon;
mod next;
mod rule;
mod words;

#[cfg(test)]
mod tests;

pub use next::DstNote;

use jiff::civil::Date;

use rule::{Days, Times};

/// When issues are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// As written.
    pub text: String,
    days: Days,
    times: Times,
    /// No slot lies before this date.
    from: Option<Date>,
}

/// A text that is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a schedule: {problem}. Write for example \"every Friday at 08:00\", \"weekdays at 7:30\", \
     \"first Saturday of the month at 9\", \"every 2 weeks on Monday at 8 from 2026-01-05\" or the cron line \
     \"0 8 * * FRI\""
)]
pub struct ScheduleError {
    /// The text, cut at 80 characters.
    pub text: String,
    /// What was not understood, and what would be.
    pub problem: String,
}

impl Schedule {
    /// Reads a cron line or plain words.
    ///
    /// Cron has five fields (minute, hour, day of month, month, day of week) or six, with the second first;
    /// `*`, lists, ranges, steps, names, `L` (the last day of the month, `FRIL` the last Friday), `#`
    /// (`SAT#1` the first Saturday), and `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. As in
    /// crontab(5), a day of month and a day of week that are both given (neither begins with `*`) mean either.
    ///
    /// Words are what [`Schedule::describe`] prints for them and the usual variants. Alternating weeks and days are
    /// counted from the date given with `from`, else from Monday, 1 January 2024. Weeks begin on Monday.
    ///
    /// # Errors
    /// Where the text is neither; the message names the part that was not understood.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let trimmed = text.trim();
        let parsed = if cron::looks_like(trimmed) { cron::parse(trimmed) } else { words::parse(trimmed) };
        match parsed {
            Ok((days, times, from)) => Ok(Self { text: trimmed.to_owned(), days, times, from }),
            Err(problem) => Err(ScheduleError { text: trimmed.chars().take(80).collect(), problem }),
        }
    }
}

impl std::fmt::Display for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// What both notations are read into, or what was not understood.
type Parsed = Result<(Days, Times, Option<Date>), String>;
