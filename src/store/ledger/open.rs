//! Which issues have something to be claimed.
//!
//! Found by leaping through the index, one look an issue: neither the issues that are done nor the rows of one that
//! is paused cost anything, however many there are.

use super::parse_key;
use crate::{
    model::{DeliveryState, DigestName},
    store::{
        db::{StoreError, Tx, failed},
        statement::query,
    },
};

/// An issue with rows in a state.
#[derive(Debug, Clone)]
pub(super) struct OpenIssue {
    pub digest: DigestName,
    pub number: u32,
    pub cancelled: bool,
    composed_at: i64,
}

/// The issues that have rows in a state, the oldest first; those that are paused are left out.
pub(super) async fn issues(
    tx: &mut Tx,
    only: Option<(&DigestName, u32)>,
    state: DeliveryState,
) -> Result<Vec<OpenIssue>, StoreError> {
    // The next number of the digest, or the first of the next digest. Compared as one row, PostgreSQL leaps by the one
    // index that has that order, where it might else walk through the primary key of an issue it knows nothing of.
    // SQLite would leap by the first column only, and walk through all rows of the issue.
    const NEXT: &str = "\
        select i.digest, i.number, i.state, i.composed_at from (
            {select * from (select state, digest, number from deliveries where (state, digest, number) > ($1, $2, $3)
                order by state, digest, number limit 1) next where state = $1
            |select * from (select digest, number from deliveries where state = $1 and digest = $2 and number > $3
                order by number limit 1) here
            union all
            select * from (select digest, number from deliveries where state = $1 and digest > $2
                order by digest, number limit 1) beyond
            order by digest, number limit 1}) d
        join issues i on i.digest = d.digest and i.number = d.number";
    const ONE: &str = "select digest, number, state, composed_at from issues where digest = $1 and number = $2";
    let mut open = Vec::new();
    let (mut digest, mut number) = (String::new(), 0_i64);
    loop {
        let found = match only {
            Some((digest, number)) => query(ONE).bind(digest.as_str()).bind(number),
            None => query(NEXT).bind(state.as_str()).bind(digest).bind(number),
        };
        let found = found.fetch_optional(&mut *tx).await.map_err(failed("looking for issues to send"))?;
        let Some(row) = found else { break };
        (digest, number) = (row.get("digest"), row.get("number"));
        let key = parse_key(digest.clone(), number, 0)?;
        let word: &str = row.get("state");
        if word != "paused" {
            let (cancelled, composed_at) = (word == "cancelled", row.get("composed_at"));
            open.push(OpenIssue { digest: key.digest, number: key.number, cancelled, composed_at });
        }
        if only.is_some() {
            break;
        }
    }
    open.sort_by_key(|issue| issue.composed_at);
    Ok(open)
}
