//! One hand of the worker, with one connection: take a claim, write its message, offer the envelope, hand the
//! message over, tell what came of it.
//!
//! Where the server takes groups of commands, the envelope of the next message goes out with the end of the one
//! before, so that a message costs one journey. Nothing goes out that the journal does not know.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use tokio::time::{Instant, sleep, sleep_until};

use super::{
    backoff,
    clerk::Clerk,
    journal::{Answer, Ticket},
    mailer::{Envelope, Handed, Next, Session},
    outcome::Outcome,
    queue::Held,
    wire,
    worker::{Letter, Shared, later},
};
use crate::{
    model::DigestName,
    store::ledger::{Claim, Mark, Settled},
};

/// A claim that was not begun for so long is given back: a pause, a cancellation or somebody's leaving may have come
/// since.
const FRESH: Duration = Duration::from_secs(5);
/// A server that takes longer to answer gets no envelope ahead: it would wait too long for its message.
const BRISK: Duration = Duration::from_secs(1);
/// A connection without work is kept so long.
const IDLE: Duration = Duration::from_secs(5);

/// One hand's life.
pub(super) async fn go(shared: Arc<Shared>, clerk: Clerk) {
    let mut hand = Hand::new(&shared, clerk);
    while hand.wait_for_the_way().await {
        let Some(first) = hand.first().await else { break };
        hand.deliver(first).await;
    }
    hand.session.close().await;
}

/// One hand with its connection.
struct Hand<'a> {
    session: Session,
    clerk: Clerk,
    shared: &'a Shared,
    letter: Option<(DigestName, u32, Arc<dyn Letter>)>,
    /// What was answered and is not in the journal yet.
    answered: Option<(Ticket, Mark)>,
    /// Whether the server answers fast enough to be offered the next envelope ahead.
    brisk: bool,
    /// A buffer that a message may be written into.
    spare: String,
}

/// A message on its way.
struct Parcel {
    held: Held,
    envelope: Envelope,
    /// In its wire form.
    message: String,
}

/// Whether a message may leave now.
enum Leave {
    Granted,
    /// It goes back, and others may go.
    Denied,
    /// Nothing goes.
    Barred(String),
}

impl<'a> Hand<'a> {
    fn new(shared: &'a Shared, clerk: Clerk) -> Self {
        let session = shared.mailer.session();
        Self { session, clerk, shared, letter: None, answered: None, brisk: true, spare: String::new() }
    }

    /// Waits out a pause that all keep; `false` when it is time to stop.
    async fn wait_for_the_way(&self) -> bool {
        let shared = self.shared;
        if let Some(until) = shared.halts.until() {
            if shared.gives_up() {
                return false;
            }
            tokio::select! {
                () = shared.stop.cancelled() => {}
                () = sleep_until(until) => {}
            }
        }
        !shared.stop.is_cancelled() && !self.clerk.is_gone()
    }

    /// Waits for the next claim; the connection is closed when that takes long.
    async fn first(&mut self) -> Option<Held> {
        tokio::select! {
            held = self.shared.queue.take() => return held,
            () = sleep(IDLE) => {}
        }
        self.session.close().await;
        self.letter = None;
        self.shared.queue.take().await
    }

    /// Delivers a claim and those that follow, as long as there are any and the way is free.
    async fn deliver(&mut self, first: Held) {
        let mut next = self.parcel(Some(first)).await;
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
                Ok(true) => match self.leave(&parcel) {
                    Leave::Granted => (next, open) = self.hand_over(parcel).await,
                    Leave::Denied => {
                        self.session.withdraw();
                        self.give_back(parcel).await;
                        next = self.parcel(None).await;
                    }
                    Leave::Barred(why) => {
                        self.session.withdraw();
                        self.refused(parcel, Outcome::Halted { why }).await;
                    }
                },
                Ok(false) => {
                    self.session.withdraw();
                    self.give_back(parcel).await;
                }
                Err(outcome) => {
                    if self.refused(parcel, outcome).await {
                        next = self.parcel(None).await;
                    }
                }
            }
        }
        self.note_answer();
    }

    /// Hands a message over and offers the next one; gives the next one, and whether the server waits for it.
    async fn hand_over(&mut self, parcel: Parcel) -> (Option<Parcel>, bool) {
        let follower = if self.brisk { self.parcel(None).await } else { None };
        let Parcel { held, envelope, mut message } = parcel;
        let begun = Instant::now();
        let handed = self.hand(&mut message, follower.as_ref()).await;
        self.brisk = begun.elapsed() < BRISK;
        self.spare = message;
        let open = matches!(handed.next, Next::Open);
        self.settle(held, Some(envelope.message_id), handed.outcome, true).await;
        if !open {
            self.note_answer();
        }
        match (handed.next, follower) {
            (Next::Refused(outcome), Some(follower)) => match self.refused(follower, outcome).await {
                true => (self.parcel(None).await, false),
                false => (None, false),
            },
            (_, Some(follower)) => (Some(follower), open),
            (_, None) => (self.parcel(None).await, false),
        }
    }

    /// The next message that can be written, that of `first` before those that wait; claims whose message cannot
    /// are settled on the way.
    async fn parcel(&mut self, first: Option<Held>) -> Option<Parcel> {
        let mut held = first;
        loop {
            if held.is_none() && self.shared.stop.is_cancelled() {
                return None;
            }
            let taken = held.take().or_else(|| self.shared.queue.try_take())?;
            let mut message = std::mem::take(&mut self.spare);
            message.clear();
            match self.compose(&taken.claim, &mut message).await {
                Ok(envelope) => return Some(Parcel { held: taken, envelope, message }),
                Err(why) => {
                    self.spare = message;
                    let reply = format!("the message could not be composed: {why}");
                    self.settle(taken, None, Outcome::Deferred { reply }, false).await;
                }
            }
        }
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

    /// The last look before a message leaves; once granted, it counts as begun.
    fn leave(&mut self, parcel: &Parcel) -> Leave {
        let Parcel { held: Held { ticket, claim, since, term }, envelope, .. } = parcel;
        if since.elapsed() > FRESH || self.shared.term() != Some(*term) {
            return Leave::Denied;
        }
        let answered = self.answered.take();
        let answer = answered.as_ref().map(|(ticket, mark)| Answer { ticket: *ticket, mark });
        match self.shared.journal.begin(answer, *ticket, &claim.key, &envelope.message_id) {
            Ok(()) => Leave::Granted,
            Err(error) => Leave::Barred(format!("the journal cannot be written: {error}")),
        }
    }

    async fn hand(&mut self, message: &mut String, follower: Option<&Parcel>) -> Handed {
        let out_of_grace = async {
            self.shared.stop.cancelled().await;
            sleep(self.shared.pace.grace).await;
        };
        tokio::select! {
            handed = self.session.hand(message, follower.map(|follower| &follower.envelope)) => handed,
            () = out_of_grace => {
                self.session.withdraw();
                let why = "shut down while the server's answer was awaited".to_owned();
                Handed { outcome: Outcome::Uncertain { why }, next: Next::Unasked }
            }
        }
    }

    /// What becomes of a refused offer; `false` where the way is barred for all.
    async fn refused(&mut self, parcel: Parcel, outcome: Outcome) -> bool {
        if let Outcome::Halted { why } = outcome {
            self.shared.halted(&why);
            self.give_back(parcel).await;
            return false;
        }
        self.spare = parcel.message;
        self.settle(parcel.held, Some(parcel.envelope.message_id), outcome, false).await;
        true
    }

    async fn give_back(&mut self, parcel: Parcel) {
        self.spare = parcel.message;
        let settled = Settled { key: parcel.held.claim.key, mark: Mark::Released, message_id: None };
        self.clerk.settle(parcel.held.ticket, settled).await;
    }

    /// Tells the clerk, and the journal where it knows the beginning.
    async fn settle(&mut self, held: Held, message_id: Option<String>, outcome: Outcome, begun: bool) {
        self.shared.halts.clear();
        let mark = self.mark(&held.claim, outcome);
        if begun {
            self.answered = Some((held.ticket, mark.clone()));
        }
        self.clerk.settle(held.ticket, Settled { key: held.claim.key, mark, message_id }).await;
    }

    /// Writes the last answer into the journal, where no beginning takes it along.
    fn note_answer(&mut self) {
        if let Some((ticket, mark)) = self.answered.take() {
            self.shared.journal.answer(Answer { ticket, mark: &mark });
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

    /// What the ledger is told.
    fn mark(&self, claim: &Claim, outcome: Outcome) -> Mark {
        match outcome {
            Outcome::Sent { reply } => Mark::Sent { reply },
            Outcome::Failed { reply } => Mark::Failed { reply },
            Outcome::Uncertain { why } => Mark::Uncertain { why },
            Outcome::Halted { .. } => Mark::Released,
            Outcome::Deferred { reply } => {
                let jitter = backoff::spread(claim.key.subscriber_id, claim.attempts);
                match backoff::wait(claim.attempts, jitter) {
                    Some(wait) => Mark::Deferred { reply, next_try: later(self.shared.clock.now(), wait) },
                    None => Mark::Failed { reply: format!("tried for two days: {reply}") },
                }
            }
        }
    }
}
