//! The promise: the preview of the next issue and the issue that is sent at that time are equal byte for byte, in every
//! form, but for the links of the recipient.
//!
//! Once with the clock in hand, where nothing but those links may differ; once through the built command and the site it
//! serves, whose clock is the system's: there the moment differs too, and what is derived from it.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
};

use pullquote::{
    app::{
        compose::{self, Wish},
        rendering::{Format, render},
    },
    render::mail::TOKEN_PLACEHOLDER,
};
use regex::Regex;

use crate::house::{CLUB, Door, FRIDAY, House, collect_all, deliver, header, nth, parts, subscribe, tick};

/// A preview of a mail is written for this address.
const READER: &str = "subscriber@example.org";

fn house_of_six() -> House {
    let house = House::club();
    house.digest(FRIDAY, &format!("{CLUB}[select]\nmaximum = 4\n"));
    for n in 0..6 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    house
}

/// A mail with what is a recipient's own made the same: the token, which a soft line break may run through, and the
/// Message-ID, which is derived from it.
fn anonymous(mail: &str, token: &str) -> String {
    let whole = mail.replace("=\r\n", "").replace(token, TOKEN_PLACEHOLDER);
    let id = header(mail, "Message-ID").unwrap();
    whole.replace(&id, "<id>")
}

/// The token in the links of a mail.
fn token_of(mail: &str) -> String {
    let link = header(mail, "List-Unsubscribe").unwrap();
    link.split('>').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// The issue on its page: around it stand the other issues and a form.
fn article(page: &str) -> &str {
    let whole = page.split_once("<article>").and_then(|(_, rest)| rest.split_once("</article>"));
    whole.expect("a page without an issue").0
}

/// A part of a mail as a preview writes it.
fn plain(part: &str, token: &str) -> String {
    part.replace("\r\n", "\n").replace(token, TOKEN_PLACEHOLDER).trim_end().to_owned()
}

#[tokio::test]
async fn every_form_of_the_preview_at_the_slot_is_what_the_slot_makes() {
    let house = house_of_six();
    let app = house.open().await;
    subscribe(&app, FRIDAY, READER).await;
    house.go_to("2026-11-27T08:00:00Z");
    collect_all(&app).await;
    let digest = app.digest(FRIDAY).unwrap();
    let outcome = compose::preview(&app, &digest, &Wish::default()).await.unwrap();
    let issue = compose::issue_or_why(&digest, outcome).unwrap();
    let preview = |form| String::from_utf8(render(&app, &digest, &issue, form).unwrap()).unwrap();
    let seen: BTreeMap<&str, String> = Format::ALL.iter().map(|form| (form.as_str(), preview(*form))).collect();

    assert_eq!(tick(&app).await, 1, "the slot of that very moment");
    let stored = pullquote::store::issues::get(&app.db, FRIDAY, 1).await.unwrap().unwrap().issue;
    deliver(&app, &stored).await;
    let mail = house.mails_to(READER).remove(0);
    let token = token_of(&mail);
    let (text, html) = parts(&mail);
    assert_eq!(plain(&text, &token), seen["text"].trim_end());
    assert_eq!(plain(&html, &token), seen["html"].trim_end());
    assert_eq!(anonymous(&mail, &token), anonymous(&seen["eml"], TOKEN_PLACEHOLDER));
    let sent = |form| String::from_utf8(render(&app, &digest, &stored, form).unwrap()).unwrap();
    assert_eq!(sent(Format::Json), seen["json"]);
    // A later process serves what was previewed.
    let door = Door::open(&house.open().await).await;
    assert_eq!(article(&door.get("/d/friday/1").await.body), article(&seen["page"]));
    for (path, form) in [("feed.xml", "rss"), ("atom.xml", "atom"), ("feed.json", "jsonfeed")] {
        assert!(door.get(&format!("/d/friday/{path}")).await.body == seen[form], "{form}");
    }
}

/// What a form shows with everything that follows from the moment of composing made the same: times to the second and
/// finer, and the boundary of a mail, which is derived from the whole issue. The day stays.
fn timeless(form: &str) -> String {
    const MOMENTS: [(&str, &str); 3] = [
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "<moment>"),
        (r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})", "<moment>"),
        (r"=_[0-9a-f]{15,}", "<boundary>"),
    ];
    MOMENTS.iter().fold(form.to_owned(), |form, (pattern, mark)| {
        Regex::new(pattern).unwrap().replace_all(&form, *mark).into_owned()
    })
}

/// What `serve` answers at some paths.
fn served(house: &House, paths: &[&str]) -> Vec<String> {
    let mut command = house.command(&["serve", "--only", "web"]);
    command.envs([("PULLQUOTE__LISTEN", "127.0.0.1:0"), ("PULLQUOTE__LOG__FORMAT", "json")]);
    let mut server = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
    let line = log.find(|line| line.contains("\"serving\"")).unwrap();
    let port: String = line.split("127.0.0.1:").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
    let get = |path: &&str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    };
    let bodies = paths.iter().map(get).collect();
    server.kill().unwrap();
    server.wait().unwrap();
    bodies
}

fn today() -> String {
    jiff::Timestamp::now().strftime("%F").to_string()
}

/// Whether it was one day all along: an issue carries its date.
fn preview_and_send_by_command() -> bool {
    let house = house_of_six();
    house.run(&["subscribers", "add", FRIDAY, READER]).done();
    house.run(&["collect"]).done();
    let day = today();
    let preview = |form: &str| house.run(&["preview", FRIDAY, "--format", form]).done().out;
    let forms = ["html", "text", "eml", "page", "rss", "atom", "jsonfeed", "json"];
    let seen: BTreeMap<&str, String> = forms.into_iter().map(|form| (form, preview(form))).collect();
    house.run(&["send", FRIDAY, "--yes", "-o", "sent.json"]).done();
    if today() != day {
        return false;
    }
    let mail = house.mails_to(READER).remove(0);
    let token = token_of(&mail);
    let (text, html) = parts(&mail);
    let paths = ["/d/friday/1", "/d/friday/feed.xml", "/d/friday/atom.xml", "/d/friday/feed.json"];
    let [page, rss, atom, json_feed] = <[String; 4]>::try_from(served(&house, &paths)).unwrap();
    let issue = std::fs::read_to_string(house.path("sent.json")).unwrap();
    assert_eq!(plain(&text, &token), seen["text"].trim_end());
    assert_eq!(plain(&html, &token), seen["html"].trim_end());
    let eml = timeless(&anonymous(&mail, &token));
    assert_eq!(eml, timeless(&anonymous(&seen["eml"], TOKEN_PLACEHOLDER)));
    assert_eq!(article(&page), article(&seen["page"]));
    for (form, sent) in [("rss", rss), ("atom", atom), ("jsonfeed", json_feed), ("json", issue)] {
        assert!(timeless(&sent) == timeless(&seen[form]), "{form}:\n{sent}\n{}", seen[form]);
    }
    true
}

#[test]
fn every_form_that_the_command_previews_is_what_is_sent_and_served() {
    // Twice at most: midnight comes once a day.
    assert!(preview_and_send_by_command() || preview_and_send_by_command());
}
