//! A POP3 mailbox (RFC 1939; RFC 2595 for STLS).

use super::line::Line;
use crate::settings::{After, MailboxServer, MailboxTls};

/// The most mails of one sitting.
const MOST: usize = 10_000;

/// A mailbox that let us in.
pub(super) struct Pop3 {
    line: Line,
    /// The lasting name of each mail with its number of this sitting.
    mails: Vec<(String, u32)>,
    deletes: bool,
}

impl Pop3 {
    pub(super) async fn open(server: &MailboxServer, mut line: Line) -> Result<Self, String> {
        accepted(&line.line().await?, "the greeting")?;
        if server.tls == MailboxTls::Start {
            ask(&mut line, "STLS", "STLS").await.map_err(|why| format!("{why}; TLS is a must here"))?;
            line = line.start_tls().await?;
        }
        ask(&mut line, &format!("USER {}", server.user), "the user").await?;
        ask(&mut line, &format!("PASS {}", server.password.expose()), "the password").await?;
        ask(&mut line, "UIDL", "UIDL")
            .await
            .map_err(|why| format!("{why}; without UIDL mails cannot be told apart"))?;
        let mut mails = Vec::new();
        loop {
            let row = line.line().await?;
            if row == "." {
                break;
            }
            let pair = row
                .trim()
                .split_once(' ')
                .and_then(|(number, name)| Some((name.trim().to_owned(), number.parse().ok()?)));
            if let Some(pair) = pair.filter(|_| mails.len() < MOST) {
                mails.push(pair);
            }
        }
        Ok(Self { line, mails, deletes: server.after == After::Delete })
    }

    pub(super) fn list(&self) -> Vec<String> {
        self.mails.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) async fn fetch(&mut self, name: &str, most: usize) -> Result<Option<Vec<u8>>, String> {
        let Some(number) = self.number(name) else { return Ok(None) };
        if ask(&mut self.line, &format!("RETR {number}"), "RETR").await.is_err() {
            return Ok(None);
        }
        let mut mail = Vec::new();
        loop {
            let row = self.line.bytes().await?;
            if row == b"." {
                return Ok(Some(mail));
            }
            let row = row.strip_prefix(b".").unwrap_or(&row);
            let room = most.saturating_sub(mail.len());
            mail.extend_from_slice(&row[..row.len().min(room)]);
            if room > row.len() + 1 {
                mail.extend_from_slice(b"\r\n");
            }
        }
    }

    pub(super) async fn settle(&mut self, name: &str) -> Result<(), String> {
        match self.number(name) {
            Some(number) if self.deletes => ask(&mut self.line, &format!("DELE {number}"), "DELE").await,
            _ => Ok(()),
        }
    }

    pub(super) async fn close(&mut self) -> Result<(), String> {
        ask(&mut self.line, "QUIT", "QUIT").await
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.mails.iter().find(|(known, _)| known == name).map(|(_, number)| *number)
    }
}

/// Sends a command whose answer must be `+OK`. The command is not repeated in errors, since it may be the password.
async fn ask(line: &mut Line, command: &str, what: &str) -> Result<(), String> {
    line.send(command).await?;
    accepted(&line.line().await?, what)
}

fn accepted(answer: &str, what: &str) -> Result<(), String> {
    if answer.starts_with("+OK") { Ok(()) } else { Err(format!("the server refused {what}: {}", said(answer))) }
}

/// A server's words, printable and of bounded length.
pub(super) fn said(answer: &str) -> String {
    answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
