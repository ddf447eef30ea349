//! Reviews run together: where a new voice begins.
use std::ops::Range;

/// One voice: its stretch in bytes, and the byte positions inside (relative to the stretch) where another may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The stretch.
    pub range: Range<usize>,
    /// Possible further cuts, relative to its start.
    pub seams: Vec<usize>,
}

/// The voices of a text.
pub fn voices(text: &str) -> Vec<Voice> {
    vec![Voice { range: 0..text.len(), seams: Vec::new() }]
}
