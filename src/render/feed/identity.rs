//! What makes an item the same item for ever: tag URIs (RFC 4151).
//!
//! They hold what is fixed when an issue is composed, never a title or URL, which may be corrected.

use jiff::tz::TimeZone;

use super::super::Site;
use crate::model::{DigestName, Issue, ReviewId};

/// `tag:host,2026-11-20:friday-reviews/12`
pub(super) fn issue(issue: &Issue, site: &Site) -> String {
    let day = issue.composed_at.to_zoned(TimeZone::UTC).date();
    format!("tag:{},{day}:{}/{}", site.host(), issue.digest, issue.number)
}

/// `tag:host,2026-11-20:friday-reviews/12/0123456789abcdef`
pub(super) fn review(of: &Issue, id: &ReviewId, site: &Site) -> String {
    format!("{}/{id}", issue(of, site))
}

/// `tag:host,2026:friday-reviews`. The year is the product's, not the clock's.
pub(super) fn digest(name: &DigestName, site: &Site) -> String {
    format!("tag:{},2026:{name}", site.host())
}
