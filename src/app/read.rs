//! Reading what a person names: files, folders, URLs, standard input. Nothing is stored.

use std::{io::Read as _, path::Path};

use super::{App, AppError};
use crate::{
    clock::Clock,
    collect::{Ask, Fetcher, Outcome, folder},
    model::Review,
    read::{self, Document, Reading},
    settings::Settings,
};

/// Whether an input is fetched rather than opened.
pub fn is_url(input: &str) -> bool {
    input.starts_with("http://") || input.starts_with("https://")
}

/// Loads documents; URLs only where it was made with the network.
#[derive(Debug)]
pub struct Reader {
    fetcher: Option<Fetcher>,
}

/// Documents, and what could not be had.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What was loaded, in the order given.
    pub documents: Vec<Document>,
    /// What was not, each a sentence that names the input.
    pub problems: Vec<String>,
}

impl Reader {
    /// For files, folders and standard input.
    pub const fn offline() -> Self {
        Self { fetcher: None }
    }

    /// For URLs as well, guarded as the settings say.
    ///
    /// # Errors
    /// Where the HTTP client cannot be made.
    pub fn with_network(settings: &Settings) -> Result<Self, AppError> {
        Ok(Self { fetcher: Some(super::fetcher(settings, Clock::System)?) })
    }

    /// Loads all inputs; one that fails does not stop the others.
    pub async fn load(&self, inputs: &[String]) -> Loaded {
        let mut loaded = Loaded::default();
        for input in inputs {
            let found = match &self.fetcher {
                Some(fetcher) if is_url(input) => fetch(fetcher, input).await.map(|document| vec![document]),
                _ if input == "-" => standard_input().map(|document| vec![document]),
                _ => open(Path::new(input), &mut loaded.problems),
            };
            match found {
                Ok(mut documents) => loaded.documents.append(&mut documents),
                Err(error) => loaded.problems.push(error.to_string()),
            }
        }
        loaded
    }
}

/// Reviews, and what was worth knowing on the way.
#[derive(Debug, Default)]
pub struct Read {
    /// The reviews, untitled ones tied to the works of the others.
    pub reviews: Vec<Review>,
    /// Why a document yields none, or what was repaired; each names its document.
    pub notes: Vec<String>,
    /// Documents that cannot be read; each names its document.
    pub problems: Vec<String>,
}

/// Reads the reviews of several documents.
pub fn read_all(documents: &[Document]) -> Read {
    let mut all = Read::default();
    for document in documents {
        match read::read(document) {
            Ok(mut reading) => {
                all.notes.extend(reading.notes.iter().map(|note| format!("{}: {note}", document.source)));
                all.reviews.append(&mut reading.reviews);
            }
            Err(error) => all.problems.push(error.to_string()),
        }
    }
    read::tie(&mut all.reviews);
    all
}

/// Reads one file or URL, for a review picked by hand.
pub(super) async fn read_place(app: &App, place: &str) -> Result<Reading, AppError> {
    let mut problems = Vec::new();
    let documents =
        if is_url(place) { vec![fetch(&app.fetcher, place).await?] } else { open(Path::new(place), &mut problems)? };
    let read = read_all(&documents);
    match problems.into_iter().chain(read.problems).next() {
        Some(why) => Err(AppError::Read { place: place.to_owned(), why }),
        None => Ok(Reading { reviews: read.reviews, notes: read.notes }),
    }
}

async fn fetch(fetcher: &Fetcher, url: &str) -> Result<Document, AppError> {
    let fetched = fetcher.fetch(url, &Ask::default()).await?;
    match fetched.outcome {
        Outcome::Document(mut document) => {
            document.source = url.to_owned();
            Ok(document)
        }
        Outcome::Unchanged => {
            Err(AppError::Read { place: url.to_owned(), why: "the server answered nothing (304)".to_owned() })
        }
    }
}

fn standard_input() -> Result<Document, AppError> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|source| AppError::File { path: "standard input".into(), source })?;
    Ok(Document { source: "-".into(), url: None, content_type: None, bytes })
}

/// A file, or all files of a folder that may hold reviews.
fn open(path: &Path, problems: &mut Vec<String>) -> Result<Vec<Document>, AppError> {
    let failed = |source| AppError::File { path: path.to_owned(), source };
    if path.is_dir() {
        let found = folder::read(path).map_err(|problem| AppError::Input(problem.to_string()))?;
        problems.extend(found.problems.iter().map(ToString::to_string));
        return Ok(found.documents);
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    Ok(vec![Document { source: path.display().to_string(), url: None, content_type: None, bytes }])
}
