//! The worker of a process, seen from outside: what it is given, what it tells, how it is run.
//!
//! What each of its hands does with a claim is in `hand`.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{
    clerk,
    halts::Halts,
    hand::{Hand, go},
    mailer::{Envelope, Mailer},
};
use crate::{
    clock::Clock,
    model::{Books, DeliveryState, DigestName},
    store::{
        Db, StoreError,
        ledger::{Claim, DeliveryKey, work},
    },
};

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
    /// Rows a worker claims at once.
    pub batch: u32,
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
            batch: 10,
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
    listener: Arc<dyn Fn(&Event) + Send + Sync>,
    pub halts: Halts,
    pub nudge: Arc<Notify>,
    pub stop: CancellationToken,
    pub patient: bool,
}

impl Shared {
    pub fn lease_until(&self) -> Timestamp {
        later(self.clock.now(), self.pace.lease)
    }

    pub fn tell(&self, event: &Event) {
        (self.listener)(event);
    }
}

pub(super) fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// A name for the worker of this process, which no other process will have.
pub fn unique_name() -> String {
    // Without randomness the process id still tells apart what runs at the same time.
    format!("{}-{:016x}", std::process::id(), getrandom::u64().unwrap_or_default())
}

/// Delivers what the ledger holds: one in each process.
pub struct Worker {
    db: Db,
    clock: Clock,
    mailer: Mailer,
    source: Arc<dyn MessageSource>,
    name: String,
    pace: Pace,
    nudge: Arc<Notify>,
    interrupt: CancellationToken,
}

impl Worker {
    /// A worker under a name that no other process has, such as [`unique_name`] gives.
    pub fn new(db: Db, clock: Clock, mailer: Mailer, source: Arc<dyn MessageSource>, name: String, pace: Pace) -> Self {
        Self {
            db,
            clock,
            mailer,
            source,
            name,
            pace,
            nudge: Arc::new(Notify::new()),
            interrupt: CancellationToken::new(),
        }
    }

    /// The same worker, whose draining ends early, and in order, when the token is cancelled.
    #[must_use]
    pub fn interrupted_by(self, interrupt: CancellationToken) -> Self {
        Self { interrupt, ..self }
    }

    /// Wakes the long-running workers: an issue has just been frozen.
    pub fn nudge(&self) {
        self.nudge.notify_waiters();
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
    ) -> Result<Drained, StoreError> {
        let shared = Arc::new(self.shared(only, Arc::new(listener), self.interrupt.clone(), false));
        work::recover(&self.db, self.clock.now()).await?;
        self.work(&shared).await?;
        let (halts, why) = shared.halts.in_a_row();
        Ok(Drained { books: clerk::final_books(&shared).await?, halted: (halts > 0).then_some(why) })
    }

    /// Claims and delivers one batch by one connection, and gives the number of rows claimed.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        let shared = Arc::new(self.shared(None, Arc::new(|_| ()), self.interrupt.clone(), false));
        work::recover(&self.db, self.clock.now()).await?;
        let (clerk, desk) = clerk::open(Arc::clone(&shared));
        let batch = async {
            let mut hand = Hand::new(&shared, clerk);
            let claims = hand.claim().await;
            let count = claims.as_ref().map_or(0, Vec::len);
            hand.deliver_all(claims?).await;
            hand.session.close().await;
            Ok(count)
        };
        let (count, kept) = tokio::join!(batch, desk);
        kept.and(count)
    }

    /// Delivers until told to stop; then finishes what is in hand, gives the rest back, and returns.
    ///
    /// A fault of the store or the server is logged and told, and work goes on after a pause.
    ///
    /// # Errors
    /// Where the last outcomes cannot be written at the end: what they are about becomes uncertain.
    pub async fn run(
        &self,
        stop: CancellationToken,
        listener: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        let shared = Arc::new(self.shared(None, Arc::new(listener), stop, true));
        self.work(&shared).await
    }

    fn shared(
        &self,
        only: Option<(DigestName, u32)>,
        listener: Arc<dyn Fn(&Event) + Send + Sync>,
        stop: CancellationToken,
        patient: bool,
    ) -> Shared {
        Shared {
            db: self.db.clone(),
            clock: self.clock.clone(),
            name: self.name.clone(),
            pace: self.pace,
            only,
            source: Arc::clone(&self.source),
            mailer: self.mailer.clone(),
            listener,
            halts: Halts::new(self.pace.first_halt, self.pace.longest_halt),
            nudge: Arc::clone(&self.nudge),
            stop,
            patient,
        }
    }

    /// Runs all workers of the process beside the clerk. Everything lives in this future: dropping it is
    /// as good as killing the process.
    async fn work(&self, shared: &Arc<Shared>) -> Result<(), StoreError> {
        let (clerk, desk) = clerk::open(Arc::clone(shared));
        let mut workers = JoinSet::new();
        for _ in 0..shared.pace.workers.max(1) {
            workers.spawn(go(Arc::clone(shared), clerk.clone()));
        }
        drop(clerk);
        let all = async {
            let mut first_error = Ok(());
            while let Some(ended) = workers.join_next().await {
                let ended = ended.unwrap_or_else(|panic| {
                    tracing::error!(%panic, "a delivery worker broke down; what it held is free again when this process ends");
                    Ok(())
                });
                first_error = first_error.and(ended);
            }
            first_error
        };
        let (worked, kept) = tokio::join!(all, desk);
        worked.and(kept)
    }
}
