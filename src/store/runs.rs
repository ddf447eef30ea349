//! Runs: each slot of a digest's schedule is taken once, whatever happens.

use jiff::Timestamp;

use super::{
    again::again,
    db::{Db, StoreError, Tx, failed, instant, millis},
    statement::{Row, query},
};
use crate::model::digest::Missed;

/// What dealing with a slot came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunOutcome {
    /// An issue.
    Issue,
    /// Nothing: there was too little news.
    TooFew,
    /// A draft.
    Draft,
    /// Nothing: it was missed, and left to a later run.
    Merged,
    /// Nothing: it was missed, and left out.
    Skipped,
}

impl RunOutcome {
    const ALL: [Self; 5] = [Self::Issue, Self::TooFew, Self::Draft, Self::Merged, Self::Skipped];

    /// The word in the table, and for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::TooFew => "too-few",
            Self::Draft => "draft",
            Self::Merged => "merged",
            Self::Skipped => "skipped",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// A slot that was dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The slot.
    pub due_at: Timestamp,
    /// When it was dealt with.
    pub decided_at: Timestamp,
    /// What it came to; `None` where an earlier version did not say.
    pub outcome: Option<RunOutcome>,
    /// The rule, where the slot was missed; `None` where its run was on time.
    pub rule: Option<Missed>,
    /// The issue.
    pub number: Option<u32>,
    /// Reviews found and asked for, where they were too few.
    pub shortfall: Option<(usize, usize)>,
}

/// Takes a slot, by a rule where it was missed; whether it was free.
pub(super) async fn take(
    db: &mut Tx,
    digest: &str,
    due_at: Timestamp,
    rule: Option<Missed>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "insert into runs (digest, due_at, started_at, rule) values ($1, $2, $3, $4) on conflict do nothing";
    let done = query(sql)
        .bind(digest)
        .bind(millis(due_at))
        .bind(millis(now))
        .bind(rule.map(Missed::as_str))
        .execute(db)
        .await
        .map_err(failed("taking a slot of the schedule"))?;
    Ok(done > 0)
}

/// The issue that a taken slot led to.
pub(super) async fn number(db: &mut Tx, digest: &str, due_at: Timestamp) -> Result<Option<u32>, StoreError> {
    let row = query("select number from runs where digest = $1 and due_at = $2")
        .bind(digest)
        .bind(millis(due_at))
        .fetch_optional(db)
        .await
        .map_err(failed("looking for a slot of the schedule"))?;
    Ok(row.and_then(|row| row.get::<Option<i64>>("number")).and_then(|number| u32::try_from(number).ok()))
}

/// Notes what a slot led to: the issue's number, or the reviews found and asked for where they were too few.
pub(super) async fn finish(
    db: &mut Tx,
    digest: &str,
    due_at: Timestamp,
    outcome: RunOutcome,
    number: Option<u32>,
    shortfall: Option<(usize, usize)>,
) -> Result<(), StoreError> {
    const SQL: &str =
        "update runs set outcome = $3, number = $4, found = $5, minimum = $6 where digest = $1 and due_at = $2";
    query(SQL)
        .bind(digest)
        .bind(millis(due_at))
        .bind(outcome.as_str())
        .bind(number)
        .bind(shortfall.map(|(found, _)| found as i64))
        .bind(shortfall.map(|(_, minimum)| minimum as i64))
        .execute(db)
        .await
        .map_err(failed("noting what a slot of the schedule led to"))
        .map(|_| ())
}

/// Passes missed slots over by a rule, [skipped](RunOutcome::Skipped) or [merged](RunOutcome::Merged). Whether any was free.
///
/// # Errors
/// Where the database fails.
pub async fn pass_over(
    db: &Db,
    digest: &str,
    slots: &[Timestamp],
    reason: RunOutcome,
    rule: Missed,
    now: Timestamp,
) -> Result<bool, StoreError> {
    again(|| pass_over_once(db, digest, slots, reason, rule, now)).await
}

async fn pass_over_once(
    db: &Db,
    digest: &str,
    slots: &[Timestamp],
    reason: RunOutcome,
    rule: Missed,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut tx = db.begin().await?;
    let mut any = false;
    for &slot in slots {
        if take(&mut tx, digest, slot, Some(rule), now).await? {
            finish(&mut tx, digest, slot, reason, None, None).await?;
            any = true;
        }
    }
    tx.commit().await.map_err(failed("passing over missed slots"))?;
    Ok(any)
}

/// The last slot of a digest that was dealt with.
///
/// # Errors
/// Where the database fails.
pub async fn last(db: &Db, digest: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = query("select max(due_at) as due_at from runs where digest = $1")
        .bind(digest)
        .fetch_one(db.read())
        .await
        .map_err(failed("looking for the last run"))?;
    row.get::<Option<i64>>("due_at").map(|at| instant(digest, "due_at", at)).transpose()
}

/// The last slots of a digest that were dealt with, the newest first.
///
/// # Errors
/// Where the database fails.
pub async fn newest(db: &Db, digest: &str, limit: i64) -> Result<Vec<Run>, StoreError> {
    let rows = query("select * from runs where digest = $1 order by due_at desc limit $2")
        .bind(digest)
        .bind(limit)
        .fetch_all(db.read())
        .await
        .map_err(failed("listing the slots of the schedule"))?;
    let whole = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
    let run = |row: &Row| {
        Ok(Run {
            due_at: instant(digest, "due_at", row.get("due_at"))?,
            decided_at: instant(digest, "started_at", row.get("started_at"))?,
            outcome: row.get::<Option<&str>>("outcome").and_then(RunOutcome::parse),
            rule: row.get::<Option<&str>>("rule").and_then(Missed::parse),
            number: row.get::<Option<i64>>("number").and_then(|number| u32::try_from(number).ok()),
            shortfall: whole(row.get("found")).zip(whole(row.get("minimum"))),
        })
    };
    rows.iter().map(run).collect()
}
