//! Measures how many of the chosen sentences a human gave as reasons for the verdict. For development: the
//! corpus is not part of the project, and nothing is trained on it.
//!
//! `cargo run --example measure_reasons [-v]` reads `reasons/reasons.jsonl` of `PULLQUOTE_CORPORA` (default
//! `../shared/corpora`), and says "skipped" where that is absent.

use pullquote::{
    model::{
        Body, Rating, Review, Score, Work, WorkKind,
        rating::{Confidence, RatingKind},
    },
    quote,
};

#[derive(serde::Deserialize)]
struct Row {
    label: String,
    sentences: Vec<String>,
    reason: Vec<bool>,
}

fn main() -> anyhow::Result<()> {
    let corpora = std::env::var("PULLQUOTE_CORPORA").unwrap_or_else(|_| "../shared/corpora".into());
    let Ok(text) = std::fs::read_to_string(format!("{corpora}/reasons/reasons.jsonl")) else {
        println!("skipped: {corpora}/reasons/reasons.jsonl is absent");
        return Ok(());
    };
    let verbose = std::env::args().any(|a| a == "-v");
    let (mut chosen, mut right, mut quoted, mut hit, mut rows) = (0, 0, 0, 0, 0);
    for line in text.lines() {
        let row: Row = serde_json::from_str(line)?;
        let (review, extents) = review(&row);
        rows += 1;
        let Some(found) = quote::choose(&review, 300).quote else { continue };
        quoted += 1;
        let of_quote: Vec<bool> = found
            .spans()
            .iter()
            .flat_map(|span| {
                extents.iter().zip(&row.reason).filter(|((from, to), _)| *from < span.end && span.start < *to)
            })
            .map(|(_, reason)| *reason)
            .collect();
        chosen += of_quote.len();
        right += of_quote.iter().filter(|r| **r).count();
        hit += usize::from(of_quote.contains(&true));
        if verbose {
            println!("{} {:?} {}", row.label, of_quote, found.text());
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    println!(
        "{quoted} quotes of {rows} reviews, {chosen} sentences; sentence precision {:.3}, any hit {:.3}",
        share(right, chosen),
        share(hit, rows)
    );
    Ok(())
}

/// The corpus is tokenised and in lower case: it is put back into something like print, and each sentence's
/// extent kept.
fn review(row: &Row) -> (Review, Vec<(usize, usize)>) {
    let mut body = String::new();
    let mut extents = Vec::new();
    for sentence in &row.sentences {
        if !body.is_empty() {
            body.push(' ');
        }
        let start = body.chars().count();
        body.push_str(&print(sentence));
        extents.push((start, body.chars().count()));
    }
    let mut review = Review::new("reasons", "0", Body::new(&body));
    review.work = Work { kind: Some(WorkKind::Film), ..Work::default() };
    review.language = Some("en".into());
    let score = if row.label == "POS" { 90.0 } else { 20.0 };
    review.rating = Score::new(score).ok().map(|score| Rating {
        printed: String::new(),
        score,
        kind: RatingKind::Binary,
        confidence: Confidence::High,
    });
    (review, extents)
}

fn print(sentence: &str) -> String {
    let mut text = sentence.to_owned();
    for (from, to) in [
        (" n't", "n't"),
        (" 's", "'s"),
        (" 're", "'re"),
        (" 've", "'ve"),
        (" 'm", "'m"),
        (" 'll", "'ll"),
        (" 'd", "'d"),
        (" .", "."),
        (" ,", ","),
        (" !", "!"),
        (" ?", "?"),
        (" ;", ";"),
        (" :", ":"),
        ("( ", "("),
        (" )", ")"),
        (" - ", "-"),
        (" i ", " I "),
    ] {
        text = text.replace(from, to);
    }
    let mut inside = false;
    let mut out = String::new();
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        if c == '"' {
            inside = !inside;
            if inside {
                out.push('"');
                chars.next_if_eq(&' ');
            } else {
                out.truncate(out.trim_end().len());
                out.push('"');
            }
        } else {
            out.push(c);
        }
    }
    let mut letters = out.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
