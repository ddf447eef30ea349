//! `pullquote quote`: the quote of each review found in documents.

use std::path::PathBuf;

use serde::Serialize;

use super::{Outcome, done_unless, print_json, print_line, read::Inputs};
use crate::{
    model::{Quote, review::ReviewLine},
    quote,
};

/// Print the quote of each review found in files, folders, pages or feeds
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote quote her.txt
  pullquote quote --max-chars 160 reviews/
  pullquote quote --json https://example.org/feed.xml | jq -r .quote.text")]
pub struct Args {
    #[command(flatten)]
    inputs: Inputs,
    /// The longest quote, in characters
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(40..=2000))]
    max_chars: u32,
}

/// A review with its quote, as the contract prints it.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    review: ReviewLine<'a>,
    withheld: usize,
    quote: Option<&'a Quote>,
}

pub async fn run(config: Option<PathBuf>, args: Args) -> Outcome {
    let loaded = super::read::load(config, &args.inputs).await?;
    let (reviews, failed) = super::read::reviews(&loaded);
    for review in &reviews {
        let choice = quote::choose(review, args.max_chars as usize);
        if args.inputs.json {
            print_json(&Line { review: review.line(), withheld: choice.withheld, quote: choice.quote.as_ref() })?;
            continue;
        }
        let title = review.work.title.as_deref().unwrap_or("(names no work)");
        let reviewer = review.reviewer.as_deref().unwrap_or("unknown reviewer");
        print_line(format!("{title} — {reviewer}"))?;
        print_line(match &choice.quote {
            Some(quote) => format!("    “{}”", quote.text()),
            None => "    (no sentence is safe and fit to quote)".to_owned(),
        })?;
        if choice.withheld > 0 {
            print_line(format!("    {} sentences kept back as spoilers", choice.withheld))?;
        }
    }
    Ok(done_unless(failed))
}
