//! The dialogue on an open connection: which commands go out together, and whose reply is whose.
//!
//! Where the server offers PIPELINING (RFC 2920), MAIL, RCPT and DATA leave in one write, and the end of one
//! message carries the envelope of the next one with it. Replies come in order, and every one is read and
//! accounted for: a refusal keeps the connection in step.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use lettre::transport::smtp::{self, client::AsyncSmtpConnection, response::Response};
use tokio::time::timeout;

use crate::deliver::{
    mailer::Envelope,
    outcome::{Fault, Step, readable},
    route::Timeouts,
};

/// Where a dialogue stopped, and why.
pub(super) type Stopped = (Step, Fault);

/// An open connection.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    offers: Offers,
    /// Octets that the system has taken for the wire, encrypted ones where there is encryption.
    written: Arc<AtomicU64>,
    limits: Timeouts,
    /// Whether it has carried an envelope before: it may have idled, or be used up.
    pub kept: bool,
}

/// What the server offers in its answer to EHLO.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Offers {
    pub pipelining: bool,
    pub eight_bit: bool,
    pub utf8: bool,
}

/// What was answered to a message and to the envelope that went with it.
pub(super) struct Answers {
    /// To the message: the server's words where it took it.
    pub message: Result<String, Stopped>,
    /// To the next envelope, where it was asked and the connection lived to tell.
    pub envelope: Option<Result<(), Stopped>>,
}

impl Connection {
    pub(super) fn new(smtp: AsyncSmtpConnection, offers: Offers, written: Arc<AtomicU64>, limits: Timeouts) -> Self {
        Self { smtp, offers, written, limits, kept: false }
    }

    /// Offers an envelope; after `Ok` the server waits for the body.
    pub(super) async fn offer(&mut self, envelope: &Envelope) -> Result<(), Stopped> {
        let [mail, rcpt] = self.commands(envelope)?;
        self.kept = true;
        if self.offers.pipelining {
            let first = within(self.limits.command, Step::Mail, self.smtp.command(format!("{mail}{rcpt}DATA\r\n")));
            let first = first.await;
            return self.envelope_replies(first).await;
        }
        for (step, command, class) in [(Step::Mail, mail, 2), (Step::Rcpt, rcpt, 2), (Step::Data, "DATA\r\n".into(), 3)]
        {
            let reply = within(self.limits.command, step, self.smtp.command(command)).await;
            checked(step, class, reply)?;
        }
        Ok(())
    }

    /// Hands over the body after an accepted offer, and offers the next envelope with it where the server
    /// takes such groups. `message` has CR LF line ends and stuffed dots; what ends it is added.
    pub(super) async fn hand(&mut self, message: &mut String, next: Option<&Envelope>) -> Answers {
        if !message.ends_with("\r\n") {
            message.push_str("\r\n");
        }
        let dot = self.written.load(Ordering::Relaxed) + message.len() as u64;
        message.push_str(".\r\n");
        let asked = match next.filter(|_| self.offers.pipelining).map(|next| self.commands(next)) {
            None => None,
            Some(Ok([mail, rcpt])) => {
                message.push_str(&mail);
                message.push_str(&rcpt);
                message.push_str("DATA\r\n");
                Some(Ok(()))
            }
            // Refused by ourselves, without a word to the server.
            Some(Err(stopped)) => Some(Err(stopped)),
        };
        let message = self.message_reply(message, dot).await;
        let lost = matches!(&message, Err((_, fault)) if fault.ends_the_connection());
        let envelope = match asked {
            Some(Ok(())) if lost => None,
            Some(Ok(())) => {
                let first = within(self.limits.command, Step::Mail, self.smtp.read_response()).await;
                Some(self.envelope_replies(first).await)
            }
            other => other,
        };
        Answers { message, envelope }
    }

    /// Clears a refused envelope away; whether the connection is still of use.
    pub(super) async fn reset(&mut self) -> bool {
        within(self.limits.command, Step::Mail, self.smtp.command("RSET\r\n")).await.is_ok()
    }

    /// Says goodbye, briefly: how the server takes it is of no account.
    pub(super) async fn quit(mut self) {
        let patience = self.limits.command.min(Duration::from_secs(5));
        let _ = timeout(patience, self.smtp.command("QUIT\r\n")).await;
    }

    fn commands(&self, envelope: &Envelope) -> Result<[String; 2], Stopped> {
        let (from, to) = (envelope.from.as_str(), envelope.to.as_str());
        let wide = !from.is_ascii() || !to.is_ascii();
        if wide && !self.offers.utf8 {
            let reply = "550 5.6.7 the server takes no addresses beyond ASCII (SMTPUTF8)".to_owned();
            let step = if from.is_ascii() { Step::Rcpt } else { Step::Mail };
            return Err((step, Fault::Refused { code: 550, reply }));
        }
        let eight_bit = if self.offers.eight_bit { " BODY=8BITMIME" } else { "" };
        let utf8 = if wide { " SMTPUTF8" } else { "" };
        Ok([format!("MAIL FROM:<{from}>{eight_bit}{utf8}\r\n"), format!("RCPT TO:<{to}>\r\n")])
    }

    /// Writes the end of a message and reads its answer. Where that fails, what tells body from dot is
    /// whether the system had taken the dot for the wire.
    async fn message_reply(&mut self, group: &str, dot: u64) -> Result<String, Stopped> {
        let limits = self.limits;
        let written = Arc::clone(&self.written);
        let dot_is_out = || written.load(Ordering::Relaxed) > dot;
        let mut handing = pin!(self.smtp.command(group));
        let mut result = timeout(limits.body, &mut handing).await;
        if result.is_err() && dot_is_out() {
            result = timeout(limits.dot, &mut handing).await;
        }
        let step = if dot_is_out() { Step::Dot } else { Step::Body };
        match result {
            Ok(Ok(reply)) if u16::from(reply.code()) / 100 == 2 => Ok(told(&reply)),
            Ok(Ok(reply)) => Err((step, unexpected(&reply))),
            Ok(Err(error)) => Err((step, error.into())),
            Err(_) => Err((step, Fault::lost("timed out"))),
        }
    }

    /// The replies to MAIL, RCPT and DATA that went out together, the first one read already.
    async fn envelope_replies(&mut self, mail: Result<Response, Stopped>) -> Result<(), Stopped> {
        let limit = self.limits.command;
        let mail = go_on(checked(Step::Mail, 2, mail))?;
        let rcpt = within(limit, Step::Rcpt, self.smtp.read_response()).await;
        let rcpt = go_on(checked(Step::Rcpt, 2, rcpt))?;
        let data = within(limit, Step::Data, self.smtp.read_response()).await;
        let data = checked(Step::Data, 3, data);
        if data.is_ok() && (mail.is_err() || rcpt.is_err()) {
            self.nothing_for_nobody(rcpt.is_ok()).await?;
        }
        mail.and(rcpt).and(data)
    }

    /// The server wants a body although the envelope was refused (RFC 2920, section 3.1): where no recipient
    /// was accepted it gets an empty one, which nobody receives; else the connection must go.
    async fn nothing_for_nobody(&mut self, accepted: bool) -> Result<(), Stopped> {
        if accepted {
            return Err((Step::Mail, Fault::lost("the server refused the sender and wants the message all the same")));
        }
        match within(self.limits.command, Step::Data, self.smtp.command(".\r\n")).await {
            Err((step, fault @ Fault::Lost { .. })) => Err((step, fault)),
            _ => Ok(()),
        }
    }
}

/// Runs one step under its timeout.
pub(super) async fn within<T>(
    limit: Duration,
    step: Step,
    work: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, Stopped> {
    match timeout(limit, work).await {
        Ok(result) => result.map_err(|error| (step, error.into())),
        Err(_) => Err((step, Fault::lost(format!("nothing for {} seconds", limit.as_secs_f32())))),
    }
}

pub(super) fn unexpected(reply: &Response) -> Fault {
    Fault::lost(format!("an answer that makes no sense here: {}", told(reply)))
}

fn told(reply: &Response) -> String {
    let lines: Vec<&str> = reply.message().collect();
    readable(&format!("{} {}", reply.code(), lines.join(" ")))
}

/// A reply of the class that the step needs: 2 to go on, 3 for the body.
fn checked(step: Step, class: u16, reply: Result<Response, Stopped>) -> Result<(), Stopped> {
    let reply = reply?;
    if u16::from(reply.code()) / 100 == class { Ok(()) } else { Err((step, unexpected(&reply))) }
}

/// In a pipeline a refusal is kept for later and the reading goes on; a lost connection ends it.
fn go_on(checked: Result<(), Stopped>) -> Result<Result<(), Stopped>, Stopped> {
    match checked {
        Err((step, fault)) if fault.ends_the_connection() => Err((step, fault)),
        other => Ok(other),
    }
}
