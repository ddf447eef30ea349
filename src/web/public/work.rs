//! `/w/{work}`: every quote published on a work.

use std::collections::HashSet;

use axum::{
    extract::{Path, State},
    response::Response,
};

use crate::{
    model::{WorkBlock, rating::Spread},
    render::{
        page::{Link, Shell, WorkPage, WorkQuote},
        view::{ReviewView, WorkView},
    },
    store::{issues, works},
    web::{
        error::{WebError, answered, page},
        state::Web,
    },
};

/// Issues looked through.
const MOST_ISSUES: i64 = 200;

/// A work's page.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>) -> Response {
    answered(&web, async {
        let app = web.app();
        let work = works::get(&app.db, &slug).await?.ok_or(WebError::NotFound)?;
        let mut seen = HashSet::new();
        let mut quotes = Vec::new();
        let mut reviews = Vec::new();
        for stored in issues::about_work(&app.db, &slug, MOST_ISSUES).await? {
            let number = stored.issue.number;
            let issue = Link {
                url: app.site.issue(&stored.issue.digest, number).to_string(),
                label: format!("{} #{number}", stored.issue.title),
            };
            for block in stored.issue.works.into_iter().filter(|block| block.slug.as_deref() == Some(&slug)) {
                for review in block.reviews.into_iter().filter(|review| seen.insert(review.id.clone())) {
                    quotes.push(WorkQuote { review: ReviewView::new(&review), issue: issue.clone() });
                    reviews.push(review);
                }
            }
        }
        if quotes.is_empty() {
            return Err(WebError::NotFound);
        }
        let block = WorkBlock {
            score: Spread::of(reviews.iter().filter_map(|review| review.rating.as_ref())),
            agreement: Vec::new(),
            slug: Some(slug.clone()),
            reviews,
            work,
        };
        let view = WorkView::new(0, &block, &app.site);
        let shell = Shell::public(&app.site, view.heading(), app.site.work(&slug));
        page(&WorkPage { shell, work: view, quotes })
    })
    .await
}
