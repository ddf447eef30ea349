//! The trained table of praise and blame: how far a word, a pair of words, or a word under a negation speaks for
//! either.
//!
//! Made by `examples/train_polarity.rs`; what it is trained on and how good it is, in `docs/quotes.md`.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use super::{
    table::Table,
    words::{WordSet, Words, key, pair_key},
};

/// Bytes by which the file begins: name and version.
const MAGIC: &[u8; 4] = b"PQV1";
/// Weights are stored in steps of a thirty-second.
const STEP: f32 = 32.0;
/// Bytes of one entry: key, weight.
const ENTRY: usize = 5;

/// A negation turns what follows within this many words.
pub const REACH: usize = 3;

const NEGATIONS: &[&str] = &[
    "not no never nor neither without hardly barely scarcely cannot can't don't doesn't didn't isn't wasn't aren't",
    "weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't ain't lacks lack lacking nothing nobody none",
    "little few cant dont doesnt didnt isnt wasnt wont",
];
/// Where the reach of a negation ends early.
const ENDS: &[&str] = &["but although though yet while because"];

static NEGATING: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(NEGATIONS));
static ENDING: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(ENDS));
static NOT: LazyLock<u32> = LazyLock::new(|| key("not "));

/// The key of a word under a negation.
pub fn negated(word: u32) -> u32 {
    pair_key(*NOT, word)
}

/// Which words of a sentence stand under a negation. "Not only good" negates nothing.
pub fn under_negation(words: &Words) -> Vec<bool> {
    let mut left = 0;
    (0..words.len())
        .map(|at| {
            let word = words.key(at);
            if ENDING.has(word) {
                left = 0;
            }
            let turned = left > 0;
            left = match NEGATING.has(word) {
                true if words.get(at + 1) == "only" => 0,
                true => REACH,
                false => left.saturating_sub(1),
            };
            turned
        })
        .collect()
}

/// What the table looks at in a stretch of a sentence: each word, turned where it is negated, and each pair.
pub fn features(words: &Words, negation: &[bool], range: Range<usize>) -> Vec<u32> {
    let mut found = Vec::with_capacity(range.len() * 2);
    for at in range.clone() {
        let word = words.key(at);
        found.push(if negation[at] { negated(word) } else { word });
        if at > range.start {
            found.push(pair_key(words.key(at - 1), word));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A file that is no table of praise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a table of praise: it must begin with PQV1 and hold {expected} bytes, and holds {found}; train it anew")]
pub struct BadTable {
    expected: usize,
    found: usize,
}

/// The table, open addressing over a power of two of slots.
#[derive(Debug)]
pub struct Valence {
    known: Table<i8>,
}

impl Valence {
    /// The table that ships.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Valence> = LazyLock::new(|| {
            Valence::from_bytes(include_bytes!("weights/praise.bin"))
                .unwrap_or(Valence { known: Table::with_capacity(0) })
        });
        &SHIPPED
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Where the bytes are not what [`encode`] writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadTable> {
        let count = match bytes {
            [a, b, c, d, n0, n1, n2, n3, ..] if [*a, *b, *c, *d] == *MAGIC => {
                u32::from_le_bytes([*n0, *n1, *n2, *n3]) as usize
            }
            _ => return Err(BadTable { expected: 8, found: bytes.len() }),
        };
        let expected = count.saturating_mul(ENTRY).saturating_add(8);
        if bytes.len() != expected {
            return Err(BadTable { expected, found: bytes.len() });
        }
        let mut known = Table::with_capacity(count);
        for entry in bytes[8..].chunks_exact(ENTRY) {
            let key = u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
            known.set(key, entry[4] as i8);
        }
        Ok(Self { known })
    }

    /// What a feature weighs; 0 where the table does not know it.
    pub fn weight(&self, feature: u32) -> f32 {
        self.known.get(feature).map_or(0.0, |steps| f32::from(steps) / STEP)
    }

    /// Log odds of praise against blame in a stretch of a sentence, without the words that are to be skipped.
    pub fn read(&self, words: &Words, negation: &[bool], skipped: &[bool], range: Range<usize>) -> f32 {
        let mut sum = 0.0;
        let mut previous = None;
        for at in range {
            let word = words.key(at);
            if skipped[at] {
                previous = None;
                continue;
            }
            sum += self.weight(if negation[at] { negated(word) } else { word });
            sum += previous.map_or(0.0, |before| self.weight(pair_key(before, word)));
            previous = Some(word);
        }
        sum
    }
}

/// The bytes of a file, entries in the order of their keys.
pub fn encode(weights: &BTreeMap<u32, f32>) -> Vec<u8> {
    let step = |weight: f32| (weight * STEP).round().clamp(-127.0, 127.0) as i8;
    let entries: Vec<(u32, i8)> = weights
        .iter()
        .map(|(key, weight)| (*key, step(*weight)))
        .filter(|(key, step)| *key != 0 && *step != 0)
        .collect();
    let mut bytes = MAGIC.to_vec();
    bytes.extend((entries.len() as u32).to_le_bytes());
    for (key, step) in entries {
        bytes.extend(key.to_le_bytes());
        bytes.push(step as u8);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> f32 {
        let words = Words::new(text);
        Valence::shipped().read(&words, &under_negation(&words), &vec![false; words.len()], 0..words.len())
    }

    #[test]
    fn the_shipped_table_tells_praise_from_blame_and_knows_negation() {
        assert!(read("Touching and wonderfully observed.") > 0.5);
        assert!(read("A dull and lifeless mess.") < -0.5);
        assert!(read("never boring") > read("boring"));
    }

    #[test]
    fn a_negation_reaches_three_words_and_not_over_a_contrast() {
        let words = Words::new("It is not at all very good but great");
        assert_eq!(under_negation(&words), [false, false, false, true, true, true, false, false, false]);
        let words = Words::new("not only good");
        assert_eq!(under_negation(&words), [false, false, false]);
    }

    #[test]
    fn what_is_encoded_is_read_back_and_a_broken_file_refused() {
        let table = Valence::from_bytes(&encode(&BTreeMap::from([(7, 1.5), (8, -0.25), (9, 0.001)]))).unwrap();
        assert_eq!([7, 8, 9].map(|key| table.weight(key)), [1.5, -0.25, 0.0]);
        assert!(Valence::from_bytes(b"PQV1\x05\0\0\0abc").is_err());
        assert!(Valence::from_bytes(b"").is_err());
    }
}
