//! Collecting: fetching what is due, reading it, and taking the reviews in. One bad source never stops the
//! others, and a URL that several digests name is fetched once.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

use super::{App, AppError};
use crate::{
    collect::{FetchError, Outcome as Fetched, Validators, folder},
    model::{
        Digest, Review,
        digest::{First, Place},
    },
    read::{self, Document, feed},
    store::{
        arrivals::{self, Reader, Recorded},
        sources::{self, Health},
    },
};

/// The shortest wait after an error, doubled with each day that a source has been failing.
const AFTER_ERROR: SignedDuration = SignedDuration::from_mins(15);

/// The longest.
const LONGEST_AFTER_ERROR: SignedDuration = SignedDuration::from_hours(24);

/// What became of one source.
#[derive(Debug)]
pub struct Report {
    /// URL or folder, as in the digest file.
    pub locator: String,
    /// The digests that read it.
    pub digests: Vec<String>,
    /// What happened.
    pub result: Result<Collected, String>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// What a source gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collected {
    /// It was read.
    Read {
        /// Reviews in it.
        found: usize,
        /// What of them was new.
        recorded: Recorded,
    },
    /// It has not changed.
    Unchanged,
    /// It is not to be asked again before.
    NotDue(Timestamp),
}

/// A place with all digests that read it.
#[derive(Debug, Clone)]
struct Job {
    place: Place,
    /// As written in the digest file.
    locator: String,
    readers: Vec<JobReader>,
    every: SignedDuration,
}

#[derive(Debug, Clone)]
struct JobReader {
    digest: String,
    first: First,
    featured_categories: Vec<String>,
    max_chars: usize,
}

/// Why sources are visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Their time has come: those whose next poll is due.
    Routine,
    /// An issue is about to be made, or a person asks: all but those that asked to be left alone or failed a
    /// moment ago.
    Wanted,
}

/// Collects the sources of one digest or of all.
///
/// # Errors
/// Where the database fails. What a source does is in its report.
pub async fn collect(
    app: &Arc<App>,
    digest: Option<&Digest>,
    occasion: Occasion,
    listener: impl Fn(&Report) + Send,
) -> Result<Vec<Report>, AppError> {
    let mut running = JoinSet::new();
    let mut waiting = jobs(app, digest).into_iter();
    let mut reports = Vec::new();
    loop {
        while running.len() < AT_ONCE {
            let Some(job) = waiting.next() else { break };
            let app = Arc::clone(app);
            running.spawn(async move { visit(&app, job, occasion).await });
        }
        let Some(done) = running.join_next().await else { break };
        let report = done.map_err(|error| AppError::Input(format!("a source broke the reader: {error}")))??;
        listener(&report);
        reports.push(report);
    }
    reports.sort_by(|a, b| a.locator.cmp(&b.locator));
    Ok(reports)
}

/// Fetches what is due for a digest, so that an issue made now holds what there is now. What a source does
/// wrong is logged and kept with it, and does not stop the issue.
///
/// # Errors
/// Where the database fails.
pub async fn before_composing(app: &Arc<App>, digest: &Digest) -> Result<(), AppError> {
    collect(app, Some(digest), Occasion::Wanted, log).await.map(|_| ())
}

/// Sources visited at the same time; each host is asked one thing at a time all the same.
const AT_ONCE: usize = 8;

/// Logs what became of a source: the listener for whoever prints nothing.
pub fn log(report: &Report) {
    match &report.result {
        Ok(result) => tracing::info!(source = report.locator, ?result, "source collected"),
        Err(error) => tracing::warn!(source = report.locator, error, "source failed"),
    }
}

/// Every place that the digest names, or any digest, with all digests that read it.
fn jobs(app: &App, only: Option<&Digest>) -> Vec<Job> {
    let mut jobs: BTreeMap<String, Job> = BTreeMap::new();
    for digest in app.digests() {
        for source in &digest.sources {
            let locator = source.locator.clone();
            let every = source.every.unwrap_or(app.settings.collect.every);
            let every = SignedDuration::try_from(every).unwrap_or(SignedDuration::from_hours(1));
            let job = jobs.entry(locator.clone()).or_insert_with(|| Job {
                place: source.place.clone(),
                locator,
                readers: Vec::new(),
                every,
            });
            job.every = job.every.min(every);
            job.readers.push(JobReader {
                digest: digest.name.to_string(),
                first: source.first,
                featured_categories: source.featured_categories.iter().map(|c| c.to_lowercase()).collect(),
                max_chars: digest.quote.max_chars,
            });
        }
    }
    let wanted = |job: &Job| only.is_none_or(|only| job.readers.iter().any(|r| r.digest == only.name.as_str()));
    jobs.into_values().filter(wanted).collect()
}

async fn visit(app: &App, job: Job, occasion: Occasion) -> Result<Report, AppError> {
    let now = app.clock.now();
    let known = sources::get(&app.db, &job.locator).await?;
    let mut health = known.unwrap_or_else(|| Health {
        locator: job.locator.clone(),
        kind: job.place.kind().to_owned(),
        ..Health::default()
    });
    let mut report = Report {
        locator: job.locator.clone(),
        digests: job.readers.iter().map(|reader| reader.digest.clone()).collect(),
        result: Ok(Collected::Unchanged),
        notes: Vec::new(),
    };
    let not_before = match occasion {
        Occasion::Routine => health.next_poll_at.max(health.not_before_at),
        Occasion::Wanted => health.not_before_at,
    };
    if let Some(next) = not_before.filter(|next| *next > now) {
        report.result = Ok(Collected::NotDue(next));
        return Ok(report);
    }
    let visited = gather(app, &job, &health, &mut report.notes).await;
    match visited {
        Ok(visit) => {
            health.etag = visit.validators.etag;
            health.last_modified = visit.validators.last_modified;
            health.validators_url = visit.validators.url;
            health.next_poll_at = Some(now + job.every);
            health.not_before_at = visit.next_poll_after;
            if let Some((hash, reviews)) = visit.content {
                report.result = take_in(app, &job, reviews, &mut health, hash, now).await?;
            }
        }
        Err(Trouble { why, next_poll_after }) => {
            health.not_before_at = Some(next_poll_after.unwrap_or_else(|| now + after_error(&health, now)));
            report.result = Err(why);
        }
    }
    match &report.result {
        Ok(_) => {
            health.last_success_at = Some(now);
            health.last_error = None;
        }
        Err(why) => {
            health.last_error_at = Some(now);
            health.last_error = Some(why.clone());
            // What could not be read must be fetched whole next time.
            (health.etag, health.last_modified, health.validators_url) = (None, None, None);
        }
    }
    sources::put(&app.db, &health).await?;
    Ok(report)
}

/// How long to leave a failing source alone: longer the longer it has been failing.
fn after_error(health: &Health, now: Timestamp) -> SignedDuration {
    let failing_for = health.last_success_at.map_or(SignedDuration::ZERO, |last| now.duration_since(last));
    (AFTER_ERROR + failing_for / 4).min(LONGEST_AFTER_ERROR)
}

/// Takes the reviews of a source in. A feed that had entries and has none any more is an error.
async fn take_in(
    app: &App,
    job: &Job,
    reviews: Vec<Review>,
    health: &mut Health,
    hash: String,
    now: Timestamp,
) -> Result<Result<Collected, String>, AppError> {
    if reviews.is_empty() && health.entries > 0 {
        let before = health.entries;
        return Ok(Err(format!(
            "there is no review in it any more; there were {before}. Has the address changed, or its format?"
        )));
    }
    let readers: Vec<Reader<'_>> = job
        .readers
        .iter()
        .map(|reader| Reader {
            digest: &reader.digest,
            first: reader.first,
            featured_categories: &reader.featured_categories,
            max_chars: reader.max_chars,
        })
        .collect();
    let recorded = arrivals::record(&app.db, &job.locator, &readers, &reviews, now).await?;
    health.entries = reviews.len() as u64;
    health.content_hash = Some(hash);
    Ok(Ok(Collected::Read { found: reviews.len(), recorded }))
}

/// What a visit brought.
struct Visit {
    /// A hash of the bytes, and the reviews in them; `None` where nothing has changed.
    content: Option<(String, Vec<Review>)>,
    validators: Validators,
    next_poll_after: Option<Timestamp>,
}

/// Why a visit brought nothing.
struct Trouble {
    why: String,
    next_poll_after: Option<Timestamp>,
}

impl From<String> for Trouble {
    fn from(why: String) -> Self {
        Self { why, next_poll_after: None }
    }
}

async fn gather(app: &App, job: &Job, health: &Health, notes: &mut Vec<String>) -> Result<Visit, Trouble> {
    let validators = Validators {
        etag: health.etag.clone(),
        last_modified: health.last_modified.clone(),
        url: health.validators_url.clone(),
    };
    let (documents, validators, next_poll_after) = match &job.place {
        Place::Folder(path) => (read_folder(app, path, notes).await?, Validators::default(), None),
        Place::Feed(url) | Place::Page(url) => {
            let is_feed = matches!(job.place, Place::Feed(_));
            let fetching = async {
                if is_feed {
                    app.fetcher.fetch_feed(url.as_str(), &validators).await
                } else {
                    app.fetcher.fetch(url.as_str(), &validators).await
                }
            };
            let fetched = tokio::time::timeout(app.settings.collect.timeout, fetching)
                .await
                .map_err(|_| Trouble::from("timed out (collect.timeout)".to_owned()))?
                .map_err(trouble)?;
            if let Some(found) = &fetched.discovered {
                notes.push(format!("this is a page; its feed {found} was read instead. Name that in the digest file"));
            }
            let Fetched::Document(mut document) = fetched.outcome else {
                return Ok(Visit {
                    content: None,
                    validators: fetched.validators,
                    next_poll_after: fetched.next_poll_after,
                });
            };
            document.source = url.to_string();
            (vec![document], fetched.validators, fetched.next_poll_after)
        }
    };
    let hash = hash(&documents);
    if health.content_hash.as_deref() == Some(&hash) && health.last_error.is_none() && known_to_all(app, job).await {
        return Ok(Visit { content: None, validators, next_poll_after });
    }
    let is_feed = matches!(job.place, Place::Feed(_));
    let (reviews, mut found) = tokio::task::spawn_blocking(move || read_documents(&documents, is_feed))
        .await
        .map_err(|error| Trouble::from(format!("the reader broke on it: {error}")))?
        .map_err(Trouble::from)?;
    notes.append(&mut found);
    Ok(Visit { content: Some((hash, reviews)), validators, next_poll_after })
}

/// Whether every digest has met the source: a new one must be given what is there although nothing changed.
async fn known_to_all(app: &App, job: &Job) -> bool {
    for reader in &job.readers {
        if !arrivals::has_met(&app.db, &reader.digest, &job.locator).await.unwrap_or(false) {
            return false;
        }
    }
    true
}

fn trouble(error: FetchError) -> Trouble {
    let next_poll_after = match &error {
        FetchError::Busy { next_poll_after, .. } => *next_poll_after,
        _ => None,
    };
    Trouble { why: error.to_string(), next_poll_after }
}

/// A folder's documents, named by their path from the digest folder on, so that moving the whole does not
/// make every review new.
async fn read_folder(app: &App, path: &Path, notes: &mut Vec<String>) -> Result<Vec<Document>, Trouble> {
    let path = path.to_owned();
    let base = app.settings.paths.digests.clone();
    let folder = tokio::task::spawn_blocking(move || folder::read(&path))
        .await
        .map_err(|error| Trouble::from(format!("the folder could not be read: {error}")))?
        .map_err(|problem| Trouble::from(problem.to_string()))?;
    notes.extend(folder.problems.iter().map(ToString::to_string));
    let mut documents = folder.documents;
    for document in &mut documents {
        if let Ok(inside) = Path::new(&document.source).strip_prefix(&base) {
            document.source = inside.display().to_string();
        }
    }
    Ok(documents)
}

fn hash(documents: &[Document]) -> String {
    let mut hash = Sha256::new();
    for document in documents {
        hash.update(document.source.as_bytes());
        hash.update([0]);
        hash.update((document.bytes.len() as u64).to_le_bytes());
        hash.update(&document.bytes);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads documents into reviews with notes. A single document that cannot be read is an error, one of several
/// a note. What was fetched as a feed must be one.
fn read_documents(documents: &[Document], is_feed: bool) -> Result<(Vec<Review>, Vec<String>), String> {
    if let (true, [document]) = (is_feed, documents)
        && !feed::is_feed(document)
    {
        return Err("what came is no feed; check the address in a browser, or name it as `page = …`".to_owned());
    }
    let alone = documents.len() == 1;
    let mut reviews = Vec::new();
    let mut notes = Vec::new();
    for document in documents {
        match read::read(document) {
            Ok(mut reading) => {
                notes.extend(reading.notes.iter().map(|note| format!("{}: {note}", document.source)));
                reviews.append(&mut reading.reviews);
            }
            Err(error) if alone => return Err(error.to_string()),
            Err(error) => notes.push(error.to_string()),
        }
    }
    read::tie(&mut reviews);
    Ok((reviews, notes))
}
