//! What the ledger says of an address: which issues went to it, and what became of them.
//!
//! An issue may be of any stream of the list that the address is on, also of one whose cadence the person has left. So
//! every issue is looked at, by the key of the delivery that there would be.

use jiff::Timestamp;

use crate::{
    model::{DigestName, EmailAddress, bounce::Sent},
    store::{
        db::{Db, StoreError, bad_row, failed, instant, millis},
        statement::{Row, query},
    },
};

/// What became of the last issues for an address, of all digests, newest first: for each whether a soft bounce
/// came of it that nobody undid. `also` is one that is being taken in now.
///
/// # Errors
/// Where a statement fails or a row cannot be read.
pub async fn history(
    db: &Db,
    email: &EmailAddress,
    also: Option<(&str, u32)>,
    limit: i64,
) -> Result<Vec<Sent>, StoreError> {
    const SQL: &str = "\
        select i.digest, i.number, i.composed_at as at,
            (select count(*) from reports r where r.email_key = $1 and r.digest = i.digest and r.number = i.number
                and r.kind = 'soft' and r.undone_at is null) as bounces
        from subscribers s cross join issues i
        where s.email_key = $1 and (select d.state from deliveries d
            where d.digest = i.digest and d.number = i.number and d.subscriber_id = s.id) in ('sent', 'uncertain', 'failed')
        order by i.composed_at desc limit $2";
    let rows = query(SQL).bind(email.key()).bind(limit).fetch_all(db.read()).await;
    let rows = rows.map_err(failed("reading an address's history"))?;
    let sent = |row: &Row| -> Result<Sent, StoreError> {
        let now = also.is_some_and(|(digest, number)| {
            row.get::<String>("digest") == digest && row.get::<i64>("number") == i64::from(number)
        });
        let at = instant("issues", "composed_at", row.get("at"))?;
        Ok(Sent { at, bounced: now || row.get::<i64>("bounces") > 0 })
    };
    rows.iter().map(sent).collect()
}

/// The newest issue that went to an address, of all digests: subscriber, digest and number.
///
/// # Errors
/// Where the statement fails.
pub async fn last_sent(db: &Db, email: &EmailAddress) -> Result<Option<(i64, DigestName, u32)>, StoreError> {
    const SQL: &str = "\
        select s.id, i.digest, i.number from subscribers s cross join issues i
        where s.email_key = $1 and (select d.state from deliveries d
            where d.digest = i.digest and d.number = i.number and d.subscriber_id = s.id) in ('sent', 'uncertain')
        order by i.composed_at desc limit 1";
    let row = query(SQL).bind(email.key()).fetch_optional(db.read()).await;
    let row = row.map_err(failed("looking for the last issue sent"))?;
    Ok(row.and_then(|row| {
        let digest = DigestName::parse(row.get::<&str>("digest")).ok()?;
        Some((row.get("id"), digest, u32::try_from(row.get::<i64>("number")).ok()?))
    }))
}

/// The issue of a number that went to a subscriber; where several streams have one, that of `stream`. `None` where
/// there is none, or nobody can say which.
///
/// # Errors
/// Where the statement fails.
pub async fn issue_of(
    db: &Db,
    subscriber_id: i64,
    number: u32,
    stream: &DigestName,
) -> Result<Option<DigestName>, StoreError> {
    const SQL: &str = "\
        select i.digest from issues i where i.number = $1 and exists (select 1 from deliveries d
            where d.digest = i.digest and d.number = i.number and d.subscriber_id = $2)";
    let rows = query(SQL).bind(i64::from(number)).bind(subscriber_id).fetch_all(db.read()).await;
    let rows = rows.map_err(failed("looking for the issue that a report is about"))?;
    let mut found: Vec<DigestName> = rows.iter().filter_map(|row| DigestName::parse(row.get("digest")).ok()).collect();
    Ok(match found.iter().position(|digest| digest == stream) {
        Some(at) => Some(found.swap_remove(at)),
        None if found.len() == 1 => found.pop(),
        None => None,
    })
}

/// A delivery that its server refused for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Whose.
    pub subscriber_id: i64,
    /// Which digest.
    pub digest: DigestName,
    /// Which issue.
    pub number: u32,
    /// Where it was to go.
    pub email: EmailAddress,
    /// What the server said.
    pub reply: String,
}

/// What servers refused for good while we were still talking to them, since a moment.
///
/// # Errors
/// Where the statement fails or a row cannot be read.
pub async fn refused_since(db: &Db, since: Timestamp) -> Result<Vec<Refused>, StoreError> {
    const SQL: &str = "\
        select digest, number, subscriber_id, email, reply from deliveries
        where state = 'failed' and updated_at >= $1 and reply is not null order by updated_at";
    let rows = query(SQL).bind(millis(since)).fetch_all(db.read()).await;
    let rows = rows.map_err(failed("looking for refused deliveries"))?;
    let read = |row: &Row| -> Result<Refused, StoreError> {
        let (digest, email): (String, String) = (row.get("digest"), row.get("email"));
        let name = format!("deliveries/{digest}");
        Ok(Refused {
            subscriber_id: row.get("subscriber_id"),
            number: u32::try_from(row.get::<i64>("number")).map_err(|_| bad_row(&name, "number", ""))?,
            email: EmailAddress::parse(&email).map_err(|_| bad_row(&name, "email", &email))?,
            digest: DigestName::parse(&digest).map_err(|_| bad_row(&name, "digest", &digest))?,
            reply: row.get("reply"),
        })
    };
    rows.iter().map(read).collect()
}

/// The Message-ID under which an issue went to a subscriber.
///
/// # Errors
/// Where the statement fails.
pub async fn message_id(db: &Db, subscriber_id: i64, digest: &str, number: u32) -> Result<Option<String>, StoreError> {
    const SQL: &str = "select message_id from deliveries where digest = $1 and number = $2 and subscriber_id = $3";
    let row = query(SQL).bind(digest).bind(i64::from(number)).bind(subscriber_id).fetch_optional(db.read()).await;
    let row = row.map_err(failed("looking for a Message-ID"))?;
    Ok(row.and_then(|row| row.get::<Option<String>>("message_id")))
}
