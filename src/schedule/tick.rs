//! The tick: once a minute, on the minute, the caller's work is started.
//!
//! The only file that names tokio-cron-scheduler, which is used for one job in UTC and nothing else: with a time
//! zone it drifts at every change of the clocks, it starts runs that overlap, it forgets what was missed while
//! down, and its shutdown does not wait. So the work is handed the time and finds out itself what is due, and
//! what the scheduler lacks stands here: one run at a time, a panic is logged and survived, stopping waits.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Semaphore, TryAcquireError};
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::clock::Clock;

/// Second 0 of every minute.
const EVERY_MINUTE: &str = "0 * * * * *";

/// The scheduler could not be started.
#[derive(Debug, thiserror::Error)]
#[error("the minute tick cannot be started: {0}")]
pub struct TickError(#[from] JobSchedulerError);

/// A running tick. Dropping it does not stop it: call [`stop`](Self::stop).
pub struct Ticker {
    scheduler: JobScheduler,
    turn: Turn,
}

impl Ticker {
    /// Starts `work` at once, for what was missed while down, and at every full minute, with the time the clock
    /// then tells. A minute that comes while earlier work is still going is skipped and logged. Needs a tokio
    /// runtime.
    ///
    /// # Errors
    /// Where the scheduler refuses the job.
    pub async fn start<W, F>(clock: Clock, work: W) -> Result<Self, TickError>
    where
        W: Fn(Timestamp) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let work = Arc::new(work);
        let by_minute = Arc::clone(&work);
        let ticker = Self::start_at(EVERY_MINUTE, clock.clone(), move |now| by_minute(now)).await?;
        let (turn, now) = (ticker.turn.clone(), clock.now());
        tokio::spawn(async move { turn.take(now, async move { work(now).await }).await });
        Ok(ticker)
    }

    async fn start_at<W, F>(cron: &str, clock: Clock, work: W) -> Result<Self, TickError>
    where
        W: Fn(Timestamp) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let scheduler = JobScheduler::new().await?;
        let turn = Turn::default();
        let (work, turn_of_job) = (Arc::new(work), turn.clone());
        let job = Job::new_async(cron, move |_, _| {
            let (turn, work, now) = (turn_of_job.clone(), Arc::clone(&work), clock.now());
            Box::pin(async move { turn.take(now, async move { work(now).await }).await })
        })?;
        scheduler.add(job).await?;
        scheduler.start().await?;
        Ok(Self { scheduler, turn })
    }

    /// Starts nothing more, and waits for the work that is going.
    pub async fn stop(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the scheduler did not shut down cleanly");
        }
        self.turn.close().await;
    }
}

/// Lets one piece of work in at a time.
#[derive(Clone)]
struct Turn(Arc<Semaphore>);

impl Default for Turn {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Turn {
    /// Does the work, unless other work is going or the turn is closed.
    async fn take(&self, now: Timestamp, work: impl Future<Output = ()> + Send + 'static) {
        let permit = match Arc::clone(&self.0).try_acquire_owned() {
            Ok(permit) => permit,
            Err(TryAcquireError::NoPermits) => {
                tracing::warn!(at = %now, "tick skipped: the work of an earlier one is still going");
                return;
            }
            Err(TryAcquireError::Closed) => return,
        };
        // A task of its own, so that a panic ends it and nothing else.
        let task = tokio::spawn(async move {
            let _until_done = permit;
            work.await;
        });
        if let Err(error) = task.await
            && error.is_panic()
        {
            let panic = error.into_panic();
            let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
            tracing::error!(at = %now, panic = text.unwrap_or("(no text)"), "the work of a tick panicked; the next tick tries again");
        }
    }

    /// Waits for the work that is going, and lets none in any more.
    async fn close(&self) {
        let waited = self.0.acquire().await;
        self.0.close();
        drop(waited);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::{Notify, mpsc};

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn the_minute_is_a_cron_line_that_fires_at_second_zero() {
        let schedule = crate::model::schedule::Schedule::parse(EVERY_MINUTE).unwrap();
        let due: Vec<_> = schedule.upcoming(&jiff::tz::TimeZone::UTC, NOW, 2).map(Timestamp::as_second).collect();
        assert_eq!(due, [60, 120]);
        assert!(Job::new_async(EVERY_MINUTE, |_, _| Box::pin(async {})).is_ok());
    }

    #[tokio::test]
    async fn work_never_overlaps_and_a_tick_meanwhile_is_skipped() {
        let (turn, go, runs) = (Turn::default(), Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
        let (started, mut has_started) = mpsc::unbounded_channel();
        let work = {
            let (go, runs) = (Arc::clone(&go), Arc::clone(&runs));
            move || {
                let (go, runs, started) = (Arc::clone(&go), Arc::clone(&runs), started.clone());
                async move {
                    runs.fetch_add(1, Ordering::SeqCst);
                    let _ = started.send(());
                    go.notified().await;
                }
            }
        };
        let first = tokio::spawn({
            let (turn, work) = (turn.clone(), work());
            async move { turn.take(NOW, work).await }
        });
        has_started.recv().await.unwrap();
        turn.take(NOW, work()).await;
        assert_eq!(runs.load(Ordering::SeqCst), 1, "the second came while the first was going");
        go.notify_one();
        first.await.unwrap();
        go.notify_one();
        turn.take(NOW, work()).await;
        assert_eq!(runs.load(Ordering::SeqCst), 2, "the turn is free again");
    }

    #[tokio::test]
    async fn a_panic_is_survived() {
        let turn = Turn::default();
        turn.take(NOW, async { panic!("on purpose") }).await;
        let (done, mut is_done) = mpsc::unbounded_channel();
        turn.take(NOW, async move { done.send(()).unwrap() }).await;
        assert!(is_done.try_recv().is_ok(), "the next tick works");
    }

    #[tokio::test]
    async fn closing_waits_for_the_work_that_is_going_and_lets_none_in_after() {
        let (turn, go, finished) = (Turn::default(), Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
        let (started, mut has_started) = mpsc::unbounded_channel();
        let work = {
            let (go, finished) = (Arc::clone(&go), Arc::clone(&finished));
            async move {
                started.send(()).unwrap();
                go.notified().await;
                finished.fetch_add(1, Ordering::SeqCst);
            }
        };
        let running = tokio::spawn({
            let turn = turn.clone();
            async move { turn.take(NOW, work).await }
        });
        has_started.recv().await.unwrap();
        let closing = tokio::spawn({
            let turn = turn.clone();
            async move { turn.close().await }
        });
        tokio::task::yield_now().await;
        assert!(!closing.is_finished());
        go.notify_one();
        closing.await.unwrap();
        assert_eq!(finished.load(Ordering::SeqCst), 1);
        running.await.unwrap();
        turn.take(NOW, async { panic!("let in after closing") }).await;
    }

    /// The real scheduler, at every second instead of every minute, with the clock of the test. The work panics
    /// before it has a future, every other time.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_scheduler_calls_the_work_with_the_time_of_the_clock_until_it_is_stopped() {
        let (called, mut calls) = mpsc::unbounded_channel();
        let count = AtomicUsize::new(0);
        let clock = Clock::manual(NOW);
        let ticker = Ticker::start_at("* * * * * *", clock.clone(), move |now| {
            called.send(now).unwrap();
            assert!(!count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2), "on purpose");
            async {}
        });
        let ticker = ticker.await.unwrap();
        assert_eq!(calls.recv().await, Some(NOW));
        clock.set(Timestamp::from_second(60).unwrap());
        while calls.recv().await != Some(Timestamp::from_second(60).unwrap()) {}
        let turn = ticker.turn.clone();
        ticker.stop().await;
        assert!(turn.0.is_closed());
    }
}
