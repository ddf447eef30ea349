//! Collecting: fetching what is due, reading it, and taking the reviews in. One bad source never stops the
//! others, and a URL that several digests name is fetched once.

mod follow;
mod gather;
mod identity;
mod plan;
mod visit;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{sync::mpsc, task::JoinSet};

use self::plan::Job;
pub(super) use self::visit::FRESH;
use super::{App, AppError, websub};
use crate::{model::Digest, store::arrivals::Recorded};

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
    /// It is gone for good, and is not asked any more.
    Stopped,
}

impl Report {
    /// A report of which nothing is known yet.
    fn new(job: &Job) -> Self {
        Self {
            locator: job.members.first().map(|member| member.locator.clone()).unwrap_or_default(),
            digests: job.readers().map(|(_, reader)| reader.digest.clone()).collect(),
            result: Ok(Collected::Unchanged),
            notes: Vec::new(),
        }
    }
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
    let limit = if occasion == Occasion::Routine { LONGEST_ROUTINE } else { Duration::MAX };
    let jobs = plan::jobs(app, digest.as_ref().map(std::slice::from_ref)).await?;
    let Visits { mut reports, broken } = visit_within(app, jobs, occasion, limit, listener).await?;
    if occasion == Occasion::Routine {
        websub::renew(app).await?;
    }
    if let Some(why) = broken {
        return Err(AppError::Input(why));
    }
    reports.sort_by(|a, b| a.locator.cmp(&b.locator));
    Ok(reports)
}

/// What came of a round of visits.
struct Visits {
    reports: Vec<Report>,
    /// Where a document broke its reader: the rest of that row was not visited.
    broken: Option<String>,
}

/// Visits, but begins no visit after `limit`; what was not visited stays due.
async fn visit_within(
    app: &Arc<App>,
    jobs: Vec<Job>,
    occasion: Occasion,
    limit: Duration,
    listener: impl Fn(&Report) + Send,
) -> Result<Visits, AppError> {
    let started = Instant::now();
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut running = JoinSet::new();
    let mut waiting = lanes(jobs).into_iter();
    let (mut reports, mut broken) = (Vec::new(), None);
    loop {
        while running.len() < AT_ONCE {
            let Some(lane) = waiting.next() else { break };
            let (app, tell) = (Arc::clone(app), tell.clone());
            running.spawn(async move {
                let more = || started.elapsed() < limit;
                run_lane(&app, lane, occasion, &tell, more).await
            });
        }
        tokio::select! {
            Some(report) = told.recv() => {
                listener(&report);
                reports.push(report);
            }
            done = running.join_next() => match done {
                None => break,
                Some(Ok(done)) => done?,
                Some(Err(error)) => broken = Some(format!("a source broke the reader: {error}")),
            }
        }
    }
    while let Ok(report) = told.try_recv() {
        listener(&report);
        reports.push(report);
    }
    Ok(Visits { reports, broken })
}

/// The jobs of each host in a row of their own, so that nobody waits for another host's pauses, and a host that
/// asks for fewer requests is heard before it is asked again. Every folder is a row of its own.
fn lanes(jobs: Vec<Job>) -> Vec<Vec<Job>> {
    let mut lanes: BTreeMap<String, Vec<Job>> = BTreeMap::new();
    for job in jobs {
        let key = job.host().map_or_else(|| format!("folder {}", job.place.locator()), str::to_owned);
        lanes.entry(key).or_default().push(job);
    }
    lanes.into_values().collect()
}

async fn run_lane(
    app: &App,
    lane: Vec<Job>,
    occasion: Occasion,
    tell: &mpsc::UnboundedSender<Report>,
    more: impl Fn() -> bool + Send,
) -> Result<(), AppError> {
    for job in lane {
        if !more() {
            tracing::info!(source = job.place.locator(), "left for later: collecting takes too long");
            break;
        }
        let report = visit::visit(app, &job, occasion).await?;
        // Whoever does not listen any more has given up on an error of another row.
        let _ = tell.send(report);
    }
    Ok(())
}

/// Fetches what is due for digests, so that issues made now hold what there is now. What a source does wrong is
/// logged and kept with it, and does not stop the issues.
///
/// # Errors
/// Where the database fails.
pub async fn before_composing(app: &Arc<App>, digests: &[&Digest]) -> Result<(), AppError> {
    let jobs = plan::jobs(app, Some(digests)).await?;
    let visits = visit_within(app, jobs, Occasion::Wanted, LONGEST_BEFORE_AN_ISSUE, log).await?;
    if let Some(why) = visits.broken {
        tracing::error!(why, "an issue is made without what that source and others of its host hold");
    }
    Ok(())
}

/// How long a routine may begin visits: an issue that is due meanwhile waits for it.
const LONGEST_ROUTINE: Duration = Duration::from_secs(45);

/// How long an issue waits for its sources.
const LONGEST_BEFORE_AN_ISSUE: Duration = Duration::from_secs(10 * 60);

/// Hosts and folders visited at the same time.
const AT_ONCE: usize = 8;

/// Logs what became of a source: the listener for whoever prints nothing.
pub fn log(report: &Report) {
    match &report.result {
        Ok(Collected::NotDue(_) | Collected::Stopped) => {}
        Ok(result) => tracing::info!(source = report.locator, ?result, "source collected"),
        Err(error) => tracing::warn!(source = report.locator, error, "source failed"),
    }
}
