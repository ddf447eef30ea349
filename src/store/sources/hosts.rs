//! Hosts that asked for fewer requests. One 429 is about its address; from the second in a row on it is about
//! the host.

use jiff::Timestamp;

use crate::store::{
    db::{Db, StoreError, failed, instant, millis},
    statement::query,
};

/// Until when a host is to be left alone; `None` where it may be asked.
///
/// # Errors
/// Where the database fails.
pub async fn not_before(db: &Db, host: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = query("select not_before_at from hosts where host = $1")
        .bind(host)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a host"))?;
    let at = row.and_then(|row| row.get::<Option<i64>>("not_before_at"));
    at.map(|at| instant(&format!("hosts/{host}"), "not_before_at", at)).transpose()
}

/// Notes a 429 with the time that it named or that is fitting: from the second in a row on, the whole host is
/// left alone until then.
///
/// # Errors
/// Where the database fails.
pub async fn note_busy(db: &Db, host: &str, until: Timestamp) -> Result<(), StoreError> {
    query(
        "insert into hosts (host, busy, not_before_at) values ($1, 1, null) on conflict (host) do update set \
         busy = hosts.busy + 1, \
         not_before_at = case when hosts.not_before_at > $2 then hosts.not_before_at else $2 end",
    )
    .bind(host)
    .bind(millis(until))
    .execute(db.write())
    .await
    .map_err(failed("noting a busy host"))
    .map(|_| ())
}

/// Notes that a host answered well.
///
/// # Errors
/// Where the database fails.
pub async fn note_well(db: &Db, host: &str) -> Result<(), StoreError> {
    query("delete from hosts where host = $1")
        .bind(host)
        .execute(db.write())
        .await
        .map_err(failed("noting that a host answered"))
        .map(|_| ())
}
