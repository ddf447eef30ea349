//! `pullquote orders`: what was ordered by hand for later, and taking it back.

use std::sync::Arc;

use anyhow::bail;
use clap::Subcommand;

use super::{Outcome, done_unless, print_json, print_line};
use crate::{
    app::{
        App,
        orders::{self, Cancelled},
        send::local_time,
    },
    store::orders::StoredOrder,
};

/// List what was ordered for later with `send --at`, or take it back
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  pullquote orders
  pullquote orders friday --json | jq 'select(.state == \"waiting\")'
  pullquote orders cancel 3"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Only those of this digest
    digest: Option<String>,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Take an order back that has not been carried out
    Cancel {
        /// The order's number, as `pullquote orders` lists it
        id: i64,
    },
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    match args.verb {
        Some(Verb::Cancel { id }) => cancel(&app, id).await,
        None => list(&app, args.digest.as_deref(), args.json).await,
    }
}

async fn list(app: &App, digest: Option<&str>, json: bool) -> Outcome {
    let listed = orders::list(app, digest).await?;
    if let (Some(name), true) = (digest, listed.is_empty()) {
        app.digest(name)?;
    }
    for order in &listed {
        if json { print_json(&orders::line(app, order))? } else { print_line(in_words(app, order))? }
    }
    if listed.is_empty() && !json {
        eprintln!("Nothing was ordered for later; `pullquote send DIGEST --at T` does.");
    }
    Ok(done_unless(false))
}

fn in_words(app: &App, stored: &StoredOrder) -> String {
    let order = &stored.order;
    let at = local_time(app, &order.digest, order.at);
    let what = orders::what(order);
    let whom = if order.to.is_empty() { "the list".to_owned() } else { format!("a test to {}", order.to.join(", ")) };
    let note = order.note.as_ref().map(|note| format!("\n    note: {note}")).unwrap_or_default();
    let fate = orders::fate(stored);
    format!("{}  {}  {at}  {what}, {whom}: {fate}{note}", stored.id, order.digest)
}

async fn cancel(app: &App, id: i64) -> Outcome {
    match orders::cancel(app, id).await? {
        Cancelled::Now(order) => {
            let at = local_time(app, &order.order.digest, order.order.at);
            print_line(format!("Order {id} is taken back: nothing of {} goes out at {at}.", order.order.digest))?;
        }
        Cancelled::Before(_) => print_line(format!("Order {id} was taken back before."))?,
        Cancelled::TooLate(order) => bail!("order {id} {} and cannot be taken back", orders::fate(&order)),
    }
    Ok(done_unless(false))
}
