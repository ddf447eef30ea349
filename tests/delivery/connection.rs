//! The way to the server: encryption, login, and a connection that is kept and mended.

use std::time::Duration;

use pullquote::{
    deliver::{Envelope, Event, Mailer, Outcome, send_now},
    model::{
        DeliveryState::{Deferred, Failed, Sent},
        EmailAddress,
    },
};

use crate::{
    issue::{House, address, digest, mailer, pace},
    smtp::{At, Encryption, Fault, Manner, SmtpServer, Trouble},
};

const PATIENT: Duration = Duration::from_secs(30);

fn envelope() -> Envelope {
    Envelope {
        from: EmailAddress::parse("digest@example.org").unwrap(),
        to: EmailAddress::parse("ann@example.org").unwrap(),
        message_id: "hello.1@example.org".to_owned(),
        sender: "example.org".to_owned(),
    }
}

async fn send(server: &SmtpServer, url: &str, trusted: bool) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let authority = trusted.then(|| server.authority(folder.path()));
    let mailer = mailer(url, authority.as_deref(), PATIENT);
    send_now(&mailer, &envelope(), b"Subject: Hello\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n").await
}

fn sent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Sent { reply } if reply.contains("taken"))
}

fn halted(outcome: &Outcome) -> &str {
    let Outcome::Halted { why } = outcome else { panic!("{outcome:?}") };
    why
}

#[tokio::test]
async fn a_message_arrives_as_it_is_dots_and_all() {
    for pipelining in [false, true] {
        let server = SmtpServer::start(Manner { pipelining, ..Manner::default() }).await;
        assert!(sent(&send(&server, &server.url("smtp", "", ""), false).await));
        let kept = server.kept();
        assert_eq!(kept[0].body, "Subject: Hello\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n");
        assert_eq!((kept[0].from.as_str(), kept[0].to.as_str()), ("digest@example.org", "ann@example.org"));
    }
}

#[tokio::test]
async fn starttls_and_login_by_every_mechanism() {
    for mechanisms in ["PLAIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"] {
        let login = Some(("film@club", "s%cret é"));
        let server =
            SmtpServer::start(Manner { tls: Encryption::StartTls, login, mechanisms, ..Manner::default() }).await;
        let url = server.url("smtp", "film%40club:s%25cret%20%C3%A9@", "?tls=required");
        assert!(sent(&send(&server, &url, true).await), "{mechanisms}");
        assert!(server.kept()[0].encrypted);
    }
}

#[tokio::test]
async fn implicit_tls_and_login() {
    let login = Some(("club", "secret"));
    let server = SmtpServer::start(Manner { tls: Encryption::Implicit, login, ..Manner::default() }).await;
    assert!(sent(&send(&server, &server.url("smtps", "club:secret@", ""), true).await));
    assert!(server.kept()[0].encrypted);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused_where_encryption_is_required() {
    for (tls, scheme, settings) in
        [(Encryption::StartTls, "smtp", "?tls=required"), (Encryption::Implicit, "smtps", "")]
    {
        let server = SmtpServer::start(Manner { tls, ..Manner::default() }).await;
        let outcome = send(&server, &server.url(scheme, "", settings), false).await;
        assert!(halted(&outcome).contains("ertificate"), "{outcome:?}");
        assert!(server.kept().is_empty());
    }
}

#[tokio::test]
async fn opportunistic_encryption_takes_any_certificate_and_does_without() {
    for tls in [Encryption::StartTls, Encryption::No] {
        let server = SmtpServer::start(Manner { tls, ..Manner::default() }).await;
        assert!(sent(&send(&server, &server.url("smtp", "", "?tls=opportunistic"), false).await));
        assert_eq!(server.kept()[0].encrypted, tls == Encryption::StartTls);
    }
}

#[tokio::test]
async fn required_encryption_that_is_not_offered_halts_and_says_so() {
    let server = SmtpServer::start(Manner::default()).await;
    let outcome = send(&server, &server.url("smtp", "", "?tls=required"), true).await;
    assert!(halted(&outcome).contains("STARTTLS"), "{outcome:?}");
    assert!(!server.commands().iter().any(|command| command.starts_with("MAIL")));
}

#[tokio::test]
async fn a_password_is_never_sent_in_clear_but_to_this_machine() {
    let login = Some(("club", "secret"));
    // 0.0.0.0 reaches the test server, and is no name of this machine.
    let server = SmtpServer::start(Manner { login, ..Manner::default() }).await;
    let url = server.url("smtp", "club:secret@", "?tls=opportunistic").replace("127.0.0.1", "0.0.0.0");
    let outcome = send(&server, &url, false).await;
    assert!(halted(&outcome).contains("not sent in clear"), "{outcome:?}");
    assert!(!server.commands().iter().any(|command| command.starts_with("AUTH")));
    assert!(sent(&send(&server, &server.url("smtp", "club:secret@", ""), false).await));
}

#[tokio::test]
async fn a_password_goes_to_no_unproven_server() {
    let login = Some(("club", "secret"));
    let server = SmtpServer::start(Manner { tls: Encryption::StartTls, login, ..Manner::default() }).await;
    let url = server.url("smtp", "club:secret@", "?tls=opportunistic").replace("127.0.0.1", "0.0.0.0");
    let outcome = send(&server, &url, false).await;
    assert!(halted(&outcome).contains("ertificate"), "{outcome:?}");
    assert!(!server.commands().iter().any(|command| command.starts_with("AUTH")));
}

#[tokio::test]
async fn a_wrong_password_halts_and_is_not_repeated_in_the_reason() {
    let server = SmtpServer::start(Manner { login: Some(("club", "secret")), ..Manner::default() }).await;
    let outcome = send(&server, &server.url("smtp", "club:guess@", ""), false).await;
    let why = halted(&outcome);
    assert!(why.contains("AUTH") && why.contains("535") && !why.contains("guess"), "{why}");
}

#[tokio::test]
async fn answers_smuggled_in_before_encryption_break_the_connection() {
    let smuggled = "250-test.example\r\n250 AUTH PLAIN\r\n235 welcome\r\n";
    let server = SmtpServer::start(Manner { tls: Encryption::StartTls, smuggled, ..Manner::default() }).await;
    let outcome = send(&server, &server.url("smtp", "", "?tls=required"), true).await;
    assert!(halted(&outcome).contains("STARTTLS"), "{outcome:?}");
    assert!(server.kept().is_empty());
}

#[tokio::test]
async fn one_connection_carries_many_messages_past_a_refused_one() {
    for (pipelining, eager) in [(false, false), (true, false), (true, true)] {
        let house = House::with_issue(6).await;
        let refused = |n| Trouble::for_recipient(At::Rcpt, Fault::Refuse("550 5.1.1 nobody"), &address(n));
        let trouble = vec![refused(2), refused(3), refused(6)];
        let server = SmtpServer::start(Manner { pipelining, eager, trouble, ..Manner::default() }).await;
        let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(1));
        worker.drain(None, |_| ()).await.unwrap();
        assert_eq!(house.states().await, [Sent, Failed, Failed, Sent, Sent, Failed]);
        assert_eq!((server.kept().len(), server.connections()), (3, 1), "pipelining {pipelining}, eager {eager}");
        for n in [1, 4, 5] {
            assert_eq!(server.kept_for(&address(n)), 1);
        }
        assert!(!server.commands().iter().any(|command| command.starts_with("for nobody")), "{:?}", server.commands());
    }
}

#[tokio::test]
async fn the_next_envelope_goes_out_with_the_message_before_and_each_reply_finds_its_own() {
    let house = House::with_issue(5).await;
    let trouble = vec![
        Trouble::for_recipient(At::Dot, Fault::Refuse("550 5.7.1 not this"), &address(1)),
        Trouble::for_recipient(At::Data, Fault::Refuse("451 4.3.0 later"), &address(3)),
        Trouble::for_recipient(At::Dot, Fault::Refuse("452 4.3.1 full"), &address(4)),
    ];
    let server = SmtpServer::start(Manner { pipelining: true, trouble, ..Manner::default() }).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(1));
    worker.drain(None, |_| ()).await.unwrap();
    assert_eq!(house.states().await, [Failed, Sent, Deferred, Deferred, Sent]);
    let replies: Vec<_> = house.rows().await.into_iter().map(|row| row.reply.unwrap()).collect();
    assert!(
        replies[0].contains("not this") && replies[2].contains("later") && replies[3].contains("full"),
        "{replies:?}"
    );
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_kept_connection_that_the_server_closed_or_has_had_enough_of_costs_nothing() {
    let enough = Fault::Refuse("452 4.3.2 too many messages in this session");
    for fault in [Fault::Cut, Fault::Refuse("421 4.4.2 idle for too long"), enough] {
        for pipelining in [false, true] {
            let house = House::with_issue(3).await;
            // The second message finds the connection closed, as if it had idled.
            let trouble = vec![Trouble { after: 1, ..Trouble::once(At::Mail, fault) }];
            let server = SmtpServer::start(Manner { pipelining, trouble, ..Manner::default() }).await;
            let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(1));
            let listener = |event: &Event| assert!(!matches!(event, Event::Halted { .. }), "{event:?}");
            worker.drain(Some((digest(), 1)), listener).await.unwrap();
            assert_eq!(house.states().await, [Sent; 3], "{fault:?}");
            assert_eq!((server.kept().len(), server.connections()), (3, 2), "{fault:?} {pipelining}");
            assert!(house.rows().await.iter().all(|row| row.attempts == 1));
        }
    }
}

#[tokio::test]
async fn an_address_beyond_ascii_fails_where_the_server_takes_none() {
    let server = SmtpServer::start(Manner::default()).await;
    let mailer = mailer(&server.url("smtp", "", ""), None, PATIENT);
    let to = EmailAddress::parse("zoë@example.org").unwrap();
    let outcome = send_now(&mailer, &Envelope { to, ..envelope() }, b"Subject: a\r\n\r\nb\r\n").await;
    assert!(matches!(&outcome, Outcome::Failed { reply } if reply.contains("SMTPUTF8")), "{outcome:?}");
}

#[tokio::test]
async fn checking_the_way_logs_in_and_sends_nothing() {
    let server = SmtpServer::start(Manner { login: Some(("club", "secret")), ..Manner::default() }).await;
    let right = mailer(&server.url("smtp", "club:secret@", ""), None, PATIENT);
    assert_eq!(right.check(PATIENT).await, Ok(()));
    let wrong = mailer(&server.url("smtp", "club:guess@", ""), None, PATIENT);
    assert!(wrong.check(PATIENT).await.unwrap_err().contains("535"));
    assert!(server.kept().is_empty() && server.commands().iter().any(|command| command == "QUIT"));
}

#[tokio::test]
async fn checking_a_silent_way_ends_when_the_person_has_waited_enough() {
    let trouble = vec![Trouble::always(At::Connect, Fault::Stall)];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let way = mailer(&server.url("smtp", "", ""), None, Duration::from_secs(60));
    assert!(way.check(Duration::from_millis(50)).await.unwrap_err().contains("greeting"));
}

#[tokio::test]
async fn a_maildir_takes_an_issue_and_takes_it_once() {
    let house = House::with_issue(3).await;
    let mailer = Mailer::Maildir(house.database.folder().join("mail"));
    let worker = house.worker(mailer, pace(2));
    let drained = worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
    assert_eq!(drained.books.map(|books| books.sent), Some(3));
    worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
    assert_eq!(std::fs::read_dir(house.database.folder().join("mail/new")).unwrap().count(), 3);
}

/// A way out through several servers, as the settings would give it.
fn relays(rows: &str) -> Mailer {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, "").unwrap();
    let env = [("PULLQUOTE__SMTP__RELAYS", rows), ("PULLQUOTE__SMTP__TIMEOUT", "10s")];
    let env = env.map(|(key, value)| (key.to_owned(), value.to_owned()));
    Mailer::new(&pullquote::settings::load(Some(&file), env.into_iter()).unwrap().smtp).unwrap()
}

#[tokio::test]
async fn a_senders_mail_takes_its_own_relay_and_the_next_one_where_that_is_barred() {
    let [own, second, other] = [(); 3].map(|()| SmtpServer::start(Manner::default()));
    let (own, second, other) = (own.await, second.await, other.await);
    let url = |server: &SmtpServer| server.url("smtp", "", "");
    let rows = format!("example.org {}\nexample.org {}\n* {}\n", url(&own), url(&second), url(&other));
    let mailer = relays(&rows);
    let mail = |sender: &str| Envelope { sender: sender.to_owned(), ..envelope() };
    assert!(sent(&send_now(&mailer, &mail("example.org"), b"Subject: a\r\n\r\nb\r\n").await));
    assert!(sent(&send_now(&mailer, &mail("elsewhere.example"), b"Subject: a\r\n\r\nb\r\n").await));
    assert_eq!([&own, &second, &other].map(|server| server.kept().len()), [1, 0, 1]);
    own.trouble(vec![Trouble::always(At::Connect, Fault::Refuse("421 4.3.2 closed"))]);
    assert!(sent(&send_now(&mailer, &mail("example.org"), b"Subject: a\r\n\r\nb\r\n").await));
    assert_eq!([&own, &second, &other].map(|server| server.kept().len()), [1, 1, 1]);
    let asked = own.connections();
    assert!(sent(&send_now(&mailer, &mail("example.org"), b"Subject: a\r\n\r\nb\r\n").await));
    assert_eq!((own.connections(), second.kept().len()), (asked, 2), "a barred relay is not asked again at once");
    second.trouble(vec![Trouble::always(At::Ehlo, Fault::Refuse("554 5.3.2 no"))]);
    let outcome = send_now(&mailer, &mail("example.org"), b"Subject: a\r\n\r\nb\r\n").await;
    assert!(halted(&outcome).contains("421") && halted(&outcome).contains("554"), "{outcome:?}");
    assert_eq!(other.kept().len(), 1, "nobody else's relay is taken");
}

#[tokio::test]
async fn a_relays_refusal_of_a_recipient_is_an_answer_and_no_other_is_asked() {
    let (first, second) = (SmtpServer::start(Manner::default()).await, SmtpServer::start(Manner::default()).await);
    first.trouble(vec![Trouble::always(At::Rcpt, Fault::Refuse("550 5.1.1 unknown"))]);
    let rows = format!("example.org {}\nexample.org {}\n", first.url("smtp", "", ""), second.url("smtp", "", ""));
    let outcome = send_now(&relays(&rows), &envelope(), b"Subject: a\r\n\r\nb\r\n").await;
    assert!(matches!(outcome, Outcome::Failed { .. }), "{outcome:?}");
    assert_eq!(second.connections(), 0);
}
