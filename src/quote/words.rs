//! Words of a sentence in the form in which all word rules read them: lower case, one space apart, with a
//! space at both ends, so that a phrase is found as ` phrase ` without a look at its edges.
//!
//! The same form is used in training, so that a weight learnt is a weight found.

/// A text as lower-case words.
#[derive(Debug, Clone, Default)]
pub struct Words {
    text: String,
    places: Vec<Place>,
    keys: Vec<u32>,
    wide: bool,
}

/// Where a word stands, in bytes, and whether it began with a capital letter.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
    upper: bool,
}

/// Words whose `'s` is "is" or "us" rather than a possessive, and is kept.
const CONTRACTED: [&str; 11] = ["it", "that", "he", "she", "what", "there", "who", "here", "let", "this", "where"];
/// From here on stand the scripts that put no space between words.
const WIDE: char = '\u{2E80}';

impl Words {
    /// Takes a text apart. Hyphens part words; an apostrophe inside a word stays, a possessive `'s` goes.
    pub fn new(text: &str) -> Self {
        let mut out = Self {
            text: String::with_capacity(text.len() + text.len() / 8 + 2),
            places: Vec::with_capacity(text.len() / 4 + 1),
            keys: Vec::with_capacity(text.len() / 4 + 1),
            wide: false,
        };
        out.text.push(' ');
        let mut start = out.text.len();
        let mut upper = false;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            if c.is_ascii_alphanumeric() {
                if out.text.len() == start {
                    upper = c.is_ascii_uppercase();
                }
                out.text.push(c.to_ascii_lowercase());
            } else if !c.is_ascii() && c.is_alphanumeric() {
                if out.text.len() == start {
                    upper = c.is_uppercase();
                }
                out.wide |= c >= WIDE;
                out.text.extend(c.to_lowercase());
            } else if matches!(c, '\'' | '’') && out.text.len() > start && rest.starts_with(char::is_alphabetic) {
                out.text.push('\'');
            } else {
                out.close(&mut start, upper);
            }
        }
        out.close(&mut start, upper);
        out
    }

    fn close(&mut self, start: &mut usize, upper: bool) {
        let word = &self.text[*start..];
        if word.is_empty() {
            return;
        }
        if let Some(stem) = word.strip_suffix("'s")
            && !CONTRACTED.contains(&stem)
        {
            let keep = self.text.len() - 2;
            self.text.truncate(keep);
        }
        self.places.push(Place { start: *start as u32, end: self.text.len() as u32, upper });
        self.keys.push(key(&self.text[*start..]));
        self.text.push(' ');
        *start = self.text.len();
    }

    /// The whole, with a space at both ends.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many words.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The word at a place; empty past the end.
    pub fn get(&self, at: usize) -> &str {
        self.places.get(at).map_or("", |place| &self.text[place.start as usize..place.end as usize])
    }

    /// The last word; empty where there is none.
    pub fn last(&self) -> &str {
        self.get(self.len().wrapping_sub(1))
    }

    /// Whether the word at a place began with a capital letter.
    pub fn is_upper(&self, at: usize) -> bool {
        self.places.get(at).is_some_and(|place| place.upper)
    }

    /// The first words, one space apart; the whole where there are fewer.
    pub fn beginning(&self, count: usize) -> &str {
        let last = self.places.get(count.wrapping_sub(1)).or(self.places.last());
        last.map_or("", |place| &self.text[1..place.end as usize])
    }

    /// The [`key`] of the word at a place; 0 past the end.
    pub fn key(&self, at: usize) -> u32 {
        self.keys.get(at).copied().unwrap_or(0)
    }

    /// The keys in order.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// The words in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| &self.text[place.start as usize..place.end as usize])
    }

    /// The place of the word that begins at a byte of [`text`](Self::text).
    pub fn at_byte(&self, byte: usize) -> usize {
        self.places.partition_point(|place| (place.start as usize) < byte)
    }

    /// The byte of [`text`](Self::text) at which the word at a place begins; past the end, the text's length.
    pub fn start(&self, at: usize) -> usize {
        self.places.get(at).map_or(self.text.len(), |place| place.start as usize)
    }

    /// Whether a letter stands there of a script that puts no space between words.
    pub fn is_wide(&self) -> bool {
        self.wide
    }

    /// Whether a word of this key stands there.
    pub fn has(&self, key: u32) -> bool {
        self.keys.contains(&key)
    }
}

/// The key of a word in the weights: FNV-1a, 32 bits.
pub const fn key(word: &str) -> u32 {
    let (bytes, mut hash, mut at) = (word.as_bytes(), 0x811c_9dc5_u32, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

/// The key of two words in a row.
pub fn pair_key(first: u32, second: u32) -> u32 {
    (first.rotate_left(13) ^ second).wrapping_mul(0x9e37_79b1) ^ 0x5bd1_e995
}

/// A list of words that is asked often, by [`key`].
#[derive(Debug)]
pub struct WordSet {
    slots: Vec<u32>,
}

impl WordSet {
    /// The set of the words of some lines, parted by spaces.
    pub fn of(lines: &[&str]) -> Self {
        let keys: Vec<u32> = lines.iter().flat_map(|line| line.split(' ')).map(key).collect();
        let mut set = Self { slots: vec![0; (keys.len() * 4).next_power_of_two().max(2)] };
        for key in keys {
            let slot = set.slot(key);
            set.slots[slot] = key;
        }
        set
    }

    fn slot(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots[at] != key && self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// Whether the word of this key is in the set.
    pub fn has(&self, key: u32) -> bool {
        key != 0 && self.slots[self.slot(key)] == key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_lower_case_without_possessives() {
        let words = Words::new("The film’s “half-baked” plot isn't Ann's. It's ÉPIQUE!");
        assert_eq!(words.text(), " the film half baked plot isn't ann it's épique ");
        assert_eq!((words.get(1), words.get(99), words.len()), ("film", "", 9));
        assert_eq!((words.last(), Words::new("").last()), ("épique", ""));
        assert_eq!(words.at_byte(5), 1);
        assert_eq!((words.beginning(2), words.beginning(99)), ("the film", words.text().trim()));
    }

    #[test]
    fn a_set_holds_its_words_and_no_others() {
        let set = WordSet::of(&["one two", "three"]);
        assert!(["one", "two", "three"].iter().all(|w| set.has(key(w))));
        assert!(!set.has(key("four")) && !set.has(0));
    }

    #[test]
    fn the_order_of_a_pair_matters() {
        assert_ne!(pair_key(key("not"), key("good")), pair_key(key("good"), key("not")));
    }
}
