//! Composing: what the next issue would be, and freezing it. Preview, dry run, schedule and one-off meet
//! here, so that what is shown is what will be sent.

use std::path::Path;

use jiff::Timestamp;

use super::{App, AppError};
use crate::{
    compose::{self, Candidate, Ingredients, Outcome, Standing},
    model::{
        Digest, Issue, Quote, Review, ReviewId,
        digest::{First, Missed},
    },
    quote::{self, Choice},
    store::{
        arrivals::{self, Reader},
        issues::{self, Freezing, Frozen, IssueKind, Order, Snapshot},
        quote_decisions, reviews,
    },
};

/// What an issue is asked to be.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Where the window starts, where not at the end of the last.
    pub since: Option<Timestamp>,
    /// Where it ends, where not now.
    pub until: Option<Timestamp>,
    /// Reviews picked by hand, each as id, URL or path: then no others are taken.
    pub picks: Vec<String>,
    /// A word from the editor on top.
    pub note: Option<String>,
}

/// How a frozen issue is booked.
#[derive(Debug, Clone, Default)]
pub struct Booking {
    /// The slot of the schedule that this is for; `None` for a one-off.
    pub due_at: Option<Timestamp>,
    /// The rule by which that slot is made up for, where it was missed.
    pub missed: Option<Missed>,
    /// The order placed for now that this is for.
    pub order: Option<i64>,
    /// Leaves the next window where it would have started.
    pub keep_window: bool,
    /// A key by which a repeated order is recognised.
    pub idempotency_key: Option<String>,
    /// A hash of all that was ordered under that key.
    pub fingerprint: Option<String>,
}

/// Composes an issue and writes nothing: the issue that [`freeze`] would make now of the same wish.
///
/// # Errors
/// Where a picked review cannot be had, or the database fails.
pub async fn preview(app: &App, digest: &Digest, wish: &Wish) -> Result<Outcome, AppError> {
    let picked = find_picks(app, &wish.picks).await?;
    let ids: Vec<ReviewId> = picked.iter().map(|(review, _)| review.id.clone()).collect();
    let now = app.clock.now();
    let order = Order { digest, kind: IssueKind::OneOff, now, since: wish.since, until: wish.until, picks: &ids };
    let mut snapshot = issues::snapshot(&app.db, &order).await?;
    for (review, slug) in picked {
        if !snapshot.candidates.iter().any(|candidate| candidate.review.id == review.id) {
            let chosen = quote::choose(&review, digest.quote.max_chars);
            let choice = quote_decisions::standing(&app.db, &review, digest.quote.max_chars, chosen).await?;
            snapshot.candidates.push(passing_candidate(choice, review, slug, now));
        }
    }
    Ok(compose_verified(digest, now, wish.note.clone(), snapshot))
}

/// Composes an issue and freezes it with its recipients, in one transaction.
///
/// # Errors
/// Where a picked review cannot be had, or the database fails; then nothing was frozen.
pub async fn freeze(app: &App, digest: &Digest, wish: &Wish, booking: &Booking) -> Result<Frozen, AppError> {
    let now = app.clock.now();
    let picked = find_picks(app, &wish.picks).await?;
    let ids: Vec<ReviewId> = picked.iter().map(|(review, _)| review.id.clone()).collect();
    for (review, _) in &picked {
        note_arrival(app, digest, review, now).await?;
    }
    let order = Order {
        digest,
        kind: if booking.due_at.is_some() { IssueKind::Scheduled } else { IssueKind::OneOff },
        now,
        since: wish.since,
        until: wish.until,
        picks: &ids,
    };
    let freezing = Freezing {
        due_at: booking.due_at,
        missed: booking.missed,
        order: booking.order,
        moves_window: !booking.keep_window,
        idempotency_key: booking.idempotency_key.as_deref(),
        fingerprint: booking.fingerprint.as_deref(),
    };
    let compose = |snapshot| compose_verified(digest, now, wish.note.clone(), snapshot);
    let frozen = issues::freeze(&app.db, &order, freezing, compose).await?;
    match &frozen {
        Frozen::Issue { issue, recipients } => {
            tracing::info!(digest = %digest.name, number = issue.number, reviews = issue.quoted(), recipients, "issue frozen");
        }
        Frozen::TooFew { found, minimum } => {
            tracing::info!(digest = %digest.name, found, minimum, "no issue: too little news, the window stays open");
        }
        Frozen::Already(number) => {
            tracing::info!(digest = %digest.name, ?number, "no issue: this slot or order was carried out before");
        }
    }
    Ok(frozen)
}

/// Composes, each quote checked against its review's body once more.
pub(super) fn compose_verified(digest: &Digest, now: Timestamp, note: Option<String>, snapshot: Snapshot) -> Outcome {
    let Snapshot { number, window, mut candidates } = snapshot;
    for candidate in &mut candidates {
        let holds = |quote: &Quote| quote.verify(&candidate.review.body).is_ok();
        if !candidate.choice.quote.as_ref().is_none_or(holds) {
            tracing::error!(review = %candidate.review.id, "a quote does not hold any longer and is left out");
            candidate.choice.quote = None;
            candidate.choice.passages.clear();
        }
    }
    compose::compose(Ingredients { digest, number, window, composed_at: now, note, candidates })
}

/// A review that was picked by hand and is not in the digest's sources.
fn passing_candidate(choice: Choice, review: Review, work_slug: Option<String>, now: Timestamp) -> Candidate {
    Candidate {
        choice,
        work_slug,
        source_name: place_name(&review),
        locator: review.source.clone(),
        standing: Standing { arrived_at: now, seeded: true, featured_at: None, used_at: None },
        picked: true,
        review,
    }
}

/// How a place that no digest file names is called: the host of its URL, or the file's name.
fn place_name(review: &Review) -> String {
    let place = review.url.as_deref().unwrap_or(&review.source);
    let host = url::Url::parse(place).ok().and_then(|url| url.host_str().map(str::to_owned));
    let file = || Path::new(place).file_name().map(|name| name.to_string_lossy().into_owned());
    host.or_else(file).unwrap_or_else(|| place.to_owned())
}

/// Notes a picked review as known to the digest, without making it news.
async fn note_arrival(app: &App, digest: &Digest, review: &Review, now: Timestamp) -> Result<(), AppError> {
    let known = arrivals::of_review(&app.db, &review.id).await?;
    if known.iter().any(|arrival| arrival.digest == digest.name.as_str()) {
        return Ok(());
    }
    let reader = Reader {
        digest: digest.name.as_str(),
        first: First::Seed,
        featured_categories: &[],
        max_chars: digest.quote.max_chars,
    };
    arrivals::record(&app.db, &review.source, &[reader], std::slice::from_ref(review), now).await?;
    Ok(())
}

/// Refuses picks that name files of this machine: what comes over the network may name reviews and links only.
///
/// # Errors
/// The pick that is neither.
pub(super) async fn refuse_files(app: &App, picks: &[String]) -> Result<(), AppError> {
    for pick in picks {
        let is_known = ReviewId::parse(pick).is_some() || !reviews::by_place(&app.db, pick).await?.is_empty();
        if !is_known && !super::read::is_url(pick) {
            return Err(AppError::NoReview(pick.clone()));
        }
    }
    Ok(())
}

/// Takes picked reviews in, without making them news, and gives their ids.
///
/// # Errors
/// Where one cannot be had, or the database fails.
pub(super) async fn keep_picks(app: &App, digest: &Digest, picks: &[String]) -> Result<Vec<String>, AppError> {
    let picked = find_picks(app, picks).await?;
    for (review, _) in &picked {
        note_arrival(app, digest, review, app.clock.now()).await?;
    }
    Ok(picked.into_iter().map(|(review, _)| review.id.to_string()).collect())
}

/// Finds picked reviews: stored ones by id or place, others by reading the file or URL now.
async fn find_picks(app: &App, picks: &[String]) -> Result<Vec<(Review, Option<String>)>, AppError> {
    let mut found = Vec::new();
    for pick in picks {
        if let Some(id) = ReviewId::parse(pick) {
            let stored = reviews::get(&app.db, &id).await?;
            let stored = stored.ok_or_else(|| AppError::NoReview(pick.clone()))?;
            found.push((stored.review, stored.work_slug));
            continue;
        }
        let stored = reviews::by_place(&app.db, pick).await?;
        if !stored.is_empty() {
            found.extend(stored.into_iter().map(|stored| (stored.review, stored.work_slug)));
            continue;
        }
        let reading = super::read::read_place(app, pick).await?;
        if reading.reviews.is_empty() {
            let why = if reading.notes.is_empty() { "it holds no review".to_owned() } else { reading.notes.join("; ") };
            return Err(AppError::Read { place: pick.clone(), why });
        }
        found.extend(reading.reviews.into_iter().map(|review| (review, None)));
    }
    Ok(found)
}

/// The issue of an outcome, or the sentence that says why there is none.
///
/// # Errors
/// Where there was too little news.
pub fn issue_or_why(digest: &Digest, outcome: Outcome) -> Result<Issue, AppError> {
    match outcome {
        Outcome::Issue(issue) => Ok(*issue),
        Outcome::TooFew { found, minimum } => Err(AppError::TooFew { digest: digest.name.to_string(), found, minimum }),
    }
}
