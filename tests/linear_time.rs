//! The promise: reading takes time in step with length, whatever a stranger repeats.
//!
//! Measured as a ratio of costs on one machine, the least of several tries, so that neither a slow machine nor
//! a busy one fails it. Every run tries the marks that were traps once; docs/benchmarks.md tells how to try all.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::time::Duration;

#[path = "support/repetition.rs"]
mod repetition;

use repetition::{PROSE, TRAPS, WAYS, Way, cost, repeated};

/// The lengths compared, in bytes.
const SHORT: usize = 6_000;
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
        let before = cost(way, &short, attempt);
        least = least.min(costs.as_secs_f64() / before.as_secs_f64());
        if least <= MOST {
            break;
        }
    }
    Some(least)
}

/// Asks of a way in that its cost grows in step, for these marks.
fn grows_in_step<'a>(way: &Way, marks: impl Iterator<Item = &'a str>) {
    let prose = cost(way, &repeated(PROSE, LONG), 3);
    for mark in marks {
        if let Some(growth) = growth(way, mark, prose * DEAR) {
            println!("{}: {mark:?} grows {growth:.1} times", way.name);
            assert!(growth <= MOST, "{}: {mark:?} four times as often costs {growth:.1} times as much", way.name);
        }
    }
}

fn traps_cost_in_step(name: &str) {
    let way = WAYS.iter().find(|way| way.name == name).unwrap();
    grows_in_step(way, TRAPS.iter().copied());
}

#[test]
fn texts_cost_in_step_with_their_length() {
    traps_cost_in_step("text under a header");
}

#[test]
fn markdown_costs_in_step_with_its_length() {
    traps_cost_in_step("markdown");
}

#[test]
fn pages_cost_in_step_with_their_length() {
    traps_cost_in_step("page");
}

#[test]
fn feeds_cost_in_step_with_their_length() {
    traps_cost_in_step("feed");
    traps_cost_in_step("entry of a feed");
}

#[test]
fn ratings_cost_in_step_with_the_length_of_the_text() {
    traps_cost_in_step("rating");
}

#[test]
fn quotes_cost_in_step_with_the_length_of_the_review() {
    traps_cost_in_step("quote");
}

#[test]
#[ignore = "takes minutes: every reader on every mark it looks for"]
fn whatever_is_repeated_costs_in_step() {
    for way in &WAYS {
        grows_in_step(way, way.marks.iter().copied().flatten().copied());
    }
}
