//! Subscriptions at hubs (WebSub), one a source.

use jiff::Timestamp;

use crate::store::{
    db::{Db, StoreError, bad_row, failed, instant, millis},
    statement::{Row, query},
};

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The hub was asked; it has not yet come to verify.
    Pending,
    /// The hub verified it, and tells of news until the lease ends.
    Active,
    /// The hub said no, or could not be asked; polling goes on as before.
    Refused,
}

impl State {
    /// As stored and listed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Refused => "refused",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Refused].into_iter().find(|state| state.as_str() == text)
    }
}

/// A subscription at a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The source, as written in the digest file.
    pub locator: String,
    /// The last part of the callback's address: a secret between the hub and us.
    pub token: String,
    /// What the hub signs with.
    pub secret: String,
    /// The hub.
    pub hub: String,
    /// The feed, as the hub knows it.
    pub topic: String,
    /// Where it stands.
    pub state: State,
    /// When the hub was last asked.
    pub asked_at: Timestamp,
    /// Until when the hub tells of news.
    pub lease_until: Option<Timestamp>,
    /// The last news, rightly signed.
    pub pushed_at: Option<Timestamp>,
    /// Why it was refused.
    pub note: Option<String>,
}

impl Subscription {
    /// Whether the hub tells of news now.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.state == State::Active && self.lease_until.is_some_and(|until| until > now)
    }
}

/// The subscription for a source.
///
/// # Errors
/// Where the database fails.
pub async fn get(db: &Db, locator: &str) -> Result<Option<Subscription>, StoreError> {
    one(db, "select * from hub_subscriptions where locator = $1", locator).await
}

/// The subscription of a callback.
///
/// # Errors
/// Where the database fails.
pub async fn by_token(db: &Db, token: &str) -> Result<Option<Subscription>, StoreError> {
    one(db, "select * from hub_subscriptions where token = $1", token).await
}

async fn one(db: &Db, sql: &'static str, key: &str) -> Result<Option<Subscription>, StoreError> {
    let row = query(sql).bind(key).fetch_optional(db.read()).await;
    row.map_err(failed("looking for a subscription at a hub"))?.as_ref().map(from_row).transpose()
}

/// All subscriptions, by source.
///
/// # Errors
/// Where the database fails.
pub async fn all(db: &Db) -> Result<Vec<Subscription>, StoreError> {
    let rows = query("select * from hub_subscriptions order by locator").fetch_all(db.read()).await;
    rows.map_err(failed("listing subscriptions at hubs"))?.iter().map(from_row).collect()
}

/// Stores a subscription.
///
/// # Errors
/// Where the database fails.
pub async fn put(db: &Db, subscription: &Subscription) -> Result<(), StoreError> {
    query(
        "insert into hub_subscriptions (locator, token, secret, hub, topic, state, asked_at, lease_until, pushed_at, note) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (locator) do update set \
         token = excluded.token, secret = excluded.secret, hub = excluded.hub, topic = excluded.topic, \
         state = excluded.state, asked_at = excluded.asked_at, lease_until = excluded.lease_until, \
         pushed_at = excluded.pushed_at, note = excluded.note",
    )
    .bind(&subscription.locator)
    .bind(&subscription.token)
    .bind(&subscription.secret)
    .bind(&subscription.hub)
    .bind(&subscription.topic)
    .bind(subscription.state.as_str())
    .bind(millis(subscription.asked_at))
    .bind(subscription.lease_until.map(millis))
    .bind(subscription.pushed_at.map(millis))
    .bind(&subscription.note)
    .execute(db.write())
    .await
    .map_err(failed("storing a subscription at a hub"))
    .map(|_| ())
}

fn from_row(row: &Row) -> Result<Subscription, StoreError> {
    let locator: String = row.get("locator");
    let name = format!("hub_subscriptions/{locator}");
    let time = |column| -> Result<Option<Timestamp>, StoreError> {
        row.get::<Option<i64>>(column).map(|at| instant(&name, column, at)).transpose()
    };
    let state: String = row.get("state");
    Ok(Subscription {
        token: row.get("token"),
        secret: row.get("secret"),
        hub: row.get("hub"),
        topic: row.get("topic"),
        state: State::parse(&state).ok_or_else(|| bad_row(&name, "state", &state))?,
        asked_at: instant(&name, "asked_at", row.get("asked_at"))?,
        lease_until: time("lease_until")?,
        pushed_at: time("pushed_at")?,
        note: row.get("note"),
        locator: locator.clone(),
    })
}
