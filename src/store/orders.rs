//! Orders: what was ordered by hand for a later time, and tests that carry a key.
//!
//! An order that waits becomes *sent*, *failed* or *cancelled*, once. An issue's transaction takes its order along, so
//! an order that was cancelled makes no issue, and one that made an issue cannot be cancelled, whichever process is
//! quicker.

use jiff::Timestamp;

use super::{
    again::again,
    db::{Db, StoreError, Tx, bad_row, failed, instant, millis},
    issues,
    statement::{Place, Row, query},
};

/// An issue by hand to be sent at a given time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOrder {
    /// The digest.
    pub digest: String,
    /// The key that makes it one order, however often it is placed.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// Picked reviews.
    pub picks: Vec<String>,
    /// A word from the editor.
    pub note: Option<String>,
    /// Test addresses; empty for the whole list.
    pub to: Vec<String>,
    /// Leaves the next window where it would have started.
    pub keep_window: bool,
    /// A hash of all that was ordered; `None` where an earlier version placed it.
    pub fingerprint: Option<String>,
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderState {
    /// Its time has not come.
    Waiting,
    /// It was carried out.
    Sent,
    /// It could not be carried out.
    Failed,
    /// It was taken back.
    Cancelled,
}

impl OrderState {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::Failed, Self::Cancelled].into_iter().find(|state| state.as_str() == word)
    }
}

/// An order with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    /// What names it, counted from 1.
    pub id: i64,
    /// What was ordered.
    pub order: PlacedOrder,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What became of it.
    pub state: OrderState,
    /// The issue that it made.
    pub number: Option<u32>,
    /// Why it could not be carried out.
    pub why: Option<String>,
    /// When it was carried out, given up or taken back.
    pub finished_at: Option<Timestamp>,
}

/// Places an order and gives its id; `None` where the digest has had an order or an issue of that key.
///
/// # Errors
/// Where the database fails.
pub async fn place(db: &Db, order: &PlacedOrder, now: Timestamp) -> Result<Option<i64>, StoreError> {
    again(|| place_once(db, order, now)).await
}

async fn place_once(db: &Db, order: &PlacedOrder, now: Timestamp) -> Result<Option<i64>, StoreError> {
    let mut tx = db.begin().await?;
    // Ids count on, and no issue of the same key is frozen meanwhile.
    tx.lock("orders").await?;
    tx.lock(&issues::digest_lock(&order.digest)).await?;
    let row = query(
        "insert into orders (id, digest, key, at, picks, note, recipients, keep_window, fingerprint, placed_at) \
         select (select coalesce(max(id), 0) + 1 from orders), $1, $2, cast($3 as bigint), $4, $5, $6, \
         cast($7 as bigint), $8, cast($9 as bigint) \
         where not exists (select 1 from issues where digest = $1 and idempotency_key = $2) \
         on conflict (digest, key) do nothing returning id",
    )
    .bind(&order.digest)
    .bind(&order.key)
    .bind(millis(order.at))
    .bind(serde_json::json!(order.picks).to_string())
    .bind(&order.note)
    .bind(serde_json::json!(order.to).to_string())
    .bind(i64::from(order.keep_window))
    .bind(&order.fingerprint)
    .bind(millis(now))
    .fetch_optional(&mut tx)
    .await
    .map_err(failed("placing an order"))?;
    let id = row.map(|row| row.get("id"));
    tx.commit().await.map_err(failed("placing an order"))?;
    Ok(id)
}

/// An order by its id.
///
/// # Errors
/// Where the database fails.
pub async fn get(db: &Db, id: i64) -> Result<Option<StoredOrder>, StoreError> {
    let row = query("select * from orders where id = $1").bind(id).fetch_optional(db.read()).await;
    row.map_err(failed("looking for an order"))?.as_ref().map(from_row).transpose()
}

/// The order that a digest has had under a key.
///
/// # Errors
/// Where the database fails.
pub async fn by_key(db: &Db, digest: &str, key: &str) -> Result<Option<StoredOrder>, StoreError> {
    let row = query("select * from orders where digest = $1 and key = $2")
        .bind(digest)
        .bind(key)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for an order"))?;
    row.as_ref().map(from_row).transpose()
}

/// Whether an order of that key was placed; within the transaction of an issue.
pub(super) async fn has_key(db: &mut Tx, digest: &str, key: &str) -> Result<bool, StoreError> {
    let row = query("select id from orders where digest = $1 and key = $2")
        .bind(digest)
        .bind(key)
        .fetch_optional(db)
        .await
        .map_err(failed("looking for an order"))?;
    Ok(row.is_some())
}

/// The orders whose time has come and that were not carried out, oldest first.
///
/// # Errors
/// Where the database fails.
pub async fn due(db: &Db, now: Timestamp) -> Result<Vec<StoredOrder>, StoreError> {
    let rows = query("select * from orders where at <= $1 and state = 'waiting' order by at, id")
        .bind(millis(now))
        .fetch_all(db.read())
        .await
        .map_err(failed("looking for orders"))?;
    rows.iter().map(from_row).collect()
}

/// What was placed for a later time, of one digest or of all: what waits first, the next one on top, then the newest
/// of what is past.
///
/// # Errors
/// Where the database fails.
pub async fn list(db: &Db, digest: Option<&str>, limit: i64) -> Result<Vec<StoredOrder>, StoreError> {
    let rows = query(
        "select * from orders where ($1 is null or digest = $1) and at > placed_at \
         order by case state when 'waiting' then 0 else 1 end, case state when 'waiting' then at else -at end, id \
         limit $2",
    )
    .bind(digest)
    .bind(limit)
    .fetch_all(db.read())
    .await
    .map_err(failed("listing orders"))?;
    rows.iter().map(from_row).collect()
}

/// Takes an order back; whether it still waited.
///
/// # Errors
/// Where the database fails.
pub async fn cancel(db: &Db, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    settle(db.write(), id, OrderState::Waiting, OrderState::Cancelled, now).await
}

/// Takes an order to carry it out where that makes no issue: before the first mail of a test goes out. Whether it
/// still waited.
///
/// # Errors
/// Where the database fails.
pub async fn take_test(db: &Db, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    settle(db.write(), id, OrderState::Waiting, OrderState::Sent, now).await
}

/// Takes an order in the transaction of its issue; whether it still waited.
pub(super) async fn take(db: &mut Tx, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    settle(db, id, OrderState::Waiting, OrderState::Sent, now).await
}

/// Notes the issue that an order made.
pub(super) async fn made(db: &mut Tx, id: i64, number: u32) -> Result<(), StoreError> {
    query("update orders set number = $2 where id = $1")
        .bind(id)
        .bind(number)
        .execute(db)
        .await
        .map_err(failed("noting what became of an order"))
        .map(|_| ())
}

/// Notes that an order that still waits had made an issue before: by a version that wrote the two apart.
///
/// # Errors
/// Where the database fails.
pub async fn made_before(db: &Db, id: i64, number: u32, now: Timestamp) -> Result<(), StoreError> {
    query("update orders set state = 'sent', number = $2, finished_at = $3 where id = $1 and state = 'waiting'")
        .bind(id)
        .bind(number)
        .bind(millis(now))
        .execute(db.write())
        .await
        .map_err(failed("noting what became of an order"))
        .map(|_| ())
}

/// Notes that an order in that state could not be carried out, and why.
///
/// # Errors
/// Where the database fails.
pub async fn fail(db: &Db, id: i64, from: OrderState, why: &str, now: Timestamp) -> Result<(), StoreError> {
    query("update orders set state = 'failed', outcome = $3, finished_at = $4 where id = $1 and state = $2")
        .bind(id)
        .bind(from.as_str())
        .bind(why)
        .bind(millis(now))
        .execute(db.write())
        .await
        .map_err(failed("noting what became of an order"))
        .map(|_| ())
}

async fn settle<'a>(
    place: impl Into<Place<'a>>,
    id: i64,
    from: OrderState,
    to: OrderState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = query("update orders set state = $3, finished_at = $4 where id = $1 and state = $2")
        .bind(id)
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(millis(now))
        .execute(place)
        .await
        .map_err(failed("noting what became of an order"))?;
    Ok(done > 0)
}

fn from_row(row: &Row) -> Result<StoredOrder, StoreError> {
    let id: i64 = row.get("id");
    let name = format!("orders/{id}");
    let list = |column: &'static str| {
        let text: String = row.get(column);
        serde_json::from_str::<Vec<String>>(&text).map_err(|_| bad_row(&name, column, &text))
    };
    let state: String = row.get("state");
    let finished_at: Option<i64> = row.get("finished_at");
    Ok(StoredOrder {
        id,
        order: PlacedOrder {
            digest: row.get("digest"),
            key: row.get("key"),
            at: instant(&name, "at", row.get("at"))?,
            picks: list("picks")?,
            note: row.get("note"),
            to: list("recipients")?,
            keep_window: row.get::<i64>("keep_window") != 0,
            fingerprint: row.get("fingerprint"),
        },
        placed_at: instant(&name, "placed_at", row.get("placed_at"))?,
        state: OrderState::parse(&state).ok_or_else(|| bad_row(&name, "state", &state))?,
        number: row.get::<Option<i64>>("number").and_then(|number| u32::try_from(number).ok()),
        why: row.get("outcome"),
        finished_at: finished_at.map(|at| instant(&name, "finished_at", at)).transpose()?,
    })
}
