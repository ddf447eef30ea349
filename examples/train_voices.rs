//! Trains the table of words at the gaps between reviews, `src/read/split/weights/gaps.tsv`.
//!
//! `cargo run --release --example train_voices -- corpora/training/movie_reviews > src/read/split/weights/gaps.tsv`
//!
//! The set is `movie_reviews` (Pang and Lee 2004, as given by NLTK under CC BY 4.0): 2,000 whole reviews, one
//! sentence a line. The end of each review beside the beginning of another is a boundary, every gap within a
//! review is none. Logistic regression by AdaGrad, features that fewer than `COMMON` gaps hold left out.

use std::{collections::HashMap, error::Error, fs, path::Path};

use pullquote::read::split::gap::{COMMON, features};

/// The penalty on large weights, and below which a weight is not worth its line.
const PENALTY: f32 = 0.016;
const LEAST: f32 = 0.12;
const ROUNDS: usize = 8;
/// How many other reviews' ends are put before each beginning.
const PAIRS: usize = 4;

struct Gap {
    features: Vec<String>,
    boundary: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: train_voices FOLDER (with pos/ and neg/)")?;
    let gaps = gaps(&reviews(Path::new(&folder))?);
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for feature in gaps.iter().flat_map(|gap| &gap.features) {
        *counts.entry(feature).or_default() += 1;
    }
    let mut names: Vec<&str> = counts.into_iter().filter(|(_, count)| *count >= COMMON).map(|(name, _)| name).collect();
    names.sort_unstable();
    let weights = train(&gaps, &names);
    for (name, weight) in names.iter().zip(weights).filter(|(_, weight)| weight.abs() >= LEAST) {
        println!("{name}\t{weight:.2}");
    }
    Ok(())
}

/// The sentences of each review.
fn reviews(folder: &Path) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let mut out = Vec::new();
    for side in ["pos", "neg"] {
        let mut files: Vec<_> =
            fs::read_dir(folder.join(side))?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
        files.sort();
        for file in files {
            let text = String::from_utf8_lossy(&fs::read(file)?).into_owned();
            let sentence = |line: &&str| line.split_whitespace().count() >= 3;
            let sentences: Vec<String> = text.lines().filter(sentence).map(str::to_owned).collect();
            if sentences.len() > 4 {
                out.push(sentences);
            }
        }
    }
    Ok(out)
}

fn gaps(reviews: &[Vec<String>]) -> Vec<Gap> {
    let mut random = Random(42);
    let mut out = Vec::new();
    for review in reviews {
        for _ in 0..PAIRS {
            let other = &reviews[random.below(reviews.len())];
            out.push(Gap { features: features(&other[other.len() - 1], &review[0]), boundary: true });
        }
        out.extend(review.windows(2).map(|pair| Gap { features: features(&pair[0], &pair[1]), boundary: false }));
    }
    out
}

/// The weights of the named features.
fn train(gaps: &[Gap], names: &[&str]) -> Vec<f32> {
    let index: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let bias = names.len();
    let rows: Vec<(Vec<usize>, bool)> = gaps
        .iter()
        .map(|gap| {
            let known = gap.features.iter().filter_map(|feature| index.get(feature.as_str()).copied());
            (known.chain([bias]).collect(), gap.boundary)
        })
        .collect();
    let (mut weights, mut steps) = (vec![0f32; bias + 1], vec![1e-2f32; bias + 1]);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = Random(7);
    for _ in 0..ROUNDS {
        for at in (1..order.len()).rev() {
            order.swap(at, random.below(at + 1));
        }
        for &at in &order {
            let (known, boundary) = &rows[at];
            let sum: f32 = known.iter().map(|feature| weights[*feature]).sum();
            let guess = 1.0 / (1.0 + (-sum).exp());
            let error = if *boundary { (guess - 1.0) / PAIRS as f32 } else { guess };
            for &feature in known {
                let slope = error + if feature == bias { 0.0 } else { PENALTY * weights[feature] };
                steps[feature] += slope * slope;
                weights[feature] -= 0.1 * slope / steps[feature].sqrt();
            }
        }
    }
    weights.truncate(bias);
    weights
}

/// A small generator (xorshift), so that the table comes out the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}
