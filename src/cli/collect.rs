//! `pullquote collect`: fetch sources now.

use std::sync::Arc;

use super::{Outcome, done_unless, progress::Progress};
use crate::{
    app::{
        App,
        collect::{self, Collected, Occasion, Report},
    },
    render::text::tally,
};

/// Fetch the sources of one digest or of all, now
///
/// A source that asked to be left alone, or failed a moment ago, is left alone all the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote collect
  pullquote collect friday")]
pub struct Args {
    /// The digest's name: the stem of its file
    digest: Option<String>,
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    let digest = args.digest.as_deref().map(|name| app.digest(name)).transpose()?;
    let progress = Progress::spinner("Collecting");
    let listener = progress.clone();
    let reports =
        collect::collect(&app, digest.as_ref(), Occasion::Wanted, move |report| listener.note(in_words(report)))
            .await?;
    let failed = reports.iter().filter(|report| report.result.is_err()).count();
    let new: usize = reports.iter().map(|report| report.result.as_ref().map_or(0, new_reviews)).sum();
    let sources = tally(reports.len() as u64, "source", "sources");
    progress.done(format!("{sources}, {}, {failed} failed", tally(new as u64, "new review", "new reviews")));
    Ok(done_unless(failed > 0))
}

fn new_reviews(collected: &Collected) -> usize {
    if let Collected::Read { recorded, .. } = collected { recorded.new } else { 0 }
}

/// What became of a source, in a line or more.
pub fn in_words(report: &Report) -> String {
    let mut words = match &report.result {
        Ok(Collected::Read { found, recorded }) => {
            let found = tally(*found as u64, "review", "reviews");
            format!("{}: {found}, {} new, {} changed", report.locator, recorded.new, recorded.changed)
        }
        Ok(Collected::Unchanged) => format!("{}: nothing new", report.locator),
        Ok(Collected::NotDue(at)) => format!("{}: not to be asked before {at}", report.locator),
        Ok(Collected::Stopped) => {
            format!("{}: gone for good, not asked any more; `pullquote sources retry` tries it again", report.locator)
        }
        Err(error) if error.starts_with(&report.locator) => format!("failed: {error}"),
        Err(error) => format!("failed: {}: {error}", report.locator),
    };
    for note in &report.notes {
        words.push_str(&format!("\n    {note}"));
    }
    words
}
