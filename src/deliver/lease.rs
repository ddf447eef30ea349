//! Whether what this process has claimed is still its own, judged without asking the database.
//!
//! The lease in the ledger runs by the clock; a process that was stopped, or whose machine slept, must find out by itself
//! that it ran out. So it keeps a deadline of its own, a quarter earlier, by the clock and by time that passed. A lease
//! that was let run out and is granted anew is another one: what was claimed under the old one stays lost.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tokio::time::Instant;

/// The lease of a process.
#[derive(Debug)]
pub(super) struct Lease {
    /// How long one lasts in the ledger.
    length: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    until: Option<(Instant, Timestamp)>,
    term: u64,
}

/// Names an unbroken time under one lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Term(u64);

impl Lease {
    pub(super) fn new(length: Duration) -> Self {
        Self { length, state: Mutex::default() }
    }

    /// Notes a lease that was asked for at that moment, and granted since.
    pub(super) fn granted(&self, asked: Instant, at: Timestamp) {
        let usable = self.length - self.length / 4;
        let mut state = self.lock();
        if !state.holds(Instant::now(), at) {
            state.term += 1;
        }
        state.until = Some((asked + usable, at.checked_add(usable).unwrap_or(Timestamp::MAX)));
    }

    /// The term that runs now, if one does.
    pub(super) fn term(&self, moment: Instant, now: Timestamp) -> Option<Term> {
        let state = self.lock();
        state.holds(moment, now).then_some(Term(state.term))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn holds(&self, moment: Instant, now: Timestamp) -> bool {
        self.until.is_some_and(|(by_time, by_clock)| moment < by_time && now < by_clock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_ends_early_by_the_clock_and_by_time_that_passed() {
        let (start, now) = (Instant::now(), Timestamp::from_second(1_000).unwrap());
        let seconds = Duration::from_secs;
        let lease = Lease::new(seconds(40));
        assert_eq!(lease.term(start, now), None, "none was granted");
        lease.granted(start, now);
        let term = lease.term(start + seconds(29), now + seconds(29));
        assert!(term.is_some());
        assert_eq!(lease.term(start + seconds(30), now), None);
        assert_eq!(lease.term(start, now + seconds(30)), None, "a machine that slept");
        lease.granted(start + seconds(20), now + seconds(20));
        assert_eq!(lease.term(start + seconds(49), now + seconds(49)), term);
    }

    #[test]
    fn a_lease_that_ran_out_and_is_granted_anew_is_another_one() {
        let (start, now) = (Instant::now(), Timestamp::from_second(1_000).unwrap());
        let lease = Lease::new(Duration::from_secs(40));
        lease.granted(start, now);
        let term = lease.term(start, now);
        let late = now + Duration::from_secs(60);
        lease.granted(start, late);
        let next = lease.term(start, late);
        assert!(next.is_some() && next != term);
    }
}
