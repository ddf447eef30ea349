//! Subscribers: one row a person and digest. Which step is allowed is decided in [`crate::subscribers`].

use jiff::Timestamp;

mod cadence;

pub(super) use cadence::{chosen, owed};
pub use cadence::{count_of_stream, forget_owed, switch};

use super::{
    again::again,
    db::{Db, StoreError, bad_row, failed, instant, millis},
    statement::{Row, query},
};
use crate::model::{DisplayName, EmailAddress, Subscriber, SubscriberState};

/// A subscriber and when the last confirmation mail was asked for.
#[derive(Debug, Clone)]
pub struct StoredSubscriber {
    /// The person.
    pub subscriber: Subscriber,
    /// When the last confirmation mail went out.
    pub confirm_sent_at: Option<Timestamp>,
}

/// The subscriber with an address on a digest's list.
///
/// # Errors
/// Where the database fails.
pub async fn by_email(db: &Db, digest: &str, email: &EmailAddress) -> Result<Option<StoredSubscriber>, StoreError> {
    let row = query("select * from subscribers where digest = $1 and email_key = $2")
        .bind(digest)
        .bind(email.key())
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a subscriber"))?;
    row.as_ref().map(from_row).transpose()
}

/// Everything that an address is or was on, by digest.
///
/// # Errors
/// Where the database fails.
pub async fn of_address(db: &Db, email: &EmailAddress) -> Result<Vec<StoredSubscriber>, StoreError> {
    let rows = query("select * from subscribers where email_key = $1 order by digest")
        .bind(email.key())
        .fetch_all(db.read())
        .await
        .map_err(failed("looking for an address"))?;
    rows.iter().map(from_row).collect()
}

/// The subscriber with an id.
///
/// # Errors
/// Where the database fails.
pub async fn by_id(db: &Db, id: i64) -> Result<Option<StoredSubscriber>, StoreError> {
    let row = query("select * from subscribers where id = $1")
        .bind(id)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a subscriber"))?;
    row.as_ref().map(from_row).transpose()
}

/// The list of one digest or of all, by address; of one state or of all.
///
/// # Errors
/// Where the database fails.
pub async fn list(
    db: &Db,
    digest: Option<&str>,
    state: Option<SubscriberState>,
) -> Result<Vec<StoredSubscriber>, StoreError> {
    let rows = query(
        "select * from subscribers where ($1 is null or digest = $1) and ($2 is null or state = $2) \
         order by digest, email_key",
    )
    .bind(digest)
    .bind(state.map(SubscriberState::as_str))
    .fetch_all(db.read())
    .await
    .map_err(failed("listing subscribers"))?;
    rows.iter().map(from_row).collect()
}

/// How many are active on a digest's list.
///
/// # Errors
/// Where the database fails.
pub async fn count_active(db: &Db, digest: &str) -> Result<u64, StoreError> {
    let row = query("select count(*) as n from subscribers where digest = $1 and state = 'active'")
        .bind(digest)
        .fetch_one(db.read())
        .await
        .map_err(failed("counting subscribers"))?;
    Ok(u64::try_from(row.get::<i64>("n")).unwrap_or(0))
}

/// Stores subscribers, each by its id, in one transaction.
///
/// # Errors
/// Where the database fails, or where an address is on the list under another id.
pub async fn put(db: &Db, subscribers: &[StoredSubscriber]) -> Result<(), StoreError> {
    again(|| put_once(db, subscribers)).await
}

async fn put_once(db: &Db, subscribers: &[StoredSubscriber]) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    for StoredSubscriber { subscriber, confirm_sent_at } in subscribers {
        query(
            "insert into subscribers (id, digest, email, email_key, name, state, created_at, confirm_sent_at, \
             confirmed_at, left_at, cadence) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             on conflict (id) do update set email = excluded.email, name = excluded.name, state = excluded.state, \
             confirm_sent_at = excluded.confirm_sent_at, confirmed_at = excluded.confirmed_at, \
             left_at = excluded.left_at, cadence = excluded.cadence",
        )
        .bind(subscriber.id)
        .bind(&subscriber.digest)
        .bind(subscriber.email.as_str())
        .bind(subscriber.email.key())
        .bind(subscriber.name.as_ref().map(DisplayName::as_str))
        .bind(subscriber.state.as_str())
        .bind(millis(subscriber.created_at))
        .bind(confirm_sent_at.map(millis))
        .bind(subscriber.confirmed_at.map(millis))
        .bind(subscriber.left_at.map(millis))
        .bind(&subscriber.cadence)
        .execute(&mut tx)
        .await
        .map_err(failed("storing a subscriber"))?;
    }
    tx.commit().await.map_err(failed("storing subscribers"))
}

fn from_row(row: &Row) -> Result<StoredSubscriber, StoreError> {
    let id: i64 = row.get("id");
    let name = format!("subscribers/{id}");
    let time = |column| -> Result<Option<Timestamp>, StoreError> {
        row.get::<Option<i64>>(column).map(|at| instant(&name, column, at)).transpose()
    };
    let email: String = row.get("email");
    let state: String = row.get("state");
    let called: Option<String> = row.get("name");
    let subscriber = Subscriber {
        id,
        digest: row.get("digest"),
        cadence: row.get("cadence"),
        email: EmailAddress::parse(&email).map_err(|_| bad_row(&name, "email", &email))?,
        name: called.as_deref().and_then(|called| DisplayName::parse(called).ok().flatten()),
        state: SubscriberState::parse(&state).ok_or_else(|| bad_row(&name, "state", &state))?,
        created_at: instant(&name, "created_at", row.get("created_at"))?,
        confirmed_at: time("confirmed_at")?,
        left_at: time("left_at")?,
    };
    Ok(StoredSubscriber { subscriber, confirm_sent_at: time("confirm_sent_at")? })
}
