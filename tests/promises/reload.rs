//! The promise: a digest file that changes holds from the next minute on, and one with a mistake changes nothing and
//! says so.

use crate::house::{CLUB, Door, FRIDAY, House, nth, tick, titles};
use pullquote::{app::App, store::issues};
use std::sync::Arc;

fn title(app: &Arc<App>) -> String {
    app.digest(FRIDAY).unwrap().title
}

#[tokio::test]
async fn a_changed_digest_file_is_picked_up_without_a_restart() {
    let house = House::club();
    let app = house.open().await;
    tick(&app).await;
    house.digest(
        FRIDAY,
        &CLUB.replace("Friday Reviews", "Reviews at noon").replace("every Friday at 08:00", "every day at 12:30"),
    );
    house.digest("books", &CLUB.replace("Friday Reviews", "Books"));
    house.write("club/0.md", &nth(0));
    house.go_to("2026-11-22T12:30:00Z");
    assert_eq!(tick(&app).await, 1, "by the new schedule");
    assert_eq!(title(&app), "Reviews at noon");
    let issue = issues::get(&app.db, FRIDAY, 1).await.unwrap().unwrap().issue;
    assert_eq!((issue.title.as_str(), titles(&issue)), ("Reviews at noon", vec!["Harbour".to_owned()]));
    assert!(app.digest("books").is_ok());
    house.remove("books.toml");
    tick(&app).await;
    assert!(app.digest("books").is_err());
}

#[tokio::test]
async fn a_broken_digest_file_keeps_the_last_good_one_and_says_so() {
    let mut house = House::club();
    house.set("ADMIN__PASSWORD", "correct horse");
    let app = house.open().await;
    let door = Door::open(&app).await;
    house.digest(FRIDAY, &CLUB.replace("every Friday at 08:00", "every Firday at 08:00"));
    house.write("club/0.md", &nth(0));
    house.go_to("2026-11-27T08:00:00Z");
    assert_eq!(tick(&app).await, 1, "the last good schedule goes on");
    let health: serde_json::Value = serde_json::from_str(&door.get("/health").await.body).unwrap();
    assert_eq!((&health["status"], &health["outdated"]), (&"ok".into(), &1.into()));
    let login = door.post("/admin/login", &[("secret", "correct horse")]).await;
    let cookie = login.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let desk = door.ask("GET", "/admin", &[("cookie", &cookie)], "").await.body;
    assert!(desk.contains("friday.toml:3: schedule: ") && desk.contains("did you mean"), "{desk}");
    let ran = house.run(&["check", "--offline"]);
    assert!(ran.code == 1 && ran.err.contains("friday.toml:3"), "{}", ran.err);

    house.digest(FRIDAY, &CLUB.replace("Friday Reviews", "Mended"));
    tick(&app).await;
    assert_eq!(title(&app), "Mended");
    assert!(!door.get("/health").await.body.contains("outdated"));
    // A folder that is away for a moment takes no digest with it.
    std::fs::rename(house.path("digests"), house.path("away")).unwrap();
    tick(&app).await;
    assert_eq!((title(&app).as_str(), app.digest_problems().len()), ("Mended", 1));
}
