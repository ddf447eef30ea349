//! The words of a writer: what a reviewer has said he says again, and the next one says less.
//!
//! A stretch by one writer is judged as draws from one unknown distribution over words, around that of the whole
//! text: the Dirichlet-multinomial marginal likelihood, as Eisenstein and Barzilay (2008) part topics. Reviews run
//! together share their subject, and the text's own frequencies take that out; left are a reviewer's examples,
//! comparisons and turns. No data is behind the words. The two figures were compared on reviews of one film in
//! `movie_reviews` (Pang and Lee 2004, CC BY 4.0), cut to their beginnings and ends and joined (docs/reading.md).

use std::collections::HashMap;

/// How many words' worth the whole text's frequencies count beside a stretch's own.
const FIRMNESS: f64 = 400.0;
/// Words of one sentence are no independent draws: their evidence counts a tenth.
const SHARE: f64 = 0.1;
/// Shorter words are mostly grammar.
const SHORTEST: usize = 4;

/// The words of each unit, by number.
pub struct Vocabulary {
    units: Vec<Vec<usize>>,
    /// The share of each word in the whole text.
    usual: Vec<f64>,
}

impl Vocabulary {
    /// Counts the words of each unit.
    pub fn of<'a>(units: impl Iterator<Item = &'a str>) -> Self {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut counts: Vec<f64> = Vec::new();
        let mut number = |word: &str| {
            let fresh = counts.len();
            let number = *numbers.entry(word.to_lowercase()).or_insert(fresh);
            if number == fresh {
                counts.push(0.0);
            }
            counts[number] += 1.0;
            number
        };
        let long = |word: &&str| word.chars().nth(SHORTEST - 1).is_some();
        let units: Vec<Vec<usize>> = units
            .map(|unit| unit.split(|c: char| !c.is_alphanumeric()).filter(long).map(&mut number).collect())
            .collect();
        let total: f64 = counts.iter().sum();
        Self { units, usual: counts.iter().map(|count| count / total).collect() }
    }

    /// The log likelihood of each stretch that starts at `from` and ends before a later unit, up to `to`: against
    /// draws from the whole text.
    pub fn stretches(&self, from: usize, to: usize) -> Vec<f64> {
        let mut said: HashMap<usize, f64> = HashMap::new();
        let (mut drawn, mut sum) = (0.0, 0.0);
        let mut stretch = |words: &Vec<usize>| {
            for word in words {
                let usual = self.usual[*word];
                let times = said.entry(*word).or_default();
                sum += ((FIRMNESS * usual + *times) / (FIRMNESS + drawn) / usual).ln();
                *times += 1.0;
                drawn += 1.0;
            }
            SHARE * sum
        };
        self.units[from..to].iter().map(&mut stretch).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_vocabularies_are_likelier_apart_and_one_together() {
        let sea = "The harbour lies under water and the divers drown there.";
        let law = "Every lawyer shouts before judges about money and contracts.";
        let gain = |units: &[&str], at: usize| {
            let words = Vocabulary::of(units.iter().copied());
            let whole = |from: usize, to: usize| words.stretches(from, to).last().copied().unwrap_or(0.0);
            whole(0, at) + whole(at, units.len()) - whole(0, units.len())
        };
        let mixed: Vec<&str> = [[sea; 8], [law; 8]].concat();
        assert!(gain(&mixed, 8) > gain(&mixed, 4) && gain(&mixed, 8) > 0.0);
        assert!(gain(&[sea; 16], 8) < 0.0);
    }
}
