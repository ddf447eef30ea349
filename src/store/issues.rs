//! Issues: the snapshot they are composed from, and the one transaction that freezes them.
//!
//! Selection, quotes and recipients are written together or not at all, and a slot of the schedule is taken
//! in the same transaction: a crash at any point leaves either the whole issue or none of it.

mod decisions;
mod freeze;

use jiff::Timestamp;

pub use decisions::{Decision, decisions};
pub use freeze::{Freezing, Frozen, Order, Snapshot, freeze, snapshot};
pub(super) use freeze::{digest_lock, take_snapshot, write};

use super::{
    again::again,
    db::{Db, StoreError, bad_row, failed, instant, millis},
    statement::{Row, query},
};
use crate::model::{Digest, Issue};

/// How an issue came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueKind {
    /// By the schedule.
    Scheduled,
    /// By hand.
    OneOff,
}

impl IssueKind {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::OneOff => "one-off",
        }
    }
}

/// What a person wants of the sending of an issue. Whether anything is left to do is in its books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IssueState {
    /// Deliveries go out as long as any is left.
    Sending,
    /// Nothing more is claimed until it is resumed.
    Paused,
    /// Nothing more will be sent.
    Cancelled,
}

impl IssueState {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Sending, Self::Paused, Self::Cancelled].into_iter().find(|state| state.as_str() == word)
    }
}

/// An issue and where its sending stands.
#[derive(Debug, Clone)]
pub struct StoredIssue {
    /// The issue.
    pub issue: Issue,
    /// How it came about.
    pub kind: String,
    /// Where its sending stands.
    pub state: IssueState,
    /// Recipients at freezing.
    pub recipients: u64,
}

/// Notes that a stream of issues exists: its first window starts at its first sight. A further cadence of a digest
/// starts with what the digest knows, and where the digest's open window does.
///
/// # Errors
/// Where the database fails.
pub async fn note_digest(db: &Db, digest: &Digest, now: Timestamp) -> Result<(), StoreError> {
    again(|| note_digest_once(db, digest, now)).await
}

async fn note_digest_once(db: &Db, digest: &Digest, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let (name, list) = (digest.name.as_str(), digest.list.as_str());
    // For the digest itself there is nothing to start from yet, and for one that is known nothing is changed.
    query(
        "insert into digests (name, first_seen_at) values ($1, coalesce(\
         (select max(window_until) from issues where digest = $3 and moves_window = 1), \
         (select first_seen_at from digests where name = $3), $2)) on conflict do nothing",
    )
    .bind(name)
    .bind(millis(now))
    .bind(list)
    .execute(&mut tx)
    .await
    .map_err(failed("noting a digest"))?;
    if name != list {
        // Also where the cadence was out of the file for a while: what came meanwhile is news to it.
        for sql in [
            "insert into contacts (digest, locator, at) select $1, locator, at from contacts where digest = $2 \
             on conflict do nothing",
            "insert into arrivals (digest, review_id, locator, arrived_at, seeded, renewed_at) \
             select $1, review_id, locator, arrived_at, seeded, renewed_at from arrivals where digest = $2 \
             on conflict do nothing",
        ] {
            let done = query(sql).bind(name).bind(list).execute(&mut tx).await;
            done.map_err(failed("handing on what a digest knows"))?;
        }
    }
    tx.commit().await.map_err(failed("noting a digest"))
}

/// When a digest was first seen.
///
/// # Errors
/// Where the database fails.
pub async fn first_seen(db: &Db, digest: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = query("select first_seen_at from digests where name = $1")
        .bind(digest)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a digest"))?;
    row.map(|row| instant(digest, "first_seen_at", row.get("first_seen_at"))).transpose()
}

/// Where the next window of a digest starts: at the end of the last one, else at its first sight.
///
/// # Errors
/// Where the database fails.
pub async fn next_window_from(db: &Db, digest: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = query("select max(window_until) as until from issues where digest = $1 and moves_window = 1")
        .bind(digest)
        .fetch_one(db.read())
        .await
        .map_err(failed("looking for the last window"))?;
    match row.get::<Option<i64>>("until") {
        Some(until) => instant(digest, "window_until", until).map(Some),
        None => first_seen(db, digest).await,
    }
}

/// An issue by digest and number.
///
/// # Errors
/// Where the database fails.
pub async fn get(db: &Db, digest: &str, number: u32) -> Result<Option<StoredIssue>, StoreError> {
    let row = query("select * from issues where digest = $1 and number = $2")
        .bind(digest)
        .bind(i64::from(number))
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for an issue"))?;
    row.as_ref().map(from_row).transpose()
}

/// The issue that a digest has made under a key, with the hash of what was ordered where there is one.
///
/// # Errors
/// Where the database fails.
pub async fn by_key(db: &Db, digest: &str, key: &str) -> Result<Option<(u32, Option<String>)>, StoreError> {
    let row = query("select number, fingerprint from issues where digest = $1 and idempotency_key = $2")
        .bind(digest)
        .bind(key)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a repeated order"))?;
    Ok(row.and_then(|row| Some((u32::try_from(row.get::<i64>("number")).ok()?, row.get("fingerprint")))))
}

/// When the newest issue of a digest was composed, and its highest number: together they tell whether an issue
/// has come since, also where the clock was set back.
///
/// # Errors
/// Where the database fails.
pub async fn newest_time(db: &Db, digest: &str) -> Result<Option<(Timestamp, i64)>, StoreError> {
    let row = query("select max(composed_at) as at, max(number) as number from issues where digest = $1")
        .bind(digest)
        .fetch_one(db.read())
        .await
        .map_err(failed("looking for the newest issue"))?;
    let (at, number): (Option<i64>, Option<i64>) = (row.get("at"), row.get("number"));
    at.zip(number).map(|(at, number)| Ok((instant(digest, "composed_at", at)?, number))).transpose()
}

/// The newest issues, of one digest or of all.
///
/// # Errors
/// Where the database fails.
pub async fn newest(db: &Db, digest: Option<&str>, limit: i64) -> Result<Vec<StoredIssue>, StoreError> {
    let rows = query(
        "select * from issues where $1 is null or digest = $1 order by composed_at desc, digest, number desc limit $2",
    )
    .bind(digest)
    .bind(limit)
    .fetch_all(db.read())
    .await
    .map_err(failed("listing issues"))?;
    rows.iter().map(from_row).collect()
}

/// The newest issues that quote a work.
///
/// # Errors
/// Where the database fails.
pub async fn about_work(db: &Db, work: &str, limit: i64) -> Result<Vec<StoredIssue>, StoreError> {
    let rows = query(
        "select * from issues i where exists (select 1 from issue_reviews u join reviews r on r.id = u.review_id \
         where u.digest = i.digest and u.number = i.number and u.quoted = 1 and r.work_id = $1) \
         order by i.composed_at desc, i.digest, i.number desc limit $2",
    )
    .bind(work)
    .bind(limit)
    .fetch_all(db.read())
    .await
    .map_err(failed("listing the issues about a work"))?;
    rows.iter().map(from_row).collect()
}

/// Moves an issue's sending to another state; whether the issue was in one of the states it may leave.
///
/// # Errors
/// Where the database fails.
pub async fn set_state(
    db: &Db,
    digest: &str,
    number: u32,
    from: &[IssueState],
    to: IssueState,
) -> Result<bool, StoreError> {
    let from: Vec<&str> = from.iter().map(|state| state.as_str()).collect();
    let done = query(
        "update issues set state = $3 where digest = $1 and number = $2 and state in (select value from {json_array_elements_text(cast($4 as json))|json_each($4)})",
    )
    .bind(digest)
    .bind(i64::from(number))
    .bind(to.as_str())
    .bind(serde_json::json!(from).to_string())
    .execute(db.write())
    .await
    .map_err(failed("changing the state of an issue"))?;
    Ok(done > 0)
}

fn from_row(row: &Row) -> Result<StoredIssue, StoreError> {
    let name = format!("issues/{}/{}", row.get::<&str>("digest"), row.get::<i64>("number"));
    let content: String = row.get("content");
    let state: String = row.get("state");
    Ok(StoredIssue {
        issue: serde_json::from_str(&content).map_err(|error| bad_row(&name, "content", &error.to_string()))?,
        kind: row.get("kind"),
        state: IssueState::parse(&state).ok_or_else(|| bad_row(&name, "state", &state))?,
        recipients: u64::try_from(row.get::<i64>("recipients")).unwrap_or(0),
    })
}
