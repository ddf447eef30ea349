//! `pullquote subscribers`: the list, from the shell.

use std::{io::Read as _, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use clap::Subcommand;

use super::{Outcome, done_unless, preview::write, print_json, print_line};
use crate::{
    app::{
        App,
        subscribe::{self, Added},
    },
    model::{Digest, DisplayName, EmailAddress, SubscriberState},
    store::subscribers,
    subscribers::exchange::Row,
};

/// Add, list, remove, import and export the subscribers of a digest
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote subscribers add friday ann@example.org --name 'Ann Lee'
  pullquote subscribers add friday-weekly ann@example.org
  pullquote subscribers list friday --state active
  pullquote subscribers import friday list.csv
  pullquote subscribers export friday -o friday.csv")]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Put addresses on the list; you vouch for their consent
    Add {
        /// The digest's name, or that of one of its cadences (friday-weekly)
        digest: String,
        /// The addresses
        #[arg(required = true)]
        addresses: Vec<String>,
        /// The person's name
        #[arg(long)]
        name: Option<String>,
        /// Bring back somebody who left
        #[arg(long)]
        again: bool,
    },
    /// List subscribers
    List {
        /// Only those of this digest
        digest: Option<String>,
        /// Only those in this state: pending, active, left or blocked
        #[arg(long, value_parser = parse_state)]
        state: Option<SubscriberState>,
        /// Print JSON Lines
        #[arg(long)]
        json: bool,
    },
    /// Take addresses off the list
    Remove {
        /// The digest's name
        digest: String,
        /// The addresses
        #[arg(required = true)]
        addresses: Vec<String>,
    },
    /// Take a CSV file in; its first line names the columns: email, and if you like name, state and cadence
    Import {
        /// The digest's name
        digest: String,
        /// The file, or - for standard input
        file: PathBuf,
    },
    /// Write the list as CSV
    Export {
        /// The digest's name
        digest: String,
        /// Write to a file instead of stdout
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

fn parse_state(word: &str) -> Result<SubscriberState, String> {
    let known = SubscriberState::ALL.map(SubscriberState::as_str).join(", ");
    SubscriberState::parse(word).ok_or_else(|| format!("there are {known}"))
}

pub async fn run(app: Arc<App>, args: Args) -> Outcome {
    match args.verb {
        Verb::Add { digest, addresses, name, again } => {
            let digest = app.digest(&digest)?;
            let name = DisplayName::parse(name.as_deref().unwrap_or(""))?;
            add(&app, &digest, &addresses, name, again).await
        }
        Verb::List { digest, state, json } => list(&app, digest, state, json).await,
        Verb::Remove { digest, addresses } => {
            let digest = app.digest(&digest)?;
            remove(&app, &digest, &addresses).await
        }
        Verb::Import { digest, file } => {
            let digest = app.digest(&digest)?;
            import(&app, &digest, file).await
        }
        Verb::Export { digest, output } => {
            let digest = app.digest(&digest)?;
            write(output, subscribe::export(&app, &digest).await?.into_bytes())?;
            Ok(done_unless(false))
        }
    }
}

async fn add(app: &App, digest: &Digest, addresses: &[String], name: Option<DisplayName>, again: bool) -> Outcome {
    let mut failed = false;
    for text in addresses {
        let email = match EmailAddress::parse(text) {
            Ok(email) => email,
            Err(error) => {
                eprintln!("pullquote: {error}");
                failed = true;
                continue;
            }
        };
        let added = subscribe::add(app, digest, Row::new(email.clone(), name.clone()), again).await?;
        match added {
            Added::New => print_line(format!("{email} is on the list of {}", digest.name))?,
            Added::Known => print_line(format!("{email} was on the list of {}", digest.name))?,
            Added::Switched => print_line(format!("{email} was on the list and gets {} from now on", digest.name))?,
            Added::Kept(state) => {
                eprintln!("pullquote: {email} is {} and stays so; --again brings them back", state.as_str());
                failed = true;
            }
        }
    }
    Ok(done_unless(failed))
}

async fn list(app: &App, digest: Option<String>, state: Option<SubscriberState>, json: bool) -> Outcome {
    let digest = digest.as_deref().map(|name| app.digest(name)).transpose()?;
    let listed = subscribers::list(&app.db, digest.as_ref().map(|d| d.list.as_str()), state).await?;
    let cadence = digest.as_ref().and_then(|digest| digest.cadence.as_deref());
    for stored in listed.iter().filter(|stored| cadence.is_none_or(|cadence| stored.subscriber.cadence == cadence)) {
        let subscriber = &stored.subscriber;
        if json {
            print_json(subscriber)?;
        } else {
            let name = subscriber.name.as_ref().map(|name| format!("  {}", name.as_str())).unwrap_or_default();
            let cadence = match subscriber.cadence.as_str() {
                "" => String::new(),
                cadence => format!(" ({cadence})"),
            };
            let (state, digest, email) = (subscriber.state.as_str(), &subscriber.digest, &subscriber.email);
            print_line(format!("{state:8}  {digest}{cadence}  {email}{name}"))?;
        }
    }
    if listed.is_empty() && !json {
        eprintln!("Nobody is on the list.");
    }
    Ok(done_unless(false))
}

async fn remove(app: &App, digest: &Digest, addresses: &[String]) -> Outcome {
    let mut failed = false;
    for text in addresses {
        let email = EmailAddress::parse(text)?;
        if subscribe::remove(app, digest, &email).await? {
            print_line(format!("{email} is off the list of {}", digest.name))?;
        } else {
            eprintln!("pullquote: {email} is not on the list of {}", digest.name);
            failed = true;
        }
    }
    Ok(done_unless(failed))
}

async fn import(app: &App, digest: &Digest, file: PathBuf) -> Outcome {
    let text = if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("standard input")?;
        text
    } else {
        std::fs::read_to_string(&file).with_context(|| file.display().to_string())?
    };
    let imported = subscribe::import(app, digest, &text).await?;
    for note in &imported.import.notes {
        eprintln!("{}: {note}", file.display());
    }
    for refused in &imported.import.refused {
        eprintln!("pullquote: {}: {refused}", file.display());
    }
    print_line(format!(
        "{} added, {} known, {} left or blocked before and kept so, {} lines refused",
        imported.added,
        imported.known,
        imported.kept,
        imported.import.refused.len()
    ))?;
    Ok(done_unless(!imported.import.refused.is_empty()))
}
