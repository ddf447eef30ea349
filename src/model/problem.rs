//! One mistake in a file that a person wrote: which file, which key, which line, what to do.
//!
//! Settings and digest files collect all their problems and report them at once.

/// A mistake in a settings or digest file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, or the environment variable.
    pub file: String,
    /// The dotted key, such as `select.maximum` or `source[2].feed`; empty for the file as a whole.
    pub key: String,
    /// The line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong and what to do, as a sentence without a full stop.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// The candidate most like `word`, where one is near enough to be a slip of the pen.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(word.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_file_line_and_key() {
        let problem = Problem {
            file: "digests/friday.toml".into(),
            key: "select.maximun".into(),
            line: Some(12),
            message: "unknown key; did you mean `maximum`?".into(),
        };
        assert_eq!(problem.to_string(), "digests/friday.toml:12: select.maximun: unknown key; did you mean `maximum`?");
    }

    #[test]
    fn a_slip_finds_the_right_key_and_nonsense_finds_none() {
        assert_eq!(nearest("maximun", ["minimum", "maximum", "per_source"]), Some("maximum"));
        assert_eq!(nearest("timezone", ["time_zone", "title"]), Some("time_zone"));
        assert_eq!(nearest("xyzzy", ["minimum", "maximum"]), None);
    }
}
