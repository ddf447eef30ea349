//! `pullquote why`: what was decided on a review, by which rule.

use std::sync::Arc;

use super::{Outcome, done_unless, print_line};
use crate::app::{App, why};

/// Tell what was decided on a review, and by which rule
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote why 3f2a9c0d11e4b7a8
  pullquote why https://example.org/reviews/her")]
pub struct Args {
    /// The review's id, URL or path
    #[arg(value_name = "REVIEW|URL")]
    review: String,
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    for answer in why::why(&app, &args.review).await? {
        let review = &answer.stored.review;
        let title = review.work.title.as_deref().unwrap_or("(names no work)");
        let reviewer = review.reviewer.as_deref().unwrap_or("unknown reviewer");
        print_line(format!("{}  {title}, by {reviewer}, from {}", review.id, review.source))?;
        for line in &answer.lines {
            print_line(format!("    {line}"))?;
        }
    }
    Ok(done_unless(false))
}
