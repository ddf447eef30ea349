//! Reads `[[cadence]]`: the further cadences of a digest.

use super::{MOST_REVIEWS, header_line, schedule, select::bounds};
use crate::model::{
    DigestName,
    digest::{Cadence, Select},
    toml_file::{Section, TomlFile},
};

const KEYS: [&str; 5] = ["name", "schedule", "title", "minimum", "maximum"];

/// More to choose from is no choice any more.
const MOST: usize = 8;

pub(super) fn read(
    reader: &mut TomlFile<'_>,
    top: &Section<'_>,
    digest: Option<&DigestName>,
    select: &Select,
) -> Vec<Cadence> {
    let sections = reader.sections(top, "cadence");
    let mut found: Vec<Cadence> = Vec::new();
    for section in &sections {
        let Some(cadence) = cadence(reader, section, digest, select) else { continue };
        if found.iter().any(|other| other.name == cadence.name) {
            let message = format!("the cadence `{}` is given twice", cadence.name);
            reader.wrong(section.prefix.trim_end_matches('.'), &section.span, message);
        }
        found.push(cadence);
    }
    if let Some(section) = sections.get(MOST) {
        let message = format!("a digest offers {MOST} cadences beside its own at most");
        reader.wrong(section.prefix.trim_end_matches('.'), &section.span, message);
    }
    found
}

fn cadence(
    reader: &mut TomlFile<'_>,
    section: &Section<'_>,
    digest: Option<&DigestName>,
    select: &Select,
) -> Option<Cadence> {
    reader.unknown_keys(section, &KEYS);
    for (key, example) in [("name", "weekly"), ("schedule", "every Sunday at 10:00")] {
        if !section.table.contains_key(key) {
            let message = format!("is missing; write for example {key} = \"{example}\"");
            reader.missing(format!("{}{key}", section.prefix), Some(&section.span), message);
        }
    }
    let named = reader.read(section, "name", |text| name(text, digest));
    let schedule = reader.read(section, "schedule", schedule);
    let title = reader.read(section, "title", header_line);
    let minimum = reader.number(section, "minimum", 1..=MOST_REVIEWS);
    let maximum = reader.number(section, "maximum", 1..=MOST_REVIEWS);
    bounds(reader, section, select, (&minimum, &maximum));
    let (name, stream) = named?;
    let (minimum, maximum) = (minimum.map(|(n, _)| n), maximum.map(|(n, _)| n));
    Some(Cadence { stream, name, title, schedule: schedule?, minimum, maximum })
}

/// The cadence's name, and the name of its stream: both stand in URLs.
fn name(text: &str, digest: Option<&DigestName>) -> Result<(String, DigestName), String> {
    let bad = |_| format!("`{text}` cannot name a cadence: use lower-case letters, digits and hyphens");
    let name = DigestName::parse(text).map_err(bad)?;
    let stream = digest.map_or(text.to_owned(), |digest| format!("{digest}-{text}"));
    let stream = DigestName::parse(&stream)
        .map_err(|_| format!("`{stream}`, the name of its issues, is longer than 60 characters; shorten it"))?;
    Ok((name.as_str().to_owned(), stream))
}
