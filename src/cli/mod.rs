//! The command line: one file per verb. Verbs call [`crate::app`] and print; rules live elsewhere.
//!
//! Exit codes: 0 done, 1 failed (with a message on stderr), 2 wrong usage (by clap).

mod quote;
mod read;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reads the places where reviews appear, quotes each critic fairly, and delivers a digest by email and RSS.
#[derive(Debug, Parser)]
#[command(name = "pullquote", version, about)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Read(read::Args),
    Quote(quote::Args),
}

/// Runs the command line and gives its exit code.
pub fn run() -> ExitCode {
    let outcome = match Cli::parse().verb {
        Verb::Read(args) => read::run(&args),
        Verb::Quote(args) => quote::run(&args),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("pullquote: {error:#}");
            ExitCode::FAILURE
        }
    }
}
