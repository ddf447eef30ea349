//! Whether a review may be in an issue: windows, first contact, stars and earlier issues.
//!
//! The same function answers for a run and for `pullquote why`. Limits that depend on the other reviews
//! are in [`super::select`].

use jiff::Timestamp;

use crate::model::{Window, digest::FeaturedRule, issue::DropRule};

/// Where a review stands with one digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// When it came to the digest.
    pub arrived_at: Timestamp,
    /// Whether it was there at first contact with a seeded source: known, but not news.
    pub seeded: bool,
    /// When an editor or the source last starred it; `None` without a star.
    pub featured_at: Option<Timestamp>,
    /// When the newest issue of this digest that has it was composed.
    pub used_at: Option<Timestamp>,
}

impl Standing {
    /// Whether it carries a star that no issue of this digest has honoured yet. A star makes a review
    /// eligible once more, whatever its age.
    pub fn freshly_featured(&self) -> bool {
        match (self.featured_at, self.used_at) {
            (Some(starred), Some(used)) => starred > used,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

/// Whether the review may be in an issue of that window: `Ok(true)` where it is featured in it.
///
/// # Errors
/// The rule that keeps it out.
pub fn judge(standing: &Standing, window: Window, featured: FeaturedRule) -> Result<bool, DropRule> {
    let starred = featured != FeaturedRule::Ignore && standing.freshly_featured();
    if starred {
        return Ok(true);
    }
    if standing.used_at.is_some() {
        return Err(DropRule::Used);
    }
    if standing.seeded {
        return Err(DropRule::Seeded);
    }
    if standing.arrived_at < window.from {
        return Err(DropRule::BeforeWindow);
    }
    if standing.arrived_at >= window.until {
        return Err(DropRule::AfterWindow);
    }
    if featured == FeaturedRule::Only { Err(DropRule::NotFeatured) } else { Ok(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn arrived(second: i64) -> Standing {
        Standing { arrived_at: at(second), seeded: false, featured_at: None, used_at: None }
    }

    fn window() -> Window {
        Window { from: at(100), until: at(200) }
    }

    #[test]
    fn membership_goes_by_arrival_with_the_end_outside() {
        let rule = FeaturedRule::First;
        assert_eq!(judge(&arrived(100), window(), rule), Ok(false));
        assert_eq!(judge(&arrived(199), window(), rule), Ok(false));
        assert_eq!(judge(&arrived(200), window(), rule), Err(DropRule::AfterWindow));
        assert_eq!(judge(&arrived(99), window(), rule), Err(DropRule::BeforeWindow));
    }

    #[test]
    fn a_seeded_review_is_no_news_until_it_is_starred() {
        let seeded = Standing { seeded: true, ..arrived(150) };
        assert_eq!(judge(&seeded, window(), FeaturedRule::First), Err(DropRule::Seeded));
        let starred = Standing { featured_at: Some(at(160)), ..seeded };
        assert_eq!(judge(&starred, window(), FeaturedRule::First), Ok(true));
    }

    #[test]
    fn a_star_makes_an_old_review_eligible_once_more_and_only_once() {
        let old = Standing { featured_at: Some(at(150)), used_at: Some(at(50)), ..arrived(10) };
        assert_eq!(judge(&old, window(), FeaturedRule::First), Ok(true));
        let honoured = Standing { used_at: Some(at(200)), ..old };
        assert_eq!(judge(&honoured, window(), FeaturedRule::First), Err(DropRule::Used));
    }

    #[test]
    fn a_digest_can_take_featured_reviews_only_or_ignore_stars() {
        assert_eq!(judge(&arrived(150), window(), FeaturedRule::Only), Err(DropRule::NotFeatured));
        let old = Standing { featured_at: Some(at(150)), ..arrived(10) };
        assert_eq!(judge(&old, window(), FeaturedRule::Only), Ok(true));
        assert_eq!(judge(&old, window(), FeaturedRule::Ignore), Err(DropRule::BeforeWindow));
    }
}
