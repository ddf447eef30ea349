//! Reviews quoted, by work: one block a work, with the spread of its ratings and what its critics say alike.

use super::{Candidate, select::Chosen};
use crate::{
    model::{
        IssueReview, WorkBlock,
        digest::FeaturedRule,
        rating::Spread,
        work::{Work, same_person},
    },
    quote::agree,
};

/// Groups reviews by work. A work stands where its best review stood; a review without a work stands alone.
pub(super) fn by_work(chosen: Vec<Chosen>, featured: FeaturedRule) -> Vec<WorkBlock> {
    let mut groups: Vec<Vec<Chosen>> = Vec::new();
    for next in chosen {
        match groups.iter_mut().find(|group| same_work(&group[0], &next)) {
            Some(group) => group.push(next),
            None => groups.push(vec![next]),
        }
    }
    if featured == FeaturedRule::Ignore {
        for review in groups.iter_mut().flatten() {
            review.featured = false;
        }
    }
    groups.into_iter().map(block).collect()
}

fn same_work(a: &Chosen, b: &Chosen) -> bool {
    match (&a.candidate.work_slug, &b.candidate.work_slug) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.candidate.review.work.same_as(&b.candidate.review.work),
        _ => false,
    }
}

fn block(group: Vec<Chosen>) -> WorkBlock {
    let reviews: Vec<_> = group.iter().map(|chosen| &chosen.candidate.review).collect();
    let score = Spread::of(reviews.iter().filter_map(|review| review.rating.as_ref()));
    let agreement = agree(&reviews);
    let mut work = Work::default();
    for review in &reviews {
        work.fill_from(&review.work);
        for creator in &review.work.creators {
            if !work.creators.iter().any(|known| same_person(known, creator)) {
                work.creators.push(creator.clone());
            }
        }
    }
    WorkBlock {
        work,
        slug: group[0].candidate.work_slug.clone(),
        score,
        agreement,
        reviews: group.into_iter().map(issue_review).collect(),
    }
}

fn issue_review(chosen: Chosen) -> IssueReview {
    let Candidate { review, choice, source_name, .. } = chosen.candidate;
    IssueReview {
        id: review.id,
        reviewer: review.reviewer,
        source: source_name,
        url: review.url,
        published: review.published,
        rating: review.rating,
        language: review.language,
        quote: choice.quote,
        withheld: choice.withheld,
        featured: chosen.featured,
    }
}
