//! A whole house in a folder of its own: digest files, reviews, database, Maildir, a clock that stands still,
//! and the site on a free port.

#![allow(dead_code, reason = "every test file uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up has failed")]

#[path = "database.rs"]
pub mod database;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
};

use database::{Sql, TestDatabase};
use jiff::{Span, Timestamp};
use pullquote::{
    app::{
        App,
        collect::{self, Occasion},
        compose::{self, Booking, Wish},
        deliver, subscribe,
    },
    clock::Clock,
    deliver::maildir,
    model::{Books, Digest, EmailAddress, Issue},
    schedule::run_due,
    settings::{self, Database},
    store::{issues::Frozen, ledger},
    subscribers::exchange::Row,
    web::{self, Web},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_util::sync::CancellationToken;

/// A Sunday noon.
pub const START: &str = "2026-11-22T12:00:00Z";

/// The name that most tests give their digest.
pub const FRIDAY: &str = "friday";

/// A digest that reads the folder `club` and mails.
pub const CLUB: &str = r#"
title = "Friday Reviews"
schedule = "every Friday at 08:00"
[[source]]
folder = "club"
name = "The Club"
[email]
from = "Film Club <digest@example.org>"
"#;

/// A folder with digest files and reviews, and what the environment says.
pub struct House {
    pub folder: TempDir,
    pub clock: Clock,
    database: Option<TestDatabase>,
    env: Vec<(String, String)>,
}

impl House {
    /// Without any digest.
    pub fn empty() -> Self {
        Self::empty_on(database::wants_postgres().then(TestDatabase::fresh))
    }

    /// Without any digest, on a database or else on a file inside.
    pub fn empty_on(database: Option<TestDatabase>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("digests")).unwrap();
        std::fs::write(folder.path().join("empty.toml"), "").unwrap();
        let mut house = Self { folder, clock: Clock::manual(at(START)), database: None, env: Vec::new() };
        for (key, place) in [("PATHS__DATA", "data"), ("PATHS__DIGESTS", "digests")] {
            let place = house.path(place).display().to_string();
            house.set(key, &place);
        }
        let mailbox = format!("maildir:{}", house.path("mailbox").display());
        house.set("SMTP__URL", &mailbox);
        house.set("PUBLIC_URL", "https://reviews.example.org/");
        if let Some(database) = database {
            house.set("STORE__URL", &database.url());
            house.database = Some(database);
        }
        house
    }

    /// With the system's clock, for processes that run beside the test.
    pub fn of_today() -> Self {
        Self { clock: Clock::System, ..Self::empty() }
    }

    /// The database as `store.url` names it.
    pub fn database_url(&self) -> String {
        let said = self.env.iter().find(|(key, _)| key == "PULLQUOTE__STORE__URL").map(|(_, url)| url.clone());
        said.unwrap_or_else(|| format!("sqlite:{}", self.path("data/pullquote.db").display()))
    }

    /// The database, past the product.
    pub async fn sql(&self) -> Sql {
        self.sql_at(&Database::parse(&self.database_url()).unwrap()).await
    }

    /// Another database.
    pub async fn sql_at(&self, database: &Database) -> Sql {
        Sql::open(database).await
    }

    /// With the digest [`CLUB`] and an empty folder for it.
    pub fn club() -> Self {
        Self::empty().with_club()
    }

    /// [`Self::club`] on a database.
    pub fn club_on(database: TestDatabase) -> Self {
        Self::empty_on(Some(database)).with_club()
    }

    /// With the digest [`CLUB`] besides.
    pub fn with_club(self) -> Self {
        let house = self;
        house.digest(FRIDAY, CLUB);
        std::fs::create_dir(house.path("digests/club")).unwrap();
        house
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    /// Says a setting by the environment; later words win.
    pub fn set(&mut self, key: &str, value: &str) {
        let key = format!("PULLQUOTE__{key}");
        self.env.retain(|(known, _)| *known != key);
        self.env.push((key, value.to_owned()));
    }

    pub fn digest(&self, name: &str, toml: &str) {
        std::fs::write(self.path("digests").join(format!("{name}.toml")), toml).unwrap();
    }

    /// Writes a file beside the digests.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path("digests").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.path("digests").join(name)).unwrap();
    }

    /// Opens the house, or opens it again: as a process does when it starts.
    pub async fn open(&self) -> Arc<App> {
        let settings = settings::load(Some(&self.path("empty.toml")), self.env.clone().into_iter()).unwrap();
        let digests = settings::load_digests(&settings.paths.digests).unwrap();
        App::open(settings, digests, self.clock.clone()).await.unwrap()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn go_to(&self, time: &str) {
        self.clock.set(at(time));
    }

    pub fn wait(&self, span: Span) {
        self.clock.set(self.clock.now().checked_add(span).unwrap());
    }

    /// Every mail in the Maildir, raw.
    pub fn mails(&self) -> Vec<String> {
        let mails = maildir::read_all(&self.path("mailbox")).unwrap();
        mails.into_iter().map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
    }

    /// The mails to an address.
    pub fn mails_to(&self, address: &str) -> Vec<String> {
        let to = |mail: &String| {
            let parsed = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
            parsed.to().unwrap().first().unwrap().address() == Some(address)
        };
        self.mails().into_iter().filter(to).collect()
    }

    /// The binary in this house, its clock the system's.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    /// The binary, with something to read on standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        run(self.command(args), input)
    }

    /// The binary in this house, not started yet.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = binary();
        command.current_dir(self.folder.path()).envs(self.env.clone()).args(["--config", "empty.toml"]).args(args);
        command
    }
}

/// The binary with nothing in its environment but what it is given.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pullquote"));
    let kept = ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE"];
    command.env_clear().envs(kept.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command
}

/// What a run of the binary came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The lines of stdout, each a JSON object.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
    }

    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }
}

pub fn run(mut command: Command, input: &str) -> Ran {
    use std::io::Write as _;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Who does not read its standard input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Ran {
        code: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

pub fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// A review as a text with front matter; more keys in `extra`, each on a line.
pub fn review(title: &str, reviewer: &str, extra: &str, body: &str) -> String {
    format!("---\ntitle: {title}\nkind: film\nreviewer: {reviewer}\ndate: 2026-11-20\n{extra}\n---\n\n{body}\n")
}

/// Twelve reviews of which no two are alike.
const PRAISE: [&str; 12] = [
    "The camera never hurries, and the harbour at dawn has rarely looked so cold. Every actor is given room to be odd. \
     I left the cinema wanting to write letters to people I had lost.",
    "Here is a comedy that trusts its jokes to land without a drum roll. The dialogue crackles from the first scene. \
     Its second hour drags a little, but the cast is a joy throughout.",
    "A dull, handsome film with nothing on its mind. The score swells whenever the script runs dry, which is often. \
     Two hours have seldom felt so much like four.",
    "What a strange and tender picture this is. The editing is patient, the humour is dry as chalk, and the child at \
     its centre gives the best performance of the year.",
    "Nobody films weather like this director. Rain becomes a character, mud becomes a mood, and the plot is wise \
     enough to stay out of the way. It is a modest masterpiece.",
    "The premise is clever and the execution is not. Every twist is announced by a door that creaks. Still, the \
     costumes are wonderful and the leading man is clearly having fun.",
    "I expected a museum piece and got a firework. The colours sing, the songs are terrible in the best way, and the \
     whole thing moves like a runaway tram.",
    "This is craft of a very high order. Each frame is composed like a still life, yet the people in it breathe. \
     Only the voice-over, fussy and needless, spoils the calm.",
    "An honest film about work, told without speeches. The bakery scenes alone are worth the ticket. Its quiet \
     ending moved me more than any battle could have.",
    "Loud, long and proud of both. The action is crisp and easy to follow, a rarity these days. Subtle it is not, \
     and I enjoyed nearly all of it.",
    "The sisters bicker, cook and forgive, and somehow it is thrilling. Their kitchen feels lived in down to the \
     chipped cups. I would happily have stayed for another course.",
    "Half ghost story, half tax return, and wholly original. It asks a lot of your attention and pays it back with \
     interest. The sound design deserves a prize of its own.",
];

/// Words of a review by a number; beyond the twelfth they come again.
pub fn praise(n: usize) -> &'static str {
    PRAISE[n % PRAISE.len()]
}

/// A whole review by a number: a work of its own, a reviewer, words.
pub fn nth(n: usize) -> String {
    const TITLES: [&str; 12] = [
        "Harbour",
        "Laughter Lane",
        "Marble",
        "Chalk",
        "Downpour",
        "Creak",
        "Tram",
        "Still Life",
        "Bread",
        "Thunder",
        "Two Sisters",
        "Ghost Audit",
    ];
    let name = ["Ann", "Ben", "Cas", "Dot"][n % 4];
    review(TITLES[n % TITLES.len()], &format!("{name} Walker"), "rating: 8/10", praise(n))
}

/// A whole review by a number, of a work of its own: however many there are, no two share a sentence.
pub fn distinct(n: usize) -> String {
    const THINGS: [&str; 23] = [
        "camera", "dialogue", "editing", "score", "cast", "script", "ending", "opening", "humour", "light", "pacing",
        "costumes", "plot", "villain", "heroine", "weather", "kitchen", "harbour", "silence", "laughter", "finale",
        "music", "framing",
    ];
    const WORDS: [&str; 29] = [
        "amber", "brisk", "candid", "dreamy", "earnest", "fierce", "gentle", "humble", "icy", "jaunty", "keen",
        "lucid", "mellow", "nimble", "ornate", "patient", "quiet", "ragged", "supple", "tender", "urgent", "vivid",
        "wistful", "yearning", "zesty", "austere", "buoyant", "crisp", "daring",
    ];
    let mut dice = n as u64 + 1;
    let mut pick = |words: &[&'static str]| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        words[(dice >> 33) as usize % words.len()]
    };
    let mut sentence = || {
        let (a, b, c, d, e) = (pick(&THINGS), pick(&WORDS), pick(&WORDS), pick(&THINGS), pick(&WORDS));
        format!("The {a} is {b} and {c}, and its {d} feels {e} all the way through.")
    };
    let body: Vec<String> = (0..4).map(|_| sentence()).collect();
    review(&format!("Film Number {n}"), &format!("Critic {}", n % 7), "rating: 8/10", &body.join(" "))
}

/// Collects all sources.
pub async fn collect_all(app: &Arc<App>) -> Vec<collect::Report> {
    collect::collect(app, None, Occasion::Wanted, |_| ()).await.unwrap()
}

/// Collects and freezes what is new.
pub async fn publish(app: &Arc<App>, digest: &str) -> Issue {
    collect_all(app).await;
    freeze(app, digest, &Wish::default()).await
}

pub async fn freeze(app: &Arc<App>, digest: &str, wish: &Wish) -> Issue {
    let digest = app.digest(digest).unwrap();
    match compose::freeze(app, &digest, wish, &Booking::default()).await.unwrap() {
        Frozen::Issue { issue, .. } => *issue,
        other => panic!("no issue: {other:?}"),
    }
}

/// The issue that would be frozen now.
pub async fn preview(app: &Arc<App>, digest: &str) -> Issue {
    let digest = app.digest(digest).unwrap();
    let outcome = compose::preview(app, &digest, &Wish::default()).await.unwrap();
    compose::issue_or_why(&digest, outcome).unwrap()
}

pub async fn tick(app: &Arc<App>) -> usize {
    let done = run_due::run_due(app).await.unwrap();
    assert_eq!(done.failed, []);
    done.issues
}

/// Delivers an issue; the books balance.
pub async fn deliver(app: &Arc<App>, issue: &Issue) -> Books {
    deliver::drain(app, issue, CancellationToken::new(), |_| ()).await.unwrap().books.unwrap()
}

pub async fn books(app: &Arc<App>, issue: &Issue) -> Books {
    ledger::books(&app.db, &issue.digest, issue.number).await.unwrap()
}

pub async fn subscribe(app: &Arc<App>, digest: &str, address: &str) {
    let digest: Digest = app.digest(digest).unwrap();
    let email = EmailAddress::parse(address).unwrap();
    subscribe::add(app, &digest, Row::new(email, None), false).await.unwrap();
}

/// The titles of the works an issue quotes, in order.
pub fn titles(issue: &Issue) -> Vec<String> {
    issue.works.iter().map(|work| work.work.title.as_deref().unwrap_or_default().to_owned()).collect()
}

/// How often text occurs.
pub fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

/// White space folded, so that wrapped text compares.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// HTML as a reader sees it: tags gone, the entities that a template writes read back.
pub fn seen(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&nbsp;", " "),
        ("&middot;", "·"),
        ("&mdash;", "—"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    folded(&pairs.iter().fold(text, |text, (entity, c)| text.replace(entity, c)))
}

/// Both parts of a mail: text, HTML.
pub fn parts(mail: &str) -> (String, String) {
    let parsed = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
    (parsed.body_text(0).unwrap().into_owned(), parsed.body_html(0).unwrap().into_owned())
}

/// A header of a mail as it stands, unfolded.
pub fn header(mail: &str, name: &str) -> Option<String> {
    let head = mail.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
    head.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// The site of a house on a free port.
pub struct Door {
    address: SocketAddr,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Door {
    /// Opens the site as it is when a process has just started.
    pub async fn open(app: &Arc<App>) -> Self {
        let listener = web::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = listener.local_addr().unwrap();
        let site = Web::new(Arc::clone(app), None);
        tokio::spawn(web::serve(listener, site, std::future::pending()));
        Self { address }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "").await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_as(path, &[], fields).await
    }

    pub async fn post_as(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.ask("POST", path, &[&form, headers].concat(), &body).await
    }

    /// One request on a connection of its own.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let path = path.strip_prefix("https://reviews.example.org").unwrap_or(path);
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: reviews.example.org\r\nconnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Answer { status, headers: lines.filter_map(pair).collect(), body: body.to_owned() }
    }
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.append(&mut files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
