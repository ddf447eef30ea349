//! `pullquote read`: the reviews found in documents.

use std::path::PathBuf;

use super::{Logging, Outcome, done_unless, load_settings, print_json, print_line};
use crate::{
    app::read::{Loaded, Reader},
    model::{Line, Review},
    read,
};

/// Print the reviews found in files, folders, pages or feeds
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote read her.txt
  pullquote read --json reviews/ | jq .work.title
  pullquote read --entries --json https://example.org/feed.xml
  curl -s https://example.org/her.html | pullquote read -")]
pub struct Args {
    #[command(flatten)]
    pub inputs: Inputs,
    /// Print a feed's entries, before they are judged as reviews
    #[arg(long)]
    entries: bool,
}

/// What is read, and how it is printed.
#[derive(Debug, clap::Args)]
pub struct Inputs {
    /// Files, folders, URLs, or - for standard input
    #[arg(required = true, value_name = "PATH|URL|-")]
    pub inputs: Vec<String>,
    /// Print JSON Lines, one object a review
    #[arg(long)]
    pub json: bool,
}

pub async fn run(config: Option<PathBuf>, args: Args) -> Outcome {
    let loaded = load(config, &args.inputs).await?;
    if args.entries {
        return entries(&loaded, args.inputs.json);
    }
    let (reviews, failed) = reviews(&loaded);
    for review in &reviews {
        if args.inputs.json { print_json(&review.line())? } else { print_line(in_words(review))? }
    }
    Ok(done_unless(failed))
}

/// Loads what the arguments name; says on stderr what could not be had.
pub async fn load(config: Option<PathBuf>, inputs: &Inputs) -> anyhow::Result<Loaded> {
    let needs_network = inputs.inputs.iter().any(|input| crate::app::read::is_url(input));
    let reader =
        if needs_network { Reader::with_network(&load_settings(config, Logging::Quiet)?)? } else { Reader::offline() };
    let loaded = reader.load(&inputs.inputs).await;
    for problem in &loaded.problems {
        eprintln!("pullquote: {problem}");
    }
    Ok(loaded)
}

/// Reads all documents and says on stderr what is worth knowing; whether something failed.
pub fn reviews(loaded: &Loaded) -> (Vec<Review>, bool) {
    let read = crate::app::read::read_all(&loaded.documents);
    for note in loaded.notes.iter().chain(&read.notes) {
        eprintln!("{note}");
    }
    for problem in &read.problems {
        eprintln!("pullquote: {problem}");
    }
    (read.reviews, !loaded.problems.is_empty() || !read.problems.is_empty())
}

fn entries(loaded: &Loaded, json: bool) -> Outcome {
    let mut failed = !loaded.problems.is_empty();
    for document in loaded.documents.iter().filter_map(|parts| parts.first()) {
        match read::entries(document) {
            Ok(entries) => {
                for entry in entries {
                    if json {
                        print_json(&entry)?;
                    } else {
                        let published = entry.published.map(|p| p.to_string()).unwrap_or_default();
                        let title = entry.title.as_deref().unwrap_or("(no title)");
                        print_line(format!("{published:25}  {title}  {}", entry.link.as_deref().unwrap_or("")))?;
                    }
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

/// Names in a row.
fn listed(names: &[Line]) -> String {
    names.iter().map(Line::as_str).collect::<Vec<_>>().join(", ")
}

/// A review in a few lines for a person.
fn in_words(review: &Review) -> String {
    let work = &review.work;
    let title = work.title.as_deref().unwrap_or("(names no work)");
    let year = work.year.map(|year| format!(" ({year})")).unwrap_or_default();
    let creators = if work.creators.is_empty() { String::new() } else { format!(" by {}", listed(&work.creators)) };
    let mut facts = vec![review.reviewer.as_deref().unwrap_or("unknown reviewer").to_owned()];
    facts.extend(review.published.map(|published| published.to_string()));
    facts.extend(review.rating.as_ref().map(|r| format!("{} (= {} of 100)", r.printed, r.score.value())));
    facts.extend(review.language.clone());
    let details = &review.details;
    facts.extend(details.consumed.map(|day| format!("on {day}")));
    let said = [(details.liked, "liked"), (details.again, "again"), (Some(details.truncated), "beginning only")];
    facts.extend(said.iter().filter(|(said, _)| *said == Some(true)).map(|(_, word)| (*word).to_owned()));
    facts.extend(work.ids.iter().map(ToString::to_string));
    if review.spoilers {
        facts.push("marked as spoiling".to_owned());
    }
    let words = review.body.as_str().split_whitespace().count();
    format!("{title}{year}{creators}\n    {}\n    {words} words, {}", facts.join(", "), review.source)
}
