//! A real SMTP server for tests, on a port of its own, that goes wrong where it is told to.
//!
//! At any step it can refuse, fall silent, hang up or talk nonsense; it remembers what it was told and
//! keeps the messages it took. A fault after the final dot strikes after the message was kept: that is the
//! case in which a second try would double it.

#![allow(dead_code, reason = "every test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    collections::HashMap,
    future::pending,
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

#[path = "certificate.rs"]
pub mod certificate;

/// Where in the dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    Connect,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Body,
    Dot,
    Quit,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An answer such as `450 4.2.1 later`.
    Refuse(&'static str),
    /// No answer, the connection open.
    Stall,
    /// No answer, the connection closed.
    Cut,
    /// An answer that is not SMTP.
    Rubbish,
}

/// A fault, where it strikes, whom, and how often.
#[derive(Debug, Clone)]
pub struct Trouble {
    pub at: At,
    pub fault: Fault,
    /// Only when this recipient is named.
    pub to: Option<String>,
    /// How often it is passed over first.
    pub after: usize,
    /// How often still.
    pub times: usize,
}

impl Trouble {
    pub fn always(at: At, fault: Fault) -> Self {
        Self { at, fault, to: None, after: 0, times: usize::MAX }
    }

    pub fn once(at: At, fault: Fault) -> Self {
        Self { times: 1, ..Self::always(at, fault) }
    }

    fn is_due(&self, at: At, to: Option<&str>) -> bool {
        self.at == at && self.times > 0 && (self.to.is_none() || self.to.as_deref() == to)
    }

    pub fn for_recipient(at: At, fault: Fault, to: &str) -> Self {
        Self { to: Some(to.to_owned()), ..Self::always(at, fault) }
    }
}

/// How the server encrypts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    No,
    StartTls,
    Implicit,
}

/// What the server is like.
#[derive(Debug, Clone)]
pub struct Manner {
    pub tls: Encryption,
    pub login: Option<(&'static str, &'static str)>,
    /// The mechanisms it offers.
    pub mechanisms: &'static str,
    pub pipelining: bool,
    /// Whether it answers DATA with 354 although it took no recipient (RFC 2920, section 3.1).
    pub eager: bool,
    /// How long it thinks about each message before it answers.
    pub thinks: Duration,
    /// Appended in clear to the answer that accepts STARTTLS, as an eavesdropper would.
    pub smuggled: &'static str,
    pub trouble: Vec<Trouble>,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            tls: Encryption::No,
            login: None,
            mechanisms: "PLAIN LOGIN",
            pipelining: false,
            eager: false,
            thinks: Duration::ZERO,
            smuggled: "",
            trouble: Vec::new(),
        }
    }
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub from: String,
    pub to: String,
    /// With dot-stuffing undone.
    pub body: String,
    pub encrypted: bool,
    /// Which connection brought it, counted from 1.
    pub connection: usize,
}

struct State {
    manner: Mutex<Manner>,
    kept: Mutex<Vec<Kept>>,
    commands: Mutex<Vec<String>>,
    connections: Mutex<usize>,
    struck: watch::Sender<usize>,
    taken: watch::Sender<usize>,
    acceptor: TlsAcceptor,
}

/// A running server; it ends when dropped.
pub struct SmtpServer {
    pub address: SocketAddr,
    state: Arc<State>,
    authority: String,
    task: JoinHandle<()>,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmtpServer {
    pub async fn start(manner: Manner) -> Self {
        let (config, authority) = certificate::certificate();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let state = Arc::new(State {
            manner: Mutex::new(manner),
            kept: Mutex::default(),
            commands: Mutex::default(),
            connections: Mutex::default(),
            struck: watch::Sender::new(0),
            taken: watch::Sender::new(0),
            acceptor,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Arc::clone(&state);
        let task = tokio::spawn(async move {
            let mut dialogues = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                let state = Arc::clone(&serving);
                let number = {
                    let mut connections = state.connections.lock().unwrap();
                    *connections += 1;
                    *connections
                };
                dialogues.spawn(async move {
                    // A client that goes away in the middle is what is being tested.
                    let _ = serve(state, Box::new(stream), number).await;
                });
            }
        });
        Self { address, state, authority, task }
    }

    /// `smtp://127.0.0.1:port` with what is put before the host and after the port.
    pub fn url(&self, scheme: &str, login: &str, settings: &str) -> String {
        format!("{scheme}://{login}127.0.0.1:{}{settings}", self.address.port())
    }

    /// Writes the authority that signed the server's certificate into a folder.
    pub fn authority(&self, folder: &std::path::Path) -> PathBuf {
        let path = folder.join("authority.pem");
        std::fs::write(&path, &self.authority).unwrap();
        path
    }

    pub fn kept(&self) -> Vec<Kept> {
        self.state.kept.lock().unwrap().clone()
    }

    /// How often a message for this address was taken.
    pub fn kept_for(&self, to: &str) -> usize {
        self.state.kept.lock().unwrap().iter().filter(|kept| kept.to == to).count()
    }

    /// How often a message was taken, by recipient.
    pub fn counts(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for kept in &*self.state.kept.lock().unwrap() {
            *counts.entry(kept.to.clone()).or_default() += 1;
        }
        counts
    }

    /// How many messages were taken.
    pub fn count(&self) -> usize {
        self.state.kept.lock().unwrap().len()
    }

    pub fn commands(&self) -> Vec<String> {
        self.state.commands.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        *self.state.connections.lock().unwrap()
    }

    /// The server behaves from now on, in new connections and in old ones.
    pub fn mend(&self) {
        self.state.manner.lock().unwrap().trouble.clear();
    }

    /// From now on it answers without thinking.
    pub fn hurry(&self) {
        self.state.manner.lock().unwrap().thinks = Duration::ZERO;
    }

    /// What will go wrong from now on.
    pub fn trouble(&self, trouble: Vec<Trouble>) {
        self.state.manner.lock().unwrap().trouble = trouble;
    }

    /// Waits until faults have struck that often.
    pub async fn struck(&self, times: usize) {
        self.state.struck.subscribe().wait_for(|struck| *struck >= times).await.unwrap();
    }

    /// How often faults have struck.
    pub fn strikes(&self) -> usize {
        *self.state.struck.borrow()
    }

    /// Waits until so many messages were taken in all.
    pub async fn taken(&self, messages: usize) {
        self.state.taken.subscribe().wait_for(|taken| *taken >= messages).await.unwrap();
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Whether the dialogue goes on after a step.
enum Next {
    Go,
    Skip,
}

struct Dialogue {
    state: Arc<State>,
    stream: BufReader<Box<dyn Stream>>,
    encrypted: bool,
    connection: usize,
    from: String,
    to: Option<String>,
}

async fn serve(state: Arc<State>, stream: Box<dyn Stream>, connection: usize) -> io::Result<()> {
    let implicit = state.manner.lock().unwrap().tls == Encryption::Implicit;
    let stream: Box<dyn Stream> = if implicit { Box::new(state.acceptor.accept(stream).await?) } else { stream };
    let stream = BufReader::new(stream);
    let mut dialogue = Dialogue { state, stream, encrypted: implicit, connection, from: String::new(), to: None };
    if let Next::Skip = dialogue.strike(At::Connect).await? {
        return Ok(());
    }
    dialogue.say("220 test.example ESMTP").await?;
    while let Some(line) = dialogue.line().await? {
        dialogue.state.commands.lock().unwrap().push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => dialogue.ehlo().await?,
            "STARTTLS" => dialogue = dialogue.start_tls().await?,
            "AUTH" => dialogue.auth(&line).await?,
            "MAIL" => dialogue.mail(&line).await?,
            "RCPT" => dialogue.rcpt(&line).await?,
            "DATA" => dialogue.data().await?,
            "RSET" => {
                dialogue.forget();
                dialogue.say("250 forgotten").await?;
            }
            "QUIT" => {
                if let Next::Go = dialogue.strike(At::Quit).await? {
                    dialogue.say("221 bye").await?;
                }
                return Ok(());
            }
            _ => dialogue.say("500 what?").await?,
        }
    }
    Ok(())
}

impl Dialogue {
    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.stream.read_until(b'\n', &mut line).await?;
        Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Lets a fault strike here, where one is due.
    async fn strike(&mut self, at: At) -> io::Result<Next> {
        let fault = {
            let mut manner = self.state.manner.lock().unwrap();
            let due = manner.trouble.iter_mut().find(|trouble| trouble.is_due(at, self.to.as_deref()));
            due.and_then(|trouble| {
                let passed = trouble.after.checked_sub(1);
                trouble.after = passed.unwrap_or(0);
                trouble.times -= usize::from(passed.is_none());
                passed.is_none().then_some(trouble.fault)
            })
        };
        let Some(fault) = fault else { return Ok(Next::Go) };
        self.state.struck.send_modify(|struck| *struck += 1);
        match fault {
            Fault::Refuse(reply) => self.say(reply).await?,
            Fault::Rubbish => self.say("good evening").await?,
            Fault::Stall => pending().await,
            Fault::Cut => return Err(io::ErrorKind::ConnectionAborted.into()),
        }
        Ok(Next::Skip)
    }

    fn forget(&mut self) {
        self.from.clear();
        self.to = None;
    }

    async fn ehlo(&mut self) -> io::Result<()> {
        if let Next::Skip = self.strike(At::Ehlo).await? {
            return Ok(());
        }
        let manner = self.state.manner.lock().unwrap().clone();
        let mut lines = vec!["test.example".to_owned(), "8BITMIME".to_owned()];
        if manner.pipelining {
            lines.push("PIPELINING".to_owned());
        }
        if manner.tls == Encryption::StartTls && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        if manner.login.is_some() {
            lines.push(format!("AUTH {}", manner.mechanisms));
        }
        let last = lines.len() - 1;
        for (at, line) in lines.iter().enumerate() {
            let mark = if at == last { ' ' } else { '-' };
            self.say(&format!("250{mark}{line}")).await?;
        }
        Ok(())
    }

    async fn start_tls(mut self) -> io::Result<Self> {
        if let Next::Skip = self.strike(At::StartTls).await? {
            return Ok(self);
        }
        let smuggled = self.state.manner.lock().unwrap().smuggled;
        let answer = format!("220 go ahead\r\n{smuggled}");
        self.stream.get_mut().write_all(answer.as_bytes()).await?;
        self.stream.get_mut().flush().await?;
        let secured = self.state.acceptor.accept(self.stream.into_inner()).await?;
        Ok(Self { stream: BufReader::new(Box::new(secured)), encrypted: true, ..self })
    }

    async fn auth(&mut self, line: &str) -> io::Result<()> {
        if let Next::Skip = self.strike(At::Auth).await? {
            return Ok(());
        }
        let login = self.state.manner.lock().unwrap().login;
        let Some((user, password)) = login else { return self.say("503 no").await };
        let mut words = line.split(' ').skip(1);
        let right = match (words.next(), words.next()) {
            (Some("PLAIN"), Some(given)) => given == base64(&format!("\0{user}\0{password}")),
            (Some("LOGIN"), None) => {
                self.say(&format!("334 {}", base64("Username:"))).await?;
                let given_user = self.line().await?;
                self.say(&format!("334 {}", base64("Password:"))).await?;
                let given_password = self.line().await?;
                given_user == Some(base64(user)) && given_password == Some(base64(password))
            }
            _ => false,
        };
        self.say(if right { "235 welcome" } else { "535 5.7.8 wrong" }).await
    }

    async fn mail(&mut self, line: &str) -> io::Result<()> {
        if let Next::Skip = self.strike(At::Mail).await? {
            return Ok(());
        }
        self.forget();
        self.from = bracketed(line);
        self.say("250 sender ok").await
    }

    async fn rcpt(&mut self, line: &str) -> io::Result<()> {
        if self.from.is_empty() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        self.to = Some(bracketed(line));
        if let Next::Skip = self.strike(At::Rcpt).await? {
            self.to = None;
            return Ok(());
        }
        self.say("250 recipient ok").await
    }

    async fn data_for_nobody(&mut self) -> io::Result<()> {
        if !self.state.manner.lock().unwrap().eager {
            return self.say("503 5.5.1 RCPT first").await;
        }
        self.say("354 go on").await?;
        while let Some(line) = self.line().await? {
            if line == "." {
                return self.say("554 5.5.1 no valid recipients").await;
            }
            self.state.commands.lock().unwrap().push(format!("for nobody: {line}"));
        }
        Ok(())
    }

    async fn data(&mut self) -> io::Result<()> {
        let Some(to) = self.to.clone() else { return self.data_for_nobody().await };
        if let Next::Skip = self.strike(At::Data).await? {
            return Ok(());
        }
        self.say("354 go on").await?;
        let mut body = String::new();
        let mut begun = false;
        loop {
            let Some(line) = self.line().await? else { return Ok(()) };
            if !begun {
                begun = true;
                if let Next::Skip = self.strike(At::Body).await? {
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
            }
            if line == "." {
                break;
            }
            body.push_str(line.strip_prefix('.').unwrap_or(&line));
            body.push_str("\r\n");
        }
        let refused = {
            let manner = self.state.manner.lock().unwrap();
            let due = manner.trouble.iter().find(|trouble| trouble.is_due(At::Dot, self.to.as_deref()));
            due.is_some_and(|trouble| trouble.after == 0 && matches!(trouble.fault, Fault::Refuse(_)))
        };
        if !refused {
            let kept =
                Kept { from: self.from.clone(), to, body, encrypted: self.encrypted, connection: self.connection };
            self.state.kept.lock().unwrap().push(kept);
            self.state.taken.send_modify(|taken| *taken += 1);
        }
        if let Next::Go = self.strike(At::Dot).await? {
            let thinks = self.state.manner.lock().unwrap().thinks;
            if !thinks.is_zero() {
                tokio::time::sleep(thinks).await;
            }
            self.say("250 2.0.0 taken").await?;
        }
        self.forget();
        Ok(())
    }
}

fn bracketed(line: &str) -> String {
    let start = line.find('<').map_or(0, |at| at + 1);
    let end = line.find('>').unwrap_or(line.len());
    line[start..end].to_owned()
}

/// Base64 with padding (RFC 4648), for what AUTH carries.
fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let word = (0..3).fold(0_usize, |word, at| word << 8 | three.get(at).map_or(0, |byte| usize::from(*byte)));
        for place in 0..4 {
            let letter = if place > three.len() { b'=' } else { ALPHABET[word >> (18 - 6 * place) & 63] };
            out.push(char::from(letter));
        }
    }
    out
}
