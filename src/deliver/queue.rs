//! The claims that wait for a hand: filled by the clerk, emptied by the hands, short on purpose.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::Notify, time::Instant};

use super::{journal::Ticket, lease::Term};
use crate::store::ledger::Claim;

/// A claim of this process.
#[derive(Debug)]
pub(super) struct Held {
    /// Its number in this run, which the journal bears.
    pub ticket: Ticket,
    pub claim: Claim,
    /// When it was claimed.
    pub since: Instant,
    /// Under which lease.
    pub term: Term,
}

/// The claims that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Notify,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Held>,
    closed: bool,
}

impl Queue {
    /// Adds claims at the end.
    pub(super) fn fill(&self, claims: impl IntoIterator<Item = Held>) {
        self.lock().waiting.extend(claims);
        self.filled.notify_waiters();
    }

    /// The next claim, if one is there.
    pub(super) fn try_take(&self) -> Option<Held> {
        let mut state = self.lock();
        let taken = state.waiting.pop_front();
        if state.waiting.is_empty() {
            self.emptied.notify_one();
        }
        taken
    }

    /// Waits for the next claim; `None` once the queue is closed and empty.
    pub(super) async fn take(&self) -> Option<Held> {
        loop {
            let filled = self.filled.notified();
            tokio::pin!(filled);
            // Registered before the look, so that nothing is missed between.
            filled.as_mut().enable();
            if let Some(held) = self.try_take() {
                return Some(held);
            }
            if self.lock().closed {
                return None;
            }
            filled.await;
        }
    }

    /// Waits until somebody found it empty.
    pub(super) async fn emptied(&self) {
        self.emptied.notified().await;
    }

    /// All that wait, taken back.
    pub(super) fn clear(&self) -> Vec<Held> {
        self.lock().waiting.drain(..).collect()
    }

    /// Nothing more will come.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::{
        deliver::lease::Lease,
        model::{DigestName, EmailAddress},
        store::ledger::DeliveryKey,
    };

    fn held(ticket: Ticket) -> Held {
        let key = DeliveryKey { digest: DigestName::parse("friday").unwrap(), number: 1, subscriber_id: 1 };
        let claim = Claim { key, email: EmailAddress::parse("a@example.org").unwrap(), name: None, attempts: 0 };
        let lease = Lease::new(Duration::from_secs(30));
        lease.granted(Instant::now(), Timestamp::UNIX_EPOCH);
        let term = lease.term(Instant::now(), Timestamp::UNIX_EPOCH).unwrap();
        Held { ticket, claim, since: Instant::now(), term }
    }

    #[tokio::test]
    async fn claims_come_in_order_and_a_closed_queue_ends_when_it_is_empty() {
        let queue = Queue::default();
        let ((), taken) = tokio::join!(
            async {
                queue.fill([held(1), held(2)]);
                queue.close();
            },
            async {
                let mut taken = Vec::new();
                while let Some(held) = queue.take().await {
                    taken.push(held.ticket);
                }
                taken
            }
        );
        assert_eq!(taken, [1, 2]);
    }
}
