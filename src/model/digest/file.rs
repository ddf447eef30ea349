//! Reads a digest file: TOML to [`Digest`], or every mistake in it at once.
//!
//! Pure: whether folders and feeds exist is for those who load them.

use std::path::PathBuf;

use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};
use url::Url;

mod cadence;
mod select;

use super::{DEFAULT_SUBJECT, Digest, DigestName, EmailStyle, First, Missed, Place, QuoteStyle, Source, SpoilerRule};
use crate::model::{
    EmailAddress, Mailbox, Problem, duration,
    problem::nearest,
    schedule::Schedule,
    toml_file::{Section, TomlFile},
};

const KEYS: [&str; 12] = [
    "title",
    "description",
    "language",
    "schedule",
    "time_zone",
    "missed",
    "approve",
    "source",
    "select",
    "quote",
    "email",
    "cadence",
];
const SOURCE_KEYS: [&str; 7] = ["feed", "folder", "page", "name", "first", "featured_categories", "every"];
const QUOTE_KEYS: [&str; 2] = ["max_chars", "spoilers"];
const EMAIL_KEYS: [&str; 3] = ["subject", "from", "reply_to"];

/// What a subject may hold in braces.
const PLACEHOLDERS: [&str; 5] = ["title", "number", "date", "count", "first_work"];

/// Longest title and subject, in characters: a header line stays below 998 octets however it is encoded.
const LONGEST_LINE: usize = 150;

/// Most reviews an issue may ask for.
const MOST_REVIEWS: usize = 1_000;

/// Reads a digest file. `file` is its name in messages, `stem` becomes the digest's name.
///
/// # Errors
/// Every mistake, in the order of the lines.
pub fn parse(file: &str, stem: &str, text: &str) -> Result<Digest, Vec<Problem>> {
    let (mut reader, root) = TomlFile::parse(file, text);
    let top = Section { prefix: String::new(), span: root.span(), table: root.get_ref() };
    let name = DigestName::parse(stem).map_err(|error| reader.whole(error.to_string())).ok();
    reader.unknown_keys(&top, &KEYS);
    if !top.table.contains_key("title") {
        reader.missing("title", None, "is missing; write for example title = \"Friday Reviews\"");
    }
    let title = reader.read(&top, "title", header_line);
    let description = reader.text(&top, "description").map(|(text, _)| text.trim().to_owned());
    let language = reader.read(&top, "language", language);
    let schedule = reader.read(&top, "schedule", schedule);
    let time_zone = reader.read(&top, "time_zone", zone);
    let missed = [("once", Missed::Once), ("skip", Missed::Skip), ("all", Missed::All)];
    let missed = reader.choice(&top, "missed", &missed);
    let sources = sources(&mut reader, &top);
    let select = select::read(&mut reader, &top);
    let (quote, email) = (quote(&mut reader, &top), email(&mut reader, &top));
    let cadences = cadence::read(&mut reader, &top, name.as_ref(), &select);
    let approve = approve(&mut reader, &top);
    let problems = reader.finish();
    let (Some(name), Some(title), true) = (name, title, problems.is_empty()) else { return Err(problems) };
    Ok(Digest {
        list: name.clone(),
        name,
        cadence: None,
        cadences,
        title,
        description: description.unwrap_or_default(),
        language: language.unwrap_or_else(|| "en".into()),
        schedule,
        time_zone: time_zone.unwrap_or(TimeZone::UTC),
        missed: missed.unwrap_or_default(),
        approve,
        sources,
        select,
        quote,
        email,
    })
}

/// A folder named in a digest file, for those who look whether it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFolder {
    /// The dotted key, such as `source[2].folder`.
    pub key: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The path as written.
    pub path: PathBuf,
}

/// The folders that a digest file names, whatever else is wrong with it.
pub fn folders(text: &str) -> Vec<NamedFolder> {
    let (mut reader, root) = TomlFile::parse("", text);
    let top = Section { prefix: String::new(), span: root.span(), table: root.get_ref() };
    let mut found = Vec::new();
    for section in reader.sections(&top, "source") {
        if let Some((path, span)) = reader.full_text(&section, "folder") {
            let key = format!("{}folder", section.prefix);
            found.push(NamedFolder { key, line: reader.line(span.start), path: path.into() });
        }
    }
    found
}

fn sources(reader: &mut TomlFile<'_>, top: &Section<'_>) -> Vec<Source> {
    let sections = reader.sections(top, "source");
    if sections.is_empty() && !top.table.contains_key("source") {
        let example = "[[source]] with feed = \"https://…\", page = \"https://…\" or folder = \"…\"";
        reader.missing("source", None, format!("there is no source; write at least one {example}"));
    }
    let mut found: Vec<Source> = Vec::new();
    for section in &sections {
        let Some(source) = source(reader, section) else { continue };
        if found.iter().any(|other| other.place == source.place) {
            let message = format!("the {} {} is given twice", source.place.kind(), source.locator);
            reader.wrong(section.prefix.trim_end_matches('.'), &section.span, message);
        }
        found.push(source);
    }
    found
}

fn source(reader: &mut TomlFile<'_>, section: &Section<'_>) -> Option<Source> {
    reader.unknown_keys(section, &SOURCE_KEYS);
    let given: Vec<&str> = SOURCE_KEYS[..3].iter().copied().filter(|key| section.table.contains_key(*key)).collect();
    let key = section.prefix.trim_end_matches('.');
    match given.as_slice() {
        [] => reader.missing(key, Some(&section.span), "says no place; give one of feed, folder and page"),
        [_] => {}
        _ => {
            let message = format!("gives {}; a source has one of feed, folder and page", given.join(" and "));
            reader.wrong(key, &section.span, message);
        }
    }
    // Each is read, so that a mistake in any is told, but a source needs just one.
    let feed = reader.read(section, "feed", web_url).map(Place::Feed);
    let page = reader.read(section, "page", web_url).map(Place::Page);
    let folder = reader.full_text(section, "folder").map(|(path, _)| Place::Folder(PathBuf::from(path)));
    let name = reader.read(section, "name", header_line);
    let first = reader.choice(section, "first", &[("seed", First::Seed), ("include", First::Include)]);
    let categories = reader.texts(section, "featured_categories");
    let every = reader.read(section, "every", every);
    let place = feed.or(page).or(folder)?;
    let usual = if matches!(place, Place::Folder(_)) { First::Include } else { First::Seed };
    let featured_categories = categories.into_iter().map(|(text, _)| text.trim().to_owned()).collect();
    Some(Source { locator: place.locator(), place, name, first: first.unwrap_or(usual), featured_categories, every })
}

fn quote(reader: &mut TomlFile<'_>, top: &Section<'_>) -> QuoteStyle {
    let usual = QuoteStyle::default();
    let Some(section) = reader.section(top, "quote") else { return usual };
    reader.unknown_keys(&section, &QUOTE_KEYS);
    let max_chars = reader.number(&section, "max_chars", 80..=2_000).map_or(usual.max_chars, |(n, _)| n);
    let rules = [("never", SpoilerRule::Never), ("page-only", SpoilerRule::PageOnly)];
    QuoteStyle { max_chars, spoilers: reader.choice(&section, "spoilers", &rules).unwrap_or_default() }
}

fn email(reader: &mut TomlFile<'_>, top: &Section<'_>) -> Option<EmailStyle> {
    let section = reader.section(top, "email")?;
    reader.unknown_keys(&section, &EMAIL_KEYS);
    if !section.table.contains_key("from") {
        let example = "from = \"Film Club <digest@example.org>\"";
        reader.missing("email.from", Some(&section.span), format!("is missing; write for example {example}"));
    }
    let subject = reader.read(&section, "subject", subject).unwrap_or_else(|| DEFAULT_SUBJECT.into());
    let from = reader.read(&section, "from", Mailbox::parse);
    let reply_to = reader.read(&section, "reply_to", Mailbox::parse);
    Some(EmailStyle { subject, from: from?, reply_to })
}

/// Who approves. Without a sender no mail can tell that person, and without a schedule nothing ever waits: an issue by
/// hand has been seen by whoever sends it.
fn approve(reader: &mut TomlFile<'_>, top: &Section<'_>) -> Option<EmailAddress> {
    let span = top.table.get("approve")?.span();
    let approve = reader.read(top, "approve", EmailAddress::parse);
    for (needed, why) in [
        (&["email"][..], "needs an [email] section: the mail that asks for approval comes from its `from`"),
        (&["schedule", "cadence"][..], "needs a `schedule`: only scheduled issues wait for approval"),
    ] {
        if approve.is_some() && !needed.iter().any(|key| top.table.contains_key(*key)) {
            reader.wrong("approve", &span, why);
        }
    }
    approve
}

/// Text for a title or header: one line, not too long.
fn header_line(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("must be one line, without control characters".into());
    }
    match text.chars().count() {
        ..=LONGEST_LINE => Ok(text.to_owned()),
        n => Err(format!("is {n} characters long; {LONGEST_LINE} are allowed")),
    }
}

fn subject(text: &str) -> Result<String, String> {
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let name = rest[start..].strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let Some((name, after)) = name else {
            return Err("has a brace without its counterpart; braces enclose placeholders such as {title}".into());
        };
        if !PLACEHOLDERS.contains(&name) {
            let known = PLACEHOLDERS.map(|name| format!("{{{name}}}")).join(", ");
            return Err(match nearest(name, PLACEHOLDERS) {
                Some(like) => format!("unknown placeholder {{{name}}}; did you mean {{{like}}}?"),
                None => format!("unknown placeholder {{{name}}}; known are {known}"),
            });
        }
        rest = after;
    }
    header_line(text)
}

fn language(text: &str) -> Result<String, String> {
    let code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase());
    code.then(|| text.to_owned())
        .ok_or_else(|| format!("`{text}` is not a language code; write two small letters (ISO 639-1), such as \"en\""))
}

fn schedule(text: &str) -> Result<Schedule, String> {
    let schedule = Schedule::parse(text).map_err(|error| error.to_string())?;
    match schedule.next_due(&TimeZone::UTC, Timestamp::UNIX_EPOCH) {
        Some(_) => Ok(schedule),
        None => Err(format!("`{text}` never comes: no month has such a day")),
    }
}

fn zone(text: &str) -> Result<TimeZone, String> {
    match TimeZone::get(text) {
        Ok(zone) if !zone.is_unknown() => Ok(zone),
        _ => {
            let names: Vec<String> = TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
            let like = nearest_zone(text, &names).map(|like| format!("; did you mean `{like}`?"));
            let advice = "; time zones have names of area and city, such as Europe/Berlin (IANA)";
            Err(format!("`{text}` is not a time zone{}", like.as_deref().unwrap_or(advice)))
        }
    }
}

/// The zone whose city is meant, else the one spelt most alike.
fn nearest_zone<'n>(text: &str, names: &'n [String]) -> Option<&'n str> {
    let wanted = text.trim().replace(' ', "_").to_lowercase();
    let city = |name: &String| name.to_lowercase().rsplit('/').next() == wanted.rsplit('/').next();
    let by_city = names.iter().filter(|name| name.contains('/')).find(|name| city(name));
    by_city.map(String::as_str).or_else(|| {
        let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let like = nearest(&wanted, lower.iter().map(String::as_str))?;
        names.iter().find(|name| name.eq_ignore_ascii_case(like)).map(String::as_str)
    })
}

fn web_url(text: &str) -> Result<Url, String> {
    let example = "write a full address such as https://example.org/feed.xml";
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase if text.contains('.') => {
            format!("`{text}` is not a full address; did you mean `https://{text}`?")
        }
        _ => format!("`{text}` is not a URL ({error}); {example}"),
    })?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(format!("`{scheme}:` is not fetched, only http: and https: are; {example}")),
    }
}

fn every(text: &str) -> Result<std::time::Duration, String> {
    let every = duration::parse(text).map_err(|error| error.to_string())?;
    if every.as_secs() < 60 {
        return Err(format!("`{text}` is too often; a minute (\"1m\") is the least"));
    }
    Ok(every)
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
