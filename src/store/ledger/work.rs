//! What delivery workers do with their claims: hand, settle, release, prolong; and the recovery of the
//! claims of workers that died.
//!
//! Every move is guarded by the state and the worker it expects: a worker that lost its lease moves
//! nothing, and learns it. A step is one transaction, however many rows it moves.

use jiff::Timestamp;

use super::{DeliveryKey, Edge};
use crate::{
    model::DeliveryState,
    store::{
        db::{Db, StoreError, Tx, failed, millis},
        statement::query,
    },
};

use DeliveryState::{Claimed, Deferred, Failed, Handing, Sent, Uncertain, Waiting};

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// The message is about to leave, under this Message-ID. Refused where the person has left meanwhile,
    /// or the issue is paused or cancelled.
    Handing {
        /// The Message-ID, without angle brackets.
        message_id: String,
    },
    /// The server took it.
    Sent {
        /// What it said.
        reply: String,
    },
    /// Refused for good.
    Failed {
        /// Why.
        reply: String,
    },
    /// Put off.
    Deferred {
        /// Why.
        reply: String,
        /// Until when.
        next_try: Timestamp,
    },
    /// Nobody can know.
    Uncertain {
        /// How it was lost.
        why: String,
    },
    /// Given back untried.
    Released,
}

impl Mark {
    /// The moves that lead there. A settled answer may come late, when the lease had run out and the row
    /// was called uncertain: knowing is better than not knowing.
    const fn edges(&self) -> &'static [Edge] {
        match self {
            Self::Handing { .. } => const { &[Edge::new(Claimed, Handing)] },
            Self::Sent { .. } => const { &[Edge::new(Handing, Sent), Edge::new(Uncertain, Sent)] },
            Self::Failed { .. } => {
                const { &[Edge::new(Claimed, Failed), Edge::new(Handing, Failed), Edge::new(Uncertain, Failed)] }
            }
            Self::Deferred { .. } => const { &[Edge::new(Claimed, Deferred), Edge::new(Handing, Deferred)] },
            Self::Uncertain { .. } => const { &[Edge::new(Handing, Uncertain)] },
            Self::Released => const { &[Edge::new(Claimed, Waiting)] },
        }
    }

    fn reply(&self) -> Option<&str> {
        match self {
            Self::Handing { .. } | Self::Released => None,
            Self::Sent { reply } | Self::Failed { reply } | Self::Deferred { reply, .. } => Some(reply),
            Self::Uncertain { why } => Some(why),
        }
    }
}

/// Records what became of claims, all in one transaction; tells of each whether it was recorded. What is
/// refused was no longer this worker's to move.
///
/// # Errors
/// Where a statement fails: then nothing is recorded.
pub async fn record(
    db: &Db,
    worker: &str,
    marks: &[(DeliveryKey, Mark)],
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Vec<bool>, StoreError> {
    let mut tx = db.begin().await?;
    let mut recorded = Vec::with_capacity(marks.len());
    for (key, mark) in marks {
        recorded.push(match mark {
            Mark::Handing { message_id } => hand(&mut tx, worker, key, message_id, lease_until, now).await?,
            _ => settle(&mut tx, worker, key, mark, now).await?,
        });
    }
    tx.commit().await.map_err(failed("recording deliveries"))?;
    Ok(recorded)
}

async fn hand(
    tx: &mut Tx,
    worker: &str,
    key: &DeliveryKey,
    message_id: &str,
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const EDGE: Edge = Edge::new(Claimed, Handing);
    const SQL: &str = "\
        update deliveries set state = $1, message_id = $2, lease_until = $3, updated_at = $4
        where digest = $5 and number = $6 and subscriber_id = $7 and state = $8 and worker = $9
        and exists (select 1 from issues i
            where i.digest = $5 and i.number = $6 and i.state not in ('paused', 'cancelled'))
        and exists (select 1 from subscribers s where s.id = $7 and s.state = 'active')";
    query(SQL)
        .bind(EDGE.to.as_str())
        .bind(message_id)
        .bind(millis(lease_until))
        .bind(millis(now))
        .bind(key.digest.as_str())
        .bind(i64::from(key.number))
        .bind(key.subscriber_id)
        .bind(EDGE.from.as_str())
        .bind(worker)
        .execute(&mut *tx)
        .await
        .map_err(failed("marking a delivery as in hand"))
        .map(|done| done == 1)
}

async fn settle(tx: &mut Tx, worker: &str, key: &DeliveryKey, mark: &Mark, now: Timestamp) -> Result<bool, StoreError> {
    // The worker's name stays on a settled row: it says who sent it, and lets a late answer in.
    const SQL: &str = "\
        update deliveries set state = $1, reply = coalesce($2, reply), attempts = attempts + $3,
            next_try_at = $4, lease_until = null, updated_at = $5
        where digest = $6 and number = $7 and subscriber_id = $8 and state = $9 and worker = $10";
    // A row that is given back keeps its place in the queue.
    const RELEASE: &str = "\
        update deliveries set state = $1, reply = coalesce($2, reply), attempts = attempts + $3,
            next_try_at = coalesce(next_try_at, $4, $5), lease_until = null, worker = null, updated_at = $5
        where digest = $6 and number = $7 and subscriber_id = $8 and state = $9 and worker = $10";
    let sql = if matches!(mark, Mark::Released) { RELEASE } else { SQL };
    let next_try = if let Mark::Deferred { next_try, .. } = mark { Some(millis(*next_try)) } else { None };
    for edge in mark.edges() {
        let done = query(sql)
            .bind(edge.to.as_str())
            .bind(mark.reply())
            .bind(i64::from(!matches!(mark, Mark::Released)))
            .bind(next_try)
            .bind(millis(now))
            .bind(key.digest.as_str())
            .bind(i64::from(key.number))
            .bind(key.subscriber_id)
            .bind(edge.from.as_str())
            .bind(worker)
            .execute(&mut *tx)
            .await
            .map_err(failed("recording a delivery"))?;
        if done == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Prolongs the leases of what this worker holds.
///
/// # Errors
/// Where the statement fails.
pub async fn renew(db: &Db, worker: &str, lease_until: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "update deliveries set lease_until = $1 where state in ($2, $3) and worker = $4";
    query(SQL)
        .bind(millis(lease_until))
        .bind(Claimed.as_str())
        .bind(Handing.as_str())
        .bind(worker)
        .execute(db.write())
        .await
        .map_err(failed("prolonging leases"))
        .map(|_| ())
}

/// What [`recover`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Claimed, nothing had left: waiting again.
    pub waiting: u64,
    /// In hand: nobody can know.
    pub uncertain: u64,
}

/// Takes back what was held by workers whose lease ran out: they are dead, or as good as dead.
///
/// # Errors
/// Where a statement fails.
pub async fn recover(db: &Db, now: Timestamp) -> Result<Recovered, StoreError> {
    const BACK: Edge = Edge::new(Claimed, Waiting);
    const LOST: Edge = Edge::new(Handing, Uncertain);
    const BACK_SQL: &str = "\
        update deliveries set state = $1, worker = null, lease_until = null,
            next_try_at = coalesce(next_try_at, $2), updated_at = $2
        where state = $3 and lease_until < $2";
    const LOST_SQL: &str = "\
        update deliveries set state = $1, attempts = attempts + 1, lease_until = null, next_try_at = null,
            reply = 'the sending process was lost while the message was handed over', updated_at = $2
        where state = $3 and lease_until < $2";
    let mut tx = db.begin().await?;
    let mut moved = [0; 2];
    for (count, (sql, edge)) in moved.iter_mut().zip([(BACK_SQL, BACK), (LOST_SQL, LOST)]) {
        let done = query(sql)
            .bind(edge.to.as_str())
            .bind(millis(now))
            .bind(edge.from.as_str())
            .execute(&mut tx)
            .await
            .map_err(failed("recovering deliveries"))?;
        *count = done;
    }
    tx.commit().await.map_err(failed("recovering deliveries"))?;
    Ok(Recovered { waiting: moved[0], uncertain: moved[1] })
}
