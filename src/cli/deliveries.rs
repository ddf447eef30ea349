//! `pullquote deliveries`: who got an issue, and what is to be done about those who did not.

use std::sync::Arc;

use clap::ValueEnum;

use super::{Outcome, done_unless, print_json, print_line};
use crate::{
    app::{
        App,
        deliver::{self, Command},
        digest_name,
    },
    model::{DeliveryState, DigestName},
    store::ledger::{self, acts::Decision, halts},
};

/// Show who got an issue; pause, resume or cancel it; decide what stands still
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote deliveries friday 12
  pullquote deliveries friday 12 --state uncertain
  pullquote deliveries friday 12 --do resend-uncertain
  pullquote deliveries friday 12 --do leave --subscriber 8123761253")]
pub struct Args {
    /// The digest's name
    digest: String,
    /// The number
    number: u32,
    /// Only those in this state: waiting, claimed, deferred, sent, failed, excluded or uncertain
    #[arg(long, value_parser = parse_state)]
    state: Option<DeliveryState>,
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
        for delivery in &page {
            if args.json {
                print_json(delivery)?;
                continue;
            }
            let reply = delivery.reply.as_deref().unwrap_or("");
            print_line(format!(
                "{:9}  {}  {}  {} tries  {reply}",
                delivery.state.as_str(),
                delivery.key.subscriber_id,
                delivery.email,
                delivery.attempts
            ))?;
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
    }
    Ok(())
}
