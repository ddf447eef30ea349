//! The manner of a writer: habits that are kept through a review and differ between reviewers.
//!
//! Each habit is counted as so many hits among so many occasions (`movie` among `movie` and `film`; a bracket in a
//! sentence). A stretch by one writer is judged as draws from one unknown rate: the Beta-Bernoulli marginal
//! likelihood. Two stretches that differ are likelier apart than together, two alike are likelier as one.
//!
//! No data is behind the habits: they are what an editor would look at, and how firmly each is kept is a guess in
//! round numbers. How common a habit is, is taken from the text itself.

use std::sync::LazyLock;

use regex::Regex;

use crate::read::pattern::pattern;

/// Sentences of one writer are no independent draws: their evidence counts half.
const SHARE: f64 = 0.5;

/// One habit.
struct Habit {
    /// What gives occasion to it; `None`: every sentence does, and one hit is all it can hold.
    occasions: Option<Regex>,
    /// What shows it.
    hits: Regex,
    /// The weight of the Beta prior: small where a writer does it always or never.
    firmness: f64,
}

/// Everyday words of praise and of blame, chosen by hand: a reviewer is mostly on one side.
const PRAISE: &str = r"great|excellent|best|loved?|brilliant|amazing|wonderful|perfect(?:ly)?|beautiful(?:ly)?|fantastic|superb|masterpiece|enjoy(?:ed|able)?|fun|hilarious|touching|moving|outstanding|favou?rite|recommend";
const BLAME: &str = r"bad|worst|worse|awful|terrible|boring|bored|waste|horrible|poor(?:ly)?|stupid|lame|dull|ridiculous|annoying|crap|mess|disappoint(?:ed|ing|ment)|unfunny|pointless|avoid|cheap|fails?|failed|nothing|pathetic|weak";

fn habits() -> &'static [Habit] {
    static HABITS: LazyLock<Vec<Habit>> = LazyLock::new(|| {
        let of = |occasions: &str, hits: &str, firmness: f64| Habit {
            occasions: Some(pattern(occasions)),
            hits: pattern(hits),
            firmness,
        };
        let each = |hits: &str, firmness: f64| Habit { occasions: None, hits: pattern(hits), firmness };
        vec![
            // Words for the work, contractions, the small i, forgotten and curly apostrophes, tense, stance.
            of(r"(?i)\b(?:movies?|films?|flicks?)\b", r"(?i)\b(?:movies?|flicks?)\b", 2.0),
            of(
                r"(?i)\b(?:is|does|do|did|was|can|could|are|would|were|has|have) ?n[o'’]t\b|\bcannot\b|\b(?:I|you|we|they) (?:am|are|have|will)\b|\b(?:it|that|there|he|she) is\b|\b(?:it|that|there|I|you|he|she|they|we)['’](?:s|m|re|ve|ll)\b|\b(?:do|ca)n['’]t\b",
                r"(?i)['’](?:t|s|m|re|ve|ll)\b",
                3.0,
            ),
            of(r"\b[Ii]\b", r"\bi\b", 0.75),
            of(
                r"(?i)\b(?:do|does|did|is|was|would|could|ca|wo|are|has|have)n['’]?t\b|\b(?:I|you)['’]?(?:m|ve|re)\b",
                r"(?i)\b(?:do|does|did|is|was|would|could|ca|wo|are|has|have)nt\b|\bi(?:m|ve)\b|\byouve\b",
                0.75,
            ),
            of(r"['’]\p{Ll}", r"’\p{Ll}", 0.5),
            of(r"(?i)\b(?:is|are|has|was|were|had)\b", r"(?i)\b(?:was|were|had)\b", 4.5),
            of(&format!(r"(?i)\b(?:{PRAISE}|{BLAME})\b"), &format!(r"(?i)\b(?:{BLAME})\b"), 3.0),
            // Signs: cries, trailing dots, glued paragraphs, capitals, brackets, quotation marks, dashes.
            each("!", 3.0),
            each(r"\.\.|…", 3.0),
            each(r"\p{Ll}[.!?…]{1,3}[\p{Lu}“\x22]", 2.0),
            each(r"\b\p{Lu}{4,}\b", 2.0),
            each(r"\(", 4.5),
            each(r#"["“]"#, 4.5),
            each(r"(?:^|[ (])['‘]\p{Lu}", 2.0),
            each(r"\p{Ll} -{1,2} |\p{Ll}--|—", 3.0),
            each("[;:]", 4.5),
            each(",.*,", 7.5),
            each(r"\w [,.!?](?:[ \p{L}]|$)|\w,\p{L}", 1.5),
            each("&", 1.5),
            each(r"\d", 6.0),
            // Whom the writer speaks of, and how long the sentences are.
            each(r"(?i)\b(?:I|me|my|I['’]\w+)\b", 6.0),
            each(r"(?i)\b(?:you|your|you['’]\w+)\b", 6.0),
            each("^.{0,70}$", 6.0),
            each("^.{150}", 6.0),
        ]
    });
    &HABITS
}

/// Hits and occasions.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    hits: usize,
    occasions: usize,
}

/// The habits counted up to each unit, with what each count is worth.
pub struct Manner {
    sums: Vec<Vec<Count>>,
    worth: Vec<Worth>,
}

/// `ln(Γ(a + n) / Γ(a))` for every n that a text can hold, for hits, misses and occasions.
struct Worth {
    hits: Vec<f64>,
    misses: Vec<f64>,
    occasions: Vec<f64>,
}

impl Manner {
    /// Counts the habits of each unit.
    pub fn of<'a>(units: impl Iterator<Item = &'a str>) -> Self {
        let mut sums = vec![vec![Count::default(); habits().len()]];
        for unit in units {
            let mut row = sums.last().cloned().unwrap_or_default();
            for (habit, sum) in habits().iter().zip(&mut row) {
                let count = habit.count(unit.trim_end());
                sum.hits += count.hits;
                sum.occasions += count.occasions;
            }
            sums.push(row);
        }
        let total = sums.last().cloned().unwrap_or_default();
        let worth = habits().iter().zip(total).map(|(habit, total)| Worth::of(habit.firmness, total)).collect();
        Self { sums, worth }
    }

    /// The log likelihood of the habits in the units from `from` to before `to` as one writer's.
    pub fn likelihood(&self, from: usize, to: usize) -> f64 {
        let rows = self.sums[from].iter().zip(&self.sums[to]).zip(&self.worth);
        let sum: f64 = rows
            .map(|((before, after), worth)| {
                let (hits, occasions) = (after.hits - before.hits, after.occasions - before.occasions);
                worth.hits[hits] + worth.misses[occasions - hits] - worth.occasions[occasions]
            })
            .sum();
        SHARE * sum
    }
}

impl Habit {
    fn count(&self, unit: &str) -> Count {
        match &self.occasions {
            None => Count { hits: usize::from(self.hits.is_match(unit)), occasions: 1 },
            Some(pattern) => {
                let occasions = pattern.find_iter(unit).count();
                let hits = if occasions == 0 { 0 } else { self.hits.find_iter(unit).count().min(occasions) };
                Count { hits, occasions }
            }
        }
    }
}

impl Worth {
    fn of(firmness: f64, total: Count) -> Self {
        let rate = (total.hits as f64 + 1.0) / (total.occasions as f64 + 4.0);
        Self {
            hits: rising(firmness * rate, total.hits),
            misses: rising(firmness * (1.0 - rate), total.occasions - total.hits),
            occasions: rising(firmness, total.occasions),
        }
    }
}

fn rising(start: f64, most: usize) -> Vec<f64> {
    let mut out = vec![0.0];
    let mut sum = 0.0;
    for n in 0..most {
        sum += (start + n as f64).ln();
        out.push(sum);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_manners_are_likelier_apart_and_one_together() {
        let plain = "The film is a quiet study of two men who do not speak.";
        let loud = "i LOVED this movie!!! dont miss it!";
        let gain = |units: &[&str], at: usize| {
            let manner = Manner::of(units.iter().copied());
            manner.likelihood(0, at) + manner.likelihood(at, units.len()) - manner.likelihood(0, units.len())
        };
        let mixed: Vec<&str> = [[plain; 8], [loud; 8]].concat();
        assert!(gain(&mixed, 8) > 5.0 && gain(&mixed, 8) > gain(&mixed, 4));
        assert!(gain(&[plain; 16], 8) < 0.0);
    }
}
