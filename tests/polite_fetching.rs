//! The promise: sources are fetched politely, and no private address is ever connected to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "support/site.rs"]
mod site;

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use pullquote::{
    clock::Clock,
    collect::{Ask, FetchError, Fetched, Fetcher, Guard, Outcome, Policy, Validators, guard::Lookup},
    read::{self, Document},
    settings::Allow,
};
use site::{Asked, Reply, Site};

const FEED: &str = "<?xml version='1.0'?><rss version='2.0'><channel><title>Reviews</title><item><title>Low Tide: 4/5</title>\
    <link>https://example.org/low-tide</link></item></channel></rss>";
const NOW: &str = "2026-05-09T12:00:00Z";

fn policy() -> Policy {
    Policy { spacing: Duration::ZERO, body_bytes: 1_000_000, ..Policy::new("https://digest.example") }
}

fn fetcher_with(allowed: &[&str], lookup: Lookup) -> Fetcher {
    // The test's own sites listen on free ports.
    let ports = (1024..=u16::MAX).chain([80, 443]).collect();
    let guard = Guard::new(allowed.iter().map(|text| Allow::parse(text).unwrap()).collect()).with_ports(ports);
    Fetcher::new(policy(), guard, lookup, Clock::manual(NOW.parse().unwrap())).unwrap()
}

/// A fetcher that may reach the test's own site.
fn fetcher() -> Fetcher {
    fetcher_with(&["127.0.0.1"], Lookup::System)
}

fn document(fetched: &Fetched) -> &Document {
    match &fetched.outcome {
        Outcome::Document(document) => document,
        Outcome::Unchanged => panic!("unchanged"),
    }
}

fn with(validators: &Validators) -> Ask {
    Ask { validators: validators.clone(), subscribers: None }
}

fn rss() -> Reply {
    Reply::document("application/rss+xml", FEED)
}

#[tokio::test]
async fn validators_go_back_byte_for_byte_and_a_304_brings_no_document() {
    const TAG: &str = "W/\"a-gzip,b\"";
    const DATE: &str = "Sat, 9 May 2026 1:02:03 +0000";
    let site = Site::start(|asked| match asked.header("if-none-match") {
        Some(TAG) if asked.header("if-modified-since") == Some(DATE) => {
            Reply::status(304).with("cache-control", "max-age=60")
        }
        _ => rss().with("etag", TAG).with("last-modified", DATE),
    })
    .await;
    let fetcher = fetcher();
    let first = fetcher.fetch(&site.url("/feed"), &Ask::default()).await.unwrap();
    let second = fetcher.fetch(&site.url("/feed"), &with(&first.validators)).await.unwrap();
    assert!(matches!(second.outcome, Outcome::Unchanged));
    assert_eq!(second.validators, first.validators);
    assert_eq!(second.next_poll_after.unwrap().to_string(), "2026-05-09T12:01:00Z");
    assert_eq!(site.asked()[0].header("if-none-match"), None);
}

#[tokio::test]
async fn a_200_overwrites_both_validators_also_with_nothing() {
    let site = Site::start(|_| rss().with("etag", "\"new\"")).await;
    let old = Validators { etag: Some("\"old\"".into()), last_modified: Some("x".into()), url: None, plain: false };
    let fetched = fetcher().fetch(&site.url("/feed"), &with(&old)).await.unwrap();
    assert_eq!((fetched.validators.etag.as_deref(), fetched.validators.last_modified), (Some("\"new\""), None));
}

#[tokio::test]
async fn a_request_says_who_asks_and_nothing_more() {
    let site = Site::start(|_| rss().with("set-cookie", "a=b")).await;
    let fetcher = fetcher();
    for _ in 0..2 {
        fetcher.fetch(&site.url("/feed"), &Ask::default()).await.unwrap();
    }
    let asked = &site.asked()[1];
    assert!(asked.header("user-agent").unwrap().starts_with("Pullquote/"));
    assert!(asked.header("user-agent").unwrap().ends_with("(+https://digest.example)"));
    assert!(asked.header("accept").unwrap().starts_with("application/atom+xml"));
    for forbidden in ["cookie", "referer", "if-none-match", "if-modified-since"] {
        assert_eq!(asked.header(forbidden), None, "{forbidden}");
    }
}

#[tokio::test]
async fn redirects_are_followed_and_each_is_told() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/old" => Reply::redirect(301, "/older"),
        "/older" => Reply::redirect(302, "feed?x=1"),
        _ => rss(),
    })
    .await;
    let fetched = fetcher().fetch(&site.url("/old"), &Ask::default()).await.unwrap();
    let hops: Vec<_> = fetched.hops.iter().map(|hop| (hop.status, hop.to.path())).collect();
    assert_eq!(hops, [(301, "/older"), (302, "/feed")]);
    assert_eq!(fetched.url.as_str(), site.url("/feed?x=1"));
    assert_eq!(document(&fetched).source, site.url("/old"));
}

#[tokio::test]
async fn several_fetches_can_run_side_by_side() {
    let site = Site::start(|_| rss()).await;
    let fetcher = Arc::new(fetcher());
    let tasks: Vec<_> = (0..4)
        .map(|n| {
            let (fetcher, url) = (Arc::clone(&fetcher), site.url(&format!("/{n}")));
            tokio::spawn(async move { fetcher.fetch_feed(&url, &Ask::default()).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().is_ok());
    }
    assert_eq!(site.asked().len(), 4);
}

#[tokio::test]
async fn a_redirect_loop_ends() {
    let site = Site::start(|_| Reply::redirect(302, "/again")).await;
    let error = fetcher().fetch(&site.url("/"), &Ask::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Redirect { .. }), "{error}");
    assert_eq!(site.asked().len(), 6);
}

#[tokio::test]
async fn validators_of_one_address_are_not_sent_to_another() {
    let site = Site::start(|asked| if asked.path == "/moved" { Reply::redirect(301, "/feed") } else { rss() }).await;
    let of = |url: String| with(&Validators { etag: Some("\"a\"".into()), url: Some(url), ..Validators::default() });
    fetcher().fetch(&site.url("/moved"), &of(site.url("/elsewhere"))).await.unwrap();
    fetcher().fetch(&site.url("/moved"), &of(site.url("/feed"))).await.unwrap();
    let sent: Vec<_> = site.asked().iter().map(|asked| asked.header("if-none-match").is_some()).collect();
    assert_eq!(sent, [false, false, false, true]);
}

#[tokio::test]
async fn a_private_literal_is_refused_before_anything_is_sent() {
    let site = Site::start(|_| rss()).await;
    let port = site.address.port();
    let fetcher = fetcher_with(&[], Lookup::System);
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "localhost"] {
        let error = fetcher.fetch(&format!("http://{host}:{port}/"), &Ask::default()).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused { .. }), "{host}: {error}");
    }
    assert_eq!(site.asked().len(), 0);
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    let inner = Site::start(|_| rss()).await;
    let port = inner.address.port();
    for target in [
        format!("http://0x7f000002:{port}/"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://[::1]/".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let to = target.clone();
        let site = Site::start(move |_| Reply::redirect(302, &to)).await;
        let error = fetcher().fetch(&site.url("/"), &Ask::default()).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused { .. }), "{target}: {error}");
    }
    assert_eq!(inner.asked().len(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    let site = Site::start(|_| rss()).await;
    let url = format!("http://rebind.example:{}/", site.address.port());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // Allowed at first, private from the second question on.
    let answer = move |_: &str| -> Vec<IpAddr> {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        vec![if first { "127.0.0.1" } else { "127.0.0.2" }.parse().unwrap()]
    };
    let fetcher = fetcher_with(&["127.0.0.1"], Lookup::Scripted(Arc::new(answer)));
    fetcher.fetch(&url, &Ask::default()).await.unwrap();
    let error = fetcher.fetch(&url, &Ask::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Refused { .. }), "{error}");
    assert_eq!(asked.load(Ordering::SeqCst), 2, "one question a connection: what was checked is connected to");
}

#[tokio::test]
async fn of_a_names_addresses_only_the_open_ones_are_connected_to() {
    let site = Site::start(|_| rss()).await;
    let both = |_: &str| -> Vec<IpAddr> { vec!["10.0.0.1".parse().unwrap(), "127.0.0.1".parse().unwrap()] };
    let fetcher = fetcher_with(&["127.0.0.1"], Lookup::Scripted(Arc::new(both)));
    let url = format!("http://mixed.example:{}/", site.address.port());
    fetcher.fetch(&url, &Ask::default()).await.unwrap();
    assert_eq!(site.asked().len(), 1);
}

#[tokio::test]
async fn compression_is_undone_and_a_bomb_is_cut_off() {
    let site = Site::start(|asked| {
        let body = if asked.path == "/bomb" { site::gzip_bomb(50_000_000) } else { site::gzip_stored(FEED.as_bytes()) };
        Reply::document("application/xml", body).with("content-encoding", "gzip")
    })
    .await;
    let fetched = fetcher().fetch(&site.url("/feed"), &Ask::default()).await.unwrap();
    assert_eq!(document(&fetched).bytes, FEED.as_bytes());
    let error = fetcher().fetch(&site.url("/bomb"), &Ask::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit: 1_000_000, .. }), "{error}");
    assert_eq!(site.asked().len(), 2);
    assert_eq!(site.asked()[0].header("accept-encoding"), Some("gzip, br, zstd"));
    let roomy = Policy { body_bytes: 40_000_000, ..policy() };
    let guard = Guard::new(vec![Allow::parse("127.0.0.1").unwrap()]);
    let fetcher = Fetcher::new(roomy, guard, Lookup::System, Clock::manual(NOW.parse().unwrap())).unwrap();
    let zstd = zstd::encode_all(vec![0; 30_000_000].as_slice(), 3).unwrap();
    let site =
        Site::start(move |_| Reply::document("application/xml", zstd.clone()).with("content-encoding", "zstd")).await;
    let error = fetcher.fetch(&site.url("/"), &Ask::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Bomb { .. }), "{error}");
}

#[tokio::test]
async fn broken_compression_is_asked_for_once_more_without() {
    let broken = |asked: &Asked| match asked.header("accept-encoding") {
        Some("identity") => rss(),
        _ => rss().with("content-encoding", "gzip"),
    };
    let site = Site::start(broken).await;
    let fetched = fetcher().fetch(&site.url("/feed"), &Ask::default()).await.unwrap();
    assert_eq!(document(&fetched).bytes, FEED.as_bytes());
    assert_eq!(site.asked().len(), 2);
    assert!(fetched.validators.plain);
    fetcher().fetch(&site.url("/feed"), &with(&fetched.validators)).await.unwrap();
    assert_eq!(site.asked().len(), 3, "who packs wrongly is asked without packing from then on");
}

#[tokio::test]
async fn zstd_and_a_coding_twice_over_are_undone() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/zstd" => Reply::document("application/xml", zstd::encode_all(FEED.as_bytes(), 3).unwrap())
            .with("content-encoding", "zstd"),
        _ => Reply::document("application/xml", site::gzip_stored(&site::gzip_stored(FEED.as_bytes())))
            .with("content-encoding", "gzip, gzip"),
    })
    .await;
    for path in ["/zstd", "/twice"] {
        let fetched = fetcher().fetch(&site.url(path), &Ask::default()).await.unwrap();
        assert_eq!(document(&fetched).bytes, FEED.as_bytes(), "{path}");
    }
}

#[tokio::test]
async fn a_feed_that_breaks_off_keeps_its_whole_entries_and_no_validators() {
    let half = FEED.replace("</channel></rss>", "<item><title>High Tide: 2/5</title><description>It was the but");
    let site = Site::start(move |asked| match asked.path.as_str() {
        "/feed" => Reply::document("application/rss+xml", half.clone()).broken_off(500).with("etag", "\"a\""),
        _ => Reply::document("text/html", "<html><p>Half a rev").broken_off(500),
    })
    .await;
    let fetched = fetcher().fetch_feed(&site.url("/feed"), &Ask::default()).await.unwrap();
    assert!(fetched.cut && fetched.validators.is_empty());
    let titles: Vec<_> =
        read::entries(document(&fetched)).unwrap().into_iter().filter_map(|entry| entry.title).collect();
    assert_eq!((titles[0].as_str(), titles.len(), site.asked().len()), ("Low Tide: 4/5", 1, 2));
    let error = fetcher().fetch(&site.url("/page"), &Ask::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Network { .. }), "half a page is worth nothing: {error}");
}

#[tokio::test]
async fn only_the_ports_of_the_web_are_connected_to() {
    let site = Site::start(|_| rss()).await;
    let somewhere = |_: &str| -> Vec<IpAddr> { vec!["127.0.0.1".parse().unwrap()] };
    let guard = Guard::new(vec![Allow::parse("127.0.0.0/8").unwrap()]);
    let lookup = Lookup::Scripted(Arc::new(somewhere));
    let fetcher = Fetcher::new(policy(), guard, lookup, Clock::manual(NOW.parse().unwrap())).unwrap();
    let url = format!("http://name.example:{}/", site.address.port());
    let error = fetcher.fetch(&url, &Ask::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Refused { .. }) && error.to_string().contains("collect.ports"), "{error}");
    let to = url.clone();
    let outer = Site::start(move |_| Reply::redirect(302, &to)).await;
    let error = fetcher.fetch(&outer.url("/"), &Ask::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Refused { .. }), "{error}");
    assert_eq!((site.asked().len(), outer.asked().len()), (0, 1));
}

#[tokio::test]
async fn a_hub_is_reached_through_the_same_guard_and_no_redirect_is_followed() {
    let inner = Site::start(|_| Reply::status(202)).await;
    let to = inner.url("/hub");
    let hub = Site::start(move |asked| match asked.path.as_str() {
        "/moved" => Reply::redirect(307, &to),
        _ => Reply::status(202),
    })
    .await;
    let url = |text: String| url::Url::parse(&text).unwrap();
    let fields = [("hub.mode", "subscribe"), ("hub.topic", "https://a.example/?x=1&y=2")];
    assert_eq!(fetcher().post(&url(hub.url("/")), &fields).await.unwrap().0, 202);
    assert_eq!(hub.asked()[0].field("hub.topic").as_deref(), Some("https://a.example/?x=1&y=2"));
    assert_eq!(fetcher().post(&url(hub.url("/moved")), &fields).await.unwrap().0, 307);
    for closed in ["http://[::ffff:10.0.0.1]/", "http://169.254.169.254/", "file:///etc/passwd"] {
        let error = fetcher().post(&url(closed.to_owned()), &fields).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused { .. }), "{closed}: {error}");
    }
    assert_eq!(inner.asked().len(), 0);
}

#[tokio::test]
async fn gone_busy_and_challenged_are_told_apart() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/gone" => Reply::status(410),
        "/busy" => Reply::status(429).with("retry-after", "600"),
        "/down" => Reply::status(503).with("retry-after", "Sat, 09 May 2026 13:00:00 GMT"),
        "/wall" => Reply::status(403).with("cf-mitigated", "challenge"),
        _ => Reply::status(404),
    })
    .await;
    let fetcher = fetcher();
    let mut found = Vec::new();
    for path in ["/gone", "/busy", "/down", "/wall", "/none"] {
        let error = fetcher.fetch(&site.url(path), &Ask::default()).await.unwrap_err();
        found.push(match error {
            FetchError::Gone { .. } => "gone".to_owned(),
            FetchError::Busy { status, next_poll_after, .. } => format!("{status} {}", next_poll_after.unwrap()),
            FetchError::Challenge { .. } => "challenge".to_owned(),
            FetchError::Status { status, .. } => status.to_string(),
            other => other.to_string(),
        });
    }
    assert_eq!(found, ["gone", "429 2026-05-09T12:10:00Z", "503 2026-05-09T13:00:00Z", "challenge", "404"]);
}

#[tokio::test]
async fn a_page_in_place_of_a_feed_leads_to_the_feed_that_it_names() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/" => Reply::document(
            "text/html",
            "<html><head><link rel=alternate type='application/rss+xml' href=/feed></head>",
        ),
        "/feed" => rss(),
        _ => Reply::document("text/html; charset=utf-8", "<html><body>No feed here.</body></html>"),
    })
    .await;
    let fetcher = fetcher();
    let fetched = fetcher.fetch_feed(&site.url("/"), &Ask::default()).await.unwrap();
    assert_eq!(fetched.discovered.as_ref().map(url::Url::path), Some("/feed"));
    assert_eq!(document(&fetched).source, site.url("/"));
    assert_eq!(read::entries(document(&fetched)).unwrap().len(), 1);
    let error = fetcher.fetch_feed(&site.url("/bare"), &Ask::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::NoFeed { .. }), "{error}");
}

#[tokio::test]
async fn the_charset_of_the_answer_is_heeded() {
    let site = Site::start(|_| {
        let feed = FEED.replace("Low Tide", "Прилив");
        let (bytes, _, _) = encoding_rs::KOI8_R.encode(&feed);
        Reply::document("text/xml; charset=koi8-r", bytes.into_owned())
    })
    .await;
    let fetched = fetcher().fetch(&site.url("/feed"), &Ask::default()).await.unwrap();
    let entries = read::entries(document(&fetched)).unwrap();
    assert_eq!(entries[0].title.as_deref(), Some("Прилив: 4/5"));
}

#[tokio::test]
async fn no_name_leads_to_an_address_that_is_not_public() {
    let site = Site::start(|_| rss()).await;
    for address in [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
    ] {
        let answer = move |_: &str| -> Vec<IpAddr> { vec![address.parse().unwrap()] };
        let fetcher = fetcher_with(&[], Lookup::Scripted(Arc::new(answer)));
        let url = format!("http://name.example:{}/", site.address.port());
        let error = fetcher.fetch(&url, &Ask::default()).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused { .. }), "{address}: {error}");
    }
    assert_eq!(site.asked().len(), 0);
}

#[tokio::test]
async fn a_name_of_the_machine_itself_is_no_way_in() {
    let site = Site::start(|_| rss()).await;
    let port = site.address.port();
    for host in ["localhost", "LOCALHOST", "localhost.", "user:secret@127.0.0.1", "127.0.0.1.", "%6c%6f%63alhost"] {
        let url = format!("http://{host}:{port}/");
        let fetcher = fetcher_with(&[], Lookup::System);
        let Err(error) = fetcher.fetch(&url, &Ask::default()).await else { panic!("{url}") };
        assert!(matches!(error, FetchError::Refused { .. } | FetchError::Network { .. }), "{url}: {error}");
    }
    assert_eq!(site.asked().len(), 0);
}

#[tokio::test]
async fn owners_of_feeds_can_count_their_readers() {
    let site = Site::start(|_| rss()).await;
    let ask = Ask { subscribers: Some(12), ..Ask::default() };
    fetcher().fetch(&site.url("/"), &ask).await.unwrap();
    let agent = site.asked()[0].header("user-agent").unwrap().to_owned();
    assert!(agent.ends_with("(+https://digest.example; 12 subscribers)"), "{agent}");
}
