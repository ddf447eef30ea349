//! The promise: whatever mail of ours bounces, its return path says whose it was: also a confirmation, and also after
//! its reader has changed cadence. What came back of an issue is seen where the issue is looked at.

use std::sync::Arc;

use jiff::Span;
use pullquote::{
    app::{
        App, bounces,
        subscribe::{self, Choice},
    },
    model::{EmailAddress, Issue, SubscriberState},
    store::{bounces::Wanted, subscribers},
};

use crate::{
    house::{CLUB, Door, FRIDAY, House, deliver, header, nth, publish, seen, subscribe as join},
    smtp::{Kept, Manner, SmtpServer},
};

const ANN: &str = "ann@readers.example";
const WEEKLY: &str = "friday-weekly";

/// A house that sends by SMTP, from return paths of its own, and takes reports from the Maildir `reports`.
struct Desk {
    house: House,
    app: Arc<App>,
    server: SmtpServer,
}

impl Desk {
    async fn new() -> Self {
        let mut house = House::club();
        for folder in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(house.path("reports").join(folder)).unwrap();
        }
        let server = SmtpServer::start(Manner::default()).await;
        house.set("SMTP__URL", &server.url("smtp", "", ""));
        house.set("BOUNCES__MAILBOX", &format!("maildir:{}", house.path("reports").display()));
        house.set("BOUNCES__RETURN_PATH", "bounces@example.org");
        house.set("BOUNCES__SOFT_LIMIT", "2");
        house.set("BOUNCES__SOFT_SPAN", "0s");
        house.set("ADMIN__PASSWORD", "open-sesame");
        house
            .digest(FRIDAY, &format!("{CLUB}\n[[cadence]]\nname = \"weekly\"\nschedule = \"every Monday at 09:00\"\n"));
        house.write("club/0.md", &nth(0));
        let app = house.open().await;
        Self { house, app, server }
    }

    /// Sends the next issue of a stream.
    async fn issue(&self, stream: &str, n: usize) -> Issue {
        self.house.wait(Span::new().hours(24));
        self.house.write(&format!("club/{n}.md"), &nth(n));
        let issue = publish(&self.app, stream).await;
        deliver(&self.app, &issue).await;
        issue
    }

    /// The newest mail comes back, with nothing of ours in it but the address that it comes back to.
    async fn bounce(&self, status: &str, words: &str) {
        let newest = self.server.kept().pop().unwrap();
        self.bounce_of(&newest, status, words, "").await;
    }

    /// A mail comes back, with some of its headers.
    async fn bounce_of(&self, mail: &Kept, status: &str, words: &str, headers: &str) {
        self.house.wait(Span::new().hours(1));
        let now = self.house.now();
        let bounce = format!(
            "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: {}\nDate: {now}\nSubject: Undelivered Mail\n\
             MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\
             Content-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {}\nAction: failed\nStatus: {status}\n\
             Diagnostic-Code: smtp; {words}\n\n--b\nContent-Type: text/rfc822-headers\n\n{headers}\n--b--\n",
            mail.from, mail.to
        );
        let name = now.as_second().to_string();
        std::fs::write(self.house.path("reports/new").join(name), bounce.replace('\n', "\r\n")).unwrap();
        assert_eq!(bounces::read(&self.app, |_| ()).await.unwrap().reports, 1, "from {}", mail.from);
    }

    async fn state(&self, address: &str) -> SubscriberState {
        let email = EmailAddress::parse(address).unwrap();
        subscribers::by_email(&self.app.db, FRIDAY, &email).await.unwrap().unwrap().subscriber.state
    }

    async fn newest_report(&self) -> pullquote::store::bounces::Report {
        bounces::list(&self.app, &Wanted::default(), 1).await.unwrap().remove(0)
    }
}

#[tokio::test]
async fn a_confirmation_that_bounces_is_known_and_an_address_that_does_not_exist_is_not_asked_again() {
    let desk = Desk::new().await;
    let digest = desk.app.digest(FRIDAY).unwrap();
    let ask = async |address: &str| {
        subscribe::ask(&desk.app, &digest, EmailAddress::parse(address).unwrap(), None).await.unwrap();
    };
    ask("full@readers.example").await;
    desk.bounce("5.2.2", "552 5.2.2 Mailbox full").await;
    assert_eq!(desk.state("full@readers.example").await, SubscriberState::Pending);
    ask("typo@readers.example").await;
    desk.bounce("5.1.1", "550 5.1.1 User unknown").await;
    assert_eq!(desk.state("typo@readers.example").await, SubscriberState::Blocked);
    let report = desk.newest_report().await;
    assert_eq!((report.email.as_str(), report.proof.as_str()), ("typo@readers.example", "token"));
    assert_eq!((report.digest, report.number), (None, None), "it is of no issue");
    let sent = desk.server.count();
    desk.house.wait(Span::new().hours(48));
    ask("typo@readers.example").await;
    assert_eq!(desk.server.count(), sent);
}

#[tokio::test]
async fn a_bounce_counts_for_the_issue_that_it_is_of_also_after_its_reader_changed_cadence() {
    let desk = Desk::new().await;
    join(&desk.app, FRIDAY, ANN).await;
    desk.issue(FRIDAY, 1).await;
    let stored =
        subscribers::by_email(&desk.app.db, FRIDAY, &EmailAddress::parse(ANN).unwrap()).await.unwrap().unwrap();
    let choice = Choice { digest: FRIDAY, cadence: Some("weekly") };
    subscribe::choose(&desk.app, &desk.app.tokens.leave(stored.subscriber.id), &[choice]).await.unwrap().unwrap();
    desk.bounce("5.2.2", "552 5.2.2 Mailbox full").await;
    let report = desk.newest_report().await;
    assert_eq!((report.digest.unwrap().as_str(), report.number), (FRIDAY, Some(1)));
    assert!(report.effect.contains("1 of 2"), "{}", report.effect);
    // The next one that she gets is of the other stream: two in a row.
    desk.issue(WEEKLY, 2).await;
    desk.bounce("5.2.2", "552 5.2.2 Mailbox full").await;
    let report = desk.newest_report().await;
    assert_eq!((report.digest.unwrap().as_str(), report.number), (WEEKLY, Some(1)));
    assert_eq!(desk.state(ANN).await, SubscriberState::Blocked, "{}", report.effect);
    // Both issues have the number 1, and so one return path: a late report of the first tells by its Message-ID.
    let first = desk.server.kept().remove(0);
    let id = format!("Message-ID: {}\n", header(&first.body, "Message-ID").unwrap());
    desk.bounce_of(&first, "4.4.1", "450 4.4.1 given up", &id).await;
    let report = desk.newest_report().await;
    assert_eq!((report.digest.unwrap().as_str(), report.number), (FRIDAY, Some(1)));
}

#[test]
fn what_came_back_of_an_issue_stands_beside_its_deliveries_for_the_shell_and_at_the_desk() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let desk = runtime.block_on(async {
        let desk = Desk::new().await;
        for address in ["ben@readers.example", ANN] {
            join(&desk.app, FRIDAY, address).await;
        }
        desk.issue(FRIDAY, 1).await;
        desk.bounce("5.2.2", "552 5.2.2 Mailbox full").await;
        desk
    });
    let bounced = desk.server.kept().pop().unwrap().to;
    let listed = desk.house.run(&["deliveries", FRIDAY, "1"]).done().out;
    assert!(listed.contains("2 recipients = 2 sent"), "it was sent: {listed}");
    assert!(listed.contains("came back: soft  552 5.2.2 Mailbox full"), "{listed}");
    assert!(listed.contains("came back: 1 soft (pullquote bounces list --digest friday --issue 1)"), "{listed}");
    let only = desk.house.run(&["deliveries", FRIDAY, "1", "--came-back", "--json"]).done().json();
    assert_eq!((only.len(), &only[0]["email"]), (1, &bounced.as_str().into()));
    assert_eq!(only[0]["came_back"][0]["kind"], "soft");
    let reports = desk.house.run(&["bounces", "list", "--digest", FRIDAY, "--issue", "1", "--json"]).done().json();
    assert_eq!(reports.len(), 1);
    assert!(
        desk.house.run(&["bounces", "list", "--digest", FRIDAY, "--issue", "2", "--json"]).done().json().is_empty()
    );
    assert_eq!(desk.house.run(&["bounces", "list", "--issue", "2"]).code, 2, "of which digest?");

    runtime.block_on(async {
        let door = Door::open(&desk.app).await;
        let login = door.post("/admin/login", &[("secret", "open-sesame")]).await;
        let cookie = login.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let page = door.ask("GET", "/admin/d/friday/1", &[("cookie", &cookie)], "").await.body;
        let read = seen(&page);
        assert!(read.contains("What came back") && read.contains("1 soft"), "{read}");
        assert!(read.contains("came back: soft") && read.contains("552 5.2.2 Mailbox full"), "{read}");
        let id = desk.newest_report().await.id;
        assert!(page.contains(&format!("/admin/bounces/{id}")), "{page}");
    });
}
