//! Several SMTP servers: a sender's mail goes through the first that is named for it and is not barred.
//!
//! A server that cannot be reached, or does not let us in, is passed over for a minute; its mail takes the next one
//! named for the sender. Only where all are barred does delivery halt. A refusal of a recipient or a message is an
//! answer and not a bar: no other server is asked.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    mailer::{Envelope, Handed, Next},
    outcome::Outcome,
    route::{RouteError, SmtpRoute},
    smtp::SmtpSession,
};
use crate::settings::{Relay, Smtp, SmtpServer};

/// How long a barred server is passed over.
const REST: Duration = Duration::from_secs(60);

/// The servers, in the order of the settings.
#[derive(Debug)]
pub struct Relays {
    ways: Vec<Way>,
    /// Until when each is passed over.
    barred: Mutex<Vec<Option<Instant>>>,
}

#[derive(Debug)]
struct Way {
    senders: Vec<String>,
    route: Arc<SmtpRoute>,
}

impl Relays {
    /// The servers that the settings name, and after them `last`, for the senders that no row names.
    ///
    /// # Errors
    /// Where the certificate authority's file cannot be used.
    pub fn new(relays: &[Relay], last: Option<&SmtpServer>, smtp: &Smtp) -> Result<Self, RouteError> {
        let last = last.map(|server| Relay { senders: Vec::new(), server: server.clone() });
        let mut ways = Vec::with_capacity(relays.len() + 1);
        for Relay { senders, server } in relays.iter().chain(&last) {
            let route = SmtpRoute::new(server.clone(), smtp.timeout);
            let route = match &smtp.ca_file {
                Some(path) => route.with_authority(path)?,
                None => route,
            };
            ways.push(Way { senders: senders.clone(), route: Arc::new(route) });
        }
        let barred = Mutex::new(vec![None; ways.len()]);
        Ok(Self { ways, barred })
    }

    /// Every server.
    pub fn routes(&self) -> impl Iterator<Item = &Arc<SmtpRoute>> {
        self.ways.iter().map(|way| &way.route)
    }

    /// The servers for a sender's domain, those that rest behind the others.
    fn for_sender(&self, domain: &str, now: Instant) -> Vec<usize> {
        let named = |way: &Way| way.senders.iter().any(|sender| sender.eq_ignore_ascii_case(domain));
        let by = |wanted: &dyn Fn(&Way) -> bool| -> Vec<usize> {
            self.ways.iter().enumerate().filter(|(_, way)| wanted(way)).map(|(at, _)| at).collect()
        };
        let mut found = by(&named);
        if found.is_empty() {
            found = by(&|way: &Way| way.senders.is_empty());
        }
        let barred = self.barred.lock().unwrap_or_else(PoisonError::into_inner);
        // The sort is stable: the order of the settings stands within both.
        found.sort_by_key(|at| barred.get(*at).copied().flatten().is_some_and(|until| now < until));
        found
    }

    fn bar(&self, at: usize, now: Instant) {
        let mut barred = self.barred.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = barred.get_mut(at) {
            *slot = Some(now + REST);
        }
    }

    fn clear(&self, at: usize) {
        let mut barred = self.barred.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = barred.get_mut(at) {
            *slot = None;
        }
    }
}

/// One worker's connections, one to each server that it has needed.
pub(super) struct RelaySession {
    relays: Arc<Relays>,
    sessions: Vec<Option<SmtpSession>>,
    /// Where the last envelope was taken.
    taken: Option<usize>,
}

impl RelaySession {
    pub(super) fn new(relays: Arc<Relays>) -> Self {
        let sessions = relays.ways.iter().map(|_| None).collect();
        Self { relays, sessions, taken: None }
    }

    /// Connects to every server and logs in: for a check.
    pub(super) async fn open(&mut self) -> Result<(), Outcome> {
        for at in 0..self.relays.ways.len() {
            self.session(at).open().await?;
        }
        Ok(())
    }

    /// Offers the envelope to the servers of its sender, until one is not barred.
    pub(super) async fn offer(&mut self, envelope: &Envelope) -> Result<(), Outcome> {
        let mut barred = Vec::new();
        for at in self.relays.for_sender(&envelope.sender, Instant::now()) {
            match self.session(at).offer(envelope).await {
                Err(Outcome::Halted { why }) => {
                    self.relays.bar(at, Instant::now());
                    tracing::warn!(why, "a relay is passed over for a while");
                    barred.push(why);
                }
                answered => {
                    self.relays.clear(at);
                    self.taken = answered.is_ok().then_some(at);
                    return answered;
                }
            }
        }
        let why = match barred.is_empty() {
            true => {
                format!("no relay is named for senders at {} (smtp.relays), and smtp.url is not set", envelope.sender)
            }
            false => barred.join("; "),
        };
        Err(Outcome::Halted { why })
    }

    /// Hands the message over where its envelope was taken; the next envelope goes with it where it goes there too.
    pub(super) async fn hand(&mut self, message: &mut String, next: Option<&Envelope>) -> Handed {
        let Some(at) = self.taken else {
            let reply = "no envelope was offered before".to_owned();
            return Handed { outcome: Outcome::Deferred { reply }, next: Next::Unasked };
        };
        let same = |next: &&Envelope| self.relays.for_sender(&next.sender, Instant::now()).first() == Some(&at);
        let next = next.filter(same);
        let handed = self.session(at).hand(message, next).await;
        match handed.next {
            // Barred in between: it is offered anew, where another server may take it.
            Next::Refused(Outcome::Halted { .. }) => {
                self.relays.bar(at, Instant::now());
                Handed { next: Next::Unasked, ..handed }
            }
            _ => handed,
        }
    }

    pub(super) fn withdraw(&mut self) {
        if let Some(at) = self.taken.take() {
            self.session(at).withdraw();
        }
    }

    pub(super) async fn close(&mut self) {
        for session in self.sessions.iter_mut().flatten() {
            session.close().await;
        }
    }

    fn session(&mut self, at: usize) -> &mut SmtpSession {
        let route = &self.relays.ways[at].route;
        self.sessions[at].get_or_insert_with(|| SmtpSession::new(Arc::clone(route)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Mail;

    fn relays(rows: &[(&[&str], &str)], last: Option<&str>) -> Relays {
        let server = |url: &str| match Mail::parse(url) {
            Ok(Mail::Smtp(server)) => server,
            other => panic!("{other:?}"),
        };
        let rows: Vec<_> = rows
            .iter()
            .map(|(senders, url)| Relay {
                senders: senders.iter().map(|s| (*s).to_owned()).collect(),
                server: server(url),
            })
            .collect();
        let smtp = Smtp {
            mail: Mail::Maildir("x".into()),
            relays: Vec::new(),
            connections: 1,
            timeout: Duration::from_secs(1),
            group: 1,
            lease: Duration::from_mins(1),
            limits: crate::model::rate::Limits::default(),
            ca_file: None,
        };
        Relays::new(&rows, last.map(server).as_ref(), &smtp).unwrap()
    }

    #[test]
    fn a_senders_own_rows_go_first_in_their_order_and_never_mix_with_others() {
        let relays = relays(
            &[
                (&["a.org"], "smtp://a1"),
                (&["b.org"], "smtp://b1"),
                (&["a.org", "c.org"], "smtp://a2"),
                (&[], "smtp://any"),
            ],
            Some("smtp://last"),
        );
        let now = Instant::now();
        assert_eq!(relays.for_sender("A.org", now), [0, 2]);
        assert_eq!(relays.for_sender("b.org", now), [1]);
        assert_eq!(relays.for_sender("d.org", now), [3, 4], "who is not named takes `*`, then smtp.url");
    }

    #[test]
    fn a_barred_relay_is_asked_last_until_it_has_rested_or_answers_again() {
        let relays = relays(&[(&["a.org"], "smtp://a1"), (&["a.org"], "smtp://a2")], None);
        let now = Instant::now();
        relays.bar(0, now);
        assert_eq!(relays.for_sender("a.org", now), [1, 0]);
        assert_eq!(relays.for_sender("a.org", now + REST), [0, 1]);
        relays.clear(0);
        assert_eq!(relays.for_sender("a.org", now), [0, 1]);
        assert!(relays.for_sender("b.org", now).is_empty());
    }
}
