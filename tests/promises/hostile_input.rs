//! The promise: feeds and pages are hostile until proven otherwise, and one bad source never stops the others.

use crate::{
    house::{Door, FRIDAY, House, collect_all, deliver, nth, parts, publish, review, subscribe, titles},
    site::{Reply, Site},
};

const DIGEST: &str = "title = \"Friday Reviews\"\n[email]\nfrom = \"d@example.org\"\n";

fn source(url: &str) -> String {
    format!("[[source]]\nfeed = \"{url}\"\nfirst = \"include\"\n")
}

fn feed(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\
         <title>Film reviews</title><link>https://a.example/</link><description>Reviews</description>{items}</channel></rss>"
    )
}

/// A review with an attack in every field.
fn attack() -> String {
    feed(
        "<item><title>Review: Bad &lt;script&gt;alert(1)&lt;/script&gt; Film (2024) 8/10</title>\
         <link>javascript:alert(2)</link><guid isPermaLink=\"false\">\"&gt;&lt;img src=x onerror=alert(3)&gt;</guid>\
         <dc:creator>Ann &lt;img src=x onerror=alert(4)&gt; Walker</dc:creator>\
         <description>&lt;p onmouseover=alert(5)&gt;The cast is superb &lt;script&gt;alert(6)&lt;/script&gt;and the \
         harbour has never looked colder &amp;lt;script&amp;gt;alert(7)&amp;lt;/script&amp;gt; than here. \
         &lt;a href=\"javascript:alert(8)\"&gt;It is a patient, funny film&lt;/a&gt; that I would gladly see again.\
         &lt;iframe src=\"https://evil.example\"&gt;&lt;/iframe&gt; The music\u{7}\u{1}\u{FFFE} is wonderful and the \
         editing is sharp &lt;/blockquote&gt;&lt;style&gt;body{display:none}&lt;/style&gt;throughout.&lt;/p&gt;\
         </description></item>",
    )
}

/// Markup that only an attack could have put there.
const SIGNS: [&str; 10] = [
    "<script",
    "<img",
    "<iframe",
    "onerror=alert(4)>",
    "onmouseover=",
    "href=\"javascript:",
    "href='javascript:",
    "body{display:none}",
    "\u{7}",
    "\u{FFFE}",
];

#[tokio::test]
async fn markup_in_reviews_reaches_neither_mail_nor_page_nor_feed() {
    let mut house = House::club();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    let site = Site::start(|_| Reply::document("application/rss+xml", attack())).await;
    house.digest(FRIDAY, &format!("{DIGEST}{}[[source]]\nfolder = \"club\"\n", source(&site.url("/"))));
    let body = "The <b onclick=\"alert(9)\">cast</b> is superb and <script>alert(10)</script> the harbour is cold. A \
        lovely, patient film <img src=x onerror=alert(11)> from start to end.";
    house.write(
        "club/0.md",
        &review("\"<i>Chalk</i>\"", "<script>alert(12)</script>", "url: \"javascript:alert(13)\"", body),
    );
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    let issue = publish(&app, FRIDAY).await;
    assert_eq!(issue.used().count(), 2, "an attack costs its review nothing but the attack: {issue:#?}");
    deliver(&app, &issue).await;
    let (text, html) = parts(&house.mails()[0]);
    let door = Door::open(&app).await;
    let mut all = vec![("html part", html)];
    for path in ["/", "/d/friday", "/d/friday/1"] {
        all.push((path, door.get(path).await.body));
    }
    for path in ["/d/friday/feed.xml", "/d/friday/reviews.xml"] {
        let feed = door.get(path).await.body;
        let channel = rss::Channel::read_from(feed.as_bytes()).unwrap();
        for item in channel.items() {
            let shown = item.content().or(item.description()).unwrap_or_default();
            all.push((path, shown.to_owned()));
            assert!(item.link().is_none_or(|link| link.starts_with("http")), "{:?}", item.link());
        }
        all.push((path, feed));
    }
    let json: serde_json::Value = serde_json::from_str(&door.get("/d/friday/feed.json").await.body).unwrap();
    all.push(("feed.json", json["items"][0]["content_html"].as_str().unwrap().to_owned()));
    all.push(("atom.xml", door.get("/d/friday/atom.xml").await.body));
    for (place, text) in &all {
        for sign in SIGNS {
            assert!(!text.to_lowercase().contains(&sign.to_lowercase()), "{place} has {sign:?}:\n{text}");
        }
    }
    assert!(!text.contains("javascript:") && !text.contains('\u{7}'), "{text}");
    assert!(text.contains("superb"), "{text}");
}

#[tokio::test]
async fn deep_nesting_and_broken_markup_cost_their_document_and_no_other() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    house.write("club/deep.xml", &feed(&"<item>".repeat(20_000)));
    house.write("club/deep.html", &"<div><b>".repeat(20_000));
    house.write("club/deep.json.xml", &"[".repeat(100_000));
    let lol = "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">";
    let entities = format!("<!DOCTYPE r [<!ENTITY a \"{}\">{lol}]>", "lol".repeat(1000));
    house.write("club/entities.xml", &format!("{entities}{}", feed(&item("&c;"))));
    let outside = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    house.write("club/outside.xml", &format!("{outside}{}", feed(&item("&x;"))));
    std::fs::write(house.path("digests/club/rubbish.txt"), [0xff, 0xfe, 0x00, 0x3c, 0x1b]).unwrap();
    let app = house.open().await;
    let issue = publish(&app, FRIDAY).await;
    assert!(titles(&issue).contains(&"Harbour".to_owned()), "{issue:#?}");
    let page = Door::open(&app).await.get("/d/friday/1").await.body;
    assert!(!page.contains("root:") && !page.contains("lollol"), "{page}");
}

fn item(words: &str) -> String {
    format!(
        "<item><title>Review: Creak (2024)</title><link>https://a.example/creak</link><description>The cast is superb \
         and the harbour has never looked colder. {words} It is a patient, funny film, and the music is \
         wonderful.</description></item>"
    )
}

#[tokio::test]
async fn a_source_that_fails_is_named_and_the_others_are_read() {
    let mut house = House::club();
    house.set("COLLECT__ALLOW", "127.0.0.1, localhost");
    house.write("club/0.md", &nth(0));
    house.write("gone/1.md", &nth(1));
    let bad = Site::start(|_| Reply::status(404)).await;
    let good = Site::start(|_| Reply::document("application/rss+xml", feed(&item("")))).await;
    let sources = format!("{}{}", source(&bad.url("/")), source(&good.url("/").replace("127.0.0.1", "localhost")));
    let folders = "[[source]]\nfolder = \"club\"\n[[source]]\nfolder = \"gone\"\n";
    house.digest(FRIDAY, &format!("{DIGEST}{folders}{sources}"));
    let app = house.open().await;
    std::fs::remove_dir_all(house.path("digests/gone")).unwrap();
    let reports = collect_all(&app).await;
    for report in reports {
        let fails = report.locator.ends_with("gone") || report.locator == bad.url("/");
        match report.result {
            Ok(_) => assert!(!fails, "{}", report.locator),
            Err(why) => assert!(fails && why.contains(report.locator.rsplit('/').next().unwrap()), "{why}"),
        }
    }
    let issue = publish(&app, FRIDAY).await;
    let mut titles = titles(&issue);
    titles.sort();
    assert_eq!(titles, ["Creak", "Harbour"]);
}

#[tokio::test]
async fn addresses_of_the_own_network_are_not_fetched_unless_allowed() {
    let house = House::empty();
    let site = Site::start(|_| Reply::document("application/rss+xml", attack())).await;
    let port = site.address.port();
    let forms = [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f.1:{port}/"),
        format!("http://0.0.0.0:{port}/"),
    ];
    for (n, url) in forms.iter().enumerate() {
        house.digest(&format!("friday-{n}"), &format!("title = \"Friday\"\n{}", source(url)));
    }
    let app = house.open().await;
    let reports = collect_all(&app).await;
    assert!(reports.len() >= 4, "{reports:?}");
    for report in &reports {
        let why = report.result.as_ref().unwrap_err();
        assert!(why.contains("collect.allow"), "{}: {why}", report.locator);
    }
    assert_eq!(site.asked().len(), 0, "nothing was even connected to");

    // By hand it is no different.
    let ran = house.run(&["read", &forms[0]]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains("collect.allow"), "{}", ran.err);
    assert_eq!(site.asked().len(), 0);
}
