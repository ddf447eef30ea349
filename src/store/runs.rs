//! Runs: each slot of a digest's schedule is taken once, whatever happens.

use jiff::Timestamp;

use super::{
    again::again,
    db::{Db, StoreError, Tx, failed, instant, millis},
    statement::query,
};

/// Takes a slot; whether it was free.
pub(super) async fn take(db: &mut Tx, digest: &str, due_at: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
    let done = query("insert into runs (digest, due_at, started_at) values ($1, $2, $3) on conflict do nothing")
        .bind(digest)
        .bind(millis(due_at))
        .bind(millis(now))
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

/// Notes what a slot led to.
pub(super) async fn finish(
    db: &mut Tx,
    digest: &str,
    due_at: Timestamp,
    outcome: &'static str,
    number: Option<u32>,
) -> Result<(), StoreError> {
    query("update runs set outcome = $3, number = $4 where digest = $1 and due_at = $2")
        .bind(digest)
        .bind(millis(due_at))
        .bind(outcome)
        .bind(number)
        .execute(db)
        .await
        .map_err(failed("noting what a slot of the schedule led to"))
        .map(|_| ())
}

/// Passes slots over, with the reason: `skipped` or `merged` into a later run. Whether any was free.
///
/// # Errors
/// Where the database fails.
pub async fn pass_over(
    db: &Db,
    digest: &str,
    slots: &[Timestamp],
    reason: &'static str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    again(|| pass_over_once(db, digest, slots, reason, now)).await
}

async fn pass_over_once(
    db: &Db,
    digest: &str,
    slots: &[Timestamp],
    reason: &'static str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut tx = db.begin().await?;
    let mut any = false;
    for &slot in slots {
        if take(&mut tx, digest, slot, now).await? {
            finish(&mut tx, digest, slot, reason, None).await?;
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
