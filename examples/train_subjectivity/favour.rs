//! Reviews that praise against reviews that blame: logistic regression over the words and pairs of whole reviews.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use anyhow::Context as _;

use super::training::Measured;

/// Words and pairs met in fewer reviews tell nothing.
const MINIMUM: usize = 4;
/// Steps of descent, each over all reviews, and how far each goes.
const STEPS: usize = 300;
const PACE: f32 = 40.0;
/// How strongly weights are drawn to nothing: the inverse of the number of reviews' worth of evidence.
const RIDGE: f32 = 1.0 / 30.0;

/// A review's words and pairs, and whether it praises.
pub struct Labelled {
    keys: Vec<u32>,
    praises: bool,
}

/// What was learnt.
pub struct Favour {
    pub weights: BTreeMap<u32, f32>,
    bias: f32,
}

/// The reviews of `movie_reviews` that no measurement uses.
pub fn reviews(training: &Path) -> anyhow::Result<Vec<Labelled>> {
    let measured = Measured::read(training)?;
    let mut reviews = Vec::new();
    for (folder, praises) in [("neg", false), ("pos", true)] {
        let path = training.join("movie_reviews").join(folder);
        let mut files: Vec<_> = std::fs::read_dir(&path)
            .with_context(|| path.display().to_string())?
            .map(|entry| entry.map(|e| e.path()))
            .collect::<Result<_, _>>()?;
        files.sort();
        for file in files {
            if measured.has(folder, &file) {
                continue;
            }
            let mut keys = Vec::new();
            for line in super::lines(&file)? {
                keys.extend(super::features(&line));
            }
            keys.sort_unstable();
            keys.dedup();
            reviews.push(Labelled { keys, praises });
        }
    }
    Ok(reviews)
}

/// Plain descent on the loss of all reviews, both classes weighing the same.
pub fn train(reviews: &[Labelled]) -> Favour {
    train_on(&reviews.iter().collect::<Vec<_>>())
}

fn train_on(reviews: &[&Labelled]) -> Favour {
    let mut met: HashMap<u32, usize> = HashMap::new();
    for review in reviews {
        for key in &review.keys {
            *met.entry(*key).or_default() += 1;
        }
    }
    let mut known: Vec<u32> = met.into_iter().filter(|(_, count)| *count >= MINIMUM).map(|(key, _)| key).collect();
    known.sort_unstable();
    let places: HashMap<u32, usize> = known.iter().enumerate().map(|(at, key)| (*key, at)).collect();
    // Each review is a vector of length one.
    let vectors: Vec<Vec<usize>> =
        reviews.iter().map(|review| review.keys.iter().filter_map(|key| places.get(key).copied()).collect()).collect();
    let praising = reviews.iter().filter(|r| r.praises).count() as f32;
    let total = reviews.len() as f32;
    let mut weights = vec![0.0f32; known.len()];
    let mut bias = 0.0f32;
    for _ in 0..STEPS {
        let mut slope = vec![0.0f32; known.len()];
        let mut lift = 0.0;
        for (review, vector) in reviews.iter().zip(&vectors) {
            let value = 1.0 / (vector.len().max(1) as f32).sqrt();
            let sum = bias + value * vector.iter().map(|&at| weights[at]).sum::<f32>();
            let share = if review.praises { praising } else { total - praising };
            let miss =
                (f32::from(u8::from(review.praises)) - 1.0 / (1.0 + (-sum).exp())) * total / (2.0 * share.max(1.0));
            lift += miss;
            vector.iter().for_each(|&at| slope[at] += miss * value);
        }
        bias += lift / total;
        for (weight, slope) in weights.iter_mut().zip(&slope) {
            *weight += PACE / total * (slope - RIDGE * *weight);
        }
    }
    Favour { weights: known.into_iter().zip(weights).collect(), bias }
}

/// The share of reviews whose side is told by what was learnt from the others.
pub fn five_fold(reviews: &[Labelled]) -> f64 {
    let mut right = 0;
    for fold in 0..5 {
        let (held, others): (Vec<_>, Vec<_>) = reviews.iter().enumerate().partition(|(at, _)| at % 5 == fold);
        let favour = train_on(&others.into_iter().map(|(_, review)| review).collect::<Vec<_>>());
        for (_, review) in held {
            let known: Vec<f32> = review.keys.iter().filter_map(|key| favour.weights.get(key).copied()).collect();
            let sum = favour.bias + known.iter().sum::<f32>() / (known.len().max(1) as f32).sqrt();
            right += usize::from((sum > 0.0) == review.praises);
        }
    }
    right as f64 / reviews.len().max(1) as f64
}
