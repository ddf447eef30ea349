//! Promise: the house keeps its layout. Each room uses only the rooms below it, the pure ones touch neither
//! disk nor network nor clock, and each heavy library is named in one room (docs/architecture.md).

#![allow(clippy::unwrap_used, reason = "a test may stop where a file cannot be read")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The floors of the house from the ground up. Rooms on one floor do not use each other.
const FLOORS: [&[&str]; 12] = [
    &["clock", "model"],
    &["read", "settings"],
    &["quote", "telemetry"],
    &["compose"],
    &["render"],
    &["store"],
    &["collect", "deliver", "subscribers"],
    &["app"],
    &["schedule", "web"],
    &["cli"],
    &["lib"],
    &["main"],
];

/// Words that only one room may say.
const NAMED_ONLY_BY: [(&str, &[&str]); 7] = [
    ("sqlx", &["store"]),
    ("lettre::transport", &["deliver"]),
    ("axum", &["web"]),
    ("tokio_cron_scheduler", &["schedule"]),
    ("reqwest", &["collect"]),
    ("clap", &["cli"]),
    ("hickory_resolver", &["deliver"]),
];

const PURE: [&str; 5] = ["model", "read", "quote", "compose", "render"];

/// What a pure room never says: I/O, clock, randomness, async.
const IMPURE: [&str; 12] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "getrandom",
    "tokio",
    "async fn",
    ".await",
];

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inside = path.strip_prefix(&root).unwrap();
                let room = inside.components().next().unwrap().as_os_str().to_str().unwrap();
                let room = room.trim_end_matches(".rs").to_owned();
                found.push((room, inside.to_owned(), code_of(&fs::read_to_string(&path).unwrap())));
            }
        }
    }
    found
}

/// The code of a file without comments and without its unit tests, which may use what they like.
fn code_of(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    before_tests.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_test_file(path: &Path) -> bool {
    path.ends_with("tests.rs") || path.ends_with("fixture.rs")
}

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|floor| floor.contains(&room))
        .unwrap_or_else(|| panic!("src/{room} stands on no floor: give it one in tests/architecture.rs and DESIGN"))
}

/// The rooms that a file's `crate::…` paths lead to, also inside braces.
fn rooms_used(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' | ':' | '\n' | ' ' if depth == 0 => {
                        used.push(std::mem::take(&mut word));
                        continue;
                    }
                    _ => {}
                }
                if depth == 0 {
                    word.push(c);
                }
            }
            used.push(word);
        } else {
            used.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    used.retain(|room| FLOORS.iter().any(|floor| floor.contains(&room.as_str())));
    used
}

#[test]
fn rooms_use_only_the_floors_below() {
    let mut faults = Vec::new();
    for (room, path, code) in sources() {
        if is_test_file(&path) {
            continue;
        }
        for used in rooms_used(&code) {
            if used != room && floor(&used) >= floor(&room) {
                faults.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "wrong direction:\n{}", faults.join("\n"));
}

#[test]
fn the_pure_rooms_touch_nothing_outside() {
    let mut faults = Vec::new();
    for (room, path, code) in sources() {
        if !PURE.contains(&room.as_str()) || is_test_file(&path) {
            continue;
        }
        faults.extend(
            IMPURE.iter().filter(|word| code.contains(*word)).map(|word| format!("{}: {word}", path.display())),
        );
    }
    assert!(faults.is_empty(), "not pure:\n{}", faults.join("\n"));
}

#[test]
fn each_heavy_library_is_named_in_one_room() {
    let mut faults = Vec::new();
    for (room, path, code) in sources() {
        for (library, rooms) in NAMED_ONLY_BY {
            let path_to = format!("{library}::");
            if code.contains(&path_to) && !rooms.contains(&room.as_str()) {
                faults.push(format!("{} names {library}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "named in the wrong room:\n{}", faults.join("\n"));
}

#[test]
fn only_one_file_names_the_scheduler_library() {
    let naming: Vec<_> = sources()
        .into_iter()
        .filter(|(_, _, code)| code.contains("tokio_cron_scheduler::"))
        .map(|(_, p, _)| p)
        .collect();
    assert_eq!(naming, [Path::new("schedule/tick.rs")]);
}

#[test]
fn every_file_says_what_lives_in_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(_, path, _)| !fs::read_to_string(root.join(path)).unwrap().starts_with("//!"))
        .map(|(_, path, _)| path)
        .collect();
    assert!(silent.is_empty(), "no module comment: {silent:?}");
}

#[test]
fn files_stay_short_enough_to_be_read_in_one_sitting() {
    let mut lengths = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (_, path, _) in sources() {
        let lines = fs::read_to_string(root.join(&path)).unwrap().lines().count();
        lengths.insert(path, lines);
    }
    let long: Vec<_> = lengths.iter().filter(|(_, lines)| **lines > 600).collect();
    assert!(long.is_empty(), "over 600 lines: {long:?}");
    let over_400 = lengths.values().filter(|lines| **lines > 400).count();
    assert!(over_400 * 10 <= lengths.len(), "{over_400} of {} files are over 400 lines", lengths.len());
}
