//! Which cadence a subscriber has: who gets the issues of a stream, and switching without loss.

use crate::{
    model::{Digest, DigestName},
    store::{
        again::again,
        db::{Db, StoreError, Tx, failed},
        issues::digest_lock,
        statement::{Place, query},
    },
};

/// The cadences whose subscribers get the issues of a stream: its own, and for a digest's own stream those that its
/// file does not offer any more.
pub(in crate::store) async fn chosen<'a>(db: impl Into<Place<'a>>, stream: &Digest) -> Result<Vec<String>, StoreError> {
    if let Some(cadence) = &stream.cadence {
        return Ok(vec![cadence.clone()]);
    }
    let rows = query("select distinct cadence from subscribers where digest = $1 and cadence <> '' order by cadence")
        .bind(stream.list.as_str())
        .fetch_all(db)
        .await
        .map_err(failed("looking for cadences"))?;
    let offered = |name: &String| stream.cadences.iter().any(|cadence| cadence.name == *name);
    let gone = rows.iter().map(|row| row.get::<String>("cadence")).filter(|name| !offered(name));
    Ok(std::iter::once(String::new()).chain(gone).collect())
}

/// How many get the issues of a stream.
///
/// # Errors
/// Where the database fails.
pub async fn count_of_stream(db: &Db, stream: &Digest) -> Result<u64, StoreError> {
    let mut count = 0;
    for cadence in chosen(db.read(), stream).await? {
        let row =
            query("select count(*) as n from subscribers where digest = $1 and state = 'active' and cadence = $2")
                .bind(stream.list.as_str())
                .bind(cadence)
                .fetch_one(db.read())
                .await
                .map_err(failed("counting subscribers"))?;
        count += row.get::<i64>("n").unsigned_abs();
    }
    Ok(count)
}

/// Moves a subscriber from one stream to another of the same digest. Where the new stream's open window starts after
/// the old one's, the old one's next issue is owed once more, since it holds what the new one has brought to others.
///
/// # Errors
/// Where the database fails.
pub async fn switch(db: &Db, id: i64, from: &DigestName, to: &DigestName, cadence: &str) -> Result<(), StoreError> {
    again(|| switch_once(db, id, from, to, cadence)).await
}

async fn switch_once(db: &Db, id: i64, from: &DigestName, to: &DigestName, cadence: &str) -> Result<(), StoreError> {
    // One transaction with the look at the windows, so that no issue is frozen in between.
    let mut tx = db.begin().await?;
    for stream in if from < to { [from, to] } else { [to, from] } {
        tx.lock(&digest_lock(stream.as_str())).await?;
    }
    query("update subscribers set cadence = $2 where id = $1")
        .bind(id)
        .bind(cadence)
        .execute(&mut tx)
        .await
        .map_err(failed("switching a cadence"))?;
    let (old, new) = (open_window(&mut tx, from).await?, open_window(&mut tx, to).await?);
    query("delete from owed_issues where stream = $1 and subscriber_id = $2")
        .bind(to.as_str())
        .bind(id)
        .execute(&mut tx)
        .await
        .map_err(failed("switching a cadence"))?;
    if new > old {
        query("insert into owed_issues (stream, subscriber_id) values ($1, $2) on conflict do nothing")
            .bind(from.as_str())
            .bind(id)
            .execute(&mut tx)
            .await
            .map_err(failed("noting an issue that is owed"))?;
    }
    tx.commit().await.map_err(failed("switching a cadence"))
}

/// Where the window of a stream's next issue starts, in milliseconds.
async fn open_window(db: &mut Tx, stream: &DigestName) -> Result<Option<i64>, StoreError> {
    let row = query(
        "select coalesce((select max(window_until) from issues where digest = $1 and moves_window = 1), \
         (select first_seen_at from digests where name = $1)) as at",
    )
    .bind(stream.as_str())
    .fetch_one(db)
    .await
    .map_err(failed("looking for a window"))?;
    Ok(row.get("at"))
}

/// Forgets what is owed to a subscriber who leaves.
///
/// # Errors
/// Where the database fails.
pub async fn forget_owed(db: &Db, id: i64) -> Result<(), StoreError> {
    query("delete from owed_issues where subscriber_id = $1")
        .bind(id)
        .execute(db.write())
        .await
        .map_err(failed("forgetting what is owed"))
        .map(|_| ())
}

/// The subscribers to whom this issue of a stream is owed; from now on it is not.
pub(in crate::store) async fn owed(db: &mut Tx, stream: &DigestName) -> Result<Vec<i64>, StoreError> {
    let rows = query("select subscriber_id from owed_issues where stream = $1 order by subscriber_id")
        .bind(stream.as_str())
        .fetch_all(&mut *db)
        .await
        .map_err(failed("looking for issues owed"))?;
    query("delete from owed_issues where stream = $1")
        .bind(stream.as_str())
        .execute(db)
        .await
        .map_err(failed("noting that an issue is owed no more"))?;
    Ok(rows.iter().map(|row| row.get("subscriber_id")).collect())
}
