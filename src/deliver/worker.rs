//! The worker of a process, seen from outside: what it is given, what it tells, how it is run.
//!
//! What each of its hands does with a claim is in `hand`, what it writes into the ledger in `clerk`.

use std::{
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::{sync::Notify, task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    clerk,
    halts::Halts,
    hand::go,
    journal::Journal,
    lease::{Lease, Term},
    mailer::{Envelope, Mailer},
    queue::Queue,
    recovery::{self, Place},
};
use crate::{
    clock::Clock,
    model::{Books, DeliveryState, DigestName, rate::Limits},
    store::{
        Db, StoreError,
        ledger::{Claim, DeliveryKey},
    },
};

/// What stops delivery.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The ledger.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal.
    #[error("cannot write the journal of deliveries in {folder}: {source}. Nothing is sent without it (paths.data)")]
    Journal {
        /// Where.
        folder: String,
        /// Why not.
        source: std::io::Error,
    },
}

/// What [`MessageSource::letter`] gives: the letter, or why there is none, as a sentence.
pub type Preparing<'a> = Pin<Box<dyn Future<Output = Result<Arc<dyn Letter>, String>> + Send + 'a>>;

/// Where messages come from.
pub trait MessageSource: Send + Sync {
    /// The letter of an issue, made ready once and kept by whoever sends it. An error, or a panic, puts the
    /// delivery off like a server's "not now".
    fn letter<'a>(&'a self, digest: &'a DigestName, number: u32) -> Preparing<'a>;
}

/// An issue's mail, ready but for the recipient.
pub trait Letter: Send + Sync {
    /// Appends the message for one claim (RFC 5322) and gives its envelope. The Message-ID is the same for the
    /// same delivery, always. It is called once a message: it asks nobody and waits for nothing.
    ///
    /// # Errors
    /// Why there is no message, as a sentence. That, and a panic, puts the delivery off.
    fn write(&self, claim: &Claim, message: &mut String) -> Result<Envelope, String>;

    /// Whether every message that is written can go on the wire as it is: all line ends CR LF, and no line
    /// that begins with a dot.
    fn is_wire_ready(&self) -> bool {
        false
    }
}

/// How workers go about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Connections at the same time.
    pub workers: usize,
    /// Rows that the process holds at the most: what is uncertain when its machine is lost.
    pub group: usize,
    /// How long a dead process keeps what it held; a living one prolongs it.
    pub lease: Duration,
    /// How often the long-running workers look for work.
    pub poll: Duration,
    /// The first pause when the way to the server is barred; it doubles.
    pub first_halt: Duration,
    /// The longest such pause.
    pub longest_halt: Duration,
    /// Draining gives up when barred so often in a row; `None`: never.
    pub give_up_after: Option<u32>,
    /// At shutdown, how long the answer to a message in hand is waited for.
    pub grace: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            workers: 4,
            group: 2000,
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(2),
            first_halt: Duration::from_secs(1),
            longest_halt: Duration::from_mins(15),
            give_up_after: Some(4),
            grace: Duration::from_secs(30),
        }
    }
}

/// What happens on the way, for progress and logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A delivery came to rest, or was put off.
    Settled {
        /// Which.
        key: DeliveryKey,
        /// Where.
        state: DeliveryState,
    },
    /// The books of the issue being drained, now and then and at the end.
    Books(Books),
    /// The way to the server is barred: all wait.
    Halted {
        /// By what.
        why: String,
        /// How long.
        pause: Duration,
    },
}

/// What draining came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drained {
    /// The books of the issue, where one was drained. What still waits is deferred, or held by others.
    pub books: Option<Books>,
    /// Why it was given up, where it was.
    pub halted: Option<String>,
}

/// What the workers and the clerk of one run share.
pub(super) struct Shared {
    pub db: Db,
    pub clock: Clock,
    pub name: String,
    pub pace: Pace,
    pub only: Option<(DigestName, u32)>,
    pub source: Arc<dyn MessageSource>,
    pub mailer: Mailer,
    pub limits: Limits,
    pub journal: Arc<Journal>,
    pub queue: Queue,
    pub lease: Lease,
    folder: PathBuf,
    listener: Arc<dyn Fn(&Event) + Send + Sync>,
    pub halts: Halts,
    pub nudge: Arc<Notify>,
    pub stop: CancellationToken,
    pub patient: bool,
}

impl Shared {
    /// Until when a lease lasts that is taken now.
    pub fn lease_until(&self) -> Timestamp {
        later(self.clock.now(), self.pace.lease)
    }

    /// The lease that runs now: what was claimed under it is still this process's own.
    pub fn term(&self) -> Option<Term> {
        self.lease.term(Instant::now(), self.clock.now())
    }

    pub fn tell(&self, event: &Event) {
        (self.listener)(event);
    }

    /// All wait, since the way is barred for all.
    pub fn halted(&self, why: &str) {
        if let Some(pause) = self.halts.note(why, Instant::now()) {
            tracing::warn!(why, seconds = pause.as_secs(), "delivery is halted; nobody fails by this");
            self.tell(&Event::Halted { why: why.to_owned(), pause });
        }
    }

    pub fn is_halted(&self) -> bool {
        self.halts.until().is_some_and(|until| Instant::now() < until)
    }

    /// Whether a drain has met a barred way too often.
    pub fn gives_up(&self) -> bool {
        let (halts, _) = self.halts.in_a_row();
        !self.patient && self.pace.give_up_after.is_some_and(|most| halts >= most)
    }

    pub fn place(&self) -> Place<'_> {
        Place { db: &self.db, clock: &self.clock, folder: &self.folder }
    }
}

pub(super) fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// A name for a run of a worker, which no other run will have.
fn unique_name() -> String {
    // Without randomness the process id still tells apart what runs at the same time.
    format!("{}-{:016x}", std::process::id(), getrandom::u64().unwrap_or_default())
}

/// Delivers what the ledger holds: one in each process.
pub struct Worker {
    db: Db,
    clock: Clock,
    mailer: Mailer,
    source: Arc<dyn MessageSource>,
    folder: PathBuf,
    pace: Pace,
    limits: Limits,
    nudge: Arc<Notify>,
    interrupt: CancellationToken,
}

impl Worker {
    /// A worker that keeps its journal in `folder`, which is on a disk of this machine and the same after a restart.
    pub fn new(
        db: Db,
        clock: Clock,
        mailer: Mailer,
        source: Arc<dyn MessageSource>,
        folder: &Path,
        pace: Pace,
    ) -> Self {
        Self {
            db,
            clock,
            mailer,
            source,
            folder: folder.to_owned(),
            pace,
            limits: Limits::default(),
            nudge: Arc::new(Notify::new()),
            interrupt: CancellationToken::new(),
        }
    }

    /// The same worker within limits.
    #[must_use]
    pub fn limited_by(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same worker, whose draining ends early, and in order, when the token is cancelled.
    #[must_use]
    pub fn interrupted_by(self, interrupt: CancellationToken) -> Self {
        Self { interrupt, ..self }
    }

    /// Wakes the long-running workers: an issue has just been frozen.
    pub fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Delivers what is due now, of one issue or of all, and comes back when nothing more is due.
    ///
    /// Deferred deliveries keep waiting; [`Self::run`] or a later call takes them up.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written, or the books do not balance.
    pub async fn drain(
        &self,
        only: Option<(DigestName, u32)>,
        listener: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Result<Drained, DeliverError> {
        let shared = Arc::new(self.shared(only, Arc::new(listener), self.interrupt.clone(), false)?);
        self.work(&shared).await?;
        let (halts, why) = shared.halts.in_a_row();
        Ok(Drained { books: clerk::final_books(&shared).await?, halted: (halts > 0).then_some(why) })
    }

    /// Delivers until told to stop; then finishes what is in hand, gives the rest back, and returns.
    ///
    /// A fault of the store or the server is logged and told, and work goes on after a pause.
    ///
    /// # Errors
    /// Where the journal cannot be made, or the last outcomes cannot be written at the end: the journal knows them.
    pub async fn run(
        &self,
        stop: CancellationToken,
        listener: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Result<(), DeliverError> {
        let shared = Arc::new(self.shared(None, Arc::new(listener), stop, true)?);
        self.work(&shared).await
    }

    fn shared(
        &self,
        only: Option<(DigestName, u32)>,
        listener: Arc<dyn Fn(&Event) + Send + Sync>,
        stop: CancellationToken,
        patient: bool,
    ) -> Result<Shared, DeliverError> {
        let name = unique_name();
        let journal = Journal::make(&self.folder, &name)
            .map_err(|source| DeliverError::Journal { folder: self.folder.display().to_string(), source })?;
        Ok(Shared {
            db: self.db.clone(),
            clock: self.clock.clone(),
            name,
            limits: self.limits.clone(),
            journal: Arc::new(journal),
            queue: Queue::default(),
            lease: Lease::new(self.pace.lease),
            folder: self.folder.clone(),
            pace: self.pace,
            only,
            source: Arc::clone(&self.source),
            mailer: self.mailer.clone(),
            listener,
            halts: Halts::new(self.pace.first_halt, self.pace.longest_halt),
            nudge: Arc::clone(&self.nudge),
            stop,
            patient,
        })
    }

    /// Runs all workers of the process beside the clerk. Everything lives in this future: dropping it is
    /// as good as killing the process.
    async fn work(&self, shared: &Arc<Shared>) -> Result<(), DeliverError> {
        recovery::recover(shared.place()).await;
        let (clerk, desk) = clerk::open(Arc::clone(shared));
        let mut workers = JoinSet::new();
        for _ in 0..shared.pace.workers.max(1) {
            workers.spawn(go(Arc::clone(shared), clerk.clone()));
        }
        drop(clerk);
        let all = async {
            let mut whole = true;
            while let Some(ended) = workers.join_next().await {
                if let Err(panic) = ended {
                    tracing::error!(%panic, "a delivery worker broke down; what it held is settled by its journal");
                    whole = false;
                }
            }
            whole
        };
        let (whole, kept) = tokio::join!(all, desk);
        kept?;
        // The journal stays where a hand broke down: what that had claimed is settled by whoever finds it.
        if whole && let Err(error) = shared.journal.close() {
            tracing::error!(%error, "the journal could not be removed; the next start does it");
        }
        Ok(())
    }
}
