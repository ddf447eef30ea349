//! `pullquote issues`: what was published, with its books.

use std::sync::Arc;

use serde::Serialize;

use super::{Outcome, done_unless, print_json, print_line};
use crate::{
    app::App,
    model::Books,
    render::text,
    store::{
        issues::{self, IssueState},
        ledger,
    },
};

/// List issues with what became of their deliveries, newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote issues
  pullquote issues friday --json | jq 'select(.uncertain > 0)'")]
pub struct Args {
    /// Only those of this digest
    digest: Option<String>,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..))]
    limit: i64,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    digest: &'a str,
    number: u32,
    kind: &'a str,
    state: IssueState,
    composed_at: jiff::Timestamp,
    subject: &'a str,
    reviews: usize,
    #[serde(flatten)]
    books: Books,
    url: String,
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    // An archive outlives its digest's file, so the name need not be known any more.
    let listed = issues::newest(&app.db, args.digest.as_deref(), args.limit).await?;
    if let (Some(name), true) = (&args.digest, listed.is_empty()) {
        app.digest(name)?;
    }
    for stored in &listed {
        let issue = &stored.issue;
        let books = ledger::books(&app.db, &issue.digest, issue.number).await?;
        if args.json {
            print_json(&Line {
                digest: issue.digest.as_str(),
                number: issue.number,
                kind: &stored.kind,
                state: stored.state,
                composed_at: issue.composed_at,
                subject: &issue.subject,
                reviews: issue.quoted(),
                books,
                url: app.site.issue(&issue.digest, issue.number).to_string(),
            })?;
            continue;
        }
        let state = if books.done() { "done" } else { stored.state.as_str() };
        print_line(format!(
            "{} #{}  {}  {state}  {}: {} sent, {} failed, {} excluded, {} uncertain, {} waiting\n    {}",
            issue.digest,
            issue.number,
            issue.composed_at.strftime("%Y-%m-%d %H:%M UTC"),
            text::tally(books.recipients, "recipient", "recipients"),
            books.sent,
            books.failed,
            books.excluded,
            books.uncertain,
            books.waiting,
            issue.subject
        ))?;
    }
    if listed.is_empty() && !args.json {
        eprintln!("There is no issue yet.");
    }
    Ok(done_unless(false))
}
