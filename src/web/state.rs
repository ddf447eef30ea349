//! What handlers share: the house, the workers to wake, rendered feeds, failed logins, the demo's mailbox.

use std::{
    collections::{HashMap, VecDeque},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use super::cached::Rendered;
use crate::{app::App, deliver::Worker};

/// Failed logins within [`LOGIN_WINDOW`] after which the door stays shut for a while.
const MOST_FAILED_LOGINS: usize = 5;
const LOGIN_WINDOW: Duration = Duration::from_secs(60);

/// What tells one state of a digest's archive from another: the newest issue's time and the highest number.
type Version = (Timestamp, i64);

/// State of the site; clones are the same site.
#[derive(Clone)]
pub struct Web {
    inner: Arc<Inner>,
}

struct Inner {
    app: Arc<App>,
    worker: Option<Arc<Worker>>,
    mailbox: Option<PathBuf>,
    feeds: Mutex<HashMap<String, (Version, Arc<Rendered>)>>,
    failed_logins: Mutex<VecDeque<Timestamp>>,
}

impl Web {
    /// The site of a house. `worker` is woken when an issue is frozen by hand.
    pub fn new(app: Arc<App>, worker: Option<Arc<Worker>>) -> Self {
        Self::with_mailbox(app, worker, None)
    }

    /// The site with a Maildir to look into: for the demo, where all mail stays on the machine.
    pub fn with_mailbox(app: Arc<App>, worker: Option<Arc<Worker>>, mailbox: Option<PathBuf>) -> Self {
        let inner = Inner { app, worker, mailbox, feeds: Mutex::default(), failed_logins: Mutex::default() };
        Self { inner: Arc::new(inner) }
    }

    /// The house.
    pub fn app(&self) -> &Arc<App> {
        &self.inner.app
    }

    /// The demo's Maildir.
    pub fn mailbox(&self) -> Option<&Path> {
        self.inner.mailbox.as_deref()
    }

    /// Wakes the delivery workers of this process.
    pub fn nudge(&self) {
        if let Some(worker) = &self.inner.worker {
            worker.nudge();
        }
    }

    /// A feed rendered before, where nothing was published since.
    pub(super) fn kept_feed(&self, path: &str, version: Version) -> Option<Arc<Rendered>> {
        let feeds = self.inner.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        feeds.get(path).filter(|(kept, _)| *kept == version).map(|(_, rendered)| Arc::clone(rendered))
    }

    /// Keeps a rendered feed.
    pub(super) fn keep_feed(&self, path: String, version: Version, rendered: Arc<Rendered>) {
        self.inner.feeds.lock().unwrap_or_else(PoisonError::into_inner).insert(path, (version, rendered));
    }

    /// Whether another login may be tried now.
    pub(super) fn login_open(&self, now: Timestamp) -> bool {
        let mut failed = self.inner.failed_logins.lock().unwrap_or_else(PoisonError::into_inner);
        failed.retain(|at| now.duration_since(*at).unsigned_abs() < LOGIN_WINDOW);
        failed.len() < MOST_FAILED_LOGINS
    }

    /// Notes a failed login.
    pub(super) fn login_failed(&self, now: Timestamp) {
        self.inner.failed_logins.lock().unwrap_or_else(PoisonError::into_inner).push_back(now);
    }
}
