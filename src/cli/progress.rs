//! Progress of long work: a bar on a terminal, plain lines elsewhere. Always on stderr.

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress of one piece of work.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    plain: bool,
}

impl Progress {
    /// Work of a known number of steps.
    pub fn steps(title: &str, steps: u64) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{prefix:>12.bold} [{bar:30.cyan/dim}] {pos}/{len} {wide_msg:.dim}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━━─"));
        bar.set_prefix(title.to_owned());
        Self { bar, plain }
    }

    /// Work of an unknown length.
    pub fn spinner(title: &str) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{prefix:>12.bold} {spinner:.cyan} {wide_msg:.dim}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_prefix(title.to_owned());
        if !plain {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, plain }
    }

    /// One step further, with what it was.
    pub fn step(&self, what: impl Into<String>) {
        let what = what.into();
        if self.plain {
            eprintln!("{}: {what}", self.bar.prefix());
        }
        self.bar.set_message(what);
        self.bar.inc(1);
    }

    /// Stands at a step.
    pub fn at(&self, step: u64) {
        self.bar.set_position(step);
    }

    /// Still at the same, with what it is now; without a terminal nothing is said.
    pub fn message(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
    }

    /// A line that stays, above the bar.
    pub fn note(&self, line: impl AsRef<str>) {
        if self.plain { eprintln!("{}", line.as_ref()) } else { self.bar.println(line.as_ref()) }
    }

    /// Ends, with a last word that stays.
    pub fn done(self, words: impl Into<String>) {
        let words = words.into();
        let title = self.bar.prefix();
        self.bar.finish_and_clear();
        if self.plain { eprintln!("{title}: {words}") } else { eprintln!("\x1b[1m{title:>12}\x1b[0m {words}") }
    }
}
