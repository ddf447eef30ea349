//! The mail about a draft: due from the moment the draft is stored, taken by one process at a time, tried again.

use jiff::Timestamp;

use super::from_row;
use crate::{
    model::{Draft, draft::DraftMailState},
    store::{
        db::{Db, StoreError, failed, millis},
        statement::query,
    },
};

/// What handing the mail over came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// The server took it.
    Sent,
    /// Not now: it is tried again then.
    Later(Timestamp),
    /// It is given up.
    Failed,
}

/// Takes a mail that is due, and keeps others from it until `held_until`: who takes it and dies leaves it to the next.
/// `None` where none is due.
///
/// # Errors
/// Where the database fails.
pub async fn claim_mail(db: &Db, now: Timestamp, held_until: Timestamp) -> Result<Option<Draft>, StoreError> {
    let rows = query(
        "select * from drafts where state = 'waiting' and mail_state = 'due' and mail_at <= $1 order by mail_at, id",
    )
    .bind(millis(now))
    .fetch_all(db.read())
    .await
    .map_err(failed("looking for mails about drafts"))?;
    for row in &rows {
        let draft = from_row(row)?;
        // Another process may have taken it since it was read.
        let taken = query(
            "update drafts set mail_at = $3, mail_tries = mail_tries + 1 \
             where id = $1 and state = 'waiting' and mail_state = 'due' and mail_at = $2",
        )
        .bind(&draft.id)
        .bind(millis(draft.mail.at))
        .bind(millis(held_until))
        .execute(db.write())
        .await
        .map_err(failed("taking a mail about a draft"))?;
        if taken > 0 {
            return Ok(Some(draft));
        }
    }
    Ok(None)
}

/// Notes what became of a mail that was taken.
///
/// # Errors
/// Where the database fails.
pub async fn settle_mail(db: &Db, id: &str, handed: &Handed, reply: &str, now: Timestamp) -> Result<(), StoreError> {
    let (state, at) = match handed {
        Handed::Sent => (DraftMailState::Sent, now),
        Handed::Later(at) => (DraftMailState::Due, *at),
        Handed::Failed => (DraftMailState::Failed, now),
    };
    query("update drafts set mail_state = $2, mail_at = $3, mail_reply = $4 where id = $1")
        .bind(id)
        .bind(state.as_str())
        .bind(millis(at))
        .bind(reply)
        .execute(db.write())
        .await
        .map_err(failed("noting what became of a mail about a draft"))
        .map(|_| ())
}
