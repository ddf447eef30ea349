//! The parts that `benches/delivery.py` measures with: a fast mail sink, a plain lettre loop, and Pullquote's own
//! worker on an issue frozen for many. Not for anything else.
//!
//! ```text
//! measure_delivery sink PORT                          take mail as fast as one can, keep nothing
//! measure_delivery lettre PORT CONNECTIONS MESSAGES OCTETS   lettre's own connections and `send`, one after the other
//! measure_delivery freeze FOLDER STORE RECIPIENTS     make a house and freeze an issue for so many
//! measure_delivery drain FOLDER STORE SMTP CONNECTIONS   deliver it
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be made should stop")]

use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use jiff::Timestamp;
use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{client::AsyncSmtpConnection, extension::ClientId},
};
use pullquote::{
    app::{
        App,
        collect::{self, Occasion},
        compose::{self, Booking, Wish},
        deliver,
    },
    clock::Clock,
    model::{EmailAddress, Subscriber, SubscriberState},
    render::mail,
    settings,
    store::{issues::Frozen, subscribers, subscribers::StoredSubscriber},
};
use tokio_util::sync::CancellationToken;

/// Reviews of the issue that is measured: about 37 kB on the wire.
const REVIEWS: usize = 16;

const DIGEST: &str = r#"
title = "Friday Reviews"
schedule = "every Friday at 08:00"
[[source]]
folder = "club"
name = "The Club"
[select]
maximum = 16
per_source = 16
[quote]
max_chars = 320
[email]
from = "Film Club <digest@example.org>"
"#;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = || tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match args.as_slice() {
        ["sink", port] => sink(port.parse().unwrap()),
        ["lettre", port, connections, messages, octets] => {
            let (port, octets) = (port.parse().unwrap(), octets.parse().unwrap());
            let (connections, messages) = (connections.parse().unwrap(), messages.parse().unwrap());
            runtime().block_on(lettre_loop(port, connections, messages, octets));
        }
        ["freeze", folder, store, recipients] => {
            runtime().block_on(freeze(Path::new(folder), store, recipients.parse().unwrap()));
        }
        ["drain", folder, store, smtp, connections] => {
            runtime().block_on(drain(Path::new(folder), store, smtp, connections));
        }
        _ => panic!("see the first lines of examples/measure_delivery.rs"),
    }
}

/// What a measurement came to, as one line of JSON.
fn report(what: &str, messages: u64, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    let (user, system) = cpu_seconds();
    let rate = messages as f64 / seconds;
    let cpu_us = (user + system) * 1e6 / messages as f64;
    println!(
        "{{\"what\":\"{what}\",\"messages\":{messages},\"seconds\":{seconds:.3},\"per_second\":{rate:.0},\
         \"cpu_us_each\":{cpu_us:.1},\"user_s\":{user:.2},\"system_s\":{system:.2},\"peak_mb\":{:.1}}}",
        peak_kb() as f64 / 1024.0
    );
}

/// User and system time of this process.
fn cpu_seconds() -> (f64, f64) {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    (fields[11].parse::<f64>().unwrap() / TICKS, fields[12].parse::<f64>().unwrap() / TICKS)
}

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Takes mail on a thread a connection, and looks at nothing but commands and the end of messages.
fn sink(port: u16) {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let taken = Arc::new(AtomicU64::new(0));
    for stream in listener.incoming() {
        let (stream, taken) = (stream.unwrap(), Arc::clone(&taken));
        std::thread::spawn(move || {
            // A client that goes away ends its thread.
            let _ = converse(stream, &taken);
        });
    }
}

fn converse(mut stream: TcpStream, taken: &AtomicU64) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.write_all(b"220 sink\r\n")?;
    let end = memchr::memmem::Finder::new(b"\r\n.\r\n");
    let mut buffer = vec![0; 1 << 18];
    let (mut start, mut filled, mut in_message) = (0, 0, false);
    let mut replies = Vec::new();
    loop {
        // Handle what is there, and answer it all at once.
        loop {
            let rest = &buffer[start..filled];
            if in_message {
                let Some(at) = end.find(rest) else {
                    // The end may be split: keep its possible beginning.
                    start = filled - rest.len().min(4);
                    break;
                };
                start += at + 5;
                in_message = false;
                taken.fetch_add(1, Ordering::Relaxed);
                replies.extend_from_slice(b"250 2.0.0 Ok: queued as 4ZkQ1P2Lx1z9rVq\r\n");
                continue;
            }
            let Some(line_end) = memchr::memchr(b'\n', rest) else { break };
            let line = &rest[..line_end];
            start += line_end + 1;
            match line.get(..4).unwrap_or_default() {
                b"EHLO" => replies.extend_from_slice(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"),
                b"DATA" => {
                    in_message = true;
                    // The line end before a lone dot may be that of this command.
                    replies.extend_from_slice(b"354 go on\r\n");
                }
                b"QUIT" => {
                    replies.extend_from_slice(b"221 bye\r\n");
                    return stream.write_all(&replies);
                }
                _ => replies.extend_from_slice(b"250 ok\r\n"),
            }
        }
        if !replies.is_empty() {
            stream.write_all(&replies)?;
            replies.clear();
        }
        buffer.copy_within(start..filled, 0);
        (start, filled) = (0, filled - start);
        let read = stream.read(&mut buffer[filled..])?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
    }
}

/// As a program would that uses lettre without further thought: a connection each, `send` after `send`.
async fn lettre_loop(port: u16, connections: u64, messages: u64, octets: usize) {
    const LINE: &str = "A line of the letter, of a common length, to fill it up.\r\n";
    let message = Arc::new("Subject: Friday\r\n\r\n".to_owned() + &LINE.repeat(octets / LINE.len()));
    let started = Instant::now();
    let loops = (0..connections).map(|_| {
        let message = Arc::clone(&message);
        tokio::spawn(async move {
            let hello = ClientId::default();
            let mut smtp =
                AsyncSmtpConnection::connect_tokio1(("127.0.0.1", port), None, &hello, None, None).await.unwrap();
            let address = |text: &str| text.parse::<Address>().unwrap();
            for n in 0..messages / connections {
                let to = vec![address(&format!("reader{n}@example.org"))];
                let envelope = Envelope::new(Some(address("digest@example.org")), to).unwrap();
                smtp.send(&envelope, message.as_bytes()).await.unwrap();
            }
        })
    });
    for one in loops.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    report("lettre", messages / connections * connections, started);
}

async fn open(folder: &Path, store: &str, smtp: &str, connections: &str) -> Arc<App> {
    let place = |inside: &str| folder.join(inside).display().to_string();
    let env = [
        ("PATHS__DATA", place("data")),
        ("PATHS__DIGESTS", place("digests")),
        ("STORE__URL", store.to_owned()),
        ("SMTP__URL", smtp.to_owned()),
        ("SMTP__CONNECTIONS", connections.to_owned()),
        ("PUBLIC_URL", "https://reviews.example.org/".to_owned()),
    ];
    let env = env.map(|(key, value)| (format!("PULLQUOTE__{key}"), value));
    let empty = folder.join("empty.toml");
    let settings = settings::load(Some(&empty), env.into_iter()).unwrap();
    let digests = settings::load_digests(&settings.paths.digests).unwrap();
    App::open(settings, digests, Clock::System).await.unwrap()
}

/// A review long enough to be quoted at length, and like no other: else it would be taken for the same text, met twice.
fn review(n: u64) -> String {
    const ADJECTIVES: [&str; 11] =
        ["patient", "odd", "tender", "noisy", "splendid", "dry", "crooked", "bright", "stubborn", "slow", "graceful"];
    const NOUNS: [&str; 13] = [
        "editing",
        "camera",
        "cast",
        "dialogue",
        "score",
        "script",
        "direction",
        "costume",
        "pacing",
        "finale",
        "humour",
        "light",
        "opening",
    ];
    let mut dice = n + 1;
    let mut pick = |words: &[&'static str]| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        words[(dice >> 33) as usize % words.len()]
    };
    let mut body = String::new();
    for _ in 0..14 {
        let (noun, one, other) = (pick(&NOUNS), pick(&ADJECTIVES), pick(&ADJECTIVES));
        let (second, best) = (pick(&NOUNS), pick(&NOUNS));
        let _ = write!(
            body,
            "The {noun} is {one}, {other} and wonderful, the {second} feels new, and the {best} is the best that I have seen. "
        );
    }
    format!(
        "---\ntitle: Film Number {n}\nkind: film\nreviewer: Critic {n} of the Gazette\ndate: 2026-11-20\nrating: 8/10\n---\n\n{body}\n"
    )
}

async fn freeze(folder: &Path, store: &str, recipients: i64) {
    let club: PathBuf = folder.join("digests/club");
    std::fs::create_dir_all(&club).unwrap();
    std::fs::write(folder.join("empty.toml"), "").unwrap();
    std::fs::write(folder.join("digests/friday.toml"), DIGEST).unwrap();
    for n in 0..REVIEWS as u64 {
        std::fs::write(club.join(format!("{n}.txt")), review(n)).unwrap();
    }
    let app = open(folder, store, "smtp://127.0.0.1:9", "1").await;
    let now = Timestamp::now();
    let mut id = 0;
    while id < recipients {
        let some = (id + 1..=(id + 10_000).min(recipients)).map(|id| StoredSubscriber {
            subscriber: Subscriber {
                id,
                digest: "friday".to_owned(),
                cadence: String::new(),
                email: EmailAddress::parse(&format!("reader{id}@example.org")).unwrap(),
                name: None,
                state: SubscriberState::Active,
                created_at: now,
                confirmed_at: Some(now),
                left_at: None,
            },
            confirm_sent_at: None,
        });
        subscribers::put(&app.db, &some.collect::<Vec<_>>()).await.unwrap();
        id += 10_000;
    }
    collect::collect(&app, None, Occasion::Wanted, |_| ()).await.unwrap();
    let digest = app.digest("friday").unwrap();
    let started = Instant::now();
    let frozen = compose::freeze(&app, &digest, &Wish::default(), &Booking::default()).await.unwrap();
    let Frozen::Issue { issue, .. } = frozen else { panic!("no issue: {frozen:?}") };
    assert_eq!(issue.quoted(), REVIEWS, "{:?}", issue.dropped);
    let prepared = mail::prepare(&issue, &digest.email.clone().unwrap(), &app.site).unwrap();
    let to = EmailAddress::parse("reader1@example.org").unwrap();
    let octets = prepared.for_recipient(&to, None, mail::TOKEN_PLACEHOLDER).unwrap().len();
    println!("{{\"what\":\"freeze\",\"octets\":{octets},\"seconds\":{:.3}}}", started.elapsed().as_secs_f64());
    app.db.clone().close().await;
}

async fn drain(folder: &Path, store: &str, smtp: &str, connections: &str) {
    let app = open(folder, store, smtp, connections).await;
    let issue = pullquote::store::issues::get(&app.db, "friday", 1).await.unwrap().unwrap().issue;
    let before = pullquote::store::ledger::books(&app.db, &issue.digest, issue.number).await.unwrap();
    let started = Instant::now();
    let drained = deliver::drain(&app, &issue, CancellationToken::new(), |_| ()).await.unwrap();
    let books = drained.books.unwrap();
    assert!(books.balance() && books.failed + books.uncertain + books.excluded == 0, "{books:?} {:?}", drained.halted);
    report("pullquote", books.sent - before.sent, started);
    app.db.clone().close().await;
}
