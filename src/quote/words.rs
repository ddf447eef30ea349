//! Words of a sentence in the form in which all word rules read them: lower case, one space apart, with a
//! space at both ends, so that a phrase is found as ` phrase ` without a look at its edges.
//!
//! The same form is used in training, so that a weight learnt is a weight found.

/// A text as lower-case words.
#[derive(Debug, Clone, Default)]
pub struct Words {
    text: String,
    ends: Vec<(u32, u32)>,
    upper: Vec<bool>,
    keys: Vec<u32>,
}

/// Words whose `'s` is "is" or "us" rather than a possessive, and is kept.
const CONTRACTED: [&str; 11] = ["it", "that", "he", "she", "what", "there", "who", "here", "let", "this", "where"];

impl Words {
    /// Takes a text apart. Hyphens part words; an apostrophe inside a word stays, a possessive `'s` goes.
    pub fn new(text: &str) -> Self {
        let mut out = Self {
            text: String::with_capacity(text.len() + 2),
            ends: Vec::with_capacity(text.len() / 5),
            upper: Vec::new(),
            keys: Vec::new(),
        };
        out.text.push(' ');
        let mut chars = text.chars().peekable();
        let mut start = out.text.len();
        let mut upper = false;
        while let Some(c) = chars.next() {
            if out.text.len() == start {
                upper = c.is_uppercase();
            }
            if c.is_ascii_alphanumeric() {
                out.text.push(c.to_ascii_lowercase());
            } else if c.is_alphanumeric() {
                out.text.extend(c.to_lowercase());
            } else if matches!(c, '\'' | '’')
                && out.text.len() > start
                && chars.peek().is_some_and(|n| n.is_alphabetic())
            {
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
        self.ends.push((*start as u32, self.text.len() as u32));
        self.keys.push(key(&self.text[*start..]));
        self.upper.push(upper);
        self.text.push(' ');
        *start = self.text.len();
    }

    /// The whole, with a space at both ends.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many words.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The word at a place; empty past the end.
    pub fn get(&self, at: usize) -> &str {
        self.ends.get(at).map_or("", |&(start, end)| &self.text[start as usize..end as usize])
    }

    /// Whether the word at a place began with a capital letter.
    pub fn is_upper(&self, at: usize) -> bool {
        self.upper.get(at).copied().unwrap_or(false)
    }

    /// The first words, one space apart; the whole where there are fewer.
    pub fn beginning(&self, count: usize) -> &str {
        let last = self.ends.get(count.wrapping_sub(1)).or(self.ends.last());
        last.map_or("", |&(_, end)| &self.text[1..end as usize])
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
        self.ends.iter().map(|&(start, end)| &self.text[start as usize..end as usize])
    }

    /// The place of the word that begins at a byte of [`text`](Self::text).
    pub fn at_byte(&self, byte: usize) -> usize {
        self.ends.partition_point(|&(start, _)| (start as usize) < byte)
    }
}

/// The key of a word in the weights: FNV-1a, 32 bits.
pub fn key(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
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
