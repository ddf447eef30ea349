//! Reading the digest files again while the server runs. A file with a mistake leaves its digest as it last was.

use std::sync::{Arc, PoisonError};

use super::{App, AppError};
use crate::{
    model::{Digest, Problem},
    settings::{self, DigestFile},
    store::issues,
};

/// Reads the digest files again. What changed holds from now on and is logged, as is every new mistake.
///
/// # Errors
/// Where the database fails; then the digests stay as they were.
pub async fn digests(app: &App) -> Result<(), AppError> {
    let old = app.digests();
    let (new, problems) = merged(&old, settings::read_digests(&app.settings.paths.digests));
    let known = std::mem::replace(
        &mut *app.problems.write().unwrap_or_else(PoisonError::into_inner),
        Arc::new(problems.clone()),
    );
    for problem in problems.iter().filter(|problem| !known.contains(problem)) {
        tracing::error!("{problem}; the digest stays as it last was");
    }
    if new == old {
        return Ok(());
    }
    for digest in &new {
        issues::note_digest(&app.db, digest, app.clock.now()).await?;
        if !old.contains(digest) {
            tracing::info!(digest = %digest.name, "digest file read anew");
        }
    }
    for digest in old.iter().filter(|digest| new.iter().all(|other| other.name != digest.name)) {
        tracing::warn!(digest = %digest.name, "no digest file says it any more: nothing is made of it from now on");
    }
    *app.digests.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
    Ok(())
}

/// The digests as the files say, those of broken files as they were.
fn merged(old: &[Digest], files: Vec<DigestFile>) -> (Vec<Digest>, Vec<Problem>) {
    let (mut digests, mut problems) = (Vec::new(), Vec::new());
    for DigestFile { stem, result } in files {
        match result {
            Ok(mut streams) => digests.append(&mut streams),
            Err(mut found) => {
                problems.append(&mut found);
                // A folder that cannot be read has no stem, and says nothing of any digest.
                let kept = old.iter().filter(|digest| stem.is_empty() || digest.list.as_str() == stem);
                digests.extend(kept.cloned());
            }
        }
    }
    (digests, problems)
}
