//! Pages.
use super::{Document, Reading};

/// Reads a page.
pub fn read(_document: &Document, _text: &str) -> Reading {
    Reading::default()
}
