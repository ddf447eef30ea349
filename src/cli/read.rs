//! `pullquote read`: the reviews found in documents.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;

use crate::{
    model::Review,
    read::{self, Document},
};

/// Print the reviews found in files, folders or URLs
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, folders, URLs, or - for standard input
    #[arg(required = true, value_name = "PATH|URL|-")]
    pub inputs: Vec<String>,
    /// Print JSON Lines, one object a review
    #[arg(long)]
    pub json: bool,
    /// Print a feed's entries, before they are judged as reviews
    #[arg(long)]
    pub entries: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (documents, mut failed) = documents(&args.inputs);
    let mut out = std::io::stdout().lock();
    if args.entries {
        for document in &documents {
            match read::entries(document) {
                Ok(entries) => {
                    for entry in entries {
                        writeln!(out, "{}", serde_json::to_string(&entry)?)?;
                    }
                }
                Err(error) => {
                    eprintln!("pullquote: {error}");
                    failed = true;
                }
            }
        }
        return Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS });
    }
    let (reviews, unreadable) = reviews(&documents);
    for review in &reviews {
        if args.json {
            writeln!(out, "{}", serde_json::to_string(&review.line())?)?;
        } else {
            let title = review.work.title.as_deref().unwrap_or("(no title)");
            writeln!(out, "{}  {title}  by {}", review.id, review.reviewer.as_deref().unwrap_or("(unknown)"))?;
        }
    }
    Ok(if failed || unreadable { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Loads what the arguments name; says on stderr what could not be had, and whether anything could not.
pub fn documents(inputs: &[String]) -> (Vec<Document>, bool) {
    let mut documents = Vec::new();
    let mut failed = false;
    for input in inputs {
        let loaded = if input == "-" { standard_input().map(|d| vec![d]) } else { from_path(Path::new(input)) };
        match loaded {
            Ok(mut found) => documents.append(&mut found),
            Err(error) => {
                eprintln!("pullquote: {error:#}");
                failed = true;
            }
        }
    }
    (documents, failed)
}

/// Reads all documents, ties untitled reviews to works, and says on stderr what is worth knowing.
pub fn reviews(documents: &[Document]) -> (Vec<Review>, bool) {
    let mut reviews = Vec::new();
    let mut failed = false;
    for document in documents {
        match read::read(document) {
            Ok(mut reading) => {
                for note in &reading.notes {
                    eprintln!("{}: {note}", document.source);
                }
                reviews.append(&mut reading.reviews);
            }
            Err(error) => {
                eprintln!("pullquote: {error}");
                failed = true;
            }
        }
    }
    read::tie(&mut reviews);
    (reviews, failed)
}

fn standard_input() -> anyhow::Result<Document> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("standard input")?;
    Ok(Document { source: "-".into(), url: None, content_type: None, bytes })
}

fn from_path(path: &Path) -> anyhow::Result<Vec<Document>> {
    let mut paths: Vec<PathBuf> = vec![path.to_owned()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).with_context(|| path.display().to_string())?;
        paths = entries.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.is_file()).collect();
        paths.sort();
    }
    paths
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            Ok(Document { source: path.display().to_string(), url: None, content_type: None, bytes })
        })
        .collect()
}
