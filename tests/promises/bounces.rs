//! The promise: who cannot be reached, or does not want to be, gets nothing more; a stranger can bring that about for
//! nobody else; every block shows why and can be undone; and reading a report twice changes nothing.

use std::sync::Arc;

use jiff::Span;
use pullquote::{
    app::{App, bounces, subscribe},
    model::{EmailAddress, Issue, SubscriberState, bounce::ReportKind, rate::Limits},
    store::{
        bounces::Wanted,
        ledger::{Mark, Settled, claim, work},
        subscribers,
    },
};

use crate::house::{CLUB, Door, FRIDAY, House, books, deliver, header, nth, publish, seen, subscribe as join};

const ANN: &str = "ann@readers.example";
const BEN: &str = "ben@readers.example";

/// A house whose reports come into the Maildir `reports`, with one issue delivered to Ann and Ben.
struct Desk {
    house: House,
    app: Arc<App>,
    issue: Issue,
}

impl Desk {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let mut house = House::club();
        for folder in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(house.path("reports").join(folder)).unwrap();
        }
        let place = format!("maildir:{}", house.path("reports").display());
        house.set("BOUNCES__MAILBOX", &place);
        house.set("BOUNCES__HOOK_TOKEN", "a-token-of-the-hooks");
        for (key, value) in settings {
            house.set(key, value);
        }
        house.digest("monday", &CLUB.replace("Friday", "Monday"));
        house.write("club/0.md", &nth(0));
        let app = house.open().await;
        for address in [ANN, BEN] {
            join(&app, FRIDAY, address).await;
        }
        join(&app, "monday", ANN).await;
        let issue = publish(&app, FRIDAY).await;
        deliver(&app, &issue).await;
        Self { house, app, issue }
    }

    /// The next issue of the digest, a week later.
    async fn next_issue(&mut self, n: usize) {
        self.house.wait(Span::new().hours(7 * 24));
        self.house.write(&format!("club/{n}.md"), &nth(n));
        self.issue = publish(&self.app, FRIDAY).await;
        deliver(&self.app, &self.issue).await;
    }

    fn put(&self, name: &str, mail: &str) {
        std::fs::write(self.house.path("reports/new").join(name), mail.replace('\n', "\r\n")).unwrap();
    }

    async fn read(&self) -> bounces::Sitting {
        bounces::read(&self.app, |_| ()).await.unwrap()
    }

    /// The newest mail to an address, as it was delivered.
    fn mail_to(&self, address: &str) -> String {
        let mails = self.house.mails_to(address);
        let number = format!("{FRIDAY}.{}.", self.issue.number);
        let own = |mail: &&String| header(mail, "Message-ID").unwrap().contains(&number);
        mails.iter().find(own).unwrap().clone()
    }

    async fn state(&self, digest: &str, address: &str) -> SubscriberState {
        let email = EmailAddress::parse(address).unwrap();
        subscribers::by_email(&self.app.db, digest, &email).await.unwrap().unwrap().subscriber.state
    }

    async fn effects(&self) -> Vec<String> {
        let reports = bounces::list(&self.app, &Wanted::default(), 100).await.unwrap();
        reports.into_iter().map(|report| format!("{}: {}", report.kind.as_str(), report.effect)).collect()
    }
}

/// What the `mailto:` link of a mail writes as its subject.
fn subject_of_wish(mail: &str) -> String {
    let links = header(mail, "List-Unsubscribe").unwrap();
    links.split("subject=").nth(1).unwrap().trim_end_matches('>').replace("%20", " ")
}

/// A delivery report about an address, as Postfix writes one, with the headers of the mail that it returns.
fn report(address: &str, action: &str, status: &str, words: &str, mail: &str) -> String {
    let head = mail.replace("\r\n", "\n");
    let head = head.split("\n\n").next().unwrap();
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: digest@example.org\nSubject: Undelivered Mail\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\
         Content-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
         Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {words}\n\n--b\n\
         Content-Type: text/rfc822-headers\n\n{head}\n\n--b--\n"
    )
}

fn hard(address: &str, mail: &str) -> String {
    report(address, "failed", "5.1.1", "550 5.1.1 User unknown", mail)
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_blocked_at_once_for_every_digest() {
    let mut desk = Desk::new().await;
    desk.put("1", &hard(ANN, &desk.mail_to(ANN)));
    let sitting = desk.read().await;
    assert_eq!((sitting.mails, sitting.reports, sitting.blocked), (1, 1, 1));
    for digest in [FRIDAY, "monday"] {
        assert_eq!(desk.state(digest, ANN).await, SubscriberState::Blocked, "{digest}");
    }
    assert_eq!(desk.state(FRIDAY, BEN).await, SubscriberState::Active);
    assert!(desk.house.path("reports/cur/1:2,S").is_file(), "the mail is marked as read");
    desk.next_issue(1).await;
    assert_eq!(books(&desk.app, &desk.issue).await.recipients, 1, "only Ben is in the next issue");
}

#[tokio::test]
async fn reading_a_report_twice_changes_nothing_also_after_the_block_was_undone() {
    let desk = Desk::new().await;
    let bounce = hard(ANN, &desk.mail_to(ANN));
    desk.put("1", &bounce);
    desk.read().await;
    bounces::undo(&desk.app, ANN).await.unwrap();
    desk.put("2", &bounce);
    let again = desk.read().await;
    assert_eq!((again.mails, again.reports, again.blocked), (1, 0, 0));
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Active);
    assert_eq!(desk.read().await.mails, 0, "what was read is not read again");
}

#[tokio::test]
async fn undoing_brings_back_each_membership_as_it_was_and_shows_the_mail_before() {
    let desk = Desk::new().await;
    subscribe::remove(&desk.app, &desk.app.digest("monday").unwrap(), &EmailAddress::parse(ANN).unwrap())
        .await
        .unwrap();
    desk.put("1", &hard(ANN, &desk.mail_to(ANN)));
    desk.read().await;
    let shown = bounces::show(&desk.app, ANN).await.unwrap();
    assert!(shown.raw.contains("550 5.1.1 User unknown") && !shown.cut);
    assert!(shown.block.unwrap().why.contains("User unknown"));
    let (_, back) = bounces::undo(&desk.app, &shown.report.id[..8]).await.unwrap();
    assert_eq!(back, 1);
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Active);
    assert_eq!(desk.state("monday", ANN).await, SubscriberState::Left, "who had left stays away");
    assert!(bounces::undo(&desk.app, ANN).await.is_err(), "there is nothing left to undo");
}

#[tokio::test]
async fn a_forged_bounce_or_complaint_takes_nobody_off() {
    let desk = Desk::new().await;
    let forged = "Message-ID: <friday.1.0123456789abcdef@example.org>\nTo: ann@readers.example\n\
        List-Unsubscribe: <https://reviews.example.org/unsubscribe/AAAAAAAAAAdOb9esL0Gn46Od5WZHtHEb>";
    desk.put("1", &hard(ANN, forged));
    desk.put("2", &hard(ANN, "Subject: nothing of ours"));
    desk.put(
        "3",
        "From: <abuse@provider.example>\nTo: <abuse@example.org>\nMIME-Version: 1.0\nContent-Type: multipart/report; \
         report-type=feedback-report; boundary=\"p\"\n\n--p\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n\
         Original-Rcpt-To: <ann@readers.example>\n\n--p--\n",
    );
    // A token of Ben's own mail says nothing of Ann.
    desk.put("4", &hard(ANN, &desk.mail_to(BEN)));
    desk.read().await;
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Active, "{:#?}", desk.effects().await);
    assert_eq!(desk.state(FRIDAY, BEN).await, SubscriberState::Blocked, "Ben's own token speaks for Ben");
}

#[tokio::test]
async fn soft_bounces_block_after_a_row_and_an_issue_that_came_through_starts_it_anew() {
    let mut desk = Desk::with(&[("BOUNCES__SOFT_LIMIT", "3"), ("BOUNCES__SOFT_SPAN", "14d")]).await;
    let full = |desk: &Desk| report(ANN, "failed", "5.2.2", "552 5.2.2 Mailbox full", &desk.mail_to(ANN));
    // Issues 1 and 2 bounce, 3 comes through, 4 and 5 bounce: no three in a row until 6.
    let mut blocked_at = None;
    for n in 1..=6 {
        if n > 1 {
            desk.next_issue(n).await;
        }
        if n != 3 {
            desk.house.wait(Span::new().hours(24));
            desk.put(&n.to_string(), &full(&desk));
            desk.read().await;
        }
        if blocked_at.is_none() && desk.state(FRIDAY, ANN).await == SubscriberState::Blocked {
            blocked_at = Some(n);
        }
    }
    assert_eq!(blocked_at, Some(6), "{:#?}", desk.effects().await);
    let why = bounces::blocked(&desk.app, 10).await.unwrap().remove(0).why;
    assert!(why.contains("3 issues in a row"), "{why}");
}

#[tokio::test]
async fn what_is_late_automatic_or_about_our_own_repute_never_counts() {
    let desk = Desk::with(&[("BOUNCES__SOFT_LIMIT", "1"), ("BOUNCES__SOFT_SPAN", "0s")]).await;
    desk.put("1", &report(ANN, "delayed", "4.4.1", "451 4.4.1 no answer", &desk.mail_to(ANN)));
    desk.put("2", &report(ANN, "failed", "5.7.1", "554 5.7.1 blocked by a list", &desk.mail_to(ANN)));
    desk.put("3", &format!("From: Ann <{ANN}>\nAuto-Submitted: auto-replied\nSubject: Away\n\nSoon.\n"));
    let sitting = desk.read().await;
    assert_eq!((sitting.reports, sitting.blocked), (3, 0));
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Active, "{:#?}", desk.effects().await);
    let policy = Wanted { kind: Some(ReportKind::Policy), ..Wanted::default() };
    assert_eq!(bounces::list(&desk.app, &policy, 9).await.unwrap().len(), 1, "the operator sees it");
}

#[tokio::test]
async fn a_mail_with_our_subject_takes_its_sender_off_and_nobody_else() {
    let desk = Desk::new().await;
    let wish = |from: &str, subject: &str| format!("From: {from}\nTo: digest@example.org\nSubject: {subject}\n\n\n");
    desk.put("1", &wish("mallory@elsewhere.example", "unsubscribe friday"));
    desk.put("2", &wish(&format!("Ben <{}>", BEN.to_uppercase()), "Re: your digest"));
    assert_eq!(desk.read().await.untouched, 2);
    assert!(desk.house.path("reports/new/1").is_file(), "a person's mail is left as it is");
    desk.put("3", &wish(&format!("Ann <{ANN}>"), "unsubscribe friday"));
    assert_eq!(desk.read().await.left, 1);
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Left);
    assert_eq!(desk.state("monday", ANN).await, SubscriberState::Active, "only from what was named");
    assert_eq!(desk.state(FRIDAY, BEN).await, SubscriberState::Active);
}

#[tokio::test]
async fn our_own_link_to_leave_by_mail_knows_the_person_whoever_sends_it() {
    let desk = Desk::new().await;
    let subject = subject_of_wish(&desk.mail_to(ANN));
    let wish =
        |subject: &str| format!("From: other@elsewhere.example\nTo: digest@example.org\nSubject: {subject}\n\n\n");
    let (rest, token) = subject.rsplit_once(' ').unwrap();
    let forged: String = token.chars().rev().collect();
    desk.put("1", &wish(&format!("{rest} {forged}")));
    assert_eq!(desk.read().await.untouched, 1, "a token that we did not make is nobody's");
    desk.put("2", &wish(&subject));
    assert_eq!(desk.read().await.left, 1);
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Left);
    assert_eq!(desk.state("monday", ANN).await, SubscriberState::Active);
}

#[tokio::test]
async fn what_a_server_refuses_for_good_while_we_send_counts_like_the_bounce_that_it_saves() {
    let desk = Desk::new().await;
    crate::house::tick(&desk.app).await;
    desk.house.wait(Span::new().hours(1));
    desk.house.write("club/1.md", &nth(1));
    let issue = publish(&desk.app, FRIDAY).await;
    let (db, now) = (&desk.app.db, desk.house.now());
    let later = now + Span::new().hours(1);
    let only = Some((&issue.digest, issue.number));
    let claims = claim::claim(db, "w", only, (10, &Limits::default()), later, now).await.unwrap().claims;
    let reply = |address: &str| match address {
        ANN => "550 5.1.1 <ann@readers.example>: User unknown",
        _ => "554 5.7.1 blocked by a list",
    };
    let failed: Vec<_> = claims
        .iter()
        .map(|claim| {
            let mark = Mark::Failed { reply: reply(claim.email.as_str()).to_owned() };
            Settled { key: claim.key.clone(), mark, message_id: None }
        })
        .collect();
    work::record(db, "w", &failed, now).await.unwrap();
    for _ in 0..2 {
        desk.house.wait(Span::new().minutes(1));
        crate::house::tick(&desk.app).await;
    }
    assert_eq!(desk.state("monday", ANN).await, SubscriberState::Blocked);
    assert_eq!(desk.state(FRIDAY, BEN).await, SubscriberState::Active);
    let reports = bounces::list(&desk.app, &Wanted::default(), 9).await.unwrap();
    assert_eq!(reports.len(), 2, "each refusal is taken in once: {:#?}", desk.effects().await);
}

#[tokio::test]
async fn a_blocked_address_is_not_taken_in_again_but_by_the_operators_word() {
    let desk = Desk::new().await;
    desk.put("1", &hard(BEN, &desk.mail_to(BEN)));
    desk.read().await;
    let monday = desk.app.digest("monday").unwrap();
    let ben = EmailAddress::parse(BEN).unwrap();
    let mails = desk.house.mails().len();
    subscribe::ask(&desk.app, &monday, ben.clone(), None).await.unwrap();
    assert_eq!(desk.house.mails().len(), mails, "nothing is sent to it, not even to confirm");
    let row = || pullquote::subscribers::exchange::Row::new(ben.clone(), None);
    let kept = subscribe::add(&desk.app, &monday, row(), false).await.unwrap();
    assert_eq!(kept, subscribe::Added::Kept(SubscriberState::Blocked));
    subscribe::add(&desk.app, &monday, row(), true).await.unwrap();
    assert_eq!(desk.state("monday", BEN).await, SubscriberState::Active);
    assert!(!bounces::is_blocked(&desk.app, &ben).await.unwrap());
}

#[tokio::test]
async fn a_providers_hook_needs_its_token_and_is_taken_in_once() {
    let desk = Desk::new().await;
    let door = Door::open(&desk.app).await;
    let id = header(&desk.mail_to(ANN), "Message-ID").unwrap();
    let event = serde_json::json!({ "kind": "complaint", "message_id": id, "email": ANN, "id": "e1" }).to_string();
    let path = "/api/hooks/bounces/generic";
    assert_eq!(door.ask("POST", path, &[], &event).await.status, 401);
    assert_eq!(door.ask("POST", path, &[("authorization", "Bearer no")], &event).await.status, 401);
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Active);
    let good = [("authorization", "Bearer a-token-of-the-hooks")];
    let first = door.ask("POST", path, &good, &event).await;
    assert_eq!((first.status, first.body.as_str()), (200, r#"{"known":0,"strangers":0,"taken":1}"#));
    assert_eq!(desk.state("monday", ANN).await, SubscriberState::Blocked, "a complaint counts for every digest");
    // "hook:a-token-of-the-hooks", as Amazon sends the password of a URL.
    let basic = [("authorization", "Basic aG9vazphLXRva2VuLW9mLXRoZS1ob29rcw==")];
    let again = door.ask("POST", path, &basic, &event).await;
    assert_eq!((again.status, again.body.as_str()), (200, r#"{"known":1,"strangers":0,"taken":0}"#));
    let stranger = r#"{"kind":"hard","email":"zoe@elsewhere.example"}"#;
    let answer = door.ask("POST", &format!("{path}?token=a-token-of-the-hooks"), &[], stranger).await;
    assert_eq!(answer.body, r#"{"known":0,"strangers":1,"taken":0}"#);
    assert_eq!(door.ask("POST", path, &good, "{").await.status, 422);
    assert_eq!(door.ask("POST", "/api/hooks/bounces/smoke", &good, "{}").await.status, 404);
    assert_eq!(door.get(path).await.status, 405);
}

#[tokio::test]
async fn an_amazon_confirmation_opens_no_address_but_amazons() {
    let desk = Desk::new().await;
    let door = Door::open(&desk.app).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let body = serde_json::json!({ "Type": "SubscriptionConfirmation",
        "SubscribeURL": format!("http://127.0.0.1:{port}/?Action=ConfirmSubscription") });
    let good = [("authorization", "Bearer a-token-of-the-hooks")];
    let answer = door.ask("POST", "/api/hooks/bounces/ses", &good, &body.to_string()).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let called = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
    assert!(called.is_err(), "nobody was asked");
}

#[tokio::test]
async fn the_desk_shows_a_block_with_its_mail_and_lifts_it() {
    let desk = Desk::with(&[("ADMIN__PASSWORD", "open-sesame")]).await;
    desk.put("1", &hard(ANN, &desk.mail_to(ANN)));
    desk.read().await;
    let door = Door::open(&desk.app).await;
    assert_eq!(door.get("/admin/bounces").await.status, 303, "nobody looks in without a login");
    let login = door.post("/admin/login", &[("secret", "open-sesame")]).await;
    let cookie = login.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = door.ask("GET", "/admin/bounces", &[("cookie", &cookie)], "").await;
    assert!(seen(&page.body).contains(ANN) && seen(&page.body).contains("User unknown"), "{}", page.body);
    let at = page.body.find("/admin/bounces/").unwrap();
    let path = page.body[at..].split('"').next().unwrap();
    let shown = door.ask("GET", path, &[("cookie", &cookie)], "").await;
    assert!(seen(&shown.body).contains("Final-Recipient: rfc822; ann@readers.example"), "{}", shown.body);
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let cookies = [("cookie", cookie.as_str())];
    assert_eq!(door.post_as("/admin/bounces", &cookies, &[("address", ANN)]).await.status, 403);
    let lifted = door.post_as("/admin/bounces", &cookies, &[("address", ANN), ("csrf", csrf)]).await;
    assert_eq!(lifted.status, 200);
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Active);
}

#[tokio::test]
async fn serve_reads_the_mailbox_in_its_rhythm_and_a_broken_one_does_not_stop_issues() {
    let desk = Desk::new().await;
    desk.put("1", &hard(ANN, &desk.mail_to(ANN)));
    crate::house::tick(&desk.app).await;
    assert_eq!(desk.state(FRIDAY, ANN).await, SubscriberState::Blocked);
    desk.put("2", &hard(BEN, &desk.mail_to(BEN)));
    crate::house::tick(&desk.app).await;
    assert_eq!(desk.state(FRIDAY, BEN).await, SubscriberState::Active, "not asked again within its rhythm");
    std::fs::rename(desk.house.path("reports"), desk.house.path("elsewhere")).unwrap();
    desk.house.wait(Span::new().minutes(6));
    crate::house::tick(&desk.app).await;
    std::fs::rename(desk.house.path("elsewhere"), desk.house.path("reports")).unwrap();
    desk.house.wait(Span::new().minutes(11));
    crate::house::tick(&desk.app).await;
    assert_eq!(desk.state(FRIDAY, BEN).await, SubscriberState::Blocked);
}

#[test]
fn the_command_line_reads_shows_and_undoes() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let desk = runtime.block_on(Desk::new());
    let house = &desk.house;
    desk.put("1", &hard(ANN, &desk.mail_to(ANN)));
    let read = house.run(&["bounces", "read"]).done();
    assert!(read.out.contains("1 new mails: 1 reports, 1 addresses blocked"), "{}", read.out);
    let listed = house.run(&["bounces", "--json"]).done().json();
    assert_eq!((&listed[0]["kind"], &listed[0]["proof"]), (&"hard".into(), &"token".into()));
    let blocked = house.run(&["bounces", "blocked"]).done();
    assert!(blocked.out.contains(ANN) && blocked.out.contains("User unknown"), "{}", blocked.out);
    let shown = house.run(&["bounces", "show", ANN]).done();
    assert!(shown.out.contains("Reporting-MTA: dns; mx.example"), "{}", shown.out);
    assert!(house.run(&["bounces", "undo", ANN]).done().out.contains("2 memberships stand again"));
    let twice = house.run(&["bounces", "undo", ANN]);
    assert_eq!((twice.code, twice.err.contains("is not blocked")), (1, true), "{twice:?}");
    assert_eq!(house.run(&["bounces", "show", "nobody"]).code, 1);
    assert_eq!(house.run(&["bounces", "list", "--kind", "hrad"]).code, 2);
}
