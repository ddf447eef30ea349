//! The one task of a process that writes outcomes into the ledger, in groups.
//!
//! What arrives while a transaction runs goes into the next one: a commit is shared by all workers without
//! anybody waiting for a timer. The clerk also looks after the leases: its own process's and those that ran out.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, MissedTickBehavior, interval, sleep},
};

use super::worker::{Event, Shared};
use crate::{
    model::{Books, DeliveryState},
    store::{
        StoreError,
        ledger::{
            self, DeliveryKey,
            work::{self, Mark},
        },
    },
};

/// Rows a transaction takes at most.
const GROUP: usize = 500;
/// Between two looks at the books of an issue under way, and how much longer than a look it is at least:
/// counting a million rows takes most of a second, and nothing is written meanwhile.
const BOOKS_EVERY: Duration = Duration::from_secs(1);
const BOOKS_SHARE: u32 = 20;
/// Tries to write outcomes before a drain or a shutdown gives up, and the wait between them.
const LAST_TRIES: u32 = 5;
const RETRY: Duration = Duration::from_millis(300);

struct Entry {
    key: DeliveryKey,
    mark: Mark,
    told: Option<oneshot::Sender<bool>>,
}

/// A worker's line to the clerk.
#[derive(Clone)]
pub(super) struct Clerk {
    entries: mpsc::Sender<Entry>,
}

impl Clerk {
    /// Asks whether the message may leave now; `true` once that is committed.
    pub(super) async fn may_hand(&self, key: &DeliveryKey, message_id: &str) -> bool {
        let (told, answer) = oneshot::channel();
        let mark = Mark::Handing { message_id: message_id.to_owned() };
        let entry = Entry { key: key.clone(), mark, told: Some(told) };
        self.entries.send(entry).await.is_ok() && answer.await.unwrap_or(false)
    }

    /// Leaves an outcome to be written with the next group.
    pub(super) async fn settle(&self, key: &DeliveryKey, mark: Mark) {
        // A clerk that gave up has told its error; the row becomes uncertain with its lease.
        let _ = self.entries.send(Entry { key: key.clone(), mark, told: None }).await;
    }

    /// Whether the clerk has given up: nothing can be recorded any more.
    pub(super) fn is_gone(&self) -> bool {
        self.entries.is_closed()
    }

    /// Gives claims back, and waits until that is written: whoever claims next must find them.
    pub(super) async fn release(&self, keys: Vec<DeliveryKey>) {
        let mut answers = Vec::with_capacity(keys.len());
        for key in keys {
            let (told, answer) = oneshot::channel();
            let _ = self.entries.send(Entry { key, mark: Mark::Released, told: Some(told) }).await;
            answers.push(answer);
        }
        for answer in answers {
            // A row that was taken from us meanwhile needs no giving back.
            let _ = answer.await;
        }
    }
}

/// Opens the desk: the line for workers, and the work itself, which ends when all lines are closed.
pub(super) fn open(shared: Arc<Shared>) -> (Clerk, impl Future<Output = Result<(), StoreError>>) {
    let (entries, inbox) = mpsc::channel(2 * GROUP);
    (Clerk { entries }, keep(shared, inbox))
}

async fn keep(shared: Arc<Shared>, mut inbox: mpsc::Receiver<Entry>) -> Result<(), StoreError> {
    let mut heartbeat = interval(shared.pace.lease / 3);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut group = Vec::new();
    let mut books_due = Instant::now();
    let mut failures = 0;
    loop {
        let closed = tokio::select! {
            received = inbox.recv_many(&mut group, GROUP) => received == 0,
            _ = heartbeat.tick() => {
                if let Err(error) = beat(&shared).await {
                    tracing::error!(%error, "leases could not be looked after");
                }
                continue;
            }
            () = sleep(RETRY), if !group.is_empty() => false,
        };
        match write(&shared, &mut group).await {
            Ok(()) => failures = 0,
            Err(error) => {
                tracing::error!(%error, "outcomes could not be written; they are kept and tried again");
                failures += 1;
                let ending = closed || !shared.patient || shared.stop.is_cancelled();
                if ending && failures >= LAST_TRIES {
                    return Err(error);
                }
                if closed {
                    sleep(RETRY).await;
                }
                continue;
            }
        }
        if closed {
            break;
        }
        let now = Instant::now();
        if now >= books_due {
            shared.tell_books().await;
            books_due = Instant::now() + BOOKS_EVERY.max(now.elapsed() * BOOKS_SHARE);
        }
    }
    shared.tell_books().await;
    Ok(())
}

/// Prolongs what this process holds; beside the long-running workers, also takes back what others lost.
async fn beat(shared: &Shared) -> Result<(), StoreError> {
    work::renew(&shared.db, &shared.name, shared.lease_until()).await?;
    if shared.patient {
        let found = work::recover(&shared.db, shared.clock.now()).await?;
        if found.uncertain > 0 {
            tracing::warn!(uncertain = found.uncertain, "deliveries were in hand when their process was lost");
        }
        if found.waiting > 0 {
            shared.nudge.notify_waiters();
        }
    }
    Ok(())
}

/// Writes a group. Where that fails, whoever waits for leave to hand over is refused, and the outcomes,
/// which are facts, stay in the group.
async fn write(shared: &Shared, group: &mut Vec<Entry>) -> Result<(), StoreError> {
    if group.is_empty() {
        return Ok(());
    }
    let marks: Vec<_> = group.iter().map(|entry| (entry.key.clone(), entry.mark.clone())).collect();
    let recorded = work::record(&shared.db, &shared.name, &marks, shared.lease_until(), shared.clock.now()).await;
    match recorded {
        Ok(recorded) => {
            for (entry, recorded) in group.drain(..).zip(recorded) {
                answer(shared, entry, recorded);
            }
            Ok(())
        }
        Err(error) => {
            // Dropping the sender is the refusal.
            group.retain(|entry| !matches!(entry.mark, Mark::Handing { .. }));
            Err(error)
        }
    }
}

fn answer(shared: &Shared, entry: Entry, recorded: bool) {
    if let Some(told) = entry.told {
        // A worker that is gone needs no answer: its lease runs out.
        let _ = told.send(recorded);
    }
    let state = match &entry.mark {
        Mark::Sent { .. } => DeliveryState::Sent,
        Mark::Failed { .. } => DeliveryState::Failed,
        Mark::Deferred { .. } => DeliveryState::Deferred,
        Mark::Uncertain { .. } => DeliveryState::Uncertain,
        Mark::Handing { .. } | Mark::Released => return,
    };
    if recorded {
        shared.tell(&Event::Settled { key: entry.key, state });
    } else {
        tracing::warn!(delivery = %entry.key, ?state, "the outcome came too late: the row was no longer this worker's");
    }
}

impl Shared {
    /// Tells the books of the issue that is being drained, if one is.
    async fn tell_books(&self) {
        let Some((digest, number)) = &self.only else { return };
        match ledger::books(&self.db, digest, *number).await {
            Ok(books) => self.tell(&Event::Books(books)),
            Err(error) => tracing::error!(%error, "the books could not be read"),
        }
    }
}

/// The books, or those of an empty issue where all are drained together.
pub(super) async fn final_books(shared: &Shared) -> Result<Option<Books>, StoreError> {
    match &shared.only {
        Some((digest, number)) => ledger::books(&shared.db, digest, *number).await.map(Some),
        None => Ok(None),
    }
}
