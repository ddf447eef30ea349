//! Claiming: which deliveries are due, who still wants them, and which worker holds them.

use jiff::Timestamp;
use sqlx::{FromRow, Sqlite, SqliteTransaction};

use super::{DeliveryKey, Edge, parse_count, parse_email, parse_key, parse_name, parse_state};
use crate::{
    model::{DeliveryState, DigestName, DisplayName, EmailAddress, SubscriberState},
    store::db::{Db, StoreError, failed, millis},
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
/// paused are passed over; what a cancelled issue still has to send becomes excluded.
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
    loop {
        let candidates = candidates(&mut tx, only, limit, now).await?;
        if candidates.is_empty() {
            break;
        }
        for candidate in candidates {
            let (key, state) = (candidate.key()?, candidate.from()?);
            if let Some(why) = candidate.excluded() {
                exclude(&mut tx, &key, state, why, now).await?;
            } else {
                take(&mut tx, &key, state, worker, lease_until, now).await?;
                claims.push(candidate.claim(key)?);
            }
        }
        if !claims.is_empty() {
            break;
        }
    }
    tx.commit().await.map_err(failed("claiming deliveries"))?;
    Ok(claims)
}

#[derive(FromRow)]
struct Candidate {
    digest: String,
    number: i64,
    subscriber_id: i64,
    email: String,
    name: Option<String>,
    state: String,
    attempts: i64,
    membership: Option<String>,
    issue_state: String,
}

impl Candidate {
    fn key(&self) -> Result<DeliveryKey, StoreError> {
        parse_key(self.digest.clone(), self.number, self.subscriber_id)
    }

    fn from(&self) -> Result<DeliveryState, StoreError> {
        parse_state(&self.digest, &self.state)
    }

    fn excluded(&self) -> Option<&'static str> {
        if self.issue_state == "cancelled" {
            return Some("cancelled");
        }
        match self.membership.as_deref().map(SubscriberState::parse) {
            Some(Some(SubscriberState::Active)) => None,
            Some(Some(SubscriberState::Blocked)) => Some("blocked"),
            Some(Some(SubscriberState::Pending)) => Some("not confirmed"),
            Some(Some(SubscriberState::Left) | None) | None => Some("left"),
        }
    }

    fn claim(self, key: DeliveryKey) -> Result<Claim, StoreError> {
        let row = key.to_string();
        Ok(Claim {
            email: parse_email(&row, &self.email)?,
            name: parse_name(&row, self.name.as_deref())?,
            attempts: parse_count(&row, "attempts", self.attempts)?,
            key,
        })
    }
}

/// Due rows: the deferred before the waiting, since they belong to older issues.
async fn candidates(
    tx: &mut SqliteTransaction<'_>,
    only: Option<(&DigestName, u32)>,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<Candidate>, StoreError> {
    // Ordered by next_try_at alone, so that the index gives the order and a long list is not sorted at
    // each claim: rows of one issue share the time of its freeze.
    const SQL: &str = "\
        select d.digest, d.number, d.subscriber_id, d.email, d.name, d.state, d.attempts,
            s.state as membership, i.state as issue_state
        from deliveries d
        join issues i on i.digest = d.digest and i.number = d.number
        left join subscribers s on s.id = d.subscriber_id
        where d.state = $1 and d.next_try_at <= $2 and i.state <> 'paused'
        and ($3 is null or (d.digest = $3 and d.number = $4))
        order by d.next_try_at limit $5";
    let mut found: Vec<Candidate> = Vec::new();
    for state in [Deferred, Waiting] {
        let room = i64::from(limit) - i64::try_from(found.len()).unwrap_or(i64::MAX);
        if room <= 0 {
            break;
        }
        let rows = sqlx::query_as::<Sqlite, Candidate>(SQL)
            .bind(state.as_str())
            .bind(millis(now))
            .bind(only.map(|(digest, _)| digest.as_str()))
            .bind(only.map(|(_, number)| i64::from(number)))
            .bind(room)
            .fetch_all(&mut **tx)
            .await
            .map_err(failed("looking for due deliveries"))?;
        found.extend(rows);
    }
    Ok(found)
}

async fn take(
    tx: &mut SqliteTransaction<'_>,
    key: &DeliveryKey,
    from: DeliveryState,
    worker: &str,
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    const EDGES: [Edge; 2] = [Edge::new(Waiting, Claimed), Edge::new(Deferred, Claimed)];
    const SQL: &str = "\
        update deliveries set state = $1, worker = $2, lease_until = $3, updated_at = $4
        where digest = $5 and number = $6 and subscriber_id = $7 and state = $8";
    for edge in EDGES.iter().filter(|edge| edge.from == from) {
        sqlx::query::<Sqlite>(SQL)
            .bind(edge.to.as_str())
            .bind(worker)
            .bind(millis(lease_until))
            .bind(millis(now))
            .bind(key.digest.as_str())
            .bind(i64::from(key.number))
            .bind(key.subscriber_id)
            .bind(edge.from.as_str())
            .execute(&mut **tx)
            .await
            .map_err(failed("claiming a delivery"))?;
    }
    Ok(())
}

async fn exclude(
    tx: &mut SqliteTransaction<'_>,
    key: &DeliveryKey,
    from: DeliveryState,
    why: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    const EDGES: [Edge; 2] = [Edge::new(Waiting, Excluded), Edge::new(Deferred, Excluded)];
    const SQL: &str = "\
        update deliveries set state = $1, reply = $2, next_try_at = null, updated_at = $3
        where digest = $4 and number = $5 and subscriber_id = $6 and state = $7";
    for edge in EDGES.iter().filter(|edge| edge.from == from) {
        sqlx::query::<Sqlite>(SQL)
            .bind(edge.to.as_str())
            .bind(why)
            .bind(millis(now))
            .bind(key.digest.as_str())
            .bind(i64::from(key.number))
            .bind(key.subscriber_id)
            .bind(edge.from.as_str())
            .execute(&mut **tx)
            .await
            .map_err(failed("excluding a delivery"))?;
    }
    Ok(())
}
