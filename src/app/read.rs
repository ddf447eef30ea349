//! Reading what a person names: files, folders, URLs, standard input. Nothing is stored.

use std::{io::Read as _, path::Path};

use super::{App, AppError, parts};
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
    /// What was loaded, in the order given: each a document, with the further parts of a page that is spread over
    /// several.
    pub documents: Vec<Vec<Document>>,
    /// What was not, each a sentence that names the input.
    pub problems: Vec<String>,
    /// What is worth knowing of what was.
    pub notes: Vec<String>,
}

/// Documents that have no further parts.
fn alone(documents: Vec<Document>) -> Vec<Vec<Document>> {
    documents.into_iter().map(|document| vec![document]).collect()
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
                Some(fetcher) if is_url(input) => {
                    fetch(fetcher, input, &mut loaded.notes).await.map(|parts| vec![parts])
                }
                _ if input == "-" => standard_input().map(|document| vec![vec![document]]),
                _ => open(Path::new(input), &mut loaded.problems).map(alone),
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

/// Reads the reviews of several documents, each in its parts.
pub fn read_all(documents: &[Vec<Document>]) -> Read {
    let mut all = Read::default();
    for parts in documents {
        let source = parts.first().map_or("", |document| document.source.as_str());
        match read::read_parts(parts) {
            Ok(mut reading) => {
                all.notes.extend(reading.notes.iter().map(|note| format!("{source}: {note}")));
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
    let mut notes = Vec::new();
    let documents = if is_url(place) {
        vec![fetch(&app.fetcher, place, &mut notes).await?]
    } else {
        alone(open(Path::new(place), &mut problems)?)
    };
    let mut read = read_all(&documents);
    read.notes.append(&mut notes);
    match problems.into_iter().chain(read.problems).next() {
        Some(why) => Err(AppError::Read { place: place.to_owned(), why }),
        None => Ok(Reading { reviews: read.reviews, notes: read.notes }),
    }
}

/// Fetches a document with all its parts.
async fn fetch(fetcher: &Fetcher, url: &str, notes: &mut Vec<String>) -> Result<Vec<Document>, AppError> {
    let fetched = fetcher.fetch(url, &Ask::default()).await?;
    match fetched.outcome {
        Outcome::Document(mut document) => {
            document.source = url.to_owned();
            Ok(parts::whole(fetcher, document, notes).await?)
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
