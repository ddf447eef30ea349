//! Which of the eligible reviews are quoted, which are listed by link, and which are left out.
//!
//! Order is decided here as well: featured first, then the newest. Grouping by work is in [`super::group`].

use std::collections::HashMap;

use super::{Candidate, judge};
use crate::{
    model::{
        Digest, Window,
        digest::FeaturedRule,
        issue::{DropRule, Dropped},
    },
    quote::Duplicates,
};

/// A review that is in the issue.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub candidate: Candidate,
    pub featured: bool,
}

/// What became of the candidates.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Quoted, in order.
    pub quoted: Vec<Chosen>,
    /// Beyond a limit: listed by link, in order.
    pub more: Vec<Chosen>,
    /// Left out, or listed instead of quoted, with the rule.
    pub dropped: Vec<Dropped>,
}

/// Applies eligibility, then duplicates, then limits.
pub(super) fn select(candidates: Vec<Candidate>, window: Window, digest: &Digest) -> Selection {
    let mut selection = Selection::default();
    let mut eligible = Vec::new();
    for candidate in candidates {
        match admit(&candidate, window, digest.select.featured) {
            Ok(featured) => eligible.push(Chosen { candidate, featured }),
            Err(rule) => selection.dropped.push(Dropped { review: candidate.review.id, rule }),
        }
    }
    order(&mut eligible, digest.select.featured);
    let unique = drop_duplicates(eligible, &mut selection.dropped);
    apply_limits(unique, digest, &mut selection);
    selection
}

fn admit(candidate: &Candidate, window: Window, featured: FeaturedRule) -> Result<bool, DropRule> {
    let review = &candidate.review;
    let starred = if candidate.picked {
        candidate.standing.freshly_featured()
    } else {
        judge(&candidate.standing, window, featured)?
    };
    if candidate.choice.quote.is_none() && review.rating.is_none() && review.url.is_none() {
        return Err(DropRule::Empty);
    }
    Ok(starred)
}

/// Featured first where the digest says so, then what has a text before what is only rated, so that a diary full of
/// stars crowds out no critic's words; then the newest. The id settles ties, so that the order never
/// depends on the database's.
fn order(chosen: &mut [Chosen], featured: FeaturedRule) {
    chosen.sort_by(|a, b| {
        let star = |c: &Chosen| featured != FeaturedRule::Ignore && c.featured;
        let newest = |c: &Chosen| c.candidate.review.published.map(|p| p.day());
        star(b)
            .cmp(&star(a))
            .then_with(|| a.candidate.rating_only().cmp(&b.candidate.rating_only()))
            .then_with(|| newest(b).cmp(&newest(a)))
            .then_with(|| b.candidate.standing.arrived_at.cmp(&a.candidate.standing.arrived_at))
            .then_with(|| a.candidate.review.id.cmp(&b.candidate.review.id))
    });
}

fn drop_duplicates(chosen: Vec<Chosen>, dropped: &mut Vec<Dropped>) -> Vec<Chosen> {
    let mut known = Duplicates::default();
    let mut unique: Vec<Chosen> = Vec::with_capacity(chosen.len());
    for next in chosen {
        match known.admit(&next.candidate.review) {
            Some(_) => dropped.push(Dropped { review: next.candidate.review.id, rule: DropRule::Duplicate }),
            None => unique.push(next),
        }
    }
    unique
}

fn apply_limits(chosen: Vec<Chosen>, digest: &Digest, selection: &mut Selection) {
    let mut by_source: HashMap<String, usize> = HashMap::new();
    for next in chosen {
        let from_source = by_source.entry(next.candidate.locator.clone()).or_default();
        let beyond = if digest.select.per_source.is_some_and(|limit| *from_source >= limit) {
            Some(DropRule::PerSource)
        } else if selection.quoted.len() >= digest.select.maximum {
            Some(DropRule::Maximum)
        } else {
            None
        };
        match beyond {
            Some(rule) => {
                selection.dropped.push(Dropped { review: next.candidate.review.id.clone(), rule });
                selection.more.push(next);
            }
            None => {
                *from_source += 1;
                selection.quoted.push(next);
            }
        }
    }
}
