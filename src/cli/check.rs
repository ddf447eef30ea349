//! `pullquote check`: whether settings, digests, database, mail and sources are in order.

use std::path::PathBuf;

use super::{Logging, Outcome, done_unless, load_settings, print_line};
use crate::{
    app::{
        App, AppError,
        check::{self, Finding},
    },
    settings,
};

/// Check settings, digests, database, the way out for mail, and sources
///
/// Nothing is sent and nothing is stored but an empty database where there was none.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote check
  pullquote check --offline
  pullquote --config config/production.toml check")]
pub struct Args {
    /// Ask no server: settings, digests and database only
    #[arg(long)]
    offline: bool,
}

pub async fn run(config: Option<PathBuf>, args: Args) -> Outcome {
    let settings = load_settings(config, Logging::Quiet)?;
    print_line("ok       settings")?;
    let digests = settings::load_digests(&settings.paths.digests).map_err(AppError::Problems)?;
    let folder = settings.paths.digests.display().to_string();
    print_line(format!("ok       {} digests in {folder}", digests.len()))?;
    let app = App::from_settings(settings).await?;
    let mut failed = false;
    for finding in check::check(&app, args.offline).await? {
        let word = match &finding {
            Finding::Fine(_) => "ok",
            Finding::Note(_) => "note",
            Finding::Fault(_) => "FAULT",
        };
        failed |= matches!(finding, Finding::Fault(_));
        print_line(format!("{word:8} {}", finding.words()))?;
    }
    Ok(done_unless(failed))
}
