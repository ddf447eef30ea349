//! What the clerk lets others know: each outcome and the books to who listens, a halt to whoever looks at an issue.

use tokio::time::Instant;

use super::{
    super::worker::{Event, Shared, later},
    Desk,
};
use crate::{
    model::{Books, DeliveryState},
    store::{
        StoreError,
        ledger::{self, Settled, halts},
    },
};

impl Desk<'_> {
    /// Lets whoever looks at an issue know that the way is barred, or free again.
    pub(super) async fn tell_halt(&mut self) {
        let (shared, until) = (self.shared, self.shared.halts.until());
        if until == self.halt_told {
            return;
        }
        let told = match until {
            Some(moment) => {
                let (_, why) = shared.halts.in_a_row();
                let now = shared.clock.now();
                let until = later(now, moment.saturating_duration_since(Instant::now()));
                halts::say(&shared.db, &shared.name, &why, until, now).await
            }
            None => halts::clear(&shared.db, &shared.name).await,
        };
        match told {
            Ok(()) => self.halt_told = until,
            Err(error) => tracing::error!(%error, "the halt could not be told"),
        }
    }

    /// Takes back at the end what was said of a halt.
    pub(super) async fn untell_halt(&self) {
        if self.halt_told.is_some()
            && let Err(error) = halts::clear(&self.shared.db, &self.shared.name).await
        {
            tracing::error!(%error, "the end of a halt could not be told");
        }
    }
}

pub(super) fn tell(shared: &Shared, Settled { key, mark, .. }: Settled, recorded: bool) {
    let state: DeliveryState = mark.state();
    if recorded {
        shared.tell(&Event::Settled { key, state });
    } else {
        tracing::warn!(delivery = %key, ?state, "the outcome came too late: the row was no longer this worker's");
    }
}

impl Shared {
    /// Tells the books of the issue that is being drained, if one is.
    pub(super) async fn tell_books(&self) {
        let Some((digest, number)) = &self.only else { return };
        match ledger::books(&self.db, digest, *number).await {
            Ok(books) => self.tell(&Event::Books(books)),
            Err(error) => tracing::error!(%error, "the books could not be read"),
        }
    }
}

/// The books, or those of an empty issue where all are drained together.
pub(in crate::deliver) async fn final_books(shared: &Shared) -> Result<Option<Books>, StoreError> {
    match &shared.only {
        Some((digest, number)) => ledger::books(&shared.db, digest, *number).await.map(Some),
        None => Ok(None),
    }
}
