//! Making a draft, and what is decided on it: each in one transaction that holds the lock of the digest.

use jiff::Timestamp;

use super::{from_row, key};
use crate::{
    compose::Outcome,
    model::{
        Digest, Draft, EmailAddress, Issue, QuoteDecision, Review,
        digest::Missed,
        draft::{DraftAct, DraftMailState, DraftState},
    },
    store::{
        again::again,
        db::{Db, StoreError, Tx, failed, millis},
        issues::{self, Freezing, IssueKind, Order, Snapshot},
        quote_decisions, reviews,
        runs::{self, RunOutcome},
        statement::query,
    },
};

/// What a draft is made for.
#[derive(Debug, Clone, Copy)]
pub enum Cause<'a> {
    /// A slot of the schedule, which is taken with it, and the rule where it was missed.
    Slot(Timestamp, Option<Missed>),
    /// Another draft, which it replaces, as somebody asked for.
    Again {
        /// The draft that was seen.
        id: &'a str,
        /// Who asked.
        by: &'a str,
    },
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// There is no such draft.
    Unknown,
    /// It does not wait any longer.
    Decided(Box<Draft>),
}

/// What making a draft came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Composed {
    /// A draft that waits.
    Draft(Box<Issue>),
    /// Too little news: nothing waits, the window stays open.
    TooFew {
        /// Reviews found.
        found: usize,
        /// Reviews asked for.
        minimum: usize,
    },
    /// The slot was taken.
    Taken,
    /// The draft to be replaced is not there any longer.
    Refused(Refused),
}

/// Makes a draft of the given id in place of the one that waits. Nothing is used, and no window ends. Where the database
/// wants that run again, so is `compose`.
///
/// # Errors
/// Where the database fails; then nothing was written.
pub async fn compose(
    db: &Db,
    order: &Order<'_>,
    cause: Cause<'_>,
    named: (&str, &EmailAddress),
    compose: impl Fn(Snapshot) -> Outcome,
) -> Result<Composed, StoreError> {
    again(|| compose_once(db, order, cause, named, &compose)).await
}

async fn compose_once(
    db: &Db,
    order: &Order<'_>,
    cause: Cause<'_>,
    (id, mail_to): (&str, &EmailAddress),
    compose: &impl Fn(Snapshot) -> Outcome,
) -> Result<Composed, StoreError> {
    let (name, now) = (order.digest.name.as_str(), order.now);
    let mut tx = db.begin().await?;
    tx.lock(&issues::digest_lock(name)).await?;
    let (due_at, by) = match cause {
        Cause::Slot(due_at, missed) => {
            (runs::take(&mut tx, name, due_at, missed, now).await?.then_some(due_at), "schedule")
        }
        Cause::Again { id, by } => match open(&mut tx, id, DraftAct::Again).await? {
            Ok(draft) => (Some(draft.due_at), by),
            Err(refused) => return leave(tx, Composed::Refused(refused)).await,
        },
    };
    let Some(due_at) = due_at else { return leave(tx, Composed::Taken).await };
    // What waited is gone in any case: it held no more than what was found now, by rules that may hold no longer.
    let composed = match compose(issues::take_snapshot(&mut tx, order).await?) {
        Outcome::Issue(issue) => {
            set_aside(&mut tx, name, DraftState::Replaced, by, now).await?;
            insert(&mut tx, id, &issue, due_at, mail_to).await?;
            runs::finish(&mut tx, name, due_at, RunOutcome::Draft, None, None).await?;
            Composed::Draft(issue)
        }
        Outcome::TooFew { found, minimum } => {
            set_aside(&mut tx, name, DraftState::Gone, by, now).await?;
            runs::finish(&mut tx, name, due_at, RunOutcome::TooFew, None, Some((found, minimum))).await?;
            Composed::TooFew { found, minimum }
        }
    };
    tx.commit().await.map_err(failed("storing a draft"))?;
    Ok(composed)
}

async fn leave<T>(tx: Tx, result: T) -> Result<T, StoreError> {
    tx.rollback().await.map_err(failed("leaving drafts as they are"))?;
    Ok(result)
}

async fn insert(
    db: &mut Tx,
    id: &str,
    issue: &Issue,
    due_at: Timestamp,
    mail_to: &EmailAddress,
) -> Result<(), StoreError> {
    query(
        "insert into drafts (id, digest, due_at, window_until, composed_at, content, state, mail_to, mail_state, \
         mail_tries, mail_at) values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, 0, $5)",
    )
    .bind(id)
    .bind(issue.digest.as_str())
    .bind(millis(due_at))
    .bind(millis(issue.window.until))
    .bind(millis(issue.composed_at))
    .bind(serde_json::json!(issue).to_string())
    .bind(mail_to.as_str())
    .bind(DraftMailState::Due.as_str())
    .execute(db)
    .await
    .map_err(failed("storing a draft"))
    .map(|_| ())
}

/// A draft for whoever wants to do something with it; holds the lock of its digest.
async fn open(db: &mut Tx, id: &str, act: DraftAct) -> Result<Result<Draft, Refused>, StoreError> {
    let row = query("select * from drafts where id = $1")
        .bind(id)
        .fetch_optional(&mut *db)
        .await
        .map_err(failed("looking for a draft"))?;
    let Some(row) = row else { return Ok(Err(Refused::Unknown)) };
    let draft = from_row(&row)?;
    Ok(if draft.state.allows(act) { Ok(draft) } else { Err(Refused::Decided(Box::new(draft))) })
}

/// Notes what became of what waits in a stream.
async fn set_aside(db: &mut Tx, digest: &str, state: DraftState, by: &str, now: Timestamp) -> Result<u64, StoreError> {
    query(
        "update drafts set state = $2, decided_at = $3, decided_by = $4 \
         where digest = $1 and state in ('waiting', 'overtaken')",
    )
    .bind(digest)
    .bind(state.as_str())
    .bind(millis(now))
    .bind(by)
    .execute(db)
    .await
    .map_err(failed("noting what became of a draft"))
}

/// An issue was frozen past the draft that waits in its stream: one that takes the window in leaves nothing of it, any
/// other makes it to be composed anew.
pub(in crate::store) async fn overtake(
    db: &mut Tx,
    digest: &str,
    moves_window: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let state = if moves_window { DraftState::Gone } else { DraftState::Overtaken };
    if set_aside(db, digest, state, "another issue", now).await? > 0 {
        tracing::info!(digest, state = state.as_str(), "an issue was frozen past the draft that waited");
    }
    Ok(())
}

/// Up to where people have been shown what arrived at the digest `$1`: the end of its last window, or of that of the
/// draft that waits, which may become its last.
pub(in crate::store) const SHOWN_UNTIL: &str = "select coalesce(max(ends.until), 0) as until from (\
     select max(window_until) as until from issues where digest = $1 and moves_window = 1 \
     union all select max(window_until) as until from drafts where digest = $1 and state = 'waiting') ends";

/// Takes a draft away; its window stays open.
///
/// # Errors
/// Where the database fails.
pub async fn discard(db: &Db, draft: &Draft, by: &str, now: Timestamp) -> Result<Result<(), Refused>, StoreError> {
    again(|| discard_once(db, draft, by, now)).await
}

async fn discard_once(db: &Db, draft: &Draft, by: &str, now: Timestamp) -> Result<Result<(), Refused>, StoreError> {
    let name = draft.issue.digest.as_str();
    let mut tx = db.begin().await?;
    tx.lock(&issues::digest_lock(name)).await?;
    if let Err(refused) = open(&mut tx, &draft.id, DraftAct::Discard).await? {
        return leave(tx, Err(refused)).await;
    }
    set_aside(&mut tx, name, DraftState::Discarded, by, now).await?;
    tx.commit().await.map_err(failed("discarding a draft"))?;
    Ok(Ok(()))
}

/// What approving came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Approval<E> {
    /// The draft is an issue now.
    Issue {
        /// The issue, as the draft held it.
        issue: Box<Issue>,
        /// Recipients frozen.
        recipients: u64,
    },
    /// It cannot be frozen as it stands; nothing was written.
    Unfit(E),
    /// It does not wait any longer.
    Refused(Refused),
}

/// Freezes a draft as it stands, for the subscribers of now, unless `check` finds its reviews changed.
///
/// # Errors
/// Where the database fails; then nothing was written.
pub async fn approve<E>(
    db: &Db,
    of: (&Digest, &Draft),
    by: &str,
    now: Timestamp,
    check: impl Fn(&Issue, &[(Review, Vec<QuoteDecision>)]) -> Result<(), E>,
) -> Result<Approval<E>, StoreError> {
    again(|| approve_once(db, of, by, now, &check)).await
}

async fn approve_once<E>(
    db: &Db,
    (digest, draft): (&Digest, &Draft),
    by: &str,
    now: Timestamp,
    check: &impl Fn(&Issue, &[(Review, Vec<QuoteDecision>)]) -> Result<(), E>,
) -> Result<Approval<E>, StoreError> {
    let name = digest.name.as_str();
    let mut tx = db.begin().await?;
    tx.lock(&issues::digest_lock(name)).await?;
    let draft = match open(&mut tx, &draft.id, DraftAct::Approve).await? {
        Ok(draft) => draft,
        Err(refused) => return leave(tx, Approval::Refused(refused)).await,
    };
    let mut shown = Vec::new();
    for review in draft.issue.works.iter().flat_map(|work| &work.reviews) {
        if let Some(stored) = reviews::get_in(&mut tx, &review.id).await? {
            shown.push((stored.review, quote_decisions::all(&mut tx, &review.id).await?));
        }
    }
    if let Err(unfit) = check(&draft.issue, &shown) {
        return leave(tx, Approval::Unfit(unfit)).await;
    }
    let order = Order { digest, kind: IssueKind::Scheduled, now, since: None, until: None, picks: &[] };
    let key = key(&draft.id);
    let freezing =
        Freezing { due_at: Some(draft.due_at), moves_window: true, idempotency_key: Some(&key), ..Freezing::default() };
    set_aside(&mut tx, name, DraftState::Approved, by, now).await?;
    let recipients = issues::write(&mut tx, &order, freezing, &draft.issue).await?;
    runs::finish(&mut tx, name, draft.due_at, RunOutcome::Issue, Some(draft.issue.number), None).await?;
    tx.commit().await.map_err(failed("freezing a draft"))?;
    Ok(Approval::Issue { issue: Box::new(draft.issue), recipients })
}
