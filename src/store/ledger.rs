//! The ledger.
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::db::{StoreError, failed, millis};

pub(super) async fn fill(
    db: &mut SqliteConnection,
    digest: &str,
    number: u32,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "insert into deliveries (digest, number, subscriber_id, email, name, state, updated_at) \
         select $1, $2, s.id, s.email, s.name, 'waiting', $3 from subscribers s where s.digest = $1 and s.state = 'active'",
    )
    .bind(digest)
    .bind(number)
    .bind(millis(now))
    .execute(db)
    .await
    .map_err(failed("freezing the recipients"))?;
    Ok(done.rows_affected())
}
