//! The pages that anyone may see, one handler per file.

pub mod assets;
pub mod confirm;
pub mod digest;
pub mod feeds;
pub mod home;
pub mod issue;
pub mod preferences;
pub mod subscribe;
pub mod unsubscribe;
pub mod websub;
pub mod work;

use crate::{
    app::App,
    model::Digest,
    render::page::{DigestChoice, SubscribeForm},
};

/// The form for one digest, with the cadence of the stream chosen; `None` where it is not mailed.
fn form_of(app: &App, digest: &Digest) -> Option<SubscribeForm> {
    digest.email.as_ref()?;
    let choice = DigestChoice::new(&app.cadences(digest), digest.cadence_key(), true)?;
    Some(SubscribeForm::new(&app.site, vec![choice]))
}
