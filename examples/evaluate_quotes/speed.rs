//! Quotes a second on one core.

use std::time::{Duration, Instant};

use pullquote::quote;

use super::{Folders, marked};

/// Each review is quoted this many times.
const ROUNDS: usize = 5;

pub fn measure(folders: &Folders) -> anyhow::Result<()> {
    let Some(path) = folders.corpus("reasons/reasons.jsonl") else { return Ok(()) };
    let reviews: Vec<_> = marked::read_reasons(&path)?.iter().map(|m| m.review(true).0).collect();
    let characters: usize = reviews.iter().map(|r| r.body.len()).sum();
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let (start, cpu) = (Instant::now(), cpu_time());
        let quoted = reviews.iter().filter(|review| quote::choose(review, 300).quote.is_some()).count();
        anyhow::ensure!(quoted > 0, "no review was quoted");
        let taken = match (cpu, cpu_time()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => start.elapsed(),
        };
        best = best.min(taken.as_secs_f64());
    }
    println!(
        "{} reviews of {} characters on average: {:.0} a CPU second in the best of {ROUNDS} rounds",
        reviews.len(),
        characters / reviews.len().max(1),
        reviews.len() as f64 / best
    );
    Ok(())
}

/// The time this thread has had a processor, where the system tells (Linux); elsewhere the wall's clock must do.
fn cpu_time() -> Option<Duration> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    line.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
