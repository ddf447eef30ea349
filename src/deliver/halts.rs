//! The pause that all workers keep together while the way to the server is barred.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// A shared, growing pause.
#[derive(Debug)]
pub(super) struct Halts {
    first: Duration,
    longest: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    in_a_row: u32,
    until: Option<Instant>,
    why: String,
}

impl Halts {
    pub(super) fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, state: Mutex::new(State::default()) }
    }

    /// Notes a halt and gives the pause it starts; `None` where one is running, so that several workers
    /// that meet the same wall count once.
    pub(super) fn note(&self, why: &str, now: Instant) -> Option<Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.until.is_some_and(|until| now < until) {
            return None;
        }
        let pause = self.first.saturating_mul(2_u32.saturating_pow(state.in_a_row)).min(self.longest);
        state.in_a_row += 1;
        state.until = Some(now + pause);
        why.clone_into(&mut state.why);
        Some(pause)
    }

    /// The way is free again.
    pub(super) fn clear(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    /// When the running pause ends.
    pub(super) fn until(&self) -> Option<Instant> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).until
    }

    /// How often in a row the way was barred, and by what last.
    pub(super) fn in_a_row(&self) -> (u32, String) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.in_a_row, state.why.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_to_its_limit_counts_once_and_is_forgotten_on_success() {
        let seconds = Duration::from_secs;
        let start = Instant::now();
        let halts = Halts::new(seconds(2), seconds(5));
        assert_eq!(halts.note("wall", start), Some(seconds(2)));
        assert_eq!(halts.note("wall", start + seconds(1)), None);
        assert_eq!(halts.note("wall", start + seconds(2)), Some(seconds(4)));
        assert_eq!(halts.note("wall", start + seconds(6)), Some(seconds(5)));
        assert_eq!(halts.in_a_row(), (3, "wall".to_owned()));
        halts.clear();
        assert_eq!(halts.note("wall", start + seconds(6)), Some(seconds(2)));
    }
}
