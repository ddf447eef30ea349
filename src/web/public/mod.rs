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
    model::Digest,
    render::{Site, page::SubscribeForm},
};

/// The form for one digest; `None` where it is not mailed.
fn form_of(digest: &Digest, site: &Site) -> Option<SubscribeForm> {
    digest.email.as_ref()?;
    Some(SubscribeForm::new(site, [(digest.name.to_string(), digest.title.clone())]))
}
