//! A table from keys of words to what is known of them, asked a hundred thousand times a second.

/// Open addressing, at most half full, behind a filter that turns most unknown keys away. Key 0 is never in it.
#[derive(Debug)]
pub(super) struct Table<V> {
    /// Which keys there may be: a bit for each, with some false alarms.
    seen: Vec<u64>,
    slots: Vec<(u32, V)>,
}

/// Bits of the filter for each key.
const BITS: usize = 16;

impl<V: Copy + Default> Table<V> {
    /// An empty table for so many keys.
    pub fn with_capacity(count: usize) -> Self {
        let size = (count * 2).next_power_of_two().max(2);
        Self { seen: vec![0; (count * BITS / 64).next_power_of_two()], slots: vec![(0, V::default()); size] }
    }

    /// Sets what is known of a key. No more keys fit than were planned for.
    pub fn set(&mut self, key: u32, value: V) {
        let (word, bit) = self.bit(key);
        self.seen[word] |= bit;
        let slot = self.slot(key);
        self.slots[slot] = (key, value);
    }

    /// What is known of a key.
    pub fn get(&self, key: u32) -> Option<V> {
        let (word, bit) = self.bit(key);
        if self.seen[word] & bit == 0 {
            return None;
        }
        let (found, value) = self.slots[self.slot(key)];
        (found == key && key != 0).then_some(value)
    }

    /// Whether nothing is in it.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.seen.iter().all(|bits| *bits == 0)
    }

    /// The slot that holds a key, or the empty one where it would go.
    fn slot(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots[at].0 != key && self.slots[at].0 != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    fn bit(&self, key: u32) -> (usize, u64) {
        let mixed = key.wrapping_mul(0x9e37_79b1);
        ((mixed >> 6) as usize & (self.seen.len() - 1), 1 << (mixed >> 26))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_knows_what_was_set_and_nothing_else() {
        let mut table = Table::with_capacity(3);
        assert!(table.is_empty());
        for (key, value) in [(7, 1), (15, 2), (7, 3)] {
            table.set(key, value);
        }
        assert_eq!([7, 15, 23, 0].map(|key| table.get(key)), [Some(3), Some(2), None, None]);
    }
}
