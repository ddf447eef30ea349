//! Reports that came back, and the addresses that are blocked by them.
//!
//! A report is taken in once, with everything that follows from it, in one transaction: reading it twice changes
//! nothing. What follows is decided in [`crate::app::bounces`]. Which mails of a mailbox have been read is kept in
//! [`marks`]; what the ledger says of an address is asked in [`history`].

mod history;
mod marks;
mod of_issue;

pub use history::{Refused, history, issue_of, last_sent, message_id, refused_since};
pub use marks::{Mark, forget_marks, marks, settled};
pub use of_issue::{count_of_issue, of_issue};

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    again::again,
    db::{Db, StoreError, Tx, bad_row, failed, instant, millis},
    statement::{Row, query},
};
use crate::model::{
    DigestName, EmailAddress,
    bounce::{Proof, ReportKind},
};

/// The most that is kept of a report's mail, in bytes.
pub const RAW: usize = 64 * 1024;

/// A report, taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What names it: the same mail or event has the same.
    pub id: String,
    /// When it was taken in.
    pub taken_at: Timestamp,
    /// Where it came from: a mailbox, a hook, the ledger.
    pub source: String,
    /// What it says.
    pub kind: ReportKind,
    /// The address on our list, or else the one that it names.
    pub email: EmailAddress,
    /// The subscriber, where the digest is known.
    pub subscriber_id: Option<i64>,
    /// The issue's digest.
    pub digest: Option<DigestName>,
    /// The issue's number.
    pub number: Option<u32>,
    /// How it was tied to its recipient.
    pub proof: Proof,
    /// The enhanced status code.
    pub status: Option<String>,
    /// The reporter's words.
    pub words: String,
    /// Who reports.
    pub reporter: Option<String>,
    /// What followed from it, as a sentence.
    pub effect: String,
    /// When a person undid what followed.
    pub undone_at: Option<Timestamp>,
}

/// What follows from a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing but that it is kept.
    Noted,
    /// The address gets nothing any more, of no digest.
    Block {
        /// Why, in a few words.
        why: String,
    },
    /// These memberships end.
    Leave(Vec<i64>),
}

/// Takes reports of one mail or hook in, with what follows, and marks the mail as read: all or nothing. Gives for
/// each whether it was new.
///
/// # Errors
/// Where a statement fails: then nothing is taken in.
pub async fn take_in(
    db: &Db,
    reports: &[(Report, Effect)],
    raw: &[u8],
    mark: Option<Mark<'_>>,
    now: Timestamp,
) -> Result<Vec<bool>, StoreError> {
    again(|| take_in_once(db, reports, raw, mark, now)).await
}

async fn take_in_once(
    db: &Db,
    reports: &[(Report, Effect)],
    raw: &[u8],
    mark: Option<Mark<'_>>,
    now: Timestamp,
) -> Result<Vec<bool>, StoreError> {
    let mut tx = db.begin().await?;
    let mut fresh = Vec::with_capacity(reports.len());
    for (report, effect) in reports {
        let new = insert(&mut tx, report, raw).await?;
        fresh.push(new);
        match effect {
            Effect::Block { why } if new => block(&mut tx, report, why, now).await?,
            Effect::Leave(ids) if new => leave(&mut tx, ids, now).await?,
            _ => {}
        }
    }
    if let Some(mark) = mark {
        marks::put(&mut tx, mark).await?;
    }
    tx.commit().await.map_err(failed("taking a report in"))?;
    Ok(fresh)
}

async fn insert(tx: &mut Tx, report: &Report, raw: &[u8]) -> Result<bool, StoreError> {
    const SQL: &str = "\
        insert into reports (id, taken_at, source, kind, email, email_key, subscriber_id, digest, number, proof,
            status, words, reporter, effect, raw, cut)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (id) do nothing";
    let kept = &raw[..raw.len().min(RAW)];
    // PostgreSQL keeps no zero byte in a text.
    let text = String::from_utf8_lossy(kept).replace('\0', "\u{FFFD}");
    query(SQL)
        .bind(&report.id)
        .bind(millis(report.taken_at))
        .bind(&report.source)
        .bind(report.kind.as_str())
        .bind(report.email.as_str())
        .bind(report.email.key())
        .bind(report.subscriber_id)
        .bind(report.digest.as_ref().map(DigestName::as_str))
        .bind(report.number.map(i64::from))
        .bind(report.proof.as_str())
        .bind(report.status.as_deref())
        .bind(&report.words)
        .bind(report.reporter.as_deref())
        .bind(&report.effect)
        .bind(text)
        .bind(i64::from(kept.len() < raw.len()))
        .execute(&mut *tx)
        .await
        .map_err(failed("keeping a report"))
        .map(|done| done == 1)
}

async fn block(tx: &mut Tx, report: &Report, why: &str, now: Timestamp) -> Result<(), StoreError> {
    const BLOCK: &str = "\
        insert into blocks (email_key, email, report_id, why, at) values ($1, $2, $3, $4, $5)
        on conflict (email_key) do nothing";
    const REMEMBER: &str = "\
        insert into block_members (email_key, subscriber_id, state)
        select email_key, id, state from subscribers where email_key = $1 and state in ('active', 'pending')
        on conflict (email_key, subscriber_id) do nothing";
    const MEMBERS: &str = "\
        update subscribers set state = 'blocked' where email_key = $1 and state in ('active', 'pending')";
    let key = report.email.key();
    query(BLOCK)
        .bind(&key)
        .bind(report.email.as_str())
        .bind(&report.id)
        .bind(why)
        .bind(millis(now))
        .execute(&mut *tx)
        .await
        .map_err(failed("blocking an address"))?;
    for sql in [REMEMBER, MEMBERS] {
        query(sql).bind(&key).execute(&mut *tx).await.map_err(failed("blocking an address"))?;
    }
    Ok(())
}

async fn leave(tx: &mut Tx, ids: &[i64], now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "\
        update subscribers set state = 'left', left_at = $2, confirm_sent_at = null
        where id = $1 and state in ('active', 'pending')";
    for id in ids {
        query(SQL).bind(*id).bind(millis(now)).execute(&mut *tx).await.map_err(failed("taking somebody off a list"))?;
    }
    Ok(())
}

/// A block, with the report that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// The address.
    pub email: EmailAddress,
    /// Why, in a few words.
    pub why: String,
    /// Since when.
    pub at: Timestamp,
    /// The report.
    pub report_id: String,
}

/// Which reports to list.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// Of one kind.
    pub kind: Option<ReportKind>,
    /// About one address.
    pub email: Option<&'a EmailAddress>,
    /// About one digest.
    pub digest: Option<&'a str>,
    /// About the issues of this number.
    pub number: Option<u32>,
}

/// The newest reports first.
///
/// # Errors
/// Where the statement fails or a row cannot be read.
pub async fn newest(db: &Db, wanted: &Wanted<'_>, limit: i64) -> Result<Vec<Report>, StoreError> {
    const SQL: &str = "\
        select id, taken_at, source, kind, email, subscriber_id, digest, number, proof, status, words, reporter,
            effect, undone_at
        from reports where ($1 is null or kind = $1) and ($2 is null or email_key = $2)
        and ($3 is null or digest = $3) and ($4 is null or number = $4) order by taken_at desc, id limit $5";
    let rows = query(SQL)
        .bind(wanted.kind.map(ReportKind::as_str))
        .bind(wanted.email.map(EmailAddress::key))
        .bind(wanted.digest)
        .bind(wanted.number)
        .bind(limit)
        .fetch_all(db.read())
        .await
        .map_err(failed("listing reports"))?;
    rows.iter().map(report).collect()
}

/// A report by its id or the beginning of it, with its mail as it is kept, and whether that is cut.
///
/// # Errors
/// Where the statement fails or the row cannot be read.
pub async fn get(db: &Db, id: &str) -> Result<Vec<(Report, String, bool)>, StoreError> {
    const SQL: &str = "select * from reports where id like $1 order by taken_at limit 2";
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        return Ok(Vec::new());
    }
    let rows = query(SQL)
        .bind(format!("{}%", id.to_ascii_lowercase()))
        .fetch_all(db.read())
        .await
        .map_err(failed("looking for a report"))?;
    rows.iter().map(|row| Ok((report(row)?, row.get("raw"), row.get::<i64>("cut") != 0))).collect()
}

/// Whether a report is known.
///
/// # Errors
/// Where the statement fails.
pub async fn is_known(db: &Db, id: &str) -> Result<bool, StoreError> {
    let row = query("select 1 from reports where id = $1").bind(id).fetch_optional(db.read()).await;
    Ok(row.map_err(failed("looking for a report"))?.is_some())
}

/// All blocks, newest first.
///
/// # Errors
/// Where the statement fails or a row cannot be read.
pub async fn blocks(db: &Db, limit: i64) -> Result<Vec<Block>, StoreError> {
    const SQL: &str = "select * from blocks order by at desc, email_key limit $1";
    let rows = query(SQL).bind(limit).fetch_all(db.read()).await.map_err(failed("listing blocks"))?;
    rows.iter().map(block_of).collect()
}

/// The block of an address.
///
/// # Errors
/// Where the statement fails or the row cannot be read.
pub async fn block_on(db: &Db, email: &EmailAddress) -> Result<Option<Block>, StoreError> {
    let row = query("select * from blocks where email_key = $1").bind(email.key()).fetch_optional(db.read()).await;
    row.map_err(failed("looking for a block"))?.as_ref().map(block_of).transpose()
}

/// Lifts the block of an address: each membership stands again as it stood before, and what was reported so far does
/// not count any more. Gives the number of memberships brought back; `None` where there is no block.
///
/// # Errors
/// Where a statement fails: then nothing is changed.
pub async fn undo(db: &Db, email: &EmailAddress, now: Timestamp) -> Result<Option<u64>, StoreError> {
    again(|| undo_once(db, email, now)).await
}

async fn undo_once(db: &Db, email: &EmailAddress, now: Timestamp) -> Result<Option<u64>, StoreError> {
    const BRING_BACK: &str = "\
        update subscribers set state =
            (select m.state from block_members m where m.email_key = $1 and m.subscriber_id = subscribers.id)
        where state = 'blocked' and id in (select m.subscriber_id from block_members m where m.email_key = $1)";
    const STEPS: [&str; 2] =
        ["delete from block_members where email_key = $1", "delete from blocks where email_key = $1"];
    const REPORTS: &str = "update reports set undone_at = $2 where email_key = $1 and undone_at is null";
    let mut tx = db.begin().await?;
    let what = || failed("lifting a block");
    let key = email.key();
    let back = query(BRING_BACK).bind(&key).execute(&mut tx).await.map_err(what())?;
    let mut lifted = 0;
    for sql in STEPS {
        lifted = query(sql).bind(&key).execute(&mut tx).await.map_err(what())?;
    }
    query(REPORTS).bind(&key).bind(millis(now)).execute(&mut tx).await.map_err(what())?;
    tx.commit().await.map_err(what())?;
    Ok((lifted > 0).then_some(back))
}

/// Drops old reports that no block rests on, and gives their number.
///
/// # Errors
/// Where the statement fails.
pub async fn prune(db: &Db, keep: Duration, now: Timestamp) -> Result<u64, StoreError> {
    const SQL: &str = "\
        delete from reports where taken_at < $1
        and not exists (select 1 from blocks b where b.email_key = reports.email_key)";
    let before = now.checked_sub(keep).unwrap_or(Timestamp::MIN);
    let done = query(SQL).bind(millis(before)).execute(db.write()).await;
    done.map_err(failed("dropping old reports"))
}

fn report(row: &Row) -> Result<Report, StoreError> {
    let id: String = row.get("id");
    let name = format!("reports/{id}");
    let (kind, email, proof): (String, String, String) = (row.get("kind"), row.get("email"), row.get("proof"));
    let digest: Option<String> = row.get("digest");
    let undone_at: Option<i64> = row.get("undone_at");
    Ok(Report {
        taken_at: instant(&name, "taken_at", row.get("taken_at"))?,
        source: row.get("source"),
        kind: ReportKind::parse(&kind).ok_or_else(|| bad_row(&name, "kind", &kind))?,
        email: EmailAddress::parse(&email).map_err(|_| bad_row(&name, "email", &email))?,
        subscriber_id: row.get("subscriber_id"),
        digest: digest.as_deref().and_then(|digest| DigestName::parse(digest).ok()),
        number: row.get::<Option<i64>>("number").and_then(|number| u32::try_from(number).ok()),
        proof: Proof::parse(&proof).ok_or_else(|| bad_row(&name, "proof", &proof))?,
        status: row.get("status"),
        words: row.get("words"),
        reporter: row.get("reporter"),
        effect: row.get("effect"),
        undone_at: undone_at.map(|at| instant(&name, "undone_at", at)).transpose()?,
        id,
    })
}

fn block_of(row: &Row) -> Result<Block, StoreError> {
    let email: String = row.get("email");
    let name = format!("blocks/{email}");
    Ok(Block {
        email: EmailAddress::parse(&email).map_err(|_| bad_row(&name, "email", &email))?,
        why: row.get("why"),
        at: instant(&name, "at", row.get("at"))?,
        report_id: row.get("report_id"),
    })
}
