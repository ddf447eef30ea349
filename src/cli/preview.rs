//! `pullquote preview`: the next issue in any rendering, nothing sent.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use jiff::Timestamp;

use super::{Outcome, done_unless};
use crate::{
    app::{
        App, collect,
        compose::{self, Wish, issue_or_why},
    },
    model::{Digest, EmailAddress, Issue},
    render::{
        feed::{self, FeedMeta},
        json,
        mail::{self, TOKEN_PLACEHOLDER},
        page::{IssuePage, html},
    },
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

/// A rendering of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The HTML part of the mail
    Html,
    /// The text part of the mail
    Text,
    /// The whole mail
    Eml,
    /// The page on the site
    Page,
    /// RSS 2.0 with the issue as its one item
    Rss,
    /// Atom 1.0
    Atom,
    /// JSON Feed 1.1
    Jsonfeed,
    /// The issue itself
    Json,
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    let digest = app.digest(&args.digest)?;
    if let (Some(since), Some(until)) = (args.since, args.until)
        && since >= until
    {
        bail!("--since {since} is not before --until {until}");
    }
    collect::before_composing(&app, &digest).await?;
    let wish = Wish { since: args.since, until: args.until, ..Wish::default() };
    let issue = issue_or_why(&digest, compose::preview(&app, &digest, &wish).await?)?;
    write(args.output, render(&app, &digest, &issue, args.format)?)?;
    Ok(done_unless(false))
}

/// An issue in a rendering, as it is sent but for the recipient.
pub fn render(app: &App, digest: &Digest, issue: &Issue, format: Format) -> anyhow::Result<Vec<u8>> {
    let mail = || -> anyhow::Result<_> {
        let style = digest.email.as_ref().with_context(|| {
            format!("the digest `{}` has no [email] section; preview it with --format page", digest.name)
        })?;
        Ok((mail::prepare(issue, style, &app.site)?, style))
    };
    let meta = FeedMeta::from(digest);
    let issues = std::slice::from_ref(issue);
    Ok(match format {
        Format::Html => mail()?.0.html(TOKEN_PLACEHOLDER).into_bytes(),
        Format::Text => mail()?.0.text(TOKEN_PLACEHOLDER).into_bytes(),
        Format::Eml => {
            let (prepared, style) = mail()?;
            let to = EmailAddress::parse(&format!("subscriber@{}", style.from.address.domain()))?;
            prepared.for_recipient(&to, None, TOKEN_PLACEHOLDER)?
        }
        Format::Page => html(&IssuePage::new(issue, issue.number, None, &app.site))?.into_bytes(),
        Format::Rss => feed::rss(&meta, issues, &app.site)?.into_bytes(),
        Format::Atom => feed::atom(&meta, issues, &app.site)?.into_bytes(),
        Format::Jsonfeed => feed::json_feed(&meta, issues, &app.site)?.into_bytes(),
        Format::Json => {
            let mut line = serde_json::to_vec(&json::issue(issue))?;
            line.push(b'\n');
            line
        }
    })
}

/// Writes to a file, or to stdout.
pub fn write(output: Option<PathBuf>, bytes: Vec<u8>) -> anyhow::Result<()> {
    use std::io::Write as _;
    match output {
        Some(path) => std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display())),
        None => std::io::stdout().write_all(&bytes).context("cannot write to stdout"),
    }
}
