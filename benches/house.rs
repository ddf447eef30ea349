//! What the house costs, room by room, on the shipped example and on inputs made here: `cargo bench`.
//!
//! Figures depend on the machine; compare two runs on one machine, or the rows of one run.

#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up is no bench")]

use std::{fmt::Write as _, fs, path::Path, sync::LazyLock};

use divan::{Bencher, black_box, counter::BytesCount, counter::ItemsCount};
use jiff::Timestamp;
use pullquote::{
    compose::{self, Candidate, Ingredients, Outcome, Standing},
    deliver::dkim,
    model::{Digest, EmailAddress, Issue, Review, Window, digest::file, schedule::Schedule},
    quote,
    read::{self, Document},
    render::{Site, feed, mail},
    settings::DkimKey,
};

fn main() {
    divan::main();
}

/// The reviews of the shipped example, as documents.
static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("digests/weekend-shelf");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let document = |path: &std::path::PathBuf| Document {
        source: path.file_name().unwrap().to_string_lossy().into_owned(),
        url: None,
        content_type: None,
        bytes: fs::read(path).unwrap(),
    };
    paths.iter().map(document).collect()
});

static REVIEWS: LazyLock<Vec<Review>> =
    LazyLock::new(|| DOCUMENTS.iter().flat_map(|document| read::read(document).unwrap().reviews).collect());

static DIGEST: LazyLock<Digest> = LazyLock::new(|| {
    let text = include_str!("../digests/weekend.toml");
    file::parse("weekend.toml", "weekend", text).unwrap()
});

static ISSUE: LazyLock<Issue> = LazyLock::new(|| {
    let (from, until) = (Timestamp::from_second(0).unwrap(), Timestamp::from_second(100).unwrap());
    let candidate = |review: &Review| Candidate {
        choice: quote::choose(review, 300),
        work_slug: None,
        locator: "weekend-shelf".into(),
        source_name: "Shelf Notes".into(),
        standing: Standing { arrived_at: from, seeded: false, featured_at: None, used_at: None },
        picked: false,
        review: review.clone(),
    };
    let ingredients = Ingredients {
        digest: &DIGEST,
        number: 1,
        window: Window { from, until },
        composed_at: until,
        note: None,
        candidates: REVIEWS.iter().map(candidate).collect(),
    };
    let Outcome::Issue(issue) = compose::compose(ingredients) else { panic!("the example makes no issue") };
    *issue
});

fn site() -> Site {
    Site::new("https://reviews.example.org/".parse().unwrap()).unwrap()
}

/// A feed of a hundred entries with the example's reviews in them.
static FEED: LazyLock<Document> = LazyLock::new(|| {
    let mut items = String::new();
    for at in 0..100 {
        let review = &REVIEWS[at % REVIEWS.len()];
        let body: String = review.body.as_str().split("\n\n").fold(String::new(), |mut html, paragraph| {
            let _ = write!(html, "<p>{paragraph}</p>");
            html
        });
        let title = review.work.title.as_deref().unwrap_or("A film");
        let _ = write!(
            items,
            "<item><title>{title} (1999) - Review</title><link>https://example.org/{at}</link>\
             <guid isPermaLink=\"false\">review-{at}</guid><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate>\
             <content:encoded><![CDATA[{body}]]></content:encoded></item>"
        );
    }
    let text = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\
         <channel><title>Reviews</title><link>https://example.org/</link>{items}</channel></rss>"
    );
    Document { source: "feed.xml".into(), url: None, content_type: None, bytes: text.into_bytes() }
});

/// A feed of 167 KB as blog software writes it.
static BLOG: LazyLock<Document> = LazyLock::new(|| {
    let reviews = REVIEWS.iter().filter(|review| review.body.len() > 200);
    let paragraphs: Vec<&str> = reviews.flat_map(|review| review.body.as_str().split("\n\n")).collect();
    let mut items = String::new();
    let mut at = 0;
    while items.len() < 166_000 {
        let mut html = format!(
            "<figure class=\"wide\"><img src=\"https://example.org/{at}.jpg\" width=\"600\" alt=\"\"/></figure>"
        );
        for paragraph in paragraphs.iter().cycle().skip(at * 5).take(8) {
            let _ = writeln!(
                html,
                "<p>{paragraph} <a href=\"https://example.org/{at}?a=1&amp;b=2\">more</a> it&#8217;s <em>so</em>.</p>"
            );
        }
        let _ = writeln!(
            items,
            "<item>\n<title>Low Tide {at} (1999) &#8211; Review</title>\n<link>https://example.org/{at}/</link>\n\
             <dc:creator><![CDATA[Ann Lee]]></dc:creator>\n<pubDate>Fri, 20 Nov 2026 08:00:00 +0000</pubDate>\n\
             <category><![CDATA[Film reviews]]></category><category><![CDATA[Sea]]></category>\n\
             <guid isPermaLink=\"false\">https://example.org/?p={at}</guid>\n<slash:comments>3</slash:comments>\n\
             <description><![CDATA[{} [&#8230;]]]></description>\n<content:encoded><![CDATA[{html}<p>Rating: 4/5</p>]]></content:encoded>\n\
             <media:content url=\"https://example.org/{at}.jpg\" medium=\"image\"><media:title type=\"html\">x</media:title></media:content>\n</item>",
            paragraphs[at % paragraphs.len()]
        );
        at += 1;
    }
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\" \
         xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>Ann's reviews</title><link>https://example.org/</link>{items}\
         </channel></rss>"
    );
    Document { source: "blog.xml".into(), url: None, content_type: None, bytes: text.into_bytes() }
});

#[divan::bench]
fn read_entries_of_a_blog_of_167_kb(bencher: Bencher) {
    bencher.counter(BytesCount::new(BLOG.bytes.len())).bench(|| read::entries(black_box(&BLOG)).unwrap());
}

/// For comparison: what the crate that writes our feeds takes to read the same one.
#[divan::bench]
fn read_a_blog_of_167_kb_by_the_rss_crate(bencher: Bencher) {
    let bytes = BLOG.bytes.as_slice();
    bencher.counter(BytesCount::new(bytes.len())).bench(|| rss::Channel::read_from(black_box(bytes)).unwrap());
}

#[divan::bench]
fn read_reviews_of_a_blog_of_167_kb(bencher: Bencher) {
    bencher.counter(BytesCount::new(BLOG.bytes.len())).bench(|| read::read(black_box(&BLOG)).unwrap());
}

#[divan::bench]
fn read_texts_and_pages(bencher: Bencher) {
    bencher.counter(ItemsCount::new(DOCUMENTS.len())).bench(|| {
        for document in DOCUMENTS.iter() {
            black_box(read::read(document).unwrap());
        }
    });
}

#[divan::bench]
fn read_feed_entries(bencher: Bencher) {
    bencher.counter(BytesCount::new(FEED.bytes.len())).bench(|| read::entries(black_box(&FEED)).unwrap());
}

#[divan::bench]
fn read_feed_reviews(bencher: Bencher) {
    bencher.counter(ItemsCount::new(100usize)).bench(|| read::read(black_box(&FEED)).unwrap());
}

#[divan::bench]
fn choose_quotes(bencher: Bencher) {
    bencher.counter(ItemsCount::new(REVIEWS.len())).bench(|| {
        for review in REVIEWS.iter() {
            black_box(quote::choose(review, 300));
        }
    });
}

#[divan::bench]
fn agree_on_a_work(bencher: Bencher) {
    let reviews: Vec<&Review> = REVIEWS.iter().collect();
    bencher.bench(|| quote::agree(black_box(&reviews)));
}

#[divan::bench]
fn prepare_a_mail(bencher: Bencher) {
    let (site, style) = (site(), DIGEST.email.clone().unwrap());
    bencher.bench(|| mail::prepare(black_box(&ISSUE), &style, &site).unwrap());
}

#[divan::bench]
fn write_the_mail_of_one_recipient(bencher: Bencher) {
    let (site, style) = (site(), DIGEST.email.clone().unwrap());
    let prepared = mail::prepare(&ISSUE, &style, &site).unwrap();
    let to = EmailAddress::parse("reader@example.org").unwrap();
    bencher.bench(|| prepared.for_recipient(&to, None, mail::TOKEN_PLACEHOLDER).unwrap());
}

/// What DKIM adds to a mail for one recipient: the rest of the body's hash, the headers, the signature.
#[divan::bench(args = [dkim::Kind::Ed25519, dkim::Kind::Rsa])]
fn sign_a_mail(bencher: Bencher<'_, '_>, kind: dkim::Kind) {
    let style = DIGEST.email.clone().unwrap();
    let site = Site::new("https://reviews.example.org/".parse().unwrap()).unwrap();
    let prepared = mail::prepare(&ISSUE, &style, &site).unwrap();
    let key = std::env::temp_dir().join(format!("pullquote-bench-{}-{}.pem", kind.as_str(), std::process::id()));
    fs::write(&key, dkim::generate(kind).unwrap()).unwrap();
    let setting = DkimKey::parse(&format!("example.org:s:{}", key.display())).unwrap();
    let signers = dkim::Signers::load(&[setting]).unwrap();
    fs::remove_file(&key).unwrap();
    let body = dkim::Body::new(prepared.body());
    let to = EmailAddress::parse("ann@example.org").unwrap();
    let message = String::from_utf8(prepared.for_recipient(&to, None, mail::TOKEN_PLACEHOLDER).unwrap()).unwrap();
    bencher.with_inputs(|| message.clone()).bench_local_values(|mut message| {
        signers.sign(&mut message, &body.hash(mail::TOKEN_PLACEHOLDER), Timestamp::UNIX_EPOCH).unwrap();
        message
    });
}

#[divan::bench]
fn render_the_feed(bencher: Bencher) {
    let (site, meta) = (site(), feed::FeedMeta::from(&*DIGEST));
    let issues = vec![ISSUE.clone(); 20];
    bencher.bench(|| feed::rss(&meta, black_box(&issues), &site).unwrap());
}

#[divan::bench]
fn next_due(bencher: Bencher) {
    let schedule = Schedule::parse("first Saturday of the month at 9").unwrap();
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    bencher.bench(|| schedule.next_due(&zone, black_box(Timestamp::UNIX_EPOCH)));
}
