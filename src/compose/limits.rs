//! How many reviews are quoted: in all, of one source, of one reviewer, on one work.

use std::collections::HashMap;

use super::Candidate;
use crate::model::{digest::Select, issue::DropRule, text::norm};

/// The limits of a digest, and what of them is used up.
pub(super) struct Limits<'a> {
    rules: &'a Select,
    quoted: usize,
    by_source: HashMap<String, usize>,
    by_reviewer: HashMap<String, usize>,
    by_work: HashMap<String, usize>,
}

impl<'a> Limits<'a> {
    pub fn new(rules: &'a Select) -> Self {
        let empty = HashMap::new;
        Self { rules, quoted: 0, by_source: empty(), by_reviewer: empty(), by_work: empty() }
    }

    /// Counts a review in.
    ///
    /// # Errors
    /// The limit that is used up; then it is not counted.
    pub fn take(&mut self, candidate: &Candidate) -> Result<(), DropRule> {
        let review = &candidate.review;
        // Who is not named shares nobody's part.
        let reviewer = review.reviewer.as_deref().map(norm);
        let work = candidate.work_slug.clone().or_else(|| review.work.title_key());
        let full = |used: &HashMap<String, usize>, key: Option<&String>, most: Option<usize>| {
            key.zip(most).is_some_and(|(key, most)| used.get(key).is_some_and(|used| *used >= most))
        };
        if full(&self.by_source, Some(&candidate.locator), self.rules.per_source) {
            return Err(DropRule::PerSource);
        }
        if full(&self.by_reviewer, reviewer.as_ref(), self.rules.per_reviewer) {
            return Err(DropRule::PerReviewer);
        }
        if full(&self.by_work, work.as_ref(), self.rules.per_work) {
            return Err(DropRule::PerWork);
        }
        if self.quoted >= self.rules.maximum {
            return Err(DropRule::Maximum);
        }
        self.quoted += 1;
        *self.by_source.entry(candidate.locator.clone()).or_default() += 1;
        for (used, key) in [(&mut self.by_reviewer, reviewer), (&mut self.by_work, work)] {
            if let Some(key) = key {
                *used.entry(key).or_default() += 1;
            }
        }
        Ok(())
    }
}
