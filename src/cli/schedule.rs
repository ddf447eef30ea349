//! `pullquote schedule`: the next runs. Needs no database.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::{Logging, Outcome, done_unless, load_settings, print_json, print_line};
use crate::{
    app::AppError,
    clock::Clock,
    model::{Digest, problem::nearest},
    settings,
};

/// List the next runs, each in its digest's own zone
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote schedule
  pullquote schedule friday --count 20
  pullquote schedule friday --from 2027-03-01T00:00:00Z --json")]
pub struct Args {
    /// Only those of this digest
    digest: Option<String>,
    /// From this time on (RFC 3339); now where absent
    #[arg(long, value_name = "T")]
    from: Option<Timestamp>,
    /// How many runs of each digest
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    digest: &'a str,
    at: String,
    time_zone: &'a str,
}

pub fn run(config: Option<PathBuf>, args: Args) -> Outcome {
    let settings = load_settings(config, Logging::Quiet)?;
    let digests = settings::load_digests(&settings.paths.digests).map_err(AppError::Problems)?;
    let from = args.from.unwrap_or_else(|| Clock::System.now());
    let wanted: Vec<&Digest> =
        digests.iter().filter(|d| args.digest.as_deref().is_none_or(|name| d.name.as_str() == name)).collect();
    if let (Some(name), true) = (&args.digest, wanted.is_empty()) {
        let near = nearest(name, digests.iter().map(|d| d.name.as_str()));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(AppError::NoDigest { name: name.clone(), hint }.into());
    }
    for digest in wanted {
        print_runs(digest, from, &args)?;
    }
    Ok(done_unless(false))
}

fn print_runs(digest: &Digest, from: Timestamp, args: &Args) -> anyhow::Result<()> {
    let Some(schedule) = &digest.schedule else {
        if !args.json {
            print_line(format!("{}: sent by hand only (no schedule)", digest.name))?;
        }
        return Ok(());
    };
    let zone = digest.time_zone.iana_name().unwrap_or("UTC");
    if !args.json {
        print_line(format!("{}: {} ({zone})", digest.name, schedule.describe()))?;
    }
    for due in schedule.upcoming(&digest.time_zone, from, args.count as usize) {
        let offset = digest.time_zone.to_offset(due);
        let at = due.display_with_offset(offset).to_string();
        if args.json {
            print_json(&Line { digest: digest.name.as_str(), at, time_zone: zone })?;
            continue;
        }
        let local = due.to_zoned(digest.time_zone.clone()).strftime("%a %Y-%m-%d %H:%M %Z").to_string();
        let note = schedule.dst_note(&digest.time_zone, due).map(|note| format!("   {note}")).unwrap_or_default();
        print_line(format!("    {local}{note}"))?;
    }
    Ok(())
}
