//! The promise under the hardest test: real processes of the built program, killed with SIGKILL at every step and at
//! random, again and again. Nobody is lost, nobody gets a mail twice, and no more are uncertain than were on the wire.
//!
//! A short run is part of the tests, on PostgreSQL where `PULLQUOTE_TEST_ENGINE=postgres` asks for it. The long one:
//! `cargo test --release --test crash -- --ignored --nocapture` (docs/benchmarks.md).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/house.rs"]
mod house;
#[path = "support/smtp.rs"]
mod smtp;

use std::{
    process::{Child, Stdio},
    sync::Arc,
    time::Duration,
};

use house::{CLUB, FRIDAY, House, database::TestDatabase, nth};
use pullquote::{
    app::{App, deliver},
    model::{
        Books,
        DeliveryState::{Claimed, Sent, Uncertain},
        Issue,
    },
    store::ledger::{self, Delivery, acts::Decision},
};
use smtp::{At, Fault, Manner, SmtpServer, Trouble};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// Each process has so many connections; a connection has one message on the wire at a time.
const CONNECTIONS: usize = 3;

/// Ends with the test, whatever happens.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already where the test went well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    fn signal(&self, name: &str) {
        let told = std::process::Command::new("kill").args([name, &self.0.id().to_string()]).status();
        assert!(told.unwrap().success());
    }
}

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// An issue for many, a mail server, and processes that are to deliver it.
struct Stage {
    house: House,
    app: Arc<App>,
    issue: Issue,
    server: SmtpServer,
    database: TestDatabase,
}

impl Stage {
    async fn set(database: TestDatabase, recipients: usize, pipelining: bool, lease: &str) -> Self {
        // So slow that the issue outlasts the kills.
        let thinks = Duration::from_millis(20);
        let server = SmtpServer::start(Manner { pipelining, thinks, ..Manner::default() }).await;
        let mut house = House::of_today();
        house.digest(FRIDAY, CLUB);
        house.write("club/one.txt", &nth(1));
        house.write("club/two.txt", &nth(2));
        house.set("STORE__URL", &database.url());
        house.set("SMTP__URL", &server.url("smtp", "", ""));
        house.set("SMTP__CONNECTIONS", &CONNECTIONS.to_string());
        house.set("SMTP__LEASE", lease);
        let app = house.open().await;
        let sql = database.sql().await;
        for chunk in (1..=recipients).collect::<Vec<_>>().chunks(500) {
            let rows = chunk.iter().map(|n| format!("({n}, 'friday', '{0}', '{0}', 'active', 0)", address(*n)));
            let rows = rows.collect::<Vec<_>>().join(", ");
            let insert = "insert into subscribers (id, digest, email, email_key, state, created_at) values";
            sql.run(format!("{insert} {rows}")).await;
        }
        let issue = house::publish(&app, FRIDAY).await;
        Self { house, app, issue, server, database }
    }

    /// A process that delivers.
    fn process(&self) -> Process {
        self.process_with(&self.house)
    }

    /// The same with its folder of data in another house.
    fn process_with(&self, house: &House) -> Process {
        let mut command = self.house.command(&["serve", "--only", "deliver"]);
        command.env("PULLQUOTE__PATHS__DATA", house.path("data"));
        Process(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Freezes a process while it writes nothing: a file that is being written stays locked for as long as the process
    /// stands, and on SQLite nothing but its end would free it for the others.
    async fn freeze(&self, process: &Process) {
        let sql = self.database.sql().await;
        let freezing = async {
            loop {
                process.signal("-STOP");
                tokio::time::sleep(Duration::from_millis(5)).await;
                let write = sql.run("update subscribers set id = id where id = -1");
                if tokio::time::timeout(Duration::from_secs(1), write).await.is_ok() {
                    break;
                }
                process.signal("-CONT");
            }
        };
        tokio::time::timeout(PATIENCE, freezing).await.unwrap();
    }

    /// Counted from the rows; the books are checked on the way.
    async fn books(&self) -> Books {
        ledger::books(&self.app.db, &self.issue.digest, self.issue.number).await.unwrap()
    }

    async fn rows(&self) -> Vec<Delivery> {
        self.books().await;
        let mut rows: Vec<Delivery> = Vec::new();
        loop {
            let after = rows.last().map_or(0, |row| row.key.subscriber_id);
            let page = ledger::list(&self.app.db, &self.issue.digest, self.issue.number, None, after, 1000).await;
            let page = page.unwrap();
            if page.is_empty() {
                return rows;
            }
            rows.extend(page);
        }
    }

    async fn until(&self, what: &str, mut holds: impl FnMut(&Books) -> bool) {
        let waiting = async {
            let mut tick = tokio::time::interval(Duration::from_millis(20));
            while !holds(&self.books().await) {
                tick.tick().await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "waited in vain: {what}: {:?}", self.books().await);
    }

    /// Nobody is lost and nobody got it twice, whatever the state.
    async fn check(&self, kills: usize, processes: usize, case: &str) {
        let kept = self.server.counts();
        let rows = self.rows().await;
        for row in &rows {
            let times = kept.get(row.email.as_str()).copied().unwrap_or(0);
            let right = match row.state {
                Sent => times == 1,
                Uncertain => times <= 1,
                _ => times == 0,
            };
            assert!(right, "{case}: {} is {:?} and got it {times} times: {:?}", row.email, row.state, row.reply);
        }
        let uncertain = rows.iter().filter(|row| row.state == Uncertain).count();
        let wire = kills * CONNECTIONS;
        assert!(uncertain <= wire, "{case}: {uncertain} uncertain after {kills} kills with {wire} on the wire");
        let engine = &self.database.location;
        println!(
            "{engine}: {case}: {kills} kills of one of {processes}, {uncertain} uncertain of at most {wire} on the wire"
        );
    }

    /// Delivers what is left, sends the uncertain again by choice, and checks that nothing else came twice.
    async fn finish(self, kills: usize, processes: usize, case: &str) {
        self.server.mend();
        self.server.hurry();
        let last = self.process();
        self.until("all delivered", |books| books.waiting == 0).await;
        self.check(kills, processes, case).await;
        let uncertain: Vec<Delivery> = self.rows().await.into_iter().filter(|row| row.state == Uncertain).collect();
        let resend = deliver::Command::Decide(Decision::ResendUncertain, None);
        deliver::command(&self.app, &self.issue.digest, self.issue.number, resend).await.unwrap();
        self.until("all sent", |books| books.sent == books.recipients).await;
        drop(last);
        let kept = self.server.counts();
        for row in self.rows().await {
            let times = kept.get(row.email.as_str()).copied().unwrap_or(0);
            let chosen = uncertain.iter().any(|other| other.key == row.key);
            assert!(times == 1 || (chosen && times == 2), "{case}: {} got it {times} times", row.email);
        }
    }
}

fn address(n: usize) -> String {
    format!("reader{n}@example.org")
}

/// Where the server is silent when the blow falls; `None`: somewhere, while messages fly.
const POINTS: [Option<At>; 10] = [
    Some(At::Connect),
    Some(At::Ehlo),
    Some(At::Mail),
    None,
    Some(At::Rcpt),
    Some(At::Data),
    Some(At::Body),
    None,
    Some(At::Dot),
    None,
];

/// Kills one of some processes at each point in turn and at random moments, and starts another in its place.
async fn kill_again_and_again(database: TestDatabase, kills: usize, processes: usize, pipelining: bool) {
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64;
    let case = format!("pipelining {pipelining}, seed {seed}");
    let mut dice = Dice(seed);
    let stage = Stage::set(database, kills * 150 * processes + 200, pipelining, "30s").await;
    let mut running: Vec<Process> = (0..processes).map(|_| stage.process()).collect();
    for kill in 0..kills {
        let taken = stage.server.count();
        let more = 1 + dice.throw(40);
        let blow = async {
            stage.server.taken(taken + more).await;
            let Some(at) = POINTS[kill % POINTS.len()] else { return };
            if matches!(at, At::Connect | At::Ehlo) {
                // A process that has connections makes no new ones: another one shall.
                return;
            }
            let struck = stage.server.strikes();
            stage.server.trouble(vec![Trouble { times: 1, after: dice.throw(5), ..Trouble::always(at, Fault::Stall) }]);
            stage.server.struck(struck + 1).await;
        };
        let fell = tokio::time::timeout(PATIENCE, blow).await;
        assert!(fell.is_ok(), "{case}: nothing moved before kill {kill}: {:?}", stage.books().await);
        drop(running.remove(dice.throw(processes)));
        if let Some(at @ (At::Connect | At::Ehlo)) = POINTS[kill % POINTS.len()] {
            // The next one is met at its very beginning, and killed there.
            let struck = stage.server.strikes();
            stage.server.trouble(vec![Trouble::once(at, Fault::Stall)]);
            let early = stage.process();
            let met = tokio::time::timeout(PATIENCE, stage.server.struck(struck + 1)).await;
            assert!(met.is_ok(), "{case}: nobody connected before kill {kill}: {:?}", stage.books().await);
            drop(early);
        }
        stage.server.mend();
        running.push(stage.process());
    }
    drop(running);
    // Twice a round two are killed at once: the one that ran, and the one met at its beginning.
    stage.finish(kills + 2 * kills.div_ceil(POINTS.len()) + processes, processes, &case).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_kill_9_nobody_is_lost_and_nobody_gets_it_twice() {
    kill_again_and_again(TestDatabase::fresh(), 10, 1, true).await;
    kill_again_and_again(TestDatabase::fresh(), 10, 3, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: the long run of docs/benchmarks.md"]
async fn two_hundred_kills_and_more() {
    let kills = std::env::var("PULLQUOTE_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(50);
    for (processes, pipelining) in [(1, true), (3, true), (1, false), (3, false)] {
        kill_again_and_again(TestDatabase::sqlite(), kills, processes, pipelining).await;
        if let Some(database) = TestDatabase::postgres() {
            kill_again_and_again(database, kills, processes, pipelining).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_was_stopped_past_its_lease_and_goes_on_sends_nothing_twice() {
    let stage = Stage::set(TestDatabase::fresh(), 2000, true, "1s").await;
    let frozen = stage.process();
    stage.server.taken(200).await;
    stage.freeze(&frozen).await;
    // On another machine: the journal is out of reach, only the lease tells.
    let elsewhere = House::of_today();
    let other = stage.process_with(&elsewhere);
    stage.until("the lease ran out, the rest is sent", |books| books.waiting == 0 && books.uncertain > 0).await;
    let uncertain: Vec<Delivery> = stage.rows().await.into_iter().filter(|row| row.state == Uncertain).collect();
    // A person decides to send them again, and it is done before the frozen one thaws.
    let resend = deliver::Command::Decide(Decision::ResendUncertain, None);
    deliver::command(&stage.app, &stage.issue.digest, stage.issue.number, resend).await.unwrap();
    stage.until("all sent", |books| books.sent == books.recipients).await;
    let taken = stage.server.count();
    frozen.signal("-CONT");
    // That nothing comes can only be seen by waiting; what it holds it would send in a fraction of this.
    tokio::time::sleep(Duration::from_secs(1)).await;
    frozen.signal("-TERM");
    let mut frozen = frozen;
    let status = tokio::task::block_in_place(|| frozen.0.wait()).unwrap();
    assert!(status.success());
    drop(other);
    let more = stage.server.count() - taken;
    println!("{} uncertain when the lease ran out, {more} came out of the thawed process", uncertain.len());
    assert!(more <= CONNECTIONS, "the thawed process went on: {more}");
    // Whoever got it twice did so by choice: its answer was known to the frozen process alone.
    let kept = stage.server.counts();
    for row in stage.rows().await {
        assert_eq!(row.state, Sent, "{row:?}");
        let times = kept.get(row.email.as_str()).copied().unwrap_or(0);
        let chosen = uncertain.iter().any(|other| other.key == row.key);
        assert!(times == 1 || (chosen && times == 2), "{} got it {times} times", row.email);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_frozen_in_the_middle_of_a_transaction_holds_nobody_up_for_long() {
    let Some(database) = TestDatabase::postgres() else { return };
    let stage = Stage::set(database, 3000, true, "1s").await;
    let sql = stage.database.sql().await;
    let frozen = stage.process();
    stage.server.taken(100).await;
    let freezing = async {
        loop {
            frozen.signal("-STOP");
            // What it had asked before is answered, and it does not hear it.
            tokio::time::sleep(Duration::from_millis(5)).await;
            let held = sql.number(
                "select count(*) from pg_locks join pg_stat_activity using (pid) where relation = 'deliveries'::regclass
                 and mode = 'RowExclusiveLock' and state = 'idle in transaction'",
            );
            if held.await != Some(0) {
                break;
            }
            frozen.signal("-CONT");
        }
    };
    tokio::time::timeout(PATIENCE, freezing).await.unwrap();
    let elsewhere = House::of_today();
    let _other = stage.process_with(&elsewhere);
    stage
        .until("the rest is sent", |books| books.waiting == 0 && books.sent + books.uncertain == books.recipients)
        .await;
    drop(frozen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_finishes_what_is_in_hand_and_leaves_nothing_behind() {
    let stage = Stage::set(TestDatabase::fresh(), 400, true, "30s").await;
    let process = stage.process();
    stage.server.taken(50).await;
    process.signal("-TERM");
    let mut process = process;
    let status = tokio::task::block_in_place(|| process.0.wait()).unwrap();
    assert!(status.success());
    let rows = stage.rows().await;
    assert!(rows.iter().all(|row| !matches!(row.state, Uncertain | Claimed)), "{:?}", stage.books().await);
    assert_eq!(stage.server.count() as u64, stage.books().await.sent);
    let left = house::files_below(&stage.house.path("data/delivery"));
    assert!(left.is_empty(), "{left:?}");
}
