//! Claiming: which deliveries are due, who still wants them, and which worker holds them.

use jiff::Timestamp;

use super::{
    DeliveryKey, Edge,
    open::{self, OpenIssue},
    parse_count, parse_email, parse_name,
    rates::{Rates, Verdict},
    read_key,
};
use crate::{
    model::{DeliveryState, DigestName, DisplayName, EmailAddress, rate::Limits},
    store::{
        again::again,
        db::{Db, StoreError, Tx, failed, millis},
        statement::{Row, query},
    },
};

use DeliveryState::{Claimed as Held, Deferred, Excluded, Waiting};

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

/// What claiming came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claimed {
    /// What the worker holds now.
    pub claims: Vec<Claim>,
    /// When more may go, where a limit kept something back.
    pub more_at: Option<Timestamp>,
}

/// Claims up to `limit` due deliveries, of one issue or of all, the oldest issue first, as many as the limits let go.
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
    (limit, limits): (u32, &Limits),
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Claimed, StoreError> {
    again(|| claim_once(db, worker, only, (limit, limits), lease_until, now)).await
}

async fn claim_once(
    db: &Db,
    worker: &str,
    only: Option<(&DigestName, u32)>,
    (limit, limits): (u32, &Limits),
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Claimed, StoreError> {
    let mut tx = db.begin_by_key().await?;
    let mut rates = Rates::open(&mut tx, limits, now).await?;
    let allowed = rates.room(limit);
    if allowed == 0 && limit > 0 {
        return Ok(Claimed { claims: Vec::new(), more_at: Some(time(rates.free_at())) });
    }
    let mut claimed = Claimed::default();
    // Deferred before waiting: they belong to older issues.
    for from in [Deferred, Waiting] {
        for issue in open::issues(&mut tx, only, from).await? {
            loop {
                let room = i64::from(allowed) - i64::try_from(claimed.claims.len()).unwrap_or(i64::MAX);
                if room <= 0 {
                    break;
                }
                let taken = take(&mut tx, worker, &issue, from, room, (lease_until, now)).await?;
                let held = taken.iter().filter(|row| row.get::<&str>("state") == Held.as_str());
                let held = held.map(read_claim).collect::<Result<Vec<_>, _>>()?;
                let found = keep(&mut tx, worker, &mut rates, (held, from), now).await?;
                claimed.more_at = claimed.more_at.max(found.more_at);
                let kept = !found.claims.is_empty();
                claimed.claims.extend(found.claims);
                // Where all that came was excluded or has to wait, more may be due.
                if taken.is_empty() || kept {
                    break;
                }
            }
        }
    }
    tx.commit().await.map_err(failed("claiming deliveries"))?;
    Ok(claimed)
}

/// Keeps what may go by the limits of the recipients' domains; the rest goes back to where it was, until later.
async fn keep(
    tx: &mut Tx,
    worker: &str,
    rates: &mut Rates<'_>,
    (held, from): (Vec<Claim>, DeliveryState),
    now: Timestamp,
) -> Result<Claimed, StoreError> {
    const EDGES: [Edge; 2] = [Edge::new(Held, Deferred), Edge::new(Held, Waiting)];
    const SQL: &str = "\
        with given (of_digest, of_number, of_subscriber, of_next) as materialized (
            select value ->> 'd', cast(value ->> 'i' as bigint), cast(value ->> 's' as bigint), cast(value ->> 'n' as bigint)
            from {json_array_elements(cast($3 as json))|json_each($3)})
        update deliveries set state = $1, next_try_at = of_next, worker = null, lease_until = null, updated_at = $2
        from given where digest = of_digest and number = of_number and subscriber_id = of_subscriber
        and state || '' = $4 and worker = $5";
    let domains: Vec<String> = held.iter().map(|claim| claim.email.domain().to_ascii_lowercase()).collect();
    let verdicts = rates.decide(tx, &domains).await?;
    let mut kept = Claimed::default();
    let mut back = Vec::new();
    for (claim, verdict) in held.into_iter().zip(verdicts) {
        match verdict {
            Verdict::Go => kept.claims.push(claim),
            Verdict::Wait(until) => {
                kept.more_at = kept.more_at.max(Some(time(until)));
                let DeliveryKey { digest, number, subscriber_id } = claim.key;
                back.push(serde_json::json!({"d": digest.as_str(), "i": number, "s": subscriber_id, "n": until}));
            }
        }
    }
    let Some(edge) = EDGES.iter().find(|edge| edge.to == from).filter(|_| !back.is_empty()) else { return Ok(kept) };
    query(SQL)
        .bind(edge.to.as_str())
        .bind(millis(now))
        .bind(serde_json::Value::from(back).to_string())
        .bind(edge.from.as_str())
        .bind(worker)
        .execute(&mut *tx)
        .await
        .map_err(failed("putting deliveries off"))?;
    Ok(kept)
}

fn time(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
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
    // The whole key comes out of `due`, and the state is no bare column: so the primary key is the one way to the
    // rows (see `Db::begin_by_key`).
    const EDGES: [(Edge, Edge); 2] = [
        (Edge::new(Deferred, Held), Edge::new(Deferred, Excluded)),
        (Edge::new(Waiting, Held), Edge::new(Waiting, Excluded)),
    ];
    const SQL: &str = "\
        with due (of_digest, of_number, of_subscriber, why) as materialized (
            select d.digest, d.number, d.subscriber_id,
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
        where digest = of_digest and number = of_number and subscriber_id = of_subscriber and state || '' = $1
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
