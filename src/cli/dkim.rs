//! `pullquote dkim`: keys that sign mail, and the DNS records that go with them. Needs no database.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::{Subcommand, ValueEnum};

use super::{Logging, Outcome, done_unless, load_settings, print_line};
use crate::{
    deliver::dkim::{self, Kind, PrivateKey},
    settings::{domain_name, selector_name},
};

/// Make keys that sign mail (DKIM), and print the DNS records to publish
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pullquote dkim generate example.org                    an RSA and an Ed25519 key
  pullquote dkim generate example.org --kind rsa --selector autumn
  pullquote dkim record data/dkim/example.org.pullquote-rsa.pem")]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make keys for a sender's domain; nothing is signed before the settings name them
    Generate {
        /// The domain of the senders' addresses
        #[arg(value_parser = domain_name)]
        domain: String,
        /// Only this kind; without it, both: RSA is what every receiver knows, Ed25519 is the fast one beside it
        #[arg(long, value_enum)]
        kind: Option<KindArgument>,
        /// The name of the key in the DNS; `pullquote-rsa` and `pullquote-ed25519` where none is given
        #[arg(long, value_parser = selector_name, requires = "kind")]
        selector: Option<String>,
        /// Where the keys are put; the folder `dkim` in paths.data where none is given
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
    /// Print the DNS record of a key's public half
    Record {
        /// The private key, PEM
        file: PathBuf,
    },
}

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindArgument {
    /// RSA of 2048 bits
    Rsa,
    /// Ed25519
    Ed25519,
}

impl KindArgument {
    const fn kind(self) -> Kind {
        match self {
            Self::Rsa => Kind::Rsa,
            Self::Ed25519 => Kind::Ed25519,
        }
    }
}

pub fn run(config: Option<PathBuf>, args: Args) -> Outcome {
    match args.verb {
        Verb::Generate { domain, kind, selector, folder } => {
            let folder = match folder {
                Some(folder) => folder,
                None => load_settings(config, Logging::Quiet)?.paths.data.join("dkim"),
            };
            let kinds = kind.map_or(vec![Kind::Rsa, Kind::Ed25519], |kind| vec![kind.kind()]);
            generate(&domain, &kinds, selector.as_deref(), &folder)
        }
        Verb::Record { file } => {
            let pem = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let key = PrivateKey::from_pem(&pem).map_err(|why| anyhow::anyhow!("{}: {why}", file.display()))?;
            print_line(key.record())?;
            Ok(done_unless(false))
        }
    }
}

fn generate(domain: &str, kinds: &[Kind], selector: Option<&str>, folder: &Path) -> Outcome {
    let mut made = Vec::new();
    for kind in kinds {
        let selector = selector.map_or_else(|| format!("pullquote-{}", kind.as_str()), str::to_owned);
        let file = folder.join(format!("{domain}.{selector}.pem"));
        if file.exists() {
            bail!("{} is there already; give another --selector, or move the old key away first", file.display());
        }
        let pem = dkim::generate(*kind).map_err(anyhow::Error::msg)?;
        let key = PrivateKey::from_pem(&pem).map_err(anyhow::Error::msg)?;
        keep(folder, &file, &pem)?;
        made.push((selector, file, key));
    }
    print_line("1. Publish in the DNS, each as one TXT record (the quoted parts are joined):\n")?;
    for (selector, _, key) in &made {
        // A string of a TXT record holds 255 octets at most (RFC 1035, section 3.3).
        let record = key.record();
        let parts: Vec<_> =
            record.as_bytes().chunks(250).map(|part| format!("\"{}\"", String::from_utf8_lossy(part))).collect();
        print_line(format!("{selector}._domainkey.{domain}. IN TXT ( {} )\n", parts.join("\n    ")))?;
    }
    print_line("2. Then have Pullquote sign with them, in your settings file:\n")?;
    let keys: Vec<_> =
        made.iter().map(|(selector, file, _)| format!("    \"{domain}:{selector}:{}\",", file.display())).collect();
    print_line(format!("[dkim]\nkeys = [\n{}\n]\n", keys.join("\n")))?;
    print_line("3. `pullquote check` compares what the DNS says with the keys.")?;
    Ok(done_unless(false))
}

/// Writes a key that only its owner can read, and never over another.
fn keep(folder: &Path, file: &Path, pem: &str) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file).with_context(|| file.display().to_string())?;
    opened.write_all(pem.as_bytes()).and_then(|()| opened.sync_all()).with_context(|| file.display().to_string())
}
