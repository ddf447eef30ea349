//! Reviews that are known under another spelling of their address.
//!
//! Many feeds name an entry by its permanent link. When a site goes to https, drops its `www.` or moves to another
//! host, every link changes, and with it every identity: without this, all that is old would be news.

use url::Url;

use crate::{
    app::{App, AppError},
    model::{Review, ReviewId},
    store::reviews,
};

/// Gives reviews that are not known the identity under which they are.
pub(super) async fn keep(app: &App, found: &mut [Review]) -> Result<(), AppError> {
    for review in found {
        let others = spellings(&review.identity, &review.source);
        if others.is_empty() || reviews::get(&app.db, &review.id).await?.is_some() {
            continue;
        }
        for identity in others {
            let id = ReviewId::derive(&review.source, &identity);
            if reviews::get(&app.db, &id).await?.is_some() {
                (review.id, review.identity) = (id, identity);
                break;
            }
        }
    }
    Ok(())
}

/// Other spellings of a link: by the other scheme, with or without `www.`, at the host of the source as it is
/// configured. None for what is no link.
fn spellings(identity: &str, source: &str) -> Vec<String> {
    let Some((_, rest)) = identity.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https")) else {
        return Vec::new();
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let mut hosts = vec![bare.to_owned(), format!("www.{bare}")];
    if let Some(configured) = Url::parse(source).ok().and_then(|url| url.host_str().map(str::to_owned)) {
        let configured = configured.strip_prefix("www.").unwrap_or(&configured).to_owned();
        hosts.extend([configured.clone(), format!("www.{configured}")]);
    }
    let mut found = Vec::new();
    for host in hosts {
        for scheme in ["https", "http"] {
            let other = format!("{scheme}://{host}{path}");
            if other != identity && !found.contains(&other) {
                found.push(other);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_other_spellings_and_nothing_else_does() {
        let found = spellings("https://www.new.example/2024/a?x=1", "http://old.example/feed");
        for other in
            ["http://new.example/2024/a?x=1", "https://old.example/2024/a?x=1", "http://www.old.example/2024/a?x=1"]
        {
            assert!(found.contains(&other.to_owned()), "{other}: {found:?}");
        }
        assert_eq!(found.len(), 7);
        for identity in ["letterboxd-review-1", "tag:example.org,2024:1", "ftp://a.example/", ""] {
            assert!(spellings(identity, "http://old.example/feed").is_empty(), "{identity}");
        }
    }
}
