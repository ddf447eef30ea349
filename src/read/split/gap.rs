//! The words at a gap between two sentences, and how they speak for a new review.
//!
//! The table was trained by `examples/train_voices.rs` on the whole reviews of `movie_reviews` (Pang and Lee 2004,
//! as given by NLTK under CC BY 4.0): ends of reviews beside beginnings of others, against the gaps within reviews.
//! Only what at least [`COMMON`] gaps hold has a weight, since names and subjects do not carry over to other texts.

use std::{collections::HashMap, sync::LazyLock};

/// In so many gaps of the training set a feature must occur to be given a weight.
pub const COMMON: u32 = 100;

/// The log likelihood ratio that a review ends with `left` and another begins with `right`, by their words.
pub fn evidence(left: &str, right: &str) -> f64 {
    static WEIGHTS: LazyLock<HashMap<&str, f64>> = LazyLock::new(|| {
        let lines = include_str!("weights/gaps.tsv").lines();
        lines
            .filter_map(|line| line.rsplit_once('\t'))
            .filter_map(|(name, weight)| Some((name, weight.parse().ok()?)))
            .collect()
    });
    features(left, right).iter().filter_map(|feature| WEIGHTS.get(feature.as_str())).sum()
}

/// The features of a gap: words and pairs of the sentence after it and of the one before it.
pub fn features(left: &str, right: &str) -> Vec<String> {
    const NEAR: usize = 25;
    let (left, right) = (tokens(left), tokens(right));
    let left = &left[left.len().saturating_sub(NEAR)..];
    let right = &right[..right.len().min(NEAR)];
    let mut out = Vec::with_capacity(120);
    for (side, words) in [("L", left), ("R", right)] {
        for (at, word) in words.iter().enumerate() {
            out.push(format!("{side} {word}"));
            if at > 0 {
                out.push(format!("{side} {} {word}", words[at - 1]));
            }
        }
    }
    for n in 1..=3 {
        out.push(format!("^ {}", right[..right.len().min(n)].join(" ")));
        out.push(format!("$ {}", left[left.len().saturating_sub(n)..].join(" ")));
    }
    out.push(format!("L# {}", (left.len() / 6).min(4)));
    out.push(format!("R# {}", (right.len() / 6).min(4)));
    out.sort_unstable();
    out.dedup();
    out
}

/// Words in lower case, numbers as `#`, and the signs that close or part.
fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        let c = if c == '’' { '\'' } else { c };
        if c.is_alphanumeric() || c == '\'' && !word.is_empty() {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            let whole = word.trim_end_matches('\'');
            out.push(if whole.starts_with(|c: char| c.is_ascii_digit()) { "#".into() } else { whole.to_owned() });
            word.clear();
        }
        if ".!?,:;()\"/".contains(c) {
            out.push(c.to_string());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_sum_up_then_set_out_weigh_more_than_words_that_go_on() {
        let parts = evidence("Overall I recommend it.", "This film is one of the best of the year.");
        let goes_on = evidence("He opens the window.", "But she does not see him there.");
        assert!(parts > goes_on + 2.0, "{parts} {goes_on}");
        assert_eq!(tokens("He'd say 9/10."), ["he'd", "say", "#", "/", "#", "."]);
    }
}
