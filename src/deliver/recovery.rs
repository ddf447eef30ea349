//! Clearing up after workers that died: by their journals where those are at hand, by their leases where not.

use std::path::Path;

use super::journal::{Begun, Orphan, orphans};
use crate::{
    clock::Clock,
    store::{
        Db, StoreError,
        ledger::{Mark, Settled, halts, work},
    },
};

/// Where to look, and what to mend.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub db: &'a Db,
    pub clock: &'a Clock,
    pub folder: &'a Path,
}

/// Looks after the dead once, and gives the number of rows that wait again. What fails is logged and tried again the
/// next time.
pub(super) async fn recover(place: Place<'_>) -> u64 {
    let mut waiting = 0;
    match orphans(place.folder) {
        Ok(found) => {
            for orphan in found {
                match settle(place, &orphan).await {
                    Ok(back) => waiting += back,
                    Err(error) => {
                        tracing::error!(worker = orphan.name, %error, "a dead worker's journal could not be settled")
                    }
                }
            }
        }
        Err(error) => {
            tracing::error!(folder = %place.folder.display(), %error, "the journals of dead workers could not be read");
        }
    }
    match work::recover(place.db, place.clock.now()).await {
        Ok(0) => {}
        Ok(uncertain) => tracing::warn!(uncertain, "deliveries were held by a worker that is gone, journal and all"),
        Err(error) => tracing::error!(%error, "the deliveries of lost workers could not be recovered"),
    }
    waiting
}

/// Brings the ledger to what a dead worker's journal knows, and removes the journal. Done halfway, it is done again.
async fn settle(place: Place<'_>, orphan: &Orphan) -> Result<u64, StoreError> {
    let now = place.clock.now();
    let settled: Vec<Settled> = orphan.open.iter().map(known).collect();
    let recorded = work::record(place.db, &orphan.name, &settled, now).await?;
    let waiting = work::bury(place.db, &orphan.name, orphan.same_boot, now).await?;
    // It waits for nothing any more.
    halts::clear(place.db, &orphan.name).await?;
    if let Err(error) = orphan.remove() {
        tracing::error!(worker = orphan.name, %error, "a journal that is settled could not be removed");
    }
    let moved = || settled.iter().zip(&recorded).filter(|(_, moved)| **moved).map(|(one, _)| one);
    let uncertain = moved().filter(|one| matches!(one.mark, Mark::Uncertain { .. })).count();
    let answered = moved().count() - uncertain;
    tracing::warn!(
        worker = orphan.name,
        answered,
        uncertain,
        waiting,
        "a worker had died; its journal told what it had done"
    );
    Ok(if orphan.same_boot { waiting } else { 0 })
}

fn known(begun: &Begun) -> Settled {
    let lost = || Mark::Uncertain { why: "the sending process was lost while the message was handed over".to_owned() };
    let mark = begun.answer.clone().unwrap_or_else(lost);
    Settled { key: begun.key.clone(), mark, message_id: Some(begun.message_id.clone()) }
}
