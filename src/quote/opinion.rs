//! What one sentence says of which aspects: the clause around the word that names the aspect decides, and where it
//! decides nothing, its neighbours.

use super::{
    aspect::{self, Mention},
    clause::{Clause, clauses},
    polarity::{self, Valued},
    words::Words,
};
use crate::model::WorkKind;

/// What a sentence says of one aspect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opinion {
    /// Its name, such as `acting`.
    pub aspect: &'static str,
    /// Praise (towards 1) or blame (towards -1).
    pub polarity: f32,
}

impl Opinion {
    /// Whether praise is told from blame far enough to count as either.
    pub fn is_decided(&self) -> bool {
        self.polarity.abs() >= polarity::DECIDED
    }
}

/// What a sentence of an English review says of the aspects of a kind of work (film where unknown), each at most once.
/// `title` is the work's: its words are no mention.
pub fn opinions(text: &str, kind: Option<WorkKind>, title: &str) -> Vec<Opinion> {
    let title = Words::new(title);
    let words = Words::new(text);
    of(text, &words, kind, if title.is_empty() { "" } else { title.text() })
}

pub(super) fn of(text: &str, words: &Words, kind: Option<WorkKind>, title: &str) -> Vec<Opinion> {
    // Nobody says an opinion in so many words; what is so long is no sentence, and costs without end.
    let mentions = if words.len() > LONGEST { Vec::new() } else { aspect::mentions(kind, words, title) };
    if mentions.is_empty() {
        return Vec::new();
    }
    let clauses = clauses(text, words);
    let valued = Valued::new(words);
    let all = aspect::of(kind);
    let mut found: Vec<Opinion> = Vec::new();
    for (number, aspect) in all.iter().enumerate() {
        let said = mentions.iter().filter(|mention| mention.aspect == number).map(|mention| {
            near(mention, &mentions, &clauses, &valued)
                .unwrap_or_else(|| around(mention, &clauses, &valued, words.len()))
        });
        if let Some(polarity) = said.max_by(|a, b| a.abs().total_cmp(&b.abs())) {
            found.push(Opinion { aspect: aspect.name, polarity });
        }
    }
    found
}

/// Sentences of more words say nothing.
const LONGEST: usize = 300;
/// Clauses beside a mention's own that are asked.
const BESIDE: usize = 4;
/// Words before and after a mention that speak of it first, where its clause speaks of several aspects.
const NEAR: usize = 3;

/// What is said right at a mention in a clause that it shares with others ("a lovely score and a thin script"): before
/// it, else after it; `None` where it has the clause to itself, or nothing is told there.
fn near(mention: &Mention, mentions: &[Mention], clauses: &[Clause], valued: &Valued<'_>) -> Option<f32> {
    let clause = clauses.iter().find(|clause| clause.words.contains(&mention.at.start))?;
    let others = mentions.iter().filter(|m| m.aspect != mention.aspect && clause.words.contains(&m.at.start));
    let ends = others.clone().map(|m| m.at.end).filter(|end| *end <= mention.at.start);
    let starts = others.map(|m| m.at.start).filter(|start| *start >= mention.at.end);
    let (before, after) = (ends.max(), starts.min());
    if before.is_none() && after.is_none() {
        return None;
    }
    let first = before.unwrap_or(clause.words.start).max(mention.at.start.saturating_sub(NEAR));
    let last = after.unwrap_or(clause.words.end).min(mention.at.end + NEAR);
    [first..mention.at.end, mention.at.start..last.max(mention.at.end)]
        .into_iter()
        .map(|stretch| valued.of(stretch))
        .find(|polarity| polarity.abs() >= polarity::DECIDED)
}

/// What is said around a place: by its clause; where that leaves it open, by the clauses beside it that are not set
/// against it, nearest first; at last by the sentence, of which half is believed.
fn around(mention: &Mention, clauses: &[Clause], valued: &Valued<'_>, len: usize) -> f32 {
    let home = clauses.iter().position(|clause| clause.words.contains(&mention.at.start)).unwrap_or(0);
    let Some(clause) = clauses.get(home) else { return 0.0 };
    let mut stretch = clause.words.clone();
    let (mut first, mut last) = (home, home);
    for _ in 0..=BESIDE {
        let polarity = valued.of(stretch.clone());
        if polarity.abs() >= polarity::DECIDED {
            return polarity;
        }
        let right = clauses.get(last + 1).filter(|next| !next.turns);
        let left = (first > 0 && !clauses[first].turns).then(|| &clauses[first - 1]);
        match (right, left) {
            (Some(next), _) => {
                stretch.end = next.words.end;
                last += 1;
            }
            (None, Some(next)) => {
                stretch.start = next.words.start;
                first -= 1;
            }
            (None, None) => break,
        }
    }
    0.5 * valued.of(0..len)
}

#[cfg(test)]
mod tests;
