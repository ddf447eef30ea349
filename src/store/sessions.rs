//! What the instance keeps for itself: logins, and small facts such as the signing secret.

use jiff::Timestamp;

use super::{
    db::{Db, StoreError, failed, millis},
    statement::query,
};

/// Keeps a login by the hash of its cookie; logins that have run out are dropped on the way.
///
/// # Errors
/// Where the database fails.
pub async fn open(db: &Db, id_hash: &str, now: Timestamp, expires_at: Timestamp) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    query("delete from sessions where expires_at <= $1")
        .bind(millis(now))
        .execute(&mut tx)
        .await
        .map_err(failed("dropping old logins"))?;
    query("insert into sessions (id_hash, created_at, expires_at) values ($1, $2, $3)")
        .bind(id_hash)
        .bind(millis(now))
        .bind(millis(expires_at))
        .execute(&mut tx)
        .await
        .map_err(failed("storing a login"))?;
    tx.commit().await.map_err(failed("storing a login"))
}

/// Whether a login is known and has not run out.
///
/// # Errors
/// Where the database fails.
pub async fn is_open(db: &Db, id_hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let row = query("select 1 from sessions where id_hash = $1 and expires_at > $2")
        .bind(id_hash)
        .bind(millis(now))
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a login"))?;
    Ok(row.is_some())
}

/// Ends a login.
///
/// # Errors
/// Where the database fails.
pub async fn close(db: &Db, id_hash: &str) -> Result<(), StoreError> {
    query("delete from sessions where id_hash = $1")
        .bind(id_hash)
        .execute(db.write())
        .await
        .map_err(failed("ending a login"))
        .map(|_| ())
}

/// The value kept under a key: `fresh` from the first call on, whoever makes it.
///
/// # Errors
/// Where the database fails.
pub async fn keep(db: &Db, key: &str, fresh: &str) -> Result<String, StoreError> {
    query("insert into meta (key, value) values ($1, $2) on conflict do nothing")
        .bind(key)
        .bind(fresh)
        .execute(db.write())
        .await
        .map_err(failed("keeping a fact"))?;
    let row = query("select value from meta where key = $1")
        .bind(key)
        .fetch_one(db.write())
        .await
        .map_err(failed("looking for a fact"))?;
    Ok(row.get("value"))
}
