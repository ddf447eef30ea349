//! `pullquote deliveries`: who got an issue, and what is to be done about those who did not.

use std::sync::Arc;

use clap::ValueEnum;

use super::{Outcome, done_unless, print_json, print_line};
use crate::{
    app::{
        App, bounces,
        deliver::{self, Command},
        digest_name,
    },
    model::{DeliveryState, DigestName},
    store::{
        bounces::Report,
        ledger::{self, Delivery, acts::Decision, halts},
    },
};

/// Show who got an issue, and what came back; pause, resume or cancel it; decide what stands still
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote deliveries friday 12
  pullquote deliveries friday 12 --state uncertain
  pullquote deliveries friday 12 --came-back        who did not get it after all, or complained
  pullquote deliveries friday 12 --do resend-uncertain
  pullquote deliveries friday 12 --do leave --subscriber 8123761253")]
pub struct Args {
    /// The digest's name
    digest: String,
    /// The issue's number
    number: u32,
    /// Only those in this state: waiting, claimed, deferred, sent, failed, excluded or uncertain
    #[arg(long, value_parser = parse_state)]
    state: Option<DeliveryState>,
    /// Only those of which a bounce or complaint came back
    #[arg(long)]
    came_back: bool,
    /// Carry out a decision
    #[arg(long = "do", value_enum, value_name = "ACT")]
    act: Option<Act>,
    /// Only for this subscriber, by id
    #[arg(long, requires = "act", value_name = "ID")]
    subscriber: Option<i64>,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Act {
    /// Claim nothing more until it is resumed
    Pause,
    /// Go on
    Resume,
    /// Send nothing more
    Cancel,
    /// Send the uncertain again; some may get it twice
    ResendUncertain,
    /// Send what failed again
    ResendFailed,
    /// The uncertain arrived
    Arrived,
    /// The uncertain did not arrive, and are not sent again
    Leave,
}

impl Act {
    const fn command(self, subscriber: Option<i64>) -> Command {
        match self {
            Self::Pause => Command::Pause,
            Self::Resume => Command::Resume,
            Self::Cancel => Command::Cancel,
            Self::ResendUncertain => Command::Decide(Decision::ResendUncertain, subscriber),
            Self::ResendFailed => Command::Decide(Decision::ResendFailed, subscriber),
            Self::Arrived => Command::Decide(Decision::Arrived, subscriber),
            Self::Leave => Command::Decide(Decision::Leave, subscriber),
        }
    }
}

fn parse_state(word: &str) -> Result<DeliveryState, String> {
    let known = DeliveryState::ALL.map(DeliveryState::as_str).join(", ");
    DeliveryState::parse(word).ok_or_else(|| format!("there are {known}"))
}

/// Deliveries read at a time.
const PAGE: u32 = 1000;

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    let digest = digest_name(&args.digest)?;
    if let Some(act) = args.act {
        let moved = deliver::command(&app, &digest, args.number, act.command(args.subscriber)).await?;
        eprintln!("{digest} #{}: done, {moved} deliveries moved", args.number);
        if matches!(act, Act::Resume | Act::ResendUncertain | Act::ResendFailed) {
            eprintln!("A running `pullquote serve` sends them.");
        }
    }
    list(&app, &digest, &args).await?;
    Ok(done_unless(false))
}

async fn list(app: &App, digest: &DigestName, args: &Args) -> anyhow::Result<()> {
    let books = ledger::books(&app.db, digest, args.number).await?;
    let mut after = 0;
    loop {
        let page = ledger::list(&app.db, digest, args.number, args.state, after, PAGE).await?;
        let reports = bounces::of_deliveries(app, &page).await?;
        for (delivery, came_back) in page.iter().zip(&reports).filter(|(_, back)| !args.came_back || !back.is_empty()) {
            if args.json { print_json(&Line { delivery, came_back })? } else { print(delivery, came_back)? }
        }
        let Some(last) = page.last() else { break };
        after = last.key.subscriber_id;
    }
    if !args.json {
        for halt in halts::list(&app.db, app.clock.now()).await?.iter().filter(|_| !books.done()) {
            print_line(format!(
                "delivery is halted since {}, tried again at {}: {}",
                halt.since, halt.until, halt.why
            ))?;
        }
        print_line(format!(
            "{} recipients = {} sent + {} failed + {} excluded + {} uncertain + {} waiting",
            books.recipients, books.sent, books.failed, books.excluded, books.uncertain, books.waiting
        ))?;
        let came_back = bounces::summary_of_issue(app, digest, args.number).await?;
        if !came_back.is_empty() {
            print_line(format!(
                "came back: {came_back} (pullquote bounces list --digest {digest} --issue {})",
                args.number
            ))?;
        }
    }
    Ok(())
}

/// A delivery with what came back of it, as JSON.
#[derive(serde::Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    delivery: &'a Delivery,
    came_back: &'a [Report],
}

fn print(delivery: &Delivery, came_back: &[Report]) -> anyhow::Result<()> {
    let Delivery { key, email, state, attempts, reply, .. } = delivery;
    let reply = reply.as_deref().unwrap_or("");
    print_line(format!("{:9}  {}  {email}  {attempts} tries  {reply}", state.as_str(), key.subscriber_id))?;
    for Report { kind, taken_at, words, .. } in came_back {
        let at = taken_at.strftime("%Y-%m-%d %H:%M UTC");
        print_line(format!("           {at} came back: {}  {words}", kind.as_str()))?;
    }
    Ok(())
}
