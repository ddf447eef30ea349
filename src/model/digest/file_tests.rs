//! What reading a digest file promises.

use std::{path::PathBuf, time::Duration};

use super::*;
use crate::model::{
    WorkKind,
    digest::{FeaturedRule, Filter, Order, Select},
};

const FULL: &str = r#"
title = "Friday Reviews"
description = "What our critics saw."
language = "de"
schedule = "every Friday at 08:00"
time_zone = "Europe/Berlin"
missed = "skip"
approve = "editor@example.org"

[[source]]
feed = "https://example.org/feed.xml"
name = "Example"
first = "include"
featured_categories = ["Pick", "Star "]
every = "6h"

[[source]]
folder = "film-club"

[[source]]
page = "http://example.org/reviews/her"

[select]
minimum = 2
maximum = 20
per_source = 4
per_reviewer = 2
per_work = 3
archive = 6
order = "best"
featured = "only"

[select.only]
kinds = ["film", "album"]
languages = ["en"]
rating_from = 60

[select.without]
words = ["box office "]
categories = ["News"]
reviewers = ["A. Nonymous"]
rating_from = 70
rating_to = 75

[[cadence]]
name = "weekly"
schedule = "every Sunday at 10:00"

[[cadence]]
name = "monthly"
title = "Reviews of the month"
schedule = "0 10 1 * *"
minimum = 5
maximum = 30

[quote]
max_chars = 240
spoilers = "page-only"

[email]
subject = "{title} #{number} of {date}: {first_work} and {count} more"
from = "Film Club <digest@example.org>"
reply_to = "editor@example.org"
"#;

/// The problems of a text, each as it is printed.
fn problems(text: &str) -> Vec<String> {
    parse("d.toml", "d", text).expect_err("it was taken").iter().map(ToString::to_string).collect()
}

/// The problems of a file that is right but for some lines.
fn problems_with(lines: &str) -> Vec<String> {
    problems(&format!("title = \"T\"\nsource = [{{ folder = \"f\" }}]\n{lines}\n"))
}

#[test]
fn every_key_reaches_the_digest() {
    let digest = parse("friday.toml", "friday", FULL).unwrap();
    assert_eq!((digest.name.as_str(), digest.title.as_str()), ("friday", "Friday Reviews"));
    assert_eq!((digest.description.as_str(), digest.language.as_str()), ("What our critics saw.", "de"));
    assert_eq!(digest.schedule.unwrap().describe(), "every Friday at 08:00");
    assert_eq!(digest.time_zone.iana_name(), Some("Europe/Berlin"));
    assert_eq!(digest.missed, Missed::Skip);
    let [feed, folder, page] = digest.sources.as_slice() else { panic!("three sources") };
    assert_eq!(feed.place, Place::Feed("https://example.org/feed.xml".parse().unwrap()));
    assert_eq!((feed.name.as_deref(), feed.first), (Some("Example"), First::Include));
    assert_eq!(feed.featured_categories, ["Pick", "Star"]);
    assert_eq!(feed.every, Some(Duration::from_secs(21_600)));
    assert_eq!((&folder.place, folder.first), (&Place::Folder(PathBuf::from("film-club")), First::Include));
    assert_eq!((page.place.kind(), page.first, page.every), ("page", First::Seed, None));
    let select = Select {
        minimum: 2,
        maximum: 20,
        per_source: Some(4),
        per_reviewer: Some(2),
        per_work: Some(3),
        archive: 6,
        order: Order::Best,
        featured: FeaturedRule::Only,
        only: Filter {
            kinds: vec![WorkKind::Film, WorkKind::Album],
            languages: vec!["en".into()],
            rating_from: Some(60),
            ..Filter::default()
        },
        without: Filter {
            words: vec!["box office".into()],
            categories: vec!["News".into()],
            reviewers: vec!["A. Nonymous".into()],
            rating_from: Some(70),
            rating_to: Some(75),
            ..Filter::default()
        },
    };
    assert_eq!(digest.select, select);
    assert_eq!(digest.approve.as_ref().map(EmailAddress::as_str), Some("editor@example.org"));
    assert_eq!(digest.quote, QuoteStyle { max_chars: 240, spoilers: SpoilerRule::PageOnly });
    let email = digest.email.unwrap();
    assert_eq!(email.subject, "{title} #{number} of {date}: {first_work} and {count} more");
    assert_eq!(email.from.to_string(), "Film Club <digest@example.org>");
    assert_eq!(email.reply_to.unwrap().to_string(), "editor@example.org");
}

#[test]
fn a_digest_is_a_stream_of_issues_for_each_cadence() {
    let streams = parse("friday.toml", "friday", FULL).unwrap().streams();
    let [own, weekly, monthly] = streams.as_slice() else { panic!("three streams") };
    let named = |digest: &Digest| (digest.name.to_string(), digest.list.to_string(), digest.cadence_key().to_owned());
    assert_eq!(named(own), ("friday".into(), "friday".into(), String::new()));
    assert_eq!(named(weekly), ("friday-weekly".into(), "friday".into(), "weekly".into()));
    assert_eq!(named(monthly), ("friday-monthly".into(), "friday".into(), "monthly".into()));
    assert_eq!((weekly.title.as_str(), weekly.rhythm().as_str()), ("Friday Reviews (weekly)", "every Sunday at 10:00"));
    assert_eq!((weekly.select.minimum, weekly.select.maximum), (2, 20));
    assert_eq!((monthly.title.as_str(), monthly.select.minimum), ("Reviews of the month", 5));
    assert_eq!((monthly.select.maximum, &monthly.sources), (30, &own.sources));
}

#[test]
fn a_short_file_gets_the_documented_defaults() {
    let digest =
        parse("d.toml", "d", "title = \"T\"\n[[source]]\nfolder = \"f\"\n[email]\nfrom = \"a@b.org\"").unwrap();
    assert_eq!((digest.schedule, digest.missed, digest.language.as_str()), (None, Missed::Once, "en"));
    assert_eq!(digest.time_zone, TimeZone::UTC);
    assert_eq!((digest.select, digest.quote), (Select::default(), QuoteStyle::default()));
    assert_eq!(digest.email.unwrap().subject, DEFAULT_SUBJECT);
}

#[test]
fn every_mistake_is_told_at_once_with_key_and_line() {
    let text = r#"title = "Friday"
schedul = "every Friday at 8"
time_zone = "Europe/Berln"

[[source]]
feed = "example.org/feed"

[[source]]
name = "nowhere"

[select]
minimum = 5
maximum = 3
featured = "frist"

[email]
subject = "{titel} #{number}"
from = "digest at example.org"
"#;
    assert_eq!(
        problems(text),
        [
            "d.toml:2: schedul: unknown key; did you mean `schedule`?",
            "d.toml:3: time_zone: `Europe/Berln` is not a time zone; did you mean `Europe/Berlin`?",
            "d.toml:6: source[1].feed: `example.org/feed` is not a full address; did you mean `https://example.org/feed`?",
            "d.toml:8: source[2]: says no place; give one of feed, folder and page",
            "d.toml:13: select.maximum: the maximum 3 is below the minimum 5: no issue could ever be made",
            "d.toml:14: select.featured: `frist` is not one of first, only, ignore, did you mean `first`?",
            "d.toml:17: email.subject: unknown placeholder {titel}; did you mean {title}?",
            "d.toml:18: email.from: `digest at example.org` is not a mail address: it needs the form name@domain.example",
        ]
    );
}

#[test]
fn each_kind_of_mistake_has_its_message() {
    for (lines, said) in [
        ("time_zone = \"Berlin\"", "d.toml:3: time_zone: `Berlin` is not a time zone; did you mean `Europe/Berlin`?"),
        ("time_zone = \"new york\"", "did you mean `America/New_York`?"),
        ("time_zone = \"Qwertyuiopasdf\"", "names of area and city"),
        ("schedule = \"every Firday at 8\"", "d.toml:3: schedule: `every Firday at 8` is not a schedule: `firday` is"),
        ("schedule = \"0 8 30 2 *\"", "never comes"),
        ("schedule = 8", "d.toml:3: schedule: must be a text in quotes, not a number"),
        ("missed = \"twice\"", "is not one of once, skip, all"),
        ("language = \"English\"", "two small letters"),
        ("description = [\"a\"]", "d.toml:3: description: must be a text in quotes, not a list"),
        ("[select]\nmaximum = \"12\"", "d.toml:4: select.maximum: must be a whole number without quotes, not a text"),
        ("[select]\nminimum = 0", "0 is out of range; 1 to 1000 are allowed"),
        ("[select]\nminimum = -99999999999999999999", "is out of range"),
        ("[select]\nminimum = 13", "d.toml:4: select.minimum: the maximum 12 is below the minimum 13"),
        ("[select]\nper_sorce = 3", "d.toml:4: select.per_sorce: unknown key; did you mean `per_source`?"),
        ("[select]\norder = \"newst\"", "is not one of newest, oldest, best, title, did you mean `newest`?"),
        ("[select]\nper_work = 0", "d.toml:4: select.per_work: 0 is out of range"),
        ("[select]\narchive = 13", "d.toml:4: select.archive: 13 is above the maximum 12"),
        ("[select.only]\nkind = [\"film\"]", "d.toml:4: select.only.kind: unknown key; did you mean `kinds`?"),
        (
            "[select.only]\nkinds = [\"flim\"]",
            "`flim` is not one of film, book, album, game, other, did you mean `film`?",
        ),
        ("[select.only]\nkinds = \"film\"", "must be a list of texts"),
        (
            "[select.only]\nlanguages = [\"English\"]",
            "d.toml:4: select.only.languages: `English` is not a language code",
        ),
        ("[select.without]\nwords = [\"?\"]", "d.toml:4: select.without.words: `?` has neither letter nor digit"),
        ("[select.only]\nrating_from = 101", "0 to 100 are allowed"),
        (
            "[select.only]\nrating_from = 60\nrating_to = 50",
            "d.toml:5: select.only.rating_to: 50 is below rating_from 60",
        ),
        ("[select]\nonly = 3", "d.toml:4: select.only: must be a table, begun with [only]"),
        ("approve = \"me\"\n[email]\nfrom = \"a@b.org\"", "d.toml:3: approve: `me` is not a mail address"),
        ("approve = \"me@b.org\"", "d.toml:3: approve: asks a person by mail, and there is no [email]"),
        ("[[cadence]]\nschedule = \"daily at 8\"", "d.toml:3: cadence[1].name: is missing"),
        ("[[cadence]]\nname = \"weekly\"", "d.toml:3: cadence[1].schedule: is missing"),
        ("[[cadence]]\nname = \"Weekly\"\nschedule = \"daily at 8\"", "`Weekly` cannot name a cadence"),
        (
            "[[cadence]]\nname = \"weekly\"\nschedule = \"weekly at 8\"",
            "d.toml:5: cadence[1].schedule: `weekly at 8` is not",
        ),
        (
            "[[cadence]]\nname = \"x\"\nschedule = \"daily at 8\"\nminimum = 20",
            "the maximum 12 is below the minimum 20",
        ),
        (
            "[[cadence]]\nname = \"x\"\nschedule = \"daily at 8\"\n[[cadence]]\nname = \"x\"\nschedule = \"daily at 9\"",
            "d.toml:6: cadence[2]: the cadence `x` is given twice",
        ),
        ("[[cadence]]\nnam = \"x\"\nname = \"x\"\nschedule = \"daily at 8\"", "unknown key; did you mean `name`?"),
        ("[quote]\nmax_chars = 20", "20 is out of range; 80 to 2000 are allowed"),
        ("[quote]\nspoilers = \"always\"", "is not one of never, page-only"),
        ("quote = 3", "d.toml:3: quote: must be a table, begun with [quote], not a number"),
        ("[email]\nsubject = \"x\"", "d.toml:3: email.from: is missing"),
        ("[email]\nfrom = \"a@b.org\"\nsubject = \"{title\"", "d.toml:5: email.subject: has a brace without"),
        ("[email]\nfrom = \"a@b.org\"\nsubject = \"a\\nBcc: c@d.org\"", "one line, without control characters"),
        ("[email]\nfrom = \"x\\ny <a@b.org>\"", "must not hold line breaks"),
        ("[email]\nfrom = \"a@b.org\"\nreply_to = \"\"", "d.toml:5: email.reply_to: must not be empty"),
    ] {
        let found = problems_with(lines);
        assert_eq!(found.len(), 1, "{lines:?}: {found:#?}");
        assert!(found[0].contains(said), "{lines:?}: {found:#?}");
    }
}

#[test]
fn a_source_has_one_place_and_sensible_keys() {
    for (source, said) in [
        (
            "feed = \"https://a.org/f\"\nfolder = \"f\"",
            "d.toml:2: source[1]: gives feed and folder; a source has one of",
        ),
        ("page = \"ftp://a.org/f\"", "d.toml:3: source[1].page: `ftp:` is not fetched"),
        ("feed = \"https://\"", "is not a URL (empty host)"),
        ("folder = \" \"", "d.toml:3: source[1].folder: must not be empty"),
        (
            "folder = \"f\"\nfirst = \"sead\"",
            "d.toml:4: source[1].first: `sead` is not one of seed, include, did you mean",
        ),
        ("folder = \"f\"\nevery = \"30\"", "d.toml:4: source[1].every: `30` is not a length of time"),
        ("folder = \"f\"\nevery = \"30s\"", "is too often"),
        ("folder = \"f\"\nfeatured_categories = \"Pick\"", "must be a list of texts"),
        ("folder = \"f\"\nfeatured_categories = [\"Pick\", 3]", "must be a text in quotes, not a number"),
        ("folder = \"f\"\nfoo = 1", "source[1].foo: unknown key; known here are feed, folder, page"),
        ("folder = \"f\"\n[[source]]\nfolder = \"f\"", "d.toml:4: source[2]: the folder f is given twice"),
    ] {
        let found = problems(&format!("title = \"T\"\n[[source]]\n{source}\n"));
        assert_eq!(found.len(), 1, "{source:?}: {found:#?}");
        assert!(found[0].contains(said), "{source:?}: {found:#?}");
    }
    let found = problems("title = \"T\"\n[source]\nfolder = \"f\"");
    assert_eq!(found, ["d.toml:2: source: must be tables, each begun with [[source]], not a table"]);
    assert_eq!(problems("").len(), 2, "title and source are missing");
}

#[test]
fn a_syntax_error_is_told_beside_the_other_mistakes() {
    let found = problems("title = Friday Reviews\nmised = \"once\"\nmissed = \"ones\"\n");
    assert!(found[0].starts_with("d.toml:1: this is not TOML: "), "{found:#?}");
    assert_eq!(
        found[1..],
        [
            "d.toml:2: mised: unknown key; did you mean `missed`?",
            "d.toml:3: missed: `ones` is not one of once, skip, all, did you mean `once`?"
        ]
    );
    let found = problems("title = \"a\"\ntitle = \"b\"\n[[source]]\nfolder = \"f\"");
    assert!(found.len() == 1 && found[0].starts_with("d.toml:2: this is not TOML: duplicate key"), "{found:#?}");
}

#[test]
fn keys_below_a_broken_table_header_are_not_blamed() {
    let found = problems("title = \"T\"\n[[source]\nfolder = \"f\"\nfrist = 1\n\n[select]\nminimum = 3\n");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("d.toml:2: this is not TOML"));
    let found = problems("titel = \"T\"\n[select\nminimum = 3\nmised = 1\n");
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("d.toml:1: titel") && found[1].starts_with("d.toml:2: this is not TOML"));
}

#[test]
fn the_folders_of_a_file_are_found_whatever_else_is_wrong_with_it() {
    let text = "titel = 3\n[[source]]\nfeed = 1\n[[source]]\nname = \"x\"\nfolder = \"club\"\n";
    assert_eq!(folders(text), [NamedFolder { key: "source[2].folder".into(), line: 6, path: "club".into() }]);
}

#[test]
fn a_stem_that_cannot_stand_in_a_url_is_told_even_where_the_syntax_is_broken() {
    let found = parse("My Digest.toml", "My Digest", "title = ").unwrap_err();
    assert!(found.iter().any(|problem| problem.message.contains("lower-case letters, digits and hyphens")));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_fail(text in "([a-z]+ = |\"[^\"]{0,6}\"|\\[\\[source\\]\\]|\\[select\\]|folder|minimum = 3|title = \"x\"|[\\[\\]{}=\".,]|\n|\\PC){0,20}") {
        let _ = parse("d.toml", "d", &text);
    }
}
