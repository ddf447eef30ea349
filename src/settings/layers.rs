//! The three layers of settings, and where each value came from.
//!
//! The `config` crate merges; what it cannot tell, the file and line or the variable of a value, and which keys
//! exist, is kept here. It is never let guess types from the environment (`try_parsing`), which would turn the
//! password "00123" into a number.

use std::{
    collections::HashMap,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use config::{Config, Environment, File, FileFormat, ValueKind};
use toml::de::{DeTable, DeValue};

use super::Secret;
use crate::model::{
    Problem,
    toml_file::{Section, TomlFile, unknown},
};

/// The defaults, as shipped.
pub(super) const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Where the defaults come from, in messages.
const DEFAULTS_NAME: &str = "config/default.toml (built in)";

/// Every key there is.
pub(super) const KEYS: [&str; 40] = [
    "public_url",
    "listen",
    "secret",
    "paths.data",
    "paths.digests",
    "store.url",
    "smtp.url",
    "smtp.relays",
    "smtp.connections",
    "smtp.timeout",
    "smtp.group",
    "smtp.lease",
    "smtp.per_second",
    "smtp.per_minute",
    "smtp.per_hour",
    "smtp.per_domain",
    "smtp.domains",
    "smtp.ca_file",
    "dkim.keys",
    "bounces.mailbox",
    "bounces.every",
    "bounces.timeout",
    "bounces.ca_file",
    "bounces.return_path",
    "bounces.soft_limit",
    "bounces.soft_span",
    "bounces.keep",
    "bounces.hook_token",
    "bounces.mailgun_key",
    "admin.password",
    "api.token",
    "collect.every",
    "collect.timeout",
    "collect.spacing",
    "collect.allow",
    "collect.ports",
    "collect.ca_file",
    "subscribe.confirm_within",
    "log.level",
    "log.format",
];

/// The keys whose value is a secret, and may come from a file.
const SECRETS: [&str; 8] = [
    "secret",
    "smtp.url",
    "smtp.relays",
    "bounces.mailbox",
    "bounces.hook_token",
    "bounces.mailgun_key",
    "admin.password",
    "api.token",
];

/// What begins our variables.
const PREFIX: &str = "PULLQUOTE__";

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// 0 for the defaults, 1 for the file, 2 for the environment: the higher goes before the lower.
    rank: u8,
    file: String,
    line: Option<usize>,
}

/// All layers, and what was found wrong so far.
pub(super) struct Layers {
    config: Config,
    places: HashMap<String, Place>,
    problems: Vec<Problem>,
}

impl Layers {
    /// Reads file and environment.
    pub fn read(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Self {
        let mut this = Self { config: Config::default(), places: HashMap::new(), problems: Vec::new() };
        let mut builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(text) = file.and_then(|file| this.file(file)) {
            builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
        }
        let environment = Environment::default().prefix("PULLQUOTE").prefix_separator("__").separator("__");
        builder = builder.add_source(environment.source(Some(this.environment(env))));
        match builder.build() {
            Ok(config) => this.config = config,
            Err(error) => this.add(&Place { rank: 1, file: "settings".into(), line: None }, "", error.to_string()),
        }
        this
    }

    /// Everything found wrong: the file's in the order of its lines, then the environment's.
    pub fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| (problem.line.is_none(), problem.line, problem.file.clone()));
        self.problems
    }

    /// The text of the file, as far as it is good TOML; notes its keys and their lines.
    fn file(&mut self, path: &Path) -> Option<String> {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                self.add(&Place { rank: 1, file: name, line: None }, "", format!("cannot be read: {error}"));
                return None;
            }
        };
        let (mut reader, root) = TomlFile::parse(&name, &text);
        let top = Section { prefix: String::new(), span: root.span(), table: root.get_ref() };
        self.keys(&name, &mut reader, &top);
        let sound = reader.sound_lines();
        self.problems.extend(reader.finish());
        // What is left may still not hang together; then the syntax is all there is to say.
        DeTable::parse(&sound).is_ok().then_some(sound)
    }

    fn keys(&mut self, file: &str, reader: &mut TomlFile<'_>, section: &Section<'_>) {
        for (name, value) in section.table {
            let key = format!("{}{}", section.prefix, name.get_ref());
            let is_group = KEYS.iter().any(|known| known.starts_with(&format!("{key}.")));
            match value.get_ref() {
                DeValue::Table(table) if is_group => {
                    self.keys(file, reader, &Section { prefix: format!("{key}."), span: value.span(), table });
                }
                _ if is_group => reader.wrong(&key, &name.span(), format!("must be a table, begun with [{key}]")),
                _ if is_known(&key) => {
                    let line = Some(reader.line(name.span().start));
                    self.places.insert(key, Place { rank: 1, file: file.to_owned(), line });
                }
                // A table nobody knows: name what is in it, since a key may have been meant for another table.
                DeValue::Table(table) if !table.is_empty() => unknown_below(reader, &key, table),
                _ => reader.wrong(&key, &name.span(), unknown(&key, &KEYS)),
            }
        }
    }

    /// Our variables, by the name that `config` expects; notes their places.
    fn environment(&mut self, env: impl Iterator<Item = (String, String)>) -> HashMap<String, String> {
        let mut ours = HashMap::new();
        for (name, value) in env.filter(|(_, value)| !value.is_empty()) {
            let place = Place { rank: 2, file: name.clone(), line: None };
            if let Some(rest) = name.strip_prefix(PREFIX) {
                let key = rest.to_lowercase().replace("__", ".");
                if is_known(&key) {
                    self.places.insert(key, place);
                    ours.insert(name, value);
                } else {
                    let message = match crate::model::problem::nearest(&key, KEYS) {
                        Some(like) => format!("unknown variable; did you mean `{}`?", variable(like)),
                        None => "unknown variable; the keys are listed in config/default.toml".into(),
                    };
                    self.add(&place, &key, message);
                }
            } else if let Some(meant) = meant_by_single_underscores(&name) {
                self.add(&place, "", format!("two underscores part the words; did you mean `{meant}`?"));
            }
        }
        ours
    }

    /// A text read by `read`; `None` where it is absent or wrong.
    pub fn parsed<T>(&mut self, key: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(key)?;
        self.checked(key, read(&text))
    }

    /// Notes an error as a problem of the key.
    pub fn checked<T>(&mut self, key: &str, outcome: Result<T, String>) -> Option<T> {
        outcome.map_err(|message| self.wrong(key, message)).ok()
    }

    /// A whole number within a range.
    pub fn number(&mut self, key: &str, range: RangeInclusive<usize>) -> Option<usize> {
        let number = match self.value(key)? {
            ValueKind::I64(number) => usize::try_from(number).ok(),
            // From the environment everything is text.
            ValueKind::String(text) if self.place(key).rank == 2 => text.trim().parse().ok(),
            _ => None,
        };
        let message = || format!("must be a whole number, {} to {}", range.start(), range.end());
        self.checked(key, number.filter(|number| range.contains(number)).ok_or_else(message))
    }

    /// A list, each item read by `read`. In a variable the items are separated by commas.
    pub fn list<T>(&mut self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let texts: Option<Vec<String>> = match self.value(key) {
            None => return Vec::new(),
            Some(ValueKind::Array(items)) => items
                .into_iter()
                .map(|item| match item.kind {
                    ValueKind::String(text) => Some(text),
                    ValueKind::I64(number) => Some(number.to_string()),
                    _ => None,
                })
                .collect(),
            Some(ValueKind::String(text)) if self.place(key).rank == 2 => {
                Some(text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect())
            }
            Some(_) => None,
        };
        let Some(texts) = texts else {
            self.wrong(key, "must be a list of texts, as in [\"a\", \"b\"]".into());
            return Vec::new();
        };
        texts.iter().filter_map(|text| self.checked(key, read(text.trim()))).collect()
    }

    /// A secret of at least `least` characters, given itself or by the file that holds it.
    pub fn secret(&mut self, key: &str, least: usize) -> Option<Secret> {
        let file_key = format!("{key}_file");
        let (own, by_file) = (self.places.get(key).cloned(), self.places.get(&file_key).cloned());
        let secret = match (own, by_file) {
            (None, None) => return None,
            (Some(own), Some(by_file)) if own.rank == by_file.rank => {
                self.wrong(&file_key, format!("`{key}` is given as well; keep one of the two"));
                return None;
            }
            (Some(own), by_file) if by_file.as_ref().is_none_or(|by_file| by_file.rank < own.rank) => self.text(key)?,
            _ => {
                let path = PathBuf::from(self.text(&file_key)?);
                let read = std::fs::read_to_string(&path);
                let read = read.map_err(|error| format!("`{}` cannot be read: {error}", path.display()));
                let text = self.checked(&file_key, read)?;
                // Where the content is wrong, the problem is shown at the key that led there.
                if let Some(place) = self.places.get(&file_key).cloned() {
                    self.places.insert(key.to_owned(), place);
                }
                text.trim_end_matches(['\r', '\n']).to_owned()
            }
        };
        if secret.chars().count() < least {
            self.wrong(key, format!("is too short; {least} characters are the least"));
            return None;
        }
        Some(Secret::new(secret))
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.value(key)? {
            ValueKind::String(text) if text.trim().is_empty() => {
                self.wrong(key, "must not be empty".into());
                None
            }
            ValueKind::String(text) => Some(text),
            _ => {
                self.wrong(key, "must be a text in quotes".into());
                None
            }
        }
    }

    fn value(&self, key: &str) -> Option<ValueKind> {
        self.config.get::<config::Value>(key).ok().map(|value| value.kind)
    }

    fn place(&self, key: &str) -> Place {
        self.places.get(key).cloned().unwrap_or(Place { rank: 0, file: DEFAULTS_NAME.into(), line: None })
    }

    fn wrong(&mut self, key: &str, message: String) {
        let place = self.place(key);
        self.add(&place, key, message);
    }

    fn add(&mut self, place: &Place, key: &str, message: String) {
        self.problems.push(Problem { file: place.file.clone(), key: key.into(), line: place.line, message });
    }
}

fn is_known(key: &str) -> bool {
    KEYS.contains(&key) || key.strip_suffix("_file").is_some_and(|key| SECRETS.contains(&key))
}

fn unknown_below(reader: &mut TomlFile<'_>, prefix: &str, table: &DeTable<'_>) {
    for name in table.keys() {
        let key = format!("{prefix}.{}", name.get_ref());
        let message = unknown(&key, &KEYS);
        reader.wrong(key, &name.span(), message);
    }
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// The variable meant by one whose words are parted by single underscores. Others that begin like ours, such
/// as those of test runs, are left alone.
fn meant_by_single_underscores(name: &str) -> Option<String> {
    let loose = |name: &str| name.to_uppercase().replace("__", "_");
    name.starts_with("PULLQUOTE_").then(|| KEYS.map(variable).into_iter().find(|known| loose(known) == loose(name)))?
}
