//! Mechanical faults: what a program can see of a quote. Taste is for a reader.

use std::collections::BTreeMap;

use pullquote::{
    model::{Review, Span},
    quote,
    read::{self, Document},
};
use regex::Regex;

use super::{Folders, files_below};

const LIMIT: usize = 300;
/// A quote shorter than this says nothing.
const SHORTEST: usize = 40;

struct Patterns {
    dangling: Regex,
    remains: Regex,
    mark: Regex,
    denied: Regex,
    ended: Regex,
    omission: Regex,
}

pub fn measure(folders: &Folders) -> anyhow::Result<()> {
    let places = [folders.corpora.join("reviews"), folders.corpora.with_file_name("seeds")];
    let patterns = Patterns {
        dangling: Regex::new(
            r"(?i)^(but|and|so|also|however|this|these|those|it|he|she|they|his|her own|their|which|who|because|then|there|here|or|yet|thus|hence|secondly|lastly|finally|furthermore|moreover)\b",
        )?,
        remains: Regex::new(
            r"(?i)https?://|leave a reply|fill in your details|click an icon|log ?out|posted (on|by)|share this|comments? on|directed by:|starring:|genre:|read more",
        )?,
        mark: Regex::new(r"(?i)spoiler(s)?( alert| warning|s ahead| below)")?,
        denied: Regex::new(r"(?i)(no|free of|without|avoid)\s*$")?,
        ended: Regex::new(r#"[.!?…。！？]["'”’)\]]*$"#)?,
        omission: Regex::new(r"\s*\[(…|\.\.\.)\]\s*")?,
    };
    let (mut reviews, mut quotes, mut withheld) = (0, 0, 0);
    let mut faults: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for place in places {
        if !place.is_dir() {
            println!("skipped: {} is absent", place.display());
            continue;
        }
        for file in files_below(&place)?.into_iter().filter(|f| f.extension().is_some_and(|e| e != "jsonl")) {
            let source = file.display().to_string();
            let document =
                Document { source: source.clone(), url: None, content_type: None, bytes: std::fs::read(&file)? };
            let Ok(reading) = read::read(&document) else { continue };
            for review in &reading.reviews {
                reviews += 1;
                let choice = quote::choose(review, LIMIT);
                withheld += choice.withheld;
                let Some(quote) = choice.quote else { continue };
                quotes += 1;
                for fault in faults_of(review, quote.text(), quote.spans(), &patterns) {
                    faults.entry(fault).or_default().push(format!("{source}: {}", quote.text()));
                }
            }
        }
    }
    for (fault, where_) in &faults {
        println!("{fault}: {}", where_.len());
        where_.iter().take(5).for_each(|place| println!("  {place}"));
    }
    let count: usize = faults.values().map(Vec::len).sum();
    println!("{quotes} quotes from {reviews} reviews, {withheld} sentences kept back as spoilers; {count} faults");
    Ok(())
}

fn faults_of(review: &Review, text: &str, spans: &[Span], patterns: &Patterns) -> Vec<&'static str> {
    let body = review.body.as_str();
    let pieces: Vec<&str> = spans.iter().filter_map(|span| review.body.slice(*span)).collect();
    let squash = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars = text.chars().count();
    let mut found = Vec::new();
    if squash(&pieces.join(" ")) != squash(&patterns.omission.replace_all(text, " ")) {
        found.push("not verbatim");
    }
    if spans.iter().any(|s| s.is_empty() || s.end > review.body.len()) || !spans.is_sorted_by_key(|s| s.start) {
        found.push("spans out of order");
    }
    if chars > LIMIT {
        found.push("too long");
    }
    if chars < SHORTEST {
        found.push("too short");
    }
    let ends_well = |piece: &str| patterns.ended.is_match(piece.trim()) || body.trim_end().ends_with(piece.trim());
    if !pieces.iter().copied().all(ends_well) {
        found.push("ends mid-sentence");
    }
    if patterns.dangling.is_match(text.trim()) {
        found.push("dangling opening");
    }
    if patterns.remains.is_match(text) {
        found.push("remains of a page");
    }
    if let Some(mark) = patterns.mark.find(body)
        && !patterns.denied.is_match(&body[..mark.start()])
    {
        let at = body[..mark.start()].chars().count();
        if spans.iter().any(|span| span.end > at) {
            found.push("at or after a spoiler mark");
        }
    }
    found
}
