//! `pullquote preview`: the next issue in any rendering, nothing sent.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use clap::{ValueEnum, builder::PossibleValue};
use jiff::Timestamp;

use super::{Outcome, done_unless};
use crate::app::{
    App, collect,
    compose::{self, Wish, issue_or_why},
    rendering::{Format, render},
};

/// Show the next issue as it would be sent now; nothing is sent or used
///
/// Sources that are due are fetched first, as they are before an issue is sent.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote preview friday -o friday.html
  pullquote preview friday --format text
  pullquote preview friday --format json --since 2026-11-01T00:00:00Z | jq .works[].work.title")]
pub struct Args {
    /// The digest's name: the stem of its file
    digest: String,
    /// The rendering
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    /// Where the window starts, instead of the end of the last issue (RFC 3339)
    #[arg(long, value_name = "T")]
    since: Option<Timestamp>,
    /// Where the window ends, instead of now (RFC 3339)
    #[arg(long, value_name = "T")]
    until: Option<Timestamp>,
    /// Write to a file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Html => "The HTML part of the mail",
            Self::Text => "The text part of the mail",
            Self::Eml => "The whole mail",
            Self::Page => "The page on the site",
            Self::Rss => "RSS 2.0 with the issue as its one item",
            Self::Atom => "Atom 1.0",
            Self::Jsonfeed => "JSON Feed 1.1",
            Self::Json => "The issue itself",
        };
        Some(PossibleValue::new(self.as_str()).help(help))
    }
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    let digest = app.digest(&args.digest)?;
    if let (Some(since), Some(until)) = (args.since, args.until)
        && since >= until
    {
        bail!("--since {since} is not before --until {until}");
    }
    collect::before_composing(&app, &[&digest]).await?;
    let wish = Wish { since: args.since, until: args.until, ..Wish::default() };
    let issue = issue_or_why(&digest, compose::preview(&app, &digest, &wish).await?)?;
    write(args.output, render(&app, &digest, &issue, args.format)?)?;
    Ok(done_unless(false))
}

/// Writes to a file, or to stdout.
pub fn write(output: Option<PathBuf>, bytes: Vec<u8>) -> anyhow::Result<()> {
    use std::io::Write as _;
    match output {
        Some(path) => std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display())),
        None => std::io::stdout().write_all(&bytes).context("cannot write to stdout"),
    }
}
