//! What one visit brings: documents, and the reviews in them.

use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::plan::Job;
use crate::{
    app::{App, parts},
    collect::{Ask, FetchError, Fetched, Hop, Outcome, Validators, folder, link::Links},
    model::{Review, digest::Place},
    read::{
        self, Document,
        feed::{self, hints::Hints},
    },
    store::sources::Health,
};

/// What a visit brought.
pub(super) struct Visit {
    /// What was read; `None` where nothing has changed.
    pub content: Option<Content>,
    pub validators: Validators,
    /// Not to be asked again before, by the answer's headers.
    pub not_before: Option<Timestamp>,
    /// The redirects on the way.
    pub hops: Vec<Hop>,
    /// The feed that a page named, read in its place.
    pub discovered: Option<Url>,
    /// Hub and own address, by header or in the feed.
    pub links: Links,
    /// The feed that was read, which may go on.
    pub first: Option<Document>,
}

/// How documents belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One feed.
    Feed,
    /// One page in its parts.
    Page,
    /// Files, each by itself.
    Files,
}

/// What was read.
pub(super) struct Content {
    /// A hash of the bytes; `None` where they were not whole.
    pub hash: Option<String>,
    pub reviews: Vec<Review>,
    /// Entries, or documents.
    pub items: usize,
    /// What a feed says of itself.
    pub hints: Option<Hints>,
}

/// Why a visit brought nothing.
pub(super) enum Trouble {
    /// It could not be fetched.
    Fetch(FetchError),
    /// What came could not be read.
    Read(String),
    /// A folder could not be read, or something else of our own.
    Ours(String),
}

impl Trouble {
    pub fn words(&self) -> String {
        match self {
            Self::Fetch(error) => error.to_string(),
            Self::Read(why) | Self::Ours(why) => why.clone(),
        }
    }
}

/// Fetches and reads. With `whole`, whether anything has changed or not: somebody has never met the source.
pub(super) async fn gather(
    app: &App,
    job: &Job,
    health: &Health,
    whole: bool,
    subscribers: u64,
    notes: &mut Vec<String>,
) -> Result<Visit, Trouble> {
    match &job.place {
        Place::Folder(path) => {
            let documents = read_folder(app, path, notes).await?;
            let hash = hash(&documents);
            let known = !whole && health.content_hash.as_deref() == Some(&hash) && health.last_error.is_none();
            let content = if known { None } else { Some(content(documents, Kind::Files, Some(hash), notes).await?.0) };
            Ok(Visit {
                content,
                validators: Validators::default(),
                not_before: None,
                hops: Vec::new(),
                discovered: None,
                links: Links::default(),
                first: None,
            })
        }
        Place::Feed(url) | Place::Page(url) => fetch(app, job, url, whole, subscribers, health, notes).await,
    }
}

fn ask(health: &Health, whole: bool, subscribers: u64) -> Ask {
    let mut validators = Validators { plain: health.plain, ..Validators::default() };
    if !whole {
        validators.etag.clone_from(&health.etag);
        validators.last_modified.clone_from(&health.last_modified);
        validators.url.clone_from(&health.validators_url);
    }
    Ask { validators, subscribers: Some(subscribers).filter(|count| *count > 0) }
}

async fn fetch(
    app: &App,
    job: &Job,
    url: &Url,
    whole: bool,
    subscribers: u64,
    health: &Health,
    notes: &mut Vec<String>,
) -> Result<Visit, Trouble> {
    let is_feed = matches!(job.place, Place::Feed(_));
    let ask = ask(health, whole, subscribers);
    let fetching = async {
        if is_feed {
            app.fetcher.fetch_feed(url.as_str(), &ask).await
        } else {
            app.fetcher.fetch(url.as_str(), &ask).await
        }
    };
    let fetched = tokio::time::timeout(app.settings.collect.timeout, fetching)
        .await
        .map_err(|_| Trouble::Fetch(FetchError::Timeout { url: url.to_string() }))?
        .map_err(Trouble::Fetch)?;
    let Fetched { outcome, hops, validators, next_poll_after, discovered, links, cut, .. } = fetched;
    if let Some(found) = &discovered {
        notes.push(format!("this is a page; its feed {found} is read instead from now on"));
    }
    let mut visit =
        Visit { content: None, validators, not_before: next_poll_after, hops, discovered, links, first: None };
    let Outcome::Document(mut document) = outcome else { return Ok(visit) };
    if cut {
        notes.push("the answer broke off twice; the entries that were whole are read".to_owned());
    }
    document.source = job.members.first().map_or_else(|| url.to_string(), |member| member.source.clone());
    let hash = hash(std::slice::from_ref(&document));
    if health.content_hash.as_deref() == Some(&hash) && health.last_error.is_none() && !whole && !cut {
        return Ok(visit);
    }
    let (kind, documents) = if is_feed {
        (Kind::Feed, vec![document])
    } else {
        (Kind::Page, parts::whole(&app.fetcher, document, notes).await.map_err(Trouble::Fetch)?)
    };
    let (content, documents) = content(documents, kind, Some(hash).filter(|_| !cut), notes).await?;
    visit.first = documents.into_iter().next().filter(|_| is_feed && !cut);
    if let Some(hints) = &content.hints {
        visit.links.note("hub", hints.hub.clone());
        visit.links.note("self", hints.own.clone());
    }
    visit.content = Some(content);
    Ok(visit)
}

/// Reads documents, and gives them back.
pub(super) async fn content(
    documents: Vec<Document>,
    kind: Kind,
    hash: Option<String>,
    notes: &mut Vec<String>,
) -> Result<(Content, Vec<Document>), Trouble> {
    let (reading, documents) = tokio::task::spawn_blocking(move || (read_documents(&documents, kind), documents))
        .await
        .map_err(|error| Trouble::Read(format!("the reader broke on it: {error}")))?;
    let (reviews, mut found) = reading.map_err(Trouble::Read)?;
    notes.append(&mut found);
    let hints = documents.first().filter(|_| kind == Kind::Feed).map(feed::hints::hints);
    let items = hints.as_ref().map_or(documents.len(), |hints| hints.entries);
    Ok((Content { hash, reviews, items, hints }, documents))
}

/// A folder's documents, named by their path from the digest folder on, so that moving the whole does not
/// make every review new.
async fn read_folder(app: &App, path: &Path, notes: &mut Vec<String>) -> Result<Vec<Document>, Trouble> {
    let path = path.to_owned();
    let base = app.settings.paths.digests.clone();
    let folder = tokio::task::spawn_blocking(move || folder::read(&path))
        .await
        .map_err(|error| Trouble::Ours(format!("the folder could not be read: {error}")))?
        .map_err(|problem| Trouble::Ours(problem.to_string()))?;
    notes.extend(folder.problems.iter().map(ToString::to_string));
    let mut documents = folder.documents;
    for document in &mut documents {
        if let Ok(inside) = Path::new(&document.source).strip_prefix(&base) {
            document.source = inside.display().to_string();
        }
    }
    Ok(documents)
}

/// A hash of documents. The date on which a feed says that it was built is left out: many say "now".
fn hash(documents: &[Document]) -> String {
    let mut hash = Sha256::new();
    for document in documents {
        hash.update(document.source.as_bytes());
        hash.update([0]);
        let (before, after) = around_build_date(&document.bytes);
        hash.update(((before.len() + after.len()) as u64).to_le_bytes());
        hash.update(before);
        hash.update(after);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn around_build_date(bytes: &[u8]) -> (&[u8], &[u8]) {
    let [start, end] = ["<lastBuildDate>", "</lastBuildDate>"].map(|tag| memchr::memmem::find(bytes, tag.as_bytes()));
    match (start, end) {
        (Some(start), Some(end)) if start < end => (&bytes[..start], &bytes[end..]),
        _ => (bytes, &[]),
    }
}

/// Reads documents into reviews with notes. A single document that cannot be read is an error, one of several
/// a note. What was fetched as a feed must be one.
fn read_documents(documents: &[Document], kind: Kind) -> Result<(Vec<Review>, Vec<String>), String> {
    if let (Kind::Feed, Some(document)) = (kind, documents.first())
        && !feed::is_feed(document)
    {
        return Err("what came is no feed; check the address in a browser, or name it as `page = …`".to_owned());
    }
    let alone = documents.len() == 1 || kind == Kind::Page;
    let mut reviews = Vec::new();
    let mut notes = Vec::new();
    for parts in documents.chunks(if kind == Kind::Page { documents.len().max(1) } else { 1 }) {
        let source = parts.first().map_or("", |document| document.source.as_str());
        match read::read_parts(parts) {
            Ok(mut reading) => {
                notes.extend(reading.notes.iter().map(|note| format!("{source}: {note}")));
                reviews.append(&mut reading.reviews);
            }
            Err(error) if alone => return Err(error.to_string()),
            Err(error) => notes.push(error.to_string()),
        }
    }
    read::tie(&mut reviews);
    Ok((reviews, notes))
}
