//! Measures the quotes: one command, one table a question. For development; the sets are not part of the project.
//!
//! `cargo run --release --example evaluate_quotes [PART]...` with the parts `faults`, `reasons`, `rouge`,
//! `aspects`, `speed` (default: all). `PULLQUOTE_CORPORA` (default `../shared/corpora`) and `PULLQUOTE_EVALUATION` name the folders;
//! docs/quotes.md says what lies there and where it comes from. What is absent is said to be skipped.

mod aspects;
mod baselines;
mod faults;
mod marked;
mod reasons;
mod regression;
mod rouge;
mod speed;

use std::path::{Path, PathBuf};

/// The folders that the sets lie in.
struct Folders {
    corpora: PathBuf,
    /// Sets that are fetched by whoever measures: `eraser`, `opinosis`, `fewsum`, `rescore`.
    evaluation: Option<PathBuf>,
}

impl Folders {
    fn from_environment() -> Self {
        let named = |name: &str| std::env::var_os(name).map(PathBuf::from);
        Self {
            corpora: named("PULLQUOTE_CORPORA").unwrap_or_else(|| "../shared/corpora".into()),
            evaluation: named("PULLQUOTE_EVALUATION"),
        }
    }

    /// A folder of the evaluation sets; says that it is skipped where there is none.
    fn evaluation(&self, name: &str) -> Option<PathBuf> {
        let Some(folder) = self.evaluation.as_ref().map(|folder| folder.join(name)) else {
            println!("skipped {name}: set PULLQUOTE_EVALUATION to the folder of the fetched sets (docs/quotes.md)");
            return None;
        };
        exists(folder)
    }

    /// The marked sentences of rescore: named by a variable of their own, or among the evaluation sets.
    fn rescore(&self) -> Option<PathBuf> {
        match std::env::var_os("PULLQUOTE_RESCORE") {
            Some(folder) => exists(folder.into()),
            None => self.evaluation("rescore"),
        }
    }

    /// A file or folder of the corpora; says that it is skipped where there is none.
    fn corpus(&self, name: &str) -> Option<PathBuf> {
        exists(self.corpora.join(name))
    }
}

fn exists(path: PathBuf) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

/// One thing that is measured.
type Part = fn(&Folders) -> anyhow::Result<()>;

fn main() -> anyhow::Result<()> {
    let folders = Folders::from_environment();
    let parts: [(&str, Part); 5] = [
        ("faults", faults::measure),
        ("reasons", reasons::measure),
        ("rouge", rouge::measure),
        ("aspects", aspects::measure),
        ("speed", speed::measure),
    ];
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|name| parts.iter().all(|(part, _)| part != name)) {
        anyhow::bail!("no part {unknown:?}: the parts are {}", parts.map(|(part, _)| part).join(", "));
    }
    for (part, measure) in parts {
        if asked.is_empty() || asked.iter().any(|name| name == part) {
            println!("== {part}");
            measure(&folders)?;
        }
    }
    Ok(())
}

/// The files of a folder and those below it, in order.
fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.append(&mut files_below(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
