//! `pullquote serve`: scheduler, web and delivery in one process.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::ValueEnum;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Outcome, done_unless};
use crate::{
    app::{App, deliver, reload},
    deliver::{Event, Worker},
    model::{Books, DigestName},
    schedule::{run_due, tick::Ticker},
    store::ledger,
    web::{self, Web},
};

/// Run scheduler, web and delivery until told to stop
///
/// On Ctrl-C or SIGTERM it claims nothing more, finishes what is in hand, and exits.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote serve
  pullquote --config config/production.toml serve
  pullquote serve --only deliver")]
pub struct Args {
    /// Only this part, for several processes on one database
    #[arg(long, value_enum)]
    only: Option<Part>,
}

/// A part of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Pages, feeds, admin and API
    Web,
    /// Mail
    Deliver,
    /// Due runs
    Schedule,
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    let wanted = |part| args.only.is_none_or(|only| only == part);
    let worker = Arc::new(deliver::worker(&app));
    let site = if wanted(Part::Web) {
        let address = app.settings.listen;
        let listener = web::listen(address).await.with_context(|| {
            format!("cannot listen on {address}: is another server there? Set `listen` in the settings")
        })?;
        tracing::info!(address = %listener.local_addr()?, public_url = %app.settings.public_url, "serving");
        Some((listener, Web::new(Arc::clone(&app), Some(Arc::clone(&worker)))))
    } else {
        None
    };
    let parts = Parts { site, delivers: wanted(Part::Deliver), ticks: wanted(Part::Schedule) };
    parts.run(&app, &worker).await?;
    tracing::info!("stopped");
    Ok(done_unless(false))
}

/// The parts that one process runs.
pub struct Parts {
    /// The site, where it is served.
    pub site: Option<(TcpListener, Web)>,
    /// Whether mail goes out.
    pub delivers: bool,
    /// Whether due runs are made.
    pub ticks: bool,
}

impl Parts {
    /// Runs the parts until Ctrl-C or SIGTERM, then finishes what is in hand.
    ///
    /// # Errors
    /// Where a part cannot be started or breaks down.
    pub async fn run(self, app: &Arc<App>, worker: &Arc<Worker>) -> anyhow::Result<()> {
        let stop = CancellationToken::new();
        // A process that makes no runs reads the digest files again all the same.
        let reading = (!self.ticks).then(|| tokio::spawn(read_digests(Arc::clone(app), stop.clone())));
        let ticker = if self.ticks { Some(start_ticker(app, worker).await?) } else { None };
        let moved = Moved::default();
        let telling =
            self.delivers.then(|| tokio::spawn(tell_books(Arc::clone(app), Arc::clone(&moved), stop.clone())));
        let delivering = self.delivers.then(|| tokio::spawn(deliver_until(Arc::clone(worker), moved, stop.clone())));
        let serving =
            self.site.map(|(listener, web)| tokio::spawn(web::serve(listener, web, stop.clone().cancelled_owned())));
        asked_to_stop().await?;
        tracing::info!("stopping: finishing what is in hand");
        stop.cancel();
        if let Some(ticker) = ticker {
            ticker.stop().await;
        }
        if let Some(serving) = serving {
            serving.await.context("the web server broke down")?.context("the web server failed")?;
        }
        if let Some(delivering) = delivering {
            delivering.await.context("delivery broke down")??;
        }
        if let Some(reading) = reading {
            reading.await.context("reading digest files broke down")?;
        }
        if let Some(telling) = telling {
            telling.await.context("the log of the books broke down")?;
        }
        Ok(())
    }
}

/// Ticks at once, for what was missed, and every minute; neither the site nor a stop waits for it to begin.
async fn start_ticker(app: &Arc<App>, worker: &Arc<Worker>) -> anyhow::Result<Ticker> {
    let clock = app.clock.clone();
    let (app, worker) = (Arc::clone(app), Arc::clone(worker));
    let ticker = Ticker::start(clock, move |_| {
        let (app, worker) = (Arc::clone(&app), Arc::clone(&worker));
        async move { run_what_is_due(&app, &worker).await }
    });
    Ok(ticker.await?)
}

async fn run_what_is_due(app: &Arc<App>, worker: &Worker) {
    match run_due::run_due(app).await {
        Ok(done) => {
            tracing::debug!(issues = done.issues, failed = done.failed.len(), "tick done");
            if done.issues > 0 {
                worker.nudge();
            }
        }
        Err(error) => tracing::error!(%error, "the tick failed and is tried again in a minute"),
    }
}

/// Reads digest files that have changed, every minute.
async fn read_digests(app: Arc<App>, stop: CancellationToken) {
    const EVERY: Duration = Duration::from_secs(60);
    while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        if let Err(error) = reload::digests(&app).await {
            tracing::error!(%error, "the digest files cannot be read again");
        }
    }
}

/// The issues of which something moved since the books were last told.
type Moved = Arc<Mutex<BTreeSet<(DigestName, u32)>>>;

/// Logs the books of each issue that this process delivers, while it goes out and once when it is done.
async fn tell_books(app: Arc<App>, moved: Moved, stop: CancellationToken) {
    const EVERY: Duration = Duration::from_secs(10);
    /// How much longer than counting a pause is at least: counting a million rows takes a while.
    const SHARE: u32 = 20;
    let mut pause = EVERY;
    while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
        let started = Instant::now();
        let issues = std::mem::take(&mut *moved.lock().unwrap_or_else(PoisonError::into_inner));
        for (digest, number) in issues {
            let books = match ledger::books(&app.db, &digest, number).await {
                Ok(books) => books,
                Err(error) => {
                    tracing::error!(%error, "the books cannot be told");
                    continue;
                }
            };
            let Books { recipients, sent, failed, excluded, uncertain, waiting } = books;
            let words = if books.done() { "issue delivered" } else { "issue going out" };
            tracing::info!(%digest, number, recipients, sent, failed, excluded, uncertain, waiting, "{words}");
        }
        pause = EVERY.max(started.elapsed() * SHARE);
    }
}

async fn deliver_until(worker: Arc<Worker>, moved: Moved, stop: CancellationToken) -> anyhow::Result<()> {
    let listener = move |event: &Event| match event {
        Event::Settled { key, state } => {
            let mut moved = moved.lock().unwrap_or_else(PoisonError::into_inner);
            if !moved.iter().any(|(digest, number)| *number == key.number && *digest == key.digest) {
                moved.insert((key.digest.clone(), key.number));
            }
            tracing::debug!(digest = %key.digest, number = key.number, subscriber = key.subscriber_id, state = state.as_str(), "delivery settled");
        }
        Event::Books(_) => {}
        Event::Halted { why, pause } => {
            tracing::warn!(why, pause_s = pause.as_secs(), "the way out is barred: all deliveries wait");
        }
    };
    Ok(worker.run(stop, listener).await?)
}

/// Waits for Ctrl-C or SIGTERM.
pub async fn asked_to_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for Ctrl-C"),
        _ = terminate.recv() => Ok(()),
    }
}
