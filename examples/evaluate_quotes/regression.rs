//! The research's regression: trained in the run on marks of reviews that are not evaluated, as a bar to measure
//! by. Nothing of it ships.

use pullquote::quote::{
    weights::Weights,
    words::{Words, key},
};

use super::marked::Marked;

const FEATURES: usize = 13;
/// Openings that lean on a sentence before, and words that may give away: barred where the bars are asked for.
const LEANING: &str = "but and so also however this these those that it its he she they his her their which who \
    because then there here or yet thus hence";
const GIVING_AWAY: &str = "dies killed murderer suicide twist reveal revealed reveals ending finale climax";
const WORK: &str =
    "film movie picture flick comedy thriller drama script plot acting performance performances director direction";

/// Logistic regression over standardised features.
pub struct Regression {
    mean: [f64; FEATURES],
    deviation: [f64; FEATURES],
    with_rating: [f64; FEATURES],
    without: [f64; FEATURES],
}

impl Regression {
    pub fn train(reviews: &[Marked]) -> Self {
        let rows: Vec<([f64; FEATURES], bool)> = reviews
            .iter()
            .flat_map(|marked| features(marked).into_iter().zip(marked.reasons.iter().copied()))
            .collect();
        let count = rows.len().max(1) as f64;
        let mean: [f64; FEATURES] = std::array::from_fn(|f| rows.iter().map(|(x, _)| x[f]).sum::<f64>() / count);
        let deviation: [f64; FEATURES] = std::array::from_fn(|f| {
            (rows.iter().map(|(x, _)| (x[f] - mean[f]).powi(2)).sum::<f64>() / count).sqrt().max(1e-9)
        });
        let rows: Vec<([f64; FEATURES], bool)> =
            rows.into_iter().map(|(x, y)| (std::array::from_fn(|f| (x[f] - mean[f]) / deviation[f]), y)).collect();
        Self { mean, deviation, with_rating: descend(&rows, true), without: descend(&rows, false) }
    }

    fn scores(&self, marked: &Marked, rated: bool) -> Vec<f64> {
        let weights = if rated { &self.with_rating } else { &self.without };
        features(marked)
            .iter()
            .map(|x| (0..FEATURES).map(|f| weights[f] * (x[f] - self.mean[f]) / self.deviation[f]).sum())
            .collect()
    }

    /// The best sentences wherever they stand, without bars.
    pub fn top(&self, marked: &Marked, limit: usize, rated: bool) -> Vec<usize> {
        let scores = self.scores(marked, rated);
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        let mut picked = Vec::new();
        let mut chars = 0;
        for at in order {
            let length = marked.sentences[at].chars().count();
            if marked.sentences[at].split_whitespace().count() < 4 || (!picked.is_empty() && chars + length > limit) {
                continue;
            }
            chars += length;
            picked.push(at);
            if chars * 4 > limit * 3 {
                break;
            }
        }
        picked
    }

    /// The best sentences in a row that no bar stops.
    pub fn window(&self, marked: &Marked, limit: usize, rated: bool) -> Vec<usize> {
        let scores = self.scores(marked, rated);
        let words: Vec<Words> = marked.sentences.iter().map(|s| Words::new(s)).collect();
        let holds = |list: &str, word: &str| list.split(' ').any(|w| w == word);
        let allowed = |at: usize| words[at].len() >= 4 && !words[at].iter().any(|w| holds(GIVING_AWAY, w));
        let mut best: Option<(f64, Vec<usize>)> = None;
        for start in (0..scores.len()).filter(|&at| allowed(at) && !holds(LEANING, words[at].get(0))) {
            let (mut chars, mut total, mut count) = (0, 0.0, 0.0);
            for end in start..scores.len().min(start + 4) {
                chars += marked.sentences[end].chars().count() + usize::from(end > start);
                if chars > limit || !allowed(end) {
                    break;
                }
                total += scores[end] * words[end].len() as f64;
                count += words[end].len() as f64;
                if chars >= 110 && best.as_ref().is_none_or(|(score, _)| total / count > *score) {
                    best = Some((total / count, (start..=end).collect()));
                }
            }
        }
        best.map(|(_, picked)| picked).unwrap_or_default()
    }
}

/// Plain gradient descent; the features that know the rating are the first two.
fn descend(rows: &[([f64; FEATURES], bool)], with_rating: bool) -> [f64; FEATURES] {
    let mut weights = [0.0; FEATURES];
    let mut bias = -1.0;
    let first = if with_rating { 0 } else { 2 };
    for _ in 0..150 {
        let mut slope = [0.0; FEATURES];
        let mut lift = 0.0;
        for (x, y) in rows {
            let sum: f64 = bias + (first..FEATURES).map(|f| weights[f] * x[f]).sum::<f64>();
            let miss = f64::from(u8::from(*y)) - 1.0 / (1.0 + (-sum).exp());
            lift += miss;
            (first..FEATURES).for_each(|f| slope[f] += miss * x[f]);
        }
        let step = 2.0 / rows.len().max(1) as f64;
        bias += step * lift;
        (first..FEATURES).for_each(|f| weights[f] += step * slope[f]);
    }
    weights
}

fn features(marked: &Marked) -> Vec<[f64; FEATURES]> {
    let table = Weights::shipped();
    let side = if marked.praises { 1.0 } else { -1.0 };
    let last = marked.sentences.len().saturating_sub(1);
    let flag = |condition: bool| f64::from(u8::from(condition));
    marked
        .sentences
        .iter()
        .enumerate()
        .map(|(at, sentence)| {
            let words = Words::new(sentence);
            let count = words.len() as f64;
            let reading = table.read(&words);
            let signs: Vec<i8> = words.iter().map(|w| table.lexicon(key(w))).filter(|s| *s != 0).collect();
            let sum: f64 = signs.iter().map(|s| f64::from(*s)).sum();
            let praise = f64::from(reading.praise) / (6.0 + 0.5 * count);
            let share = at as f64 / last.max(1) as f64;
            let is_work = |w: &str| WORK.split(' ').any(|work| work == w);
            [
                side * praise,
                side * sum / (count + 4.0).sqrt(),
                (f64::from(reading.opinion) / (3.0 + 0.7 * count)).tanh(),
                share,
                share * share,
                flag(at == last),
                signs.len() as f64 / (count + 4.0),
                praise.abs(),
                flag(words.iter().any(is_work)),
                words.iter().filter(|w| matches!(*w, "i" | "my" | "me")).count() as f64 / (count + 3.0),
                flag(sentence.contains('?')),
                (count + 1.0).ln(),
                flag(count < 6.0),
            ]
        })
        .collect()
}
