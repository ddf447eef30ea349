//! One visit: whether it is time, what came of it, and what that means for the next one.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{
    Collected, Occasion, Report, follow,
    gather::{Content, Trouble, Visit, gather},
    identity,
    plan::{Job, Member},
};
use crate::{
    app::{App, AppError, websub},
    collect::{
        FetchError,
        moves::{self, Candidate, Move},
        rhythm,
    },
    model::{Review, ReviewId, digest::Place},
    store::{
        arrivals::{self, Reader, Recorded},
        sources::{self, Health, hosts},
        subscribers,
    },
};

/// A source that was asked so lately is not asked again, whoever wants it: two digests that are due in the same
/// minute, a command that is repeated.
pub(in crate::app) const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Visits a place, if it is time, and keeps what came of it.
pub(super) async fn visit(app: &App, job: &Job, occasion: Occasion) -> Result<Report, AppError> {
    let now = app.clock.now();
    let Some(leader) = job.members.first() else { return Ok(Report::new(job)) };
    let known = sources::get(&app.db, &leader.locator).await?;
    let mut health = known.unwrap_or_else(|| Health::unknown(&leader.locator, job.place.kind()));
    let mut report = Report::new(job);
    let met = known_to_all(app, job).await?;
    if let Some(held) = held(app, job, &health, occasion, met, now).await? {
        report.result = Ok(held);
        return Ok(report);
    }
    let before = health.address.clone();
    let gathered = try_addresses(app, job, &mut health, met, &mut report.notes).await?;
    health.asked_at = Some(now);
    report.result = match gathered {
        Ok(visit) => succeeded(app, job, &mut health, visit, now, &mut report.notes).await?,
        Err(trouble) => Err(failed(app, job, &mut health, &trouble, now).await?),
    };
    match &report.result {
        Ok(_) => {
            health.last_success_at = Some(now);
            (health.last_error, health.failures, health.failing_since) = (None, 0, None);
        }
        Err(why) => {
            health.last_error_at = Some(now);
            health.last_error = Some(why.clone());
        }
    }
    if let Some(address) = health.address.as_ref().filter(|address| before.as_ref() != Some(address)) {
        report.notes.push(format!("it is asked at {address} from now on"));
    }
    store(app, job, &health).await?;
    Ok(report)
}

/// Why it is not visited now.
async fn held(
    app: &App,
    job: &Job,
    health: &Health,
    occasion: Occasion,
    met: bool,
    now: Timestamp,
) -> Result<Option<Collected>, AppError> {
    if health.stopped_at.is_some() {
        return Ok(Some(Collected::Stopped));
    }
    let of_host = match job.host() {
        Some(host) => hosts::not_before(&app.db, host).await?,
        None => None,
    };
    let fresh_until = health.asked_at.filter(|_| met && job.url().is_some()).map(|at| at + FRESH.min(job.every));
    let not_before = match occasion {
        Occasion::Routine => health.next_poll_at,
        Occasion::Wanted => fresh_until,
    };
    let not_before = not_before.max(health.not_before_at).max(of_host);
    Ok(not_before.filter(|next| *next > now).map(Collected::NotDue))
}

/// Asks at the address that is known. Where there is nothing any more, asks where it was seen moving to, or,
/// where it had moved, where it is configured.
async fn try_addresses(
    app: &App,
    job: &Job,
    health: &mut Health,
    met: bool,
    notes: &mut Vec<String>,
) -> Result<Result<Visit, Trouble>, AppError> {
    let mut subscribers = 0;
    for (_, reader) in job.readers() {
        subscribers += subscribers::count_active(&app.db, &reader.digest).await?;
    }
    let first = gather(app, job, health, !met, subscribers, notes).await;
    let Err(Trouble::Fetch(error)) = &first else { return Ok(first) };
    let other = match (&health.moving_to, &health.address) {
        _ if !error.is_missing() => None,
        (Some(moving_to), _) => Some(moving_to.clone()),
        (None, Some(_)) => job.members.first().map(|leader| leader.source.clone()),
        (None, None) => None,
    };
    let Some(other) = other.and_then(|other| Url::parse(&other).ok()) else { return Ok(first) };
    let place = match &job.place {
        Place::Page(_) => Place::Page(other.clone()),
        _ => Place::Feed(other.clone()),
    };
    let second = gather(app, &Job { place, ..job.clone() }, health, !met, subscribers, notes).await;
    if second.is_ok() {
        let configured = job.members.first().is_some_and(|leader| leader.source == other.as_str());
        health.address = Some(other.to_string()).filter(|_| !configured);
        (health.moving_to, health.moving_since) = (None, None);
        return Ok(second);
    }
    Ok(first)
}

/// Takes in what came, and says when it is asked next.
async fn succeeded(
    app: &App,
    job: &Job,
    health: &mut Health,
    visit: Visit,
    now: Timestamp,
    notes: &mut Vec<String>,
) -> Result<Result<Collected, String>, AppError> {
    if let Some(host) = job.host() {
        hosts::note_well(&app.db, host).await?;
    }
    health.plain = visit.validators.plain;
    health.etag = visit.validators.etag;
    health.last_modified = visit.validators.last_modified;
    health.validators_url = visit.validators.url;
    if let Some(hints) = visit.content.as_ref().and_then(|content| content.hints.as_ref()) {
        health.wishes = hints.wishes;
    }
    health.not_before_at = visit.not_before;
    health.next_poll_at = Some(rhythm::after_success(now, job.every, visit.not_before, health.wishes, app.jitter()));
    let result = match visit.content {
        Some(mut content) => {
            if let Some(first) = visit.first {
                follow::further_pages(app, first, health.last_success_at.is_none(), &mut content, notes).await?;
            }
            take_in(app, job, content, health, now).await?
        }
        None => Ok(Collected::Unchanged),
    };
    if let Err(why) = &result {
        forget_validators(health);
        put_off(app, job, health, now);
        return Ok(Err(why.clone()));
    }
    settle_address(job, health, visit.discovered, &visit.hops, now);
    if let Some(hub) = visit.links.hub {
        let topic = visit.links.own.or_else(|| job.url().cloned());
        for member in &job.members {
            if let Some(topic) = &topic
                && let Err(why) = websub::offer(app, &member.locator, &hub, topic).await?
            {
                notes.push(why);
            }
        }
    }
    Ok(result)
}

/// Adopts the address that a good answer proved.
fn settle_address(
    job: &Job,
    health: &mut Health,
    discovered: Option<Url>,
    hops: &[crate::collect::Hop],
    now: Timestamp,
) {
    let Some(asked) = job.url() else { return };
    if let Some(feed) = discovered {
        health.address = Some(feed.into());
        (health.moving_to, health.moving_since) = (None, None);
        return;
    }
    let known = health.moving_to.as_deref().and_then(|to| Url::parse(to).ok()).zip(health.moving_since);
    let known = known.map(|(to, since)| Candidate { to, since });
    // A redirect seen on the way to another address than the job's own says nothing about the source.
    let hops = if hops.first().is_some_and(|hop| hop.from == *asked) { hops } else { &[] };
    (health.moving_to, health.moving_since) = match moves::judge(asked, hops, known.as_ref(), now) {
        Move::Stays => (None, None),
        Move::MayHave(candidate) => (Some(candidate.to.into()), Some(candidate.since)),
        Move::Moved(to) => {
            health.address = Some(to.into());
            (None, None)
        }
    };
}

/// What went wrong, in words, with what follows from it.
async fn failed(
    app: &App,
    job: &Job,
    health: &mut Health,
    trouble: &Trouble,
    now: Timestamp,
) -> Result<String, AppError> {
    let why = trouble.words();
    match trouble {
        // Nobody was asked: a change of settings or files mends it, and is to be seen at once.
        Trouble::Ours(_) => look_again(app, job, health, now),
        Trouble::Fetch(error) if error.is_ours() => look_again(app, job, health, now),
        Trouble::Fetch(FetchError::Gone { .. }) => {
            health.stopped_at = Some(now);
            (health.next_poll_at, health.not_before_at) = (None, None);
            tracing::warn!(source = health.locator, "the source is gone for good (410) and is not asked any more");
        }
        Trouble::Fetch(FetchError::Busy { url, status, next_poll_after }) => {
            put_off(app, job, health, now);
            if let Some(after) = next_poll_after {
                health.not_before_at = Some(*after);
                health.next_poll_at =
                    Some(rhythm::after_success(now, job.every, Some(*after), health.wishes, app.jitter()));
            }
            let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
            if let (429, Some(host), Some(until)) = (status, host, health.not_before_at) {
                hosts::note_busy(&app.db, &host, until).await?;
            }
        }
        Trouble::Fetch(_) => put_off(app, job, health, now),
        Trouble::Read(_) => {
            forget_validators(health);
            put_off(app, job, health, now);
        }
    }
    Ok(why)
}

/// What could not be read must be fetched whole next time.
fn forget_validators(health: &mut Health) {
    (health.etag, health.last_modified, health.validators_url) = (None, None, None);
}

fn look_again(app: &App, job: &Job, health: &mut Health, now: Timestamp) {
    health.failures = health.failures.saturating_add(1);
    health.failing_since.get_or_insert(now);
    health.not_before_at = None;
    health.next_poll_at = Some(rhythm::after_success(now, job.every, None, health.wishes, app.jitter()));
}

/// Leaves a failing source alone, longer each time.
fn put_off(app: &App, job: &Job, health: &mut Health, now: Timestamp) {
    if job.url().is_none() {
        return look_again(app, job, health, now);
    }
    health.failures = health.failures.saturating_add(1);
    let since = *health.failing_since.get_or_insert(now);
    let next = rhythm::after_failure(now, job.every, health.failures, since, app.jitter());
    (health.not_before_at, health.next_poll_at) = (Some(next), Some(next));
}

/// Takes the reviews of a source in. A feed that had entries and has none any more is an error.
async fn take_in(
    app: &App,
    job: &Job,
    content: Content,
    health: &mut Health,
    now: Timestamp,
) -> Result<Result<Collected, String>, AppError> {
    let before = health.items.max(health.entries);
    let empty = if content.hints.is_some() { content.items == 0 } else { content.reviews.is_empty() };
    if empty && health.entries.max(if content.hints.is_some() { before } else { 0 }) > 0 {
        let before = if content.hints.is_some() { before } else { health.entries };
        return Ok(Err(format!(
            "there is no review in it any more; there were {before}. Has the address changed, or its format?"
        )));
    }
    let found = content.reviews.len();
    let mut recorded = Recorded::default();
    for member in job.members.iter().filter(|member| !member.readers.is_empty()) {
        let readers: Vec<Reader<'_>> = member
            .readers
            .iter()
            .map(|reader| Reader {
                digest: &reader.digest,
                first: reader.first,
                featured_categories: &reader.featured_categories,
                max_chars: reader.max_chars,
            })
            .collect();
        let mut reviews = known_as(job, member, &content.reviews);
        identity::keep(app, &mut reviews).await?;
        let of_member = arrivals::record(&app.db, &member.locator, &readers, &reviews, now).await?;
        recorded.new += of_member.new;
        recorded.changed += of_member.changed;
        recorded.arrived += of_member.arrived;
    }
    health.entries = found as u64;
    health.items = content.items as u64;
    health.content_hash = content.hash;
    Ok(Ok(Collected::Read { found, recorded }))
}

/// The reviews under the identities of a locator: they were read under those of the first.
fn known_as(job: &Job, member: &Member, reviews: &[Review]) -> Vec<Review> {
    let read_as = job.members.first().map_or("", |leader| leader.source.as_str());
    let mut reviews = reviews.to_vec();
    for review in reviews.iter_mut().filter(|review| review.source == read_as) {
        review.source.clone_from(&member.source);
        review.id = ReviewId::derive(&review.source, &review.identity);
    }
    reviews
}

/// Keeps what is known, for every locator that means the address.
async fn store(app: &App, job: &Job, health: &Health) -> Result<(), AppError> {
    for member in &job.members {
        if member.locator == health.locator {
            sources::put(&app.db, health).await?;
            continue;
        }
        let own = sources::get(&app.db, &member.locator).await?;
        let own = own.unwrap_or_else(|| Health::unknown(&member.locator, &health.kind));
        // Where the first one has moved on, so have they all; its own way there is each one's.
        let address = health.address.clone().or(own.address);
        let address = address.filter(|address| *address != member.source);
        sources::put(&app.db, &Health { locator: own.locator, address, ..health.clone() }).await?;
    }
    Ok(())
}

/// Whether every digest has met the source: a new one must be given what is there although nothing changed.
async fn known_to_all(app: &App, job: &Job) -> Result<bool, AppError> {
    for (member, reader) in job.readers() {
        if !arrivals::has_met(&app.db, &reader.digest, &member.locator).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
