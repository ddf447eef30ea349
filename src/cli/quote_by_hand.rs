//! `pullquote quote --sentences`, `--set`, `--reset`: the editor's hand on the quote of a known review.

use std::sync::Arc;

use serde::Serialize;

use super::{Outcome, done_unless, print_json, print_line};
use crate::{
    app::{
        App,
        quote::{self, Decider, Pick, Sentences},
    },
    model::Span,
    quote::KeptBack,
};

/// What is to be done, by whom.
#[derive(Debug)]
pub struct Order {
    pub what: What,
    pub decider: Decider,
    pub json: bool,
}

/// What is to be done with the quote of a review.
#[derive(Debug)]
pub enum What {
    /// List its sentences.
    List(String),
    /// Set these.
    Set(String, Vec<String>),
    /// Go back to the chosen ones.
    Reset(String),
}

/// A sentence as `--sentences --json` prints it.
#[derive(Serialize)]
struct Line<'a> {
    review: &'a str,
    number: usize,
    span: Span,
    text: &'a str,
    kept_back: Option<KeptBack>,
    quoted: bool,
}

pub async fn run(app: Arc<App>, order: Order) -> Outcome {
    match order.what {
        What::List(review) => list(&quote::sentences(&app, &review).await?, order.json)?,
        What::Set(review, words) => {
            let quote = quote::set(&app, &review, &Pick::parse(&words)?, order.decider).await?;
            print_line(format!("From now on quoted: “{}”", quote.text()))?;
        }
        What::Reset(review) => {
            let changed = quote::reset(&app, &review, order.decider).await?;
            print_line(if changed {
                "The chosen quote is back."
            } else {
                "No sentences were set; the chosen quote stays."
            })?;
        }
    }
    Ok(done_unless(false))
}

fn list(found: &Sentences, json: bool) -> anyhow::Result<()> {
    let review = &found.stored.review;
    let quoted = |span: Span| found.quote.as_ref().is_some_and(|quote| quote.spans().iter().any(|s| s.overlaps(span)));
    if !json {
        let title = review.work.title.as_deref().unwrap_or("(names no work)");
        print_line(format!("{}  {title}; a quote may have {} characters", review.id, found.limit))?;
    }
    for sentence in &found.sentences {
        if json {
            print_json(&Line {
                review: review.id.as_str(),
                number: sentence.number,
                span: sentence.span,
                text: &sentence.text,
                kept_back: sentence.kept_back,
                quoted: quoted(sentence.span),
            })?;
            continue;
        }
        let mark = if quoted(sentence.span) { "“" } else { " " };
        let place = format!("{}..{}", sentence.span.start, sentence.span.end);
        let why = sentence.kept_back.map(|why| format!("  [kept back: it {}]", why.explain())).unwrap_or_default();
        print_line(format!("{mark}{:>4}  {place:>11}  {}{why}", sentence.number, sentence.text))?;
    }
    if !json {
        print_line(match (&found.quote, found.set) {
            (Some(_), true) => "“ quoted: set by an editor",
            (Some(_), false) => "“ quoted: chosen",
            (None, _) => "Nothing is quoted: no sentence is safe and fit",
        })?;
    }
    Ok(())
}
