//! Trains the table of `src/quote/weights/praise.bin`: logistic regression over words, words under a negation and
//! pairs, praise against blame.
//!
//! `cargo run --release --example train_polarity [CORPORA] [OUT]` prints a ten-fold accuracy and writes the file.
//! CORPORA defaults to `PULLQUOTE_CORPORA`, then `../shared/corpora`. Learnt from: the sentence polarity set; the
//! sentences of those `movie_reviews` on which nothing is measured, where they sound like opinion, each with its
//! review's verdict and a fifth of the weight; and the opinion lexicon, each word a sentence of its own.

#[path = "train_subjectivity/training.rs"]
mod training;

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use pullquote::quote::{
    valence::{encode, features, negated, under_negation},
    weights::Weights,
    words::{Words, pair_key},
};
use training::{Measured, is_word};

/// Features seen less often tell nothing, unless the lexicon has them.
const MINIMUM: u32 = 3;
/// Weight of a sentence that has only its review's verdict.
const HEARSAY: f32 = 0.2;
/// From this leaning on, a sentence sounds like opinion rather than plot.
const OPINION: f32 = 0.2;
/// Passes over the data.
const PASSES: usize = 4;
const RATE: f32 = 0.15;
const DECAY: f32 = 1e-2;
/// Weights nearer to nothing than this are left out of the file.
const NEGLIGIBLE: f32 = 0.1;

/// A sentence to learn from.
struct Example {
    features: Vec<u32>,
    praise: bool,
    weight: f32,
    /// Which tenth holds it out; `None` where it is always learnt from.
    fold: Option<usize>,
}

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let default = std::env::var("PULLQUOTE_CORPORA").unwrap_or_else(|_| "../shared/corpora".into());
    let training = PathBuf::from(args.next().unwrap_or(default)).join("training");
    let out = args.next().unwrap_or_else(|| "src/quote/weights/praise.bin".into());

    let measured = Measured::read(&training)?;
    let mut examples = Vec::new();
    let mut lexicon = Vec::new();
    for (praise, polarity, reviews, words) in [
        (true, "rt-polarity.pos", "pos", "positive-words.txt"),
        (false, "rt-polarity.neg", "neg", "negative-words.txt"),
    ] {
        for (n, line) in lines(&training.join("sentence_polarity").join(polarity))?.iter().enumerate() {
            examples.push(Example { features: of(line), praise, weight: 1.0, fold: Some(n % 10) });
        }
        let unmeasured = files(&training.join("movie_reviews").join(reviews))?.into_iter();
        for path in unmeasured.filter(|path| !measured.has(reviews, path)) {
            for line in lines(&path)?.iter().filter(|line| is_opinion(line)) {
                examples.push(Example { features: of(line), praise, weight: HEARSAY, fold: None });
            }
        }
        for line in lines(&training.join("opinion_lexicon").join(words))?.iter().filter(|l| is_word(l)) {
            let words = Words::new(line);
            // A hyphenated word of the lexicon is a pair here.
            let feature = match words.keys() {
                [word] => {
                    let turned = Example { features: vec![negated(*word)], praise: !praise, weight: 0.5, fold: None };
                    examples.push(turned);
                    *word
                }
                [first, second] => pair_key(*first, *second),
                _ => continue,
            };
            lexicon.push(feature);
            examples.push(Example { features: vec![feature], praise, weight: 1.0, fold: None });
        }
    }
    println!("{} sentences", examples.len());
    let kept = kept(&examples, &lexicon);
    let (mut right, mut all) = (0, 0);
    for fold in 0..10 {
        let model = train(&examples, &kept, Some(fold));
        for example in examples.iter().filter(|example| example.fold == Some(fold)) {
            right += usize::from((model.sum(example, &kept) > 0.0) == example.praise);
            all += 1;
        }
    }
    println!("praise against blame: ten-fold accuracy {:.3} of {all}", right as f64 / f64::from(all));

    let model = train(&examples, &kept, None);
    let weights: BTreeMap<u32, f32> = kept
        .iter()
        .map(|(feature, at)| (*feature, model.weights[*at]))
        .filter(|(_, weight)| weight.abs() >= NEGLIGIBLE)
        .collect();
    let bytes = encode(&weights);
    std::fs::write(&out, &bytes).with_context(|| out.clone())?;
    println!("{out}: {} entries, {} bytes", weights.len(), bytes.len());
    Ok(())
}

fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(String::from_utf8_lossy(&bytes).lines().map(str::trim).filter(|l| !l.is_empty()).map(String::from).collect())
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    files.sort();
    Ok(files)
}

fn of(line: &str) -> Vec<u32> {
    let words = Words::new(line);
    features(&words, &under_negation(&words), 0..words.len())
}

fn is_opinion(line: &str) -> bool {
    let words = Words::new(line);
    words.len() >= 4 && Weights::shipped().read(&words).opinion / (3.0 + 0.7 * words.len() as f32) >= OPINION
}

/// The features that are learnt, each with its place.
fn kept(examples: &[Example], lexicon: &[u32]) -> HashMap<u32, usize> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for feature in examples.iter().flat_map(|example| &example.features) {
        *counts.entry(*feature).or_default() += 1;
    }
    for feature in lexicon {
        *counts.entry(*feature).or_default() += MINIMUM;
    }
    let often = counts.into_iter().filter(|(_, count)| *count >= MINIMUM);
    often.enumerate().map(|(at, (feature, _))| (feature, at)).collect()
}

struct Model {
    weights: Vec<f32>,
    /// The leaning of a sentence that says nothing; not part of the table, since a stretch may be a single word.
    bias: f32,
}

impl Model {
    fn sum(&self, example: &Example, kept: &HashMap<u32, usize>) -> f32 {
        self.bias + example.features.iter().filter_map(|f| kept.get(f)).map(|at| self.weights[*at]).sum::<f32>()
    }
}

/// AdaGrad on the logistic loss, in an order that is shuffled but always the same.
fn train(examples: &[Example], kept: &HashMap<u32, usize>, held: Option<usize>) -> Model {
    let mut model = Model { weights: vec![0.0; kept.len()], bias: 0.0 };
    let mut steps = vec![1e-6_f32; kept.len() + 1];
    let mut order: Vec<&Example> = examples.iter().filter(|e| held.is_none() || e.fold != held).collect();
    let mut state = 1_u64;
    for _ in 0..PASSES {
        for at in (1..order.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            order.swap(at, (state % (at as u64 + 1)) as usize);
        }
        for example in &order {
            let chance = 1.0 / (1.0 + (-model.sum(example, kept)).exp());
            let error = (chance - f32::from(u8::from(example.praise))) * example.weight;
            for at in example.features.iter().filter_map(|f| kept.get(f)).copied() {
                let slope = error + DECAY * model.weights[at];
                steps[at] += slope * slope;
                model.weights[at] -= RATE * slope / steps[at].sqrt();
            }
            steps[kept.len()] += error * error;
            model.bias -= 0.02 * error / steps[kept.len()].sqrt();
        }
    }
    model
}
