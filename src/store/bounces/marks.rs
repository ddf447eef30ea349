//! The mails of a mailbox that have been read, by the names that the mailbox gives them.

use crate::store::{
    again::again,
    db::{Db, StoreError, Tx, failed},
    statement::query,
};

/// A mail of a mailbox that a report came in.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    /// The mailbox.
    pub mailbox: &'a str,
    /// Its name for the mail.
    pub name: &'a str,
    /// Whether it is to be marked, moved or deleted there.
    pub due: bool,
}

/// Marks a mail as read, in the transaction that takes in what it tells.
pub(super) async fn put(tx: &mut Tx, Mark { mailbox, name, due }: Mark<'_>) -> Result<(), StoreError> {
    const SQL: &str = "\
        insert into mailbox_marks (mailbox, name, due) values ($1, $2, $3)
        on conflict (mailbox, name) do update set due = excluded.due";
    query(SQL)
        .bind(mailbox)
        .bind(name)
        .bind(i64::from(due))
        .execute(tx)
        .await
        .map_err(failed("marking a mail as read"))
        .map(|_| ())
}

/// The names of a mailbox's mails that have been read, and those among them that the mailbox has yet to be told of.
///
/// # Errors
/// Where the statement fails.
pub async fn marks(db: &Db, mailbox: &str) -> Result<(Vec<String>, Vec<String>), StoreError> {
    let rows = query("select name, due from mailbox_marks where mailbox = $1").bind(mailbox).fetch_all(db.read());
    let rows = rows.await.map_err(failed("reading which mails are known"))?;
    let due = rows.iter().filter(|row| row.get::<i64>("due") != 0).map(|row| row.get("name")).collect();
    Ok((rows.iter().map(|row| row.get("name")).collect(), due))
}

/// The mailbox has been told what to do with a mail.
///
/// # Errors
/// Where the statement fails.
pub async fn settled(db: &Db, mailbox: &str, name: &str) -> Result<(), StoreError> {
    query("update mailbox_marks set due = 0 where mailbox = $1 and name = $2")
        .bind(mailbox)
        .bind(name)
        .execute(db.write())
        .await
        .map_err(failed("noting a mail as settled"))
        .map(|_| ())
}

/// Forgets mails that are gone from a mailbox.
///
/// # Errors
/// Where a statement fails.
pub async fn forget_marks(db: &Db, mailbox: &str, names: &[String]) -> Result<(), StoreError> {
    if names.is_empty() {
        return Ok(());
    }
    again(|| forget_once(db, mailbox, names)).await
}

async fn forget_once(db: &Db, mailbox: &str, names: &[String]) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    for name in names {
        query("delete from mailbox_marks where mailbox = $1 and name = $2 and due = 0")
            .bind(mailbox)
            .bind(name)
            .execute(&mut tx)
            .await
            .map_err(failed("forgetting mails that are gone"))?;
    }
    tx.commit().await.map_err(failed("forgetting mails that are gone"))
}
