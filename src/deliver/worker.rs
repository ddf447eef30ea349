//! The workers: claim, compose, offer, hand, settle, until nothing is due or the house shuts down.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    backoff,
    clerk::{self, Clerk},
    halts::Halts,
    mailer::{Envelope, Mailer, Session},
    outcome::Outcome,
};
use crate::{
    clock::Clock,
    model::{Books, DeliveryState, DigestName, EmailAddress},
    store::{
        Db, StoreError,
        ledger::{
            DeliveryKey,
            work::{self, Claim, Mark},
        },
    },
};

/// A message ready to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The envelope's sender.
    pub from: EmailAddress,
    /// The Message-ID without angle brackets: the same for the same delivery, always.
    pub message_id: String,
    /// The message (RFC 5322), in ASCII.
    pub bytes: Vec<u8>,
}

/// What [`MessageSource::compose`] gives: the message, or why there is none, as a sentence.
pub type Composing<'a> = Pin<Box<dyn Future<Output = Result<Prepared, String>> + Send + 'a>>;

/// Where messages come from.
pub trait MessageSource: Send + Sync {
    /// The message for one claim. An error puts the delivery off like a server's "not now".
    fn compose<'a>(&'a self, claim: &'a Claim) -> Composing<'a>;
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
    source: Arc<dyn MessageSource>,
    mailer: Mailer,
    listener: Arc<dyn Fn(&Event) + Send + Sync>,
    halts: Halts,
    nudge: Arc<Notify>,
    stop: CancellationToken,
    patient: bool,
}

impl Shared {
    pub fn lease_until(&self) -> Timestamp {
        later(self.clock.now(), self.pace.lease)
    }

    pub fn tell(&self, event: &Event) {
        (self.listener)(event);
    }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
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
}

impl Worker {
    /// A worker under a name that no other process has.
    pub fn new(db: Db, clock: Clock, mailer: Mailer, source: Arc<dyn MessageSource>, name: String, pace: Pace) -> Self {
        Self { db, clock, mailer, source, name, pace, nudge: Arc::new(Notify::new()) }
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
        let shared = Arc::new(self.shared(only, Arc::new(listener), CancellationToken::new(), false));
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
        let shared = Arc::new(self.shared(None, Arc::new(|_| ()), CancellationToken::new(), false));
        work::recover(&self.db, self.clock.now()).await?;
        let (clerk, desk) = clerk::open(Arc::clone(&shared));
        let batch = async {
            let mut hand = Hand { session: self.mailer.session(), clerk, shared: &shared };
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
                    tracing::error!(%panic, "a delivery worker broke down; what it held becomes free with its lease");
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

/// One worker's life.
async fn go(shared: Arc<Shared>, clerk: Clerk) -> Result<(), StoreError> {
    let mut hand = Hand { session: shared.mailer.session(), clerk, shared: &shared };
    while hand.wait_for_the_way().await {
        let claims = match hand.claim().await {
            Ok(claims) => claims,
            Err(error) if shared.patient => {
                tracing::error!(%error, "deliveries could not be claimed");
                hand.halted(&error.to_string());
                continue;
            }
            Err(error) => return Err(error),
        };
        if !claims.is_empty() {
            hand.deliver_all(claims).await;
            continue;
        }
        hand.session.close().await;
        if !shared.patient {
            break;
        }
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = shared.nudge.notified() => {}
            () = sleep(shared.pace.poll) => {}
        }
    }
    hand.session.close().await;
    Ok(())
}

/// One worker with its connection.
struct Hand<'a> {
    session: Session,
    clerk: Clerk,
    shared: &'a Shared,
}

impl Hand<'_> {
    /// Waits out a pause that all keep; `false` when it is time to stop.
    async fn wait_for_the_way(&self) -> bool {
        let shared = self.shared;
        if let Some(until) = shared.halts.until() {
            let (halts, _) = shared.halts.in_a_row();
            if !shared.patient && shared.pace.give_up_after.is_some_and(|most| halts >= most) {
                return false;
            }
            tokio::select! {
                () = shared.stop.cancelled() => {}
                () = sleep_until(until) => {}
            }
        }
        !shared.stop.is_cancelled()
    }

    async fn claim(&self) -> Result<Vec<Claim>, StoreError> {
        let shared = self.shared;
        let now = shared.clock.now();
        if shared.patient {
            let found = work::recover(&shared.db, now).await?;
            if found.uncertain > 0 {
                tracing::warn!(uncertain = found.uncertain, "deliveries were in hand when their process was lost");
            }
        }
        let only = shared.only.as_ref().map(|(digest, number)| (digest, *number));
        work::claim(&shared.db, &shared.name, only, shared.pace.batch, shared.lease_until(), now).await
    }

    /// Delivers a batch; what is left when the way is barred or the house shuts down is given back.
    async fn deliver_all(&mut self, claims: Vec<Claim>) {
        let mut given_back = Vec::new();
        let mut barred = false;
        for claim in claims {
            if barred || self.shared.stop.is_cancelled() {
                given_back.push(claim.key);
                continue;
            }
            match self.deliver(&claim).await {
                None => given_back.push(claim.key),
                Some(Outcome::Halted { why }) => {
                    self.halted(&why);
                    barred = true;
                    given_back.push(claim.key);
                }
                Some(outcome) => {
                    self.shared.halts.clear();
                    if let Some(mark) = self.mark(&claim, outcome) {
                        self.clerk.settle(&claim.key, mark).await;
                    }
                }
            }
        }
        self.clerk.release(given_back).await;
    }

    fn halted(&self, why: &str) {
        if let Some(pause) = self.shared.halts.note(why, Instant::now()) {
            tracing::warn!(why, seconds = pause.as_secs(), "delivery is halted; nobody fails by this");
            self.shared.tell(&Event::Halted { why: why.to_owned(), pause });
        }
    }

    /// One delivery; `None` where it was not to be handed over after all.
    async fn deliver(&mut self, claim: &Claim) -> Option<Outcome> {
        let shared = self.shared;
        let prepared = match shared.source.compose(claim).await {
            Ok(prepared) => prepared,
            Err(why) => return Some(Outcome::Deferred { reply: format!("the message could not be composed: {why}") }),
        };
        let Prepared { from, message_id, bytes } = prepared;
        let envelope = Envelope { from, to: claim.email.clone(), message_id };
        let offered = tokio::select! {
            offered = self.session.offer(&envelope) => offered,
            // Nothing has left yet: the offer is dropped where it stands.
            () = shared.stop.cancelled() => {
                self.session.withdraw();
                return None;
            }
        };
        if let Err(outcome) = offered {
            return Some(outcome);
        }
        if !self.clerk.may_hand(&claim.key, &envelope.message_id).await {
            self.session.withdraw();
            return None;
        }
        let out_of_grace = async {
            shared.stop.cancelled().await;
            sleep(shared.pace.grace).await;
        };
        tokio::select! {
            outcome = self.session.hand(&bytes) => Some(outcome),
            () = out_of_grace => {
                self.session.withdraw();
                Some(Outcome::Uncertain { why: "shut down while the server's answer was awaited".to_owned() })
            }
        }
    }

    /// What the ledger is told; `None` for a halt, which is no outcome of a delivery.
    fn mark(&self, claim: &Claim, outcome: Outcome) -> Option<Mark> {
        Some(match outcome {
            Outcome::Sent { reply } => Mark::Sent { reply },
            Outcome::Failed { reply } => Mark::Failed { reply },
            Outcome::Uncertain { why } => Mark::Uncertain { why },
            Outcome::Halted { .. } => return None,
            Outcome::Deferred { reply } => {
                let jitter = backoff::spread(claim.key.subscriber_id, claim.attempts);
                match backoff::wait(claim.attempts, jitter) {
                    Some(wait) => Mark::Deferred { reply, next_try: later(self.shared.clock.now(), wait) },
                    None => Mark::Failed { reply: format!("tried for two days: {reply}") },
                }
            }
        })
    }
}
