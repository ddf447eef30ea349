//! An IMAP mailbox (RFC 3501, what RFC 9051 kept of it): a folder's new mails, and what is done with them after.

use super::{line::Line, pop3::said};
use crate::settings::{After, MailboxServer, MailboxTls};

/// A folder that is open.
pub(super) struct Imap {
    line: Line,
    tag: u32,
    abilities: Vec<String>,
    validity: u32,
    after: After,
}

/// Untagged answers: each line, with the literals in it.
type Answers = Vec<(String, Vec<Vec<u8>>)>;

/// A command that the server did not carry out, or a connection that is of no more use.
enum Fault {
    Refused(String),
    Lost(String),
}

impl From<String> for Fault {
    fn from(why: String) -> Self {
        Self::Lost(why)
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(why) | Fault::Lost(why) => why,
        }
    }
}

impl Imap {
    pub(super) async fn open(server: &MailboxServer, mut line: Line) -> Result<Self, String> {
        let greeting = line.line().await?;
        if !greeting.to_ascii_uppercase().starts_with("* OK") {
            return Err(format!("the server does not greet us: {}", said(&greeting)));
        }
        let mut this = Self { line, tag: 0, abilities: Vec::new(), validity: 0, after: server.after.clone() };
        if server.tls == MailboxTls::Start {
            this.command("STARTTLS", "STARTTLS", 0)
                .await
                .map_err(|why| format!("{}; TLS is a must here", String::from(why)))?;
            this = Self { line: this.line.start_tls().await?, ..this };
        }
        this.learn().await?;
        if this.can("LOGINDISABLED") {
            return Err("the server lets nobody in by password on this connection (LOGINDISABLED)".to_owned());
        }
        let login = format!("LOGIN {} {}", quoted(&server.user), quoted(server.password.expose()));
        this.command(&login, "user and password", 0).await?;
        // What it can do may be told anew once it knows who asks.
        this.learn().await?;
        let select = format!("SELECT {}", quoted(&server.folder));
        let answers = this.command(&select, &format!("the folder {}", server.folder), 0).await?;
        let validity = answers.iter().find_map(|(answer, _)| {
            let rest = answer.split_once("[UIDVALIDITY ")?.1;
            rest.split_once(']')?.0.trim().parse().ok()
        });
        this.validity = validity.ok_or("the server gives mails no lasting numbers (UIDVALIDITY)")?;
        Ok(this)
    }

    /// Names are `validity.uid`. Mails up to the highest one known have been dealt with.
    pub(super) async fn list(&mut self, known: &[String]) -> Result<(Vec<String>, Vec<String>), String> {
        let highest = known.iter().filter_map(|name| self.uid(name)).max().unwrap_or(0);
        let search = format!("UID SEARCH UID {}:*", u64::from(highest) + 1);
        let answers = self.command(&search, "a search", 0).await?;
        let mut uids: Vec<u32> = Vec::new();
        for (answer, _) in &answers {
            if let Some(rest) = strip_word(answer, "* SEARCH") {
                uids.extend(rest.split_whitespace().filter_map(|uid| uid.parse::<u32>().ok()));
            }
        }
        // `n:*` names the last mail even where its number is below n.
        uids.retain(|uid| *uid > highest);
        uids.sort_unstable();
        let gone = known.iter().filter(|name| self.uid(name) != Some(highest)).cloned().collect();
        Ok((uids.into_iter().map(|uid| format!("{}.{uid}", self.validity)).collect(), gone))
    }

    pub(super) async fn fetch(&mut self, name: &str, most: usize) -> Result<Option<Vec<u8>>, String> {
        let Some(uid) = self.uid(name) else { return Ok(None) };
        let fetch = format!("UID FETCH {uid} (UID BODY.PEEK[]<0.{most}>)");
        match self.command(&fetch, "a mail", most).await {
            Ok(answers) => {
                let own = format!("UID {uid}");
                let mut bodies = answers.into_iter().filter(|(answer, literals)| {
                    let (upper, has) = (answer.to_ascii_uppercase(), !literals.is_empty());
                    has && upper.contains(" FETCH ") && upper.contains(&own)
                });
                Ok(bodies.next().and_then(|(_, literals)| literals.into_iter().next()))
            }
            // One mail that cannot be had must not bar the way to all others.
            Err(Fault::Refused(_)) => Ok(None),
            Err(Fault::Lost(why)) => Err(why),
        }
    }

    pub(super) async fn settle(&mut self, name: &str) -> Result<(), String> {
        let Some(uid) = self.uid(name) else { return Ok(()) };
        match self.after.clone() {
            After::Mark => self.flag(uid, "\\Seen").await,
            After::Delete => self.delete(uid).await,
            After::Move(folder) => self.move_to(uid, &folder).await,
        }
    }

    pub(super) async fn close(&mut self) -> Result<(), String> {
        self.command("LOGOUT", "LOGOUT", 0).await.map(|_| ()).map_err(Into::into)
    }

    async fn flag(&mut self, uid: u32, flag: &str) -> Result<(), String> {
        let store = format!("UID STORE {uid} +FLAGS.SILENT ({flag})");
        self.command(&store, "marking a mail", 0).await.map(|_| ()).map_err(Into::into)
    }

    /// Where the server cannot expunge one mail alone, it stays marked as deleted: others are not ours to expunge.
    async fn delete(&mut self, uid: u32) -> Result<(), String> {
        self.flag(uid, "\\Seen \\Deleted").await?;
        if self.can("UIDPLUS") {
            self.command(&format!("UID EXPUNGE {uid}"), "deleting a mail", 0).await?;
        }
        Ok(())
    }

    async fn move_to(&mut self, uid: u32, folder: &str) -> Result<(), String> {
        self.flag(uid, "\\Seen").await?;
        let verb = if self.can("MOVE") { "MOVE" } else { "COPY" };
        let command = format!("UID {verb} {uid} {}", quoted(folder));
        let what = format!("moving a mail to {folder}");
        if let Err(Fault::Refused(_)) = self.command(&command, &what, 0).await {
            // The folder may not be there yet (RFC 3501, section 6.4.7).
            self.command(&format!("CREATE {}", quoted(folder)), &what, 0).await?;
            self.command(&command, &what, 0).await?;
        }
        if verb == "COPY" { self.delete(uid).await } else { Ok(()) }
    }

    fn uid(&self, name: &str) -> Option<u32> {
        let (validity, uid) = name.split_once('.')?;
        (validity.parse() == Ok(self.validity)).then(|| uid.parse().ok())?
    }

    fn can(&self, ability: &str) -> bool {
        self.abilities.iter().any(|known| known.eq_ignore_ascii_case(ability))
    }

    async fn learn(&mut self) -> Result<(), String> {
        let answers = self.command("CAPABILITY", "CAPABILITY", 0).await?;
        let told = answers.iter().filter_map(|(answer, _)| strip_word(answer, "* CAPABILITY"));
        self.abilities = told.flat_map(str::split_whitespace).map(str::to_owned).collect();
        Ok(())
    }

    /// Sends a command and gives what comes before its final answer. `what` stands for it in errors, since it may
    /// hold the password. Literals are kept up to `most` bytes.
    async fn command(&mut self, command: &str, what: &str, most: usize) -> Result<Answers, Fault> {
        const MOST_ANSWERS: usize = 100_000;
        self.tag += 1;
        let tag = format!("p{} ", self.tag);
        self.line.send(&format!("{tag}{command}")).await?;
        let mut answers = Answers::new();
        loop {
            let (answer, literals) = self.answer(most).await?;
            if let Some(done) = answer.strip_prefix(&tag) {
                let done = done.trim_start();
                return match done.get(..2).map(str::to_ascii_uppercase).as_deref() {
                    Some("OK") => Ok(answers),
                    _ => Err(Fault::Refused(format!("the server refused {what}: {}", said(done)))),
                };
            }
            if strip_word(&answer, "* BYE").is_some() && !command.starts_with("LOGOUT") {
                return Err(Fault::Lost(format!("the server ends the connection: {}", said(&answer))));
            }
            if answers.len() < MOST_ANSWERS {
                answers.push((answer, literals));
            }
        }
    }

    /// One answer, its literals (`{n}` and n bytes, section 4.3) read and taken out.
    async fn answer(&mut self, most: usize) -> Result<(String, Vec<Vec<u8>>), String> {
        const LARGEST: usize = 64 * 1024 * 1024;
        let (mut whole, mut literals) = (String::new(), Vec::new());
        loop {
            let line = self.line.line().await?;
            whole.push_str(&line);
            let Some(count) = literal(&line) else { return Ok((whole, literals)) };
            if count > LARGEST || literals.len() >= 100 {
                return Err("an answer is larger than anything that was asked for".to_owned());
            }
            literals.push(self.line.exact(count, most).await?);
        }
    }
}

/// The length of the literal that a line announces at its end.
fn literal(line: &str) -> Option<usize> {
    let (_, count) = line.strip_suffix('}')?.rsplit_once('{')?;
    count.trim_end_matches('+').parse().ok()
}

fn strip_word<'a>(answer: &'a str, word: &str) -> Option<&'a str> {
    let head = answer.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &answer[word.len()..])
}

/// A quoted string (section 4.3); the settings have seen to it that nothing else than printable ASCII is in it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
