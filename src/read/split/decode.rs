//! Reading the whole text at once: how likely a review begins at each unit.
//!
//! A semi-Markov model: a run-together text is a row of reviews, each with a length, an opening, one manner, and
//! things said once. The forward-backward sums over every way of parting it, the text as a single review among them.

use super::once::Said;

/// The longest review that is looked for, in units.
const LONGEST: usize = 120;
/// The usual length of a user's review in bytes (some 170 words), and the spread of its logarithm: two thirds lie
/// between 80 and 360 words. A guess, not a count.
const MEDIAN: f64 = 1000.0;
const SPREAD: f64 = 0.75;
/// How much likelier a text is one review before anything is read, as a logarithm. The evidence of neighbouring
/// sentences is not independent, so the doubt is large: long reviews by one writer stay whole.
const DOUBT: f64 = 6.0;

/// What the model is told of a text.
pub struct Text<'a> {
    /// Where each unit starts, and the end of the text, in bytes.
    pub starts: &'a [usize],
    /// Evidence at each unit that a review begins there: a log likelihood ratio.
    pub opens: &'a [f64],
    /// What is said in each unit.
    pub said: &'a [Vec<Said>],
    /// The log likelihood of the manner of a stretch of units.
    pub manner: &'a dyn Fn(usize, usize) -> f64,
    /// The log likelihoods of the words of each stretch from a unit on, up to another.
    pub words: &'a dyn Fn(usize, usize) -> Vec<f64>,
}

/// The probability that a review begins at each unit. The first is certain.
pub fn posterior(text: &Text) -> Vec<f64> {
    let n = text.opens.len();
    if n == 0 {
        return Vec::new();
    }
    // Lengths have a density per byte, cuts are possible once a unit.
    let spacing = (text.starts[n] as f64 / n as f64).max(1.0).ln();
    let opens = |at: usize| if at == 0 || at == n { 0.0 } else { text.opens[at] + spacing };
    let reviews: Vec<Vec<f64>> = (0..n).map(|from| stretches(text, from, n.min(from + LONGEST))).collect();
    let mut forward = vec![f64::NEG_INFINITY; n + 1];
    forward[0] = 0.0;
    for to in 1..=n {
        let ways = (to.saturating_sub(LONGEST)..to).map(|from| forward[from] + reviews[from][to - from - 1]);
        forward[to] = sum(ways) + opens(to);
    }
    let mut backward = vec![f64::NEG_INFINITY; n + 1];
    backward[n] = 0.0;
    for from in (0..n).rev() {
        let ways = (from + 1..=n.min(from + LONGEST)).map(|to| backward[to] + reviews[from][to - from - 1] + opens(to));
        backward[from] = sum(ways);
    }
    let single = stretches(text, 0, n).last().copied().unwrap_or(0.0) + DOUBT;
    let parted = forward[n] - sum([forward[n], single].into_iter());
    let begins = |at: usize| (forward[at] + backward[at] - forward[n] + parted).exp().min(1.0);
    (0..n).map(|at| if at == 0 { 1.0 } else { begins(at) }).collect()
}

/// The log likelihood of a review that starts at `from` and ends before each later unit, up to `most`.
fn stretches(text: &Text, from: usize, most: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let stretch = |(to, words): (usize, f64)| {
        for said in &text.said[to - 1] {
            sum += if said.previous.is_some_and(|unit| unit >= from) { said.again } else { said.first };
        }
        sum + length((text.starts[to] - text.starts[from]) as f64) + (text.manner)(from, to) + words
    };
    (from + 1..=most).zip((text.words)(from, most)).map(stretch).collect()
}

/// The log density of a review's length in bytes: log-normal.
fn length(bytes: f64) -> f64 {
    let bytes = bytes.max(1.0);
    let z = (bytes / MEDIAN).ln() / SPREAD;
    -0.5 * z * z - (bytes * SPREAD * (2.0 * std::f64::consts::PI).sqrt()).ln()
}

/// The logarithm of the sum of what the values are logarithms of.
fn sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY { most } else { most + values.map(|value| (value - most).exp()).sum::<f64>().ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(opens: &[f64]) -> Vec<f64> {
        let starts: Vec<usize> = (0..=opens.len()).map(|at| at * 100).collect();
        let said = vec![Vec::new(); opens.len()];
        posterior(&Text {
            starts: &starts,
            opens,
            said: &said,
            manner: &|_, _| 0.0,
            words: &|from, to| vec![0.0; to - from],
        })
    }

    #[test]
    fn strong_openings_at_likely_lengths_part_and_weak_ones_leave_a_text_whole() {
        let mut opens = [-1.0; 40];
        opens[10] = 9.0;
        opens[20] = 9.0;
        opens[21] = 3.0;
        let found = read(&opens);
        assert!(found[10] > 0.9 && found[20] > 0.9 && found[21] < 0.1, "{found:?}");
        assert!(read(&[-1.0; 40])[1..].iter().all(|p| *p < 0.01));
        assert_eq!(read(&[0.0]), [1.0]);
    }
}
