//! Issues: the snapshot they are composed from, and the one transaction that freezes them.
//!
//! Selection, quotes and recipients are written together or not at all, and a slot of the schedule is taken
//! in the same transaction: a crash at any point leaves either the whole issue or none of it.

use jiff::Timestamp;
use sqlx::{Row as _, SqliteConnection, SqliteTransaction};

use super::{
    arrivals,
    db::{Db, StoreError, bad_row, failed, instant, millis},
    ledger, reviews, runs,
};
use crate::{
    compose::{Candidate, Outcome},
    model::{Digest, Issue, ReviewId, Window, issue::DropRule},
    quote,
};

/// How an issue came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueKind {
    /// By the schedule.
    Scheduled,
    /// By hand.
    OneOff,
}

impl IssueKind {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::OneOff => "one-off",
        }
    }
}

/// What a person wants of the sending of an issue. Whether anything is left to do is in its books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IssueState {
    /// Deliveries go out as long as any is left.
    Sending,
    /// Nothing more is claimed until it is resumed.
    Paused,
    /// Nothing more will be sent.
    Cancelled,
}

impl IssueState {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Sending, Self::Paused, Self::Cancelled].into_iter().find(|state| state.as_str() == word)
    }
}

/// What an issue is asked to be.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// The definition.
    pub digest: &'a Digest,
    /// How it came about.
    pub kind: IssueKind,
    /// Now.
    pub now: Timestamp,
    /// Where the window starts, where not at the end of the last.
    pub since: Option<Timestamp>,
    /// Where the window ends, where not now.
    pub until: Option<Timestamp>,
    /// Reviews picked by hand: then no others are taken.
    pub picks: &'a [ReviewId],
}

/// What the store holds for an issue at one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// The number the issue will have.
    pub number: u32,
    /// The arrivals it covers.
    pub window: Window,
    /// What may be in it.
    pub candidates: Vec<Candidate>,
}

/// What an order is frozen with.
#[derive(Debug, Clone, Copy)]
pub struct Freezing<'a> {
    /// The slot of the schedule that this is for.
    pub due_at: Option<Timestamp>,
    /// Whether the next window starts where this one ends.
    pub moves_window: bool,
    /// A key by which a repeated order is recognised.
    pub idempotency_key: Option<&'a str>,
}

/// What freezing came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Frozen {
    /// A new issue, with its count of recipients.
    Issue {
        /// The issue.
        issue: Box<Issue>,
        /// Recipients frozen.
        recipients: u64,
    },
    /// Too little news: nothing was written but the slot.
    TooFew {
        /// Reviews found.
        found: usize,
        /// Reviews asked for.
        minimum: usize,
    },
    /// The slot was taken, or the order had been carried out: by this issue, where there was one.
    Already(Option<u32>),
}

/// An issue and where its sending stands.
#[derive(Debug, Clone)]
pub struct StoredIssue {
    /// The issue.
    pub issue: Issue,
    /// How it came about.
    pub kind: String,
    /// Where its sending stands.
    pub state: IssueState,
    /// Recipients at freezing.
    pub recipients: u64,
}

/// What an issue of that order would be made from, now. Nothing is written.
///
/// # Errors
/// Where the database fails.
pub async fn snapshot(db: &Db, order: &Order<'_>) -> Result<Snapshot, StoreError> {
    let mut tx = db.begin().await?;
    let snapshot = take_snapshot(&mut tx, order).await?;
    tx.rollback().await.map_err(failed("ending a preview"))?;
    Ok(snapshot)
}

/// Composes and freezes an issue in one transaction.
///
/// # Errors
/// Where the database fails; then nothing was written.
pub async fn freeze(
    db: &Db,
    order: &Order<'_>,
    freezing: Freezing<'_>,
    compose: impl FnOnce(Snapshot) -> Outcome,
) -> Result<Frozen, StoreError> {
    let mut tx = db.begin().await?;
    let name = order.digest.name.as_str();
    if let Some(key) = freezing.idempotency_key
        && let Some(number) = by_idempotency_key(&mut tx, name, key).await?
    {
        return Ok(Frozen::Already(Some(number)));
    }
    if let Some(due_at) = freezing.due_at
        && !runs::take(&mut tx, name, due_at, order.now).await?
    {
        return Ok(Frozen::Already(runs::number(&mut tx, name, due_at).await?));
    }
    let outcome = compose(take_snapshot(&mut tx, order).await?);
    let frozen = match outcome {
        Outcome::Issue(issue) => {
            let recipients = write(&mut tx, order, freezing, &issue).await?;
            Frozen::Issue { issue, recipients }
        }
        Outcome::TooFew { found, minimum } => Frozen::TooFew { found, minimum },
    };
    if let Some(due_at) = freezing.due_at {
        let (outcome, number) = match &frozen {
            Frozen::Issue { issue, .. } => ("issue", Some(issue.number)),
            _ => ("too-few", None),
        };
        runs::finish(&mut tx, name, due_at, outcome, number).await?;
    }
    tx.commit().await.map_err(failed("freezing an issue"))?;
    Ok(frozen)
}

async fn take_snapshot(db: &mut SqliteConnection, order: &Order<'_>) -> Result<Snapshot, StoreError> {
    let name = order.digest.name.as_str();
    let row = sqlx::query(
        "select (select coalesce(max(number), 0) from issues where digest = $1) as last_number, \
         (select max(window_until) from issues where digest = $1 and moves_window = 1) as last_until, \
         (select first_seen_at from digests where name = $1) as first_seen_at, \
         (select max(arrived_at) from arrivals where digest = $1) as last_arrival",
    )
    .bind(name)
    .fetch_one(&mut *db)
    .await
    .map_err(failed("looking for the last issue"))?;
    let from = match (order.since, row.get::<Option<i64>, _>("last_until"), row.get::<Option<i64>, _>("first_seen_at"))
    {
        (Some(since), _, _) => since,
        (None, Some(until), _) => instant(name, "window_until", until)?,
        (None, None, Some(seen)) => instant(name, "first_seen_at", seen)?,
        (None, None, None) => order.now,
    };
    // What has arrived belongs to this window even where it came in the very millisecond of composing, or
    // where the clock was set back.
    let after_last_arrival = row.get::<Option<i64>, _>("last_arrival").map_or(i64::MIN, |at| at + 1);
    let now = instant(name, "last_arrival", millis(order.now).max(after_last_arrival))?;
    let window = Window { from, until: order.until.unwrap_or(now.max(from)) };
    let number = u32::try_from(row.get::<i64, _>("last_number") + 1)
        .map_err(|_| bad_row(name, "number", "beyond what an issue can be numbered"))?;
    let candidates = candidates(db, order, window).await?;
    Ok(Snapshot { number, window, candidates })
}

async fn candidates(
    db: &mut SqliteConnection,
    order: &Order<'_>,
    window: Window,
) -> Result<Vec<Candidate>, StoreError> {
    let picks = serde_json::json!(order.picks).to_string();
    let sql = format!(
        "select {columns}, a.locator, a.arrived_at, a.seeded, \
         (select max(i.composed_at) from issue_reviews u join issues i on i.digest = u.digest and i.number = u.number \
          where u.review_id = r.id and u.digest = $1) as used_at \
         from arrivals a join reviews r on r.id = a.review_id \
         where a.digest = $1 and case when $2 then r.id in (select value from json_each($5)) \
         else r.featured_at is not null or (a.seeded = 0 and a.arrived_at >= $3 and a.arrived_at < $4) end \
         order by r.id",
        columns = reviews::COLUMNS
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(order.digest.name.as_str())
        .bind(!order.picks.is_empty())
        .bind(millis(window.from))
        .bind(millis(window.until))
        .bind(picks)
        .fetch_all(&mut *db)
        .await
        .map_err(failed("collecting what may be in an issue"))?;
    let mut candidates = Vec::with_capacity(rows.len());
    for row in &rows {
        let stored = reviews::from_row(row)?;
        let standing = arrivals::standing(row, stored.review.id.as_str())?;
        let picked = !order.picks.is_empty();
        if !picked && standing.used_at.is_some() && !standing.freshly_featured() {
            continue;
        }
        let max_chars = order.digest.quote.max_chars;
        let choice = reviews::choice(db, &stored.review, max_chars).await?;
        let choice = choice.unwrap_or_else(|| quote::choose(&stored.review, max_chars));
        let locator: String = row.get("locator");
        candidates.push(Candidate {
            source_name: order.digest.source_name(&locator),
            review: stored.review,
            choice,
            work_slug: stored.work_slug,
            locator,
            standing,
            picked,
        });
    }
    Ok(candidates)
}

async fn write(
    db: &mut SqliteTransaction<'_>,
    order: &Order<'_>,
    freezing: Freezing<'_>,
    issue: &Issue,
) -> Result<u64, StoreError> {
    let (digest, number) = (issue.digest.as_str(), i64::from(issue.number));
    sqlx::query(
        "insert into issues (digest, number, kind, window_from, window_until, moves_window, composed_at, content, \
         recipients, state, idempotency_key) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)",
    )
    .bind(digest)
    .bind(number)
    .bind(order.kind.as_str())
    .bind(millis(issue.window.from))
    .bind(millis(issue.window.until))
    .bind(i64::from(freezing.moves_window))
    .bind(millis(issue.composed_at))
    .bind(serde_json::json!(issue).to_string())
    .bind(IssueState::Sending.as_str())
    .bind(freezing.idempotency_key)
    .execute(&mut **db)
    .await
    .map_err(failed("storing an issue"))?;
    let quoted: std::collections::HashSet<&ReviewId> =
        issue.works.iter().flat_map(|work| work.reviews.iter().map(|review| &review.id)).collect();
    for review in issue.used() {
        sqlx::query("insert into issue_reviews (digest, number, review_id, quoted) values ($1, $2, $3, $4)")
            .bind(digest)
            .bind(number)
            .bind(review.as_str())
            .bind(i64::from(quoted.contains(review)))
            .execute(&mut **db)
            .await
            .map_err(failed("storing which reviews an issue uses"))?;
    }
    for dropped in &issue.dropped {
        sqlx::query("insert into drops (digest, number, review_id, rule) values ($1, $2, $3, $4)")
            .bind(digest)
            .bind(number)
            .bind(dropped.review.as_str())
            .bind(dropped.rule.as_str())
            .execute(&mut **db)
            .await
            .map_err(failed("storing why a review is not in an issue"))?;
    }
    let mails = order.digest.email.is_some();
    let recipients = if mails { ledger::fill(db, &issue.digest, issue.number, order.now).await? } else { 0 };
    sqlx::query("update issues set recipients = $3 where digest = $1 and number = $2")
        .bind(digest)
        .bind(number)
        .bind(recipients as i64)
        .execute(&mut **db)
        .await
        .map_err(failed("storing how many recipients an issue has"))?;
    Ok(recipients)
}

async fn by_idempotency_key(db: &mut SqliteConnection, digest: &str, key: &str) -> Result<Option<u32>, StoreError> {
    let row = sqlx::query("select number from issues where digest = $1 and idempotency_key = $2")
        .bind(digest)
        .bind(key)
        .fetch_optional(db)
        .await
        .map_err(failed("looking for a repeated order"))?;
    Ok(row.and_then(|row| u32::try_from(row.get::<i64, _>("number")).ok()))
}

/// Notes that a digest exists: its first window starts at its first sight.
///
/// # Errors
/// Where the database fails.
pub async fn note_digest(db: &Db, digest: &str, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("insert into digests (name, first_seen_at) values ($1, $2) on conflict do nothing")
        .bind(digest)
        .bind(millis(now))
        .execute(db.write())
        .await
        .map_err(failed("noting a digest"))
        .map(|_| ())
}

/// When a digest was first seen.
///
/// # Errors
/// Where the database fails.
pub async fn first_seen(db: &Db, digest: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query("select first_seen_at from digests where name = $1")
        .bind(digest)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a digest"))?;
    row.map(|row| instant(digest, "first_seen_at", row.get("first_seen_at"))).transpose()
}

/// Where the next window of a digest starts: at the end of the last one, else at its first sight.
///
/// # Errors
/// Where the database fails.
pub async fn next_window_from(db: &Db, digest: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query("select max(window_until) as until from issues where digest = $1 and moves_window = 1")
        .bind(digest)
        .fetch_one(db.read())
        .await
        .map_err(failed("looking for the last window"))?;
    match row.get::<Option<i64>, _>("until") {
        Some(until) => instant(digest, "window_until", until).map(Some),
        None => first_seen(db, digest).await,
    }
}

/// An issue by digest and number.
///
/// # Errors
/// Where the database fails.
pub async fn get(db: &Db, digest: &str, number: u32) -> Result<Option<StoredIssue>, StoreError> {
    let row = sqlx::query("select * from issues where digest = $1 and number = $2")
        .bind(digest)
        .bind(i64::from(number))
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for an issue"))?;
    row.as_ref().map(from_row).transpose()
}

/// When the newest issue of a digest was composed, and its highest number: together they tell whether an issue
/// has come since, also where the clock was set back.
///
/// # Errors
/// Where the database fails.
pub async fn newest_time(db: &Db, digest: &str) -> Result<Option<(Timestamp, i64)>, StoreError> {
    let row = sqlx::query("select max(composed_at) as at, max(number) as number from issues where digest = $1")
        .bind(digest)
        .fetch_one(db.read())
        .await
        .map_err(failed("looking for the newest issue"))?;
    let (at, number): (Option<i64>, Option<i64>) = (row.get("at"), row.get("number"));
    at.zip(number).map(|(at, number)| Ok((instant(digest, "composed_at", at)?, number))).transpose()
}

/// The newest issues, of one digest or of all.
///
/// # Errors
/// Where the database fails.
pub async fn newest(db: &Db, digest: Option<&str>, limit: i64) -> Result<Vec<StoredIssue>, StoreError> {
    let rows = sqlx::query(
        "select * from issues where $1 is null or digest = $1 order by composed_at desc, digest, number desc limit $2",
    )
    .bind(digest)
    .bind(limit)
    .fetch_all(db.read())
    .await
    .map_err(failed("listing issues"))?;
    rows.iter().map(from_row).collect()
}

/// The newest issues that quote a work.
///
/// # Errors
/// Where the database fails.
pub async fn about_work(db: &Db, work: &str, limit: i64) -> Result<Vec<StoredIssue>, StoreError> {
    let rows = sqlx::query(
        "select * from issues i where exists (select 1 from issue_reviews u join reviews r on r.id = u.review_id \
         where u.digest = i.digest and u.number = i.number and u.quoted = 1 and r.work_id = $1) \
         order by i.composed_at desc, i.digest, i.number desc limit $2",
    )
    .bind(work)
    .bind(limit)
    .fetch_all(db.read())
    .await
    .map_err(failed("listing the issues about a work"))?;
    rows.iter().map(from_row).collect()
}

/// Moves an issue's sending to another state; whether the issue was in one of the states it may leave.
///
/// # Errors
/// Where the database fails.
pub async fn set_state(
    db: &Db,
    digest: &str,
    number: u32,
    from: &[IssueState],
    to: IssueState,
) -> Result<bool, StoreError> {
    let from: Vec<&str> = from.iter().map(|state| state.as_str()).collect();
    let done = sqlx::query(
        "update issues set state = $3 where digest = $1 and number = $2 and state in (select value from json_each($4))",
    )
    .bind(digest)
    .bind(i64::from(number))
    .bind(to.as_str())
    .bind(serde_json::json!(from).to_string())
    .execute(db.write())
    .await
    .map_err(failed("changing the state of an issue"))?;
    Ok(done.rows_affected() > 0)
}

fn from_row(row: &sqlx::sqlite::SqliteRow) -> Result<StoredIssue, StoreError> {
    let name = format!("issues/{}/{}", row.get::<&str, _>("digest"), row.get::<i64, _>("number"));
    let content: String = row.get("content");
    let state: String = row.get("state");
    Ok(StoredIssue {
        issue: serde_json::from_str(&content).map_err(|error| bad_row(&name, "content", &error.to_string()))?,
        kind: row.get("kind"),
        state: IssueState::parse(&state).ok_or_else(|| bad_row(&name, "state", &state))?,
        recipients: u64::try_from(row.get::<i64, _>("recipients")).unwrap_or(0),
    })
}

/// A decision on a review: in an issue, or left out by a rule.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The digest.
    pub digest: String,
    /// The issue.
    pub number: u32,
    /// When it was composed.
    pub composed_at: Timestamp,
    /// Quoted, listed by link, or `None` where it was left out.
    pub quoted: Option<bool>,
    /// The rule that kept it from being quoted.
    pub rule: Option<DropRule>,
}

/// All decisions on a review, oldest first.
///
/// # Errors
/// Where the database fails.
pub async fn decisions(db: &Db, review: &ReviewId) -> Result<Vec<Decision>, StoreError> {
    let rows = sqlx::query(
        "select i.digest, i.number, i.composed_at, u.quoted, d.rule from issues i \
         left join issue_reviews u on u.digest = i.digest and u.number = i.number and u.review_id = $1 \
         left join drops d on d.digest = i.digest and d.number = i.number and d.review_id = $1 \
         where u.review_id is not null or d.review_id is not null order by i.composed_at, i.digest, i.number",
    )
    .bind(review.as_str())
    .fetch_all(db.read())
    .await
    .map_err(failed("looking for decisions"))?;
    rows.iter()
        .map(|row| {
            let rule: Option<String> = row.get("rule");
            let number: i64 = row.get("number");
            Ok(Decision {
                digest: row.get("digest"),
                number: u32::try_from(number).map_err(|_| bad_row("issues", "number", &number.to_string()))?,
                composed_at: instant("issues", "composed_at", row.get("composed_at"))?,
                quoted: row.get::<Option<i64>, _>("quoted").map(|quoted| quoted != 0),
                rule: rule.and_then(|rule| DropRule::parse(&rule)),
            })
        })
        .collect()
}
