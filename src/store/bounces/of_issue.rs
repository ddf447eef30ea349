//! What came back of an issue.

use std::collections::BTreeMap;

use super::{Report, report};
use crate::{
    model::{DigestName, bounce::ReportKind},
    store::{
        db::{Db, StoreError, bad_row, failed},
        statement::{Row, query},
    },
};

/// How many reports of each kind there are about an issue.
///
/// # Errors
/// Where the statement fails or a row cannot be read.
pub async fn count_of_issue(db: &Db, digest: &DigestName, number: u32) -> Result<Vec<(ReportKind, u64)>, StoreError> {
    const SQL: &str = "\
        select kind, count(*) as reports from reports where digest = $1 and number = $2 group by kind order by kind";
    let rows = query(SQL).bind(digest.as_str()).bind(i64::from(number)).fetch_all(db.read()).await;
    let rows = rows.map_err(failed("counting the reports about an issue"))?;
    let read = |row: &Row| {
        let kind: &str = row.get("kind");
        let known = ReportKind::parse(kind).ok_or_else(|| bad_row(format!("reports {digest} #{number}"), "kind", kind));
        Ok((known?, row.get::<i64>("reports").unsigned_abs()))
    };
    rows.iter().map(read).collect()
}

/// The reports about deliveries of an issue, of the subscribers from `first` to `last`, each with whose it is, the
/// oldest of each first.
///
/// # Errors
/// Where the statement fails or a row cannot be read.
pub async fn of_issue(
    db: &Db,
    digest: &DigestName,
    number: u32,
    (first, last): (i64, i64),
) -> Result<BTreeMap<i64, Vec<Report>>, StoreError> {
    const SQL: &str = "\
        select id, taken_at, source, kind, email, subscriber_id, digest, number, proof, status, words, reporter,
            effect, undone_at
        from reports where digest = $1 and number = $2 and subscriber_id >= $3 and subscriber_id <= $4
        order by taken_at, id";
    let rows = query(SQL)
        .bind(digest.as_str())
        .bind(i64::from(number))
        .bind(first)
        .bind(last)
        .fetch_all(db.read())
        .await
        .map_err(failed("looking what came back of an issue"))?;
    let mut by_subscriber: BTreeMap<i64, Vec<Report>> = BTreeMap::new();
    for row in &rows {
        by_subscriber.entry(row.get("subscriber_id")).or_default().push(report(row)?);
    }
    Ok(by_subscriber)
}
