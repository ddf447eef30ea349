//! One worker's connection to the SMTP server: kept over messages, every step under its own timeout.
//!
//! A message goes in two halves, [`SmtpSession::offer`] (MAIL, RCPT, DATA) and [`SmtpSession::hand`] (the
//! body), so that the ledger can be written between them. The library's own `send` would close the
//! connection at the first refusal and has no timeouts; its connection and its codec are used, step by step.

use std::{
    fmt::Display,
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lettre::transport::smtp::{
    self,
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
    commands::Ehlo,
    extension::ClientId,
    response::Response,
};
use tokio::time::timeout;

use super::{
    mailer::Envelope,
    outcome::{Fault, Outcome, Step, readable},
    route::SmtpRoute,
    stream::{self, Gate},
};
use crate::settings::{Secret, Tls};

/// A connection that is made when first needed and again when lost.
pub(super) struct SmtpSession {
    route: Arc<SmtpRoute>,
    hello: ClientId,
    connection: Option<Connection>,
}

struct Connection {
    smtp: AsyncSmtpConnection,
    offers: Offers,
}

/// What the server offers in its answer to EHLO.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Offers {
    pipelining: bool,
    eight_bit: bool,
    utf8: bool,
}

type Stopped = (Step, Fault);

impl SmtpSession {
    pub(super) fn new(route: Arc<SmtpRoute>) -> Self {
        Self { route, hello: ClientId::default(), connection: None }
    }

    /// Connects and logs in, where that has not been done.
    pub(super) async fn open(&mut self) -> Result<(), Outcome> {
        if self.connection.is_none() {
            let opened = open(&self.route, &self.hello).await;
            self.connection = Some(opened.map_err(|(step, fault)| {
                let Outcome::Halted { why } = Outcome::of(step, fault) else {
                    return Outcome::Halted { why: format!("{}: {}", self.route, "the connection was not opened") };
                };
                Outcome::Halted { why: format!("{}: {why}", self.route) }
            })?);
        }
        Ok(())
    }

    /// Offers the envelope; after `Ok` the server waits for the body.
    ///
    /// A kept connection that the server has closed meanwhile is replaced without a word: nothing had left.
    pub(super) async fn offer(&mut self, envelope: &Envelope) -> Result<(), Outcome> {
        loop {
            let kept = self.connection.is_some();
            self.open().await?;
            let Some(connection) = self.connection.as_mut() else { continue };
            let Err((step, fault)) = connection.offer(&self.route, envelope).await else { return Ok(()) };
            let lost = fault.ends_the_connection();
            if lost || !connection.reset(&self.route).await {
                self.connection = None;
            }
            if !(kept && lost && step == Step::Mail) {
                return Err(Outcome::of(step, fault));
            }
        }
    }

    /// Hands over the body, with line ends of CR and LF, after an offer that was accepted.
    pub(super) async fn hand(&mut self, message: &[u8]) -> Outcome {
        let Some(connection) = self.connection.as_mut() else {
            return Outcome::Deferred { reply: "no envelope was offered before".to_owned() };
        };
        match connection.hand(&self.route, message).await {
            Ok(reply) => Outcome::Sent { reply },
            Err((step, fault)) => {
                if fault.ends_the_connection() {
                    self.connection = None;
                }
                Outcome::of(step, fault)
            }
        }
    }

    /// Takes an accepted offer back: without its final dot the server must forget it.
    pub(super) fn withdraw(&mut self) {
        self.connection = None;
    }

    /// Says goodbye, briefly.
    pub(super) async fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let patience = self.route.timeouts.command.min(Duration::from_secs(5));
            // The messages are settled: how the server takes the farewell is of no account.
            let _ = timeout(patience, connection.smtp.command("QUIT\r\n")).await;
        }
    }
}

/// Runs one step under its timeout.
async fn within<T>(
    limit: Duration,
    step: Step,
    work: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, Stopped> {
    match timeout(limit, work).await {
        Ok(result) => result.map_err(|error| (step, error.into())),
        Err(_) => Err((step, Fault::lost(format!("nothing for {} seconds", limit.as_secs_f32())))),
    }
}

async fn open(route: &SmtpRoute, hello: &ClientId) -> Result<Connection, Stopped> {
    let limits = route.timeouts;
    let io = |step: Step| move |error: std::io::Error| (step, Fault::lost(error));
    let slow = |step: Step| move |_| (step, Fault::lost("timed out"));
    let tcp = timeout(limits.connect, stream::connect(route)).await.map_err(slow(Step::Connect))?;
    let tcp = tcp.map_err(io(Step::Connect))?;
    let near = tcp.peer_addr().is_ok_and(|peer| peer.ip().is_loopback());
    let implicit = route.server.tls == Tls::Implicit;
    let greeting = limits.command;
    let mut smtp = if implicit {
        let secured = timeout(limits.connect, stream::encrypt(route, tcp)).await.map_err(slow(Step::StartTls))?;
        let secured = Box::new(secured.map_err(io(Step::StartTls))?);
        within(greeting, Step::Greeting, AsyncSmtpConnection::connect_with_transport(secured, hello)).await?
    } else {
        let (gate, open) = Gate::new(tcp);
        let plain = AsyncSmtpConnection::connect_with_transport(Box::new(gate), hello);
        let mut smtp = within(greeting, Step::Greeting, plain).await?;
        start_tls(route, hello, &mut smtp).await?;
        open.store(true, Ordering::Relaxed);
        smtp
    };
    let offers = offers(&within(limits.command, Step::Greeting, smtp.command(Ehlo::new(hello.clone()))).await?);
    if let Some((user, password)) = &route.server.login {
        if !(implicit || smtp.is_encrypted() || (near && route.server.is_local())) {
            let why = "the server offers no STARTTLS, and a password is not sent in clear";
            return Err((Step::Auth, Fault::lost(why)));
        }
        log_in(limits.command, (user, password), &mut smtp).await?;
    }
    Ok(Connection { smtp, offers })
}

async fn start_tls(route: &SmtpRoute, hello: &ClientId, smtp: &mut AsyncSmtpConnection) -> Result<(), Stopped> {
    let stopped = |why: &dyn Display| (Step::StartTls, Fault::lost(why));
    if route.server.tls == Tls::None || (route.server.tls == Tls::Opportunistic && !smtp.can_starttls()) {
        return Ok(());
    }
    if !smtp.can_starttls() {
        return Err(stopped(&"the server does not offer it, and tls=required allows nothing less"));
    }
    let mut tls = TlsParameters::builder(route.server.host.clone())
        .certificate_store(CertificateStore::WebpkiRoots)
        .dangerous_accept_invalid_certs(!route.checks_certificate());
    if let Some(pem) = &route.authority {
        tls = tls.add_root_certificate(Certificate::from_pem(pem).map_err(|error| stopped(&error))?);
    }
    let tls = tls.build_rustls().map_err(|error| stopped(&error))?;
    // The command, the handshake and a second EHLO.
    within(route.timeouts.connect + route.timeouts.command, Step::StartTls, smtp.starttls(tls, hello)).await
}

async fn log_in(limit: Duration, login: (&str, &Secret), smtp: &mut AsyncSmtpConnection) -> Result<(), Stopped> {
    let credentials = Credentials::new(login.0.to_owned(), login.1.expose().to_owned());
    let reply = within(limit, Step::Auth, smtp.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)).await?;
    if reply.has_code(235) { Ok(()) } else { Err((Step::Auth, unexpected(&reply))) }
}

/// The library keeps only the extensions it knows, PIPELINING not among them: hence our own EHLO.
fn offers(reply: &Response) -> Offers {
    let mut offers = Offers::default();
    for line in reply.message().skip(1) {
        let keyword = line.split_whitespace().next().unwrap_or_default();
        offers.pipelining |= keyword.eq_ignore_ascii_case("PIPELINING");
        offers.eight_bit |= keyword.eq_ignore_ascii_case("8BITMIME");
        offers.utf8 |= keyword.eq_ignore_ascii_case("SMTPUTF8");
    }
    offers
}

fn unexpected(reply: &Response) -> Fault {
    Fault::lost(format!("an answer that makes no sense here: {}", told(reply)))
}

fn told(reply: &Response) -> String {
    let lines: Vec<&str> = reply.message().collect();
    readable(&format!("{} {}", reply.code(), lines.join(" ")))
}

impl Connection {
    async fn offer(&mut self, route: &SmtpRoute, envelope: &Envelope) -> Result<(), Stopped> {
        let limit = route.timeouts.command;
        let (from, to) = (envelope.from.as_str(), envelope.to.as_str());
        let wide = !from.is_ascii() || !to.is_ascii();
        if wide && !self.offers.utf8 {
            let reply = "550 5.6.7 the server takes no addresses beyond ASCII (SMTPUTF8)".to_owned();
            let step = if from.is_ascii() { Step::Rcpt } else { Step::Mail };
            return Err((step, Fault::Refused { code: 550, reply }));
        }
        let eight_bit = if self.offers.eight_bit { " BODY=8BITMIME" } else { "" };
        let utf8 = if wide { " SMTPUTF8" } else { "" };
        let mail = format!("MAIL FROM:<{from}>{eight_bit}{utf8}\r\n");
        let rcpt = format!("RCPT TO:<{to}>\r\n");
        if self.offers.pipelining {
            return self.offer_at_once(limit, format!("{mail}{rcpt}DATA\r\n")).await;
        }
        for (step, command, accepted) in
            [(Step::Mail, mail, 2), (Step::Rcpt, rcpt, 2), (Step::Data, "DATA\r\n".into(), 3)]
        {
            let reply = within(limit, step, self.smtp.command(command)).await;
            checked(step, accepted, reply)?;
        }
        Ok(())
    }

    /// All three commands in one write (RFC 2920): the answers are read in order, whatever they are.
    async fn offer_at_once(&mut self, limit: Duration, commands: String) -> Result<(), Stopped> {
        let mail = within(limit, Step::Mail, self.smtp.command(commands)).await;
        let mail = go_on(checked(Step::Mail, 2, mail))?;
        let rcpt = within(limit, Step::Rcpt, self.smtp.read_response()).await;
        let rcpt = go_on(checked(Step::Rcpt, 2, rcpt))?;
        let data = within(limit, Step::Data, self.smtp.read_response()).await;
        let data = checked(Step::Data, 3, data);
        let refused = mail.and(rcpt);
        if refused.is_err() && data.is_ok() {
            // A server that wants a body for nobody gets an empty one (RFC 2920, section 3.1).
            if let Err((step, fault @ Fault::Lost { .. })) = within(limit, Step::Data, self.smtp.command(".\r\n")).await
            {
                return Err((step, fault));
            }
        }
        refused.and(data)
    }

    async fn hand(&mut self, route: &SmtpRoute, message: &[u8]) -> Result<String, Stopped> {
        let limits = route.timeouts;
        let message = message.strip_suffix(b"\r\n").unwrap_or(message);
        let dot = AtomicBool::new(false);
        // The library writes and flushes a part before it asks for the next one, and writes the final dot
        // when there is none: asking for more than the one part is what tells body from dot.
        let mut part = Some(message);
        let parts = std::iter::from_fn(|| {
            let next = part.take();
            dot.store(next.is_none(), Ordering::Relaxed);
            next
        });
        let mut handing = pin!(self.smtp.message_iter(parts));
        let mut result = timeout(limits.body, &mut handing).await;
        if result.is_err() && dot.load(Ordering::Relaxed) {
            result = timeout(limits.dot, &mut handing).await;
        }
        let step = if dot.load(Ordering::Relaxed) { Step::Dot } else { Step::Body };
        match result {
            Ok(Ok(reply)) if u16::from(reply.code()) / 100 == 2 => Ok(told(&reply)),
            Ok(Ok(reply)) => Err((step, unexpected(&reply))),
            Ok(Err(error)) => Err((step, error.into())),
            Err(_) => Err((step, Fault::lost("timed out"))),
        }
    }

    /// Clears a refused envelope away; whether the connection is still of use.
    async fn reset(&mut self, route: &SmtpRoute) -> bool {
        within(route.timeouts.command, Step::Mail, self.smtp.command("RSET\r\n")).await.is_ok()
    }
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
