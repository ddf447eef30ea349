//! The ledger: one row for each recipient of an issue, and the only statements that move it.
//!
//! Here are the filling at the freeze, the books and the lists. What workers do is in [`claim`] and
//! [`work`], what an operator does in [`acts`]. The primary key is the promise "once per recipient"; which move is allowed
//! is decided by [`DeliveryState::may_become`], and a move that it forbids does not compile (see `Edge`).

pub mod acts;
pub mod claim;
pub mod halts;
mod open;
mod rates;
pub mod work;

pub use claim::{Claim, Claimed};
pub use work::{Mark, Settled};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    db::{Db, StoreError, Tx, bad_row, failed, instant, millis},
    statement::{Row, query},
};
use crate::model::{Books, DeliveryState, DigestName, DisplayName, EmailAddress};

/// Names one delivery.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct DeliveryKey {
    /// Which digest.
    pub digest: DigestName,
    /// Which issue of it.
    pub number: u32,
    /// Whose.
    pub subscriber_id: i64,
}

impl std::fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} #{} for subscriber {}", self.digest, self.number, self.subscriber_id)
    }
}

/// A row of the ledger, for lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Which.
    #[serde(flatten)]
    pub key: DeliveryKey,
    /// Where it goes, as frozen.
    pub email: EmailAddress,
    /// How the recipient is called, as frozen.
    pub name: Option<DisplayName>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Tries that were answered or lost.
    pub attempts: u32,
    /// When a waiting or deferred one is due.
    pub next_try_at: Option<Timestamp>,
    /// The server's last answer, or the reason for the state.
    pub reply: Option<String>,
    /// The Message-ID it was or will be sent under.
    pub message_id: Option<String>,
    /// Last moved.
    pub updated_at: Timestamp,
}

/// One allowed move. Built in constants only, so that a forbidden one is an error of the compiler.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub from: DeliveryState,
    pub to: DeliveryState,
}

impl Edge {
    pub(crate) const fn new(from: DeliveryState, to: DeliveryState) -> Self {
        assert!(from.may_become(to), "the model forbids this move");
        Self { from, to }
    }
}

/// Whom an issue is for.
#[derive(Debug, Clone, Copy)]
pub struct Recipients<'a> {
    /// The digest whose subscribers they are.
    pub list: &'a DigestName,
    /// Who has one of these cadences; an empty name is the digest's own.
    pub cadences: &'a [String],
    /// Single subscribers beside them.
    pub also: &'a [i64],
}

/// Writes one waiting row for each active subscriber that is meant, inside the transaction that freezes the issue,
/// and gives their number, which the issue keeps as its recipients. The issue's row must be there already.
///
/// Rows are due at once: `next_try_at` is the time of the freeze, and the oldest issue goes out first.
///
/// # Errors
/// Where the statement fails; also where the issue has been filled before.
pub async fn fill(
    tx: &mut Tx,
    stream: &DigestName,
    number: u32,
    recipients: Recipients<'_>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    const ALL: &str = "\
        insert into deliveries (digest, number, subscriber_id, email, name, state, attempts, next_try_at, updated_at)
        select $1, $2, id, email, name, $3, 0, $4, $4 from subscribers
        where digest = $5 and state = 'active' and cadence = $6 order by id";
    const ONE: &str = "\
        insert into deliveries (digest, number, subscriber_id, email, name, state, attempts, next_try_at, updated_at)
        select $1, $2, id, email, name, $3, 0, $4, $4 from subscribers
        where digest = $5 and state = 'active' and id = $6 on conflict do nothing";
    let statement = |sql| {
        query(sql)
            .bind(stream.as_str())
            .bind(i64::from(number))
            .bind(DeliveryState::Waiting.as_str())
            .bind(millis(now))
            .bind(recipients.list.as_str())
    };
    let mut count = 0;
    for cadence in recipients.cadences {
        let done = statement(ALL).bind(cadence).execute(&mut *tx).await;
        count += done.map_err(failed("writing the recipients of an issue"))?;
    }
    for id in recipients.also {
        let done = statement(ONE).bind(*id).execute(&mut *tx).await;
        count += done.map_err(failed("writing the recipients of an issue"))?;
    }
    Ok(count)
}

/// The books of an issue, checked: what is counted is what was frozen.
///
/// # Errors
/// [`StoreError::Books`] where the rows do not add up to the recipients stored at freezing, or where there
/// is no such issue.
pub async fn books(db: &Db, digest: &DigestName, number: u32) -> Result<Books, StoreError> {
    // One statement, so that both counts are of the same moment.
    // Each state is counted for itself, so that the index alone answers.
    const SQL: &str = "\
        select i.recipients, w.value as state, (select count(*) from deliveries d
            where d.state = w.value and d.digest = $1 and d.number = $2) as number_of
        from issues i cross join {json_array_elements_text(cast($3 as json))|json_each($3)} w
        where i.digest = $1 and i.number = $2";
    let states = serde_json::json!(DeliveryState::ALL.map(DeliveryState::as_str)).to_string();
    let rows = query(SQL)
        .bind(digest.as_str())
        .bind(i64::from(number))
        .bind(states)
        .fetch_all(db.read())
        .await
        .map_err(failed("counting the deliveries of an issue"))?;
    let issue = format!("{digest} #{number}");
    if rows.is_empty() {
        return Err(StoreError::Books { issue, detail: "there is no such issue".to_owned() });
    }
    let mut books = Books::default();
    for row in rows {
        books.recipients = row.get::<i64>("recipients").unsigned_abs();
        books.add(parse_state(&issue, row.get("state"))?, row.get::<i64>("number_of").unsigned_abs());
    }
    if books.balance() { Ok(books) } else { Err(StoreError::Books { issue, detail: format!("{books:?}") }) }
}

/// The deliveries of an issue by subscriber, in one state or all, from the first after `after` (0 for the
/// start), at most `limit` of them.
///
/// # Errors
/// Where the statement fails or a row cannot be read.
pub async fn list(
    db: &Db,
    digest: &DigestName,
    number: u32,
    state: Option<DeliveryState>,
    after: i64,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    const SQL: &str = "\
        select digest, number, subscriber_id, email, name, state, attempts, next_try_at, reply, message_id, updated_at
        from deliveries
        where digest = $1 and number = $2 and subscriber_id > $3 and ($4 is null or state = $4)
        order by subscriber_id limit $5";
    let rows = query(SQL)
        .bind(digest.as_str())
        .bind(i64::from(number))
        .bind(after)
        .bind(state.map(DeliveryState::as_str))
        .bind(i64::from(limit))
        .fetch_all(db.read())
        .await
        .map_err(failed("listing deliveries"))?;
    rows.iter().map(read_delivery).collect()
}

fn read_key(row: &Row) -> Result<DeliveryKey, StoreError> {
    parse_key(row.get("digest"), row.get("number"), row.get("subscriber_id"))
}

fn read_delivery(row: &Row) -> Result<Delivery, StoreError> {
    let key = read_key(row)?;
    let name = key.to_string();
    let next_try_at: Option<i64> = row.get("next_try_at");
    Ok(Delivery {
        email: parse_email(&name, row.get("email"))?,
        name: parse_name(&name, row.get("name"))?,
        state: parse_state(&name, row.get("state"))?,
        attempts: parse_count(&name, "attempts", row.get("attempts"))?,
        next_try_at: next_try_at.map(|at| instant(&name, "next_try_at", at)).transpose()?,
        reply: row.get("reply"),
        message_id: row.get("message_id"),
        updated_at: instant(&name, "updated_at", row.get("updated_at"))?,
        key,
    })
}

fn parse_key(digest: String, number: i64, subscriber_id: i64) -> Result<DeliveryKey, StoreError> {
    let row = || format!("deliveries {digest} #{number} {subscriber_id}");
    let number = u32::try_from(number).map_err(|_| bad_row(row(), "number", &number.to_string()))?;
    let name = DigestName::parse(&digest).map_err(|_| bad_row(row(), "digest", &digest))?;
    Ok(DeliveryKey { digest: name, number, subscriber_id })
}

fn parse_state(row: &str, word: &str) -> Result<DeliveryState, StoreError> {
    DeliveryState::parse(word).ok_or_else(|| bad_row(row, "state", word))
}

fn parse_email(row: &str, text: &str) -> Result<EmailAddress, StoreError> {
    EmailAddress::parse(text).map_err(|_| bad_row(row, "email", text))
}

fn parse_name(row: &str, text: Option<&str>) -> Result<Option<DisplayName>, StoreError> {
    let Some(text) = text else { return Ok(None) };
    DisplayName::parse(text).map_err(|_| bad_row(row, "name", text))
}

fn parse_count(row: &str, column: &'static str, count: i64) -> Result<u32, StoreError> {
    u32::try_from(count).map_err(|_| bad_row(row, column, &count.to_string()))
}
