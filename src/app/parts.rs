//! A review that is spread over several pages: fetching all of them, by the same guard and at the same pace as
//! everything else.

use std::collections::HashSet;

use url::Url;

use crate::{
    collect::{Ask, FetchError, Fetcher, Outcome},
    read::{self, Document},
};

/// The most pages of one review, the first included.
const PARTS: usize = 20;

/// A page with its further parts, in order. A link to a next part that is not there ends it, with a note.
///
/// # Errors
/// Where a part cannot be had now: half a review is worth nothing, since a mark of spoilers may be in the rest.
pub(super) async fn whole(
    fetcher: &Fetcher,
    first: Document,
    notes: &mut Vec<String>,
) -> Result<Vec<Document>, FetchError> {
    let mut asked: HashSet<Url> = first.url.as_deref().and_then(|url| Url::parse(url).ok()).into_iter().collect();
    let host = asked.iter().next().and_then(|url| url.host_str().map(str::to_owned));
    let mut parts = vec![first];
    while let Some(last) = parts.last() {
        let next =
            read::next_part(last).filter(|next| next.host_str() == host.as_deref() && asked.insert(next.clone()));
        let Some(next) = next else { break };
        if parts.len() == PARTS {
            notes.push(format!("it goes on at {next}; {PARTS} parts were read"));
            break;
        }
        let source = last.source.clone();
        let fetched = match fetcher.fetch(next.as_str(), &Ask::default()).await {
            Ok(fetched) => fetched,
            Err(error) if error.is_missing() => {
                notes.push(format!("its next part is not there: {error}"));
                break;
            }
            Err(error) => return Err(error),
        };
        match fetched.outcome {
            Outcome::Document(document) if fetched.url.host_str() == host.as_deref() => {
                parts.push(Document { source, ..document });
            }
            _ => break,
        }
    }
    Ok(parts)
}
