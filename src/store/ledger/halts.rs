//! Which workers cannot send at the moment, and why: said by themselves, for whoever looks at an issue.

use jiff::Timestamp;
use serde::Serialize;

use crate::store::{
    db::{Db, StoreError, failed, instant, millis},
    statement::query,
};

/// A worker for whom the way out is barred. Nobody fails by that; all wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Halt {
    /// By what.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
    /// When it tries again.
    pub until: Timestamp,
}

/// Says that a worker is halted. Said again, it keeps the time of the first.
///
/// # Errors
/// Where the statement fails.
pub async fn say(db: &Db, worker: &str, why: &str, until: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "\
        insert into halts (worker, why, since_at, until_at) values ($1, $2, $3, $4)
        on conflict (worker) do update set why = excluded.why, until_at = excluded.until_at";
    query(SQL)
        .bind(worker)
        .bind(why)
        .bind(millis(now))
        .bind(millis(until))
        .execute(db.write())
        .await
        .map_err(failed("saying that delivery is halted"))
        .map(|_| ())
}

/// Says that a worker is not halted any more.
///
/// # Errors
/// Where the statement fails.
pub async fn clear(db: &Db, worker: &str) -> Result<(), StoreError> {
    query("delete from halts where worker = $1")
        .bind(worker)
        .execute(db.write())
        .await
        .map_err(failed("saying that delivery goes on"))
        .map(|_| ())
}

/// Who is halted now, the longest first. What a worker said that is gone since is passed over.
///
/// # Errors
/// Where the statement fails or a row cannot be read.
pub async fn list(db: &Db, now: Timestamp) -> Result<Vec<Halt>, StoreError> {
    // A living worker tries again soon after the time it gave.
    const GONE: i64 = 60_000;
    let rows = query("select why, since_at, until_at from halts where until_at > $1 order by since_at, worker")
        .bind(millis(now) - GONE)
        .fetch_all(db.read())
        .await
        .map_err(failed("asking who is halted"))?;
    let read = |row: &crate::store::statement::Row| {
        Ok(Halt {
            why: row.get("why"),
            since: instant("halts", "since_at", row.get("since_at"))?,
            until: instant("halts", "until_at", row.get("until_at"))?,
        })
    };
    rows.iter().map(read).collect()
}
