//! Trains the table of `src/quote/weights/opinion.bin`: over words and pairs of words, Naive Bayes once for opinion
//! against plot and once for praise against blame in a sentence, logistic regression for reviews that praise
//! against reviews that blame, with Hu and Liu's lexicon beside it.
//!
//! The reviews that quotes are measured on (`reasons/reasons.jsonl`, and those numbered from 900 on, which are
//! ERASER's test split) are left out of training.
//!
//! `cargo run --example train_subjectivity [CORPORA] [OUT]` prints ten-fold accuracies and writes the file.
//! CORPORA defaults to `PULLQUOTE_CORPORA`, then `../shared/corpora`.

mod favour;
mod training;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use pullquote::quote::{
    weights::{Entry, encode},
    words::{Words, key, pair_key},
};
use training::is_word;

/// Words and pairs seen less often tell nothing.
const MINIMUM: f32 = 3.0;
/// Weights nearer to nothing than this are left out of the file.
const NEGLIGIBLE: f32 = 0.25;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let default = std::env::var("PULLQUOTE_CORPORA").unwrap_or_else(|_| "../shared/corpora".into());
    let training = PathBuf::from(args.next().unwrap_or(default)).join("training");
    let out = args.next().unwrap_or_else(|| "src/quote/weights/opinion.bin".into());

    let opinion = lines(&training.join("subjectivity/quote.tok.gt9.5000"))?;
    let plot = lines(&training.join("subjectivity/plot.tok.gt9.5000"))?;
    let praise = lines(&training.join("sentence_polarity/rt-polarity.pos"))?;
    let blame = lines(&training.join("sentence_polarity/rt-polarity.neg"))?;
    // What critics were quoted with is opinion, whichever way it goes.
    let opinion: Vec<String> = opinion.into_iter().chain(praise.iter().cloned()).chain(blame.iter().cloned()).collect();
    println!("opinion against plot: ten-fold accuracy {:.3}", ten_fold(&opinion, &plot));
    println!("praise against blame: ten-fold accuracy {:.3}", ten_fold(&praise, &blame));

    let mut table: BTreeMap<u32, Entry> = BTreeMap::new();
    for (key, weight) in train(&opinion, &plot) {
        table.entry(key).or_default().opinion = weight;
    }
    for (key, weight) in train(&praise, &blame) {
        table.entry(key).or_default().praise = weight;
    }
    let reviews = favour::reviews(&training)?;
    println!("favour, {} reviews: five-fold accuracy {:.3}", reviews.len(), favour::five_fold(&reviews));
    for (key, weight) in favour::train(&reviews).weights {
        table.entry(key).or_default().favour = weight;
    }
    table
        .retain(|_, entry| [entry.opinion, entry.praise, entry.favour].iter().any(|weight| weight.abs() >= NEGLIGIBLE));
    for (name, sign) in [("positive-words.txt", 1), ("negative-words.txt", -1)] {
        // A hyphenated word of the lexicon is a pair here.
        for line in lines(&training.join("opinion_lexicon").join(name))?.iter().filter(|l| is_word(l)) {
            let words: Vec<u32> = Words::new(line).iter().map(key).collect();
            let key = match words[..] {
                [word] => word,
                [first, second] => pair_key(first, second),
                _ => continue,
            };
            table.entry(key).or_default().lexicon = sign;
        }
    }
    let bytes = encode(&table);
    std::fs::write(&out, &bytes).with_context(|| out.clone())?;
    println!("{out}: {} entries, {} bytes", table.len(), bytes.len());
    Ok(())
}

fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(String::from_utf8_lossy(&bytes).lines().map(str::trim).filter(|l| !l.is_empty()).map(String::from).collect())
}

/// The keys of a line's words and pairs.
fn features(line: &str) -> Vec<u32> {
    let words: Vec<u32> = Words::new(line).iter().map(key).collect();
    let pairs = words.windows(2).map(|pair| pair_key(pair[0], pair[1]));
    words.iter().copied().chain(pairs).collect()
}

/// Log odds of each feature: the share of lines of the first set that hold it, against the second's.
fn train(first: &[String], second: &[String]) -> HashMap<u32, f32> {
    let mut counts: HashMap<u32, [f32; 2]> = HashMap::new();
    for (class, set) in [first, second].into_iter().enumerate() {
        for line in set {
            for key in features(line).into_iter().collect::<HashSet<_>>() {
                counts.entry(key).or_default()[class] += 1.0;
            }
        }
    }
    // What one set never says weighs the same whichever set is larger.
    let doubt = 0.5 / first.len().min(second.len()) as f32;
    let share = |count: f32, of: usize| count / of as f32 + doubt;
    counts
        .into_iter()
        .filter(|(_, [a, b])| a + b >= MINIMUM)
        .map(|(key, [a, b])| (key, (share(a, first.len()) / share(b, second.len())).ln()))
        .collect()
}

fn ten_fold(first: &[String], second: &[String]) -> f64 {
    let part = |set: &[String], fold: usize, held: bool| -> Vec<String> {
        set.iter().enumerate().filter(|(i, _)| (i % 10 == fold) == held).map(|(_, l)| l.clone()).collect()
    };
    let mut right = 0;
    for fold in 0..10 {
        let weights = train(&part(first, fold, false), &part(second, fold, false));
        let score = |line: &String| features(line).iter().filter_map(|k| weights.get(k)).sum::<f32>();
        right += part(first, fold, true).iter().filter(|l| score(l) > 0.0).count();
        right += part(second, fold, true).iter().filter(|l| score(l) <= 0.0).count();
    }
    right as f64 / (first.len() + second.len()) as f64
}
