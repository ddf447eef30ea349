//! Pullquote reads the places where reviews appear, quotes each critic fairly, and delivers a digest by
//! email and RSS on schedule.

pub mod cli;
pub mod clock;
pub mod model;
pub mod quote;
pub mod read;
pub mod schedule;
pub mod settings;
pub mod telemetry;
