//! Which places are visited: one job an address, whoever names it.
//!
//! The locator as written in a digest file is the key of everything that is remembered. Where two locators have
//! come to mean one address (one moved to the other, or both to a third), they are one job: one fetch, each with
//! the identities under which its reviews are known. A digest that names both reads the address by one of them.

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;
use url::Url;

use crate::{
    app::{App, AppError, websub},
    model::{
        Digest,
        digest::{First, Place, Source},
    },
    store::sources::{self, hubs},
};

/// An address with all who read it.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// What it is; its URL is the address that is asked.
    pub place: Place,
    /// The locators that mean it, at least one. The first one's health decides when it is asked.
    pub members: Vec<Member>,
    /// Our own interval: the shortest that a digest wants, longer while a hub tells of news.
    pub every: SignedDuration,
}

/// A locator that means an address.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// As written in the digest file.
    pub locator: String,
    /// What the ids of its reviews are derived from.
    pub source: String,
    /// The digests that read by it.
    pub readers: Vec<JobReader>,
}

/// A digest that reads a place.
#[derive(Debug, Clone)]
pub(super) struct JobReader {
    pub digest: String,
    pub first: First,
    pub featured_categories: Vec<String>,
    pub max_chars: usize,
}

impl Job {
    /// The host that is asked; `None` for folders.
    pub fn host(&self) -> Option<&str> {
        self.url()?.host_str()
    }

    /// The address that is asked; `None` for folders.
    pub fn url(&self) -> Option<&Url> {
        match &self.place {
            Place::Feed(url) | Place::Page(url) => Some(url),
            Place::Folder(_) => None,
        }
    }

    /// Every digest that reads it, by locator.
    pub fn readers(&self) -> impl Iterator<Item = (&Member, &JobReader)> {
        self.members.iter().flat_map(|member| member.readers.iter().map(move |reader| (member, reader)))
    }
}

/// Every place that one of these digests names, or any digest, with all digests that read it.
pub(super) async fn jobs(app: &App, only: Option<&[&Digest]>) -> Result<Vec<Job>, AppError> {
    let known: HashMap<String, String> =
        sources::all(&app.db).await?.into_iter().filter_map(|health| Some((health.locator, health.address?))).collect();
    let now = app.clock.now();
    let told: Vec<String> =
        hubs::all(&app.db).await?.into_iter().filter(|hub| hub.is_live(now)).map(|hub| hub.locator).collect();
    let mut jobs: BTreeMap<String, Job> = BTreeMap::new();
    for digest in app.digests() {
        for source in &digest.sources {
            let place = asked_at(&source.place, known.get(&source.locator));
            let key = format!("{} {}", place.kind(), place.locator());
            let every = interval(app, source, told.contains(&source.locator));
            let job = jobs.entry(key).or_insert_with(|| Job { place, members: Vec::new(), every });
            job.every = job.every.min(every);
            add(job, source, &digest);
        }
    }
    let reads = |job: &Job, digest: &Digest| job.readers().any(|(_, reader)| reader.digest == digest.name.as_str());
    let wanted = |job: &Job| only.is_none_or(|only| only.iter().any(|digest| reads(job, digest)));
    let mut jobs: Vec<Job> = jobs.into_values().collect();
    jobs.iter_mut().for_each(settle_members);
    jobs.retain(wanted);
    Ok(jobs)
}

/// The place with the address where it is asked now, fragments left out: they are never sent.
fn asked_at(place: &Place, adopted: Option<&String>) -> Place {
    let address = |configured: &Url| {
        let mut url = adopted.and_then(|adopted| Url::parse(adopted).ok()).unwrap_or_else(|| configured.clone());
        url.set_fragment(None);
        url
    };
    match place {
        Place::Feed(url) => Place::Feed(address(url)),
        Place::Page(url) => Place::Page(address(url)),
        Place::Folder(path) => Place::Folder(path.clone()),
    }
}

fn interval(app: &App, source: &Source, told: bool) -> SignedDuration {
    let every = source.every.unwrap_or(app.settings.collect.every);
    let every = SignedDuration::try_from(every).unwrap_or(SignedDuration::from_hours(1));
    if told { websub::slower(every) } else { every }
}

fn add(job: &mut Job, source: &Source, digest: &Digest) {
    let reader = JobReader {
        digest: digest.name.to_string(),
        first: source.first,
        featured_categories: source.featured_categories.iter().map(|c| c.to_lowercase()).collect(),
        max_chars: digest.quote.max_chars,
    };
    match job.members.iter_mut().find(|member| member.locator == source.locator) {
        Some(member) => member.readers.push(reader),
        None => job.members.push(Member {
            locator: source.locator.clone(),
            source: source.place.locator(),
            readers: vec![reader],
        }),
    }
}

/// Puts the locator first that is the address itself, and leaves each digest one way to read it: the first.
fn settle_members(job: &mut Job) {
    let address = job.place.locator();
    job.members.sort_by(|a, b| (a.source != address, &a.locator).cmp(&(b.source != address, &b.locator)));
    let mut reading: Vec<String> = Vec::new();
    for member in &mut job.members {
        member.readers.retain(|reader| !reading.contains(&reader.digest));
        reading.extend(member.readers.iter().map(|reader| reader.digest.clone()));
    }
}
