//! What became of the slots of a schedule: on time, late, made up for by a later one, skipped, too little news, or
//! not dealt with yet.

use jiff::{SignedDuration, Timestamp};

use super::{App, AppError};
use crate::{
    model::{Digest, digest::Missed},
    render::text::day_stamp,
    store::{
        issues,
        runs::{self, Run, RunOutcome},
    },
};

/// A slot that has gone by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastSlot {
    /// When it was due.
    pub due_at: Timestamp,
    /// What became of it.
    pub fate: Fate,
    /// By which rule, where it was missed.
    pub rule: Option<Missed>,
    /// How long after its time it was dealt with; for one that is open, how long it waits by now.
    pub late: SignedDuration,
}

/// What became of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It made an issue.
    Issue {
        /// Which.
        number: Option<u32>,
    },
    /// There was too little news, and the window stayed open.
    TooFew {
        /// Reviews found.
        found: Option<usize>,
        /// Reviews asked for.
        minimum: Option<usize>,
    },
    /// It waits as a draft, or did.
    Draft,
    /// A later slot made up for it.
    Merged {
        /// Which; `None` where that one has not been run.
        into: Option<Timestamp>,
    },
    /// It was left out.
    Skipped,
    /// No process has dealt with it.
    Open,
}

impl Fate {
    /// The word for programs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Issue { .. } => RunOutcome::Issue.as_str(),
            Self::TooFew { .. } => RunOutcome::TooFew.as_str(),
            Self::Draft => RunOutcome::Draft.as_str(),
            Self::Merged { .. } => RunOutcome::Merged.as_str(),
            Self::Skipped => RunOutcome::Skipped.as_str(),
            Self::Open => "open",
        }
    }
}

/// The last slot that was dealt with; for a digest that has had none, when it was first seen.
///
/// # Errors
/// Where the database fails.
pub async fn last_dealt_with(app: &App, digest: &Digest, now: Timestamp) -> Result<Timestamp, AppError> {
    let name = digest.name.as_str();
    Ok(match runs::last(&app.db, name).await? {
        Some(last) => last,
        None => issues::first_seen(&app.db, name).await?.unwrap_or(now),
    })
}

/// The last slots of a digest with what became of each, the newest first.
///
/// # Errors
/// Where the database fails.
pub async fn past(app: &App, digest: &Digest, count: usize) -> Result<Vec<PastSlot>, AppError> {
    let now = app.clock.now();
    let mut slots = Vec::new();
    if let Some(schedule) = &digest.schedule {
        let last = last_dealt_with(app, digest, now).await?;
        let open = schedule.latest(&digest.time_zone, last, now, MOST_OPEN).into_iter().rev();
        slots.extend(open.map(|due_at| PastSlot {
            due_at,
            fate: Fate::Open,
            rule: None,
            late: now.duration_since(due_at),
        }));
    }
    let limit = i64::try_from(count).unwrap_or(i64::MAX);
    let mut later = slots.last().map(|slot: &PastSlot| slot.due_at);
    for run in runs::newest(&app.db, digest.name.as_str(), limit).await? {
        let slot = dealt_with(&run, later);
        // Of several that were missed in a row all were left to the one that was run.
        later = if let Fate::Merged { into } = &slot.fate { *into } else { Some(slot.due_at) };
        slots.push(slot);
    }
    slots.truncate(count);
    Ok(slots)
}

/// Open slots that are looked at, the newest.
const MOST_OPEN: usize = 10_000;

fn dealt_with(run: &Run, later: Option<Timestamp>) -> PastSlot {
    let fate = match run.outcome {
        Some(RunOutcome::Merged) => Fate::Merged { into: later },
        Some(RunOutcome::Skipped) => Fate::Skipped,
        Some(RunOutcome::TooFew) => {
            Fate::TooFew { found: run.shortfall.map(|(found, _)| found), minimum: run.shortfall.map(|(_, min)| min) }
        }
        Some(RunOutcome::Draft) => Fate::Draft,
        Some(RunOutcome::Issue) | None => Fate::Issue { number: run.number },
    };
    PastSlot { due_at: run.due_at, fate, rule: run.rule, late: run.decided_at.duration_since(run.due_at) }
}

impl PastSlot {
    /// Whether its run was made, and was not missed.
    pub fn was_on_time(&self) -> bool {
        self.rule.is_none() && matches!(self.fate, Fate::Issue { .. } | Fate::TooFew { .. } | Fate::Draft)
    }

    /// What became of it, for people.
    pub fn words(&self, digest: &Digest) -> String {
        let rule = self.rule.map(|rule| format!(" (missed = \"{}\")", rule.as_str())).unwrap_or_default();
        let on_time = match self.rule {
            None => "on time".to_owned(),
            Some(_) => format!("missed, and made up for {} later{rule}", span(self.late)),
        };
        match &self.fate {
            Fate::Issue { number: Some(number) } => format!("issue #{number}, {on_time}"),
            Fate::Issue { number: None } => format!("an issue, {on_time}"),
            Fate::TooFew { found: Some(found), minimum: Some(minimum) } => {
                format!(
                    "no issue: {found} of at least {minimum} reviews (select.minimum), the window stayed open; {on_time}"
                )
            }
            Fate::TooFew { .. } => format!("no issue: too little news, the window stayed open; {on_time}"),
            Fate::Draft => format!("a draft, {on_time}"),
            Fate::Merged { into: Some(into) } => {
                let into = day_stamp(*into, &digest.time_zone);
                format!("missed, and left to the slot of {into}{rule}")
            }
            Fate::Merged { into: None } => format!("missed, and left to a later slot{rule}"),
            Fate::Skipped => format!("missed, and skipped{rule}; its window stayed open"),
            Fate::Open => {
                format!(
                    "not dealt with for {}: does `pullquote serve` run, and what does its log say?",
                    span(self.late)
                )
            }
        }
    }
}

/// A stretch of time in its two largest units.
fn span(late: SignedDuration) -> String {
    let minutes = late.as_mins().max(0);
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_time_is_told_in_its_two_largest_units() {
        let told = [30, 60, 3 * 3600 + 120, 26 * 3600 + 59].map(|seconds| span(SignedDuration::from_secs(seconds)));
        assert_eq!(told, ["less than a minute", "1 min", "3 h 2 min", "1 d 2 h"]);
    }
}
