//! The server's settings: typed, complete, and with all their mistakes told at once.
//!
//! [`load`] lays the file over the built-in `config/default.toml`, and the environment over both. [`layers`]
//! knows where each value came from, so that a problem names the file and line or the variable. What a digest
//! is stands in its own file, read by [`load_digests`].

mod bounces;
mod database;
mod digests;
mod dkim;
mod layers;
mod relays;
mod secret;
mod smtp;
#[cfg(test)]
mod tests;
mod values;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use url::Url;

pub use bounces::{After, Bounces, MailboxServer, MailboxTls, Protocol, ReportBox};
pub use database::{Database, PostgresUrl};
pub use digests::{DigestFile, load_digests, read_digests};
pub use dkim::{DkimKey, domain_name, selector_name};
pub use relays::Relay;
pub use secret::Secret;
pub use smtp::{Mail, SmtpServer, Tls};
pub use values::{Allow, LogFormat};

use crate::model::{
    Problem,
    rate::{Limits, Rate},
};
use layers::Layers;

/// The file read where none is named, if it is there.
pub const USUAL_FILE: &str = "config/pullquote.toml";

/// What the operator decides. Printing it for debugging shows no secret.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people reach the server; its path ends with a slash, so that links can be joined to it.
    pub public_url: Url,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The key that signs links; `None` leaves it to the application to make one.
    pub secret: Option<Secret>,
    /// Folders.
    pub paths: Paths,
    /// The database.
    pub store: Store,
    /// Outgoing mail.
    pub smtp: Smtp,
    /// The keys that mail is signed with.
    pub dkim: Vec<DkimKey>,
    /// Reports that come back.
    pub bounces: Bounces,
    /// Password of the admin pages; `None` turns them off.
    pub admin_password: Option<Secret>,
    /// Bearer token of the API; `None` turns it off.
    pub api_token: Option<Secret>,
    /// Fetching.
    pub collect: Collect,
    /// How long a link to confirm a subscription works.
    pub confirm_within: Duration,
    /// What is logged.
    pub log: Log,
}

/// Folders; relative ones start at the working directory.
#[derive(Debug, Clone)]
pub struct Paths {
    /// Database, signing key, outbox.
    pub data: PathBuf,
    /// Digest files.
    pub digests: PathBuf,
}

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    /// Which.
    pub database: Database,
}

/// Outgoing mail.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Where mail goes.
    pub mail: Mail,
    /// Servers for the mail of certain senders, before that.
    pub relays: Vec<Relay>,
    /// Connections at the same time, at least 1.
    pub connections: usize,
    /// The longest that one step of a conversation may take.
    pub timeout: Duration,
    /// Deliveries that a process holds at the most.
    pub group: usize,
    /// How long a process that is silent keeps what it holds.
    pub lease: Duration,
    /// What bounds outgoing mail.
    pub limits: Limits,
    /// A certificate to trust beside the usual ones, PEM.
    pub ca_file: Option<PathBuf>,
}

/// Fetching.
#[derive(Debug, Clone)]
pub struct Collect {
    /// How often a source is fetched unless its digest says.
    pub every: Duration,
    /// The longest that one document may take.
    pub timeout: Duration,
    /// The pause between two requests to one host.
    pub spacing: Duration,
    /// What is exempt from the guard against private addresses.
    pub allow: Vec<Allow>,
    /// The ports that are fetched from; what is exempt may be on any.
    pub ports: Vec<u16>,
    /// A file of certificates to trust beside the usual ones, PEM.
    pub ca_file: Option<PathBuf>,
}

/// What is logged.
#[derive(Debug, Clone)]
pub struct Log {
    /// A level, with exceptions after commas.
    pub level: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// Reads the settings: built-in defaults, then `file` (or [`USUAL_FILE`] where that is there), then `env`.
///
/// # Errors
/// Every mistake, with its file and line or its variable.
pub fn load(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Settings, Vec<Problem>> {
    let usual = Path::new(USUAL_FILE);
    let file = file.or_else(|| usual.is_file().then_some(usual));
    let mut layers = Layers::read(file, env);
    let settings = read(&mut layers);
    let problems = layers.finish();
    match settings {
        Some(settings) if problems.is_empty() => Ok(settings),
        _ => Err(problems),
    }
}

/// Takes every value; `None` where one that is needed is wrong, which `layers` then knows.
fn read(layers: &mut Layers) -> Option<Settings> {
    let public_url = layers.parsed("public_url", values::public_url);
    let listen = layers.parsed("listen", values::socket);
    let secret = layers.secret("secret", 32);
    let data = layers.parsed("paths.data", values::path);
    let digests = layers.parsed("paths.digests", values::path);
    let store = layers.secret("store.url", 1);
    let store = store.and_then(|url| layers.checked("store.url", Database::parse(url.expose())));
    let smtp = smtp(layers, data.as_deref());
    let dkim = layers.list("dkim.keys", DkimKey::parse);
    let bounces = bounces(layers);
    let admin_password = layers.secret("admin.password", 8);
    let api_token = layers.secret("api.token", 16);
    let collect = collect(layers);
    let confirm_within = layers.parsed("subscribe.confirm_within", values::duration);
    let level = layers.parsed("log.level", values::log_level);
    let format = layers.parsed("log.format", values::log_format);
    let data = data?;
    Some(Settings {
        public_url: public_url?,
        listen: listen?,
        secret,
        store: Store { database: store.unwrap_or_else(|| Database::Sqlite(data.join("pullquote.db"))) },
        paths: Paths { data, digests: digests? },
        smtp: smtp?,
        dkim,
        bounces: bounces?,
        admin_password,
        api_token,
        collect: collect?,
        confirm_within: confirm_within?,
        log: Log { level: level?, format: format? },
    })
}

fn smtp(layers: &mut Layers, data: Option<&Path>) -> Option<Smtp> {
    let mail = layers.secret("smtp.url", 1).and_then(|url| layers.checked("smtp.url", Mail::parse(url.expose())));
    let relays = layers.secret("smtp.relays", 1);
    let relays =
        relays.and_then(|rows| layers.checked("smtp.relays", relays::parse(rows.expose()))).unwrap_or_default();
    let connections = layers.number("smtp.connections", 1..=64);
    let timeout = layers.parsed("smtp.timeout", values::duration);
    let ca_file = layers.parsed("smtp.ca_file", values::existing_file);
    let group = layers.number("smtp.group", 1..=100_000);
    let lease = layers.parsed("smtp.lease", values::duration);
    let limits = limits(layers);
    let mail = mail.unwrap_or_else(|| Mail::Maildir(data.unwrap_or(Path::new("")).join("outbox")));
    Some(Smtp {
        mail,
        relays,
        connections: connections?,
        timeout: timeout?,
        group: group?,
        lease: lease?,
        limits: limits?,
        ca_file,
    })
}

fn limits(layers: &mut Layers) -> Option<Limits> {
    const MOST: usize = 1_000_000_000;
    const MINUTE: Duration = Duration::from_mins(1);
    let mut all = Vec::new();
    for (key, name, window) in [
        ("smtp.per_second", "second", Duration::from_secs(1)),
        ("smtp.per_minute", "minute", MINUTE),
        ("smtp.per_hour", "hour", Duration::from_hours(1)),
    ] {
        let count = layers.number(key, 0..=MOST)?;
        all.extend(Rate::new(u32::try_from(count).unwrap_or(u32::MAX), window).map(|rate| (name, rate)));
    }
    let domain = Rate::new(u32::try_from(layers.number("smtp.per_domain", 0..=MOST)?).unwrap_or(u32::MAX), MINUTE);
    let domains = layers.list("smtp.domains", values::domain_limit);
    let domains = domains.into_iter().map(|(name, count)| (name, Rate::new(count, MINUTE))).collect();
    Some(Limits { all, domain, domains })
}

fn collect(layers: &mut Layers) -> Option<Collect> {
    let every = layers.parsed("collect.every", values::duration);
    let timeout = layers.parsed("collect.timeout", values::duration);
    let spacing = layers.parsed("collect.spacing", values::pause);
    let allow = layers.list("collect.allow", Allow::parse);
    let ports = layers.list("collect.ports", values::port);
    let ca_file = layers.parsed("collect.ca_file", values::existing_file);
    Some(Collect { every: every?, timeout: timeout?, spacing: spacing?, allow, ports, ca_file })
}

fn bounces(layers: &mut Layers) -> Option<Bounces> {
    let mailbox = layers
        .secret("bounces.mailbox", 1)
        .and_then(|url| layers.checked("bounces.mailbox", ReportBox::parse(url.expose())));
    let every = layers.parsed("bounces.every", values::duration);
    let timeout = layers.parsed("bounces.timeout", values::duration);
    let ca_file = layers.parsed("bounces.ca_file", values::existing_file);
    let return_path = layers.parsed("bounces.return_path", values::return_path);
    let soft_limit = layers.number("bounces.soft_limit", 1..=100).and_then(|limit| u32::try_from(limit).ok());
    let soft_span = layers.parsed("bounces.soft_span", values::pause);
    let keep = layers.parsed("bounces.keep", values::duration);
    let hook_token = layers.secret("bounces.hook_token", 16);
    let mailgun_key = layers.secret("bounces.mailgun_key", 8);
    Some(Bounces {
        mailbox,
        every: every?,
        timeout: timeout?,
        ca_file,
        return_path,
        soft_limit: soft_limit?,
        soft_span: soft_span?,
        keep: keep?,
        hook_token,
        mailgun_key,
    })
}
