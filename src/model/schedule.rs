//! When a digest is due.

/// When issues are due.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// As written.
    pub text: String,
}
