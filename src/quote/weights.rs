//! The trained table: how far a word or pair of words speaks for opinion against plot, for praise against blame
//! within a sentence, and for a review that praises against one that blames.
//!
//! Made by `examples/train_subjectivity.rs`; what it is trained on and how good it is, in `docs/quotes.md`.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    table::Table,
    words::{Words, pair_key},
};

/// What the table knows of a word or pair.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Entry {
    /// Log odds of opinion against plot narration.
    pub opinion: f32,
    /// Log odds of praise against blame.
    pub praise: f32,
    /// Weight of a review that praises against one that blames.
    pub favour: f32,
    /// Hu and Liu's lexicon: 1 positive, -1 negative, 0 not in it.
    pub lexicon: i8,
}

/// Bytes by which a weights file begins: name and version.
const MAGIC: &[u8; 4] = b"PQW2";
/// Weights are stored in steps of a sixteenth.
const STEP: f32 = 16.0;
/// Bytes of one entry: key, opinion, praise, favour, lexicon.
const ENTRY: usize = 8;

/// The table.
#[derive(Debug)]
pub struct Weights {
    known: Table<Stored>,
}

/// What is known of a key as it is stored, small so that the table stays near the processor: opinion, praise and favour
/// in steps, and the lexicon's sign.
type Stored = [i8; 4];

fn entry([opinion, praise, favour, lexicon]: Stored) -> Entry {
    let value = |step: i8| f32::from(step) / STEP;
    Entry { opinion: value(opinion), praise: value(praise), favour: value(favour), lexicon }
}

/// A file that is no weights file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a weights file: it must begin with PQW2 and hold {expected} bytes, and holds {found}; train it anew")]
pub struct BadWeights {
    expected: usize,
    found: usize,
}

/// The sums over one sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reading {
    /// Sum of log odds of opinion against plot.
    pub opinion: f32,
    /// Sum of log odds of praise against blame.
    pub praise: f32,
    /// Sum of weights of a review that praises against one that blames.
    pub favour: f32,
    /// Share of the words that the table knows, 0 to 1: low in a language it was not trained on.
    pub known: f32,
}

impl Weights {
    /// The table that ships.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
            Weights::from_bytes(include_bytes!("weights/opinion.bin"))
                .unwrap_or(Weights { known: Table::with_capacity(0) })
        });
        &SHIPPED
    }

    /// Reads a weights file.
    ///
    /// # Errors
    /// Where the bytes are not what [`encode`] writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadWeights> {
        let count = match bytes {
            [a, b, c, d, n0, n1, n2, n3, ..] if [*a, *b, *c, *d] == *MAGIC => {
                u32::from_le_bytes([*n0, *n1, *n2, *n3]) as usize
            }
            _ => return Err(BadWeights { expected: 8, found: bytes.len() }),
        };
        let expected = count.saturating_mul(ENTRY).saturating_add(8);
        if bytes.len() != expected {
            return Err(BadWeights { expected, found: bytes.len() });
        }
        let mut known = Table::with_capacity(count);
        for entry in bytes[8..].chunks_exact(ENTRY) {
            let key = u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
            known.set(key, [entry[4], entry[5], entry[6], entry[7]].map(|byte| byte as i8));
        }
        Ok(Self { known })
    }

    /// What is known of a key.
    pub fn get(&self, key: u32) -> Option<Entry> {
        self.known.get(key).map(entry)
    }

    /// Whether the word of a key is positive (1) or negative (-1) in the lexicon, or not in it (0).
    pub fn lexicon(&self, key: u32) -> i8 {
        self.known.get(key).map_or(0, |[.., sign]| sign)
    }

    /// Sums the weights of a sentence's words and pairs, each distinct one once per place.
    pub fn read(&self, words: &Words) -> Reading {
        let mut reading = Reading::default();
        let mut known = 0;
        let mut previous = None;
        let mut add = |key| {
            let entry = self.get(key)?;
            reading.opinion += entry.opinion;
            reading.praise += entry.praise;
            reading.favour += entry.favour;
            Some(())
        };
        for &this in words.keys() {
            known += usize::from(add(this).is_some());
            previous.and_then(|p| add(pair_key(p, this)));
            previous = Some(this);
        }
        reading.known = known as f32 / words.len().max(1) as f32;
        reading
    }
}

/// The bytes of a weights file, entries in the order of their keys.
pub fn encode(entries: &BTreeMap<u32, Entry>) -> Vec<u8> {
    let entries: Vec<_> = entries.iter().filter(|(key, _)| **key != 0).collect();
    let mut bytes = MAGIC.to_vec();
    bytes.extend((entries.len() as u32).to_le_bytes());
    let step = |value: f32| (value * STEP).round().clamp(-127.0, 127.0) as i8 as u8;
    for (key, entry) in entries {
        bytes.extend(key.to_le_bytes());
        bytes.extend([step(entry.opinion), step(entry.praise), step(entry.favour), entry.lexicon as u8]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_tells_opinion_from_plot_and_praise_from_blame() {
        let read = |text: &str| Weights::shipped().read(&Words::new(text));
        assert!(read("A clever, moving and beautifully acted film.").opinion > 0.0);
        assert!(read("The detective finds the girl and follows her brother to the house.").opinion < 0.0);
        assert!(read("Touching and wonderfully observed.").praise > 0.0);
        assert!(read("A dull and lifeless mess.").praise < 0.0);
    }

    #[test]
    fn a_broken_file_is_refused() {
        assert!(Weights::from_bytes(b"PQW2\x05\0\0\0abc").is_err());
        assert!(Weights::from_bytes(b"").is_err());
    }

    #[test]
    fn what_is_encoded_is_read_back() {
        let entry = Entry { opinion: 1.5, praise: -0.25, favour: 0.5, lexicon: -1 };
        let table = Weights::from_bytes(&encode(&BTreeMap::from([(7, entry)]))).unwrap();
        assert_eq!(table.get(7), Some(entry));
        assert_eq!(table.get(8), None);
    }
}
