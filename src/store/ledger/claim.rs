//! Claiming: which deliveries are due, who still wants them, and which worker holds them.

use jiff::Timestamp;

use super::{
    DeliveryKey, Edge,
    open::{self, OpenIssue},
    parse_count, parse_email, parse_name, read_key,
};
use crate::{
    model::{DeliveryState, DigestName, DisplayName, EmailAddress},
    store::{
        db::{Db, StoreError, Tx, failed, millis},
        statement::{Row, query},
    },
};

use DeliveryState::{Claimed, Deferred, Excluded, Waiting};

/// A delivery that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Which.
    pub key: DeliveryKey,
    /// Where it goes, as frozen.
    pub email: EmailAddress,
    /// How the recipient is called, as frozen.
    pub name: Option<DisplayName>,
    /// Earlier tries.
    pub attempts: u32,
}

/// Claims up to `limit` due deliveries, of one issue or of all, the oldest issue first.
///
/// A recipient who is no longer active becomes excluded here: leaving beats freezing. Issues that are
/// paused are passed over; what a cancelled issue still has to send becomes excluded. Several processes may claim
/// at once: each gets rows that no other has.
///
/// # Errors
/// Where a statement fails or a row cannot be read.
pub async fn claim(
    db: &Db,
    worker: &str,
    only: Option<(&DigestName, u32)>,
    limit: u32,
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Vec<Claim>, StoreError> {
    let mut tx = db.begin().await?;
    let mut claims = Vec::new();
    // Deferred before waiting: they belong to older issues.
    for from in [Deferred, Waiting] {
        for issue in open::issues(&mut tx, only, from).await? {
            loop {
                let room = i64::from(limit) - i64::try_from(claims.len()).unwrap_or(i64::MAX);
                if room <= 0 {
                    break;
                }
                let taken = take(&mut tx, worker, &issue, from, room, (lease_until, now)).await?;
                let before = claims.len();
                for row in taken.iter().filter(|row| row.get::<&str>("state") == Claimed.as_str()) {
                    claims.push(read_claim(row)?);
                }
                // Where all that came was excluded, more may be due.
                if taken.is_empty() || claims.len() > before {
                    break;
                }
            }
        }
    }
    tx.commit().await.map_err(failed("claiming deliveries"))?;
    Ok(claims)
}

/// Takes due rows of an issue that are in one state: claimed where the recipient is still on the list, excluded otherwise.
async fn take(
    tx: &mut Tx,
    worker: &str,
    issue: &OpenIssue,
    from: DeliveryState,
    room: i64,
    (lease_until, now): (Timestamp, Timestamp),
) -> Result<Vec<Row>, StoreError> {
    const EDGES: [(Edge, Edge); 2] = [
        (Edge::new(Deferred, Claimed), Edge::new(Deferred, Excluded)),
        (Edge::new(Waiting, Claimed), Edge::new(Waiting, Excluded)),
    ];
    const SQL: &str = "\
        with due (of_subscriber, why) as materialized (
            select d.subscriber_id,
                case when $4 = 1 then 'cancelled' when s.state = 'active' then null
                    when s.state = 'blocked' then 'blocked' when s.state = 'pending' then 'not confirmed'
                    else 'left' end
            from deliveries d left join subscribers s on s.id = d.subscriber_id
            where d.state = $1 and d.digest = $2 and d.number = $3 and d.next_try_at <= $5
            order by d.next_try_at limit $6{ for update of d skip locked})
        update deliveries set state = case when why is null then $7 else $8 end, reply = coalesce(why, reply),
            worker = case when why is null then $9 else worker end, lease_until = case when why is null then $10 end,
            next_try_at = case when why is null then next_try_at end, updated_at = $5
        from due
        where digest = $2 and number = $3 and subscriber_id = of_subscriber and state = $1
        returning digest, number, subscriber_id, email, name, state, attempts";
    let Some((claimed, excluded)) = EDGES.iter().find(|(edge, _)| edge.from == from) else { return Ok(Vec::new()) };
    query(SQL)
        .bind(from.as_str())
        .bind(issue.digest.as_str())
        .bind(issue.number)
        .bind(i64::from(issue.cancelled))
        .bind(millis(now))
        .bind(room)
        .bind(claimed.to.as_str())
        .bind(excluded.to.as_str())
        .bind(worker)
        .bind(millis(lease_until))
        .fetch_all(&mut *tx)
        .await
        .map_err(failed("claiming deliveries"))
}

fn read_claim(row: &Row) -> Result<Claim, StoreError> {
    let key = read_key(row)?;
    let name = key.to_string();
    Ok(Claim {
        email: parse_email(&name, row.get("email"))?,
        name: parse_name(&name, row.get("name"))?,
        attempts: parse_count(&name, "attempts", row.get("attempts"))?,
        key,
    })
}
