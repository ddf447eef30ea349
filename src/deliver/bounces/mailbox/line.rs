//! A line-wise connection to a mailbox server: every step under a timeout, every answer of bounded size, TLS from
//! the first byte or after STARTTLS.

use std::{io, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::settings::{MailboxServer, MailboxTls};

/// The longest line of an answer: a search through a large mailbox is one line.
const LONGEST_LINE: u64 = 8 * 1024 * 1024;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection.
pub(super) struct Line {
    stream: BufReader<Box<dyn Stream>>,
    limit: Duration,
    secure: TlsConnector,
    name: ServerName<'static>,
}

impl Line {
    /// Connects, encrypted at once where the server is one for that.
    pub(super) async fn connect(
        server: &MailboxServer,
        authority: Option<&[u8]>,
        limit: Duration,
    ) -> Result<Self, String> {
        let secure = connector(authority)?;
        let name = ServerName::try_from(server.host.clone()).map_err(|error| error.to_string())?;
        let tcp = within(limit, "connecting", TcpStream::connect((server.host.as_str(), server.port))).await?;
        tcp.set_nodelay(true).map_err(|error| error.to_string())?;
        let stream: Box<dyn Stream> = match server.tls {
            MailboxTls::Implicit => Box::new(within(limit, "TLS", secure.connect(name.clone(), tcp)).await?),
            MailboxTls::Start | MailboxTls::None => Box::new(tcp),
        };
        Ok(Self { stream: BufReader::new(stream), limit, secure, name })
    }

    /// Turns to TLS. What came before it and was not read yet would be taken for encrypted: it ends here.
    pub(super) async fn start_tls(self) -> Result<Self, String> {
        if !self.stream.buffer().is_empty() {
            return Err("the server said more before TLS than it may: somebody may sit in the line".to_owned());
        }
        let encrypted = self.secure.connect(self.name.clone(), self.stream.into_inner());
        let encrypted: Box<dyn Stream> = Box::new(within(self.limit, "STARTTLS", encrypted).await?);
        Ok(Self { stream: BufReader::new(encrypted), limit: self.limit, secure: self.secure, name: self.name })
    }

    /// Sends a line.
    pub(super) async fn send(&mut self, line: &str) -> Result<(), String> {
        let bytes = format!("{line}\r\n");
        let sending = async {
            self.stream.get_mut().write_all(bytes.as_bytes()).await?;
            self.stream.get_mut().flush().await
        };
        within(self.limit, "sending", sending).await
    }

    /// The next line as it came, without its end.
    pub(super) async fn bytes(&mut self) -> Result<Vec<u8>, String> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.stream).take(LONGEST_LINE);
        within(self.limit, "waiting for an answer", bounded.read_until(b'\n', &mut line)).await?;
        if line.pop() != Some(b'\n') {
            return Err(match line.is_empty() {
                true => "the server hung up".to_owned(),
                false => "an answer is cut short or too long".to_owned(),
            });
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    /// The next line as text.
    pub(super) async fn line(&mut self) -> Result<String, String> {
        Ok(String::from_utf8_lossy(&self.bytes().await?).into_owned())
    }

    /// The next `count` bytes, of which the first `most` are kept.
    pub(super) async fn exact(&mut self, count: usize, most: usize) -> Result<Vec<u8>, String> {
        let (mut kept, mut left) = (Vec::with_capacity(count.min(most)), count);
        let mut chunk = vec![0; 16 * 1024];
        while left > 0 {
            let want = left.min(chunk.len());
            let read = within(self.limit, "waiting for a mail", self.stream.read(&mut chunk[..want])).await?;
            if read == 0 {
                return Err("the server hung up in the middle of a mail".to_owned());
            }
            let room = most.saturating_sub(kept.len()).min(read);
            kept.extend_from_slice(&chunk[..room]);
            left -= read;
        }
        Ok(kept)
    }
}

fn connector(authority: Option<&[u8]>) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(authority.unwrap_or_default()) {
        let certificate = certificate.map_err(|error| format!("bounces.ca_file: {error}"))?;
        roots.add(certificate).map_err(|error| format!("bounces.ca_file: {error}"))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn within<T>(limit: Duration, what: &str, work: impl Future<Output = io::Result<T>>) -> Result<T, String> {
    match timeout(limit, work).await {
        Ok(done) => done.map_err(|error| format!("{what}: {error}")),
        Err(_) => Err(format!("{what}: nothing for {} seconds", limit.as_secs())),
    }
}
