//! Film reviews whose sentences people marked as reasons for the verdict.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context as _;
use pullquote::model::{
    Body, Line, Rating, Review, Score, Work, WorkKind,
    rating::{Confidence, RatingKind},
};

/// A review as sentences.
pub struct Marked {
    pub id: String,
    pub praises: bool,
    /// Tokenised and in lower case, as the sets have them.
    pub sentences: Vec<String>,
    /// Whether anybody marked a stretch of the sentence as a reason.
    pub reasons: Vec<bool>,
}

#[derive(serde::Deserialize)]
struct Row {
    id: String,
    label: String,
    sentences: Vec<String>,
    reason: Vec<bool>,
}

/// Reads `reasons.jsonl`: each sentence with its mark.
pub fn read_reasons(path: &Path) -> anyhow::Result<Vec<Marked>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    text.lines()
        .map(|line| {
            let row: Row = serde_json::from_str(line)?;
            Ok(Marked { id: row.id, praises: row.label == "POS", sentences: row.sentences, reasons: row.reason })
        })
        .collect()
}

#[derive(serde::Deserialize)]
struct Annotation {
    annotation_id: String,
    classification: String,
    evidences: Vec<Vec<Evidence>>,
}

/// A marked stretch, in tokens of the whole document: in the test split the sentence numbers are not filled in.
#[derive(serde::Deserialize)]
struct Evidence {
    start_token: usize,
    end_token: usize,
}

/// Reads one split of ERASER "movies": `SPLIT.jsonl` beside `docs/`.
pub fn read_eraser(folder: &Path, split: &str) -> anyhow::Result<Vec<Marked>> {
    let path = folder.join(format!("{split}.jsonl"));
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    text.lines()
        .map(|line| {
            let row: Annotation = serde_json::from_str(line)?;
            let document = folder.join("docs").join(&row.annotation_id);
            let document = std::fs::read_to_string(&document).with_context(|| document.display().to_string())?;
            let sentences: Vec<String> = document.lines().filter(|l| !l.trim().is_empty()).map(String::from).collect();
            let reasons = marked_sentences(&sentences, row.evidences.iter().flatten());
            Ok(Marked { id: row.annotation_id, praises: row.classification == "POS", sentences, reasons })
        })
        .collect()
}

fn marked_sentences<'a>(sentences: &[String], evidences: impl Iterator<Item = &'a Evidence>) -> Vec<bool> {
    let mut starts = BTreeMap::new();
    let mut token = 0;
    for (at, sentence) in sentences.iter().enumerate() {
        starts.insert(token, at);
        token += sentence.split_whitespace().count();
    }
    let mut marked = vec![false; sentences.len()];
    for evidence in evidences {
        let first = starts.range(..=evidence.start_token).next_back().map_or(0, |(_, at)| *at);
        let last = starts.range(..evidence.end_token).next_back().map_or(first, |(_, at)| *at);
        marked[first..=last.max(first)].fill(true);
    }
    marked
}

impl Marked {
    /// The sets part some sentences (`walken aside` / `, there is n't a single …`): the review with such pieces joined,
    /// a whole marked where a piece is.
    pub fn joined(&self) -> Self {
        let mut joined =
            Self { id: self.id.clone(), praises: self.praises, sentences: Vec::new(), reasons: Vec::new() };
        for (sentence, reason) in self.sentences.iter().zip(&self.reasons) {
            let goes_on = sentence.starts_with([',', '.', ';', ')', '-']);
            match (joined.sentences.last_mut(), joined.reasons.last_mut()) {
                (Some(whole), Some(marked)) if goes_on || !is_over(whole) => {
                    *whole = format!("{whole} {sentence}");
                    *marked |= reason;
                }
                _ => {
                    joined.sentences.push(sentence.clone());
                    joined.reasons.push(*reason);
                }
            }
        }
        joined
    }

    /// The review in something like print, with the extent of each sentence in its body; with the rating that its
    /// label stands for, or without.
    pub fn review(&self, rated: bool) -> (Review, Vec<(usize, usize)>) {
        let mut body = String::new();
        let mut extents = Vec::new();
        for sentence in &self.sentences {
            if !body.is_empty() {
                body.push(' ');
            }
            let start = body.chars().count();
            body.push_str(&print(sentence));
            extents.push((start, body.chars().count()));
        }
        let mut review = Review::new("marked", &self.id, Body::new(&body));
        review.work = Work { kind: Some(WorkKind::Film), ..Work::default() };
        review.language = Some("en".into());
        if rated {
            let (printed, score) = if self.praises { ("👍", 90.0) } else { ("👎", 20.0) };
            review.rating = Line::new(printed).zip(Score::new(score).ok()).map(|(printed, score)| Rating {
                printed,
                score,
                kind: RatingKind::Binary,
                confidence: Confidence::High,
            });
        }
        (review, extents)
    }
}

/// Whether a piece ends as a sentence does.
fn is_over(piece: &str) -> bool {
    piece.trim_end().trim_end_matches(['"', '\'', ')', ' ']).ends_with(['.', '!', '?'])
}

/// A tokenised sentence as it may have been printed.
pub fn print(sentence: &str) -> String {
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
