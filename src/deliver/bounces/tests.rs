//! What reading a mail promises, on bounces as the common servers write them.

use super::{
    mail::{Mail, Wish, read},
    *,
};

fn lines(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn mail(text: &str) -> Mail {
    read(&lines(text))
}

fn only(mail: &Mail) -> &Told {
    assert_eq!(mail.told.len(), 1, "{:#?}", mail.told);
    &mail.told[0]
}

fn named(told: &Told) -> Vec<&str> {
    told.addresses.iter().map(EmailAddress::as_str).collect()
}

/// A report as Postfix writes it, with the given fields of the recipient and the given returned headers.
fn report(fields: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\nDelivered-To: bounces+abc@lists.example\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\n\
         Subject: Undelivered Mail Returned to Sender\nTo: bounces+abc@lists.example\nAuto-Submitted: auto-replied\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n boundary=\"b1\"\n\n\
         This is a MIME-encapsulated message.\n\n--b1\nContent-Type: text/plain\n\nThis is the mail system at host mx.example.\n\n\
         --b1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\nArrival-Date: Mon, 2 Mar 2026 08:00:00 +0000\n\n\
         {fields}\n\n--b1\nContent-Type: text/rfc822-headers\n\n{returned}\n\n--b1--\n"
    )
}

const OURS: &str = "Message-ID: <friday.12.0a1b2c@example.org>\nTo: Ann <ann@readers.example>\n\
    List-Unsubscribe: <https://digest.example.org/unsubscribe/AAAAAAAAAAdOb9esL0Gn46Od5WZHtHEb>,\n \
    <mailto:digest@example.org?subject=unsubscribe%20friday>\nSubject: Friday";

#[test]
fn a_delivery_report_tells_recipient_class_words_and_the_mail_it_is_about() {
    let fields = "Final-Recipient: rfc822; ann.lee@inner.example\nOriginal-Recipient: rfc822;ann@readers.example\n\
        Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.inner.example\n\
        Diagnostic-Code: smtp; 550 5.1.1 <ann.lee@inner.example>: Recipient\n    address rejected: User unknown";
    let mail = mail(&report(fields, OURS));
    let told = only(&mail);
    assert_eq!(told.kind, ReportKind::Hard);
    assert_eq!(named(told), ["ann@readers.example", "ann.lee@inner.example"]);
    assert_eq!(told.status.unwrap().to_string(), "5.1.1");
    assert_eq!(told.words, "550 5.1.1 <ann.lee@inner.example>: Recipient address rejected: User unknown");
    assert_eq!(told.reporter.as_deref(), Some("mx.example"));
    assert_eq!(mail.returned.message_id.as_deref(), Some("friday.12.0a1b2c@example.org"));
    assert_eq!(mail.returned.to.as_ref().unwrap().as_str(), "ann@readers.example");
    assert!(mail.returned.traces[0].contains("/unsubscribe/AAAAAAAAAAdOb9esL0Gn46Od5WZHtHEb"));
    assert_eq!(mail.came_to, ["bounces+abc@lists.example", "bounces+abc@lists.example"]);
}

#[test]
fn a_whole_mail_that_is_returned_is_read_like_its_headers() {
    let text = report("Final-Recipient: rfc822; ann@readers.example\nAction: failed\nStatus: 5.0.0", OURS);
    let whole = text
        .replace("text/rfc822-headers", "message/rfc822")
        .replace("Subject: Friday\n", "Subject: Friday\nContent-Type: text/plain\n\nWords.\n");
    let mail = mail(&whole);
    assert_eq!(mail.returned.message_id.as_deref(), Some("friday.12.0a1b2c@example.org"));
    assert_eq!(only(&mail).kind, ReportKind::Soft);
}

#[test]
fn a_late_or_successful_delivery_is_no_failure() {
    for (action, status, kind) in [
        ("delayed", "4.4.1", ReportKind::Delayed),
        ("relayed", "2.0.0", ReportKind::Delivered),
        ("Failed (gave up)", "4.2.2", ReportKind::Soft),
        ("failed", "5.7.1", ReportKind::Policy),
        ("", "5.1.1", ReportKind::Hard),
        ("", "4.1.1", ReportKind::Delayed),
    ] {
        let fields = format!("Final-Recipient: rfc822; ann@readers.example\nAction: {action}\nStatus: {status}");
        assert_eq!(only(&mail(&report(&fields, OURS))).kind, kind, "{action} {status}");
    }
}

#[test]
fn every_recipient_of_a_report_is_told() {
    let fields = "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\n\
        Final-Recipient: rfc822; b@x.example\nAction: expanded\nStatus: 2.1.5";
    let kinds: Vec<_> = mail(&report(fields, OURS)).told.iter().map(|told| told.kind).collect();
    assert_eq!(kinds, [ReportKind::Hard, ReportKind::Delivered]);
}

#[test]
fn qmails_bounce_is_read() {
    let mail = mail(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mail.example\nTo: digest@example.org\nSubject: failure notice\n\n\
         Hi. This is the qmail-send program at mail.example.\nI'm afraid I wasn't able to deliver your message to the \
         following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n\
         <ann@readers.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n\
         --- Below this line is a copy of the message.\n\nReturn-Path: <digest@example.org>\n\
         Message-ID: <friday.12.0a1b2c@example.org>\nTo: ann@readers.example\n\nWords.\n",
    );
    let told = only(&mail);
    assert_eq!((told.kind, named(told)), (ReportKind::Hard, vec!["ann@readers.example"]));
    assert_eq!(told.words, "Sorry, no mailbox here by that name. (#5.1.1)");
    assert_eq!(mail.returned.message_id.as_deref(), Some("friday.12.0a1b2c@example.org"));
    assert_eq!(mail.returned.traces, ["<digest@example.org>"]);
}

#[test]
fn exims_bounce_is_read_and_its_warning_does_not_count() {
    let bounce = "Return-path: <>\nX-Failed-Recipients: ann@readers.example\nAuto-Submitted: auto-replied\n\
        From: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: digest@example.org\n\
        Subject: Mail delivery failed: returning message to sender\n\n\
        This message was created automatically by mail delivery software.\n\n\
        A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. \
        The following address(es) failed:\n\n  ann@readers.example\n    Unrouteable address\n\n\
        ------ This is a copy of the message, including all the headers. ------\n\n\
        To: ann@readers.example\nMessage-ID: <friday.12.0a1b2c@example.org>\n\nWords.\n";
    let read = mail(bounce);
    assert_eq!((only(&read).kind, only(&read).words.as_str()), (ReportKind::Hard, "Unrouteable address"));
    let warning = "From: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: digest@example.org\nReturn-Path: <>\n\
        Subject: Warning: message 1aBcDe-000001-AA delayed 24 hours\nAuto-Submitted: auto-replied\n\n\
        A message that you sent has not yet been delivered to one or more of its\nrecipients.\n\n  ann@readers.example\n\n\
        No action is required on your part.\n";
    let warned = mail(warning);
    assert!(
        warned.told.iter().all(|told| told.kind != ReportKind::Hard && told.kind != ReportKind::Soft),
        "{warned:?}"
    );
}

#[test]
fn exchanges_plain_report_is_read() {
    let mail = mail(
        "From: System Administrator <postmaster@corp.example>\nTo: digest@example.org\nSubject: Undeliverable: Friday\n\n\
         Your message\n\n  To:      ann@readers.example\n  Subject: Friday\n  Sent:    Mon, 2 Mar 2026 09:00:00\n\n\
         did not reach the following recipient(s):\n\nann@readers.example on Mon, 2 Mar 2026 09:00:12\n    The e-mail account \
         does not exist at the organization this message was sent to.\n    <mail.corp.example #5.1.1>\n",
    );
    assert_eq!((only(&mail).kind, named(only(&mail))), (ReportKind::Hard, vec!["ann@readers.example"]));
}

#[test]
fn a_bounce_that_says_too_little_is_soft_and_names_nobody() {
    let mail = mail(
        "From: postmaster@corp.example\nReturn-Path: <>\nSubject: Undeliverable mail\nTo: d@example.org\n\nSorry.\n",
    );
    assert_eq!((only(&mail).kind, named(only(&mail)).len()), (ReportKind::Soft, 0));
}

#[test]
fn a_complaint_tells_whose_it_is_even_where_the_address_is_blacked_out() {
    let arf = |kind: &str| {
        format!(
            "From: <abuse@provider.example>\nTo: <abuse@example.org>\nSubject: FW: Friday\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=feedback-report;\n boundary=\"p\"\n\n--p\nContent-Type: text/plain\n\n\
             This is an email abuse report.\n\n--p\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\n\
             User-Agent: Feedback/1.0\nVersion: 1\nOriginal-Mail-From: <bounces+abc@lists.example>\n\
             Original-Rcpt-To: <ann@readers.example>\n\n--p\nContent-Type: message/rfc822\n\n{OURS}\n\nWords.\n\n--p--\n"
        )
    };
    let mail = mail(&arf("abuse"));
    assert_eq!((only(&mail).kind, named(only(&mail))), (ReportKind::Complaint, vec!["ann@readers.example"]));
    assert_eq!(mail.returned.traces[0], "<bounces+abc@lists.example>");
    assert_eq!(mail.returned.message_id.as_deref(), Some("friday.12.0a1b2c@example.org"));
    assert_eq!(only(&self::mail(&arf("opt-out"))).kind, ReportKind::Leave);
    for no_complaint in ["not-spam", "auth-failure"] {
        assert!(self::mail(&arf(no_complaint)).told.is_empty(), "{no_complaint}");
    }
}

#[test]
fn an_absence_note_is_no_bounce_and_no_wish() {
    for header in ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"] {
        let mail = mail(&format!(
            "From: ann@readers.example\nTo: d@example.org\n{header}\nSubject: unsubscribe friday\n\nAway.\n"
        ));
        assert_eq!((only(&mail).kind, mail.wish.is_some()), (ReportKind::Autoreply, false), "{header}");
    }
}

#[test]
fn a_wish_to_leave_is_the_subject_of_our_own_link_and_nothing_else() {
    let wish = |subject: &str, more: &str| {
        mail(&format!("From: Ann <ann@readers.example>\nTo: d@example.org\n{more}Subject: {subject}\n\n\n")).wish
    };
    let plain = |digest: Option<&str>| Some(Wish { digest: digest.map(str::to_owned), token: None });
    assert_eq!(wish("unsubscribe friday", ""), plain(Some("friday")));
    assert_eq!(wish(" Unsubscribe  Friday ", ""), plain(Some("friday")));
    assert_eq!(wish("unsubscribe", ""), plain(None));
    let token = "AAAAAAAAAAdOb9esL0Gn46Od5WZHtHEb";
    let with_token = wish(&format!("unsubscribe friday {token}"), "").unwrap();
    assert_eq!((with_token.digest.as_deref(), with_token.token.as_deref()), (Some("friday"), Some(token)));
    assert_eq!(wish("unsubscribe friday please", ""), None);
    assert_eq!(wish("unsubscribe from your friday, please", ""), None);
    assert_eq!(wish("Re: Friday", ""), None);
    assert_eq!(wish("unsubscribe friday", "Precedence: bulk\n"), None);
    assert_eq!(wish("unsubscribe friday", "List-Id: <x.example>\n"), None);
}

#[test]
fn a_persons_mail_is_left_alone() {
    let mail = mail(
        "From: Ann <ann@readers.example>\nTo: d@example.org\nSubject: Undeliverable praise\n\nIt does not exist, b@c.org!\n",
    );
    assert!(mail.told.is_empty() && mail.wish.is_none());
}

#[test]
fn rubbish_is_read_without_harm() {
    for raw in
        [&b""[..], b"\r\n\r\n", b"\xff\xfe\x00", b"Content-Type: multipart/report; boundary=\"\"\r\n\r\n----\r\n"]
    {
        assert!(read(raw).told.is_empty());
    }
    let nested = format!("{}{}", "Content-Type: message/rfc822\r\n\r\n".repeat(5000), "Subject: x\r\n\r\n");
    read(nested.as_bytes());
    read("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(3000).as_bytes());
}

proptest::proptest! {
    #[test]
    fn any_report_is_read_without_panic(fields in "(?s).{0,300}", returned in "(?s).{0,200}") {
        mail(&report(&fields, &returned));
    }
}
