//! The promise: how the sources do is listed, for the shell and at the desk; feeds go to other readers and come from
//! them; and no source reaches what the operator did not open.

use crate::{
    house::{Door, House, collect_all, nth, praise},
    site::{Reply, Site},
    smtp::certificate::certificate,
};

fn feed() -> Reply {
    let body = format!(
        "<rss><channel><title>Film reviews</title><item><title>Review: Low Tide (2024) 8/10</title>\
         <description>{}</description></item></channel></rss>",
        praise(0)
    );
    Reply::document("application/rss+xml", body)
}

fn house() -> House {
    let mut house = House::empty();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    house.set("COLLECT__SPACING", "0s");
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn how_sources_do_is_listed_in_the_shell_and_at_the_desk() {
    let mut house = house();
    house.set("ADMIN__PASSWORD", "a long password");
    let good = Site::start(|_| feed()).await;
    let bad = Site::start(|_| Reply::status(500)).await;
    house.write("club/0.md", &nth(0));
    house.digest(
        "one",
        &format!(
            "title = \"One\"\n[[source]]\nfeed = \"{}\"\nname = \"Good & kind\"\n[[source]]\nfeed = \"{}\"\n",
            good.url("/feed"),
            bad.url("/feed")
        ),
    );
    house.digest(
        "two",
        &format!("title = \"Two\"\n[[source]]\nfeed = \"{}\"\n[[source]]\nfolder = \"club\"\n", good.url("/feed")),
    );
    let rows = house.run(&["sources", "--json"]).done().json();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["state"] == "new" && row["last_success"].is_null()), "{rows:?}");

    let app = house.open().await;
    collect_all(&app).await;
    let rows = house.run(&["sources", "--json"]).done().json();
    let of = |place: &str| rows.iter().find(|row| row["source"] == place).unwrap();
    let (fine, failing) = (of(&good.url("/feed")), of(&bad.url("/feed")));
    assert_eq!((&fine["state"], &fine["digests"]), (&"fine".into(), &serde_json::json!(["one", "two"])));
    assert_eq!((&fine["entries"], &fine["reviews"], &fine["name"]), (&1.into(), &1.into(), &"Good & kind".into()));
    assert!(fine["next_poll"].as_str().unwrap() > "2026-11-22T13:00");
    assert_eq!((&failing["state"], &failing["failures"]), (&"failing".into(), &1.into()));
    let why = failing["last_error"].as_str().unwrap();
    assert!(why.contains("500") && why.contains(&bad.url("/feed")), "{why}");
    assert_eq!(of("club")["kind"], "folder");
    assert_eq!(house.run(&["sources", "two", "--json"]).done().json().len(), 2);
    assert_eq!(house.run(&["sources", "three"]).code, 1);
    let words = house.run(&["sources"]).done().out;
    assert!(words.contains("failing") && words.contains("500") && words.contains("2026-11-22 12:00"), "{words}");

    let door = Door::open(&app).await;
    let answer = door.post("/admin/login", &[("secret", "a long password")]).await;
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let desk = door.ask("GET", "/admin", &[("cookie", &cookie)], "").await.body;
    let table = desk.split("id=\"sources\"").nth(1).unwrap().split("</table>").next().unwrap();
    for words in ["Good &#38; kind", "failing", "answered 500", "Next visit", "2026-11-22 13:0"] {
        assert!(table.contains(words), "{words}: {table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_go_out_and_come_in_as_opml_and_a_digest_file_keeps_its_words() {
    let house = house();
    let text = "title = \"Friday\"   # what readers see\n\n[[source]]  # mine\nfeed = \"https://a.example/feed\"\nname = \"Ann & Co\"\n\
        [[source]]\npage = \"https://b.example/review\"\n\n[select]\nmaximum = 3";
    house.digest("friday", text);
    let ran = house.run(&["sources", "export", "friday", "-o", "out.opml"]).done();
    assert!(ran.err.contains("https://b.example/review"), "what is no feed is named: {}", ran.err);
    let list = std::fs::read_to_string(house.path("out.opml")).unwrap();
    assert!(list.contains("<opml version=\"2.0\">") && list.contains("text=\"Ann &amp; Co\""), "{list}");

    let more = "<opml version='2.0'><body><outline text='Film &amp; more'>\n\
        <outline text='New &quot;one&quot;' xmlUrl='https://c.example/feed?a=1&amp;b=2'/>\n\
        <outline text='Known' xmlUrl='https://a.example/feed'/>\n<outline text='No feed' htmlUrl='https://d.example/'/></outline></body></opml>";
    std::fs::write(house.path("in.opml"), more).unwrap();
    let printed = house.run(&["sources", "import", "in.opml"]);
    assert_eq!(printed.code, 1, "one line could not be taken");
    assert!(
        printed.out.starts_with("[[source]]\n# Film & more\nfeed = \"https://c.example/feed?a=1&b=2\""),
        "{}",
        printed.out
    );
    assert!(printed.err.contains("line 4: No feed"), "{}", printed.err);
    assert_eq!(std::fs::read_to_string(house.path("digests/friday.toml")).unwrap(), text, "printing changes nothing");

    let ran = house.run(&["sources", "import", "in.opml", "--into", "friday"]);
    assert!(ran.out.contains("1 added, 1 known, 1 refused"), "{ran:?}");
    let after = std::fs::read_to_string(house.path("digests/friday.toml")).unwrap();
    assert!(after.starts_with(text) && after.contains("name = \"New \\\"one\\\"\""), "{after}");
    assert_eq!(house.run(&["sources", "friday", "--json"]).done().json().len(), 3);
    let again = house.run(&["sources", "import", "-", "--into", "friday"]);
    assert_eq!(again.code, 1, "standard input is empty");
    let again = house.run_with(&["sources", "import", "-", "--into", "friday"], more);
    assert!(again.out.contains("0 added, 2 known"), "{again:?}");
    assert_eq!(std::fs::read_to_string(house.path("digests/friday.toml")).unwrap(), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn https_is_checked_and_an_authority_of_ones_own_can_be_added() {
    let (config, pem) = certificate();
    let site = Site::secure(config, |_| feed()).await;
    let mut house = house();
    let refused = house.run(&["read", &site.url("/feed")]);
    assert_eq!(refused.code, 1, "nobody vouches for it");
    assert!(refused.err.contains("certificate"), "{}", refused.err);
    assert_eq!(site.asked().len(), 0);
    let file = house.path("ca.pem");
    std::fs::write(&file, pem).unwrap();
    house.set("COLLECT__CA_FILE", &file.display().to_string());
    let read = house.run(&["read", "--json", &site.url("/feed")]).done().json();
    assert_eq!(read[0]["work"]["title"], "Low Tide");
    house.digest("daily", &format!("title = \"Daily\"\n[[source]]\nfeed = \"{}\"\n", site.url("/feed")));
    assert!(house.run(&["collect"]).done().err.contains("1 new"));
    std::fs::write(&file, "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n").unwrap();
    assert_eq!(house.run(&["collect"]).code, 1, "a file that holds no certificate");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_of_the_environment_is_not_asked() {
    let site = Site::start(|_| feed()).await;
    let proxy = Site::start(|_| feed()).await;
    let house = house();
    for (allowed, code) in [(true, 0), (false, 1)] {
        let mut command = house.command(&["read", &site.url("/feed")]);
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
            command.env(name, proxy.url("/"));
        }
        if !allowed {
            command.env("PULLQUOTE__COLLECT__ALLOW", "192.0.2.1");
        }
        let ran = crate::house::run(command, "");
        assert_eq!(ran.code, code, "{ran:?}");
    }
    assert_eq!((site.asked().len(), proxy.asked().len()), (1, 0));
}
