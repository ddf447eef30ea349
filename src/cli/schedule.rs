//! `pullquote schedule`: the next runs, which need no database; with `--past` what became of the last ones.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;
use serde::Serialize;

use super::{Logging, Outcome, done_unless, load_settings, print_json, print_line};
use crate::{
    app::{
        App, AppError,
        slots::{self, Fate, PastSlot},
    },
    clock::Clock,
    model::{Digest, digest::Missed, problem::nearest},
    render::text::day_stamp,
    settings,
};

/// List the next runs, each in its digest's own zone, or what became of the last ones
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote schedule
  pullquote schedule friday --count 20
  pullquote schedule friday --from 2027-03-01T00:00:00Z --json
  pullquote schedule friday --past 10
  pullquote schedule --past 100 --json | jq 'select(.rule != null)'")]
pub struct Args {
    /// Only those of this digest
    digest: Option<String>,
    /// From this time on (RFC 3339); now where absent
    #[arg(long, value_name = "T")]
    from: Option<Timestamp>,
    /// How many runs of each digest
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,
    /// Instead what became of the last N runs, the newest first: on time, late, made up for, skipped, too little news
    #[arg(long, value_name = "N", conflicts_with_all = ["from", "count"], value_parser = clap::value_parser!(u32).range(1..=10_000))]
    past: Option<u32>,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

/// What is asked of the past.
pub struct PastArgs {
    digest: Option<String>,
    count: u32,
    json: bool,
}

impl Args {
    /// What is asked of the past, where it is.
    pub fn past(&self) -> Option<PastArgs> {
        self.past.map(|count| PastArgs { digest: self.digest.clone(), count, json: self.json })
    }
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
    let zone = zone_name(digest);
    if !args.json {
        print_line(format!("{}: {} ({zone})", digest.name, schedule.describe()))?;
    }
    for due in schedule.upcoming(&digest.time_zone, from, args.count as usize) {
        let at = with_offset(digest, due);
        if args.json {
            print_json(&Line { digest: digest.name.as_str(), at, time_zone: zone })?;
            continue;
        }
        let local = day_stamp(due, &digest.time_zone);
        let note = schedule.dst_note(&digest.time_zone, due).map(|note| format!("   {note}")).unwrap_or_default();
        print_line(format!("    {local}{note}"))?;
    }
    Ok(())
}

fn zone_name(digest: &Digest) -> &str {
    digest.time_zone.iana_name().unwrap_or("UTC")
}

fn with_offset(digest: &Digest, at: Timestamp) -> String {
    at.display_with_offset(digest.time_zone.to_offset(at)).to_string()
}

#[derive(Serialize)]
struct PastLine<'a> {
    digest: &'a str,
    at: String,
    time_zone: &'a str,
    outcome: &'static str,
    on_time: bool,
    late_seconds: i64,
    rule: Option<Missed>,
    number: Option<u32>,
    left_to: Option<String>,
    found: Option<usize>,
    minimum: Option<usize>,
}

pub async fn past(app: Arc<App>, args: PastArgs) -> Outcome {
    let digests = match &args.digest {
        Some(name) => vec![app.digest(name)?],
        None => app.digests(),
    };
    for digest in digests.iter().filter(|digest| digest.schedule.is_some() || args.digest.is_some()) {
        let slots = slots::past(&app, digest, args.count as usize).await?;
        if !args.json {
            let rhythm = digest.schedule.as_ref().map_or("sent by hand only".to_owned(), |rule| rule.describe());
            print_line(format!("{}: {rhythm} ({})", digest.name, zone_name(digest)))?;
        }
        if slots.is_empty() && !args.json {
            print_line("    no run has been due yet")?;
        }
        for slot in &slots {
            if args.json {
                print_json(&past_line(digest, slot))?;
            } else {
                print_line(format!("    {}   {}", day_stamp(slot.due_at, &digest.time_zone), slot.words(digest)))?;
            }
        }
    }
    Ok(done_unless(false))
}

fn past_line<'a>(digest: &'a Digest, slot: &PastSlot) -> PastLine<'a> {
    let (found, minimum) = match slot.fate {
        Fate::TooFew { found, minimum } => (found, minimum),
        _ => (None, None),
    };
    PastLine {
        digest: digest.name.as_str(),
        at: with_offset(digest, slot.due_at),
        time_zone: zone_name(digest),
        outcome: slot.fate.as_str(),
        on_time: slot.was_on_time(),
        late_seconds: slot.late.as_secs(),
        rule: slot.rule,
        number: if let Fate::Issue { number } = slot.fate { number } else { None },
        left_to: if let Fate::Merged { into } = slot.fate { into.map(|at| with_offset(digest, at)) } else { None },
        found,
        minimum,
    }
}
