//! Where reports come in: a Maildir, or a mailbox on an IMAP or POP3 server, written as one URL.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use url::Url;

use super::{Secret, smtp::decoded};
use crate::model::EmailAddress;

/// Reports: where they come from, and what follows from them.
#[derive(Debug, Clone)]
pub struct Bounces {
    /// The mailbox that is read.
    pub mailbox: Option<ReportBox>,
    /// How often.
    pub every: Duration,
    /// The longest that one step of a conversation with its server may take.
    pub timeout: Duration,
    /// A certificate to trust beside the usual ones, PEM.
    pub ca_file: Option<PathBuf>,
    /// Where servers send reports to: each mail gets one of its own, `bounces+TOKEN@example.org`.
    pub return_path: Option<EmailAddress>,
    /// Soft bounces of so many issues in a row block an address …
    pub soft_limit: u32,
    /// … once they span this time.
    pub soft_span: Duration,
    /// How long reports are kept that blocked nobody.
    pub keep: Duration,
    /// What a provider's hook must carry; `None` turns hooks off.
    pub hook_token: Option<Secret>,
    /// The key that Mailgun signs with.
    pub mailgun_key: Option<Secret>,
}

/// A mailbox to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportBox {
    /// A Maildir folder.
    Maildir(PathBuf),
    /// On a server.
    Server(MailboxServer),
}

/// A mailbox on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxServer {
    /// Its language.
    pub protocol: Protocol,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailboxTls,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// The folder (IMAP).
    pub folder: String,
    /// What is done with a mail that has been taken in.
    pub after: After,
}

/// What a mailbox server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// RFC 3501, RFC 9051.
    Imap,
    /// RFC 1939.
    Pop3,
}

/// How a connection to a mailbox is protected: it carries a password, so there is no "where offered".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailboxTls {
    /// From the first byte, `imaps:` and `pop3s:`.
    Implicit,
    /// STARTTLS or STLS, or nothing.
    Start,
    /// None; on this machine only.
    None,
}

/// What is done with a mail once it has been taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// It is marked as read, and stays.
    Mark,
    /// It is deleted.
    Delete,
    /// It is moved to this folder (IMAP).
    Move(String),
}

const FORM: &str = "write imaps://user:password@host/INBOX, imap://user:password@host?tls=required, \
    pop3s://user:password@host or maildir:PATH";

impl ReportBox {
    /// Reads the URL. No error repeats it, since it holds a password.
    ///
    /// # Errors
    /// Where it is no such URL; the message says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("maildir:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() {
                Err(format!("names no folder; {FORM}"))
            } else {
                Ok(Self::Maildir(path.into()))
            };
        }
        let url = Url::parse(text).map_err(|error| format!("is not a URL ({error}); {FORM}"))?;
        let (protocol, implicit, usual) = match url.scheme() {
            "imaps" => (Protocol::Imap, true, 993),
            "imap" => (Protocol::Imap, false, 143),
            "pop3s" => (Protocol::Pop3, true, 995),
            "pop3" => (Protocol::Pop3, false, 110),
            scheme => return Err(format!("begins with `{scheme}:`, which is not known; {FORM}")),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| format!("names no host; {FORM}"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let user = decoded(url.username())?;
        let password = decoded(url.password().unwrap_or_default())?;
        if user.is_empty() || password.is_empty() {
            return Err(format!("needs a user and a password; {FORM}"));
        }
        let plain = |text: &str| text.bytes().all(|b| (b' '..=b'~').contains(&b));
        if !plain(&user) || !plain(&password) {
            return Err(
                "has a user or password beyond printable ASCII, which these protocols do not carry safely".into()
            );
        }
        let folder = folder(&decoded(url.path().trim_start_matches('/'))?, protocol)?;
        let mut tls = if implicit { MailboxTls::Implicit } else { MailboxTls::Start };
        let mut after = if protocol == Protocol::Imap { After::Mark } else { After::Delete };
        for (key, value) in url.query_pairs() {
            match (key.as_ref(), value.as_ref()) {
                ("tls", _) if implicit => return Err("has tls= beside a scheme that means TLS from the first byte".into()),
                ("tls", "required") => tls = MailboxTls::Start,
                ("tls", "none") if is_local(&host) => tls = MailboxTls::None,
                ("tls", "none") => {
                    return Err("would send the password in clear to another machine; use imaps: or tls=required".into());
                }
                ("tls", _) => return Err("has a tls= that is neither required nor none".into()),
                ("after", value) => after = self::after(value, protocol)?,
                // Not repeated: after a ? in a password it would be the rest of that.
                _ => return Err("has something other than tls= and after= after the question mark; a ? in a password is written %3F".into()),
            }
        }
        let port = url.port().unwrap_or(usual);
        let password = Secret::new(password);
        Ok(Self::Server(MailboxServer { protocol, host, port, tls, user, password, folder, after }))
    }
}

fn after(value: &str, protocol: Protocol) -> Result<After, String> {
    match (value, protocol) {
        ("mark", Protocol::Imap) => Ok(After::Mark),
        ("keep", Protocol::Pop3) => Ok(After::Mark),
        ("delete", _) => Ok(After::Delete),
        (move_to, Protocol::Imap) if move_to.starts_with("move:") => {
            folder(&move_to["move:".len()..], protocol).map(After::Move)
        }
        (_, Protocol::Imap) => Err("has an after= that is neither mark, delete nor move:FOLDER".into()),
        (_, Protocol::Pop3) => Err("has an after= that is neither delete nor keep".into()),
    }
}

fn folder(name: &str, protocol: Protocol) -> Result<String, String> {
    match (name, protocol) {
        ("", _) => Ok("INBOX".to_owned()),
        (_, Protocol::Pop3) => Err("names a folder, which POP3 does not have".into()),
        (name, _) if name.bytes().all(|b| (b' '..=b'~').contains(&b)) => Ok(name.to_owned()),
        _ => Err("names a folder beyond ASCII; write it in the server's own spelling (modified UTF-7)".into()),
    }
}

fn is_local(host: &str) -> bool {
    host.parse::<IpAddr>().map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}

/// The place without its password.
impl std::fmt::Display for ReportBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Maildir(path) => write!(f, "maildir:{}", path.display()),
            Self::Server(MailboxServer { protocol, host, port, user, folder, .. }) => {
                let open = if host.contains(':') { ("[", "]") } else { ("", "") };
                let (word, folder) = match protocol {
                    Protocol::Imap => ("imap", format!("/{folder}")),
                    Protocol::Pop3 => ("pop3", String::new()),
                };
                write!(f, "{word}://{user}@{}{host}{}:{port}{folder}", open.0, open.1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> MailboxServer {
        match ReportBox::parse(text) {
            Ok(ReportBox::Server(server)) => server,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_mailbox_is_read_with_its_usual_ports_and_shown_without_its_password() {
        let imap = server("imaps://bounces%40example.org:p%40ss@mail.example.org/Reports?after=move:Done");
        assert_eq!((imap.port, imap.tls, imap.user.as_str()), (993, MailboxTls::Implicit, "bounces@example.org"));
        assert_eq!((imap.password.expose(), imap.folder.as_str()), ("p@ss", "Reports"));
        assert_eq!(imap.after, After::Move("Done".to_owned()));
        assert_eq!(ReportBox::Server(imap).to_string(), "imap://bounces@example.org@mail.example.org:993/Reports");
        let imap = server("imap://u:p@mail.example.org");
        assert_eq!((imap.port, imap.tls, imap.after), (143, MailboxTls::Start, After::Mark));
        let pop = server("pop3s://u:p@mail.example.org?after=keep");
        assert_eq!((pop.port, pop.after), (995, After::Mark));
        assert_eq!(server("pop3://u:p@[::1]:1110?tls=none").tls, MailboxTls::None);
        assert_eq!(ReportBox::parse("maildir:/var/mail/b"), Ok(ReportBox::Maildir("/var/mail/b".into())));
    }

    #[test]
    fn a_mistake_is_named_without_the_password() {
        for (text, why) in [
            ("imap://u:hunter2@mail.example.org?tls=none", "in clear"),
            ("imaps://u:hunter2@h?tls=none", "TLS from the first byte"),
            ("imaps://u@h", "needs a user and a password"),
            ("pop3s://u:hunter2@h/Folder", "POP3 does not have"),
            ("pop3s://u:hunter2@h?after=move:x", "neither delete nor keep"),
            ("imaps://u:hunter2@h?x=y", "%3F"),
            ("http://u:hunter2@h", "not known"),
            ("maildir:", "names no folder"),
        ] {
            let error = ReportBox::parse(text).unwrap_err();
            assert!(error.contains(why) && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}
