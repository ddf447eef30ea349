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
    collect::{FetchError, Fetched, Fetcher, Guard, Outcome, Policy, Validators, guard::Lookup},
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
    let guard = Guard::new(allowed.iter().map(|text| Allow::parse(text).unwrap()).collect());
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
    let first = fetcher.fetch(&site.url("/feed"), &Validators::default()).await.unwrap();
    let second = fetcher.fetch(&site.url("/feed"), &first.validators).await.unwrap();
    assert!(matches!(second.outcome, Outcome::Unchanged));
    assert_eq!(second.validators, first.validators);
    assert_eq!(second.next_poll_after.unwrap().to_string(), "2026-05-09T12:01:00Z");
    assert_eq!(site.asked()[0].header("if-none-match"), None);
}

#[tokio::test]
async fn a_200_overwrites_both_validators_also_with_nothing() {
    let site = Site::start(|_| rss().with("etag", "\"new\"")).await;
    let old = Validators { etag: Some("\"old\"".into()), last_modified: Some("x".into()), url: None };
    let fetched = fetcher().fetch(&site.url("/feed"), &old).await.unwrap();
    assert_eq!((fetched.validators.etag.as_deref(), fetched.validators.last_modified), (Some("\"new\""), None));
}

#[tokio::test]
async fn a_request_says_who_asks_and_nothing_more() {
    let site = Site::start(|_| rss().with("set-cookie", "a=b")).await;
    let fetcher = fetcher();
    for _ in 0..2 {
        fetcher.fetch(&site.url("/feed"), &Validators::default()).await.unwrap();
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
    let fetched = fetcher().fetch(&site.url("/old"), &Validators::default()).await.unwrap();
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
            tokio::spawn(async move { fetcher.fetch_feed(&url, &Validators::default()).await })
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
    let error = fetcher().fetch(&site.url("/"), &Validators::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Redirect { .. }), "{error}");
    assert_eq!(site.asked().len(), 6);
}

#[tokio::test]
async fn validators_of_one_address_are_not_sent_to_another() {
    let site = Site::start(|asked| if asked.path == "/moved" { Reply::redirect(301, "/feed") } else { rss() }).await;
    let of = |url: String| Validators { etag: Some("\"a\"".into()), last_modified: None, url: Some(url) };
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
        let error = fetcher.fetch(&format!("http://{host}:{port}/"), &Validators::default()).await.unwrap_err();
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
        let error = fetcher().fetch(&site.url("/"), &Validators::default()).await.unwrap_err();
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
    fetcher.fetch(&url, &Validators::default()).await.unwrap();
    let error = fetcher.fetch(&url, &Validators::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Refused { .. }), "{error}");
    assert_eq!(asked.load(Ordering::SeqCst), 2, "one question a connection: what was checked is connected to");
}

#[tokio::test]
async fn of_a_names_addresses_only_the_open_ones_are_connected_to() {
    let site = Site::start(|_| rss()).await;
    let both = |_: &str| -> Vec<IpAddr> { vec!["10.0.0.1".parse().unwrap(), "127.0.0.1".parse().unwrap()] };
    let fetcher = fetcher_with(&["127.0.0.1"], Lookup::Scripted(Arc::new(both)));
    let url = format!("http://mixed.example:{}/", site.address.port());
    fetcher.fetch(&url, &Validators::default()).await.unwrap();
    assert_eq!(site.asked().len(), 1);
}

#[tokio::test]
async fn compression_is_undone_and_a_bomb_is_cut_off() {
    let site = Site::start(|asked| {
        let body = if asked.path == "/bomb" { site::gzip_bomb(50_000_000) } else { site::gzip_stored(FEED.as_bytes()) };
        Reply::document("application/xml", body).with("content-encoding", "gzip")
    })
    .await;
    let fetched = fetcher().fetch(&site.url("/feed"), &Validators::default()).await.unwrap();
    assert_eq!(document(&fetched).bytes, FEED.as_bytes());
    let error = fetcher().fetch(&site.url("/bomb"), &Validators::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit: 1_000_000, .. }), "{error}");
    assert_eq!(site.asked().len(), 2);
}

#[tokio::test]
async fn broken_compression_is_asked_for_once_more_without() {
    let broken = |asked: &Asked| match asked.header("accept-encoding") {
        Some("identity") => rss(),
        _ => rss().with("content-encoding", "gzip"),
    };
    let site = Site::start(broken).await;
    let fetched = fetcher().fetch(&site.url("/feed"), &Validators::default()).await.unwrap();
    assert_eq!(document(&fetched).bytes, FEED.as_bytes());
    assert_eq!(site.asked().len(), 2);
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
        let error = fetcher.fetch(&site.url(path), &Validators::default()).await.unwrap_err();
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
    let fetched = fetcher.fetch_feed(&site.url("/"), &Validators::default()).await.unwrap();
    assert_eq!(fetched.discovered.as_ref().map(url::Url::path), Some("/feed"));
    assert_eq!(document(&fetched).source, site.url("/"));
    assert_eq!(read::entries(document(&fetched)).unwrap().len(), 1);
    let error = fetcher.fetch_feed(&site.url("/bare"), &Validators::default()).await.unwrap_err();
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
    let fetched = fetcher().fetch(&site.url("/feed"), &Validators::default()).await.unwrap();
    let entries = read::entries(document(&fetched)).unwrap();
    assert_eq!(entries[0].title.as_deref(), Some("Прилив: 4/5"));
}
