//! The promise: where a feed names a hub and the hub can reach us, news comes at once; what a hub says is never
//! taken for the critic's words, and without it polling goes on.

use std::sync::{Arc, Mutex};

use hmac::{Hmac, Mac as _};
use jiff::{SignedDuration, Span};
use pullquote::{
    app::{
        App,
        collect::{self, Occasion},
        sources,
    },
    store::{
        reviews,
        sources::hubs::{self, State, Subscription},
    },
};
use sha2::Sha256;

use crate::{
    house::{Door, House, praise},
    site::{Reply, Site},
};

struct Stage {
    house: House,
    app: Arc<App>,
    hub: Site,
    site: Site,
    /// How many reviews the feed has.
    reviews: Arc<Mutex<usize>>,
}

/// A house that reads one feed, which names a hub that answers `status`.
async fn stage(status: u16, public_url: &str) -> Stage {
    let hub = Site::start(move |_| Reply::status(status)).await;
    let reviews = Arc::new(Mutex::new(1));
    let (named, count) = (hub.url("/hub"), Arc::clone(&reviews));
    let site = Site::start(move |_| {
        let items: String = (0..*count.lock().unwrap())
            .map(|n| {
                let title = format!("Review: Work {n} (2024) 8/10");
                format!("<item><title>{title}</title><guid>r{n}</guid><description>{}</description></item>", praise(n))
            })
            .collect();
        let body = format!(
            "<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Film reviews</title>\
             <atom:link rel='hub' href='{named}'/>{items}</channel></rss>"
        );
        Reply::document("application/rss+xml", body).with("cache-control", "max-age=36000")
    })
    .await;
    let mut house = House::empty();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    house.set("COLLECT__SPACING", "0s");
    house.set("PUBLIC_URL", public_url);
    house.digest("daily", &format!("title = \"Daily\"\n[[source]]\nfeed = \"{}\"\n", site.url("/feed")));
    let app = house.open().await;
    routine(&app).await;
    Stage { house, app, hub, site, reviews }
}

const PUBLIC: &str = "https://reviews.example.org/";

async fn routine(app: &Arc<App>) {
    collect::collect(app, None, Occasion::Routine, |_| ()).await.unwrap();
}

impl Stage {
    async fn subscription(&self) -> Subscription {
        hubs::get(&self.app.db, &self.site.url("/feed")).await.unwrap().unwrap()
    }

    /// The hub comes to verify.
    async fn verify(&self, door: &Door, query: &str) -> (u16, String) {
        let token = self.subscription().await.token;
        let answer = door.get(&format!("/websub/{token}?{query}")).await;
        (answer.status, answer.body)
    }

    fn topic(&self) -> String {
        url::form_urlencoded::byte_serialize(self.site.url("/feed").as_bytes()).collect()
    }

    fn subscribing(&self) -> String {
        format!("hub.mode=subscribe&hub.topic={}&hub.challenge=c-1%3Cb%3E&hub.lease_seconds=864000", self.topic())
    }

    /// The hub tells of news.
    async fn push(&self, door: &Door, signed_with: &str, body: &str) -> u16 {
        let mut mac = Hmac::<Sha256>::new_from_slice(signed_with.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let signature = format!("sha256={hex}");
        let token = self.subscription().await.token;
        door.ask("POST", &format!("/websub/{token}"), &[("x-hub-signature", &signature)], body).await.status
    }
}

#[tokio::test]
async fn a_hub_that_a_feed_names_is_asked_verifies_and_its_news_come_at_once() {
    let stage = stage(202, PUBLIC).await;
    let asked = stage.hub.asked();
    assert_eq!((asked.len(), asked[0].method.as_str()), (1, "POST"));
    let field = |name: &str| asked[0].field(name).unwrap();
    let known = stage.subscription().await;
    assert_eq!((field("hub.mode").as_str(), field("hub.topic")), ("subscribe", stage.site.url("/feed")));
    assert_eq!(field("hub.callback"), format!("{PUBLIC}websub/{}", known.token));
    assert!(field("hub.secret").len() >= 32 && field("hub.secret") == known.secret);
    assert_eq!(known.state, State::Pending);

    let door = Door::open(&stage.app).await;
    let (status, challenge) = stage.verify(&door, &stage.subscribing()).await;
    assert_eq!((status, challenge.as_str()), (200, "c-1<b>"));
    let lease = stage.subscription().await.lease_until.unwrap();
    assert_eq!(lease.duration_since(stage.house.now()), SignedDuration::from_secs(864_000));

    // A push has the source asked before its max-age is over, and is itself not read.
    *stage.reviews.lock().unwrap() = 2;
    stage.house.wait(Span::new().minutes(10));
    routine(&stage.app).await;
    assert_eq!(stage.site.asked().len(), 1);
    let body = "<rss><channel><item><title>Review: Forged (2024)</title></item></channel></rss>";
    assert_eq!(stage.push(&door, &known.secret, body).await, 200);
    routine(&stage.app).await;
    assert_eq!(stage.site.asked().len(), 2);
    let titles: Vec<_> = reviews::newest(&stage.app.db, None, 10)
        .await
        .unwrap()
        .into_iter()
        .filter_map(|r| r.review.work.title)
        .collect();
    assert!(
        titles.iter().any(|title| *title == "Work 1") && !titles.iter().any(|title| title.contains("Forged")),
        "{titles:?}"
    );
    // A hub that never stops telling has it asked every five minutes at most.
    for _ in 0..30 {
        assert_eq!(stage.push(&door, &known.secret, body).await, 200);
        stage.house.wait(Span::new().minutes(1));
        routine(&stage.app).await;
    }
    assert!(stage.site.asked().len() <= 2 + 6, "{}", stage.site.asked().len());
}

#[tokio::test]
async fn what_is_not_rightly_signed_changes_nothing() {
    let stage = stage(202, PUBLIC).await;
    let door = Door::open(&stage.app).await;
    stage.verify(&door, &stage.subscribing()).await;
    stage.house.wait(Span::new().minutes(10));
    assert_eq!(stage.push(&door, "guessed", "<rss/>").await, 200, "the hub is not told what is wrong");
    let token = stage.subscription().await.token;
    assert_eq!(door.ask("POST", &format!("/websub/{token}"), &[], "<rss/>").await.status, 200);
    routine(&stage.app).await;
    assert_eq!((stage.site.asked().len(), stage.subscription().await.pushed_at), (1, None));
    assert_eq!(door.ask("POST", "/websub/unknown", &[], "<rss/>").await.status, 410);
}

#[tokio::test]
async fn nothing_is_confirmed_that_was_not_asked_for() {
    let stage = stage(202, PUBLIC).await;
    let door = Door::open(&stage.app).await;
    for query in [
        format!("hub.mode=unsubscribe&hub.topic={}&hub.challenge=x", stage.topic()),
        "hub.mode=subscribe&hub.topic=https%3A%2F%2Fother.example%2F&hub.challenge=x".to_owned(),
        format!("hub.mode=subscribe&hub.topic={}", stage.topic()),
        String::new(),
    ] {
        let (status, body) = stage.verify(&door, &query).await;
        assert!(status == 404 && body != "x", "{query}: {status} {body}");
    }
    assert_eq!(door.get(&format!("/websub/guessed?{}", stage.subscribing())).await.status, 404);
    assert_eq!(stage.subscription().await.state, State::Pending);
    stage.house.wait(Span::new().hours(25));
    assert_eq!(stage.verify(&door, &stage.subscribing()).await.0, 404, "the request is long past");
}

#[tokio::test]
async fn a_lease_is_renewed_before_it_ends_and_polling_goes_on_slower() {
    let stage = stage(202, PUBLIC).await;
    let door = Door::open(&stage.app).await;
    stage.verify(&door, &stage.subscribing()).await;
    for _ in 0..30 * 24 {
        stage.house.wait(Span::new().hours(1));
        let before = stage.hub.asked().len();
        routine(&stage.app).await;
        if stage.hub.asked().len() > before {
            assert_eq!(stage.verify(&door, &stage.subscribing()).await.0, 200);
            assert!(stage.subscription().await.is_live(stage.house.now()));
        }
    }
    let asked = stage.hub.asked();
    assert!((3..=5).contains(&asked.len()), "{} requests to the hub in thirty days", asked.len());
    assert!(asked.iter().all(|a| a.field("hub.secret") == asked[0].field("hub.secret")));
    // The usual interval is an hour, max-age ten.
    let polls = stage.site.asked().len();
    assert!((50..80).contains(&polls), "{polls}");
}

#[tokio::test]
async fn a_hub_that_refuses_costs_nothing_but_is_listed() {
    let stage = stage(503, PUBLIC).await;
    let row = sources::list(&stage.app, None).await.unwrap().remove(0);
    assert_eq!(row.state, sources::State::Fine);
    assert!(row.hub.unwrap().contains("503"));
    stage.house.wait(Span::new().hours(11));
    routine(&stage.app).await;
    assert_eq!((stage.hub.asked().len(), stage.site.asked().len()), (1, 2), "asked again after a day at the earliest");

    let denied = self::stage(202, PUBLIC).await;
    let door = Door::open(&denied.app).await;
    let query = format!("hub.mode=denied&hub.topic={}&hub.reason=no+room", denied.topic());
    assert_eq!(denied.verify(&door, &query).await.0, 200);
    let row = sources::list(&denied.app, None).await.unwrap().remove(0);
    assert!(row.hub.unwrap().contains("no room"));
}

#[tokio::test]
async fn no_hub_is_asked_where_it_could_not_reach_us() {
    for url in ["http://reviews.example.org/", "https://localhost/", "https://192.168.1.2/", "http://127.0.0.1:8080/"] {
        let stage = stage(202, url).await;
        assert_eq!((stage.hub.asked().len(), stage.site.asked().len()), (0, 1), "{url}");
    }
}

#[tokio::test]
async fn a_feed_cannot_send_us_to_ever_other_hubs() {
    let hub = Site::start(|_| Reply::status(202)).await;
    let (named, count) = (hub.url("/hub"), Arc::new(Mutex::new(0)));
    let site = Site::start(move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        let body = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='hub' href='{named}?{count}'/><entry><id>{count}</id></entry></feed>"
        );
        Reply::document("application/atom+xml", body)
    })
    .await;
    let mut house = House::empty();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    house.set("COLLECT__SPACING", "0s");
    house.digest("daily", &format!("title = \"Daily\"\n[[source]]\nfeed = \"{}\"\n", site.url("/feed")));
    let app = house.open().await;
    for _ in 0..72 {
        routine(&app).await;
        house.wait(Span::new().minutes(40));
    }
    assert!(site.asked().len() > 20);
    assert!(hub.asked().len() <= 2, "{}", hub.asked().len());
}
