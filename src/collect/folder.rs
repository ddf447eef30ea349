//! A folder's files to documents.
//!
//! Sub-folders are included, hidden files are not, and no link leads out of the folder.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use crate::read::Document;

/// The largest file read, in bytes.
pub const FILE_BYTES: u64 = 10_000_000;
/// How deep sub-folders are followed.
const DEPTH: usize = 32;

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Folder {
    /// Its documents, by path.
    pub documents: Vec<Document>,
    /// What could not be read; the rest was.
    pub problems: Vec<FolderProblem>,
}

/// A file or folder that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct FolderProblem {
    /// Which.
    pub path: PathBuf,
    /// Why, and what to do.
    pub reason: String,
}

/// The media type of a file, by its ending; `None` for files that are not read.
fn content_type(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "txt" => Some("text/plain"),
        "md" | "markdown" => Some("text/markdown"),
        "html" | "htm" => Some("text/html"),
        "xml" => Some("application/xml"),
        _ => None,
    }
}

/// Reads a folder: its `.txt`, `.md`, `.markdown`, `.html`, `.htm` and `.xml` files, in the order of their
/// paths. Blocks on the file system.
///
/// # Errors
/// Where the folder itself cannot be read. A file that cannot be is a problem in the result.
pub fn read(folder: &Path) -> Result<Folder, FolderProblem> {
    let problem = |error: io::Error| FolderProblem { path: folder.to_owned(), reason: explain(&error) };
    let root = folder.canonicalize().map_err(problem)?;
    let mut found = Folder::default();
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((path, depth)) = folders.pop() {
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(problem(error)),
            Err(error) => {
                found.problems.push(FolderProblem { path, reason: explain(&error) });
                continue;
            }
        };
        for entry in entries.filter_map(Result::ok) {
            sort_in(&root, &entry.path(), depth, &mut folders, &mut files, &mut found.problems);
        }
    }
    files.sort();
    for path in files {
        match document(&path) {
            Ok(document) => found.documents.push(document),
            Err(reason) => found.problems.push(FolderProblem { path, reason }),
        }
    }
    found.problems.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Puts a directory entry among the folders to follow, the files to read, or the problems.
fn sort_in(
    root: &Path,
    path: &Path,
    depth: usize,
    folders: &mut Vec<(PathBuf, usize)>,
    files: &mut Vec<PathBuf>,
    problems: &mut Vec<FolderProblem>,
) {
    if path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.')) {
        return;
    }
    let mut problem = |reason: String| problems.push(FolderProblem { path: path.to_owned(), reason });
    let kind = match path.symlink_metadata() {
        Ok(metadata) => metadata.file_type(),
        Err(error) => return problem(explain(&error)),
    };
    if kind.is_dir() {
        if depth < DEPTH {
            folders.push((path.to_owned(), depth + 1));
        } else {
            problem(format!("folders are followed {DEPTH} deep; move it up"));
        }
    } else if content_type(path).is_some() {
        match (kind.is_symlink(), path.canonicalize()) {
            (false, _) if kind.is_file() => files.push(path.to_owned()),
            (true, Ok(target)) if target.starts_with(root) && target.is_file() => files.push(path.to_owned()),
            (true, Ok(_)) => problem("the link leads out of the folder; copy the file here instead".into()),
            (true, Err(error)) => problem(explain(&error)),
            (false, _) => problem("it is no regular file".into()),
        }
    }
}

fn document(path: &Path) -> Result<Document, String> {
    let file = File::open(path).map_err(|error| explain(&error))?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| explain(&error))?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(format!("the file is larger than {FILE_BYTES} bytes; split it"));
    }
    let content_type = content_type(path).map(str::to_owned);
    Ok(Document { source: path.display().to_string(), url: None, content_type, bytes })
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist; check the path".into(),
        io::ErrorKind::PermissionDenied => "permission denied; let the user that runs Pullquote read it".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(folder: &Folder, root: &Path) -> Vec<String> {
        let root = format!("{}/", root.display());
        folder.documents.iter().map(|document| document.source.replace(&root, "")).collect()
    }

    #[test]
    fn files_are_read_in_order_with_sub_folders_and_others_are_left() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("b/deep")).unwrap();
        fs::create_dir_all(root.path().join(".hidden")).unwrap();
        for name in ["c.TXT", "a.md", "b/deep/x.html", "picture.png", ".secret.txt", ".hidden/y.txt", "z.xml"] {
            fs::write(root.path().join(name), name).unwrap();
        }
        let found = read(root.path()).unwrap();
        assert_eq!(names(&found, root.path()), ["a.md", "b/deep/x.html", "c.TXT", "z.xml"]);
        assert!(found.problems.is_empty());
        assert_eq!(found.documents[0].content_type.as_deref(), Some("text/markdown"));
    }

    #[test]
    fn a_missing_folder_says_so() {
        let error = read(Path::new("/no/such/folder")).unwrap_err();
        assert_eq!(error.to_string(), "/no/such/folder: it does not exist; check the path");
    }

    #[test]
    fn a_file_too_large_is_reported_and_the_rest_is_read() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("fine.txt"), "fine").unwrap();
        File::create(root.path().join("large.txt")).unwrap().set_len(FILE_BYTES + 1).unwrap();
        let found = read(root.path()).unwrap();
        assert_eq!((names(&found, root.path()), found.problems.len()), (vec!["fine.txt".to_owned()], 1));
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out_of_the_folder() {
        use std::os::unix::fs::symlink;
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("secret.txt"), "secret").unwrap();
        fs::write(root.path().join("real.txt"), "real").unwrap();
        symlink(outside.path().join("secret.txt"), root.path().join("stolen.txt")).unwrap();
        symlink(outside.path(), root.path().join("folder")).unwrap();
        symlink(root.path().join("real.txt"), root.path().join("twin.txt")).unwrap();
        symlink(root.path(), root.path().join("loop")).unwrap();
        let found = read(root.path()).unwrap();
        assert_eq!(names(&found, root.path()), ["real.txt", "twin.txt"]);
        assert_eq!(found.problems.len(), 1);
    }
}
