//! Pullquote reads the places where reviews appear, quotes each critic fairly, and delivers a digest by
//! email and RSS on schedule.

pub mod app;
pub mod cli;
pub mod clock;
pub mod collect;
pub mod compose;
pub mod deliver;
pub mod model;
pub mod quote;
pub mod read;
pub mod render;
pub mod schedule;
pub mod settings;
pub mod store;
pub mod subscribers;
pub mod telemetry;
pub mod web;
