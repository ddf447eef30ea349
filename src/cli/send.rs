//! `pullquote send`: a one-off by hand.

use std::{
    io::{BufRead as _, IsTerminal as _, Write as _},
    path::PathBuf,
    sync::Arc,
};

use anyhow::bail;
use tokio_util::sync::CancellationToken;

use super::{Outcome, done_unless, preview::write, print_line, progress::Progress, serve};
use crate::{
    app::{
        App, AppError,
        compose::Wish,
        deliver, orders,
        rendering::{Format, render},
        send::{self, Order, Sent},
    },
    deliver::Event,
    model::{Issue, moment::Moment},
    render::text,
    store::subscribers,
};

/// Send an issue by hand: now, at a given time, to the list or as a test
///
/// Without --review it holds what is new or featured since the last issue. With --to it is a test: only those
/// addresses get it, and nothing is used up.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote send friday --dry-run
  pullquote send friday --to me@example.org
  pullquote send friday --review 3f2a9c0d11e4b7a8 --review her.txt --note 'Two on Her.'
  pullquote send friday --at 2026-12-24T09:00 --yes
  pullquote send friday --dry-run -o friday.html")]
pub struct Args {
    /// The digest's name: the stem of its file
    digest: String,
    /// Send a test to this address only; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// Take this review and no others; may be given several times
    #[arg(long, value_name = "ID|URL|PATH")]
    review: Vec<String>,
    /// Send at this time, by a running `pullquote serve`: RFC 3339, or local in the digest's zone
    #[arg(long, value_name = "T")]
    at: Option<Moment>,
    /// A word from the editor on top
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Leave the next issue's window where it would have started (the usual with --review)
    #[arg(long, conflicts_with = "move_window")]
    keep_window: bool,
    /// Start the next issue's window here (the usual without --review)
    #[arg(long)]
    move_window: bool,
    /// Only tell what would be sent
    #[arg(long)]
    dry_run: bool,
    /// Write the issue to a file: .html, .txt, .eml, .xml or .json by its ending
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Do not ask before sending to the list
    #[arg(long)]
    yes: bool,
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    let digest = app.digest(&args.digest)?;
    let format = args.output.as_deref().map(format_of).transpose()?;
    if args.at.is_some() && format.is_some() && !args.dry_run {
        bail!(
            "what is sent later is not known yet, so there is nothing to write; with --dry-run it is what would be now"
        );
    }
    let mut order = Order {
        wish: Wish { picks: args.review, note: args.note, ..Wish::default() },
        to: args.to,
        at: args.at,
        keep_window: (args.keep_window || args.move_window).then_some(args.keep_window),
        files: true,
        dry_run: args.dry_run,
        idempotency_key: None,
    };
    if !order.dry_run && order.to.is_empty() && !args.yes {
        confirm(&app, &args.digest, &mut order).await?;
    }
    let sent = send::send(&app, &args.digest, &order).await?;
    let mut failed = false;
    match &sent {
        Sent::Shown(issue) => {
            print_line(format!("A dry run: nothing was sent or used.\n{}", outline(issue)))?;
        }
        Sent::Tested { issue, to } => {
            print_line(format!("A test of #{} went to {}; nothing was used.", issue.number, to.join(", ")))?;
        }
        Sent::Frozen { issue, recipients } => {
            print_line(frozen(issue, *recipients))?;
            failed = !deliver_now(&app, issue, *recipients).await?;
        }
        Sent::Already(number) => print_line(format!("This order was carried out before, as #{number}."))?,
        Sent::Placed { order, note } => {
            let (id, at) = (order.id, send::local_time(&app, &order.order.digest, order.order.at));
            print_line(format!(
                "Order {id} is placed for {at}. A `pullquote serve` that runs then will send it; \
                 `pullquote orders cancel {id}` takes it back."
            ))?;
            if let Some(note) = note {
                eprintln!("Note that {note}.");
            }
        }
        Sent::PlacedBefore(order) => {
            print_line(format!("This order was placed before, as {}: it {}.", order.id, orders::fate(order)))?;
        }
    }
    if let (Some(path), Some(format)) = (args.output, format)
        && let Sent::Shown(issue) | Sent::Tested { issue, .. } | Sent::Frozen { issue, .. } = &sent
    {
        write(Some(path), render(&app, &digest, issue, format)?)?;
    }
    Ok(done_unless(failed))
}

fn format_of(path: &std::path::Path) -> anyhow::Result<Format> {
    Ok(match path.extension().and_then(|ending| ending.to_str()) {
        Some("html" | "htm") => Format::Html,
        Some("txt") => Format::Text,
        Some("eml") => Format::Eml,
        Some("xml" | "rss") => Format::Rss,
        Some("json") => Format::Json,
        _ => bail!("-o {}: the ending tells the form; use .html, .txt, .eml, .xml or .json", path.display()),
    })
}

/// Shows what would go to the whole list and asks; without a terminal it wants `--yes`.
async fn confirm(app: &Arc<App>, digest: &str, order: &mut Order) -> anyhow::Result<()> {
    let dry = Order { dry_run: true, ..order.clone() };
    let count = subscribers::count_of_stream(&app.db, &app.digest(digest)?).await?;
    match send::send(app, digest, &dry).await {
        Ok(Sent::Shown(issue)) => eprintln!("{}", outline(&issue)),
        Ok(_) => return Ok(()),
        // What there is when its time comes is not known yet.
        Err(AppError::TooFew { found, .. }) if order.at.is_some() => eprintln!("By now there are {found} new reviews."),
        Err(error) => return Err(error.into()),
    }
    let readers = text::tally(count as u64, "subscriber", "subscribers");
    if !std::io::stdin().is_terminal() {
        bail!("this goes to {readers}; add --yes to send it, --dry-run to only look, or --to ADDRESS for a test");
    }
    eprint!("Send this to {readers}? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    if !matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        bail!("not sent");
    }
    Ok(())
}

/// What an issue holds, in a few lines.
pub(super) fn outline(issue: &Issue) -> String {
    let mut lines = vec![format!("{} #{}: {}", issue.digest, issue.number, issue.subject)];
    for block in &issue.works {
        let title = block.work.title.as_deref().unwrap_or("(no work named)");
        lines.push(format!("  {title}"));
        for review in &block.reviews {
            let reviewer = review.reviewer.as_deref().unwrap_or("unknown reviewer");
            let quote = review.quote.as_ref().map_or("(nothing safe to quote)", |quote| quote.text());
            let star = if review.featured { "★ " } else { "" };
            lines.push(format!("    {star}{reviewer} [{}]: {quote}", review.id));
        }
    }
    if !issue.more.is_empty() {
        lines.push(format!("  and {} more by link", issue.more.len()));
    }
    lines.join("\n")
}

/// That an issue is made, in words.
pub(super) fn frozen(issue: &Issue, recipients: u64) -> String {
    let recipients = text::tally(recipients, "recipient", "recipients");
    format!("{} #{} is frozen for {recipients}.", issue.digest, issue.number)
}

/// Delivers as far as it goes now. Whether nobody was refused.
pub(super) async fn deliver_now(app: &Arc<App>, issue: &Issue, recipients: u64) -> anyhow::Result<bool> {
    if recipients == 0 {
        print_line("Nobody is subscribed; it stands on the site and in the feed.")?;
        return Ok(true);
    }
    let progress = Progress::steps("Delivering", recipients);
    let listener = progress.clone();
    let stop = CancellationToken::new();
    let interrupted = stop.clone();
    let watching = tokio::spawn(async move {
        if serve::asked_to_stop().await.is_ok() {
            interrupted.cancel();
        }
    });
    let drained = deliver::drain(app, issue, stop, move |event| match event {
        Event::Settled { key, state } => {
            listener.step(format!("{} {}", key.subscriber_id, state.as_str()));
        }
        Event::Halted { why, pause } => {
            listener.note(format!("the way out is barred, next try in {} s: {why}", pause.as_secs()));
        }
        Event::Books(_) => {}
    })
    .await;
    watching.abort();
    let drained = drained?;
    let Some(books) = drained.books else { return Ok(true) };
    progress.done(format!(
        "{} sent, {} failed, {} excluded, {} uncertain, {} waiting",
        books.sent, books.failed, books.excluded, books.uncertain, books.waiting
    ));
    if let Some(why) = drained.halted {
        bail!(
            "{} cannot be used: {why}. The issue is frozen; `pullquote serve` goes on with it, and `pullquote check` tells more",
            app.mailer
        );
    }
    if books.waiting > 0 {
        eprintln!(
            "What waits is tried again by `pullquote serve`; see `pullquote deliveries {} {}`.",
            issue.digest, issue.number
        );
    }
    Ok(books.failed == 0 && books.uncertain == 0)
}
