//! The use cases, one file each. Command line, web and scheduler call these and only these.
//!
//! [`App`] is the one place where the parts are put together: settings, digests, database, clock, the way
//! out for mail and the way out for documents. It is built once for a server, a command or a test.

pub mod bounces;
pub mod check;
pub mod collect;
pub mod compose;
pub mod database;
pub mod deliver;
pub mod demo;
pub mod drafts;
pub mod export;
pub mod feature;
pub mod opml;
pub mod orders;
mod parts;
pub mod quote;
pub mod read;
pub mod reload;
pub mod rendering;
pub mod send;
pub mod slots;
pub mod sources;
pub mod subscribe;
pub mod websub;
pub mod why;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use crate::{
    clock::Clock,
    collect::{FetchError, Fetcher, Guard, Lookup, Policy},
    deliver::{
        DeliverError, Mailer, RouteError,
        bounces::mailbox::MailboxError,
        dkim::{KeyError, Signers},
    },
    model::{Digest, DigestName, Problem, problem::nearest},
    render::{RenderError, Site},
    settings::{self, Settings},
    store::{Db, StoreError, issues, sessions},
    subscribers::tokens::Tokens,
};

/// What can go wrong in a use case: each says what, where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Settings or digest files hold mistakes.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// There is no digest of that name.
    #[error("there is no digest `{name}`{hint}")]
    NoDigest {
        /// As asked for.
        name: String,
        /// The nearest one, or all of them.
        hint: String,
    },
    /// There is no review of that name.
    #[error("no review is known by `{0}`: give an id, URL or path as `pullquote reviews` lists them")]
    NoReview(String),
    /// There is no such issue.
    #[error("the digest `{digest}` has no issue #{number}")]
    NoIssue {
        /// The digest.
        digest: String,
        /// The number asked for.
        number: u32,
    },
    /// There is no such order.
    #[error("there is no order {0}; `pullquote orders` lists them")]
    NoOrder(i64),
    /// A key stands for another order.
    #[error(
        "the key `{key}` was used for another order of `{digest}` before, so nothing was done: give this one a key of \
         its own"
    )]
    KeyTaken {
        /// The digest.
        digest: String,
        /// The key.
        key: String,
    },
    /// There is no such draft.
    #[error("no draft is known by `{0}`: give an id as `pullquote drafts --all` lists them")]
    NoDraft(String),
    /// A draft is not to be had for that, as it stands.
    #[error("the draft {id} of {digest}: {why}")]
    Draft {
        /// Which.
        id: String,
        /// Of which stream.
        digest: String,
        /// Why not, and what to do.
        why: String,
    },
    /// A document cannot be had or read.
    #[error("{place}: {why}")]
    Read {
        /// The path or URL.
        place: String,
        /// Why not.
        why: String,
    },
    /// Too little news for an issue.
    #[error(
        "{digest}: no issue, since {found} of at least {minimum} reviews are there (select.minimum). \
         The window stays open; `pullquote collect` fetches, `pullquote feature` stars an older review"
    )]
    TooFew {
        /// The digest.
        digest: String,
        /// Reviews found.
        found: usize,
        /// Reviews asked for.
        minimum: usize,
    },
    /// The digest sends no mail.
    #[error("the digest `{0}` has no [email] section, so nothing can be mailed; add one with `from = \"…\"`")]
    NoMail(String),
    /// Something that was typed cannot be used.
    #[error("{0}")]
    Input(String),
    /// Mail could not be handed over.
    #[error("{to}: {why}")]
    Mail {
        /// For whom.
        to: String,
        /// Why not.
        why: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Delivery.
    #[error(transparent)]
    Deliver(#[from] DeliverError),
    /// Rendering.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The way out for mail.
    #[error(transparent)]
    Route(#[from] RouteError),
    /// A key that mail is signed with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The mailbox for reports.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// Something that could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// Everything a use case needs.
#[derive(Debug)]
pub struct App {
    /// What the operator decided.
    pub settings: Settings,
    /// What is remembered.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The permanent URLs.
    pub site: Site,
    /// The way out for mail.
    pub mailer: Mailer,
    /// The keys that mail is signed with.
    pub signers: Signers,
    /// The way out for documents.
    pub fetcher: Fetcher,
    /// The personal links.
    pub tokens: Tokens,
    digests: RwLock<Arc<Vec<Digest>>>,
    problems: RwLock<Arc<Vec<Problem>>>,
    reports: Mutex<bounces::Rhythm>,
}

impl App {
    /// Puts the parts together: opens the database, and makes what is missing (data folder, signing secret).
    ///
    /// # Errors
    /// Where a part cannot be had.
    pub async fn open(settings: Settings, digests: Vec<Digest>, clock: Clock) -> Result<Arc<Self>, AppError> {
        let db = Db::open(&settings.store.database).await?;
        let mut site = Site::new(settings.public_url.clone())?;
        if settings.bounces.mailbox.is_some() {
            site = site.reading_wishes(settings.bounces.return_path.clone());
        }
        let secret = match &settings.secret {
            Some(secret) => secret.expose().to_owned(),
            None => sessions::keep(&db, "secret", &fresh_secret()?).await?,
        };
        for digest in &digests {
            issues::note_digest(&db, digest, clock.now()).await?;
        }
        let mailer = Mailer::new(&settings.smtp)?;
        let signers = Signers::load(&settings.dkim)?;
        let fetcher = fetcher(&settings, clock.clone())?;
        let tokens = Tokens::new(secret.as_bytes());
        let digests = RwLock::new(Arc::new(digests));
        let (problems, reports) = (RwLock::default(), Mutex::default());
        Ok(Arc::new(Self { settings, db, clock, site, mailer, signers, fetcher, tokens, digests, problems, reports }))
    }

    /// Reads digest files and opens: what every command does.
    ///
    /// # Errors
    /// Where settings or digest files hold mistakes, or a part cannot be had.
    pub async fn from_settings(settings: Settings) -> Result<Arc<Self>, AppError> {
        let digests = settings::load_digests(&settings.paths.digests).map_err(AppError::Problems)?;
        Self::open(settings, digests, Clock::System).await
    }

    /// The digests as they stand now.
    pub fn digests(&self) -> Vec<Digest> {
        self.digests.read().unwrap_or_else(PoisonError::into_inner).as_ref().clone()
    }

    /// What was found wrong with the digest files when they were last read: those digests are as they were before.
    pub fn digest_problems(&self) -> Arc<Vec<Problem>> {
        Arc::clone(&self.problems.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The digests without their further cadences.
    pub fn lists(&self) -> Vec<Digest> {
        self.digests().into_iter().filter(|digest| digest.cadence.is_none()).collect()
    }

    /// Every cadence that the digest of a stream offers, its own first.
    pub fn cadences(&self, digest: &Digest) -> Vec<Digest> {
        self.digests().into_iter().filter(|stream| stream.list == digest.list).collect()
    }

    /// The digest whose subscribers get the issues of a stream, by its name; the name itself where there is no such
    /// stream any more.
    pub fn list_of(&self, stream: &str) -> String {
        let digests = self.digests();
        digests
            .iter()
            .find(|digest| digest.name.as_str() == stream)
            .map_or(stream, |digest| digest.list.as_str())
            .to_owned()
    }

    /// The stream of a digest's subscribers who chose a cadence: the digest's own where that is not offered any more.
    /// `None` where there is no such digest any more.
    pub fn stream(&self, list: &str, cadence: &str) -> Option<Digest> {
        let mut streams = self.digests();
        streams.retain(|stream| stream.list.as_str() == list);
        let at = streams.iter().position(|stream| stream.cadence_key() == cadence).or(Some(0))?;
        (at < streams.len()).then(|| streams.swap_remove(at))
    }

    /// The digest of a name, or one of the further cadences of a digest.
    ///
    /// # Errors
    /// Where there is none; the error names the nearest.
    pub fn digest(&self, name: &str) -> Result<Digest, AppError> {
        let digests = self.digests.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(digest) = digests.iter().find(|digest| digest.name.as_str() == name) {
            return Ok(digest.clone());
        }
        let names: Vec<&str> = digests.iter().map(|digest| digest.name.as_str()).collect();
        let hint = match (nearest(name, names.iter().copied()), names.as_slice()) {
            (Some(near), _) => format!("; did you mean `{near}`?"),
            (None, []) => format!("; there are no digest files in {}", self.settings.paths.digests.display()),
            (None, names) => format!("; there are: {}", names.join(", ")),
        };
        Err(AppError::NoDigest { name: name.to_owned(), hint })
    }

    /// Randomness from 0 up to but not including 1, to spread requests by.
    pub(crate) fn jitter(&self) -> f64 {
        // Without randomness nothing is spread, and nothing is lost by it.
        let bits = getrandom::u32().unwrap_or(0);
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    /// A random id for a new subscriber: positive, so that it fits every database.
    ///
    /// # Errors
    /// Where the system gives no randomness.
    pub fn fresh_id(&self) -> Result<i64, AppError> {
        let random =
            getrandom::u64().map_err(|error| AppError::Input(format!("the system gives no randomness: {error}")))?;
        Ok((random >> 1) as i64)
    }
}

/// The HTTP client, guarded as the settings say.
fn fetcher(settings: &Settings, clock: Clock) -> Result<Fetcher, AppError> {
    let authorities = match &settings.collect.ca_file {
        Some(path) => std::fs::read(path).map_err(|source| AppError::File { path: path.clone(), source })?,
        None => Vec::new(),
    };
    let usual = Policy::new(settings.public_url.as_str());
    let policy = Policy { total: settings.collect.timeout, spacing: settings.collect.spacing, authorities, ..usual };
    let guard = Guard::new(settings.collect.allow.clone()).with_ports(settings.collect.ports.clone());
    Ok(Fetcher::new(policy, guard, Lookup::System, clock)?)
}

/// A signing secret of 32 random bytes, in hexadecimal.
pub(crate) fn fresh_secret() -> Result<String, AppError> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| AppError::Input(format!("the system gives no randomness: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Which digest a name means.
///
/// # Errors
/// Where the name cannot name a digest.
pub fn digest_name(name: &str) -> Result<DigestName, AppError> {
    DigestName::parse(name).map_err(|error| AppError::Input(error.to_string()))
}
