//! Composing and freezing: the snapshot an issue is made from, and the one transaction that keeps it.

use jiff::Timestamp;

use super::{IssueKind, IssueState};
use crate::{
    compose::{Candidate, Outcome},
    model::{Digest, Issue, ReviewId, Window, digest::Missed, issue::DropRule},
    quote,
    store::{
        again::again,
        arrivals,
        db::{Db, StoreError, Tx, bad_row, failed, instant, millis},
        drafts,
        ledger::{self, Recipients},
        orders, quote_decisions, reviews,
        runs::{self, RunOutcome},
        statement::{Row, Value, placeholders, query, query_built},
        subscribers,
    },
};

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
#[derive(Debug, Clone, Copy, Default)]
pub struct Freezing<'a> {
    /// The slot of the schedule that this is for.
    pub due_at: Option<Timestamp>,
    /// The rule by which the slot is made up for, where it was missed.
    pub missed: Option<Missed>,
    /// The order placed for now that this is for.
    pub order: Option<i64>,
    /// Whether the next window starts where this one ends.
    pub moves_window: bool,
    /// A key by which a repeated order is recognised.
    pub idempotency_key: Option<&'a str>,
    /// A hash of all that was ordered under that key.
    pub fingerprint: Option<&'a str>,
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
    /// The slot was taken, or the order had been carried out or taken back: by this issue, where there was one.
    Already(Option<u32>),
}

/// What an issue of that order would be made from, now. Nothing is written.
///
/// # Errors
/// Where the database fails.
pub async fn snapshot(db: &Db, order: &Order<'_>) -> Result<Snapshot, StoreError> {
    let mut tx = db.begin_read().await?;
    let snapshot = take_snapshot(&mut tx, order).await?;
    tx.rollback().await.map_err(failed("ending a preview"))?;
    Ok(snapshot)
}

/// Composes and freezes an issue in one transaction. Where the database wants that run again, so is `compose`.
///
/// # Errors
/// Where the database fails; then nothing was written.
pub async fn freeze(
    db: &Db,
    order: &Order<'_>,
    freezing: Freezing<'_>,
    compose: impl Fn(Snapshot) -> Outcome,
) -> Result<Frozen, StoreError> {
    again(|| freeze_once(db, order, freezing, &compose)).await
}

async fn freeze_once(
    db: &Db,
    order: &Order<'_>,
    freezing: Freezing<'_>,
    compose: &impl Fn(Snapshot) -> Outcome,
) -> Result<Frozen, StoreError> {
    let mut tx = db.begin().await?;
    let name = order.digest.name.as_str();
    // One freeze of a digest at a time, and no arrival between its look at what is there and its end.
    tx.lock(&digest_lock(name)).await?;
    if let Some(earlier) = carried_out_before(&mut tx, order, freezing).await? {
        tx.rollback().await.map_err(failed("leaving what was done before"))?;
        return Ok(earlier);
    }
    let (frozen, led_to) = match compose(take_snapshot(&mut tx, order).await?) {
        Outcome::Issue(issue) => {
            let recipients = write(&mut tx, order, freezing, &issue).await?;
            drafts::overtake(&mut tx, name, freezing.moves_window, order.now).await?;
            let led_to = (RunOutcome::Issue, Some(issue.number), None);
            (Frozen::Issue { issue, recipients }, led_to)
        }
        Outcome::TooFew { found, minimum } => {
            (Frozen::TooFew { found, minimum }, (RunOutcome::TooFew, None, Some((found, minimum))))
        }
    };
    if let Some(id) = freezing.order {
        let Frozen::Issue { issue, .. } = &frozen else {
            // The order is not used up by finding too little: what becomes of it is the caller's to say.
            tx.rollback().await.map_err(failed("leaving an order"))?;
            return Ok(frozen);
        };
        orders::made(&mut tx, id, issue.number).await?;
    }
    if let Some(due_at) = freezing.due_at {
        let (outcome, number, shortfall) = led_to;
        runs::finish(&mut tx, name, due_at, outcome, number, shortfall).await?;
    }
    tx.commit().await.map_err(failed("freezing an issue"))?;
    Ok(frozen)
}

/// Takes the slot or the order that an issue is for; what it came to before, where that was taken.
async fn carried_out_before(
    db: &mut Tx,
    order: &Order<'_>,
    freezing: Freezing<'_>,
) -> Result<Option<Frozen>, StoreError> {
    let name = order.digest.name.as_str();
    if let Some(key) = freezing.idempotency_key {
        if let Some(number) = by_idempotency_key(db, name, key).await? {
            return Ok(Some(Frozen::Already(Some(number))));
        }
        if freezing.order.is_none() && orders::has_key(db, name, key).await? {
            return Ok(Some(Frozen::Already(None)));
        }
    }
    if let Some(id) = freezing.order
        && !orders::take(db, id, order.now).await?
    {
        return Ok(Some(Frozen::Already(None)));
    }
    if let Some(due_at) = freezing.due_at
        && !runs::take(db, name, due_at, freezing.missed, order.now).await?
    {
        return Ok(Some(Frozen::Already(runs::number(db, name, due_at).await?)));
    }
    Ok(None)
}

/// The lock that whoever freezes an issue of a digest holds alone, and whoever adds arrivals to it shares.
pub(in crate::store) fn digest_lock(digest: &str) -> String {
    format!("digest {digest}")
}

pub(in crate::store) async fn take_snapshot(db: &mut Tx, order: &Order<'_>) -> Result<Snapshot, StoreError> {
    let name = order.digest.name.as_str();
    let row = query(
        "select (select coalesce(max(number), 0) from issues where digest = $1) as last_number, \
         (select max(window_until) from issues where digest = $1 and moves_window = 1) as last_until, \
         (select first_seen_at from digests where name = $1) as first_seen_at, \
         (select max(arrived_at) from arrivals where digest = $1) as last_arrival",
    )
    .bind(name)
    .fetch_one(&mut *db)
    .await
    .map_err(failed("looking for the last issue"))?;
    let from = match (order.since, row.get::<Option<i64>>("last_until"), row.get::<Option<i64>>("first_seen_at")) {
        (Some(since), _, _) => since,
        (None, Some(until), _) => instant(name, "window_until", until)?,
        (None, None, Some(seen)) => instant(name, "first_seen_at", seen)?,
        (None, None, None) => order.now,
    };
    // What has arrived belongs to this window even where it came in the very millisecond of composing, or
    // where the clock was set back.
    let after_last_arrival = row.get::<Option<i64>>("last_arrival").map_or(i64::MIN, |at| at + 1);
    let now = instant(name, "last_arrival", millis(order.now).max(after_last_arrival))?;
    // A missed slot may lie before the end of an issue that was sent by hand meanwhile.
    let window = Window { from, until: order.until.unwrap_or(now).max(from) };
    let number = u32::try_from(row.get::<i64>("last_number") + 1)
        .map_err(|_| bad_row(name, "number", "beyond what an issue can be numbered"))?;
    let candidates = candidates(db, order, window).await?;
    Ok(Snapshot { number, window, candidates })
}

/// Most older reviews that are looked at to make up the number of an issue, the newest first.
const ARCHIVE: i64 = 200;

/// What may be in the issue: what was picked, or what is news or starred, with older reviews where the digest makes
/// up the number with them.
async fn candidates(db: &mut Tx, order: &Order<'_>, window: Window) -> Result<Vec<Candidate>, StoreError> {
    let picks = serde_json::json!(order.picks).to_string();
    let sql = format!(
        "select {columns}, a.locator, a.arrived_at, a.seeded, {USED_AT} \
         from arrivals a join reviews r on r.id = a.review_id \
         where a.digest = $1 and case when $2 = 1 then r.id in (select value from {{json_array_elements_text(cast($5 as json))|json_each($5)}}) \
         else r.featured_at is not null or (a.seeded = 0 and a.arrived_at >= $3 and a.arrived_at < $4) end \
         order by r.id",
        columns = reviews::COLUMNS
    );
    let rows = query_built(sql)
        .bind(order.digest.name.as_str())
        .bind(i64::from(!order.picks.is_empty()))
        .bind(millis(window.from))
        .bind(millis(window.until))
        .bind(picks)
        .fetch_all(&mut *db)
        .await
        .map_err(failed("collecting what may be in an issue"))?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.extend(candidate(db, order, row).await?);
    }
    if order.picks.is_empty() && order.digest.select.archive > 0 {
        for row in archive(db, order, window).await? {
            found.extend(candidate(db, order, &row).await?);
        }
    }
    Ok(found)
}

/// When the newest issue of the digest that has a review was composed.
const USED_AT: &str = "(select max(i.composed_at) from issue_reviews u \
     join issues i on i.digest = u.digest and i.number = u.number where u.review_id = r.id and u.digest = $1 \
     and (a.renewed_at is null or i.composed_at > a.renewed_at)) as used_at";

/// Older reviews that no issue of the digest has had, the newest first. A text that stood in an issue already, from
/// elsewhere, is none of them.
async fn archive(db: &mut Tx, order: &Order<'_>, window: Window) -> Result<Vec<Row>, StoreError> {
    let sql = format!(
        "select {columns}, a.locator, a.arrived_at, a.seeded, {USED_AT} \
         from arrivals a join reviews r on r.id = a.review_id \
         where a.digest = $1 and r.featured_at is null and (a.seeded = 1 or a.arrived_at < $2) \
         and not exists (select 1 from issue_reviews u where u.digest = $1 and u.review_id = r.id) \
         and not exists (select 1 from drops d where d.digest = $1 and d.review_id = r.id and d.rule = $3) \
         order by coalesce(r.published, ''){{ collate \"C\"}} desc, r.id limit $4",
        columns = reviews::COLUMNS
    );
    query_built(sql)
        .bind(order.digest.name.as_str())
        .bind(millis(window.from))
        .bind(DropRule::Duplicate.as_str())
        .bind(ARCHIVE)
        .fetch_all(db)
        .await
        .map_err(failed("looking for older reviews"))
}

/// A row of what may be in an issue; `None` where an issue has had it and no new star makes it eligible.
async fn candidate(db: &mut Tx, order: &Order<'_>, row: &Row) -> Result<Option<Candidate>, StoreError> {
    let stored = reviews::from_row(row)?;
    let standing = arrivals::standing(row, stored.review.id.as_str())?;
    let picked = !order.picks.is_empty();
    if !picked && standing.used_at.is_some() && !standing.freshly_featured() {
        return Ok(None);
    }
    let max_chars = order.digest.quote.max_chars;
    let choice = reviews::choice(db, &stored.review, max_chars).await?;
    let choice = choice.unwrap_or_else(|| quote::choose(&stored.review, max_chars));
    let choice = quote_decisions::over(db, &stored.review, max_chars, choice).await?;
    let locator: String = row.get("locator");
    Ok(Some(Candidate {
        source_name: order.digest.source_name(&locator),
        review: stored.review,
        choice,
        work_slug: stored.work_slug,
        locator,
        standing,
        picked,
    }))
}

/// Writes an issue with its reviews and recipients, and gives the number of these.
pub(in crate::store) async fn write(
    db: &mut Tx,
    order: &Order<'_>,
    freezing: Freezing<'_>,
    issue: &Issue,
) -> Result<u64, StoreError> {
    let (digest, number) = (issue.digest.as_str(), i64::from(issue.number));
    query(
        "insert into issues (digest, number, kind, window_from, window_until, moves_window, composed_at, content, \
         recipients, state, idempotency_key, fingerprint) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)",
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
    .bind(freezing.fingerprint)
    .execute(&mut *db)
    .await
    .map_err(failed("storing an issue"))?;
    let quoted: std::collections::HashSet<&ReviewId> =
        issue.works.iter().flat_map(|work| work.reviews.iter().map(|review| &review.id)).collect();
    let used: Vec<(&ReviewId, Value<'_>)> =
        issue.used().map(|review| (review, i64::from(quoted.contains(review)).into())).collect();
    link(db, issue, "insert into issue_reviews (digest, number, review_id, quoted)", &used).await?;
    let dropped: Vec<(&ReviewId, Value<'_>)> =
        issue.dropped.iter().map(|dropped| (&dropped.review, dropped.rule.as_str().into())).collect();
    link(db, issue, "insert into drops (digest, number, review_id, rule)", &dropped).await?;
    let recipients = fill(db, order.digest, issue, freezing.moves_window, order.now).await?;
    query("update issues set recipients = $3 where digest = $1 and number = $2")
        .bind(digest)
        .bind(number)
        .bind(recipients as i64)
        .execute(&mut *db)
        .await
        .map_err(failed("storing how many recipients an issue has"))?;
    Ok(recipients)
}

/// Writes what an issue has to do with reviews, many rows a statement.
async fn link(
    db: &mut Tx,
    issue: &Issue,
    insert: &'static str,
    rows: &[(&ReviewId, Value<'_>)],
) -> Result<(), StoreError> {
    for some in rows.chunks(500) {
        let mut insert = query_built(format!("{insert} values {}", placeholders(1, 4, some.len())));
        for (review, value) in some {
            insert = insert.bind(issue.digest.as_str()).bind(issue.number).bind(review.as_str()).bind(value.clone());
        }
        insert.execute(&mut *db).await.map_err(failed("storing which reviews an issue uses and leaves out"))?;
    }
    Ok(())
}

/// Writes the recipients of an issue, where the digest is mailed at all.
async fn fill(
    db: &mut Tx,
    digest: &Digest,
    issue: &Issue,
    moves_window: bool,
    now: Timestamp,
) -> Result<u64, StoreError> {
    if digest.email.is_none() {
        return Ok(0);
    }
    let cadences = subscribers::chosen(&mut *db, digest).await?;
    // Only an issue that takes in all of its window settles what is owed of it.
    let also = if moves_window { subscribers::owed(db, &digest.name).await? } else { Vec::new() };
    let whom = Recipients { list: &digest.list, cadences: &cadences, also: &also };
    ledger::fill(db, &issue.digest, issue.number, whom, now).await
}

async fn by_idempotency_key(db: &mut Tx, digest: &str, key: &str) -> Result<Option<u32>, StoreError> {
    let row = query("select number from issues where digest = $1 and idempotency_key = $2")
        .bind(digest)
        .bind(key)
        .fetch_optional(db)
        .await
        .map_err(failed("looking for a repeated order"))?;
    Ok(row.and_then(|row| u32::try_from(row.get::<i64>("number")).ok()))
}
