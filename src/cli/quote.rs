//! `pullquote quote`: the quote of each review found in documents.

use std::path::PathBuf;

use serde::Serialize;

use super::{
    Outcome, done_unless, print_json, print_line,
    quote_by_hand::{Order, What},
    read::Inputs,
};
use crate::{
    app::quote::Decider,
    model::{Quote, review::ReviewLine},
    quote,
    render::text,
};

/// Print the quote of each review found in files, folders, pages or feeds; or choose a known review's sentences by hand
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote quote her.txt
  pullquote quote --max-chars 160 reviews/
  pullquote quote --json https://example.org/feed.xml | jq -r .quote.text

An editor's choice, for a review that `pullquote reviews` lists (by id, URL or path):
  pullquote quote --sentences 3f2a9c0d11e4b7a8              its sentences, numbered
  pullquote quote --set 3f2a9c0d11e4b7a8 3,5                quote these from now on
  pullquote quote --set 3f2a9c0d11e4b7a8 12..45 60..80      the same by place in the body
  pullquote quote --set 3f2a9c0d11e4b7a8 9 --spoilers-allowed --reason \"the twist is in the trailer\"
  pullquote quote --reset 3f2a9c0d11e4b7a8                  back to the chosen quote
Issues that are out stay as they are; `pullquote why` shows every such decision.")]
pub struct Args {
    /// Files, folders, URLs, or - for standard input
    #[arg(required_unless_present_any = ["sentences", "set", "reset"], value_name = "PATH|URL|-")]
    inputs: Vec<String>,
    /// Print JSON Lines, one object a review (with --sentences: a sentence)
    #[arg(long)]
    json: bool,
    /// The longest quote, in characters
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(40..=2000))]
    max_chars: u32,
    #[command(flatten)]
    hand: Hand,
}

/// The editor's part of the arguments.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "By hand")]
pub struct Hand {
    /// List the sentences of a known review, with their numbers and places
    #[arg(long, value_name = "REVIEW|URL", conflicts_with_all = ["inputs", "set", "reset"])]
    sentences: Option<String>,
    /// Quote these sentences of a known review from now on: numbers (3,5 or 3-5), places (12..45) or spans ([[12,45]])
    #[arg(long, num_args = 2.., value_names = ["REVIEW|URL", "SPANS"], conflicts_with_all = ["inputs", "reset"])]
    set: Option<Vec<String>>,
    /// Go back to the chosen quote of a known review
    #[arg(long, value_name = "REVIEW|URL", conflicts_with = "inputs")]
    reset: Option<String>,
    /// Overrule the spoiler gate for the quote that is set; takes a reason
    #[arg(long, requires = "set", requires = "reason")]
    spoilers_allowed: bool,
    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who decides, for the record; usually the name of whoever is logged in
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// A review with its quote, as the contract prints it.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    review: ReviewLine<'a>,
    withheld: usize,
    quote: Option<&'a Quote>,
}

impl Args {
    /// What an editor asks for, where that is what is asked for.
    pub fn by_hand(&self) -> Option<Order> {
        let hand = &self.hand;
        let what = match (&hand.sentences, &hand.set, &hand.reset) {
            (Some(review), ..) => What::List(review.clone()),
            (None, Some(words), _) => {
                let (review, spans) = words.split_first()?;
                What::Set(review.clone(), spans.to_vec())
            }
            (None, None, Some(review)) => What::Reset(review.clone()),
            (None, None, None) => return None,
        };
        let user = std::env::var("USER").ok();
        let by = match hand.by.as_deref().or(user.as_deref()).map(str::trim) {
            Some(name) if !name.is_empty() => format!("{name} (command line)"),
            _ => "the command line".to_owned(),
        };
        let reason = hand.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
        let decider = Decider { by, reason, spoilers_allowed: hand.spoilers_allowed };
        Some(Order { what, decider, json: self.json })
    }
}

pub async fn run(config: Option<PathBuf>, args: Args) -> Outcome {
    let inputs = Inputs { inputs: args.inputs, json: args.json };
    let loaded = super::read::load(config, &inputs).await?;
    let (reviews, failed) = super::read::reviews(&loaded);
    for review in &reviews {
        let choice = quote::choose(review, args.max_chars as usize);
        if args.json {
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
            let withheld = text::tally(choice.withheld as u64, "sentence", "sentences");
            print_line(format!("    {withheld} kept back as spoilers"))?;
        }
    }
    Ok(done_unless(failed))
}
