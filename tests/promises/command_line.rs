//! The promise: programs can rely on the command line. Exit codes tell what happened, `--json` prints JSON Lines and
//! nothing else, and a mistake is named with its file, line and key, and with what to do.

use serde_json::Value;

use crate::house::{CLUB, FRIDAY, House, Ran, binary, nth, review, run};

/// The keys of an object in the order in which they are printed.
fn keys(line: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let (mut depth, mut in_text, mut escaped, mut word) = (0, false, false, String::new());
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => {
                if in_text && depth == 1 && line[at + 1..].starts_with(':') {
                    keys.push(std::mem::take(&mut word));
                }
                in_text = !in_text;
                word.clear();
            }
            _ if in_text => word.push(c),
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    keys
}

const READ: [&str; 14] = [
    "id",
    "source",
    "url",
    "work",
    "reviewer",
    "published",
    "rating",
    "language",
    "spoilers",
    "spoiler_spans",
    "start",
    "end",
    "body",
    "withheld",
];

/// A review as plain text, with its path.
fn plain(house: &House) -> String {
    house.write(
        "club/her.txt",
        "Harbour (2013)\nDirected by Ola Nordmann\nby A. Critic\nMarch 19, 2014\n\nThe camera never hurries, and the \
         harbour at dawn has rarely looked so cold. Every actor is given room to be odd. I left the cinema wanting to \
         write letters to people I had lost.\n\n9/10\n",
    );
    house.path("digests/club/her.txt").display().to_string()
}

#[test]
fn read_prints_the_contract() {
    let house = House::club();
    let path = plain(&house);
    let ran = house.run(&["read", "--json", &path]).done();
    let line = &ran.json()[0];
    assert_eq!(keys(ran.out.trim()), READ[..13]);
    assert_eq!(line["source"], path);
    assert_eq!(line["work"]["title"], "Harbour");
    let work = keys(&format!("{}}}", line_part(&ran.out, "\"work\":", '}')));
    assert_eq!(work, ["title", "year", "kind", "creators"]);
    assert_eq!(
        line["rating"],
        serde_json::json!({"printed": "9/10", "score": 90.0, "kind": "graded", "confidence": "high"})
    );
    assert_eq!((&line["published"], &line["url"]), (&Value::from("2014-03-19"), &Value::Null));
    assert_eq!((&line["language"], &line["spoilers"]), (&Value::from("en"), &Value::from(false)));
    // The extent is in characters of the document.
    let document: Vec<char> = std::fs::read_to_string(&path).unwrap().chars().collect();
    let (start, end) = (line["start"].as_u64().unwrap() as usize, line["end"].as_u64().unwrap() as usize);
    let extent: String = document[start..end].iter().collect();
    let body = line["body"].as_str().unwrap();
    assert!(extent.contains("The camera never hurries") && body.contains("letters to people I had lost."), "{extent}");
}

fn line_part<'a>(line: &'a str, from: &str, until: char) -> &'a str {
    let at = line.find(from).unwrap() + from.len();
    &line[at..at + line[at..].find(until).unwrap()]
}

#[test]
fn quote_adds_what_was_withheld_and_the_quote_with_its_spans() {
    let house = House::club();
    let path = plain(&house);
    let ran = house.run(&["quote", "--json", "--max-chars", "120", &path]).done();
    let expected: Vec<&str> = READ.into_iter().chain(["quote"]).collect();
    assert_eq!(keys(ran.out.trim()), expected);
    let line = &ran.json()[0];
    let body: Vec<char> = line["body"].as_str().unwrap().chars().collect();
    let spans: Vec<(usize, usize)> = serde_json::from_value(line["quote"]["spans"].clone()).unwrap();
    let first: String = body[spans[0].0..spans[0].1].iter().collect();
    let text = line["quote"]["text"].as_str().unwrap();
    assert!(text.starts_with(&first) && text.chars().count() <= 120, "{text}");
}

#[test]
fn entries_of_a_feed_are_printed_before_they_are_judged() {
    let house = House::empty();
    let feed = "<rss version=\"2.0\"><channel><title>T</title><item><title>Opening hours</title><link>https://a.example/1</link>\
        <guid>one</guid><pubDate>Fri, 20 Nov 2026 10:00:00 +0100</pubDate></item></channel></rss>";
    let ran = house.run_with(&["read", "--entries", "--json", "-"], feed).done();
    assert_eq!(keys(ran.out.trim()), ["id", "title", "link", "author", "published"]);
    let entry = &ran.json()[0];
    assert_eq!((&entry["title"], &entry["link"]), (&Value::from("Opening hours"), &Value::from("https://a.example/1")));
    assert_eq!(entry["author"], Value::Null);
    assert_eq!(entry["published"], "2026-11-20T10:00:00+01:00");
}

#[test]
fn preview_prints_the_issue_by_the_contract() {
    let house = House::club();
    for n in 0..3 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    house.run(&["collect"]).done();
    let ran = house.run(&["preview", FRIDAY, "--format", "json"]).done();
    assert_eq!(keys(ran.out.trim()), ["digest", "number", "title", "window", "works", "dropped"]);
    let issue = &ran.json()[0];
    assert_eq!((&issue["digest"], &issue["number"]), (&Value::from(FRIDAY), &Value::from(1)));
    let window: Vec<jiff::Timestamp> = serde_json::from_value(issue["window"].clone()).unwrap();
    assert!(window[0] <= window[1]);
    let work = serde_json::to_string(&issue["works"][0]).unwrap();
    for key in ["work", "score", "agreement", "reviews"] {
        assert!(keys(&work).contains(&key.to_owned()), "{work}");
    }
    let review = serde_json::to_string(&issue["works"][0]["reviews"][0]).unwrap();
    let mut found = keys(&review);
    found.sort();
    assert_eq!(found, ["featured", "quote", "rating", "reviewer", "source", "url"]);
}

#[test]
fn schedule_prints_the_next_runs_in_the_digests_own_zone() {
    let house = House::club();
    house.digest(FRIDAY, &CLUB.replace("[[source]]", "time_zone = \"Europe/Berlin\"\n[[source]]"));
    let ran = house.run(&["schedule", FRIDAY, "--from", "2026-03-20T12:00:00Z", "--count", "2", "--json"]).done();
    let expected = "{\"digest\":\"friday\",\"at\":\"2026-03-27T08:00:00+01:00\",\"time_zone\":\"Europe/Berlin\"}\n\
        {\"digest\":\"friday\",\"at\":\"2026-04-03T08:00:00+02:00\",\"time_zone\":\"Europe/Berlin\"}\n";
    assert_eq!(ran.out, expected);
}

#[test]
fn one_bad_input_costs_the_exit_code_and_not_the_others() {
    let house = House::club();
    let path = plain(&house);
    for verb in ["read", "quote"] {
        let ran = house.run(&[verb, "--json", "no-such-file.txt", &path]);
        assert_eq!((ran.code, ran.json().len()), (1, 1), "{ran:?}");
        assert!(ran.err.contains("no-such-file.txt"), "{}", ran.err);
    }
    // What is no review is no failure: no line, and a note.
    let ran = house.run_with(&["read", "--json", "-"], "Opening hours: Monday to Friday, nine to five.\n").done();
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("no review"), "{}", ran.err);
}

#[test]
fn standard_input_is_a_document_like_any_other() {
    let house = House::empty();
    let ran = house.run_with(&["read", "--json", "-"], &nth(0)).done();
    let line = &ran.json()[0];
    assert_eq!((&line["source"], &line["work"]["title"]), (&Value::from("-"), &Value::from("Harbour")));
    let named = house.run_with(&["quote", "-"], &review("Chalk", "Ann", "rating: 3/5", crate::house::praise(3))).done();
    assert!(named.out.contains("Chalk — Ann"), "{}", named.out);
}

#[test]
fn wrong_usage_is_two_and_says_what_is_right() {
    let house = House::club();
    for args in [
        &["nonsense"][..],
        &["read"],
        &["read", "--no-such-option", "x"],
        &["preview", FRIDAY, "--format", "pdf"],
        &["preview", FRIDAY, "--since", "yesterday"],
        &["quote", "--max-chars", "0", "x"],
        &["subscribers", "list", "--state", "gone"],
        &["demo", "--once"],
    ] {
        let ran = house.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains("--help"), "{args:?}: {}", ran.err);
    }
    for args in [&["--help"][..], &["send", "--help"], &["--version"]] {
        assert!(!house.run(args).done().out.is_empty());
    }
}

/// Runs against a settings file and a digest file of one's own.
fn with_files(settings: &str, digest: &str, env: &[(&str, &str)]) -> Ran {
    let house = House::club();
    std::fs::write(house.path("settings.toml"), settings).unwrap();
    house.digest(FRIDAY, digest);
    let mut command = binary();
    command.current_dir(house.folder.path()).args(["--config", "settings.toml", "issues"]);
    command.env("PULLQUOTE__PATHS__DIGESTS", "digests").envs(env.iter().copied());
    run(command, "")
}

#[track_caller]
fn assert_told(ran: &Ran, problems: &[&str]) {
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    for problem in problems {
        assert!(ran.err.contains(problem), "{problem} is not told:\n{}", ran.err);
    }
}

#[test]
fn every_mistake_in_the_settings_is_told_at_once_with_line_and_key() {
    let settings = "public_ur = \"https://x.example\"\nlisten = \"nowhere\"\n[smtp]\nconnections = 100\n[api]\ntoken = \"short\"\n";
    let ran = with_files(settings, CLUB, &[("PULLQUOTE__SMTP__CONECTIONS", "3")]);
    assert_told(
        &ran,
        &[
            "settings.toml:1: public_ur: unknown key; did you mean `public_url`?",
            "settings.toml:2: listen: `nowhere`",
            "settings.toml:4: smtp.connections: must be a whole number",
            "settings.toml:6: api.token: is too short",
            "PULLQUOTE__SMTP__CONNECTIONS",
        ],
    );
    assert!(!ran.err.contains("short\""), "a secret is not repeated");
}

#[test]
fn every_mistake_in_a_digest_is_told_at_once_with_line_and_key() {
    let digest = "title = \"Friday\"\nschedule = \"every Frday at 08:00\"\ntimezone = \"Europe/Berlin\"\n[[source]]\n\
        folder = \"clib\"\n[select]\nmaximun = 3\n";
    assert_told(
        &with_files("", digest, &[]),
        &[
            "friday.toml:2: schedule: ",
            "did you mean `friday`?",
            "friday.toml:3: timezone: unknown key; did you mean `time_zone`?",
            "friday.toml:5: source[1].folder: there is no folder `clib`",
            "friday.toml:7: select.maximun: unknown key; did you mean `maximum`?",
        ],
    );
    assert_told(&with_files("", "title = \n", &[]), &["friday.toml:1"]);
}

#[test]
fn an_unknown_digest_names_the_nearest() {
    let house = House::club();
    for args in
        [&["preview", "fryday"][..], &["send", "fryday", "--dry-run"], &["collect", "fryday"], &["schedule", "fryday"]]
    {
        let ran = house.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert!(ran.err.contains("`fryday`") && ran.err.contains("did you mean `friday`?"), "{}", ran.err);
    }
}

#[test]
fn a_list_of_subscribers_goes_round_by_add_list_remove_export_and_import() {
    let house = House::club();
    house.digest("monday", CLUB);
    let ran = house.run(&["subscribers", "add", FRIDAY, "ann@example.org", "no address", "Ben@Example.org"]);
    assert_eq!(ran.code, 1, "one of three is no address");
    assert!(ran.err.contains("no address") && ran.out.lines().count() == 2, "{ran:?}");
    house.run(&["subscribers", "add", FRIDAY, "cas@example.org", "--name", "Cas \"the\" Walker, Esq."]).done();
    house.run(&["subscribers", "remove", FRIDAY, "ann@example.org"]).done();
    assert_eq!(house.run(&["subscribers", "remove", FRIDAY, "dot@example.org"]).code, 1);
    assert_eq!(house.run(&["subscribers", "add", FRIDAY, "ann@example.org"]).code, 1, "who left stays away");
    let listed = house.run(&["subscribers", "list", FRIDAY, "--json"]).done().json();
    assert_eq!(listed.len(), 3);
    let active = house.run(&["subscribers", "list", FRIDAY, "--state", "active"]).done();
    assert_eq!(active.out.lines().count(), 2);

    house.run(&["subscribers", "export", FRIDAY, "-o", "list.csv"]).done();
    let csv = std::fs::read_to_string(house.path("list.csv")).unwrap();
    let ran = house.run(&["subscribers", "import", "monday", "list.csv"]).done();
    assert!(ran.out.starts_with("3 added"), "{}", ran.out);
    let who = |csv: &str| csv.lines().map(|line| line.rsplitn(4, ',').last().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(
        who(&house.run(&["subscribers", "export", "monday"]).done().out),
        who(&csv),
        "names and states come along"
    );
    let again = house.run_with(&["subscribers", "import", "monday", "-"], &csv).done();
    assert!(again.out.starts_with("0 added, 3 known"), "{}", again.out);
    let ran = house.run_with(&["subscribers", "import", "monday", "-"], "email\nnobody\neve@example.org\n");
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("1 added") && ran.err.contains("nobody"), "{ran:?}");
}

#[test]
fn json_is_all_there_is_on_stdout() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    house.run(&["collect"]).done();
    house.run(&["subscribers", "add", FRIDAY, "ann@example.org"]).done();
    house.run(&["send", FRIDAY, "--yes"]).done();
    for args in [
        &["reviews", "--json"][..],
        &["issues", "--json"],
        &["deliveries", FRIDAY, "1", "--json"],
        &["subscribers", "list", "--json"],
        &["schedule", "--json"],
    ] {
        let ran = house.run(args).done();
        assert!(!ran.json().is_empty(), "{args:?}");
    }
}
