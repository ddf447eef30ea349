//! The journal beside a worker: what was begun and what was answered, in a file, so that a killed process can be
//! told from its traces. The protocol is in `docs/delivery.md`.
//!
//! Lines are written straight to the system before the step that they announce: they outlive the process. The
//! form of a line is in [`line`], reading what the dead left behind in [`orphan`].

mod line;
mod orphan;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use line::Line;
pub(super) use orphan::{Orphan, orphans};

use crate::store::ledger::{DeliveryKey, Mark};

/// A file that has grown so far goes on in a new one.
const ROTATE_AT: u64 = 4 << 20;

/// The number of a claim within one run of a worker.
pub(super) type Ticket = u64;

/// A delivery that was begun, with the answer where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begun {
    pub key: DeliveryKey,
    pub message_id: String,
    pub answer: Option<Mark>,
}

/// What was answered to a ticket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    pub ticket: Ticket,
    pub mark: &'a Mark,
}

/// A journal that is being written.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
    name: String,
    rotate_at: u64,
    state: Mutex<State>,
    grown: AtomicBool,
    /// Locked as long as the process lives.
    _lock: File,
}

#[derive(Debug)]
struct State {
    file: File,
    number: u32,
    length: u64,
    /// Begun and not done.
    open: BTreeMap<Ticket, Begun>,
    buffer: Vec<u8>,
    /// The last write failed: it may have left the beginning of a line.
    torn: bool,
}

impl Journal {
    /// Makes the journal of a worker whose name nobody else has.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub(super) fn make(folder: &Path, name: &str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut tries = 0;
        loop {
            let error = match Self::begin_file(folder, name) {
                Ok(journal) => return Ok(journal),
                Err(error) => error,
            };
            // Another process that starts in this moment may take it for one of the dead before it is locked.
            let lost = matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::NotFound);
            tries += 1;
            if !lost || tries == 10 {
                return Err(error);
            }
        }
    }

    fn begin_file(folder: &Path, name: &str) -> io::Result<Self> {
        // Locked under another name first: at no moment does it look like the journal of a dead process.
        let making = making_path(folder, name);
        let lock = File::create(&making)?;
        lock.try_lock().map_err(io::Error::from)?;
        let open = BTreeMap::new();
        let (file, length) = fresh(folder, name, 1, &open)?;
        fs::rename(&making, lock_path(folder, name))?;
        file.sync_all()?;
        File::open(folder)?.sync_all()?;
        Ok(Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            rotate_at: ROTATE_AT,
            state: Mutex::new(State { file, number: 1, length, open, buffer: Vec::new(), torn: false }),
            grown: AtomicBool::new(false),
            _lock: lock,
        })
    }

    /// Notes that a message is about to leave, and in the same write what was answered to the one before.
    ///
    /// # Errors
    /// Where the file cannot be written: then the message must not leave.
    pub(super) fn begin(
        &self,
        answered: Option<Answer<'_>>,
        ticket: Ticket,
        key: &DeliveryKey,
        message_id: &str,
    ) -> io::Result<()> {
        let mut state = self.lock();
        state.note(answered);
        Line::Begun { ticket, key, message_id }.write(&mut state.buffer);
        state.open.insert(ticket, Begun { key: key.clone(), message_id: message_id.to_owned(), answer: None });
        self.flush(state)
    }

    /// Notes what was answered. Where that cannot be written, the delivery is uncertain after a crash, no worse.
    pub(super) fn answer(&self, answered: Answer<'_>) {
        let mut state = self.lock();
        state.note(Some(answered));
        if let Err(error) = self.flush(state) {
            tracing::error!(%error, "an answer could not be written into the journal");
        }
    }

    /// Forgets what the ledger has recorded.
    pub(super) fn done(&self, tickets: impl IntoIterator<Item = Ticket>) {
        let mut state = self.lock();
        let forgotten: Vec<Ticket> = tickets.into_iter().filter(|ticket| state.open.remove(ticket).is_some()).collect();
        if forgotten.is_empty() {
            return;
        }
        Line::Done { tickets: &forgotten }.write(&mut state.buffer);
        let written = if state.length > self.rotate_at { self.rotate(state) } else { self.flush(state) };
        if let Err(error) = written {
            tracing::error!(%error, "the journal could not be written");
        }
    }

    /// Whether there is something to sync since it was last asked.
    pub(super) fn has_grown(&self) -> bool {
        self.grown.swap(false, Ordering::Relaxed)
    }

    /// Waits until what was written is on the disk, where it survives a loss of power.
    ///
    /// # Errors
    /// Where the disk fails.
    pub(super) fn sync(&self) -> io::Result<()> {
        let file = self.lock().file.try_clone()?;
        file.sync_data()
    }

    /// Ends the journal: it is removed unless something is open.
    ///
    /// # Errors
    /// Where the files cannot be removed.
    pub(super) fn close(&self) -> io::Result<()> {
        let state = self.lock();
        if !state.open.is_empty() {
            return Ok(());
        }
        fs::remove_file(file_path(&self.folder, &self.name, state.number))?;
        fs::remove_file(lock_path(&self.folder, &self.name))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flush(&self, mut state: MutexGuard<'_, State>) -> io::Result<()> {
        let State { file, buffer, length, torn, .. } = &mut *state;
        if *torn {
            // Else this line would go on where that one broke off, and be lost with it.
            buffer.insert(0, b'\n');
        }
        let written = file.write_all(buffer);
        *torn = written.is_err();
        *length += buffer.len() as u64;
        buffer.clear();
        self.grown.store(true, Ordering::Relaxed);
        written
    }

    /// Goes on in a new file, which begins with what is open; only then is the old one removed.
    fn rotate(&self, mut state: MutexGuard<'_, State>) -> io::Result<()> {
        let old = state.number;
        match fresh(&self.folder, &self.name, old + 1, &state.open) {
            Ok((file, length)) => {
                state.buffer.clear();
                state.torn = false;
                (state.file, state.length, state.number) = (file, length, old + 1);
                self.grown.store(true, Ordering::Relaxed);
                fs::remove_file(file_path(&self.folder, &self.name, old))
            }
            Err(error) => {
                self.flush(state)?;
                Err(error)
            }
        }
    }
}

impl State {
    fn note(&mut self, answered: Option<Answer<'_>>) {
        let Some(Answer { ticket, mark }) = answered else { return };
        if let Some(begun) = self.open.get_mut(&ticket) {
            begun.answer = Some(mark.clone());
            Line::Answered { ticket, mark }.write(&mut self.buffer);
        }
    }
}

/// A new file with what is open at its beginning.
fn fresh(folder: &Path, name: &str, number: u32, open: &BTreeMap<Ticket, Begun>) -> io::Result<(File, u64)> {
    let mut text = Vec::new();
    Line::Head { boot: &boot() }.write(&mut text);
    for (&ticket, Begun { key, message_id, answer }) in open {
        Line::Begun { ticket, key, message_id }.write(&mut text);
        if let Some(mark) = answer {
            Line::Answered { ticket, mark }.write(&mut text);
        }
    }
    let mut file = File::create(file_path(folder, name, number))?;
    file.write_all(&text)?;
    Ok((file, text.len() as u64))
}

/// What tells this run of the system from others; empty where the system does not say.
fn boot() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().to_owned()
}

fn file_path(folder: &Path, name: &str, number: u32) -> PathBuf {
    folder.join(format!("{name}.{number}"))
}

fn lock_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.lock"))
}

fn making_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.making"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DigestName;

    pub(super) fn key(subscriber_id: i64) -> DeliveryKey {
        DeliveryKey { digest: DigestName::parse("friday").unwrap(), number: 7, subscriber_id }
    }

    pub(super) fn sent() -> Mark {
        Mark::Sent { reply: "250 2.0.0 Ok: queued as 4711".to_owned() }
    }

    fn only_orphan(folder: &Path) -> Orphan {
        let mut found = orphans(folder).unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[test]
    fn a_killed_process_is_told_from_its_traces() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::make(folder.path(), "one").unwrap();
        journal.begin(None, 1, &key(1), "a@x").unwrap();
        journal.begin(Some(Answer { ticket: 1, mark: &sent() }), 2, &key(2), "b@x").unwrap();
        journal.begin(None, 3, &key(3), "c@x").unwrap();
        journal.answer(Answer { ticket: 3, mark: &sent() });
        journal.done([3]);
        assert!(orphans(folder.path()).unwrap().is_empty(), "it lives");
        drop(journal);
        let orphan = only_orphan(folder.path());
        assert_eq!((orphan.name.as_str(), orphan.same_boot), ("one", true));
        let begun = |id, message_id: &str, answer| Begun { key: key(id), message_id: message_id.to_owned(), answer };
        assert_eq!(orphan.open, [begun(1, "a@x", Some(sent())), begun(2, "b@x", None)]);
        assert!(orphans(folder.path()).unwrap().is_empty(), "somebody reads it");
        orphan.remove().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_journal_that_grew_goes_on_in_a_new_file_and_forgets_nothing_open() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal { rotate_at: 2000, ..Journal::make(folder.path(), "one").unwrap() };
        journal.begin(None, 0, &key(0), "open@x").unwrap();
        for ticket in 1..500 {
            journal.begin(None, ticket, &key(ticket as i64), "a@x").unwrap();
            journal.answer(Answer { ticket, mark: &sent() });
            journal.done([ticket]);
        }
        let sizes: Vec<u64> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).collect();
        assert!(sizes.len() == 2 && sizes.iter().all(|size| *size < 2400), "{sizes:?}");
        drop(journal);
        let open = only_orphan(folder.path()).open.clone();
        assert_eq!(open, [Begun { key: key(0), message_id: "open@x".to_owned(), answer: None }]);
    }

    #[test]
    fn a_torn_end_is_passed_over_and_another_boot_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::make(folder.path(), "one").unwrap();
        journal.begin(None, 1, &key(1), "a@x").unwrap();
        journal.answer(Answer { ticket: 1, mark: &sent() });
        drop(journal);
        let path = folder.path().join("one.1");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, &text[..text.len() - 5]).unwrap();
        assert_eq!(only_orphan(folder.path()).open[0].answer, None);
        fs::write(&path, text.replace(&boot(), "another")).unwrap();
        assert!(!only_orphan(folder.path()).same_boot);
        fs::write(&path, "").unwrap();
        assert!(!only_orphan(folder.path()).same_boot);
    }

    #[test]
    fn a_line_after_one_that_could_not_be_written_whole_is_not_lost_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::make(folder.path(), "one").unwrap();
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut file = std::mem::replace(&mut journal.lock().file, full);
        assert!(journal.begin(None, 1, &key(1), "a@x").is_err(), "then the message must not leave");
        // Some of it was written before the disk was full.
        file.write_all(b"B 1 frid").unwrap();
        journal.lock().file = file;
        journal.done([1]);
        journal.begin(None, 2, &key(2), "b@x").unwrap();
        drop(journal);
        let begun = Begun { key: key(2), message_id: "b@x".to_owned(), answer: None };
        assert_eq!(only_orphan(folder.path()).open, [begun]);
    }

    #[test]
    fn a_process_killed_while_it_goes_on_in_a_new_file_is_known_by_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::make(folder.path(), "one").unwrap();
        journal.begin(None, 1, &key(1), "a@x").unwrap();
        journal.answer(Answer { ticket: 1, mark: &sent() });
        drop(journal);
        let old = fs::read_to_string(folder.path().join("one.1")).unwrap();
        let up_to = |line: &str| old.find(line).unwrap();
        for new in [0, 10, up_to("B 1"), up_to("S 1")] {
            fs::write(folder.path().join("one.2"), &old[..new]).unwrap();
            let orphan = only_orphan(folder.path());
            assert!(orphan.same_boot, "{new}");
            assert_eq!(orphan.open[0].answer, Some(sent()), "{new}");
        }
    }

    #[test]
    fn what_was_claimed_twice_in_a_run_is_as_the_later_claim_left_it() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::make(folder.path(), "one").unwrap();
        journal.begin(None, 1, &key(1), "a@x").unwrap();
        journal.answer(Answer { ticket: 1, mark: &sent() });
        journal.begin(None, 2, &key(1), "a@x").unwrap();
        drop(journal);
        assert_eq!(only_orphan(folder.path()).open.iter().map(|begun| &begun.answer).collect::<Vec<_>>(), [&None]);
    }

    #[test]
    fn a_journal_without_anything_open_is_removed_at_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::make(folder.path(), "one").unwrap();
        journal.begin(None, 1, &key(1), "a@x").unwrap();
        journal.close().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        journal.done([1]);
        journal.close().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
