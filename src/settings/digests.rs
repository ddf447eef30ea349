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
    let mut digest = file::parse(&name, &stem, &text)?;
    let mut problems = Vec::new();
    for (index, source) in digest.sources.iter_mut().enumerate() {
        if let Place::Folder(folder) = &mut source.place {
            let written = folder.display().to_string();
            *folder = path.parent().unwrap_or(Path::new("")).join(&*folder);
            if !folder.is_dir() {
                let key = format!("source[{}].folder", index + 1);
                let line = file::line_of_folder(&text, index);
                let message = format!("there is no folder `{written}` beside this file ({})", folder.display());
                problems.push(Problem { file: name.clone(), key, line, message });
            }
        }
    }
    if problems.is_empty() { Ok(digest) } else { Err(problems) }
}

fn whole(path: &Path, message: String) -> Problem {
    Problem { file: path.display().to_string(), key: String::new(), line: None, message }
}
