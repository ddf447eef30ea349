//! Pullquote reads the places where reviews appear, quotes each critic fairly, and delivers a digest by
//! email and RSS on schedule.

pub mod cli;
pub mod clock;
pub mod collect;
pub mod model;
pub mod quote;
pub mod read;
