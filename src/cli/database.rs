//! `pullquote database`: the database as a whole.

use std::path::PathBuf;

use super::{Logging, Outcome, load_settings, print_line, progress::Progress};
use crate::{
    app::{AppError, database},
    clock::Clock,
    settings::Database,
};

/// Move the database between SQLite and PostgreSQL, or copy it
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    Move(MoveArgs),
    Backup(BackupArgs),
}

/// Move everything from the database of the settings to an empty one on the other engine
///
/// Stop `pullquote serve` first. Every table is counted and compared on both sides before the new database counts as
/// written; until then, and where anything goes wrong, it stays empty. The old one is not changed. Afterwards set
/// store.url to the new one, and put the old file away: whoever starts on it sends what it still holds as waiting.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  createdb pullquote
  pullquote database move --to postgres://pullquote:secret@db.example/pullquote?sslmode=verify-full
  pullquote database move --to-file /run/secrets/database-url    keeps the password out of the process list
  pullquote database move --to sqlite:data/pullquote.db          and back, with store.url naming the server")]
struct MoveArgs {
    /// Where to: postgres://user:password@host/database or sqlite:PATH
    #[arg(long, value_name = "URL", value_parser = Database::parse, required_unless_present = "to_file")]
    to: Option<Database>,
    /// A file that holds that URL
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    to_file: Option<PathBuf>,
}

/// Write a copy of the SQLite database to a new file, while the server goes on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote database backup /backup/pullquote-$(date +%F).db")]
struct BackupArgs {
    /// The file to write; it must not be there yet
    file: PathBuf,
}

pub async fn run(config: Option<PathBuf>, args: Args) -> Outcome {
    let settings = load_settings(config, Logging::Quiet)?;
    let here = settings.store.database;
    match args.act {
        Act::Backup(BackupArgs { file }) => {
            database::backup(&here, &file).await?;
            let size = std::fs::metadata(&file).map_or(0, |data| data.len());
            print_line(format!("{here} is copied to {} ({} kB)", file.display(), size.div_ceil(1000)))?;
        }
        Act::Move(args) => {
            let to = target(args)?;
            let progress = Progress::spinner("Moving");
            let rows = database::relocate(&here, &to, &Clock::System, |step| {
                let rows = step.rows;
                match step.verified {
                    true => progress.note(format!("{}: {rows} rows, compared", step.table)),
                    false => progress.message(format!("{}: {rows} rows", step.table)),
                }
            })
            .await?;
            progress.done(format!("{rows} rows are in {to}"));
            print_line(format!("Set store.url to {to}{}", password_hint(&to)))?;
            print_line(format!("{here} is as it was. Put it away: whoever starts on it sends what is waiting in it."))?;
        }
    }
    Ok(std::process::ExitCode::SUCCESS)
}

fn target(args: MoveArgs) -> anyhow::Result<Database> {
    if let Some(to) = args.to {
        return Ok(to);
    }
    let path = args.to_file.unwrap_or_default();
    let text = std::fs::read_to_string(&path).map_err(|source| AppError::File { path: path.clone(), source })?;
    let read = Database::parse(text.trim_end_matches(['\r', '\n']));
    Ok(read.map_err(|why| AppError::Input(format!("{}: the URL {why}", path.display())))?)
}

fn password_hint(to: &Database) -> &'static str {
    match to {
        Database::Postgres(url) if url.has_password() => " (with its password; store.url_file reads it from a file)",
        _ => "",
    }
}
