//! `pullquote quote`: the quote of each review found in documents.

use std::{io::Write as _, process::ExitCode};

use crate::{
    model::{Quote, review::ReviewLine},
    quote,
};

/// Print the quote of each review found in files, folders or URLs
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, folders, URLs, or - for standard input
    #[arg(required = true, value_name = "PATH|URL|-")]
    pub inputs: Vec<String>,
    /// Print JSON Lines, one object a review
    #[arg(long)]
    pub json: bool,
    /// The longest quote, in characters
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub max_chars: usize,
}

/// The object that `--json` prints: that of `pullquote read`, and the choice.
#[derive(serde::Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    review: ReviewLine<'a>,
    withheld: usize,
    quote: Option<&'a Quote>,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (documents, mut failed) = super::read::documents(&args.inputs);
    let (reviews, unreadable) = super::read::reviews(&documents);
    failed |= unreadable;
    let mut out = std::io::stdout().lock();
    for review in &reviews {
        let choice = quote::choose(review, args.max_chars);
        if args.json {
            let line = Line { review: review.line(), withheld: choice.withheld, quote: choice.quote.as_ref() };
            writeln!(out, "{}", serde_json::to_string(&line)?)?;
        } else {
            let text = choice.quote.as_ref().map_or("(no sentence is safe to quote)", |q| q.text());
            writeln!(out, "{}: {text}", review.work.title.as_deref().unwrap_or("(no title)"))?;
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
