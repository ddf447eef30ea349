//! A Maildir: what a mail server or `fetchmail` puts into `new` is read there, and moved to `cur` as seen.

use std::{
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// An open Maildir.
pub(super) struct Folder {
    root: PathBuf,
}

/// Where a mail lies, by the part of its name that stays.
fn find(root: &Path, name: &str) -> io::Result<Option<PathBuf>> {
    let direct = root.join("new").join(name);
    if direct.is_file() {
        return Ok(Some(direct));
    }
    for entry in fs::read_dir(root.join("cur"))? {
        let entry = entry?;
        if base(&entry.file_name().to_string_lossy()) == name {
            return Ok(Some(entry.path()));
        }
    }
    Ok(None)
}

fn base(file: &str) -> &str {
    file.split(':').next().unwrap_or_default()
}

impl Folder {
    pub(super) async fn open(root: &Path) -> Result<Self, String> {
        let missing: Vec<_> = ["new", "cur"].iter().filter(|folder| !root.join(folder).is_dir()).collect();
        match missing.first() {
            None => Ok(Self { root: root.to_owned() }),
            Some(folder) => Err(format!("it has no folder `{folder}`: is it a Maildir, and may we read it?")),
        }
    }

    pub(super) async fn list(&self) -> Result<Vec<String>, String> {
        let root = self.root.clone();
        run(move || {
            let mut found: Vec<(SystemTime, String)> = Vec::new();
            for folder in ["new", "cur"] {
                for entry in fs::read_dir(root.join(folder))? {
                    let entry = entry?;
                    let file = entry.file_name().to_string_lossy().into_owned();
                    if !file.starts_with('.') && entry.file_type()?.is_file() {
                        found.push((entry.metadata()?.modified()?, base(&file).to_owned()));
                    }
                }
            }
            found.sort();
            Ok(found.into_iter().map(|(_, name)| name).collect())
        })
        .await
    }

    pub(super) async fn fetch(&self, name: &str, most: usize) -> Result<Option<Vec<u8>>, String> {
        let (root, name) = (self.root.clone(), name.to_owned());
        run(move || {
            let Some(path) = find(&root, &name)? else { return Ok(None) };
            let mut bytes = Vec::new();
            fs::File::open(path)?.take(most as u64).read_to_end(&mut bytes)?;
            Ok(Some(bytes))
        })
        .await
    }

    pub(super) async fn settle(&self, name: &str) -> Result<(), String> {
        let (root, name) = (self.root.clone(), name.to_owned());
        run(move || {
            let Some(path) = find(&root, &name)? else { return Ok(()) };
            let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
            let flags = file.split_once(":2,").map_or("", |(_, flags)| flags);
            if flags.contains('S') {
                return Ok(());
            }
            // Flags stand in the order of the alphabet.
            let mut flags: Vec<char> = flags.chars().chain(['S']).collect();
            flags.sort_unstable();
            fs::rename(&path, root.join("cur").join(format!("{name}:2,{}", flags.into_iter().collect::<String>())))
        })
        .await
    }
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, String> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?;
    done.map_err(|error| error.to_string())
}
