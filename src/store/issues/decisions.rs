//! What was decided on a review by the issues that considered it.

use jiff::Timestamp;

use crate::{
    model::{ReviewId, issue::DropRule},
    store::{
        db::{Db, StoreError, bad_row, failed, instant},
        statement::query,
    },
};

/// A decision on a review: in an issue, or left out by a rule.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The digest.
    pub digest: String,
    /// The issue.
    pub number: u32,
    /// When it was composed.
    pub composed_at: Timestamp,
    /// Quoted, listed by link, or `None` where it was left out.
    pub quoted: Option<bool>,
    /// The rule that kept it from being quoted.
    pub rule: Option<DropRule>,
}

/// All decisions on a review, oldest first.
///
/// # Errors
/// Where the database fails.
pub async fn decisions(db: &Db, review: &ReviewId) -> Result<Vec<Decision>, StoreError> {
    let rows = query(
        "select i.digest, i.number, i.composed_at, u.quoted, d.rule from issues i \
         left join issue_reviews u on u.digest = i.digest and u.number = i.number and u.review_id = $1 \
         left join drops d on d.digest = i.digest and d.number = i.number and d.review_id = $1 \
         where u.review_id is not null or d.review_id is not null order by i.composed_at, i.digest, i.number",
    )
    .bind(review.as_str())
    .fetch_all(db.read())
    .await
    .map_err(failed("looking for decisions"))?;
    rows.iter()
        .map(|row| {
            let rule: Option<String> = row.get("rule");
            let number: i64 = row.get("number");
            Ok(Decision {
                digest: row.get("digest"),
                number: u32::try_from(number).map_err(|_| bad_row("issues", "number", &number.to_string()))?,
                composed_at: instant("issues", "composed_at", row.get("composed_at"))?,
                quoted: row.get::<Option<i64>>("quoted").map(|quoted| quoted != 0),
                rule: rule.and_then(|rule| DropRule::parse(&rule)),
            })
        })
        .collect()
}
