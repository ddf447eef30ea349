//! `pullquote bounces`: what came back, who is blocked by it, and undoing that.

use std::sync::Arc;

use clap::Subcommand;

use super::{Outcome, done_unless, print_json, print_line};
use crate::{
    app::{App, bounces},
    model::{EmailAddress, bounce::ReportKind},
    store::bounces::{Report, Wanted},
};

/// Show bounces, complaints and wishes to leave; read them now; lift a block
///
/// An address is blocked at once where it does not exist or its owner called a mail spam, and after several issues
/// in a row where it only fails. Every block names the report that led to it, which `show` prints with its mail.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote bounces                                what was reported, newest first
  pullquote bounces blocked                        who gets nothing any more, and why
  pullquote bounces show ann@example.org           the report that led to a block, with its mail
  pullquote bounces undo ann@example.org           lift the block; the address gets issues again
  pullquote bounces read                           read the mailbox now
  pullquote bounces list --digest friday --issue 12    what came back of one issue
  pullquote bounces list --kind policy --json      mail of ours that was refused for what it is")]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List reports, newest first
    List(List),
    /// List the addresses that are blocked, and why
    Blocked {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(i64).range(1..))]
        limit: i64,
        /// Print JSON Lines
        #[arg(long)]
        json: bool,
    },
    /// Show a report with its mail, by its id or the address
    Show {
        /// The report's id, the beginning of it, or an address
        #[arg(value_name = "ID|ADDRESS")]
        what: String,
        /// Print JSON Lines
        #[arg(long)]
        json: bool,
    },
    /// Lift the block of an address: it gets issues again, and what was reported so far does not count any more
    Undo {
        /// The addresses, or ids of reports
        #[arg(value_name = "ADDRESS|ID", required = true)]
        what: Vec<String>,
    },
    /// Read the mailbox now (`serve` does so by itself)
    Read {
        /// Print JSON Lines: each new report, then what the sitting came to
        #[arg(long)]
        json: bool,
    },
}

/// Which reports.
#[derive(Debug, clap::Args)]
struct List {
    /// Only of this kind: hard, soft, policy, delayed, delivered, autoreply, complaint or leave
    #[arg(long, value_parser = parse_kind)]
    kind: Option<ReportKind>,
    /// Only about this address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<EmailArgument>,
    /// Only about issues of this digest
    #[arg(long, value_name = "DIGEST")]
    digest: Option<String>,
    /// Only about this issue of the digest
    #[arg(long, value_name = "NUMBER", requires = "digest")]
    issue: Option<u32>,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..))]
    limit: i64,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

/// An address on the command line.
#[derive(Debug, Clone)]
struct EmailArgument(EmailAddress);

impl std::str::FromStr for EmailArgument {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        EmailAddress::parse(text).map(Self).map_err(|error| error.to_string())
    }
}

fn parse_kind(word: &str) -> Result<ReportKind, String> {
    let known = ReportKind::ALL.map(ReportKind::as_str).join(", ");
    ReportKind::parse(word).ok_or_else(|| format!("there are {known}"))
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    match args.verb {
        None => list(&app, &args.list).await,
        Some(Verb::List(wanted)) => list(&app, &wanted).await,
        Some(Verb::Blocked { limit, json }) => blocked(&app, limit, json).await,
        Some(Verb::Show { what, json }) => show(&app, &what, json).await,
        Some(Verb::Undo { what }) => undo(&app, &what).await,
        Some(Verb::Read { json }) => read(&app, json).await,
    }
}

async fn list(app: &App, wanted: &List) -> Outcome {
    let email = wanted.email.as_ref().map(|email| &email.0);
    let asked = Wanted { kind: wanted.kind, email, digest: wanted.digest.as_deref(), number: wanted.issue };
    let reports = bounces::list(app, &asked, wanted.limit).await?;
    for report in &reports {
        if wanted.json { print_json(report)? } else { print_report(report)? }
    }
    if reports.is_empty() && !wanted.json {
        eprintln!("Nothing was reported.");
        if app.settings.bounces.mailbox.is_none() && app.settings.bounces.hook_token.is_none() {
            eprintln!("Nothing is listened to either: set bounces.mailbox or bounces.hook_token.");
        }
    }
    Ok(done_unless(false))
}

fn print_report(report: &Report) -> anyhow::Result<()> {
    let Report { kind, email, words, effect, .. } = report;
    let issue = match (&report.digest, report.number) {
        (Some(digest), Some(number)) => format!("  {digest} #{number}"),
        _ => String::new(),
    };
    let id = report.id.get(..12).unwrap_or(&report.id);
    let undone = if report.undone_at.is_some() { " (undone)" } else { "" };
    print_line(format!(
        "{id}  {}  {:9}  {email}{issue}",
        report.taken_at.strftime("%Y-%m-%d %H:%M UTC"),
        kind.as_str()
    ))?;
    let status = report.status.as_deref().filter(|status| !words.contains(status)).map(|status| format!("{status} "));
    if status.is_some() || !words.is_empty() {
        print_line(format!("    {}{words}", status.unwrap_or_default()))?;
    }
    print_line(format!("    → {effect}{undone}"))
}

async fn blocked(app: &App, limit: i64, json: bool) -> Outcome {
    let blocks = bounces::blocked(app, limit).await?;
    for block in &blocks {
        if json {
            print_json(block)?;
        } else {
            let id = block.report_id.get(..12).unwrap_or(&block.report_id);
            print_line(format!("{}  since {}  report {id}", block.email, block.at.strftime("%Y-%m-%d %H:%M UTC")))?;
            print_line(format!("    {}", block.why))?;
        }
    }
    if blocks.is_empty() && !json {
        eprintln!("No address is blocked by a report.");
    }
    Ok(done_unless(false))
}

async fn show(app: &App, what: &str, json: bool) -> Outcome {
    let shown = bounces::show(app, what).await?;
    if json {
        print_json(&shown)?;
        return Ok(done_unless(false));
    }
    let report = &shown.report;
    print_report(report)?;
    let told_by = report.reporter.as_deref().map(|reporter| format!(", reported by {reporter}")).unwrap_or_default();
    print_line(format!("    from {}{told_by}; tied to the address by {}", report.source, proof(report)))?;
    match &shown.block {
        Some(block) => {
            print_line(format!("    {} is blocked: {}. Lift it: pullquote bounces undo {0}", block.email, block.why))?
        }
        None => print_line(format!("    {} is not blocked", report.email))?,
    }
    print_line("")?;
    // A mail may hold what a terminal would obey.
    for line in shown.raw.lines() {
        print_line(line.chars().map(|c| if c.is_control() && c != '\t' { '\u{FFFD}' } else { c }).collect::<String>())?;
    }
    if shown.cut {
        print_line("[cut here]")?;
    }
    Ok(done_unless(false))
}

fn proof(report: &Report) -> &'static str {
    use crate::model::bounce::Proof;
    match report.proof {
        Proof::Token => "a token of ours",
        Proof::MessageId => "the Message-ID of our mail",
        Proof::Provider => "the provider's word",
        Proof::Ledger => "the server's answer when we sent it",
        Proof::Sender => "the address it was sent from",
        Proof::Address => "the address it names only",
    }
}

async fn undo(app: &App, what: &[String]) -> Outcome {
    let mut failed = false;
    for what in what {
        match bounces::undo(app, what).await {
            Ok((email, back)) => print_line(format!("{email}: the block is lifted, {back} memberships stand again"))?,
            Err(error) => {
                eprintln!("pullquote: {error}");
                failed = true;
            }
        }
    }
    Ok(done_unless(failed))
}

async fn read(app: &App, json: bool) -> Outcome {
    let printed = std::cell::RefCell::new(Ok(()));
    let sitting = bounces::read(app, |report| {
        let shown = if json { print_json(report) } else { print_report(report) };
        if shown.is_err() {
            *printed.borrow_mut() = shown;
        }
    });
    let sitting = sitting.await?;
    printed.into_inner()?;
    if json {
        print_json(&sitting)?;
    } else {
        let bounces::Sitting { mails, reports, blocked, left, untouched, more } = sitting;
        print_line(format!(
            "{mails} new mails: {reports} reports, {blocked} addresses blocked, {left} asked to leave, {untouched} left alone"
        ))?;
        if more {
            eprintln!("There is more; read again.");
        }
    }
    Ok(done_unless(false))
}
