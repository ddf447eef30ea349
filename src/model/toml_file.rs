//! A TOML file that a person wrote, read so that every mistake is collected with its key and line.
//!
//! The keys and their meaning belong to those who read: the digest file and the settings.

use std::ops::{Range, RangeInclusive};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::problem::{Problem, nearest};

/// A file being read, and what was found wrong with it so far.
#[derive(Debug)]
pub struct TomlFile<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
    /// Lines with a syntax error: what was recovered from them means nothing.
    broken: Vec<usize>,
}

/// One table of the file.
#[derive(Debug, Clone)]
pub struct Section<'t> {
    /// The dotted key of the table with a dot after it; empty at the top.
    pub prefix: String,
    /// Where it stands.
    pub span: Range<usize>,
    /// Its entries.
    pub table: &'t DeTable<'t>,
}

/// A value and where it stands.
pub type Found<T> = Option<(T, Range<usize>)>;

impl<'a> TomlFile<'a> {
    /// Parses a file; syntax errors become problems, and the rest is read all the same.
    pub fn parse(file: &'a str, text: &'a str) -> (Self, Spanned<DeTable<'a>>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut this = Self { file, text, problems: Vec::new(), broken: Vec::new() };
        for error in errors {
            let line = this.line(error.span().map_or(0, |span| span.start));
            // One slip makes the parser stumble several times on the same line.
            if !this.broken.contains(&line) {
                this.broken.push(line);
                let message = format!("this is not TOML: {}", error.message().replace('\n', ", "));
                this.problems.push(Problem { file: file.into(), key: String::new(), line: Some(line), message });
            }
        }
        this.spread_broken_headers();
        (this, table)
    }

    /// Below a table header with a syntax error the keys seem to belong to the table before: nothing is said
    /// about them up to the next header.
    fn spread_broken_headers(&mut self) {
        let mut below_broken = false;
        for (index, text) in self.text.lines().enumerate() {
            let broken = self.broken.contains(&(index + 1));
            if text.trim_start().starts_with('[') {
                below_broken = broken;
            } else if below_broken && !broken {
                self.broken.push(index + 1);
            }
        }
    }

    /// The text with every line emptied that means nothing because of a syntax error.
    pub fn sound_lines(&self) -> String {
        let lines = self.text.lines().enumerate();
        lines
            .map(|(index, line)| if self.broken.contains(&(index + 1)) { "\n".into() } else { format!("{line}\n") })
            .collect()
    }

    /// The line, counted from 1, of a byte offset.
    pub fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|b| *b == b'\n').count()
    }

    /// Adds a mistake in a value.
    pub fn wrong(&mut self, key: impl Into<String>, span: &Range<usize>, message: impl Into<String>) {
        let line = self.line(span.start);
        if !self.broken.contains(&line) {
            let (key, message) = (key.into(), message.into());
            self.problems.push(Problem { file: self.file.into(), key, line: Some(line), message });
        }
    }

    /// Adds that something is not there. Where the syntax is broken nobody knows, and nothing is said.
    pub fn missing(&mut self, key: impl Into<String>, span: Option<&Range<usize>>, message: impl Into<String>) {
        if self.broken.is_empty() {
            let line = span.map(|span| self.line(span.start));
            self.problems.push(Problem { file: self.file.into(), key: key.into(), line, message: message.into() });
        }
    }

    /// Adds what is wrong with the file as a whole.
    pub fn whole(&mut self, message: impl Into<String>) {
        self.problems.push(Problem { file: self.file.into(), key: String::new(), line: None, message: message.into() });
    }

    /// Adds every key of a table that is not among those known.
    pub fn unknown_keys(&mut self, section: &Section<'_>, known: &[&str]) {
        for key in section.table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let message = unknown(name, known);
                self.wrong(format!("{}{name}", section.prefix), &key.span(), message);
            }
        }
    }

    /// A text.
    pub fn text<'t>(&mut self, section: &Section<'t>, key: &str) -> Found<&'t str> {
        let value = section.table.get(key)?;
        if let DeValue::String(text) = value.get_ref() {
            return Some((text, value.span()));
        }
        self.wrong_type(section, key, value, "a text in quotes");
        None
    }

    /// A text that is not blank, trimmed.
    pub fn full_text<'t>(&mut self, section: &Section<'t>, key: &str) -> Found<&'t str> {
        let (text, span) = self.text(section, key)?;
        if !text.trim().is_empty() {
            return Some((text.trim(), span));
        }
        self.wrong(format!("{}{key}", section.prefix), &span, "must not be empty");
        None
    }

    /// A text read by `read`, whose error is the problem.
    pub fn read<T, E: ToString>(
        &mut self,
        section: &Section<'_>,
        key: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let (text, span) = self.full_text(section, key)?;
        read(text).map_err(|error| self.wrong(format!("{}{key}", section.prefix), &span, error.to_string())).ok()
    }

    /// A whole number within a range.
    pub fn number(&mut self, section: &Section<'_>, key: &str, range: RangeInclusive<usize>) -> Found<usize> {
        let value = section.table.get(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong_type(section, key, value, "a whole number without quotes");
            return None;
        };
        let parsed = i128::from_str_radix(number.as_str(), number.radix()).ok();
        if let Some(number) = parsed.and_then(|n| usize::try_from(n).ok()).filter(|n| range.contains(n)) {
            return Some((number, value.span()));
        }
        let message = format!("{number} is out of range; {} to {} are allowed", range.start(), range.end());
        self.wrong(format!("{}{key}", section.prefix), &value.span(), message);
        None
    }

    /// One word of a few.
    pub fn choice<T: Copy>(&mut self, section: &Section<'_>, key: &str, options: &[(&str, T)]) -> Option<T> {
        self.read(section, key, |text| {
            options.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
                let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
                not_among(text, &names)
            })
        })
    }

    /// A list of texts, each with its place.
    pub fn texts<'t>(&mut self, section: &Section<'t>, key: &str) -> Vec<(&'t str, Range<usize>)> {
        let Some(value) = section.table.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(section, key, value, "a list of texts, as in [\"a\", \"b\"]");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => texts.push((text.as_ref(), item.span())),
                _ => self.wrong_type(section, key, item, "a text in quotes"),
            }
        }
        texts
    }

    /// A table below another.
    pub fn section<'t>(&mut self, section: &Section<'t>, key: &str) -> Option<Section<'t>> {
        let value = section.table.get(key)?;
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Section { prefix: format!("{}{key}.", section.prefix), span: value.span(), table });
        }
        self.wrong_type(section, key, value, &format!("a table, begun with [{key}]"));
        None
    }

    /// The tables of `[[key]]`, numbered from 1 in their prefix.
    pub fn sections<'t>(&mut self, section: &Section<'t>, key: &str) -> Vec<Section<'t>> {
        let Some(value) = section.table.get(key) else { return Vec::new() };
        let wanted = format!("tables, each begun with [[{key}]]");
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(section, key, value, &wanted);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => sections.push(Section {
                    prefix: format!("{}{key}[{}].", section.prefix, index + 1),
                    span: item.span(),
                    table,
                }),
                _ => self.wrong_type(section, key, item, &wanted),
            }
        }
        sections
    }

    /// All problems, in the order of the lines; those without a line come last.
    pub fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
        self.problems
    }

    fn wrong_type(&mut self, section: &Section<'_>, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(format!("{}{key}", section.prefix), &value.span(), format!("must be {wanted}, not {found}"));
    }
}

/// That a key is not known, with the nearest right one or all of them.
pub fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(like) => format!("unknown key; did you mean `{like}`?"),
        None => format!("unknown key; known here are {}", known.join(", ")),
    }
}

/// That a word is none of those allowed, with the nearest and all of them.
pub fn not_among(word: &str, allowed: &[&str]) -> String {
    let like = nearest(word, allowed.iter().copied()).map(|like| format!(", did you mean `{like}`?"));
    format!("`{word}` is not one of {}{}", allowed.join(", "), like.unwrap_or_default())
}
