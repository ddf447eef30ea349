//! What delivery workers do with their claims: settle, release, prolong; and the recovery of the claims of workers
//! that died.
//!
//! Every move is guarded by the state and the worker it expects: a worker that lost its lease moves
//! nothing, and learns it. A step is one transaction and few statements, however many rows it moves.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use super::{DeliveryKey, Edge};
use crate::{
    model::{DeliveryState, DigestName},
    store::{
        again::again,
        db::{Db, StoreError, Tx, failed, millis},
        statement::query,
    },
};

use DeliveryState::{Claimed, Deferred, Failed, Sent, Uncertain, Waiting};

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
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
    /// The moves that lead there, all to the same state. A settled answer may come late, when the lease had run out
    /// and the row was called uncertain: knowing is better than not knowing.
    const fn edges(&self) -> &'static [Edge] {
        match self {
            Self::Sent { .. } => const { &[Edge::new(Claimed, Sent), Edge::new(Uncertain, Sent)] },
            Self::Failed { .. } => const { &[Edge::new(Claimed, Failed), Edge::new(Uncertain, Failed)] },
            Self::Deferred { .. } => const { &[Edge::new(Claimed, Deferred)] },
            Self::Uncertain { .. } => const { &[Edge::new(Claimed, Uncertain)] },
            Self::Released => const { &[Edge::new(Claimed, Waiting), Edge::new(Uncertain, Waiting)] },
        }
    }

    /// Where it leads.
    pub const fn state(&self) -> DeliveryState {
        match self {
            Self::Sent { .. } => Sent,
            Self::Failed { .. } => Failed,
            Self::Deferred { .. } => Deferred,
            Self::Uncertain { .. } => Uncertain,
            Self::Released => Waiting,
        }
    }

    fn reply(&self) -> Option<&str> {
        match self {
            Self::Released => None,
            Self::Sent { reply } | Self::Failed { reply } | Self::Deferred { reply, .. } => Some(reply),
            Self::Uncertain { why } => Some(why),
        }
    }
}

/// What became of one claim, to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Which.
    pub key: DeliveryKey,
    /// What.
    pub mark: Mark,
    /// The Message-ID it was sent under, without angle brackets.
    pub message_id: Option<String>,
}

/// Records what became of claims, all in one transaction; tells of each whether it was recorded. What is
/// refused was no longer this worker's to move.
///
/// # Errors
/// Where a statement fails: then nothing is recorded.
pub async fn record(db: &Db, worker: &str, settled: &[Settled], now: Timestamp) -> Result<Vec<bool>, StoreError> {
    let groups = groups(settled);
    again(|| record_once(db, worker, settled, &groups, now)).await
}

async fn record_once(
    db: &Db,
    worker: &str,
    settled: &[Settled],
    groups: &[Group],
    now: Timestamp,
) -> Result<Vec<bool>, StoreError> {
    let mut recorded = vec![false; settled.len()];
    let mut tx = db.begin_by_key().await?;
    for group in groups {
        let moved = move_group(&mut tx, worker, group, now).await?;
        for at in &group.places {
            recorded[*at] = settled.get(*at).is_some_and(|one| moved.contains(&one.key.subscriber_id));
        }
    }
    tx.commit().await.map_err(failed("recording deliveries"))?;
    Ok(recorded)
}

/// Outcomes of one kind, of one issue: one statement moves them.
struct Group {
    digest: DigestName,
    number: u32,
    edges: &'static [Edge],
    /// The outcomes as the statements read them.
    rows: String,
    /// Where they stand among all.
    places: Vec<usize>,
}

fn groups(settled: &[Settled]) -> Vec<Group> {
    let mut sorted: BTreeMap<(&DigestName, u32, DeliveryState), Vec<usize>> = BTreeMap::new();
    for (at, Settled { key, mark, .. }) in settled.iter().enumerate() {
        sorted.entry((&key.digest, key.number, mark.state())).or_default().push(at);
    }
    let group = |((digest, number, _), places): ((&DigestName, u32, _), Vec<usize>)| {
        let rows: Vec<&Settled> = places.iter().filter_map(|at| settled.get(*at)).collect();
        let edges = rows.first()?.mark.edges();
        Some(Group { digest: digest.clone(), number, edges, rows: listed(&rows), places })
    };
    sorted.into_iter().filter_map(group).collect()
}

/// Outcomes as the statements read them.
fn listed(rows: &[&Settled]) -> String {
    let row = |Settled { key, mark, message_id }: &Settled| {
        let next = if let Mark::Deferred { next_try, .. } = mark { Some(millis(*next_try)) } else { None };
        // Written as an escape it would pass by what `bind` does with it, and PostgreSQL refuse the group for ever.
        let reply = mark.reply().map(|reply| reply.replace('\0', "\u{FFFD}"));
        serde_json::json!({"s": key.subscriber_id, "r": reply, "m": message_id, "n": next})
    };
    serde_json::Value::from(rows.iter().map(|one| row(one)).collect::<Vec<_>>()).to_string()
}

/// Moves rows of one issue along the same edges, and tells whose.
async fn move_group(tx: &mut Tx, worker: &str, group: &Group, now: Timestamp) -> Result<HashSet<i64>, StoreError> {
    let Group { digest, number, edges, rows, .. } = group;
    // The whole key is given, and the state is no bare column: so the primary key is the one way to the rows
    // (see `Db::begin_by_key`). The worker's name stays on a settled row: it says who sent it, and lets a late answer in.
    const SETTLE: &str = "\
        with given (of_digest, of_number, of_subscriber, of_reply, of_message, of_next) as materialized (
            select $4, cast($5 as bigint), cast(value ->> 's' as bigint), value ->> 'r', value ->> 'm', cast(value ->> 'n' as bigint)
            from {json_array_elements(cast($3 as json))|json_each($3)})
        update deliveries set state = $1, reply = coalesce(of_reply, reply), message_id = coalesce(of_message, message_id),
            attempts = attempts + case when state = 'claimed' then 1 else 0 end,
            next_try_at = of_next, lease_until = null, updated_at = $2
        from given where digest = of_digest and number = of_number and subscriber_id = of_subscriber and worker = $6
        and state || '' in ($7, $8)
        returning subscriber_id";
    // A row that is given back keeps its place in the queue. An uncertain one has a lease only where it became so
    // because that ran out: then its worker may know better.
    const RELEASE: &str = "\
        with given (of_digest, of_number, of_subscriber) as materialized (
            select $4, cast($5 as bigint), cast(value ->> 's' as bigint) from {json_array_elements(cast($3 as json))|json_each($3)})
        update deliveries set state = $1, attempts = attempts - case when state = 'claimed' then 0 else 1 end,
            next_try_at = coalesce(next_try_at, $2), lease_until = null, worker = null, updated_at = $2
        from given where digest = of_digest and number = of_number and subscriber_id = of_subscriber and worker = $6
        and state || '' in ($7, $8) and lease_until is not null
        returning subscriber_id";
    let [Edge { from, to }, others @ ..] = *edges else { return Ok(HashSet::new()) };
    let also = others.first().map_or(*from, |edge| edge.from);
    let moved = query(if *to == Waiting { RELEASE } else { SETTLE })
        .bind(to.as_str())
        .bind(millis(now))
        .bind(rows)
        .bind(digest.as_str())
        .bind(i64::from(*number))
        .bind(worker)
        .bind(from.as_str())
        .bind(also.as_str())
        .fetch_all(&mut *tx)
        .await
        .map_err(failed("recording deliveries"))?;
    if *to == Uncertain {
        confirm(tx, worker, group).await?;
    }
    Ok(moved.iter().map(|row| row.get("subscriber_id")).collect())
}

/// Notes that rows are uncertain by what their worker knows, and not only since its lease ran out: the lease on the row,
/// which is the sign of that, goes. A worker that is buried would take such a row back as not begun, and send it twice.
async fn confirm(tx: &mut Tx, worker: &str, Group { digest, number, rows, .. }: &Group) -> Result<(), StoreError> {
    const SQL: &str = "\
        with given (of_digest, of_number, of_subscriber) as materialized (
            select $2, cast($3 as bigint), cast(value ->> 's' as bigint) from {json_array_elements(cast($1 as json))|json_each($1)})
        update deliveries set lease_until = null
        from given where digest = of_digest and number = of_number and subscriber_id = of_subscriber and worker = $4
        and state || '' = $5";
    query(SQL)
        .bind(rows)
        .bind(digest.as_str())
        .bind(i64::from(*number))
        .bind(worker)
        .bind(Uncertain.as_str())
        .execute(tx)
        .await
        .map_err(failed("recording deliveries"))
        .map(|_| ())
}

/// Prolongs the leases of what this worker holds.
///
/// # Errors
/// Where the statement fails.
pub async fn renew(db: &Db, worker: &str, lease_until: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "update deliveries set lease_until = $1 where state = $2 and worker = $3";
    let prolong = async || {
        let prolonging = query(SQL).bind(millis(lease_until)).bind(Claimed.as_str()).bind(worker);
        prolonging.execute(db.write()).await.map_err(failed("prolonging leases")).map(|_| ())
    };
    again(prolong).await
}

/// Makes uncertain what is held by workers whose lease ran out, and gives the number: they are dead, or as good as
/// dead, and what they held may have been on the wire. Should their journal be found, it settles these rows.
///
/// # Errors
/// Where the statement fails.
pub async fn recover(db: &Db, now: Timestamp) -> Result<u64, StoreError> {
    const EDGE: Edge = Edge::new(Claimed, Uncertain);
    // The lease stays on the row, as the sign that it became uncertain by that.
    const SQL: &str = "\
        update deliveries set state = $1, attempts = attempts + 1, next_try_at = null,
            reply = 'the sending process was lost, and with it what it knew', updated_at = $2
        where state = $3 and lease_until < $2";
    let recovered = async || {
        let recovering = query(SQL).bind(EDGE.to.as_str()).bind(millis(now)).bind(EDGE.from.as_str());
        recovering.execute(db.write()).await.map_err(failed("recovering deliveries"))
    };
    again(recovered).await
}

/// Takes back what a dead worker held and its journal does not speak of, or what a living one has lost sight of, and
/// gives the number. Where the journal is known to be whole, that was not begun and waits again; else it is uncertain.
///
/// # Errors
/// Where the statement fails.
pub async fn bury(db: &Db, worker: &str, whole: bool, now: Timestamp) -> Result<u64, StoreError> {
    const BACK: [Edge; 2] = [Edge::new(Claimed, Waiting), Edge::new(Uncertain, Waiting)];
    const LOST: Edge = Edge::new(Claimed, Uncertain);
    const BACK_SQL: &str = "\
        update deliveries set state = $1, attempts = attempts - case when state = 'claimed' then 0 else 1 end,
            next_try_at = coalesce(next_try_at, $2), worker = null, lease_until = null, updated_at = $2
        where worker = $3 and state in ($4, $5) and lease_until is not null";
    const LOST_SQL: &str = "\
        update deliveries set state = $1, attempts = attempts + 1, next_try_at = null, lease_until = null,
            reply = 'the system went down while the message may have been on its way', updated_at = $2
        where worker = $3 and state in ($4, $5)";
    let (sql, to, from) = match whole {
        true => (BACK_SQL, BACK[0].to, BACK.map(|edge| edge.from)),
        false => (LOST_SQL, LOST.to, [LOST.from; 2]),
    };
    let taken_back = async || {
        query(sql)
            .bind(to.as_str())
            .bind(millis(now))
            .bind(worker)
            .bind(from[0].as_str())
            .bind(from[1].as_str())
            .execute(db.write())
            .await
            .map_err(failed("taking back the deliveries of a dead worker"))
    };
    again(taken_back).await
}
