//! What one sentence says of which aspects: the clause around the word that names the aspect decides, and where it
//! decides nothing, its neighbours.

use std::ops::Range;

use super::{
    aspect,
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
    let mentions = aspect::mentions(kind, words, title);
    if mentions.is_empty() {
        return Vec::new();
    }
    let clauses = clauses(text, words);
    let valued = Valued::new(words);
    let all = aspect::of(kind);
    let mut found: Vec<Opinion> = Vec::new();
    for (at, aspect) in all.iter().enumerate() {
        let said: Vec<f32> = mentions
            .iter()
            .filter(|mention| mention.aspect == at)
            .map(|mention| around(&mention.at, &clauses, &valued, words.len()))
            .collect();
        let strongest = said.into_iter().max_by(|a, b| a.abs().total_cmp(&b.abs()));
        if let Some(polarity) = strongest {
            found.push(Opinion { aspect: aspect.name, polarity });
        }
    }
    found
}

/// What is said around a place: by its clause; where that leaves it open, by the clauses beside it that are not set
/// against it, nearest first; at last by the sentence, of which half is believed.
fn around(place: &Range<usize>, clauses: &[Clause], valued: &Valued<'_>, len: usize) -> f32 {
    let home = clauses.iter().position(|clause| clause.words.contains(&place.start)).unwrap_or(0);
    let Some(clause) = clauses.get(home) else { return 0.0 };
    let mut stretch = clause.words.clone();
    let (mut first, mut last) = (home, home);
    loop {
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
            (None, None) => return 0.5 * valued.of(0..len),
        }
    }
}
