//! `pullquote demo`: the whole product on the shipped example, no set-up.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use tokio_util::sync::CancellationToken;

use super::{Outcome, collect::in_words, done_unless, progress::Progress, serve::Parts};
use crate::{
    app::{
        App,
        collect::{self, Occasion},
        compose::{self, Booking, Wish},
        deliver, demo, export,
    },
    deliver::{Event, maildir},
    model::{Books, Digest, Issue},
    store::issues::Frozen,
    web::{self, Web},
};

/// Show the whole product on the shipped example; no set-up, nothing leaves this machine
///
/// Reads a dozen raw reviews, quotes them, freezes an issue, delivers it into a mailbox, and opens the site on
/// this machine: the issue, the feeds, the mailbox with the rendered mail, the sign-up, the desk.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote demo
  pullquote demo --port 9000
  pullquote demo --once -o demo-out")]
pub struct Args {
    /// Write mails, feeds and pages to a folder and exit
    #[arg(long, requires = "output")]
    once: bool,
    /// The folder for --once
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The port of the site; a free one where this is taken
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

/// A folder that is gone with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Self> {
        let id = getrandom::u64().map_err(|error| anyhow::anyhow!("the system gives no randomness: {error}"))?;
        let path = std::env::temp_dir().join(format!("pullquote-demo-{id:016x}"));
        std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("pullquote: {} could not be removed: {error}", self.0.display());
        }
    }
}

pub async fn run(args: Args) -> Outcome {
    let scratch = Scratch::new()?;
    if args.once {
        let output = args.output.context("--once needs -o DIR")?;
        let (app, digest) = demo::open(&scratch.0, &format!("http://127.0.0.1:{}/", args.port)).await?;
        publish(&app, &digest).await?;
        let files = write_all(&app, &scratch.0, &output).await?;
        eprintln!("\nWrote {files} files to {}. Start with {}.", output.display(), output.join("index.html").display());
        return Ok(done_unless(false));
    }
    let listener = match web::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, args.port))).await {
        Ok(listener) => listener,
        Err(_) => web::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.context("no port is free")?,
    };
    let url = format!("http://{}/", listener.local_addr()?);
    let (app, digest) = demo::open(&scratch.0, &url).await?;
    let issue = publish(&app, &digest).await?;
    say_where(&url, &issue);
    let worker = Arc::new(deliver::worker(&app));
    let mailbox = Some(scratch.0.join("mailbox"));
    let site = Web::with_mailbox(Arc::clone(&app), Some(Arc::clone(&worker)), mailbox);
    let parts = Parts { site: Some((listener, site)), delivers: true, ticks: true };
    parts.run(&app, &worker).await?;
    Ok(done_unless(false))
}

/// From raw reviews to mails in the mailbox, with progress.
async fn publish(app: &Arc<App>, digest: &Digest) -> anyhow::Result<Issue> {
    eprintln!("\n  {}: {}\n", digest.title, digest.description);
    let reading = Progress::spinner("Reading");
    let reports = collect::collect(app, Some(digest), Occasion::Wanted, |_| ()).await?;
    let found: usize = reports.iter().map(found_in).sum();
    let sources: Vec<String> = digest.sources.iter().map(|s| digest.source_name(&s.locator)).collect();
    reading.done(format!("{found} reviews in {}", sources.join(", ")));
    if let Some(report) = reports.iter().find(|report| report.result.is_err()) {
        bail!("{}", in_words(report));
    }
    let composing = Progress::spinner("Quoting");
    let frozen = compose::freeze(app, digest, &Wish::default(), &Booking::default()).await?;
    let Frozen::Issue { issue, recipients } = frozen else { bail!("the example made no issue") };
    let quotes = issue.works.iter().flat_map(|work| &work.reviews).filter(|review| review.quote.is_some()).count();
    let withheld: usize = issue.works.iter().flat_map(|work| &work.reviews).map(|review| review.withheld).sum();
    composing
        .done(format!("{quotes} critics on {} works; {withheld} sentences kept back as spoilers", issue.works.len()));
    let books = deliver_all(app, &issue, recipients).await?;
    if books.sent != books.recipients {
        bail!("{} of {} mails were delivered", books.sent, books.recipients);
    }
    Ok(*issue)
}

fn found_in(report: &collect::Report) -> usize {
    match report.result {
        Ok(collect::Collected::Read { found, .. }) => found,
        _ => 0,
    }
}

async fn deliver_all(app: &Arc<App>, issue: &Issue, recipients: u64) -> anyhow::Result<Books> {
    let delivering = Progress::steps("Delivering", recipients);
    let listener = delivering.clone();
    let drained = deliver::drain(app, issue, CancellationToken::new(), move |event| {
        if let Event::Books(books) = event {
            listener.at(books.recipients - books.waiting);
        }
    })
    .await?;
    let books = drained.books.unwrap_or_default();
    delivering.done(format!("{} of {} mails, the books balance", books.sent, books.recipients));
    Ok(books)
}

fn say_where(url: &str, issue: &Issue) {
    let digest = &issue.digest;
    eprintln!(
        "
  The issue    {url}d/{digest}/{}
  The digest   {url}d/{digest}
  The feed     {url}d/{digest}/feed.xml
  The mailbox  {url}mailbox
  Subscribe    {url}subscribe
  The desk     {url}admin   (password: {})

  Nothing leaves this machine. Ctrl-C ends the demo and removes its files.
",
        issue.number,
        demo::PASSWORD
    );
}

/// Writes mails, feeds and pages; gives the number of files.
async fn write_all(app: &Arc<App>, folder: &Path, output: &Path) -> anyhow::Result<usize> {
    std::fs::create_dir_all(output).with_context(|| format!("cannot make {}", output.display()))?;
    let mut count = 0;
    let mut write = |name: &str, bytes: &[u8]| {
        let path = output.join(name);
        count += 1;
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    for file in export::site(app).await? {
        write(&file.name, file.text.as_bytes())?;
    }
    let mails = maildir::read_all(&folder.join("mailbox")).context("cannot read the mailbox")?;
    for (at, (_, bytes)) in mails.iter().enumerate() {
        write(&format!("mail-{}.eml", at + 1), bytes)?;
    }
    Ok(count)
}
