//! The digest files of a folder.

use std::path::{Path, PathBuf};

use crate::model::{
    Digest, Problem,
    digest::{Place, file},
};

/// Reads every `*.toml` in a folder, in the order of their names, each followed by its further cadences. Folders of
/// sources, which a file gives relative to itself, become paths that hold from the working directory. An empty folder
/// is fine.
///
/// # Errors
/// Every mistake in every file, a folder that is not there among them.
pub fn load_digests(dir: &Path) -> Result<Vec<Digest>, Vec<Problem>> {
    let found = read_digests(dir);
    let problems: Vec<Problem> =
        found.iter().filter_map(|file| file.result.as_ref().err()).flatten().cloned().collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(found.into_iter().filter_map(|file| file.result.ok()).flatten().collect())
}

/// What one digest file came to.
#[derive(Debug)]
pub struct DigestFile {
    /// Its stem; of the folder as a whole where that cannot be read.
    pub stem: String,
    /// The digest and its further cadences, or every mistake.
    pub result: Result<Vec<Digest>, Vec<Problem>>,
}

/// Reads every `*.toml` in a folder, each for itself.
pub fn read_digests(dir: &Path) -> Vec<DigestFile> {
    let files = match files(dir) {
        Ok(files) => files,
        Err(error) => {
            let message = format!("cannot be read: {error}; make the folder, or set paths.digests");
            return vec![DigestFile { stem: String::new(), result: Err(vec![whole(dir, message)]) }];
        }
    };
    let read = files.iter().map(|path| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        DigestFile { stem, result: load(path).map(Digest::streams) }
    });
    let mut read: Vec<DigestFile> = read.collect();
    refuse_shared_names(&files, &mut read);
    read
}

/// Two streams of one name would be one in the database: the file that names the cadence is at fault.
fn refuse_shared_names(files: &[PathBuf], read: &mut [DigestFile]) {
    let mut clashes = Vec::new();
    for (at, file) in read.iter().enumerate() {
        for cadence in file.result.iter().flatten().filter(|stream| stream.cadence.is_some()) {
            let name = cadence.name.as_str();
            let taken_by = read.iter().enumerate().find(|(other, file)| {
                let streams = file.result.iter().flatten();
                *other != at && (file.stem == name || streams.into_iter().any(|stream| stream.name == cadence.name))
            });
            if let Some((other, _)) = taken_by {
                let message = format!(
                    "the cadence `{}` makes issues under the name `{name}`, which {} has already; call one of them otherwise",
                    cadence.cadence_key(),
                    files[other].display()
                );
                clashes.push((at, Problem { key: "cadence".to_owned(), ..whole(&files[at], message) }));
            }
        }
    }
    for (at, problem) in clashes {
        match &mut read[at].result {
            Err(problems) => problems.push(problem),
            result => *result = Err(vec![problem]),
        }
    }
}

fn files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|end| end == "toml") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn load(path: &Path) -> Result<Digest, Vec<Problem>> {
    let text = std::fs::read_to_string(path).map_err(|error| vec![whole(path, format!("cannot be read: {error}"))])?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = path.display().to_string();
    let beside = path.parent().unwrap_or(Path::new(""));
    let parsed = file::parse(&name, &stem, &text);
    let mut problems: Vec<Problem> = parsed.as_ref().err().cloned().unwrap_or_default();
    problems.extend(file::folders(&text).into_iter().filter(|folder| !beside.join(&folder.path).is_dir()).map(
        |folder| {
            let message = format!("there is no folder `{}` beside this file", folder.path.display());
            Problem { file: name.clone(), key: folder.key, line: Some(folder.line), message }
        },
    ));
    problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
    match parsed {
        Ok(mut digest) if problems.is_empty() => {
            for source in &mut digest.sources {
                if let Place::Folder(folder) = &mut source.place {
                    *folder = beside.join(&*folder);
                }
            }
            Ok(digest)
        }
        _ => Err(problems),
    }
}

fn whole(path: &Path, message: String) -> Problem {
    Problem { file: path.display().to_string(), key: String::new(), line: None, message }
}
