//! The promise: `pullquote serve` is the whole product in one process. What is frozen while it runs is delivered
//! without being asked for, what was left over is finished after a restart, and it stops in order when told to.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use serde_json::Value;

use crate::house::{FRIDAY, House, nth};

const TOKEN: &str = "a-token-of-sixteen-or-more";

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs, and what it logs.
struct Server {
    child: Child,
    log: Receiver<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(house: &House, args: &[&str]) -> Self {
        let mut command = house.command(args);
        command.envs([("PULLQUOTE__LOG__FORMAT", "json"), ("PULLQUOTE__LOG__LEVEL", "debug")]);
        command.env("PULLQUOTE__LISTEN", "127.0.0.1:0");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (told, log) = mpsc::channel();
        // Ends with the server, or with the test.
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| told.send(line)));
        Self { child, log }
    }

    /// Reads the log up to the first line that holds some words.
    fn until(&mut self, words: &str) -> String {
        let mut seen = Vec::new();
        loop {
            let line = self.log.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|why| panic!("no `{words}`, {why}:\n{}", seen.join("\n")));
            if line.contains(words) {
                return line;
            }
            seen.push(line);
        }
    }

    /// Where it listens.
    fn address(&mut self) -> SocketAddr {
        let line = self.until("\"serving\"");
        let port = line.split("127.0.0.1:").nth(1).unwrap();
        let port = port.split(|c: char| !c.is_ascii_digit()).next().unwrap();
        SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()))
    }

    /// Tells it to stop, and gives its exit code.
    fn stop(mut self) -> Option<i32> {
        let told = std::process::Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.unwrap().success());
        self.until("\"stopped\"");
        self.child.wait().unwrap().code()
    }
}

fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn house() -> House {
    let mut house = House::club();
    house.set("API__TOKEN", TOKEN);
    house.write("club/0.md", &nth(0));
    house.run(&["subscribers", "add", FRIDAY, "ann@example.org", "ben@example.org"]).done();
    house.run(&["collect"]).done();
    house
}

fn order(address: SocketAddr) {
    let answer = ask(
        address,
        &format!(
            "POST /api/digests/friday/issues HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {TOKEN}\r\n\
             content-length: 0\r\n\r\n"
        ),
    );
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[test]
fn what_is_ordered_while_it_runs_is_published_and_delivered() {
    let house = house();
    let mut server = Server::start(&house, &["serve"]);
    let address = server.address();
    let health = ask(address, "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    order(address);
    for _ in 0..2 {
        server.until("delivery settled");
    }
    let page = ask(address, "GET /d/friday/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(page.contains("Harbour"), "{page}");
    assert_eq!(server.stop(), Some(0));
    assert_eq!(house.mails().len(), 2);
}

#[test]
fn what_one_process_froze_another_delivers_also_after_a_kill() {
    let house = house();
    let mut web = Server::start(&house, &["serve", "--only", "web"]);
    order(web.address());
    web.child.kill().unwrap();
    web.child.wait().unwrap();
    assert!(house.mails().is_empty(), "the web part sends nothing");
    let mut post = Server::start(&house, &["serve", "--only", "deliver"]);
    for _ in 0..2 {
        post.until("delivery settled");
    }
    assert_eq!(post.stop(), Some(0));
    assert_eq!(house.mails().len(), 2);
    let books = house.run(&["issues", "--json"]).done().json();
    assert_eq!((&books[0]["recipients"], &books[0]["sent"]), (&Value::from(2), &Value::from(2)));
}

#[test]
fn two_servers_that_start_at_once_make_up_for_a_missed_run_once() {
    let house = House::club();
    house.remove("friday.toml");
    for name in ["one", "two", "three"] {
        house.digest(name, "title = \"Daily\"\nschedule = \"every day at 08:00\"\n[[source]]\nfolder = \"club\"\n");
    }
    house.write("club/0.md", &nth(0));
    // Three days ago the digests were first seen, and nobody was there since.
    house.clock.set(jiff::Timestamp::now() - jiff::SignedDuration::from_hours(72));
    let first_sight = async { drop(house.open().await) };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(first_sight);
    let mut servers = [(); 2].map(|()| Server::start(&house, &["serve", "--only", "schedule"]));
    for server in &mut servers {
        server.until("\"tick done\"");
    }
    for server in servers {
        assert_eq!(server.stop(), Some(0));
    }
    let issues = house.run(&["issues", "--json"]).done().json();
    let mut made: Vec<_> = issues.iter().map(|issue| issue["digest"].as_str().unwrap()).collect();
    made.sort_unstable();
    assert_eq!(made, ["one", "three", "two"], "one issue each");
    let past = house.run(&["schedule", "one", "--past", "10", "--json"]).done().json();
    let outcomes: Vec<_> = past.iter().map(|slot| slot["outcome"].as_str().unwrap()).collect();
    assert!(outcomes[0] == "issue" && outcomes[1..].iter().all(|outcome| *outcome == "merged"), "{outcomes:?}");
    assert!((2..=4).contains(&outcomes.len()), "{outcomes:?}");
}

#[test]
fn a_port_that_is_taken_is_told_and_ends_it() {
    let mut house = house();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    house.set("LISTEN", &address);
    let ran = house.run(&["serve"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains(&address) && ran.err.contains("listen"), "{}", ran.err);
}
