//! Featuring: an editor's star makes a review eligible once more.

use super::{App, AppError, why::find};
use crate::{model::ReviewId, store::reviews};

/// Stars the reviews that an id, URL or path names, or takes the star away; gives their ids.
///
/// # Errors
/// Where there is no such review, or the database fails.
pub async fn feature(app: &App, name: &str, starred: bool) -> Result<Vec<ReviewId>, AppError> {
    let mut ids = Vec::new();
    for stored in find(app, name).await? {
        let at = starred.then(|| app.clock.now());
        reviews::set_featured(&app.db, &stored.review.id, at).await?;
        tracing::info!(review = %stored.review.id, starred, "an editor's star");
        ids.push(stored.review.id);
    }
    Ok(ids)
}
