//! `pullquote reviews`, `feature`, `unfeature`: what is known, and stars.

use std::sync::Arc;

use super::{Outcome, done_unless, print_json, print_line};
use crate::{
    app::{App, feature},
    store::reviews,
};

/// List the reviews that are known, newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote reviews friday
  pullquote reviews --limit 200 --json | jq -r 'select(.rating.score >= 90) | .id'")]
pub struct Args {
    /// Only those that came to this digest
    digest: Option<String>,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..))]
    limit: i64,
    /// Print JSON Lines, as `pullquote read --json` does
    #[arg(long)]
    json: bool,
}

/// Star a review, or take the star away: a star makes it eligible once more, whatever its age
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote feature 3f2a9c0d11e4b7a8
  pullquote unfeature https://example.org/reviews/her")]
pub struct StarArgs {
    /// Reviews, each by id, URL or path
    #[arg(required = true, value_name = "REVIEW|URL")]
    reviews: Vec<String>,
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    let digest = args.digest.as_deref().map(|name| app.digest(name)).transpose()?;
    let listed = reviews::newest(&app.db, digest.as_ref().map(|d| d.name.as_str()), args.limit).await?;
    for stored in &listed {
        let review = &stored.review;
        if args.json {
            print_json(&review.line())?;
            continue;
        }
        let star = if stored.featured.is_some() { "★" } else { " " };
        let title = review.work.title.as_deref().unwrap_or("(names no work)");
        let reviewer = review.reviewer.as_deref().unwrap_or("unknown reviewer");
        let rating = review.rating.as_ref().map(|rating| format!(", {}", rating.printed)).unwrap_or_default();
        let place = review.url.as_deref().unwrap_or(&review.source);
        let seen = stored.first_seen_at.strftime("%Y-%m-%d");
        print_line(format!("{star} {}  {seen}  {title} — {reviewer}{rating}  {place}", review.id))?;
    }
    if listed.is_empty() && !args.json {
        eprintln!("No review is known yet; `pullquote collect` fetches the sources.");
    }
    Ok(done_unless(false))
}

pub async fn star(app: Arc<App>, args: StarArgs, starred: bool) -> Outcome {
    let mut failed = false;
    for name in &args.reviews {
        match feature::feature(&app, name, starred).await {
            Ok(ids) => {
                for id in ids {
                    print_line(format!("{id} {}", if starred { "is featured" } else { "is not featured any more" }))?;
                }
            }
            Err(error) => {
                eprintln!("pullquote: {error}");
                failed = true;
            }
        }
    }
    Ok(done_unless(failed))
}
