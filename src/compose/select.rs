//! Which of the eligible reviews are quoted, which are listed by link, and which are left out.
//!
//! Order is decided here as well: featured first, then as the digest says. Grouping by work is in [`super::group`].

use std::cmp::Ordering;

use super::{Candidate, judge, limits::Limits};
use crate::{
    model::{
        Digest, Review, Window,
        digest::{FeaturedRule, Order, Select},
        issue::{DropRule, Dropped},
    },
    quote::Duplicates,
};

/// A review that is in the issue.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub candidate: Candidate,
    pub featured: bool,
    /// No news: it makes up the number.
    pub archive: bool,
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

/// Applies eligibility and filters, then duplicates, then limits; then makes up the number from the archive.
pub(super) fn select(candidates: Vec<Candidate>, window: Window, digest: &Digest) -> Selection {
    let rules = &digest.select;
    let mut selection = Selection::default();
    let (mut eligible, mut older) = (Vec::new(), Vec::new());
    for candidate in candidates {
        match admit(&candidate, window, rules) {
            Ok(featured) => eligible.push(Chosen { candidate, featured, archive: false }),
            // What makes up the number is no news: that it is old needs no reason.
            Err(DropRule::BeforeWindow | DropRule::Seeded) if rules.archive > 0 => {
                older.push(Chosen { candidate, featured: false, archive: true });
            }
            Err(rule) => selection.dropped.push(Dropped { review: candidate.review.id, rule }),
        }
    }
    arrange(&mut eligible, rules);
    let unique = drop_duplicates(eligible, &mut selection.dropped);
    let mut limits = Limits::new(rules);
    for next in unique {
        match limits.take(&next.candidate) {
            Ok(()) => selection.quoted.push(next),
            Err(rule) => {
                selection.dropped.push(Dropped { review: next.candidate.review.id.clone(), rule });
                selection.more.push(next);
            }
        }
    }
    if rules.order == Order::Title {
        selection.quoted.sort_by(|a, b| first(a, b, rules.featured).then_with(|| title(a).cmp(&title(b))));
    }
    fill_up(&mut selection, older, &mut limits, rules);
    selection
}

fn admit(candidate: &Candidate, window: Window, rules: &Select) -> Result<bool, DropRule> {
    let review = &candidate.review;
    let starred = if candidate.picked {
        candidate.standing.freshly_featured()
    } else {
        let starred = judge(&candidate.standing, window, rules.featured)?;
        rules.refuses(review).map_or(Ok(starred), Err)?
    };
    if candidate.choice.quote.is_none() && review.rating.is_none() && review.url.is_none() {
        return Err(DropRule::Empty);
    }
    Ok(starred)
}

/// Older reviews make up the number that a digest wishes, beside news: those with something to quote, in the same
/// order.
fn fill_up(selection: &mut Selection, mut older: Vec<Chosen>, limits: &mut Limits<'_>, rules: &Select) {
    if selection.quoted.is_empty() {
        return;
    }
    older.retain(|old| old.candidate.choice.quote.is_some() && rules.refuses(&old.candidate.review).is_none());
    arrange(&mut older, rules);
    let mut known = Duplicates::default();
    for shown in selection.quoted.iter().chain(&selection.more) {
        known.admit(&shown.candidate.review);
    }
    for old in older {
        if selection.quoted.len() >= rules.archive {
            break;
        }
        if known.find(&old.candidate.review).is_none() && limits.take(&old.candidate).is_ok() {
            known.admit(&old.candidate.review);
            selection.quoted.push(old);
        }
    }
}

/// Featured first where the digest says so, then what has a text before what is only rated, so that a diary full of
/// stars crowds out no critic's words; then as the digest says. The id settles ties, so that the order never
/// depends on the database's.
fn arrange(chosen: &mut [Chosen], rules: &Select) {
    chosen.sort_by(|a, b| {
        let arrived = |c: &Chosen| c.candidate.standing.arrived_at;
        let by_order = match rules.order {
            Order::Newest | Order::Title => newest(a, b).then_with(|| arrived(b).cmp(&arrived(a))),
            Order::Oldest => oldest(a, b).then_with(|| arrived(a).cmp(&arrived(b))),
            Order::Best => best(a, b).then_with(|| newest(a, b)).then_with(|| arrived(b).cmp(&arrived(a))),
        };
        first(a, b, rules.featured).then(by_order).then_with(|| a.candidate.review.id.cmp(&b.candidate.review.id))
    });
}

/// What goes before everything else.
fn first(a: &Chosen, b: &Chosen, featured: FeaturedRule) -> Ordering {
    let star = |c: &Chosen| featured != FeaturedRule::Ignore && c.featured;
    star(b).cmp(&star(a)).then_with(|| a.candidate.rating_only().cmp(&b.candidate.rating_only()))
}

fn day(chosen: &Chosen) -> Option<jiff::civil::Date> {
    chosen.candidate.review.published.map(|published| published.day())
}

/// What has no date comes last.
fn newest(a: &Chosen, b: &Chosen) -> Ordering {
    day(b).cmp(&day(a))
}

fn oldest(a: &Chosen, b: &Chosen) -> Ordering {
    day(a).is_none().cmp(&day(b).is_none()).then_with(|| day(a).cmp(&day(b)))
}

fn best(a: &Chosen, b: &Chosen) -> Ordering {
    let score = |review: &Review| review.rating.as_ref().map_or(-1.0, |rating| rating.score.value());
    score(&b.candidate.review).total_cmp(&score(&a.candidate.review))
}

/// What has no title comes last.
fn title(chosen: &Chosen) -> (bool, Option<String>) {
    let key = chosen.candidate.review.work.title_key();
    (key.is_none(), key)
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
