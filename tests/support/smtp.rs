//! A real SMTP server for tests, on a port of its own, that goes wrong where it is told to.
//!
//! At any step it can refuse, fall silent, hang up or talk nonsense; it remembers what it was told and
//! keeps the messages it took. A fault after the final dot strikes after the message was kept: that is the
//! case in which a second try would double it. What is said on a connection is in `smtp_dialogue.rs`.

#![allow(dead_code, reason = "every test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    collections::HashMap,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

#[path = "certificate.rs"]
pub mod certificate;
#[path = "smtp_dialogue.rs"]
mod dialogue;

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
                    let _ = dialogue::serve(state, Box::new(stream), number).await;
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
