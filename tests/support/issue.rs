//! A database with one frozen issue and its recipients, and a worker on it.

#![allow(dead_code, reason = "every test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "database.rs"]
pub mod database;

use std::{path::Path, sync::Arc, time::Duration};

use jiff::Timestamp;
use pullquote::{
    clock::Clock,
    deliver::{Envelope, Letter, Mailer, MessageSource, Pace, Preparing, SmtpRoute, Timeouts, Worker},
    model::{DeliveryState, DigestName, EmailAddress},
    settings::Mail,
    store::{
        Db,
        ledger::{self, Claim, Recipients},
    },
};

use database::{Sql, TestDatabase};

/// Wherever the manual clock starts.
pub fn start() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

pub fn digest() -> DigestName {
    DigestName::parse("friday").unwrap()
}

/// Everybody on a digest's list who chose no other cadence.
pub fn whom(list: &DigestName) -> Recipients<'_> {
    static OWN: [String; 1] = [String::new()];
    Recipients { list, cadences: &OWN, also: &[] }
}

/// The address of the n-th recipient, counted from 1, which is also the id.
pub fn address(n: i64) -> String {
    format!("reader{n}@example.org")
}

/// A database with its clock.
pub struct House {
    pub database: TestDatabase,
    pub db: Db,
    pub clock: Clock,
    pub sql: Sql,
}

impl House {
    /// With `recipients` active subscribers, and issue 1 frozen for them.
    pub async fn with_issue(recipients: i64) -> Self {
        let house = Self::open(TestDatabase::fresh()).await;
        for n in 1..=recipients {
            house.subscribe(n).await;
        }
        house.freeze(1, start()).await;
        house
    }

    async fn open(database: TestDatabase) -> Self {
        let db = database.open().await;
        let sql = database.sql().await;
        Self { database, db, clock: Clock::manual(start()), sql }
    }

    pub async fn subscribe(&self, n: i64) {
        let (digest, email) = (digest(), address(n));
        self.run(format!(
            "insert into subscribers (id, digest, email, email_key, state, created_at) \
             values ({n}, '{digest}', '{email}', '{email}', 'active', 0)"
        ))
        .await;
    }

    /// Freezes an issue for whoever is active.
    pub async fn freeze(&self, number: u32, at: Timestamp) -> u64 {
        let (name, composed_at) = (digest(), at.as_millisecond());
        self.run(format!(
            "insert into issues (digest, number, kind, window_from, window_until, moves_window, composed_at, content, \
             recipients, state) values ('{name}', {number}, 'scheduled', 0, 0, 1, {composed_at}, '{{}}', 0, 'sending')"
        ))
        .await;
        let mut tx = self.db.begin().await.unwrap();
        let recipients = ledger::fill(&mut tx, &name, number, whom(&name), at).await.unwrap();
        tx.commit().await.unwrap();
        self.run(format!("update issues set recipients = {recipients} where number = {number}")).await;
        recipients
    }

    pub async fn run(&self, sql: impl Into<String>) {
        self.sql.run(sql).await;
    }

    pub fn wait(&self, by: Duration) {
        self.clock.set(self.clock.now().checked_add(by).unwrap());
    }

    pub async fn rows(&self) -> Vec<ledger::Delivery> {
        ledger::list(&self.db, &digest(), 1, None, 0, 1000).await.unwrap()
    }

    /// The states of issue 1 in the order of recipients; the books are checked on the way.
    pub async fn states(&self) -> Vec<DeliveryState> {
        ledger::books(&self.db, &digest(), 1).await.unwrap();
        self.rows().await.iter().map(|row| row.state).collect()
    }

    pub fn worker(&self, mailer: Mailer, pace: Pace) -> Worker {
        self.worker_with(Letters { size: 100 }, mailer, pace)
    }

    pub fn worker_with(&self, source: impl MessageSource + 'static, mailer: Mailer, pace: Pace) -> Worker {
        let journals = self.database.folder().join("delivery");
        Worker::new(self.db.clone(), self.clock.clone(), mailer, Arc::new(source), &journals, pace)
    }
}

/// One worker that does not wait long when the way is barred.
pub fn pace(workers: usize) -> Pace {
    Pace {
        workers,
        group: 8,
        first_halt: Duration::from_millis(1),
        longest_halt: Duration::from_millis(2),
        give_up_after: Some(3),
        poll: Duration::from_millis(5),
        ..Pace::default()
    }
}

/// The way to a test server, with a patience that fits the fault.
pub fn mailer(url: &str, authority: Option<&Path>, patience: Duration) -> Mailer {
    let Ok(Mail::Smtp(server)) = Mail::parse(url) else { panic!("{url} is no SMTP server") };
    let mut route = SmtpRoute::new(server, patience);
    if let Some(path) = authority {
        route = route.with_authority(path).unwrap();
    }
    route.timeouts = Timeouts { connect: patience, command: patience, body: patience, dot: patience };
    Mailer::Smtp(Arc::new(route))
}

/// Writes a letter that names its recipient, of at least so many octets.
pub struct Letters {
    pub size: usize,
}

impl MessageSource for Letters {
    fn letter<'a>(&'a self, _: &'a DigestName, _: u32) -> Preparing<'a> {
        let letter: Arc<dyn Letter> = Arc::new(Letters { size: self.size });
        Box::pin(async { Ok(letter) })
    }
}

impl Letter for Letters {
    fn write(&self, claim: &Claim, message: &mut String) -> Result<Envelope, String> {
        let id = format!("{}.{}.{}@example.org", claim.key.digest, claim.key.number, claim.key.subscriber_id);
        let filling = "A line of the letter, of a common length, to fill it up.\r\n".repeat(self.size / 56 + 1);
        message.push_str(&format!(
            "To: {}\r\nMessage-ID: <{id}>\r\nSubject: Friday\r\n\r\n.dotted\r\n{filling}",
            claim.email
        ));
        let from = EmailAddress::parse("digest@example.org").map_err(|error| error.to_string())?;
        Ok(Envelope { from, to: claim.email.clone(), message_id: id, sender: "example.org".to_owned() })
    }
}
