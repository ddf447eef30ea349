//! Delivery into a Maildir: a folder that any mail client opens, and the way out when no server is set up.
//!
//! The file's name comes from the Message-ID, so that a message that is delivered again after a crash
//! takes its own place instead of doubling.

use std::{
    collections::HashSet,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::outcome::Outcome;

/// An open Maildir.
#[derive(Debug)]
pub(super) struct MaildirSession {
    root: PathBuf,
    /// The names that a mail client has taken over to `cur`, its flags cut off; read once, when opened.
    seen: Option<HashSet<String>>,
}

impl MaildirSession {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, seen: None }
    }

    /// Makes the folders where they are missing.
    pub(super) async fn open(&mut self) -> Result<(), Outcome> {
        if self.seen.is_none() {
            let root = self.root.clone();
            let opened = run(move || prepare(&root)).await;
            let seen = opened.map_err(|error| Outcome::Halted {
                why: format!("the Maildir {} cannot be used: {error}", self.root.display()),
            })?;
            self.seen = Some(seen);
        }
        Ok(())
    }

    /// Delivers a message under the name its Message-ID gives.
    pub(super) async fn hand(&self, message_id: &str, message: &[u8]) -> Outcome {
        let name = name(message_id);
        if self.seen.as_ref().is_some_and(|seen| seen.contains(&name)) {
            return Outcome::Sent { reply: format!("was in {} already", self.root.display()) };
        }
        let (root, bytes) = (self.root.clone(), message.to_vec());
        match run(move || deliver(&root, &name, &bytes)).await {
            Ok(path) => Outcome::Sent { reply: format!("kept as {}", path.display()) },
            // The name makes a repeat harmless, so nothing here is ever uncertain.
            Err(error) => Outcome::Deferred { reply: format!("cannot write to {}: {error}", self.root.display()) },
        }
    }
}

/// Every mail in a Maildir with the name of its file, flags cut off, newest first. A folder that is not there
/// holds none.
///
/// # Errors
/// Where the folder cannot be read.
pub fn read_all(root: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for folder in ["new", "cur"].map(|name| root.join(name)) {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let name = name.split(':').next().unwrap_or_default().to_owned();
            found.push((entry.metadata()?.modified()?, name, fs::read(entry.path())?));
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(found.into_iter().map(|(_, name, bytes)| (name, bytes)).collect())
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

fn prepare(root: &Path) -> io::Result<HashSet<String>> {
    for folder in ["tmp", "new", "cur"] {
        fs::create_dir_all(root.join(folder))?;
    }
    let mut seen = HashSet::new();
    for entry in fs::read_dir(root.join("cur"))? {
        if let Ok(name) = entry?.file_name().into_string() {
            seen.insert(name.split(':').next().unwrap_or_default().to_owned());
        }
    }
    Ok(seen)
}

/// Writes to `tmp`, makes it safe on disk, and moves it to `new` in one step.
fn deliver(root: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let (tmp, new) = (root.join("tmp").join(name), root.join("new").join(name));
    let mut file = fs::File::create(&tmp)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&tmp, &new)?;
    fs::File::open(root.join("new"))?.sync_all()?;
    Ok(new)
}

/// The file's name for a Message-ID: the same always, and nothing in it that a path could be made of.
fn name(message_id: &str) -> String {
    let digest = Sha256::digest(message_id.as_bytes());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}.pullquote")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_is_delivered_once_however_often_it_is_handed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("mail");
        for _ in 0..2 {
            let mut maildir = MaildirSession::new(root.clone());
            maildir.open().await.unwrap();
            assert!(matches!(maildir.hand("1.2@x.org", b"Subject: a\r\n\r\nb\r\n").await, Outcome::Sent { .. }));
        }
        let new: Vec<_> = fs::read_dir(root.join("new")).unwrap().collect();
        assert_eq!(new.len(), 1);
        assert_eq!(fs::read(new[0].as_ref().unwrap().path()).unwrap(), b"Subject: a\r\n\r\nb\r\n");
        assert_eq!(fs::read_dir(root.join("tmp")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_message_that_was_read_in_a_mail_client_does_not_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut maildir = MaildirSession::new(folder.path().to_owned());
        maildir.open().await.unwrap();
        maildir.hand("1.2@x.org", b"a").await;
        let name = name("1.2@x.org");
        fs::rename(folder.path().join("new").join(&name), folder.path().join("cur").join(format!("{name}:2,S")))
            .unwrap();
        let mut again = MaildirSession::new(folder.path().to_owned());
        again.open().await.unwrap();
        again.hand("1.2@x.org", b"a").await;
        assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_halts_and_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let outcome = MaildirSession::new(file.join("mail")).open().await.unwrap_err();
        let Outcome::Halted { why } = outcome else { panic!("{outcome:?}") };
        assert!(why.contains("file/mail"), "{why}");
    }
}
