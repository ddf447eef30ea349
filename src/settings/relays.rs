//! Several SMTP servers: whose mail goes through which, one row each.

use super::{
    dkim::domain_name,
    smtp::{Mail, SmtpServer},
};

/// A server and the senders whose mail it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// The senders' domains; none: every sender that no other row names.
    pub senders: Vec<String>,
    /// The server.
    pub server: SmtpServer,
}

/// Reads rows of `DOMAIN,DOMAIN URL`; `*` stands for every sender that no row names. No error repeats a URL, since it
/// may hold a password.
///
/// # Errors
/// Where a row is none; the message gives its number.
pub(super) fn parse(text: &str) -> Result<Vec<Relay>, String> {
    let mut relays = Vec::new();
    for (number, row) in text.lines().enumerate() {
        let row = row.trim();
        if row.is_empty() || row.starts_with('#') {
            continue;
        }
        let wrong = |why: String| format!("row {}: {why}", number + 1);
        let Some((senders, url)) = row.split_once(char::is_whitespace) else {
            return Err(wrong("is not of the form `example.org smtp://user:password@host:587`".to_owned()));
        };
        let server = match Mail::parse(url.trim()).map_err(wrong)? {
            Mail::Smtp(server) => server,
            Mail::Maildir(_) => return Err(wrong("a Maildir is no relay; write smtp:// or smtps://".to_owned())),
        };
        let named = senders.split(',').map(str::trim).filter(|sender| !sender.is_empty() && *sender != "*");
        let senders = named.map(domain_name).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        relays.push(Relay { senders, server });
    }
    if relays.is_empty() { Err("names no relay".to_owned()) } else { Ok(relays) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_name_senders_and_servers_and_mistakes_never_repeat_a_password() {
        let relays = parse(
            "# ours\nexample.org,Exämple.net smtp://u:p@mx1.example.org:587\n\n  example.org   smtps://u:p@mx2.example.org\n* smtp://localhost\n",
        )
        .unwrap();
        assert_eq!(relays[0].senders, ["example.org", "xn--exmple-cua.net"]);
        assert_eq!((relays[1].server.host.as_str(), relays[1].server.port), ("mx2.example.org", 465));
        assert!(relays[2].senders.is_empty());
        for (text, why) in [
            ("", "names no relay"),
            ("smtp://u:hunter2@h", "row 1: is not of the form"),
            ("\nexample.org http://u:hunter2@h", "row 2: begins with `http:`"),
            ("exa_mple smtp://u:hunter2@h", "is no domain"),
            ("example.org maildir:x", "no relay"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why) && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}
