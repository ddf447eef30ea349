//! Opening a connection: TCP, TLS from the start or by STARTTLS, EHLO, login.

use std::{
    fmt::Display,
    sync::{Arc, atomic::AtomicU64, atomic::Ordering},
};

use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
    commands::Ehlo,
    extension::ClientId,
    response::Response,
};
use tokio::time::timeout;

use super::dialogue::{Connection, Offers, Stopped, unexpected, within};
use crate::{
    deliver::{
        outcome::{Fault, Step},
        route::SmtpRoute,
        stream::{self, Counted, Gate},
    },
    settings::{Secret, Tls},
};

/// Connects, encrypts as the route says, and logs in.
pub(super) async fn open(route: &SmtpRoute, hello: &ClientId) -> Result<Connection, Stopped> {
    let limits = route.timeouts;
    let io = |step: Step| move |error: std::io::Error| (step, Fault::lost(error));
    let slow = |step: Step| move |_| (step, Fault::lost("timed out"));
    let tcp = timeout(limits.connect, stream::connect(route)).await.map_err(slow(Step::Connect))?;
    let tcp = tcp.map_err(io(Step::Connect))?;
    let near = tcp.peer_addr().is_ok_and(|peer| peer.ip().is_loopback());
    let implicit = route.server.tls == Tls::Implicit;
    let greeting = limits.command;
    let written = Arc::new(AtomicU64::new(0));
    let tcp = Counted::new(tcp, Arc::clone(&written));
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
        let reply = log_in(route, (user, password), &mut smtp).await?;
        if !reply.has_code(235) {
            return Err((Step::Auth, unexpected(&reply)));
        }
    }
    Ok(Connection::new(smtp, offers, written, limits))
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

async fn log_in(
    route: &SmtpRoute,
    login: (&str, &Secret),
    smtp: &mut AsyncSmtpConnection,
) -> Result<Response, Stopped> {
    let credentials = Credentials::new(login.0.to_owned(), login.1.expose().to_owned());
    within(route.timeouts.command, Step::Auth, smtp.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)).await
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
