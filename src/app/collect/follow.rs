//! Further pages of a feed that comes in pages: followed at first contact, so that all of it is known, and where a
//! page holds nothing known, so that nothing falls between two visits.

use std::collections::HashSet;

use url::Url;

use super::gather::{Content, Kind, Trouble, content};
use crate::{
    app::{App, AppError},
    collect::{Ask, FetchError, Outcome},
    model::{Review, ReviewId},
    read::{self, Document},
    store::reviews,
};

/// The most pages read at one visit, the first included.
pub(super) const PAGES: usize = 10;

/// Reads the pages after `first`, as far as it is worth it, into what was read of the first. A page that cannot be
/// had ends it, with a note; what came before is kept.
pub(super) async fn further_pages(
    app: &App,
    first: Document,
    first_contact: bool,
    read: &mut Content,
    notes: &mut Vec<String>,
) -> Result<(), AppError> {
    let mut asked: HashSet<Url> = first.url.as_deref().and_then(|url| Url::parse(url).ok()).into_iter().collect();
    let Some(host) = asked.iter().next().and_then(|url| url.host_str().map(str::to_owned)) else { return Ok(()) };
    let mut ids: HashSet<ReviewId> = read.reviews.iter().map(|review| review.id.clone()).collect();
    let mut page = first;
    let mut newest = read.reviews.clone();
    for _ in 1..PAGES {
        // A page without reviews cannot tell whether its entries were known; only the first contact goes on.
        if !first_contact && (newest.is_empty() || any_known(app, &newest).await?) {
            break;
        }
        let next = read::next_page(&page).filter(|next| next.host_str() == Some(&host) && asked.insert(next.clone()));
        let Some(next) = next else { break };
        let (more, document) = match fetch(app, &next, &page.source, notes).await {
            Ok(found) => found,
            Err(trouble) => {
                notes.push(format!("its further page {next} was left out: {}", trouble.words()));
                break;
            }
        };
        newest = more.reviews.into_iter().filter(|review| ids.insert(review.id.clone())).collect();
        // The end, or a server that answers every page with the same one.
        if more.items == 0 || document.bytes == page.bytes {
            break;
        }
        read.items += more.items;
        read.reviews.extend(newest.iter().cloned());
        page = document;
    }
    Ok(())
}

async fn fetch(app: &App, url: &Url, source: &str, notes: &mut Vec<String>) -> Result<(Content, Document), Trouble> {
    let (url, ask) = (url.as_str(), Ask::default());
    let fetched = tokio::time::timeout(app.settings.collect.timeout, app.fetcher.fetch(url, &ask))
        .await
        .map_err(|_| Trouble::Fetch(FetchError::Timeout { url: url.to_owned() }))?
        .map_err(Trouble::Fetch)?;
    let Outcome::Document(mut document) = fetched.outcome else {
        return Err(Trouble::Read("the server answered nothing (304)".to_owned()));
    };
    source.clone_into(&mut document.source);
    let (read, mut documents) = content(vec![document], Kind::Feed, None, notes).await?;
    let document = documents.pop().ok_or_else(|| Trouble::Read("nothing came".to_owned()))?;
    Ok((read, document))
}

async fn any_known(app: &App, found: &[Review]) -> Result<bool, AppError> {
    for review in found {
        if reviews::get(&app.db, &review.id).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
