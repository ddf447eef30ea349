//! Journals whose processes are dead: nobody holds their lock.

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use crate::store::ledger::DeliveryKey;

use super::{
    Begun, Ticket, boot,
    line::{self, Read},
    lock_path, making_path,
};

/// What a dead process left behind. It is locked, so that nobody else reads it at the same time.
#[derive(Debug)]
pub(in crate::deliver) struct Orphan {
    /// The worker's name in the ledger.
    pub name: String,
    /// Whether the system has run on since: then whatever is not in the journal was not begun.
    pub same_boot: bool,
    /// What was begun and not known to be recorded.
    pub open: Vec<Begun>,
    folder: PathBuf,
    files: Vec<PathBuf>,
    _lock: File,
}

/// The journals in a folder that nobody holds. A folder that is not there has none.
///
/// A journal that cannot be read is logged and left; its worker's rows become uncertain when their lease runs out.
///
/// # Errors
/// Where the folder cannot be read.
pub(in crate::deliver) fn orphans(folder: &Path) -> io::Result<Vec<Orphan>> {
    let mut found = Vec::new();
    for name in names(folder, ".lock")? {
        match take(&lock_path(folder, &name))
            .and_then(|lock| lock.map(|lock| Orphan::read(folder, &name, lock)).transpose())
        {
            Ok(orphan) => found.extend(orphan),
            // The others must not wait for it.
            Err(error) => tracing::error!(worker = name, %error, "the journal of a dead worker cannot be read"),
        }
    }
    for name in names(folder, ".making")? {
        // Its process died before it claimed anything.
        if let Some(_lock) = take(&making_path(folder, &name))? {
            for path in files(folder, &name)?.into_iter().chain([making_path(folder, &name)]) {
                fs::remove_file(path)?;
            }
        }
    }
    Ok(found)
}

/// Locks a file that nobody holds and that is still the one of that name.
fn take(path: &Path) -> io::Result<Option<File>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let same = fs::metadata(path).is_ok_and(|named| file.metadata().is_ok_and(|held| held.ino() == named.ino()));
    Ok(same.then_some(file))
}

impl Orphan {
    fn read(folder: &Path, name: &str, lock: File) -> io::Result<Self> {
        let files = files(folder, name)?;
        let mut open: BTreeMap<Ticket, Begun> = BTreeMap::new();
        let mut same_boot = !files.is_empty() && !boot().is_empty();
        for (at, path) in files.iter().enumerate() {
            let text = fs::read(path)?;
            let mut headed = false;
            for line in text.split(|byte| *byte == b'\n') {
                match std::str::from_utf8(line).ok().and_then(line::read) {
                    Some(Read::Head { boot: written }) => {
                        headed = true;
                        same_boot &= written == boot();
                    }
                    Some(Read::Begun { ticket, key, message_id }) => {
                        // A file that goes on begins with what is open; the one before may know more of it.
                        open.entry(ticket).or_insert(Begun { key, message_id, answer: None });
                    }
                    Some(Read::Answered { ticket, mark }) => {
                        if let Some(begun) = open.get_mut(&ticket) {
                            begun.answer = Some(mark);
                        }
                    }
                    Some(Read::Done { tickets }) => tickets.iter().for_each(|ticket| drop(open.remove(ticket))),
                    None => {}
                }
            }
            // Killed while it went on in a new file, it left that one empty and the one before whole.
            same_boot &= headed || at > 0;
        }
        // What was claimed twice in one run is as the later claim left it.
        let latest: BTreeMap<DeliveryKey, Begun> = open.into_values().map(|begun| (begun.key.clone(), begun)).collect();
        let (name, open) = (name.to_owned(), latest.into_values().collect());
        Ok(Self { name, same_boot, open, folder: folder.to_owned(), files, _lock: lock })
    }

    /// Removes the journal, once the ledger knows all that it told.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub(in crate::deliver) fn remove(&self) -> io::Result<()> {
        for path in &self.files {
            fs::remove_file(path)?;
        }
        fs::remove_file(lock_path(&self.folder, &self.name))
    }
}

/// The names in a folder that end so, without that end.
fn names(folder: &Path, end: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        Err(error) => return Err(error),
    };
    for entry in entries {
        if let Some(name) = entry?.file_name().to_str().and_then(|name| name.strip_suffix(end)) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The files of a journal, the oldest first.
fn files(folder: &Path, name: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let number =
            entry.file_name().to_str().and_then(|file| file.strip_prefix(name)?.strip_prefix('.')?.parse().ok());
        if let Some(number) = number {
            files.push((number, entry.path()));
        }
    }
    files.sort_by_key(|(number, _): &(u32, _)| *number);
    Ok(files.into_iter().map(|(_, path)| path).collect())
}
