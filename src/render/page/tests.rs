//! The promises of the pages.

use super::*;
use crate::{
    model::{Books, DeliveryState, Issue},
    render::{fixture, view::IssueView},
};

fn meta() -> FeedMeta {
    FeedMeta::from(&fixture::issue())
}

fn form() -> SubscribeForm {
    let friday = DigestChoice {
        name: "friday-reviews".into(),
        title: "Friday Reviews".into(),
        chosen: true,
        cadences: Vec::new(),
    };
    SubscribeForm::new(&fixture::site(), vec![friday])
}

fn two_choices() -> Vec<DigestChoice> {
    let cadence = |name: &str, rhythm: &str, chosen| CadenceChoice { name: name.into(), rhythm: rhythm.into(), chosen };
    let two =
        vec![cadence("", "every Friday at 08:00", false), cadence("monthly", "the 1st of the month at 08:00", true)];
    let choice = |name: &str, title: &str, chosen, cadences| DigestChoice {
        name: name.into(),
        title: title.into(),
        chosen,
        cadences,
    };
    vec![choice("friday-reviews", "Friday Reviews", true, two), choice("books", "The <Book> Post", false, Vec::new())]
}

/// Three issues, newest first; the oldest alone has a fourth review of the film.
fn issues() -> Vec<Issue> {
    let mut issues: Vec<Issue> = (0..3).map(|back| Issue { number: 12 - back, ..fixture::issue() }).collect();
    let mut late = fixture::review("tide-4", "N. Old", "Attic", "I saw it early and I see it still.");
    late.rating = issues[0].works[0].reviews[0].rating.clone();
    issues[2].works[0].reviews.push(late);
    issues
}

fn reading() -> Vec<(&'static str, String)> {
    let (site, issue) = (fixture::site(), fixture::issue());
    let link = issue_link(&issue, &site);
    let card = |title: &str, latest| DigestCard {
        title: title.into(),
        description: issue.description.clone(),
        rhythm: "every Friday at 08:00".into(),
        url: site.digest(&issue.digest).path().into(),
        latest,
    };
    let home = Home {
        shell: Shell::public(&site, "Pullquote", site.home()).of_digest(&meta()),
        digests: vec![card("Friday Reviews", Some(link)), card("The <Book> Post", None)],
    };
    let issues = issues();
    let digest = DigestPage::new(&meta(), "every Friday at 08:00", &issues, Some(form()), &site);
    let issue_page = IssuePage::new(&issue, 13, Some(form()), &site);
    let work_page = WorkPage::new("the-tide-keeper-2025", &issues, &site).unwrap();
    vec![
        ("home", html(&home).unwrap()),
        ("digest", html(&digest).unwrap()),
        ("issue", html(&issue_page).unwrap()),
        ("work", html(&work_page).unwrap()),
    ]
}

fn acting() -> Vec<(&'static str, String)> {
    let site = fixture::site();
    let shell = |title: &str| Shell::private(&site, title);
    let mut wrong = form();
    wrong.digests = two_choices();
    wrong.email = "\"><script>".into();
    wrong.error = Some("This is not a mail address: it needs the form name@domain.example.".into());
    let preferences = Preferences {
        shell: shell("What you get"),
        email: "zoe@example.net".into(),
        action: "/preferences/x".into(),
        digests: two_choices(),
        saved: true,
    };
    vec![
        ("subscribe", html(&Subscribe { shell: shell("Subscribe"), form: wrong }).unwrap()),
        ("preferences", html(&preferences).unwrap()),
        ("sent", html(&Notice::subscribe_sent(&site)).unwrap()),
        ("confirm", html(&Act::confirm(&site, "t0ken", "Friday Reviews")).unwrap()),
        ("confirmed", html(&Notice::confirmed(&site, "Friday Reviews")).unwrap()),
        ("unsubscribe", html(&Act::unsubscribe(&site, "t0ken", "Friday Reviews")).unwrap()),
        ("left", html(&Notice::left(&site, "Friday Reviews")).unwrap()),
        ("error", html(&Notice::error(&site, 404, "The address may be mistyped.")).unwrap()),
        (
            "login",
            html(&Login { shell: shell("Sign in"), error: Some("Wrong.".into()), draft: Some("0a1b".into()) }).unwrap(),
        ),
    ]
}

fn row() -> AdminIssueRow {
    let books = Books { recipients: 1204, sent: 1190, failed: 3, excluded: 8, uncertain: 1, waiting: 2 };
    let issue = fixture::issue();
    let digest = issue.digest.to_string();
    AdminIssueRow { digest, number: 12, subject: issue.subject, date: "2026-11-20 08:00 CET".into(), books }
}

fn draft_row() -> AdminDraftRow {
    AdminDraftRow {
        id: "0a1b2c3d4e5f".into(),
        digest: "friday-reviews".into(),
        number: 13,
        subject: fixture::issue().subject,
        composed: "2026-11-27 08:00 CET".into(),
        state: "waiting",
        decided: None,
        mail: "not mailed to eve@example.org yet".into(),
        trouble: Some("the mail to eve@example.org is not out yet: 451 <later>".into()),
    }
}

fn draft() -> AdminDraft {
    let mail = crate::render::mail::prepare(&fixture::issue(), &fixture::style(), &fixture::site()).unwrap();
    let control = |act, weighty| AdminControl { act, label: act.to_owned(), weighty };
    AdminDraft {
        shell: Shell::private(&fixture::site(), "A draft"),
        csrf: "c5rf".into(),
        notice: Some("Not yet.".into()),
        error: Some("Not done:\n  a review <b>changed</b>".into()),
        row: draft_row(),
        standing: "It waits for a decision.".into(),
        issue_url: Some("/admin/d/friday-reviews/13".into()),
        acts: vec![control("approve", false), control("again", true), control("discard", true)],
        html: Some(MailPage::framed(&mail.html(crate::render::mail::TOKEN_PLACEHOLDER))),
        text: Some(mail.text(crate::render::mail::TOKEN_PLACEHOLDER)),
    }
}

fn dashboard() -> Dashboard {
    let digest = AdminDigest {
        name: "friday-reviews".into(),
        title: "Friday Reviews".into(),
        url: "/d/friday-reviews".into(),
        schedule: "every Friday at 08:00".into(),
        next: Some("2026-11-27 08:00 CET".into()),
        last: Some("issue #12, on time".into()),
        subscribers: 1204,
        waiting: 9,
    };
    let source = |name: &str, error: Option<&str>| AdminSource {
        name: name.into(),
        place: "https://critics.example/feed.xml".into(),
        digests: "friday-reviews".into(),
        state: if error.is_some() { "failing" } else { "fine" },
        bad: error.is_some(),
        succeeded: Some("2026-11-20 07:58".into()),
        next: Some("2026-11-20 08:58".into()),
        error: error.map(str::to_owned),
        address: error.map(|_| "https://critics.example/new.xml".into()),
        hub: Some("active until 2026-11-29T07:58:00Z".into()),
        entries: 50,
        reviews: 41,
    };
    let review = |starred, quote: Option<&str>| AdminReview {
        id: "febb699377425f16".into(),
        title: "The Tide Keeper".into(),
        credit: "Maren Okafor, The Harbour Review".into(),
        rating: Some("★★★★½".into()),
        url: Some("https://critics.example/tide-1".into()),
        arrived: "2026-11-19 21:14 CET".into(),
        quote: quote.map(str::to_owned),
        starred,
    };
    let order = AdminOrder {
        id: 3,
        digest: "friday-reviews".into(),
        at: "Thu 2026-12-24 09:00 CET".into(),
        what: "2 picked reviews, the list".into(),
        note: Some("For the holidays.".into()),
        fate: "waits".into(),
        waits: true,
    };
    Dashboard {
        shell: Shell::private(&fixture::site(), "The desk"),
        csrf: "c5rf".into(),
        notice: Some("The review is starred.".into()),
        shown: Some(fixture::view()),
        drafts: vec![draft_row()],
        digests: vec![digest],
        issues: vec![row()],
        orders: vec![order],
        one_off: OneOff::default(),
        sources: vec![
            source("The Harbour Review", None),
            source("Slow Cinema Notes", Some("503 Service Unavailable; tried again in 2 h")),
        ],
        reviews: vec![review(true, Some("Nobody in this film raises a voice.")), review(false, None)],
    }
}

fn working() -> Vec<(&'static str, String)> {
    let site = fixture::site();
    let shell = |title: &str| Shell::private(&site, title);
    let delivery = |to: &str, state, reply: &str| AdminDelivery {
        id: "77".into(),
        to: to.into(),
        state,
        reply: reply.into(),
        at: "2026-11-20 08:00:12 CET".into(),
        attempts: 1,
        came_back: Vec::new(),
    };
    let came_back = AdminDelivery {
        came_back: vec![("complaint", "0f1e2d".into())],
        ..delivery("kim@example.net", DeliveryState::Sent, "250 2.0.0 queued")
    };
    let report = AdminReportRow {
        id: "0f1e2d".into(),
        at: "2026-11-21 09:30".into(),
        kind: "complaint",
        address: "kim@example.net".into(),
        issue: Some("friday-reviews #12".into()),
        words: "<b>abuse</b>".into(),
        effect: "blocked for every digest: it was called spam".into(),
    };
    let admin_issue = AdminIssue {
        shell: shell("Issue 12"),
        csrf: "c5rf".into(),
        notice: None,
        row: row(),
        url: "/d/friday-reviews/12".into(),
        controls: vec![AdminControl { act: "pause", label: "Pause".to_owned(), weighty: false }],
        deliveries: vec![
            delivery("ann@example.net", DeliveryState::Uncertain, "connection lost after the final dot"),
            delivery("ben@example.net", DeliveryState::Failed, "550 5.1.1 <script>no such user</script>"),
            delivery("zoe@example.net", DeliveryState::Sent, "250 2.0.0 queued"),
            came_back,
        ],
        hidden: 1200,
        came_back: "1 complaint".into(),
        reports: vec![report],
    };
    let admin_quote = AdminQuote {
        shell: shell("The quote of a review"),
        csrf: "c5rf".into(),
        notice: None,
        error: Some("Nothing was set: sentence 2 stands behind a spoiler mark".into()),
        id: "febb699377425f16".into(),
        title: "The Tide Keeper".into(),
        credit: "Maren Okafor, The Harbour Review".into(),
        quote: Some("Nobody in this film raises a voice.".into()),
        set: true,
        limit: 300,
        sentences: vec![
            AdminSentence { number: 1, text: "Nobody <raises> a voice.".into(), kept_back: None, ticked: true },
            AdminSentence {
                number: 2,
                text: "In the end the keeper leaves.".into(),
                kept_back: Some("stands behind a spoiler mark"),
                ticked: false,
            },
        ],
        spoilers_allowed: false,
        reason: "the \"quiet\" line".into(),
        by: "Ann".into(),
        decisions: vec![AdminDecision {
            at: "2026-11-20 08:00".into(),
            by: "Ann (desk)".into(),
            words: Some("Nobody in this film raises a voice.".into()),
            overruled: true,
            reason: Some("the trailer shows it".into()),
        }],
    };
    let mail = crate::render::mail::prepare(&fixture::issue(), &fixture::style(), &site).unwrap();
    let token = crate::render::mail::TOKEN_PLACEHOLDER;
    let mail_page = MailPage {
        shell: shell("Mail"),
        subject: mail.subject.clone(),
        headers: vec![("From".into(), mail.from.to_string()), ("Subject".into(), mail.subject.clone())],
        html: Some(MailPage::framed(&mail.html(token))),
        text: Some(mail.text(token)),
    };
    let entry = MailRow {
        url: "/mailbox/1".into(),
        from: "digest@example.org".into(),
        to: "zoe@example.net".into(),
        subject: mail.subject.clone(),
        at: "08:00:12".into(),
    };
    let (waiting, decided) = (vec![draft_row()], vec![draft_row()]);
    let drafts = AdminDrafts { shell: shell("Drafts"), csrf: "c5rf".into(), waiting, decided };
    vec![
        ("dashboard", html(&dashboard()).unwrap()),
        ("admin-issue", html(&admin_issue).unwrap()),
        ("admin-quote", html(&admin_quote).unwrap()),
        ("admin-draft", html(&draft()).unwrap()),
        ("admin-drafts", html(&drafts).unwrap()),
        ("mailbox", html(&Mailbox { shell: shell("Mailbox"), mails: vec![entry] }).unwrap()),
        ("mail", html(&mail_page).unwrap()),
    ]
}

fn every_page() -> Vec<(&'static str, String)> {
    [reading(), acting(), working()].concat()
}

/// A page without what its frame holds.
fn outside(page: &str) -> String {
    let Some((before, rest)) = page.split_once(" srcdoc=\"") else { return page.to_owned() };
    format!("{before}{}", rest.split_once('"').unwrap().1)
}

#[test]
fn every_page_says_its_language_title_and_landmarks() {
    for (name, page) in every_page() {
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{name}");
        let shell = outside(&page);
        for once in ["<title>", "<main ", "<h1", "<header class=\"site\">", "<footer class=\"site\">"] {
            assert_eq!(shell.matches(once).count(), 1, "{name}: {once}");
        }
    }
}

#[test]
fn every_page_reads_without_script_and_loads_one_style_sheet() {
    for (name, page) in every_page() {
        let shell = outside(&page);
        for forbidden in ["<script", "<img", "<link rel=\"preload", " onclick", " onload", " style=", "javascript:"] {
            assert!(!shell.contains(forbidden), "{name}: {forbidden}");
        }
        assert_eq!(shell.matches("rel=\"stylesheet\"").count(), 1, "{name}");
        assert!(shell.contains("<link rel=\"stylesheet\" href=\"/assets/style.css\">"), "{name}");
    }
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains("@font-face"));
}

#[test]
fn every_field_has_a_label_and_every_id_is_one() {
    for (name, page) in every_page() {
        let page = outside(&page);
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let unique: std::collections::HashSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        for field in ["<textarea id=\"", "<select id=\"", "<input id=\""] {
            for id in page.split(field).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(page.contains(&format!("for=\"{id}\"")), "{name}: {id}");
            }
        }
    }
}

#[test]
fn links_lead_to_the_web_or_below_the_site_only() {
    for (name, page) in every_page() {
        let page = outside(&page);
        for part in [" href=\"", " action=\""] {
            for url in page.split(part).skip(1).filter_map(|rest| rest.split('"').next()) {
                let fine = ["https://", "/", "#", "data:,"].iter().any(|start| url.starts_with(start));
                assert!(fine, "{name}: {url}");
            }
        }
    }
}

#[test]
fn personal_pages_are_kept_out_of_search_engines_and_referrers() {
    for (name, page) in [acting(), working()].concat() {
        assert!(page.contains("name=\"robots\" content=\"noindex\"") && page.contains("no-referrer"), "{name}");
    }
    for (name, page) in reading() {
        assert!(page.contains("rel=\"canonical\"") && !page.contains("noindex"), "{name}");
        assert_eq!(page.matches("<link rel=\"alternate\"").count(), 4, "{name}");
    }
}

#[test]
fn every_form_of_the_desk_carries_its_guard() {
    for (name, page) in working().into_iter().filter(|(name, _)| name.starts_with("dash") || name.starts_with("admin"))
    {
        let forms = page.matches("<form method=\"post\"").count();
        assert_eq!(page.matches("name=\"csrf\" value=\"c5rf\"").count(), forms, "{name}");
    }
}

#[test]
fn the_one_off_form_starts_as_a_dry_run() {
    let page = html(&dashboard()).unwrap();
    assert!(page.contains("name=\"dry_run\" value=\"on\" checked"));
}

#[test]
fn a_page_by_get_only_offers_a_form() {
    for (name, page) in acting().into_iter().filter(|(name, _)| matches!(*name, "confirm" | "unsubscribe")) {
        assert_eq!(page.matches("<form method=\"post\"").count(), 1, "{name}");
        assert!(page.contains("t0ken"), "{name}");
    }
}

#[test]
fn a_mails_html_is_kept_in_a_frame_that_runs_nothing() {
    let page = working().pop().unwrap().1;
    let frame = page.split("<iframe").nth(1).unwrap();
    assert!(frame.contains("sandbox=\"") && !frame.contains("allow-scripts") && !frame.contains("allow-same-origin"));
    assert!(!frame.contains("<table"), "the srcdoc attribute is escaped");
}

#[test]
fn the_issue_page_is_golden() {
    let (_, page) = reading().into_iter().find(|(name, _)| *name == "issue").unwrap();
    insta::assert_snapshot!(page);
}

#[test]
fn a_works_page_shows_each_review_once_in_its_newest_issue() {
    let page = WorkPage::new("the-tide-keeper-2025", &issues(), &fixture::site()).unwrap();
    let from: Vec<&str> = page.quotes.iter().map(|quote| quote.issue.label.as_str()).collect();
    assert_eq!(from, ["Friday Reviews #12", "Friday Reviews #12", "Friday Reviews #12", "Friday Reviews #10"]);
    assert_eq!(page.work.score.unwrap().text, "Four ratings from 40 to 90, mean 75 of 100");
    assert!(WorkPage::new("no-such-work", &issues(), &fixture::site()).is_none());
}

#[test]
fn an_issue_turns_to_its_neighbours_and_no_further() {
    let turn = |number, newest| {
        let issue = Issue { number, ..fixture::issue() };
        let page = IssuePage::new(&issue, newest, None, &fixture::site());
        (page.older.map(|link| link.label), page.newer.map(|link| link.label))
    };
    assert_eq!(turn(1, 1), (None, None));
    assert_eq!(turn(2, 3), (Some("Issue 1".into()), Some("Issue 3".into())));
}

#[test]
fn a_preview_without_form_or_neighbours_still_reads() {
    let shell = Shell::private(&fixture::site(), "Preview");
    let issue = IssueView::new(&fixture::issue(), &fixture::site());
    let page = html(&IssuePage { shell, issue, older: None, newer: None, form: None }).unwrap();
    assert!(!page.contains("<form") && page.contains("deafening"));
}

/// Not a promise but a tool: `cargo test --lib look -- --ignored` writes every page and the mail below
/// `target/pages`, to be opened in a browser.
#[test]
#[ignore = "writes files to be looked at"]
fn look() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("style.css"), STYLE).unwrap();
    let mail = crate::render::mail::prepare(&fixture::issue(), &fixture::style(), &fixture::site()).unwrap();
    let mail = ("issue-mail", mail.html(crate::render::mail::TOKEN_PLACEHOLDER));
    for (name, page) in every_page().into_iter().chain([mail]) {
        let page = page.replace("/assets/style.css", "style.css");
        std::fs::write(folder.join(format!("{name}.html")), page).unwrap();
    }
}
