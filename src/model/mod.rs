//! The nouns of the house: plain data and pure rules.
//!
//! Here live reviews, works, ratings, quotes, digests, issues, subscribers and deliveries, the digest
//! file and the rule for the next due time. No I/O, no clock, no randomness, no async: what needs the
//! time is handed it. How things are found in documents is in [`crate::read`], how they are kept in
//! [`crate::store`].

pub mod address;
pub mod bounce;
pub mod delivery;
pub mod digest;
pub mod draft;
pub mod duration;
pub mod issue;
pub mod line;
pub mod moment;
pub mod outside_id;
pub mod problem;
pub mod quote;
pub mod quote_decision;
pub mod rate;
pub mod rating;
pub mod review;
pub mod schedule;
pub mod span;
pub mod subscriber;
pub mod text;
pub mod toml_file;
pub mod work;

pub use address::{DisplayName, EmailAddress, Mailbox};
pub use delivery::{Books, DeliveryState};
pub use digest::{Digest, DigestName};
pub use draft::Draft;
pub use issue::{Issue, IssueReview, Window, WorkBlock};
pub use line::Line;
pub use outside_id::{Catalogue, OutsideId};
pub use problem::Problem;
pub use quote::Quote;
pub use quote_decision::QuoteDecision;
pub use rating::{Confidence, Rating, RatingKind, Score};
pub use review::{Details, Published, Review, ReviewId};
pub use span::{Body, Span};
pub use subscriber::{Subscriber, SubscriberState};
pub use work::{Work, WorkKind};
