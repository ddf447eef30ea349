//! The clock that everything is handed: the system's, or one that a test moves by hand.
//!
//! Nothing else in the house asks what time it is.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// Tells the time.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's.
    System,
    /// One that stands still until it is set.
    Manual(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// A clock that stands at `at` until it is [set](Self::set).
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(Mutex::new(at)))
    }

    /// Now, in whole milliseconds: what the store keeps is what was meant.
    pub fn now(&self) -> Timestamp {
        let now = match self {
            Self::System => Timestamp::now(),
            Self::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        };
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Moves a manual clock; the system's stays as it is.
    pub fn set(&self, to: Timestamp) {
        if let Self::Manual(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}
