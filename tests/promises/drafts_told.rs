//! The promise: whoever is to approve hears of it, through failures and crashes; wherever a decision is made, it is about
//! the draft that was looked at; and nothing is decided by opening a link.

use std::{process::Stdio, sync::Arc};

use jiff::{SignedDuration, Span};
use pullquote::{
    app::{App, drafts},
    model::{
        Draft,
        draft::{DraftMailState, DraftState},
    },
    schedule::run_due,
    store::issues,
};
use serde_json::json;

use crate::{
    drafts::{DIGEST, EVE, waiting},
    house::{Door, FRIDAY, House, collect_all, count, header, nth, parts, seen, subscribe, tick},
    smtp::{At, Fault, Manner, SmtpServer, Trouble},
};

const PASSWORD: &str = "correct horse";
const TOKEN: &str = "a-token-of-sixteen-or-more";

/// A house whose digest waits for Eve, with two reviews.
fn house() -> House {
    let mut house = House::club();
    house.set("ADMIN__PASSWORD", PASSWORD);
    house.set("API__TOKEN", TOKEN);
    house.digest(FRIDAY, DIGEST);
    (0..2).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    house
}

/// The house with a draft that waits, its mail sent.
async fn with_draft() -> (House, Arc<App>, Draft) {
    let house = house();
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    house.go_to("2026-11-23T08:00:00Z");
    tick(&app).await;
    let draft = waiting(&app).await;
    (house, app, draft)
}

async fn issues_made(app: &App) -> usize {
    issues::newest(&app.db, None, 100).await.unwrap().len()
}

#[tokio::test]
async fn a_mail_that_is_put_off_is_tried_again_and_said_to_be_until_it_is_out() {
    let trouble = vec![Trouble::always(At::Rcpt, Fault::Refuse("450 4.2.1 mailbox busy"))];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let mut house = house();
    house.set("SMTP__URL", &server.url("smtp", "", ""));
    let app = house.open().await;
    house.go_to("2026-11-23T08:00:00Z");
    tick(&app).await;
    let door = Door::open(&app).await;
    let cookie = login(&door).await;
    for _ in 0..3 {
        let mail = waiting(&app).await.mail;
        assert_eq!((mail.state, server.count()), (DraftMailState::Due, 0));
        for page in ["/admin", "/admin/drafts", &format!("/admin/drafts/{}", waiting(&app).await.id)] {
            let page = seen(&door.ask("GET", page, &[("cookie", &cookie)], "").await.body);
            assert!(page.contains("the mail to eve@example.org is not out yet: 450 4.2.1 mailbox busy"), "{page}");
        }
        house.wait(Span::new().seconds(30));
        tick(&app).await;
        assert_eq!(waiting(&app).await.mail.tries, mail.tries, "it is not tried before its time");
        house.clock.set(mail.at);
        tick(&app).await;
        assert_eq!(waiting(&app).await.mail.tries, mail.tries + 1);
    }
    let listed = house.run(&["drafts"]).done().out;
    assert!(listed.contains("is not out yet: 450 4.2.1 mailbox busy"), "{listed}");
    server.mend();
    house.clock.set(waiting(&app).await.mail.at);
    tick(&app).await;
    tick(&app).await;
    assert_eq!((server.kept_for(EVE), waiting(&app).await.mail.state), (1, DraftMailState::Sent));
    let kept = &server.kept()[0].body;
    assert_eq!(header(kept, "To").unwrap(), EVE);
    assert_eq!(header(kept, "From").unwrap(), "\"Film Club\" <digest@example.org>");
    assert!(parts(kept).1.contains("Go to the desk and decide"));
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_not_tried_again_and_the_draft_waits_at_the_desk() {
    let trouble = vec![Trouble::always(At::Rcpt, Fault::Refuse("550 5.1.1 no such user"))];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let mut house = house();
    house.set("SMTP__URL", &server.url("smtp", "", ""));
    let app = house.open().await;
    house.go_to("2026-11-23T08:00:00Z");
    tick(&app).await;
    for _ in 0..3 {
        house.wait(Span::new().hours(2));
        tick(&app).await;
    }
    let draft = waiting(&app).await;
    assert_eq!((draft.mail.state, draft.mail.tries), (DraftMailState::Failed, 1));
    let check = house.run(&["check", "--offline"]);
    assert!(check.code == 1 && check.out.contains("did not go out, and is not tried again: 550 5.1.1"), "{check:?}");
    drafts::approve(&app, &draft.id, "a test").await.unwrap();
}

#[tokio::test]
async fn a_crash_between_the_draft_and_its_mail_or_within_it_loses_neither_and_doubles_neither() {
    let server = SmtpServer::start(Manner::default()).await;
    let mut house = house();
    house.set("SMTP__URL", &server.url("smtp", "", ""));
    let app = house.open().await;
    collect_all(&app).await;
    house.go_to("2026-11-23T08:00:00Z");
    // Stored, and then nothing more of that process.
    let (digest, editor) = (app.digest(FRIDAY).unwrap(), EVE.parse_address());
    drafts::at_slot(&app, &digest, &editor, (house.now(), None)).await.unwrap();
    drop(app);
    let app = house.open().await;
    tick(&app).await;
    assert_eq!((server.kept_for(EVE), drafts::list(&app, None, true).await.unwrap().len()), (1, 1));

    // The next day's process dies while the server has not answered yet.
    server.trouble(vec![Trouble::once(At::Body, Fault::Stall)]);
    house.write("club/2.md", &nth(2));
    house.go_to("2026-11-24T08:00:00Z");
    let dying = {
        let app = Arc::clone(&app);
        tokio::spawn(async move { run_due::run_due(&app).await.map(|_| ()) })
    };
    server.struck(1).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    let app = house.open().await;
    tick(&app).await;
    assert_eq!(server.kept_for(EVE), 1, "another process may still hold it");
    house.wait(Span::new().minutes(15));
    for _ in 0..2 {
        tick(&app).await;
    }
    assert_eq!((server.kept_for(EVE), waiting(&app).await.mail.state), (2, DraftMailState::Sent));
    assert_eq!(drafts::list(&app, None, true).await.unwrap().len(), 2);
}

/// An address out of a constant.
trait ParseAddress {
    fn parse_address(&self) -> pullquote::model::EmailAddress;
}

impl ParseAddress for str {
    fn parse_address(&self) -> pullquote::model::EmailAddress {
        pullquote::model::EmailAddress::parse(self).unwrap()
    }
}

#[tokio::test]
async fn a_process_that_is_killed_while_it_mails_leaves_the_draft_and_the_next_one_mails_it() {
    let server =
        SmtpServer::start(Manner { trouble: vec![Trouble::once(At::Body, Fault::Stall)], ..Manner::default() }).await;
    let mut house = house();
    house.set("SMTP__URL", &server.url("smtp", "", ""));
    house.digest(FRIDAY, &DIGEST.replace("every day at 08:00", "* * * * *"));
    // Known since some minutes, so that a slot is due at once.
    house.clock.set(jiff::Timestamp::now() - SignedDuration::from_mins(5));
    let app = house.open().await;
    let start = || {
        let mut command = house.command(&["serve", "--only", "schedule"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut process = start();
    server.struck(1).await;
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(server.count(), 0);
    let draft = waiting(&app).await;
    assert_eq!((draft.mail.state, draft.mail.tries), (DraftMailState::Due, 1));
    // As if the quarter of an hour had passed in which it counts as held, and no further slot came.
    house.digest(FRIDAY, &DIGEST.replace("every day at 08:00", "0 0 1 1 *"));
    house.sql().await.run("update drafts set mail_at = 0".to_owned()).await;
    let mut process = start();
    server.taken(1).await;
    process.kill().unwrap();
    process.wait().unwrap();
    let mails = server.kept();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, EVE));
    assert!(mails[0].body.contains(&format!("draft.{}@example.org", draft.id)));
}

async fn login(door: &Door) -> String {
    let answer = door.post("/admin/login", &[("secret", PASSWORD)]).await;
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn the_desk_shows_a_draft_as_it_will_be_sent_and_decides_only_by_its_own_form() {
    let (house, app, draft) = with_draft().await;
    let door = Door::open(&app).await;
    let path = format!("/admin/drafts/{}", draft.id);
    // Whoever comes by the mail signs in and is back at the draft.
    let answer = door.get(&path).await;
    let to = answer.header("location").unwrap().to_owned();
    assert_eq!((answer.status, to), (303, format!("/admin/login?draft={}", draft.id)));
    let form = door.get(&format!("/admin/login?draft={}", draft.id)).await.body;
    let entered = door.post("/admin/login", &[("secret", PASSWORD), ("draft", hidden(&form, "draft"))]).await;
    assert_eq!(entered.header("location"), Some(path.as_str()));
    let cookie = entered.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let cookie = [("cookie", cookie.as_str())];

    let page = door.ask("GET", &path, &cookie, "").await.body;
    let framed = page.split("srcdoc=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(seen(&seen(framed)).contains("Friday Reviews Two reviews of two works"), "{}", seen(&seen(framed)));
    for words in ["Approve, and send to 1 subscriber", "Compose anew", "Discard", "mailed to eve@example.org"] {
        assert!(seen(&page).contains(words), "{words}: {}", seen(&page));
    }
    for path in ["/admin", "/admin/drafts"] {
        let list = door.ask("GET", path, &cookie, "").await.body;
        assert!(list.contains(&format!("href=\"/admin/drafts/{}\"", draft.id)), "{list}");
    }
    for path in [path.clone(), format!("{path}?act=approve")] {
        door.ask("GET", &path, &cookie, "").await;
    }
    for csrf in [None, Some("0123")] {
        let fields: Vec<_> = [("act", "approve")].into_iter().chain(csrf.map(|csrf| ("csrf", csrf))).collect();
        assert_eq!(door.post_as(&path, &cookie, &fields).await.status, 403, "{csrf:?}");
    }
    assert_eq!(issues_made(&app).await, 0);

    let csrf = hidden(&page, "csrf");
    house.write("club/2.md", &nth(2));
    house.wait(Span::new().minutes(5));
    let again = door.post_as(&path, &cookie, &[("csrf", csrf), ("act", "again")]).await;
    let fresh = waiting(&app).await;
    let fresh_path = format!("/admin/drafts/{}", fresh.id);
    assert_eq!((again.status, again.header("location")), (303, Some(fresh_path.as_str())));
    // The old page is still open somewhere: its button is about the old draft.
    let late = door.post_as(&path, &cookie, &[("csrf", csrf), ("act", "approve")]).await;
    assert!(
        seen(&late.body).contains("Not done: it is replaced. A newer draft took its place"),
        "{}",
        seen(&late.body)
    );
    assert_eq!((issues_made(&app).await, count(&late.body, "name=\"act\"")), (0, 0));
    let done = door.post_as(&fresh_path, &cookie, &[("csrf", csrf), ("act", "approve")]).await.body;
    assert!(seen(&done).contains("Issue #1 is frozen and goes out to 1 recipient."), "{}", seen(&done));
    assert!(done.contains("href=\"/admin/d/friday/1\""));
    let twice = door.post_as(&fresh_path, &cookie, &[("csrf", csrf), ("act", "approve")]).await.body;
    assert!(seen(&twice).contains("It was approved before, as issue #1."), "{}", seen(&twice));
    assert_eq!(issues::get(&app.db, FRIDAY, 1).await.unwrap().unwrap().issue, fresh.issue);
    let list = seen(&door.ask("GET", "/admin/drafts", &cookie, "").await.body);
    assert!(list.contains("approved by desk") && list.contains("replaced by desk"), "{list}");
    assert_eq!(door.ask("GET", "/admin/drafts/nothing", &cookie, "").await.status, 404);
}

#[tokio::test]
async fn the_api_lists_shows_and_decides_with_the_token_alone() {
    let (_house, app, draft) = with_draft().await;
    let door = Door::open(&app).await;
    let bearer = format!("Bearer {TOKEN}");
    let ask = async |method: &str, path: &str| {
        let answer = door.ask(method, path, &[("authorization", &bearer)], "").await;
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"));
        (answer.status, body)
    };
    let path = format!("/api/drafts/{}", draft.id);
    for path in ["/api/drafts", &path, &format!("{path}/approve")] {
        let method = if path.ends_with("approve") { "POST" } else { "GET" };
        assert_eq!(door.ask(method, path, &[], "").await.status, 401, "{path}");
    }
    assert_eq!(door.ask("GET", &format!("{path}/approve"), &[("authorization", &bearer)], "").await.status, 405);
    let (status, listed) = ask("GET", "/api/drafts?digest=friday").await;
    assert_eq!((status, listed.as_array().unwrap().len()), (200, 1));
    let expected = json!({
        "id": draft.id, "digest": "friday", "number": 1, "subject": draft.issue.subject, "reviews": 2,
        "due_at": "2026-11-23T08:00:00Z", "composed_at": "2026-11-23T08:00:00Z",
        "window": ["2026-11-22T12:00:00Z", draft.issue.window.until], "state": "waiting",
        "decided_at": null, "decided_by": null,
        "mail": {"to": EVE, "state": "sent", "at": "2026-11-23T08:00:00Z", "tries": 1, "reply": draft.mail.reply},
        "url": format!("https://reviews.example.org/admin/drafts/{}", draft.id),
    });
    assert_eq!(listed[0], expected);
    assert_eq!(ask("GET", "/api/drafts?digest=other").await.1, json!([]));
    let (_, shown) = ask("GET", &path).await;
    assert_eq!(shown["issue"]["works"].as_array().unwrap().len(), 2);
    let health: serde_json::Value = serde_json::from_str(&door.get("/health").await.body).unwrap();
    assert_eq!(health["drafts"], 1);

    let (status, fresh) = ask("POST", &format!("{path}/again")).await;
    assert_eq!((status, &fresh["state"]), (201, &json!("waiting")));
    let (status, refused) = ask("POST", &format!("{path}/discard")).await;
    assert!(status == 409 && refused["error"].as_str().unwrap().contains("is replaced"), "{refused}");
    let path = format!("/api/drafts/{}", fresh["id"].as_str().unwrap());
    assert_eq!(ask("POST", &format!("{path}/frame")).await.0, 404);
    assert_eq!(ask("POST", "/api/drafts/nothing/approve").await.0, 404);
    let url = "https://reviews.example.org/d/friday/1";
    let (status, made) = ask("POST", &format!("{path}/approve")).await;
    assert_eq!((status, made), (201, json!({"digest": "friday", "number": 1, "recipients": 1, "url": url})));
    let (status, repeated) = ask("POST", &format!("{path}/approve")).await;
    assert_eq!((status, repeated), (200, json!({"digest": "friday", "number": 1, "url": url, "repeated": true})));
    assert_eq!(ask("GET", "/api/drafts").await.1, json!([]));
    let (_, all) = ask("GET", "/api/drafts?all=1").await;
    assert_eq!((all.as_array().unwrap().len(), &all[0]["decided_by"]), (2, &json!("API")));
    assert!(!door.get("/health").await.body.contains("drafts"));
}

#[tokio::test]
async fn the_shell_lists_shows_and_decides_and_other_commands_tell_of_a_draft() {
    let (house, app, draft) = with_draft().await;
    let ran = house.run(&["drafts"]).done().out;
    assert!(ran.contains(&format!("{}  friday #1  waiting", draft.id)), "{ran}");
    assert_eq!(house.run(&["drafts", "friday", "--json"]).done().json()[0]["id"], json!(draft.id));
    assert!(house.run(&["drafts", "fridy"]).err.contains("did you mean `friday`?"));
    let ran = house.run(&["drafts", "show", &draft.id]).done().out;
    assert!(ran.contains("Harbour") && ran.contains("Ann Walker"), "{ran}");
    house.run(&["drafts", "show", &draft.id, "--format", "html", "-o", "shown.html"]).done();
    let preview = house.run(&["preview", FRIDAY, "--format", "html"]).done().out;
    let shown = std::fs::read_to_string(house.path("shown.html")).unwrap();
    // But for its date, the preview is of the same issue.
    assert_eq!(count(&shown, "<blockquote"), count(&preview, "<blockquote"));
    let why = house.run(&["why", "club/0.md"]).done().out;
    let words = format!("friday: in the draft {} of #1, which waits for approval: quoted.", draft.id);
    assert!(why.contains(&words) && why.contains("the next issue may take it, as news"), "{why}");
    let check = house.run(&["check", "--offline"]).out;
    assert!(check.contains("waits for the approval of eve@example.org"), "{check}");

    let ran = house.run(&["drafts", "again", &draft.id]).done();
    let fresh = waiting(&app).await;
    assert!(ran.out.contains(&fresh.id) && ran.err.contains("mails it to eve@example.org"), "{ran:?}");
    for verb in ["approve", "discard", "again"] {
        let ran = house.run(&["drafts", verb, &draft.id]);
        assert!(ran.code == 1 && ran.err.contains("is replaced"), "{ran:?}");
    }
    let ran = house.run(&["drafts", "approve", &fresh.id]).done().out;
    assert!(ran.contains("friday #1 is frozen for 1 recipient."), "{ran}");
    assert_eq!(house.mails_to("ann@example.org").len(), 1);
    assert!(house.run(&["drafts", "approve", &fresh.id]).done().out.contains("approved before, as friday #1"));
    assert_eq!(house.run(&["drafts"]).done().out, "");
    let all = house.run(&["drafts", "--all", "--json"]).done().json();
    assert_eq!((all.len(), &all[0]["state"], &all[0]["decided_by"]), (2, &json!("approved"), &json!("command line")));
    assert_eq!(house.run(&["drafts", "approve"]).code, 2);
    assert_eq!(house.run(&["drafts", "discard", "nothing"]).code, 1);
    assert_eq!(drafts::find(&app, &fresh.id).await.unwrap().state, DraftState::Approved);
}

#[test]
fn a_digest_file_says_who_approves_and_every_mistake_in_it_is_named_with_its_line() {
    let house = house();
    for (line, wrong) in [
        ("approve = \"nobody\"", "friday.toml:4: approve: `nobody` is not a mail address"),
        ("approve = \"a@b.example, c@d.example\"", "friday.toml:4: approve: "),
        ("approve = true", "friday.toml:4: approve: must be a text in quotes"),
        ("aprove = \"eve@example.org\"", "friday.toml:4: aprove: unknown key; did you mean `approve`?"),
    ] {
        house.digest(FRIDAY, &DIGEST.replace("approve = \"eve@example.org\"", line));
        let ran = house.run(&["check", "--offline"]);
        assert!(ran.code == 1 && ran.err.contains(wrong), "{ran:?}");
    }
    let silent = DIGEST.split("[email]").next().unwrap();
    house.digest(FRIDAY, silent);
    assert!(house.run(&["check", "--offline"]).err.contains("friday.toml:4: approve: needs an [email] section"));
    house.digest(FRIDAY, &DIGEST.replace("schedule = \"every day at 08:00\"", ""));
    assert!(house.run(&["check", "--offline"]).err.contains("friday.toml:4: approve: needs a `schedule`"));
}
