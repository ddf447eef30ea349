//! The promise: every drop has a reason. `pullquote why` tells of any review what was decided, and by which rule.

use jiff::Span;
use pullquote::{
    app::{
        App,
        compose::Wish,
        feature,
        why::{self, Why},
    },
    store::reviews,
};

use crate::house::{CLUB, FRIDAY, House, collect_all, freeze, nth, publish, review};

/// What is said of the review that a file holds.
async fn told(app: &App, file: &str) -> String {
    let mut answers: Vec<Why> = why::why(app, &format!("club/{file}")).await.unwrap();
    assert_eq!(answers.len(), 1, "{file}");
    answers.remove(0).lines.join("\n")
}

#[tokio::test]
async fn a_review_not_yet_in_an_issue_is_told_to_be_news() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    collect_all(&app).await;
    let told = told(&app, "0.md").await;
    assert!(told.contains("friday: arrived 2026-11-22T12:00:00Z from ") && told.contains("club."), "{told}");
    assert!(told.contains("the next issue may take it, as news"), "{told}");
}

#[tokio::test]
async fn a_used_review_is_told_to_be_quoted_and_to_need_a_star() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    publish(&app, FRIDAY).await;
    let words = told(&app, "0.md").await;
    assert!(words.contains("friday #1 (2026-11-22T12:00:00Z): quoted."), "{words}");
    assert!(words.contains("the next issue leaves it out [used]"), "{words}");
    house.wait(Span::new().hours(1));
    feature::feature(&app, "club/0.md", true).await.unwrap();
    let words = told(&app, "0.md").await;
    assert!(words.contains("Featured by the editor on 2026-11-22T13:00:00Z"), "{words}");
    assert!(words.contains("may take it, as a featured review"), "{words}");
}

#[tokio::test]
async fn a_seeded_review_is_told_to_be_known_and_no_news() {
    let house = House::club();
    house.digest(FRIDAY, &CLUB.replace("folder = \"club\"", "folder = \"club\"\nfirst = \"seed\""));
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    collect_all(&app).await;
    let told = told(&app, "0.md").await;
    assert!(told.contains("already there at first contact"), "{told}");
    assert!(told.contains("[seeded]"), "{told}");
}

#[tokio::test]
async fn what_a_limit_or_a_twin_kept_from_being_quoted_is_told_with_its_rule() {
    let house = House::club();
    let other = "[[source]]\nfolder = \"other\"\n[select]\nmaximum = 2\nper_source = 1\n";
    house.digest(FRIDAY, &CLUB.replace("[email]", &format!("{other}[email]")));
    // Newest first: club/0 and other/3 are quoted, club/1 is beyond its source's share, other/2 is a twin of
    // club/0, and club/4 has nothing to show.
    house.write("club/0.md", &nth(0).replace("11-20", "11-21"));
    house.write("club/1.md", &nth(1).replace("11-20", "11-19"));
    house.write("other/2.md", &nth(0).replace("11-20", "11-18"));
    house.write("other/3.md", &nth(3));
    let app = house.open().await;
    let issue = publish(&app, FRIDAY).await;
    assert_eq!((issue.quoted(), issue.more.len()), (2, 1), "{issue:#?}");
    let beyond = told(&app, "1.md").await;
    assert!(beyond.contains("friday #1") && beyond.contains("listed by link [per-source]"), "{beyond}");
    let twin = why::why(&app, "other/2.md").await.unwrap().remove(0).lines.join("\n");
    assert!(twin.contains("left out [duplicate]"), "{twin}");
}

#[tokio::test]
async fn what_the_maximum_kept_from_being_quoted_is_listed_and_told() {
    let house = House::club();
    house.digest(FRIDAY, &CLUB.replace("[email]", "[select]\nmaximum = 1\n[email]"));
    house.write("club/0.md", &nth(0));
    house.write("club/1.md", &nth(1).replace("11-20", "11-19"));
    let app = house.open().await;
    publish(&app, FRIDAY).await;
    let told = told(&app, "1.md").await;
    assert!(told.contains("listed by link [maximum]"), "{told}");
    assert!(told.contains("[used]"), "listed is used: {told}");
}

#[tokio::test]
async fn a_review_outside_the_window_or_without_a_star_is_told_so() {
    let house = House::club();
    house.digest(FRIDAY, &CLUB.replace("[email]", "[select]\nfeatured = \"only\"\n[email]"));
    house.write("club/0.md", &nth(0));
    house.write("club/1.md", &nth(1));
    let app = house.open().await;
    collect_all(&app).await;
    house.wait(Span::new().hours(1));
    feature::feature(&app, "club/0.md", true).await.unwrap();
    let words = told(&app, "1.md").await;
    assert!(words.contains("[not-featured]"), "{words}");
    freeze(&app, FRIDAY, &Wish::default()).await;
    let words = told(&app, "1.md").await;
    assert!(words.contains("friday #1") && words.contains("left out [not-featured]"), "{words}");
    assert!(words.contains("leaves it out [before-window]"), "{words}");
}

#[tokio::test]
async fn a_review_with_nothing_to_show_is_told_so() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let plot = "A man walks into a harbour town and meets a widow. She owns a boat. They sail to an island where the \
        birds are silent.";
    let marked =
        format!("{plot}\n\nSPOILERS AHEAD\n\nIt is a brilliant film and the twin did it, a wonderful performance.");
    house.write("club/1.md", &review("Creak", "Ben Walker", "language: en", &marked));
    let app = house.open().await;
    publish(&app, FRIDAY).await;
    let told = told(&app, "1.md").await;
    assert!(told.contains("left out [empty]"), "{told}");
}

#[tokio::test]
async fn why_answers_to_id_path_and_address_and_knows_what_it_does_not_know() {
    let house = House::club();
    house.write("club/0.md", &nth(0).replace("rating:", "url: https://a.example/harbour\nrating:"));
    let app = house.open().await;
    publish(&app, FRIDAY).await;
    let known = reviews::newest(&app.db, None, 1).await.unwrap().remove(0).review;
    for name in [known.id.as_str(), "club/0.md", "https://a.example/harbour"] {
        let ran = house.run(&["why", name]).done();
        assert!(ran.out.contains("Harbour, by Ann Walker") && ran.out.contains("quoted."), "{name}: {}", ran.out);
    }
    let ran = house.run(&["why", "https://a.example/unheard-of"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("https://a.example/unheard-of") && ran.err.contains("pullquote reviews"), "{}", ran.err);
}
