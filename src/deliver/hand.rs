//! One hand of the worker, with one connection: claim, compose, offer, hand over, settle, until nothing is
//! due or the house shuts down.

use std::sync::Arc;

use tokio::time::{Instant, sleep, sleep_until};

use super::{
    backoff,
    clerk::Clerk,
    mailer::{Envelope, Session},
    outcome::Outcome,
    worker::{Event, Prepared, Shared, later},
};
use crate::store::{
    StoreError,
    ledger::{Claim, Mark, claim},
};

/// One worker's life.
pub(super) async fn go(shared: Arc<Shared>, clerk: Clerk) -> Result<(), StoreError> {
    let mut hand = Hand { session: shared.mailer.session(), clerk, shared: &shared };
    while hand.wait_for_the_way().await {
        let claims = match hand.claim().await {
            Ok(claims) => claims,
            Err(error) if shared.patient => {
                tracing::error!(%error, "deliveries could not be claimed");
                hand.halted(&error.to_string());
                continue;
            }
            Err(error) => return Err(error),
        };
        if !claims.is_empty() {
            hand.deliver_all(claims).await;
            continue;
        }
        hand.session.close().await;
        if !shared.patient {
            break;
        }
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = shared.nudge.notified() => {}
            () = sleep(shared.pace.poll) => {}
        }
    }
    hand.session.close().await;
    Ok(())
}

/// One worker with its connection.
pub(super) struct Hand<'a> {
    pub session: Session,
    pub clerk: Clerk,
    pub shared: &'a Shared,
}

impl Hand<'_> {
    /// Waits out a pause that all keep; `false` when it is time to stop.
    async fn wait_for_the_way(&self) -> bool {
        let shared = self.shared;
        if let Some(until) = shared.halts.until() {
            let (halts, _) = shared.halts.in_a_row();
            if !shared.patient && shared.pace.give_up_after.is_some_and(|most| halts >= most) {
                return false;
            }
            tokio::select! {
                () = shared.stop.cancelled() => {}
                () = sleep_until(until) => {}
            }
        }
        !shared.stop.is_cancelled() && !self.clerk.is_gone()
    }

    pub async fn claim(&self) -> Result<Vec<Claim>, StoreError> {
        let shared = self.shared;
        let now = shared.clock.now();
        let only = shared.only.as_ref().map(|(digest, number)| (digest, *number));
        claim::claim(&shared.db, &shared.name, only, shared.pace.batch, shared.lease_until(), now).await
    }

    /// Delivers a batch; what is left when the way is barred or the house shuts down is given back.
    pub async fn deliver_all(&mut self, claims: Vec<Claim>) {
        let mut given_back = Vec::new();
        let mut barred = false;
        for claim in claims {
            if barred || self.shared.stop.is_cancelled() {
                given_back.push(claim.key);
                continue;
            }
            match self.deliver(&claim).await {
                None => given_back.push(claim.key),
                Some(Outcome::Halted { why }) => {
                    self.halted(&why);
                    barred = true;
                    given_back.push(claim.key);
                }
                Some(outcome) => {
                    self.shared.halts.clear();
                    if let Some(mark) = self.mark(&claim, outcome) {
                        self.clerk.settle(&claim.key, mark).await;
                    }
                }
            }
        }
        self.clerk.release(given_back).await;
    }

    fn halted(&self, why: &str) {
        if let Some(pause) = self.shared.halts.note(why, Instant::now()) {
            tracing::warn!(why, seconds = pause.as_secs(), "delivery is halted; nobody fails by this");
            self.shared.tell(&Event::Halted { why: why.to_owned(), pause });
        }
    }

    /// One delivery; `None` where it was not to be handed over after all.
    async fn deliver(&mut self, claim: &Claim) -> Option<Outcome> {
        let shared = self.shared;
        let prepared = match self.compose(claim).await {
            Ok(prepared) => prepared,
            Err(why) => return Some(Outcome::Deferred { reply: format!("the message could not be composed: {why}") }),
        };
        let Prepared { from, message_id, bytes } = prepared;
        let envelope = Envelope { from, to: claim.email.clone(), message_id };
        let offered = tokio::select! {
            offered = self.session.offer(&envelope) => offered,
            // Nothing has left yet: the offer is dropped where it stands.
            () = shared.stop.cancelled() => {
                self.session.withdraw();
                return None;
            }
        };
        if let Err(outcome) = offered {
            return Some(outcome);
        }
        if !self.clerk.may_hand(&claim.key, &envelope.message_id).await {
            self.session.withdraw();
            return None;
        }
        let out_of_grace = async {
            shared.stop.cancelled().await;
            sleep(shared.pace.grace).await;
        };
        tokio::select! {
            outcome = self.session.hand(&bytes) => Some(outcome),
            () = out_of_grace => {
                self.session.withdraw();
                Some(Outcome::Uncertain { why: "shut down while the server's answer was awaited".to_owned() })
            }
        }
    }

    /// Composes in a task of its own: a breakdown over one message must not take this hand with it.
    async fn compose(&self, claim: &Claim) -> Result<Prepared, String> {
        let (source, claim) = (Arc::clone(&self.shared.source), claim.clone());
        let composing = tokio::spawn(async move { source.compose(&claim).await });
        composing.await.unwrap_or_else(|panic| Err(format!("it broke down: {panic}")))
    }

    /// What the ledger is told; `None` for a halt, which is no outcome of a delivery.
    fn mark(&self, claim: &Claim, outcome: Outcome) -> Option<Mark> {
        Some(match outcome {
            Outcome::Sent { reply } => Mark::Sent { reply },
            Outcome::Failed { reply } => Mark::Failed { reply },
            Outcome::Uncertain { why } => Mark::Uncertain { why },
            Outcome::Halted { .. } => return None,
            Outcome::Deferred { reply } => {
                let jitter = backoff::spread(claim.key.subscriber_id, claim.attempts);
                match backoff::wait(claim.attempts, jitter) {
                    Some(wait) => Mark::Deferred { reply, next_try: later(self.shared.clock.now(), wait) },
                    None => Mark::Failed { reply: format!("tried for two days: {reply}") },
                }
            }
        })
    }
}
