//! Mailboxes against scripted servers on the loopback: what is said, what is kept, what is refused. Real servers are
//! asked in `.ci`.

use std::path::Path;

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    task::JoinHandle,
};

use super::*;
use crate::settings;

/// What a server expects, without the tag, and what it answers; `TAG` stands for the tag that came.
type Script = &'static [(&'static str, &'static str)];

/// Plays a script on one connection and gives what was said to it.
async fn play(greeting: &'static str, script: Script) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let playing = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(greeting.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        for (expected, answer) in script {
            let Ok(Some(line)) = lines.next_line().await else { break };
            let (tag, command) = match line.split_once(' ') {
                Some((tag, command)) if tag.starts_with('p') => (tag.to_owned(), command.to_owned()),
                _ => (String::new(), line.clone()),
            };
            assert!(command.starts_with(expected), "{command} instead of {expected}");
            said.push(command);
            write.write_all(answer.replace("TAG", &tag).as_bytes()).await.unwrap();
        }
        said
    });
    (port, playing)
}

fn with_mailbox(url: &str) -> Bounces {
    let env = [("PULLQUOTE__BOUNCES__MAILBOX", url), ("PULLQUOTE__BOUNCES__TIMEOUT", "5s")];
    let env = env.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let none = tempfile::NamedTempFile::new().unwrap();
    settings::load(Some(none.path()), env.into_iter()).unwrap().bounces
}

async fn open(url: &str) -> Result<Mailbox, MailboxError> {
    let settings = with_mailbox(url);
    Mailbox::open(settings.mailbox.as_ref().unwrap(), &settings).await
}

const LET_IN: [(&str, &str); 4] = [
    ("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK\r\n"),
    ("LOGIN \"ann\" \"pass\\\"word\"", "TAG OK in\r\n"),
    ("CAPABILITY", "* CAPABILITY IMAP4rev1 UIDPLUS MOVE\r\nTAG OK\r\n"),
    ("SELECT \"INBOX\"", "* 3 EXISTS\r\n* OK [UIDVALIDITY 77] valid\r\nTAG OK [READ-WRITE]\r\n"),
];

#[tokio::test]
async fn an_imap_mailbox_gives_its_new_mails_and_marks_those_taken_in() {
    const SCRIPT: Script = &[
        LET_IN[0],
        LET_IN[1],
        LET_IN[2],
        LET_IN[3],
        ("UID SEARCH UID 6:*", "* SEARCH 5 9 7\r\nTAG OK\r\n"),
        (
            "UID FETCH 7 (UID BODY.PEEK[]<0.",
            "* 9 EXISTS\r\n* 2 FETCH (UID 7 BODY[]<0> {12}\r\nA: b\r\n\r\nc)\r\n)\r\nTAG OK\r\n",
        ),
        ("UID FETCH 9", "TAG NO gone\r\n"),
        ("UID STORE 7 +FLAGS.SILENT (\\Seen)", "TAG OK\r\n"),
        ("LOGOUT", "* BYE\r\nTAG OK\r\n"),
    ];
    let (port, playing) = play("* OK ready\r\n", SCRIPT).await;
    let mut mailbox = open(&format!("imap://ann:pass%22word@127.0.0.1:{port}?tls=none")).await.unwrap();
    let known = ["77.3", "77.5", "76.99"].map(str::to_owned);
    let (fresh, gone) = mailbox.list(&known).await.unwrap();
    assert_eq!(fresh, ["77.7", "77.9"]);
    assert_eq!(gone, ["77.3", "76.99"], "only the highest need be remembered");
    assert_eq!(mailbox.fetch("77.7").await.unwrap().unwrap(), b"A: b\r\n\r\nc)\r\n");
    assert_eq!(mailbox.fetch("77.9").await.unwrap(), None);
    mailbox.settle("77.7").await.unwrap();
    mailbox.settle("76.7").await.unwrap();
    mailbox.close().await.unwrap();
    assert_eq!(playing.await.unwrap().len(), SCRIPT.len());
}

#[tokio::test]
async fn a_mail_is_moved_into_a_folder_that_is_made_for_it() {
    const SCRIPT: Script = &[
        LET_IN[0],
        LET_IN[1],
        LET_IN[2],
        LET_IN[3],
        ("UID STORE 7", "TAG OK\r\n"),
        ("UID MOVE 7 \"Done\"", "TAG NO [TRYCREATE] no such folder\r\n"),
        ("CREATE \"Done\"", "TAG OK\r\n"),
        ("UID MOVE 7 \"Done\"", "TAG OK\r\n"),
    ];
    let (port, playing) = play("* OK ready\r\n", SCRIPT).await;
    let url = format!("imap://ann:pass%22word@127.0.0.1:{port}?tls=none&after=move:Done");
    let mut mailbox = open(&url).await.unwrap();
    mailbox.settle("77.7").await.unwrap();
    drop(mailbox);
    assert_eq!(playing.await.unwrap().len(), SCRIPT.len());
}

#[tokio::test]
async fn a_refused_login_names_the_place_and_never_the_password() {
    const SCRIPT: Script = &[LET_IN[0], ("LOGIN", "TAG NO [AUTHENTICATIONFAILED] wrong\r\n")];
    let (port, _playing) = play("* OK ready\r\n", SCRIPT).await;
    let error = open(&format!("imap://ann:hunter2@127.0.0.1:{port}?tls=none")).await.err().unwrap().to_string();
    assert!(error.contains("127.0.0.1") && error.contains("AUTHENTICATIONFAILED"), "{error}");
    assert!(error.contains("bounces.mailbox") && !error.contains("hunter2"), "{error}");
}

#[tokio::test]
async fn without_tls_no_password_leaves_and_what_was_smuggled_before_it_is_not_taken() {
    let (port, playing) = play("* OK ready\r\n", &[("STARTTLS", "TAG NO not here\r\n")]).await;
    let error = open(&format!("imap://ann:hunter2@127.0.0.1:{port}")).await.err().unwrap().to_string();
    assert!(error.contains("TLS is a must"), "{error}");
    assert_eq!(playing.await.unwrap(), ["STARTTLS"]);
    let (port, playing) = play("* OK ready\r\n", &[("STARTTLS", "TAG OK go\r\np2 OK smuggled\r\n")]).await;
    let error = open(&format!("imap://ann:hunter2@127.0.0.1:{port}")).await.err().unwrap().to_string();
    assert!(error.contains("before TLS"), "{error}");
    assert_eq!(playing.await.unwrap(), ["STARTTLS"]);
}

#[tokio::test]
async fn a_pop3_mailbox_is_read_undotted_and_deletes_what_was_taken_in() {
    const SCRIPT: Script = &[
        ("USER ann", "+OK\r\n"),
        ("PASS secret", "+OK 2 mails\r\n"),
        ("UIDL", "+OK\r\n1 aaa\r\n2 bbb\r\n.\r\n"),
        ("RETR 2", "+OK\r\nA: b\r\n\r\n..dot\r\nend\r\n.\r\n"),
        ("DELE 2", "+OK\r\n"),
        ("QUIT", "+OK bye\r\n"),
    ];
    let (port, playing) = play("+OK ready\r\n", SCRIPT).await;
    let mut mailbox = open(&format!("pop3://ann:secret@127.0.0.1:{port}?tls=none")).await.unwrap();
    let (fresh, gone) = mailbox.list(&["aaa".to_owned(), "old".to_owned()]).await.unwrap();
    assert_eq!((fresh, gone), (vec!["bbb".to_owned()], vec!["old".to_owned()]));
    assert_eq!(mailbox.fetch("bbb").await.unwrap().unwrap(), b"A: b\r\n\r\n.dot\r\nend\r\n");
    mailbox.settle("bbb").await.unwrap();
    mailbox.settle("old").await.unwrap();
    mailbox.close().await.unwrap();
    assert_eq!(playing.await.unwrap().len(), SCRIPT.len());
}

#[tokio::test]
async fn a_server_that_hangs_up_or_talks_nonsense_is_an_error_and_not_a_hang() {
    for greeting in ["", "HTTP/1.1 400 Bad Request\r\n", "* OK ready\r\n"] {
        let (port, _playing) = play(greeting, &[]).await;
        assert!(open(&format!("imap://ann:secret@127.0.0.1:{port}?tls=none")).await.is_err(), "{greeting}");
    }
}

fn put(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[tokio::test]
async fn a_maildir_keeps_its_names_and_marks_what_was_taken_in_as_seen() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("maildir:{}", folder.path().display());
    assert!(open(&url).await.err().unwrap().to_string().contains("is it a Maildir"));
    put(folder.path(), "new/1.a.host", "one");
    put(folder.path(), "cur/2.b.host:2,F", "two");
    let mut mailbox = open(&url).await.unwrap();
    let (mut fresh, _) = mailbox.list(&[]).await.unwrap();
    fresh.sort();
    assert_eq!(fresh, ["1.a.host", "2.b.host"]);
    assert_eq!(mailbox.fetch("2.b.host").await.unwrap().unwrap(), b"two");
    for name in ["1.a.host", "2.b.host", "gone"] {
        mailbox.settle(name).await.unwrap();
        mailbox.settle(name).await.unwrap();
    }
    assert!(folder.path().join("cur/1.a.host:2,S").is_file());
    assert!(folder.path().join("cur/2.b.host:2,FS").is_file());
    assert_eq!(mailbox.fetch("gone").await.unwrap(), None);
    assert_eq!(mailbox.list(&["1.a.host".to_owned()]).await.unwrap().0, ["2.b.host"]);
}

#[test]
fn pauses_after_failures_grow_to_six_hours() {
    let minutes = |n: u64| Duration::from_secs(60 * n);
    assert_eq!(back_off(minutes(5), 0), minutes(5));
    assert_eq!(back_off(minutes(5), 2), minutes(20));
    assert_eq!(back_off(minutes(5), 40), minutes(360));
    assert_eq!(back_off(minutes(24 * 60), 3), minutes(24 * 60));
}
