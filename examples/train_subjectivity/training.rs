//! What both trainers ask of the training data: which reviews of `movie_reviews` quotes are measured on, so that nothing
//! is learnt from them, and which lines of the lexicon are words.

use std::{collections::HashSet, path::Path};

use anyhow::Context as _;

/// The reviews that a measurement uses: those of `reasons/reasons.jsonl`, and those numbered from 900 on, which are
/// ERASER's test split.
pub struct Measured(HashSet<String>);

#[derive(serde::Deserialize)]
struct Row {
    id: String,
}

impl Measured {
    /// Reads the list that lies beside the training data.
    pub fn read(training: &Path) -> anyhow::Result<Self> {
        let path = training.with_file_name("reasons").join("reasons.jsonl");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let ids = text.lines().map(|line| Ok(serde_json::from_str::<Row>(line)?.id));
        Ok(Self(ids.collect::<Result<_, serde_json::Error>>()?))
    }

    /// Whether a file of `movie_reviews/pos` or `neg` is among them: `cv123_4567.txt` here is `negR_123.txt` there.
    pub fn has(&self, folder: &str, file: &Path) -> bool {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let number = name.trim_start_matches("cv").split('_').next().unwrap_or_default();
        number.starts_with('9') || self.0.contains(&format!("{folder}R_{number}.txt"))
    }
}

/// Whether a line of the lexicon is a word: not a remark, and not `a+`, which would be read as "a".
pub fn is_word(line: &str) -> bool {
    line.chars().all(|c| c.is_alphabetic() || "-'".contains(c))
}
