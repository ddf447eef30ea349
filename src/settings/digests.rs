//! The digest files of a folder.

use std::path::{Path, PathBuf};

use crate::model::{
    Digest, Problem,
    digest::{Place, file},
};

/// Reads every `*.toml` in a folder, in the order of their names. Folders of sources, which a file gives relative
/// to itself, become paths that hold from the working directory. An empty folder is fine.
///
/// # Errors
/// Every mistake in every file, a folder that is not there among them.
pub fn load_digests(dir: &Path) -> Result<Vec<Digest>, Vec<Problem>> {
    let (mut digests, mut problems) = (Vec::new(), Vec::new());
    let files = match files(dir) {
        Ok(files) => files,
        Err(error) => {
            let message = format!("cannot be read: {error}; make the folder, or set paths.digests");
            return Err(vec![whole(dir, message)]);
        }
    };
    for path in files {
        match load(&path) {
            Ok(digest) => digests.push(digest),
            Err(mut found) => problems.append(&mut found),
        }
    }
    if problems.is_empty() { Ok(digests) } else { Err(problems) }
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
