//! The promise: only an editor can choose other sentences or overrule the spoiler gate, for one quote, on the record;
//! what is out stays as it is.

use jiff::Span;
use pullquote::{
    app::{
        App,
        compose::{self, Wish},
        quote::{self, Decider, Pick},
        why,
    },
    compose::Outcome,
    model::Issue,
    store::{issues, reviews},
};

use crate::house::{CLUB, Door, FRIDAY, House, collect_all, publish, review};

const BODY: &str = "Harbour Lights opens on a quiet quay. The photography is superb and the script is sharp, funny and \
    humane. The music is a delight from first to last. In the end she dies alone on the pier. Overall, this is a warm \
    and beautifully acted film that I would recommend to anyone.";
const MUSIC: &str = "The music is a delight from first to last.";
const DEATH: &str = "In the end she dies alone on the pier.";

fn harbour() -> House {
    let house = House::club();
    house.write("club/0.md", &review("Harbour Lights", "Ann Walker", "rating: 9/10\nlanguage: en", BODY));
    house
}

fn ann(reason: Option<&str>, spoilers_allowed: bool) -> Decider {
    Decider { by: "Ann".into(), reason: reason.map(String::from), spoilers_allowed }
}

async fn previewed(app: &App) -> Issue {
    match compose::preview(app, &app.digest(FRIDAY).unwrap(), &Wish::default()).await.unwrap() {
        Outcome::Issue(issue) => *issue,
        other => panic!("{other:?}"),
    }
}

fn words(issue: &Issue) -> &str {
    issue.works[0].reviews[0].quote.as_ref().unwrap().text()
}

async fn told(app: &App) -> String {
    why::why(app, "club/0.md").await.unwrap().remove(0).lines.join("\n")
}

#[tokio::test]
async fn sentences_set_by_hand_are_previewed_and_sent_and_on_the_record() {
    let house = harbour();
    let app = house.open().await;
    collect_all(&app).await;
    let chosen = words(&previewed(&app).await).to_owned();
    assert_ne!(chosen, MUSIC);
    quote::set(&app, "club/0.md", &Pick::Numbers(vec![3]), ann(Some("it is about the music"), false)).await.unwrap();
    let shown = previewed(&app).await;
    assert_eq!(words(&shown), MUSIC);
    assert_eq!(words(&publish(&app, FRIDAY).await), MUSIC);
    let told = told(&app).await;
    assert!(told.contains(&format!("Quote set by Ann on 2026-11-22T12:00:00Z: “{MUSIC}”.")), "{told}");
    assert!(told.contains("Reason: it is about the music"), "{told}");
}

#[tokio::test]
async fn a_spoiler_needs_an_overrule_with_a_reason_and_holds_for_that_quote_alone() {
    let house = harbour();
    let app = house.open().await;
    collect_all(&app).await;
    let death = Pick::Numbers(vec![4]);
    let refused = quote::set(&app, "club/0.md", &death, ann(None, false)).await.unwrap_err().to_string();
    assert!(refused.contains("sentence 4 may give away an outcome") && refused.contains("overrule"), "{refused}");
    let refused = quote::set(&app, "club/0.md", &death, ann(None, true)).await.unwrap_err().to_string();
    assert!(refused.contains("takes a reason"), "{refused}");
    assert!(!told(&app).await.contains("Quote set"));
    quote::set(&app, "club/0.md", &death, ann(Some("the trailer shows it"), true)).await.unwrap();
    assert_eq!(words(&previewed(&app).await), DEATH);
    assert!(told(&app).await.contains("the spoiler gate overruled for it"));
    let again = quote::set(&app, "club/0.md", &Pick::Numbers(vec![3, 4]), ann(None, false)).await.unwrap_err();
    assert!(again.to_string().contains("sentence 4"), "the next quote is gated again: {again}");
}

#[tokio::test]
async fn what_was_set_is_taken_back_and_a_frozen_issue_never_changes() {
    let house = harbour();
    let app = house.open().await;
    collect_all(&app).await;
    let chosen = words(&previewed(&app).await).to_owned();
    let frozen = publish(&app, FRIDAY).await;
    quote::set(&app, "club/0.md", &Pick::Numbers(vec![3]), ann(None, false)).await.unwrap();
    let stored = issues::get(&app.db, FRIDAY, frozen.number).await.unwrap().unwrap();
    assert_eq!(stored.issue, frozen);
    house.wait(Span::new().hours(1));
    assert!(quote::reset(&app, "club/0.md", ann(Some("second thoughts"), false)).await.unwrap());
    assert!(!quote::reset(&app, "club/0.md", ann(None, false)).await.unwrap(), "nothing is left to take back");
    assert_eq!(quote::sentences(&app, "club/0.md").await.unwrap().quote.unwrap().text(), chosen);
    let told = told(&app).await;
    assert!(told.contains("Quote set by Ann on 2026-11-22T12:00:00Z"), "{told}");
    assert!(told.contains("set back to the chosen sentences by Ann on 2026-11-22T13:00:00Z. Reason: second"), "{told}");
}

#[tokio::test]
async fn a_quote_set_in_a_text_that_changed_or_came_to_be_marked_is_not_used() {
    let house = harbour();
    let app = house.open().await;
    collect_all(&app).await;
    quote::set(&app, "club/0.md", &Pick::Numbers(vec![3]), ann(None, false)).await.unwrap();
    let changed = BODY.replace("music", "singing");
    house.write("club/0.md", &review("Harbour Lights", "Ann Walker", "rating: 9/10\nlanguage: en", &changed));
    collect_all(&app).await;
    assert_ne!(words(&previewed(&app).await), MUSIC);
    let words = told(&app).await;
    assert!(words.contains("That quote is not used"), "{words}");
    let marked = "rating: 9/10\nlanguage: en\nspoilers: true";
    house.write("club/0.md", &review("Harbour Lights", "Ann Walker", marked, BODY));
    collect_all(&app).await;
    assert_eq!(previewed(&app).await.works[0].reviews[0].quote, None, "fail closed");
    let words = told(&app).await;
    assert!(words.contains("not used any longer: sentence 3 stands behind a spoiler mark"), "{words}");
}

#[tokio::test]
async fn a_quote_set_by_hand_keeps_to_the_digests_limit() {
    let house = harbour();
    house.digest(FRIDAY, &CLUB.replace("[email]", "[quote]\nmax_chars = 80\n[email]"));
    let app = house.open().await;
    collect_all(&app).await;
    let long = Pick::Numbers(vec![2, 3]);
    let refused = quote::set(&app, "club/0.md", &long, ann(None, false)).await.unwrap_err().to_string();
    assert!(refused.contains("may have 80"), "{refused}");
    quote::set(&app, "club/0.md", &Pick::Numbers(vec![3]), ann(None, false)).await.unwrap();
}

#[tokio::test]
async fn the_command_line_lists_sets_refuses_and_resets() {
    let house = harbour();
    house.run(&["collect"]).done();
    let listed = house.run(&["quote", "--sentences", "club/0.md", "--json"]).done().json();
    assert_eq!(listed.len(), 5);
    assert_eq!((listed[3]["number"].as_u64(), listed[3]["kept_back"].as_str()), (Some(4), Some("gives-away")));
    let span = &listed[2]["span"];
    let place = format!("{}..{}", span[0], span[1]);
    let set = house.run(&["quote", "--set", "club/0.md", &place, "--by", "Ann", "--reason", "music"]).done();
    assert!(set.out.contains(MUSIC), "{}", set.out);
    let words = house.run(&["quote", "--sentences", "club/0.md"]).done();
    assert!(words.out.contains("“   3") && words.out.contains("set by an editor"), "{}", words.out);
    assert!(words.out.contains("[kept back: it may give away an outcome]"), "{}", words.out);
    let told = house.run(&["why", "club/0.md"]).done();
    assert!(told.out.contains("Quote set by Ann (command line) on "), "{}", told.out);
    let preview = house.run(&["preview", FRIDAY, "--format", "json"]).done();
    assert!(preview.out.contains(MUSIC), "{}", preview.out);
    for (args, code, needle) in [
        (&["quote", "--set", "club/0.md", "4"][..], 1, "--spoilers-allowed"),
        (&["quote", "--set", "club/0.md", "40..50"], 1, "does not begin and end with a sentence"),
        (&["quote", "--set", "club/0.md", "99"], 1, "none is number 99"),
        (&["quote", "--set", "club/9.md", "1"], 1, "no review is known by `club/9.md`"),
        (&["quote", "--set", "club/0.md", "4", "--spoilers-allowed"], 2, "--reason"),
        (&["quote", "--set", "club/0.md"], 2, "SPANS"),
        (&["quote"], 2, "PATH|URL|-"),
    ] {
        let ran = house.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{args:?} {}", ran.err);
        assert!(ran.err.contains(needle), "{args:?}: {}", ran.err);
    }
    house.run(&["quote", "--set", "club/0.md", "4", "--spoilers-allowed", "--reason", "known"]).done();
    house.run(&["quote", "--reset", "club/0.md"]).done();
    let words = house.run(&["quote", "--sentences", "club/0.md"]).done();
    assert!(words.out.contains("“ quoted: chosen"), "{}", words.out);
}

#[tokio::test]
async fn at_the_desk_sentences_are_ticked_refused_with_the_reason_set_and_taken_back() {
    let mut house = harbour();
    house.set("ADMIN__PASSWORD", "a long password");
    let app = house.open().await;
    collect_all(&app).await;
    let id = reviews::newest(&app.db, None, 1).await.unwrap().remove(0).review.id;
    let path = format!("/admin/reviews/{id}");
    let door = Door::open(&app).await;
    assert_eq!(door.ask("GET", &path, &[], "").await.status, 303, "nobody is signed in");
    let answer = door.post("/admin/login", &[("secret", "a long password")]).await;
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let cookie = [("cookie", cookie.as_str())];
    let desk = door.ask("GET", "/admin", &cookie, "").await.body;
    assert!(desk.contains(&format!("href=\"{path}\"")), "{desk}");
    let page = door.ask("GET", &path, &cookie, "").await.body;
    assert!(page.contains("Kept back: it may give away an outcome."), "{page}");
    assert_eq!(page.matches("type=\"checkbox\" name=\"sentence\"").count(), 5);
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();

    let post = |fields: Vec<(&'static str, &'static str)>| {
        let fields: Vec<(&str, &str)> = fields.into_iter().chain([("csrf", csrf)]).collect();
        let (door, path, cookie) = (&door, &path, &cookie);
        async move { door.post_as(path, cookie, &fields).await.body }
    };
    let refused = post(vec![("act", "set"), ("sentence", "3"), ("sentence", "4"), ("by", "Ann")]).await;
    assert!(refused.contains("role=\"alert\"") && refused.contains("sentence 4 may give away"), "{refused}");
    assert!(refused.contains("value=\"4\" checked") && refused.contains("value=\"Ann\""), "what was typed stays");
    assert!(post(vec![("act", "set")]).await.contains("Tick at least one sentence"));
    let set = post(vec![("act", "set"), ("sentence", "3"), ("by", "Ann"), ("reason", "<music>")]).await;
    assert!(set.contains("Quoted from now on.") && set.contains("Ann (desk)") && set.contains("&#60;music"), "{set}");
    assert_eq!(words(&previewed(&app).await), MUSIC);
    assert!(door.ask("GET", "/admin", &cookie, "").await.body.contains(MUSIC));
    assert!(post(vec![("act", "reset")]).await.contains("The chosen quote is back."));
    assert_ne!(words(&previewed(&app).await), MUSIC);
    let forged = door.post_as(&path, &cookie, &[("act", "set"), ("sentence", "3"), ("csrf", "0")]).await;
    assert_eq!(forged.status, 403);
    assert_eq!(door.ask("GET", "/admin/reviews/0000000000000000", &cookie, "").await.status, 404);
}
