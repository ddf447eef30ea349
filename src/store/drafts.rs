//! Drafts: scheduled issues that wait for a person, and the mails about them.
//!
//! A draft is stored in the transaction that takes its slot, and frozen or taken away in one that holds the lock of its
//! digest: so whatever several processes and people do at once, a slot has one draft, and a draft makes one issue.

mod decide;
mod mail;

pub use decide::{Approval, Cause, Composed, Refused, approve, compose, discard};
pub(super) use decide::{SHOWN_UNTIL, overtake};
pub use mail::{Handed, claim_mail, settle_mail};

use super::{
    db::{Db, StoreError, bad_row, failed, instant},
    statement::{Row, query},
};
use crate::model::{
    Draft, EmailAddress,
    draft::{DraftMail, DraftMailState, DraftState},
};

/// A draft by its id.
///
/// # Errors
/// Where the database fails.
pub async fn get(db: &Db, id: &str) -> Result<Option<Draft>, StoreError> {
    let row = query("select * from drafts where id = $1")
        .bind(id)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a draft"))?;
    row.as_ref().map(from_row).transpose()
}

/// The drafts on which something is still to be decided, of one stream or of all, oldest first.
///
/// # Errors
/// Where the database fails.
pub async fn open(db: &Db, digest: Option<&str>) -> Result<Vec<Draft>, StoreError> {
    let rows = query(
        "select * from drafts where state in ('waiting', 'overtaken') and ($1 is null or digest = $1) \
         order by composed_at, digest",
    )
    .bind(digest)
    .fetch_all(db.read())
    .await
    .map_err(failed("listing drafts"))?;
    rows.iter().map(from_row).collect()
}

/// The newest drafts, whatever became of them, of one stream or of all.
///
/// # Errors
/// Where the database fails.
pub async fn newest(db: &Db, digest: Option<&str>, limit: i64) -> Result<Vec<Draft>, StoreError> {
    let rows =
        query("select * from drafts where $1 is null or digest = $1 order by composed_at desc, digest, id limit $2")
            .bind(digest)
            .bind(limit)
            .fetch_all(db.read())
            .await
            .map_err(failed("listing drafts"))?;
    rows.iter().map(from_row).collect()
}

/// How many drafts wait for a person.
///
/// # Errors
/// Where the database fails.
pub async fn count_open(db: &Db) -> Result<u64, StoreError> {
    let row = query("select count(*) as n from drafts where state in ('waiting', 'overtaken')")
        .fetch_one(db.read())
        .await
        .map_err(failed("counting drafts"))?;
    Ok(row.get::<i64>("n").unsigned_abs())
}

/// The issue that an approved draft became.
///
/// # Errors
/// Where the database fails.
pub async fn number_of(db: &Db, draft: &Draft) -> Result<Option<u32>, StoreError> {
    let row = query("select number from issues where digest = $1 and idempotency_key = $2")
        .bind(draft.issue.digest.as_str())
        .bind(key(&draft.id))
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for the issue of a draft"))?;
    Ok(row.and_then(|row| u32::try_from(row.get::<i64>("number")).ok()))
}

/// The key that ties an issue to its draft, and lets it be made once.
fn key(id: &str) -> String {
    format!("draft {id}")
}

fn from_row(row: &Row) -> Result<Draft, StoreError> {
    let id: String = row.get("id");
    let name = format!("drafts/{id}");
    let (content, state): (String, String) = (row.get("content"), row.get("state"));
    let (to, mail_state): (String, String) = (row.get("mail_to"), row.get("mail_state"));
    let decided_at: Option<i64> = row.get("decided_at");
    let decided_at = decided_at.map(|at| instant(&name, "decided_at", at)).transpose()?;
    let decided_by: Option<String> = row.get("decided_by");
    Ok(Draft {
        due_at: instant(&name, "due_at", row.get("due_at"))?,
        issue: serde_json::from_str(&content).map_err(|error| bad_row(&name, "content", &error.to_string()))?,
        state: DraftState::parse(&state).ok_or_else(|| bad_row(&name, "state", &state))?,
        decided: decided_at.zip(decided_by),
        mail: DraftMail {
            to: EmailAddress::parse(&to).map_err(|_| bad_row(&name, "mail_to", &to))?,
            state: DraftMailState::parse(&mail_state).ok_or_else(|| bad_row(&name, "mail_state", &mail_state))?,
            tries: u32::try_from(row.get::<i64>("mail_tries")).unwrap_or(u32::MAX),
            at: instant(&name, "mail_at", row.get("mail_at"))?,
            reply: row.get("mail_reply"),
        },
        id,
    })
}
