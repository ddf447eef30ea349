//! The health of every place that is read: validators, last success, last error, next poll.

use jiff::Timestamp;
use sqlx::{Row as _, sqlite::SqliteRow};

use super::db::{Db, StoreError, failed, instant, millis};

/// What is known of a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// URL or folder.
    pub locator: String,
    /// `feed`, `page` or `folder`.
    pub kind: String,
    /// The validator of the last answer, byte for byte.
    pub etag: Option<String>,
    /// The date of the last answer, byte for byte.
    pub last_modified: Option<String>,
    /// The address that gave both, after redirects.
    pub validators_url: Option<String>,
    /// A hash of the last bytes read.
    pub content_hash: Option<String>,
    /// Reviews found at the last success.
    pub entries: u64,
    /// The last time all went well.
    pub last_success_at: Option<Timestamp>,
    /// The last time it did not.
    pub last_error_at: Option<Timestamp>,
    /// What went wrong then; `None` once it went well again.
    pub last_error: Option<String>,
    /// When it is asked next by routine.
    pub next_poll_at: Option<Timestamp>,
    /// Not to be asked before, for whatever reason: the source asked for it, or it failed lately.
    pub not_before_at: Option<Timestamp>,
}

/// What is known of a place; `None` before first contact.
///
/// # Errors
/// Where the database fails.
pub async fn get(db: &Db, locator: &str) -> Result<Option<Health>, StoreError> {
    let row = sqlx::query("select * from sources where locator = $1")
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
    let rows = sqlx::query("select * from sources order by locator")
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
    sqlx::query(
        "insert into sources (locator, kind, etag, last_modified, validators_url, content_hash, entries, \
         last_success_at, last_error_at, last_error, next_poll_at, not_before_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         on conflict (locator) do update set kind = excluded.kind, etag = excluded.etag, \
         last_modified = excluded.last_modified, validators_url = excluded.validators_url, content_hash = excluded.content_hash, entries = excluded.entries, \
         last_success_at = excluded.last_success_at, last_error_at = excluded.last_error_at, \
         last_error = excluded.last_error, next_poll_at = excluded.next_poll_at, \
         not_before_at = excluded.not_before_at",
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
    .execute(db.write())
    .await
    .map_err(failed("storing the health of a source"))
    .map(|_| ())
}

fn from_row(row: &SqliteRow) -> Result<Health, StoreError> {
    let locator: String = row.get("locator");
    let time = |column| -> Result<Option<Timestamp>, StoreError> {
        row.get::<Option<i64>, _>(column).map(|at| instant(&locator, column, at)).transpose()
    };
    Ok(Health {
        kind: row.get("kind"),
        etag: row.get("etag"),
        last_modified: row.get("last_modified"),
        validators_url: row.get("validators_url"),
        content_hash: row.get("content_hash"),
        entries: u64::try_from(row.get::<i64, _>("entries")).unwrap_or(0),
        last_success_at: time("last_success_at")?,
        last_error_at: time("last_error_at")?,
        last_error: row.get("last_error"),
        next_poll_at: time("next_poll_at")?,
        not_before_at: time("not_before_at")?,
        locator: locator.clone(),
    })
}
