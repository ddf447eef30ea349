//! What an operator decides about deliveries: send again, take as arrived, leave, cancel.
//!
//! Nothing here is done by the machine on its own.

use jiff::Timestamp;

use super::Edge;
use crate::{
    model::{DeliveryState, DigestName},
    store::{
        again::again,
        db::{Db, StoreError, failed, millis},
        statement::query,
    },
};

use DeliveryState::{Deferred, Excluded, Failed, Sent, Uncertain, Waiting};

/// A person's decision about deliveries that stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Send the uncertain again, under the same Message-ID: some may get it twice.
    ResendUncertain,
    /// Send what failed again, the fault being mended.
    ResendFailed,
    /// The uncertain did arrive.
    Arrived,
    /// The uncertain did not arrive, and are not sent again.
    Leave,
}

impl Decision {
    const fn edge(self) -> Edge {
        match self {
            Self::ResendUncertain => const { Edge::new(Uncertain, Waiting) },
            Self::ResendFailed => const { Edge::new(Failed, Waiting) },
            Self::Arrived => const { Edge::new(Uncertain, Sent) },
            Self::Leave => const { Edge::new(Uncertain, Failed) },
        }
    }

    const fn reply(self) -> &'static str {
        match self {
            Self::ResendUncertain | Self::ResendFailed => "sent again by the operator",
            Self::Arrived => "taken as arrived by the operator",
            Self::Leave => "left uncertain by the operator",
        }
    }
}

/// Carries out a decision for one recipient of an issue, or for all in that state, and gives the number
/// of rows moved. An issue that was cancelled takes no new sends: 0 rows.
///
/// # Errors
/// Where the statement fails.
pub async fn decide(
    db: &Db,
    digest: &DigestName,
    number: u32,
    subscriber: Option<i64>,
    decision: Decision,
    now: Timestamp,
) -> Result<u64, StoreError> {
    // The worker's name goes, so that no late answer overrules the person.
    const SQL: &str = "\
        update deliveries set state = $1, reply = $2, attempts = $3 * attempts, next_try_at = $4, worker = null,
            lease_until = null, updated_at = $5
        where digest = $6 and number = $7 and state = $8 and ($9 is null or subscriber_id = $9)
        and ($1 <> 'waiting' or exists (select 1 from issues i
            where i.digest = $6 and i.number = $7 and i.state <> 'cancelled'))";
    let edge = decision.edge();
    let anew = edge.to == Waiting;
    let carried_out = async || {
        query(SQL)
            .bind(edge.to.as_str())
            .bind(decision.reply())
            .bind(i64::from(!anew))
            .bind(anew.then(|| millis(now)))
            .bind(millis(now))
            .bind(digest.as_str())
            .bind(i64::from(number))
            .bind(edge.from.as_str())
            .bind(subscriber)
            .execute(db.write())
            .await
            .map_err(failed("carrying out a decision on deliveries"))
    };
    again(carried_out).await
}

/// Cancels what an issue has not sent yet and closes the issue, and gives the number of recipients spared.
/// What workers hold at this moment is theirs: what they have not begun comes back within seconds and is excluded
/// then, a message that is on its way still arrives.
///
/// # Errors
/// Where a statement fails: then nothing is cancelled.
pub async fn cancel(db: &Db, digest: &DigestName, number: u32, now: Timestamp) -> Result<u64, StoreError> {
    again(|| cancel_once(db, digest, number, now)).await
}

async fn cancel_once(db: &Db, digest: &DigestName, number: u32, now: Timestamp) -> Result<u64, StoreError> {
    const EDGES: [Edge; 2] = [Edge::new(Waiting, Excluded), Edge::new(Deferred, Excluded)];
    const ROWS: &str = "\
        update deliveries set state = $1, reply = 'cancelled', next_try_at = null, lease_until = null,
            worker = null, updated_at = $2
        where digest = $3 and number = $4 and state = $5";
    const ISSUE: &str = "update issues set state = 'cancelled' where digest = $1 and number = $2";
    let mut tx = db.begin().await?;
    let mut spared = 0;
    for edge in EDGES {
        let done = query(ROWS)
            .bind(edge.to.as_str())
            .bind(millis(now))
            .bind(digest.as_str())
            .bind(i64::from(number))
            .bind(edge.from.as_str())
            .execute(&mut tx)
            .await
            .map_err(failed("cancelling deliveries"))?;
        spared += done;
    }
    query(ISSUE)
        .bind(digest.as_str())
        .bind(i64::from(number))
        .execute(&mut tx)
        .await
        .map_err(failed("cancelling an issue"))?;
    tx.commit().await.map_err(failed("cancelling an issue"))?;
    Ok(spared)
}
