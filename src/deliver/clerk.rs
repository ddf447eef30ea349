//! The one task of a process that speaks to the ledger: it claims ahead for the hands, records outcomes in groups, and
//! looks after the leases, its own and those that ran out. What it lets others know is in [`telling`].

mod telling;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    sync::mpsc,
    time::{Instant, Interval, MissedTickBehavior, interval, sleep, sleep_until},
};

use super::{
    journal::Ticket,
    lease::Term,
    queue::Held,
    recovery,
    worker::{Shared, later},
};
use crate::store::{
    StoreError,
    ledger::{Mark, Settled, claim, work},
};
pub(super) use telling::final_books;
use telling::tell;

/// Rows a transaction records at most.
const GROUP: usize = 500;
/// Between two turns at the ledger, unless a whole group waits: a commit is shared by what comes meanwhile.
const TURN: Duration = Duration::from_millis(25);
/// Between two syncs of the journal.
const SYNC: Duration = Duration::from_millis(50);
/// Between two looks at the books of an issue under way, and how much longer than a look it is at least:
/// counting a million rows takes most of a second.
const BOOKS_EVERY: Duration = Duration::from_secs(1);
const BOOKS_SHARE: u32 = 20;
/// Tries to write outcomes before a drain or a shutdown gives up, and the wait between them.
const LAST_TRIES: u32 = 5;
const RETRY: Duration = Duration::from_millis(300);

/// What a hand tells the clerk.
#[derive(Debug)]
struct Entry {
    ticket: Ticket,
    settled: Settled,
}

/// A hand's line to the clerk.
#[derive(Clone)]
pub(super) struct Clerk {
    entries: mpsc::Sender<Entry>,
}

impl Clerk {
    /// Leaves an outcome to be written with the next group.
    pub(super) async fn settle(&self, ticket: Ticket, settled: Settled) {
        // A clerk that gave up has told its error; the journal knows the outcome.
        let _ = self.entries.send(Entry { ticket, settled }).await;
    }

    /// Whether the clerk has given up: nothing can be recorded any more.
    pub(super) fn is_gone(&self) -> bool {
        self.entries.is_closed()
    }
}

/// Opens the desk: the line for hands, and the work itself, which ends when all lines are closed.
pub(super) fn open(shared: Arc<Shared>) -> (Clerk, impl Future<Output = Result<(), StoreError>>) {
    let (entries, inbox) = mpsc::channel(2 * GROUP);
    (Clerk { entries }, async move {
        let kept = Desk::new(&shared, inbox).keep().await;
        // However it ended: nobody waits for claims any more.
        shared.queue.close();
        kept
    })
}

struct Desk<'a> {
    shared: &'a Shared,
    inbox: mpsc::Receiver<Entry>,
    /// Outcomes to be written.
    group: Vec<Entry>,
    /// Claims in the queue or with a hand.
    held: usize,
    /// Outcomes since the last claim, and when that was: how fast it goes.
    pace: usize,
    claimed_at: Instant,
    tickets: Ticket,
    /// When the next turn may be taken.
    turn: Instant,
    /// Before then nothing is due, as far as is known.
    look_again: Option<Instant>,
    /// What limits hold back is due then.
    more_at: Option<Timestamp>,
    /// Nothing more is to be claimed.
    closing: bool,
    /// Why, where that was no wish.
    broken: Option<StoreError>,
    failures: u32,
    /// A claim failed. It may have been made all the same: then rows bear this worker's name that no hand holds.
    astray: bool,
    /// The end of the halt that the ledger was told of.
    halt_told: Option<Instant>,
    books_due: Instant,
}

impl<'a> Desk<'a> {
    fn new(shared: &'a Shared, inbox: mpsc::Receiver<Entry>) -> Self {
        let now = Instant::now();
        Self {
            shared,
            inbox,
            group: Vec::new(),
            held: 0,
            pace: 0,
            claimed_at: now,
            tickets: 0,
            turn: now,
            look_again: None,
            more_at: None,
            closing: false,
            broken: None,
            failures: 0,
            astray: false,
            halt_told: None,
            books_due: now,
        }
    }

    async fn keep(mut self) -> Result<(), StoreError> {
        let mut heartbeat = steady(self.shared.pace.lease / 3);
        let mut syncing = steady(SYNC);
        loop {
            let mut closed = false;
            let due = self.due();
            tokio::select! {
                biased;
                _ = heartbeat.tick() => self.beat().await,
                () = at(due), if due.is_some() => {}
                received = self.inbox.recv_many(&mut self.group, GROUP), if self.group.len() < GROUP => {
                    closed = received == 0;
                }
                () = self.shared.queue.emptied() => {}
                () = self.shared.stop.cancelled(), if !self.closing => self.close(),
                () = self.shared.nudge.notified(), if self.shared.patient => self.look_again = None,
                _ = syncing.tick() => {
                    self.sync();
                    continue;
                }
            }
            if closed || self.group.len() >= GROUP || Instant::now() >= self.turn {
                self.take_turn(closed).await?;
            }
            if closed && self.group.is_empty() {
                break;
            }
        }
        // Where that fails the journal stays, and whoever finds it gives them back.
        let given_back = self.give_back_astray().await;
        self.untell_halt().await;
        self.shared.tell_books().await;
        self.broken.map_or(given_back, Err)
    }

    /// When something is to be done although nobody asks.
    fn due(&self) -> Option<Instant> {
        if !self.group.is_empty() {
            return Some(self.turn);
        }
        if self.closing || self.held > self.target() / 2 {
            return None;
        }
        let halted = self.shared.halts.until();
        Some([halted, self.look_again].into_iter().flatten().fold(self.turn, Instant::max))
    }

    /// Records what has come in, and claims what the hands will need.
    async fn take_turn(&mut self, closed: bool) -> Result<(), StoreError> {
        if closed || self.shared.gives_up() {
            self.close();
        } else if self.shared.is_halted() {
            // Others may have a way that is free.
            self.give_back_queue();
        }
        self.write(closed).await?;
        self.tell_halt().await;
        if !self.closing
            && !self.shared.is_halted()
            && let Err(error) = self.give_back_astray().await
        {
            self.cannot_claim(error);
        }
        if let Some(term) = self.shared.term().filter(|_| self.may_claim())
            && let Err(error) = self.claim(term).await
        {
            self.cannot_claim(error);
        }
        if !self.shared.patient && !self.closing && self.held == 0 && self.group.is_empty() && self.nothing_is_due() {
            self.closing = true;
            self.shared.queue.close();
        }
        self.turn = Instant::now() + TURN;
        if !self.closing && Instant::now() >= self.books_due {
            let started = Instant::now();
            self.shared.tell_books().await;
            self.books_due = Instant::now() + BOOKS_EVERY.max(started.elapsed() * BOOKS_SHARE);
        }
        Ok(())
    }

    /// Writes the group. Where that fails the outcomes, which are facts, stay in it.
    async fn write(&mut self, closed: bool) -> Result<(), StoreError> {
        if self.group.is_empty() {
            return Ok(());
        }
        let settled: Vec<Settled> = self.group.iter().map(|entry| entry.settled.clone()).collect();
        let shared = self.shared;
        match work::record(&shared.db, &shared.name, &settled, shared.clock.now()).await {
            Ok(recorded) => {
                self.failures = 0;
                shared.journal.done(self.group.iter().map(|entry| entry.ticket));
                for (entry, recorded) in self.group.drain(..).zip(recorded) {
                    self.held = self.held.saturating_sub(1);
                    self.pace += 1;
                    if entry.settled.mark == Mark::Released {
                        self.look_again = None;
                    } else {
                        tell(shared, entry.settled, recorded);
                    }
                }
            }
            Err(error) => {
                tracing::error!(%error, "outcomes could not be written; they are kept and tried again");
                self.failures += 1;
                let ending = closed || !shared.patient || shared.stop.is_cancelled();
                if ending && self.failures >= LAST_TRIES {
                    return Err(error);
                }
                sleep(RETRY).await;
            }
        }
        Ok(())
    }

    fn may_claim(&self) -> bool {
        let now = Instant::now();
        !self.closing
            && self.failures == 0
            && !self.astray
            && self.held <= self.target() / 2
            && !self.shared.is_halted()
            && self.look_again.is_none_or(|then| now >= then)
    }

    /// How many claims are held at the most: about a twentieth of a second's worth of mail, and some for each hand.
    fn target(&self) -> usize {
        let since = self.claimed_at.elapsed().max(TURN);
        let share = (2 * TURN).as_secs_f64() / since.as_secs_f64();
        let pace = (self.pace as f64 * share.min(1.0)) as usize;
        (2 * (pace + self.shared.pace.workers)).min(self.shared.pace.group.max(1))
    }

    async fn claim(&mut self, term: Term) -> Result<(), StoreError> {
        let shared = self.shared;
        let wanted = self.target().saturating_sub(self.held).max(1);
        let limit = u32::try_from(wanted).unwrap_or(u32::MAX);
        let only = shared.only.as_ref().map(|(digest, number)| (digest, *number));
        let now = shared.clock.now();
        let limits = (limit, &shared.limits);
        let claimed = claim::claim(&shared.db, &shared.name, only, limits, shared.lease_until(), now).await?;
        let got = claimed.claims.len();
        let since = Instant::now();
        let held = claimed.claims.into_iter().map(|claim| {
            self.tickets += 1;
            Held { ticket: self.tickets, claim, since, term }
        });
        shared.queue.fill(held.collect::<Vec<_>>());
        self.held += got;
        (self.pace, self.claimed_at) = (0, since);
        self.more_at = self.more_at.max(claimed.more_at).filter(|then| *then > now);
        if got == 0 {
            let wait = claimed.more_at.map_or(shared.pace.poll, |then| {
                Duration::try_from(then.duration_since(now)).unwrap_or_default().min(shared.pace.poll)
            });
            self.look_again = Some(Instant::now() + wait);
        }
        Ok(())
    }

    fn cannot_claim(&mut self, error: StoreError) {
        self.astray = true;
        if self.shared.patient {
            tracing::error!(%error, "deliveries could not be claimed");
            self.shared.halted(&error.to_string());
        } else {
            self.broken = Some(error);
            self.close();
        }
    }

    /// Has what a failed claim may have left under this worker's name wait again, once no hand holds anything.
    async fn give_back_astray(&mut self) -> Result<(), StoreError> {
        if !self.astray || self.held > 0 {
            return Ok(());
        }
        let shared = self.shared;
        let back = work::bury(&shared.db, &shared.name, true, shared.clock.now()).await?;
        self.astray = false;
        if back > 0 {
            tracing::warn!(back, "deliveries that were claimed although the claim failed wait again");
            self.look_again = None;
        }
        Ok(())
    }

    /// Whether a drain has come to its end: the last look found nothing, and nothing is held back.
    fn nothing_is_due(&self) -> bool {
        self.look_again.is_some() && self.more_at.is_none_or(|then| self.shared.clock.now() >= then)
    }

    /// Claims nothing more, and gives back what no hand has taken.
    fn close(&mut self) {
        self.closing = true;
        self.give_back_queue();
        self.shared.queue.close();
    }

    fn give_back_queue(&mut self) {
        for Held { ticket, claim, .. } in self.shared.queue.clear() {
            let settled = Settled { key: claim.key, mark: Mark::Released, message_id: None };
            self.group.push(Entry { ticket, settled });
        }
    }

    /// Prolongs what this process holds; beside the long-running workers, also looks after what others lost.
    async fn beat(&mut self) {
        let shared = self.shared;
        if let Err(error) = shared.renew().await {
            tracing::error!(%error, "leases could not be prolonged");
            if !shared.patient && !self.closing {
                self.cannot_claim(error);
            }
        }
        if shared.patient && recovery::recover(shared.place()).await > 0 {
            self.look_again = None;
        }
    }

    /// Has the journal synced, beside everything else.
    fn sync(&self) {
        let journal = Arc::clone(&self.shared.journal);
        if journal.has_grown() {
            tokio::task::spawn_blocking(move || {
                if let Err(error) = journal.sync() {
                    tracing::error!(%error, "the journal could not be synced");
                }
            });
        }
    }
}

fn steady(period: Duration) -> Interval {
    let mut steady = interval(period.max(Duration::from_millis(1)));
    steady.set_missed_tick_behavior(MissedTickBehavior::Delay);
    steady
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

impl Shared {
    /// Prolongs the lease of what this process holds.
    pub(super) async fn renew(&self) -> Result<(), StoreError> {
        let (asked, now) = (Instant::now(), self.clock.now());
        work::renew(&self.db, &self.name, later(now, self.pace.lease)).await?;
        self.lease.granted(asked, now);
        Ok(())
    }
}
