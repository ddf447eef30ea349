//! The promise: reading takes time in step with length, whatever a stranger repeats.
//!
//! Measured as a ratio of costs on one machine, the least of several tries, so that neither a slow machine nor
//! a busy one fails it. `cargo test --test linear_time -- --nocapture` prints the dearest.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::time::Duration;

#[path = "support/repetition.rs"]
mod repetition;

use repetition::{PROSE, WAYS, Way, cost, repeated};

/// The lengths compared, in bytes.
const SHORT: usize = 12_000;
const LONG: usize = 4 * SHORT;
/// Four times as much may cost so many times as much: in step would be 4, a look back at every mark 16.
const MOST: f64 = 10.0;
/// What costs less than so many times what prose of the same length does is dear to nobody, however it grows.
const DEAR: u32 = 3;
/// A busy machine can spoil a measurement; it cannot spoil all of so many.
const ATTEMPTS: usize = 6;

/// How the cost of a repeated mark grows from the short to the long text; `None` where it is not dear.
fn growth(way: &Way, mark: &str, dear: Duration) -> Option<f64> {
    let (short, long) = (repeated(mark, SHORT), repeated(mark, LONG));
    let mut least = f64::MAX;
    for attempt in 1..=ATTEMPTS {
        let costs = cost(way, &long, attempt);
        if costs <= dear {
            return None;
        }
        let before = cost(way, &short, attempt + 1).max(Duration::from_micros(50));
        least = least.min(costs.as_secs_f64() / before.as_secs_f64());
        if least <= MOST {
            break;
        }
    }
    Some(least)
}

fn grows_in_step(name: &str) {
    let way = WAYS.iter().find(|way| way.name == name).unwrap();
    let prose = cost(way, &repeated(PROSE, LONG), 3);
    for mark in way.marks.iter().copied().flatten() {
        if let Some(growth) = growth(way, mark, prose * DEAR) {
            println!("{name}: {mark:?} grows {growth:.1} times");
            assert!(growth <= MOST, "{name}: {mark:?} four times as often costs {growth:.1} times as much");
        }
    }
}

#[test]
fn texts_cost_in_step_with_their_length() {
    grows_in_step("text");
    grows_in_step("text under a header");
}

#[test]
fn markdown_costs_in_step_with_its_length() {
    grows_in_step("markdown");
    grows_in_step("front matter");
}

#[test]
fn pages_cost_in_step_with_their_length() {
    grows_in_step("page");
}

#[test]
fn feeds_cost_in_step_with_their_length() {
    grows_in_step("feed");
    grows_in_step("entry of a feed");
}

#[test]
fn ratings_cost_in_step_with_the_length_of_the_text() {
    grows_in_step("rating");
}

#[test]
fn quotes_cost_in_step_with_the_length_of_the_review() {
    grows_in_step("quote");
}
