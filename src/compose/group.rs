//! Reviews quoted, by work: one block a work, with the spread of its ratings and what its critics say alike.

use super::{Candidate, select::Chosen};
use crate::{
    model::{
        Digest, IssueReview, Quote, WorkBlock,
        digest::{FeaturedRule, SpoilerRule},
        rating::Spread,
        work::{Work, same_person},
    },
    quote::{agree, choose_hidden, complement},
};

/// Groups reviews by work. A work stands where its best review stood; a review without a work stands alone.
pub(super) fn by_work(chosen: Vec<Chosen>, digest: &Digest) -> Vec<WorkBlock> {
    let mut groups: Vec<Vec<Chosen>> = Vec::new();
    for next in chosen {
        match groups.iter_mut().find(|group| same_work(&group[0], &next)) {
            Some(group) => group.push(next),
            None => groups.push(vec![next]),
        }
    }
    if digest.select.featured == FeaturedRule::Ignore {
        for review in groups.iter_mut().flatten() {
            review.featured = false;
        }
    }
    groups.into_iter().map(|group| block(group, digest)).collect()
}

fn same_work(a: &Chosen, b: &Chosen) -> bool {
    match (&a.candidate.work_slug, &b.candidate.work_slug) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.candidate.review.work.same_as(&b.candidate.review.work),
        _ => false,
    }
}

fn block(mut group: Vec<Chosen>, digest: &Digest) -> WorkBlock {
    let known: Vec<_> = group.iter().map(|chosen| (&chosen.candidate.review, &chosen.candidate.choice)).collect();
    let quotes = complement(&known);
    for (chosen, quote) in group.iter_mut().zip(quotes) {
        chosen.candidate.choice.quote = quote;
    }
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
        reviews: group.into_iter().map(|chosen| issue_review(chosen, digest)).collect(),
    }
}

fn issue_review(chosen: Chosen, digest: &Digest) -> IssueReview {
    let hidden = hidden(&chosen.candidate, digest);
    let rating_only = chosen.candidate.rating_only();
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
        hidden,
        withheld: choice.withheld,
        rating_only,
        featured: chosen.featured,
        archive: chosen.archive,
    }
}

/// The quote that gives away, where the digest takes such for the site and nothing safe was found. Checked
/// against the body like every other.
fn hidden(candidate: &Candidate, digest: &Digest) -> Option<Quote> {
    let asked = digest.quote.spoilers == SpoilerRule::PageOnly;
    let Candidate { review, choice, .. } = candidate;
    if !asked || choice.quote.is_some() || choice.withheld == 0 {
        return None;
    }
    choose_hidden(review, digest.quote.max_chars).filter(|quote| quote.verify(&review.body).is_ok())
}
