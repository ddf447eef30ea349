//! The command line: one file per verb. Verbs call [`crate::app`] and print; rules live elsewhere.
//!
//! Exit codes: 0 done, 1 failed (with a message on stderr that says what, where and what to do), 2 wrong
//! usage (by clap). With `--json`, JSON Lines go to stdout and nothing else does.

mod bounces;
mod check;
mod collect;
mod database;
mod deliveries;
mod demo;
mod dkim;
mod drafts;
mod issues;
mod orders;
mod preview;
mod progress;
mod quote;
mod quote_by_hand;
mod read;
mod reviews;
mod schedule;
mod send;
mod serve;
mod sources;
mod subscribers;
mod why;

use std::{future::Future, io::Write as _, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::{
    app::{App, AppError},
    settings::{self, Settings},
    telemetry,
};

const EXAMPLES: &str = "\
Examples:
  pullquote demo                              the whole product on the shipped example, no set-up
  pullquote quote reviews/                    what would be quoted from a folder of reviews
  pullquote check                             are settings, digests, database and mail in order?
  pullquote preview friday -o friday.html     the next issue of digests/friday.toml, nothing sent
  pullquote serve                             scheduler, web and delivery in one process";

/// Reads the places where reviews appear, quotes each critic fairly, and delivers a digest by email and RSS.
#[derive(Debug, Parser)]
#[command(name = "pullquote", version, about, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// A settings file, read after the built-in defaults and before PULLQUOTE__… variables
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::Args),
    Serve(serve::Args),
    Read(read::Args),
    Quote(quote::Args),
    Collect(collect::Args),
    Preview(preview::Args),
    Send(send::Args),
    Orders(orders::Args),
    Why(why::Args),
    Reviews(reviews::Args),
    Feature(reviews::StarArgs),
    Unfeature(reviews::StarArgs),
    Drafts(drafts::Args),
    Issues(issues::Args),
    Deliveries(deliveries::Args),
    Sources(sources::Args),
    Subscribers(subscribers::Args),
    Schedule(schedule::Args),
    Bounces(bounces::Args),
    Dkim(dkim::Args),
    Check(check::Args),
    Database(database::Args),
}

/// How much a verb logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Logging {
    /// As the settings say.
    AsSet,
    /// Warnings and errors.
    Quiet,
}

/// What a verb came to.
pub(crate) type Outcome = anyhow::Result<ExitCode>;

/// Runs the command line and gives its exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.dispatch() {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    fn dispatch(self) -> Outcome {
        let config = self.config;
        match self.verb {
            Verb::Demo(args) => runtime()?.block_on(demo::run(args)),
            Verb::Serve(args) => with_app(config, Logging::AsSet, |app| serve::run(app, args)),
            Verb::Read(args) => runtime()?.block_on(read::run(config, args)),
            Verb::Quote(args) => match args.by_hand() {
                Some(order) => with_app(config, Logging::Quiet, |app| quote_by_hand::run(app, order)),
                None => runtime()?.block_on(quote::run(config, args)),
            },
            Verb::Collect(args) => with_app(config, Logging::Quiet, |app| collect::run(app, args)),
            Verb::Preview(args) => with_app(config, Logging::Quiet, |app| preview::run(app, args)),
            Verb::Send(args) => with_app(config, Logging::Quiet, |app| send::run(app, args)),
            Verb::Orders(args) => with_app(config, Logging::Quiet, |app| orders::run(app, args)),
            Verb::Why(args) => with_app(config, Logging::Quiet, |app| why::run(app, args)),
            Verb::Reviews(args) => with_app(config, Logging::Quiet, |app| reviews::run(app, args)),
            Verb::Feature(args) => with_app(config, Logging::Quiet, |app| reviews::star(app, args, true)),
            Verb::Unfeature(args) => with_app(config, Logging::Quiet, |app| reviews::star(app, args, false)),
            Verb::Drafts(args) => with_app(config, Logging::Quiet, |app| drafts::run(app, args)),
            Verb::Issues(args) => with_app(config, Logging::Quiet, |app| issues::run(app, args)),
            Verb::Deliveries(args) => with_app(config, Logging::Quiet, |app| deliveries::run(app, args)),
            Verb::Sources(args) => with_app(config, Logging::Quiet, |app| sources::run(app, args)),
            Verb::Subscribers(args) => with_app(config, Logging::Quiet, |app| subscribers::run(app, args)),
            Verb::Bounces(args) => with_app(config, Logging::Quiet, |app| bounces::run(app, args)),
            Verb::Dkim(args) => dkim::run(config, args),
            Verb::Schedule(args) => match args.past() {
                Some(past) => with_app(config, Logging::Quiet, |app| schedule::past(app, past)),
                None => schedule::run(config, args),
            },
            Verb::Check(args) => runtime()?.block_on(check::run(config, args)),
            Verb::Database(args) => runtime()?.block_on(database::run(config, args)),
        }
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")
}

/// The settings, with logging started. A server logs as they say; a command that prints its own report logs
/// only what is wrong, unless RUST_LOG asks for more.
pub(crate) fn load_settings(config: Option<PathBuf>, logging: Logging) -> anyhow::Result<Settings> {
    let settings = settings::load(config.as_deref(), std::env::vars()).map_err(AppError::Problems)?;
    let rust_log = std::env::var("RUST_LOG").ok();
    let mut log = settings.log.clone();
    if logging == Logging::Quiet {
        // Delivery tells its troubles by the progress that the command shows.
        "warn,pullquote::deliver=error".clone_into(&mut log.level);
    }
    telemetry::start(&log, rust_log.as_deref())?;
    Ok(settings)
}

/// Runs a verb that needs the whole house.
fn with_app<F: Future<Output = Outcome>>(
    config: Option<PathBuf>,
    logging: Logging,
    verb: impl FnOnce(Arc<App>) -> F,
) -> Outcome {
    let settings = load_settings(config, logging)?;
    runtime()?.block_on(async {
        let app = App::from_settings(settings).await?;
        verb(app).await
    })
}

/// Prints a failure; a list of mistakes goes out one a line.
fn report(error: &anyhow::Error) {
    let mut stderr = std::io::stderr().lock();
    let written = match error.downcast_ref::<AppError>() {
        Some(AppError::Problems(problems)) => problems.iter().try_for_each(|problem| writeln!(stderr, "{problem}")),
        _ => writeln!(stderr, "pullquote: {error:#}"),
    };
    // With stderr gone there is nobody to tell.
    drop(written);
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// Done, or failed where something of several inputs could not be done.
pub(crate) fn done_unless(failed: bool) -> ExitCode {
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Writes one JSON line to stdout.
pub(crate) fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let line = serde_json::to_string(value).context("cannot print as JSON")?;
    writeln!(std::io::stdout(), "{line}").context("cannot write to stdout")
}

/// Writes one line of text to stdout.
pub(crate) fn print_line(line: impl std::fmt::Display) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("cannot write to stdout")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
