//! One hand of the worker, with one connection: claim, compose, offer, hand over, settle, until nothing is
//! due or the house shuts down.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tokio::time::{Instant, sleep, sleep_until};

use super::{
    backoff,
    clerk::Clerk,
    mailer::{Envelope, Handed, Next, Session},
    outcome::Outcome,
    wire,
    worker::{Event, Letter, Shared, later},
};
use crate::{
    model::DigestName,
    store::{
        StoreError,
        ledger::{Claim, DeliveryKey, Mark, claim},
    },
};

/// One worker's life.
pub(super) async fn go(shared: Arc<Shared>, clerk: Clerk) -> Result<(), StoreError> {
    let mut hand = Hand::new(&shared, clerk);
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
    letter: Option<(DigestName, u32, Arc<dyn Letter>)>,
    /// A buffer that a message may be written into.
    spare: String,
}

/// A message on its way.
struct Parcel {
    claim: Claim,
    envelope: Envelope,
    /// In its wire form.
    message: String,
}

impl<'a> Hand<'a> {
    pub fn new(shared: &'a Shared, clerk: Clerk) -> Self {
        Self { session: shared.mailer.session(), clerk, shared, letter: None, spare: String::new() }
    }

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
        let mut claims = claims.into_iter();
        let mut given_back = Vec::new();
        let mut next = self.parcel(&mut claims).await;
        // Whether the server waits for the message of what is next.
        let mut open = false;
        while let Some(parcel) = next.take() {
            let offered = match self.shared.stop.is_cancelled() {
                true => Ok(false),
                false if open => Ok(true),
                false => self.offer(&parcel.envelope).await,
            };
            open = false;
            match offered {
                Ok(true) if self.clerk.may_hand(&parcel.claim.key, &parcel.envelope.message_id).await => {
                    let follower = self.parcel(&mut claims).await;
                    let (claim, handed) = self.hand(parcel, follower.as_ref()).await;
                    self.settle(&claim, handed.outcome).await;
                    match (handed.next, follower) {
                        (Next::Refused(outcome), Some(follower)) => {
                            if self.refused(follower, outcome, &mut given_back).await {
                                next = self.parcel(&mut claims).await;
                            }
                        }
                        (stands, follower) => {
                            open = matches!(stands, Next::Open);
                            next = follower;
                        }
                    }
                }
                Ok(may_go_on) => {
                    self.session.withdraw();
                    given_back.push(parcel.claim.key);
                    if may_go_on {
                        next = self.parcel(&mut claims).await;
                    }
                }
                Err(outcome) => {
                    if self.refused(parcel, outcome, &mut given_back).await {
                        next = self.parcel(&mut claims).await;
                    }
                }
            }
        }
        given_back.extend(claims.map(|claim| claim.key));
        self.clerk.release(given_back).await;
    }

    /// The next message that can be written; claims that cannot are settled on the way.
    async fn parcel(&mut self, claims: &mut impl Iterator<Item = Claim>) -> Option<Parcel> {
        if self.shared.stop.is_cancelled() {
            return None;
        }
        for claim in claims {
            let mut message = std::mem::take(&mut self.spare);
            message.clear();
            match self.compose(&claim, &mut message).await {
                Ok(envelope) => return Some(Parcel { claim, envelope, message }),
                Err(why) => {
                    let reply = format!("the message could not be composed: {why}");
                    self.settle(&claim, Outcome::Deferred { reply }).await;
                    self.spare = message;
                }
            }
        }
        None
    }

    /// Offers an envelope; `false` where the house shuts down meanwhile.
    async fn offer(&mut self, envelope: &Envelope) -> Result<bool, Outcome> {
        let stop = self.shared.stop.clone();
        tokio::select! {
            offered = self.session.offer(envelope) => offered.map(|()| true),
            // Nothing has left yet: the offer is dropped where it stands.
            () = stop.cancelled() => Ok(false),
        }
    }

    /// Hands a message over, and offers what follows it.
    async fn hand(&mut self, parcel: Parcel, follower: Option<&Parcel>) -> (Claim, Handed) {
        let Parcel { claim, mut message, .. } = parcel;
        let out_of_grace = async {
            self.shared.stop.cancelled().await;
            sleep(self.shared.pace.grace).await;
        };
        let handed = tokio::select! {
            handed = self.session.hand(&mut message, follower.map(|follower| &follower.envelope)) => handed,
            () = out_of_grace => {
                self.session.withdraw();
                let why = "shut down while the server's answer was awaited".to_owned();
                Handed { outcome: Outcome::Uncertain { why }, next: Next::Unasked }
            }
        };
        self.spare = message;
        (claim, handed)
    }

    /// What becomes of a refused offer; `false` where the way is barred for all.
    async fn refused(&mut self, parcel: Parcel, outcome: Outcome, given_back: &mut Vec<DeliveryKey>) -> bool {
        self.spare = parcel.message;
        if let Outcome::Halted { why } = outcome {
            self.halted(&why);
            given_back.push(parcel.claim.key);
            return false;
        }
        self.settle(&parcel.claim, outcome).await;
        true
    }

    async fn settle(&self, claim: &Claim, outcome: Outcome) {
        self.shared.halts.clear();
        if let Some(mark) = self.mark(claim, outcome) {
            self.clerk.settle(&claim.key, mark).await;
        }
    }

    fn halted(&self, why: &str) {
        if let Some(pause) = self.shared.halts.note(why, Instant::now()) {
            tracing::warn!(why, seconds = pause.as_secs(), "delivery is halted; nobody fails by this");
            self.shared.tell(&Event::Halted { why: why.to_owned(), pause });
        }
    }

    /// Writes the message of a claim. A breakdown over one message must not take this hand with it.
    async fn compose(&mut self, claim: &Claim, message: &mut String) -> Result<Envelope, String> {
        let letter = self.letter(claim).await?;
        let written = catch_unwind(AssertUnwindSafe(|| letter.write(claim, message)));
        let envelope = written.unwrap_or_else(|_| Err("it broke down".to_owned()))?;
        if !letter.is_wire_ready() {
            *message = wire::mended(message);
        }
        Ok(envelope)
    }

    /// The letter of the claim's issue, made ready in a task of its own: it may break down.
    async fn letter(&mut self, claim: &Claim) -> Result<Arc<dyn Letter>, String> {
        let (digest, number) = (&claim.key.digest, claim.key.number);
        if let Some((_, _, letter)) = self.letter.as_ref().filter(|(name, n, _)| *n == number && name == digest) {
            return Ok(Arc::clone(letter));
        }
        let (source, name) = (Arc::clone(&self.shared.source), digest.clone());
        let preparing = tokio::spawn(async move { source.letter(&name, number).await });
        let letter = preparing.await.unwrap_or_else(|panic| Err(format!("it broke down: {panic}")))?;
        self.letter = Some((digest.clone(), number, Arc::clone(&letter)));
        Ok(letter)
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
