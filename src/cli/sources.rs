//! `pullquote sources`: how they do, and OPML.

use std::{io::Read as _, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use clap::Subcommand;
use jiff::Timestamp;

use super::{Outcome, done_unless, preview::write, print_json, print_line};
use crate::{
    app::{
        App, opml,
        sources::{self, Row},
    },
    render::text::tally,
};

/// List the sources and how they do; try one again; exchange feeds with other readers
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  pullquote sources
  pullquote sources friday --json | jq -r 'select(.state == \"failing\") | .source'
  pullquote sources retry https://example.org/feed.xml
  pullquote sources export friday -o friday.opml
  pullquote sources import reader.opml --into friday"
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
    /// Have sources visited again, whatever held them back: gone for good, failing, or asked for a pause
    Retry {
        /// Each as it stands in the digest file
        #[arg(required = true, value_name = "URL|FOLDER")]
        sources: Vec<String>,
    },
    /// Write the feeds of one digest or of all as OPML
    Export {
        /// The digest's name
        digest: Option<String>,
        /// Write to a file instead of stdout
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Read OPML and print its feeds as [[source]] tables, or add them to a digest's file
    Import {
        /// The file, or - for standard input
        file: PathBuf,
        /// Add those that it does not have to the end of this digest's file
        #[arg(long, value_name = "DIGEST")]
        into: Option<String>,
    },
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    match args.verb {
        None => list(&app, args.digest, args.json).await,
        Some(Verb::Retry { sources }) => retry(&app, &sources).await,
        Some(Verb::Export { digest, output }) => export(&app, digest, output),
        Some(Verb::Import { file, into }) => import(&app, file, into),
    }
}

async fn list(app: &App, digest: Option<String>, json: bool) -> Outcome {
    let digest = digest.as_deref().map(|name| app.digest(name)).transpose()?;
    let rows = sources::list(app, digest.as_ref()).await?;
    for row in &rows {
        if json { print_json(row)? } else { print_line(in_words(row))? }
    }
    if rows.is_empty() && !json {
        eprintln!("No digest names a source.");
    }
    Ok(done_unless(false))
}

/// A source in a line, with lines below for what a person should know.
fn in_words(row: &Row) -> String {
    let minute = |at: Option<Timestamp>| at.map_or("never".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
    let mut words = format!("{:8} {}  ({})", row.state.as_str(), row.source, row.digests.join(", "));
    words.push_str(&format!(
        "\n         last success {}, next visit {}, {}, {}",
        minute(row.last_success),
        row.next_poll.map_or("at the next run".to_owned(), |at| minute(Some(at))),
        tally(row.entries, "entry", "entries"),
        tally(row.reviews, "review", "reviews")
    ));
    let again = if row.failures > 1 { format!(" ({} times in a row)", row.failures) } else { String::new() };
    let more = [
        row.last_error.as_ref().map(|why| format!("{}{again}: {why}", minute(row.last_error_at))),
        row.address.as_ref().map(|address| format!("asked at {address}")),
        row.moving_to.as_ref().map(|address| format!("redirects to {address}")),
        row.hub.as_ref().map(|hub| format!("hub: {hub}")),
    ];
    for line in more.into_iter().flatten() {
        words.push_str(&format!("\n         {line}"));
    }
    words
}

async fn retry(app: &App, places: &[String]) -> Outcome {
    let mut failed = false;
    for place in places {
        match sources::retry(app, place).await {
            Ok(locator) => {
                print_line(format!("{locator} is visited at the next run; `pullquote collect` does so now"))?
            }
            Err(error) => {
                eprintln!("pullquote: {error}");
                failed = true;
            }
        }
    }
    Ok(done_unless(failed))
}

fn export(app: &App, digest: Option<String>, output: Option<PathBuf>) -> Outcome {
    let digests = match digest {
        Some(name) => vec![app.digest(&name)?],
        None => app.digests(),
    };
    let title = match digests.as_slice() {
        [digest] => digest.title.clone(),
        _ => format!("Sources of {}", app.site.host()),
    };
    let (list, left_out) = opml::export(&digests, &title);
    for place in left_out {
        eprintln!("pullquote: {place} is no feed, and is left out");
    }
    write(output, list.into_bytes())?;
    Ok(done_unless(false))
}

fn import(app: &App, file: PathBuf, into: Option<String>) -> Outcome {
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes).context("standard input")?;
    } else {
        bytes = std::fs::read(&file).with_context(|| file.display().to_string())?;
    }
    let digest = into.as_deref().map(|name| app.digest(name)).transpose()?;
    let known = digest.as_ref().map(opml::feeds).unwrap_or_default();
    let import = opml::import(&bytes, &known).with_context(|| file.display().to_string())?;
    for refused in &import.refused {
        eprintln!("pullquote: {}: {refused}", file.display());
    }
    let told = format!("{} added, {} known, {} refused", import.added, import.known, import.refused.len());
    match &digest {
        None => {
            write(None, import.tables.trim_start().as_bytes().to_vec())?;
            eprintln!(
                "{} found, {} of them twice, {} refused",
                import.added + import.known,
                import.known,
                import.refused.len()
            );
        }
        Some(_) if import.added == 0 => print_line(told)?,
        Some(digest) => {
            let path = opml::digest_file(app, digest);
            opml::append(&path, digest, &import.tables)?;
            print_line(format!("{}: {told}", path.display()))?;
        }
    }
    Ok(done_unless(!import.refused.is_empty()))
}
