//! Orders: one-offs placed for a later time.

use jiff::Timestamp;

use super::{
    db::{Db, StoreError, bad_row, failed, instant, millis},
    statement::query,
};

/// A one-off to be sent at a given time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOrder {
    /// The digest.
    pub digest: String,
    /// The key that makes it one issue, however often it is tried.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// Picked reviews.
    pub picks: Vec<String>,
    /// A word from the editor.
    pub note: Option<String>,
    /// Leaves the next window where it would have started.
    pub keep_window: bool,
}

/// Places an order; one of the same key stays as it was.
///
/// # Errors
/// Where the database fails.
pub async fn place(db: &Db, order: &PlacedOrder, now: Timestamp) -> Result<(), StoreError> {
    query(
        "insert into orders (digest, key, at, picks, note, keep_window, placed_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
    )
    .bind(&order.digest)
    .bind(&order.key)
    .bind(millis(order.at))
    .bind(serde_json::json!(order.picks).to_string())
    .bind(&order.note)
    .bind(i64::from(order.keep_window))
    .bind(millis(now))
    .execute(db.write())
    .await
    .map_err(failed("placing an order"))
    .map(|_| ())
}

/// The orders whose time has come and that were not carried out, oldest first.
///
/// # Errors
/// Where the database fails.
pub async fn due(db: &Db, now: Timestamp) -> Result<Vec<PlacedOrder>, StoreError> {
    let rows = query(
        "select digest, key, at, picks, note, keep_window from orders \
         where at <= $1 and finished_at is null order by at, digest, key",
    )
    .bind(millis(now))
    .fetch_all(db.read())
    .await
    .map_err(failed("looking for orders"))?;
    rows.iter()
        .map(|row| {
            let key: String = row.get("key");
            let name = format!("orders/{key}");
            let picks: String = row.get("picks");
            Ok(PlacedOrder {
                digest: row.get("digest"),
                at: instant(&name, "at", row.get("at"))?,
                picks: serde_json::from_str(&picks).map_err(|_| bad_row(&name, "picks", &picks))?,
                note: row.get("note"),
                keep_window: row.get::<i64>("keep_window") != 0,
                key,
            })
        })
        .collect()
}

/// Notes what became of an order.
///
/// # Errors
/// Where the database fails.
pub async fn finish(db: &Db, order: &PlacedOrder, outcome: &str, now: Timestamp) -> Result<(), StoreError> {
    query("update orders set finished_at = $3, outcome = $4 where digest = $1 and key = $2")
        .bind(&order.digest)
        .bind(&order.key)
        .bind(millis(now))
        .bind(outcome)
        .execute(db.write())
        .await
        .map_err(failed("noting what became of an order"))
        .map(|_| ())
}
