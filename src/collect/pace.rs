//! One connection at a time for each host, with time between them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::{Instant, sleep_until},
};

/// Hosts remembered before those that nobody waits for are forgotten.
const REMEMBERED: usize = 1_000;

type LastEnd = Arc<Mutex<Option<Instant>>>;

/// Keeps requests to one host apart.
#[derive(Debug)]
pub struct Pace {
    spacing: Duration,
    hosts: Mutex<HashMap<String, LastEnd>>,
}

/// A host's turn: ends when it is dropped, and the next one begins `spacing` later.
#[derive(Debug)]
pub struct Turn {
    last_end: OwnedMutexGuard<Option<Instant>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.last_end = Some(Instant::now());
    }
}

impl Pace {
    /// With so much time between the end of one request and the start of the next.
    pub fn new(spacing: Duration) -> Self {
        Self { spacing, hosts: Mutex::default() }
    }

    /// Waits for a turn at a host.
    pub async fn turn(&self, host: &str) -> Turn {
        let last_end = {
            let mut hosts = self.hosts.lock().await;
            if hosts.len() >= REMEMBERED {
                let now = Instant::now();
                hosts.retain(|_, last| !is_idle(last, now, self.spacing));
            }
            Arc::clone(hosts.entry(host.to_owned()).or_default())
        };
        let last_end = last_end.lock_owned().await;
        if let Some(next) = last_end.and_then(|last| last.checked_add(self.spacing)) {
            sleep_until(next).await;
        }
        Turn { last_end }
    }
}

fn is_idle(last: &LastEnd, now: Instant, spacing: Duration) -> bool {
    Arc::strong_count(last) == 1
        && last.try_lock().is_ok_and(|end| end.is_none_or(|end| now.duration_since(end) >= spacing))
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    /// Whether a turn is had at once.
    fn at_once(pace: &Pace, host: &str) -> bool {
        let turn = std::pin::pin!(pace.turn(host));
        matches!(turn.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(_))
    }

    #[tokio::test]
    async fn a_host_is_never_asked_twice_at_once_and_others_do_not_wait() {
        let pace = Pace::new(Duration::ZERO);
        let first = pace.turn("a.example").await;
        assert!(!at_once(&pace, "a.example"));
        assert!(at_once(&pace, "b.example"));
        drop(first);
        let _second = pace.turn("a.example").await;
    }

    #[tokio::test]
    async fn the_next_turn_waits_for_the_spacing() {
        let pace = Pace::new(Duration::from_secs(3_600));
        drop(pace.turn("a.example").await);
        assert!(!at_once(&pace, "a.example"));
        assert!(at_once(&pace, "b.example"));
    }
}
