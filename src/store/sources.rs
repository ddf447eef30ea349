//! The health of every place that is read: validators, last success, last error, next poll, where it moved to.

pub mod hosts;
pub mod hubs;

use jiff::{SignedDuration, Timestamp};

use super::{
    db::{Db, StoreError, failed, instant, millis},
    statement::{Row, query},
};
use crate::read::feed::hints::Wishes;

/// What is known of a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// URL or folder, as written in the digest file.
    pub locator: String,
    /// `feed`, `page` or `folder`.
    pub kind: String,
    /// The validator of the last answer, byte for byte.
    pub etag: Option<String>,
    /// The date of the last answer, byte for byte.
    pub last_modified: Option<String>,
    /// The address that gave both, after redirects.
    pub validators_url: Option<String>,
    /// Whether it is asked without compression, since it packs wrongly.
    pub plain: bool,
    /// A hash of the last bytes read.
    pub content_hash: Option<String>,
    /// Reviews found at the last success.
    pub entries: u64,
    /// Entries of a feed, or documents, at the last success.
    pub items: u64,
    /// The last time it was asked for anything.
    pub asked_at: Option<Timestamp>,
    /// The last time all went well.
    pub last_success_at: Option<Timestamp>,
    /// The last time it did not.
    pub last_error_at: Option<Timestamp>,
    /// What went wrong then; `None` once it went well again.
    pub last_error: Option<String>,
    /// Failures since the last success.
    pub failures: u32,
    /// The first of them.
    pub failing_since: Option<Timestamp>,
    /// When it said that it is gone for good; it is not asked any more until a person says so.
    pub stopped_at: Option<Timestamp>,
    /// When it is asked next by routine.
    pub next_poll_at: Option<Timestamp>,
    /// Not to be asked before, for whatever reason: the source asked for it, or it failed lately.
    pub not_before_at: Option<Timestamp>,
    /// Where it is asked instead: it moved there for good, or its page named it as the feed.
    pub address: Option<String>,
    /// Where it may have moved to.
    pub moving_to: Option<String>,
    /// Since when.
    pub moving_since: Option<Timestamp>,
    /// How often the feed itself wishes to be asked.
    pub wishes: Wishes,
}

impl Health {
    /// What is known of a place that was never visited.
    pub fn unknown(locator: &str, kind: &str) -> Self {
        Self { locator: locator.to_owned(), kind: kind.to_owned(), ..Self::default() }
    }

    /// Where it is asked.
    pub fn asked_where(&self) -> &str {
        self.address.as_deref().unwrap_or(&self.locator)
    }
}

/// What is known of a place; `None` before first contact.
///
/// # Errors
/// Where the database fails.
pub async fn get(db: &Db, locator: &str) -> Result<Option<Health>, StoreError> {
    let row = query("select * from sources where locator = $1")
        .bind(locator)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a source"))?;
    row.as_ref().map(from_row).transpose()
}

/// All places, by locator.
///
/// # Errors
/// Where the database fails.
pub async fn all(db: &Db) -> Result<Vec<Health>, StoreError> {
    let rows = query("select * from sources order by locator")
        .fetch_all(db.read())
        .await
        .map_err(failed("listing sources"))?;
    rows.iter().map(from_row).collect()
}

/// Stores what is known of a place.
///
/// # Errors
/// Where the database fails.
pub async fn put(db: &Db, health: &Health) -> Result<(), StoreError> {
    query(
        "insert into sources (locator, kind, etag, last_modified, validators_url, content_hash, entries, \
         last_success_at, last_error_at, last_error, next_poll_at, not_before_at, asked_at, items, failures, \
         failing_since, stopped_at, address, moving_to, moving_since, plain, wished_every_s, skip_hours, skip_days) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
         $23, $24) \
         on conflict (locator) do update set kind = excluded.kind, etag = excluded.etag, \
         last_modified = excluded.last_modified, validators_url = excluded.validators_url, \
         content_hash = excluded.content_hash, entries = excluded.entries, \
         last_success_at = excluded.last_success_at, last_error_at = excluded.last_error_at, \
         last_error = excluded.last_error, next_poll_at = excluded.next_poll_at, \
         not_before_at = excluded.not_before_at, asked_at = excluded.asked_at, items = excluded.items, \
         failures = excluded.failures, failing_since = excluded.failing_since, stopped_at = excluded.stopped_at, \
         address = excluded.address, moving_to = excluded.moving_to, moving_since = excluded.moving_since, \
         plain = excluded.plain, wished_every_s = excluded.wished_every_s, skip_hours = excluded.skip_hours, \
         skip_days = excluded.skip_days",
    )
    .bind(&health.locator)
    .bind(&health.kind)
    .bind(&health.etag)
    .bind(&health.last_modified)
    .bind(&health.validators_url)
    .bind(&health.content_hash)
    .bind(i64::try_from(health.entries).unwrap_or(i64::MAX))
    .bind(health.last_success_at.map(millis))
    .bind(health.last_error_at.map(millis))
    .bind(&health.last_error)
    .bind(health.next_poll_at.map(millis))
    .bind(health.not_before_at.map(millis))
    .bind(health.asked_at.map(millis))
    .bind(i64::try_from(health.items).unwrap_or(i64::MAX))
    .bind(i64::from(health.failures))
    .bind(health.failing_since.map(millis))
    .bind(health.stopped_at.map(millis))
    .bind(&health.address)
    .bind(&health.moving_to)
    .bind(health.moving_since.map(millis))
    .bind(i64::from(health.plain))
    .bind(health.wishes.every.map(|every| every.as_secs()))
    .bind(i64::from(health.wishes.skip_hours))
    .bind(i64::from(health.wishes.skip_days))
    .execute(db.write())
    .await
    .map_err(failed("storing the health of a source"))
    .map(|_| ())
}

/// Has a place asked by the next routine, whatever held it back; whether it is known.
///
/// # Errors
/// Where the database fails.
pub async fn wake(db: &Db, locator: &str) -> Result<bool, StoreError> {
    let done = query(
        "update sources set stopped_at = null, next_poll_at = null, not_before_at = null, failures = 0, \
         failing_since = null, asked_at = null where locator = $1",
    )
    .bind(locator)
    .execute(db.write())
    .await
    .map_err(failed("waking a source"))?;
    Ok(done > 0)
}

/// Has a place asked at `at` or when it is next asked anyway: somebody says that there is news. What it asked
/// for itself, and what failures demand, stands.
///
/// # Errors
/// Where the database fails.
pub async fn hasten(db: &Db, locator: &str, at: Timestamp) -> Result<(), StoreError> {
    query(
        "update sources set next_poll_at = case when next_poll_at < $2 then next_poll_at else $2 end, \
         not_before_at = case when failures = 0 then null else not_before_at end \
         where locator = $1 and stopped_at is null",
    )
    .bind(locator)
    .bind(millis(at))
    .execute(db.write())
    .await
    .map_err(failed("hastening a source"))
    .map(|_| ())
}

fn from_row(row: &Row) -> Result<Health, StoreError> {
    let locator: String = row.get("locator");
    let time = |column| -> Result<Option<Timestamp>, StoreError> {
        row.get::<Option<i64>>(column).map(|at| instant(&locator, column, at)).transpose()
    };
    let count = |column| u64::try_from(row.get::<i64>(column)).unwrap_or(0);
    Ok(Health {
        kind: row.get("kind"),
        etag: row.get("etag"),
        last_modified: row.get("last_modified"),
        validators_url: row.get("validators_url"),
        plain: row.get::<i64>("plain") != 0,
        content_hash: row.get("content_hash"),
        entries: count("entries"),
        items: count("items"),
        asked_at: time("asked_at")?,
        last_success_at: time("last_success_at")?,
        last_error_at: time("last_error_at")?,
        last_error: row.get("last_error"),
        failures: u32::try_from(row.get::<i64>("failures")).unwrap_or(u32::MAX),
        failing_since: time("failing_since")?,
        stopped_at: time("stopped_at")?,
        next_poll_at: time("next_poll_at")?,
        not_before_at: time("not_before_at")?,
        address: row.get("address"),
        moving_to: row.get("moving_to"),
        moving_since: time("moving_since")?,
        wishes: Wishes {
            every: row.get::<Option<i64>>("wished_every_s").map(SignedDuration::from_secs),
            skip_hours: u32::try_from(row.get::<i64>("skip_hours")).unwrap_or(0),
            skip_days: u8::try_from(row.get::<i64>("skip_days")).unwrap_or(0),
        },
        locator: locator.clone(),
    })
}
