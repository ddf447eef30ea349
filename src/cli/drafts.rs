//! `pullquote drafts`: scheduled issues that wait for approval, and what is decided on them.

use std::{path::PathBuf, sync::Arc};

use clap::Subcommand;

use super::{
    Outcome, done_unless,
    preview::write,
    print_json, print_line,
    send::{deliver_now, frozen, outline},
};
use crate::{
    app::{
        App,
        drafts::{self, Approved},
        rendering::{Format, render},
    },
    model::{Draft, draft::DraftState},
    render::json,
};

/// Who decided, as it is kept.
const BY: &str = "command line";

/// List the drafts that wait for approval; show, approve, discard them, or have them composed anew
///
/// A digest with `approve = "editor@example.org"` stops each scheduled issue as a draft. What nobody decides on is
/// replaced by the next slot's draft, which holds all since the last issue.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  pullquote drafts
  pullquote drafts show 0a1b2c3d4e5f -o draft.html --format html
  pullquote drafts approve 0a1b2c3d4e5f
  pullquote drafts again 0a1b2c3d4e5f
  pullquote drafts friday --all --json | jq -r 'select(.state == \"approved\") | .decided_at'"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Only those of this digest or cadence
    digest: Option<String>,
    /// Also those that were decided, newest first
    #[arg(long)]
    all: bool,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show what a draft holds, or write it in any rendering
    Show {
        /// Its id
        draft: String,
        /// The rendering; a few lines in words where absent
        #[arg(long, value_enum)]
        format: Option<Format>,
        /// Write to a file instead of stdout
        #[arg(short, long, value_name = "FILE", requires = "format")]
        output: Option<PathBuf>,
    },
    /// Freeze a draft as it stands, for the subscribers of now, and send it
    Approve {
        /// Its id: what was looked at is what goes out
        draft: String,
    },
    /// Take a draft away; its window stays open until the next slot
    Discard {
        /// Its id
        draft: String,
    },
    /// Compose a draft anew from what there is now, and have it mailed anew
    Again {
        /// Its id
        draft: String,
    },
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    match args.verb {
        None => list(&app, &args).await,
        Some(Verb::Show { draft, format, output }) => show(&app, &draft, format, output).await,
        Some(Verb::Approve { draft }) => approve(&app, &draft).await,
        Some(Verb::Discard { draft }) => {
            let digest = drafts::discard(&app, &draft, BY).await?.issue.digest;
            print_line(format!(
                "The draft {draft} of {digest} is discarded; its window stays open until the next slot."
            ))?;
            Ok(done_unless(false))
        }
        Some(Verb::Again { draft }) => {
            let fresh = drafts::again(&app, &draft, BY).await?;
            print_line(in_words(&fresh))?;
            eprintln!("`pullquote serve` mails it to {} at its next tick.", fresh.mail.to);
            Ok(done_unless(false))
        }
    }
}

async fn list(app: &App, args: &Args) -> Outcome {
    let listed = drafts::list(app, args.digest.as_deref(), args.all).await?;
    // Drafts outlive their digest's file, so the name need not be known any more.
    if let (Some(name), true) = (&args.digest, listed.is_empty()) {
        app.digest(name)?;
    }
    for draft in &listed {
        if args.json { print_json(&json::draft(draft, &app.site))? } else { print_line(in_words(draft))? }
    }
    if listed.is_empty() && !args.json {
        eprintln!("No draft waits.");
    }
    Ok(done_unless(false))
}

/// A draft in a line, with lines below for what a person should know.
fn in_words(draft: &Draft) -> String {
    let issue = &draft.issue;
    let composed = issue.composed_at.strftime("%Y-%m-%d %H:%M UTC");
    let (id, digest, number, state) = (&draft.id, &issue.digest, issue.number, draft.state.as_str());
    let mut words = format!("{id}  {digest} #{number}  {state}  composed {composed}\n    {}", issue.subject);
    if let Some((at, by)) = &draft.decided {
        words.push_str(&format!("\n    {state} by {by} at {}", at.strftime("%Y-%m-%d %H:%M UTC")));
    }
    if draft.state == DraftState::Overtaken {
        words.push_str(&format!("\n    {}", draft.state.explain()));
    }
    if let Some(trouble) = draft.mail.trouble().filter(|_| draft.state.is_open()) {
        words.push_str(&format!("\n    {trouble}"));
    }
    words
}

async fn show(app: &App, id: &str, format: Option<Format>, output: Option<PathBuf>) -> Outcome {
    let draft = drafts::find(app, id).await?;
    match format {
        Some(format) => {
            let digest = app.digest(draft.issue.digest.as_str())?;
            write(output, render(app, &digest, &draft.issue, format)?)?;
        }
        None => print_line(format!("{}\n\n{}", in_words(&draft), outline(&draft.issue)))?,
    }
    Ok(done_unless(false))
}

async fn approve(app: &Arc<App>, id: &str) -> Outcome {
    let failed = match drafts::approve(app, id, BY).await? {
        Approved::Issue { issue, recipients } => {
            print_line(frozen(&issue, recipients))?;
            !deliver_now(app, &issue, recipients).await?
        }
        Approved::Already { digest, number } => {
            print_line(format!("It was approved before, as {digest} #{number}."))?;
            false
        }
    };
    Ok(done_unless(failed))
}
