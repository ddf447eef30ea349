//! What providers post: bounces and complaints by hook.

use super::{
    super::{App, AppError},
    identity, judge, tell, who,
};
use crate::{
    collect::Ask,
    deliver::bounces::{
        hook::{Hook, Posted},
        mail::Mail,
    },
    store::bounces,
};

/// What a provider posted came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Heard {
    /// Reports that were new.
    pub taken: usize,
    /// Reports that were known.
    pub known: usize,
    /// Reports about nobody of ours.
    pub strangers: usize,
}

/// Takes in what a provider's hook posted, once it has shown that it may.
///
/// # Errors
/// Where the body is not what the provider posts, or the database fails.
pub async fn hear(app: &App, hook: Hook, body: &[u8]) -> Result<Heard, AppError> {
    let mut heard = Heard::default();
    let events = match hook.read(body).map_err(AppError::Input)? {
        Posted::Events(events) => events,
        Posted::Confirm(url) => {
            confirm(app, &url).await?;
            return Ok(heard);
        }
    };
    let source = format!("hook {}", hook.as_str());
    for event in events {
        let id = identity(&[source.as_bytes(), event.id.as_bytes()]);
        if bounces::is_known(&app.db, &id).await? {
            heard.known += 1;
            continue;
        }
        let mail = Mail { returned: event.returned, told: vec![event.told], ..Mail::default() };
        let found = who::of_events(app, &mail).await?;
        let Some((who, told)) = found.first() else {
            heard.strangers += 1;
            continue;
        };
        let taken = judge::judge(app, id, &source, who, told).await?;
        let reports = [taken];
        match bounces::take_in(&app.db, &reports, body, None, app.clock.now()).await?.as_slice() {
            [true] => {
                tell(&reports[0].0, &reports[0].1);
                heard.taken += 1;
            }
            _ => heard.known += 1,
        }
    }
    Ok(heard)
}

/// Opens the address by which Amazon SNS makes sure that its messages are wanted. It was checked to be Amazon's, and
/// is fetched behind the guard that keeps everything else from private addresses.
async fn confirm(app: &App, url: &str) -> Result<(), AppError> {
    match app.fetcher.fetch(url, &Ask::default()).await {
        Ok(_) => {
            tracing::info!("the hook for Amazon SES is confirmed");
            Ok(())
        }
        Err(error) => {
            tracing::error!(%error, url, "the hook for Amazon SES could not be confirmed; open this address to do it by hand");
            Err(error.into())
        }
    }
}
