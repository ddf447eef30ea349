//! Phrases, looked for by the words they begin with: a few look-ups a word, instead of a pass over every letter.
//!
//! A phrase matches whole words; one that ends in `*` the beginning of a word; one that begins with `=` anywhere, for
//! scripts that put no space between words.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::words::{Words, key, pair_key};

/// Phrases with what each means.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    /// Which anchors there are at all, by some bits of theirs: most words are turned away here.
    seen: Vec<u64>,
    /// An anchor and its phrases among `entries`; open addressing, at most half full, an empty slot has no phrases.
    slots: Vec<(u32, Range<u32>)>,
    /// The bytes that a phrase has from its first word on, the space after it included where it ends with a word.
    entries: Vec<(Box<[u8]>, T)>,
    /// Those that stand anywhere, and what they mean.
    inside: Option<(AhoCorasick, Vec<T>)>,
}

/// Bits of `seen`: few phrases share one.
const BITS: usize = 1 << 15;
/// A beginning of a word is looked for by its first bytes.
const STEM: usize = 3;

impl<T: Copy> Phrases<T> {
    /// The phrases of some lines, parted by `|`, with what each line's mean.
    #[expect(clippy::expect_used, reason = "the phrases are constants, built by every test run")]
    pub fn of<'a>(lines: impl Iterator<Item = (&'a str, T)>) -> Self {
        let (mut anchored, mut inside, mut meaning) = (Vec::new(), Vec::new(), Vec::new());
        let phrases = lines.flat_map(|(line, means)| line.split('|').map(move |phrase| (phrase.trim(), means)));
        for (phrase, means) in phrases.filter(|(phrase, _)| !phrase.is_empty()) {
            match phrase.strip_prefix('=') {
                Some(text) => {
                    inside.push(text);
                    meaning.push(means);
                }
                None => anchored.push((anchor(phrase), phrase, means)),
            }
        }
        anchored.sort_by_key(|(anchor, ..)| *anchor);
        let mut found = Self {
            seen: vec![0; BITS / 64],
            slots: vec![(0, 0..0); (anchored.len() * 2).next_power_of_two().max(2)],
            entries: Vec::with_capacity(anchored.len()),
            inside: (!inside.is_empty()).then(|| (AhoCorasick::new(inside).expect("constant phrases"), meaning)),
        };
        for (anchor, phrase, means) in anchored {
            let at = found.entries.len() as u32;
            let text = phrase.strip_suffix('*').map_or_else(|| format!("{phrase} "), str::to_owned);
            found.entries.push((text.into_bytes().into_boxed_slice(), means));
            let slot = found.slot(anchor);
            let known = &mut found.slots[slot];
            *known = (anchor, if known.1.is_empty() { at..at + 1 } else { known.1.start..at + 1 });
            let bit = bit(anchor);
            found.seen[bit / 64] |= 1 << (bit % 64);
        }
        found
    }

    /// The slot of an anchor, or the empty one where it would go.
    fn slot(&self, anchor: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = anchor as usize & mask;
        while self.slots[at].0 != anchor && !self.slots[at].1.is_empty() {
            at = (at + 1) & mask;
        }
        at
    }

    /// Tells of every phrase in a text, one within another too: which bytes of [`Words::text`] it takes with the
    /// spaces around it, and what it means. In the order of their first words.
    pub fn find(&self, words: &Words, mut tell: impl FnMut(Range<usize>, T)) {
        let text = words.text().as_bytes();
        let keys = words.keys();
        for (at, &first) in keys.iter().enumerate() {
            let start = words.start(at);
            let rest = &text[start..];
            let pair = keys.get(at + 1).map(|&second| pair_key(first, second));
            let stem = rest.get(..STEM).map(stem_key);
            for anchor in [Some(first), pair, stem].into_iter().flatten() {
                let bit = bit(anchor);
                if self.seen[bit / 64] & (1 << (bit % 64)) == 0 {
                    continue;
                }
                let (_, range) = &self.slots[self.slot(anchor)];
                for (phrase, means) in &self.entries[range.start as usize..range.end as usize] {
                    if rest.starts_with(phrase) {
                        tell(start - 1..start + phrase.len(), *means);
                    }
                }
            }
        }
        if let Some((finder, meaning)) = self.inside.as_ref().filter(|_| words.is_wide()) {
            for hit in finder.find_overlapping_iter(words.text()) {
                tell(hit.range(), meaning[hit.pattern().as_usize()]);
            }
        }
    }
}

fn bit(anchor: u32) -> usize {
    (anchor.wrapping_mul(0x9e37_79b1) >> 17) as usize % BITS
}

fn stem_key(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x51ed_270b, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// By what a phrase is looked for: its first two words where both are whole, else its first, else the first bytes of
/// the beginning of a word that it is.
fn anchor(phrase: &str) -> u32 {
    let mut words = phrase.split(' ');
    let whole = |word: &&str| !word.ends_with('*');
    match (words.next().filter(whole), words.next().filter(whole)) {
        (Some(first), Some(second)) => pair_key(key(first), key(second)),
        (Some(first), None) => key(first),
        (None, _) => stem_key(&phrase.as_bytes()[..STEM.min(phrase.len() - 1)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &'static str, text: &str) -> Vec<String> {
        let words = Words::new(text);
        let mut found = Vec::new();
        Phrases::of([(phrases, ())].into_iter())
            .find(&words, |range, ()| found.push(words.text()[range].trim().to_owned()));
        found
    }

    #[test]
    fn phrases_are_whole_words_stems_beginnings_and_marked_ones_stand_anywhere() {
        let phrases = "film|the film|in the end she|recommend*|set design*|=素晴らし";
        assert_eq!(found(phrases, "The film: recommended, its films not"), ["the film", "film", "recommend"]);
        assert_eq!(found(phrases, "In the end, she left the set designer"), ["in the end she", "set design"]);
        assert_eq!(found(phrases, "とても素晴らしい映画だ。"), ["素晴らし"]);
        assert_eq!(found(phrases, "re"), [""; 0]);
    }

    #[test]
    fn no_stem_is_shorter_than_it_is_looked_for_by() {
        let short = super::super::cue::lines().chain(super::super::polarity::lines()).flat_map(|line| line.split('|'));
        let stems = short.filter_map(|phrase| phrase.trim().strip_suffix('*')).filter(|stem| !stem.contains(' '));
        let stems: Vec<&str> = stems.collect();
        assert!(stems.len() > 20 && stems.iter().all(|stem| stem.len() >= STEM));
    }
}
