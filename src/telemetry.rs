//! The log: lines on standard error, for people or as JSON, as the settings say.
//!
//! Standard output belongs to what a command prints.

use std::io::IsTerminal as _;

use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, filter::ParseError, fmt, fmt::MakeWriter};

use crate::settings::{Log, LogFormat};

/// Libraries that report their inner life as news; a level given for them by name goes before this.
const QUIET: &str = "tokio_cron_scheduler=warn,sqlx=warn,hyper=warn,rustls=warn";

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `RUST_LOG` or `log.level` says nothing that can be followed.
    #[error("the log level `{0}` is not understood ({1}); write for example `info` or `info,pullquote::deliver=debug`")]
    Level(String, ParseError),
    /// It was already started.
    #[error("the log is already started")]
    Started,
}

/// Starts the log. `rust_log` is the value of `RUST_LOG`, which goes before the settings' level unless empty.
///
/// # Errors
/// Where the level is not understood, or a log was started before.
pub fn start(log: &Log, rust_log: Option<&str>) -> Result<(), TelemetryError> {
    let subscriber = subscriber(log, rust_log, std::io::stderr, std::io::stderr().is_terminal())?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TelemetryError::Started)
}

fn subscriber<W>(
    log: &Log,
    rust_log: Option<&str>,
    writer: W,
    colours: bool,
) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let level = rust_log.filter(|text| !text.trim().is_empty()).unwrap_or(&log.level);
    let filter = EnvFilter::try_new(format!("{QUIET},{level}"));
    let filter = filter.map_err(|error| TelemetryError::Level(level.to_owned(), error))?;
    let lines = fmt::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match log.format {
        LogFormat::Text => Box::new(lines.with_ansi(colours).finish()),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).finish()),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is logged by a few events under a level and format.
    fn logged(level: &str, format: LogFormat, rust_log: Option<&str>) -> Vec<String> {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = Log { level: level.into(), format };
        let subscriber = subscriber(&log, rust_log, move || writer.clone(), false).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(issue = 7, "sent");
            tracing::debug!("details");
            tracing::info!(target: "tokio_cron_scheduler", "inner life");
        });
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_level_of_the_settings_holds_unless_rust_log_says_otherwise() {
        let lines = logged("info", LogFormat::Text, None);
        assert!(lines.len() == 1 && lines[0].ends_with("sent issue=7"), "{lines:?}");
        assert_eq!(logged("info", LogFormat::Text, Some("")).len(), 1);
        assert_eq!(logged("info", LogFormat::Text, Some("debug")).len(), 2);
        assert_eq!(logged("warn", LogFormat::Text, None).len(), 0);
        assert_eq!(logged("info,tokio_cron_scheduler=info", LogFormat::Text, None).len(), 2);
    }

    #[test]
    fn a_json_line_is_one_object_with_the_message_and_its_fields() {
        let lines = logged("info", LogFormat::Json, None);
        let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!((&line["message"], &line["issue"], &line["level"]), (&"sent".into(), &7.into(), &"INFO".into()));
    }

    #[test]
    fn a_level_that_is_not_understood_is_named() {
        let log = Log { level: "info".into(), format: LogFormat::Text };
        let error = subscriber(&log, Some("pullquote=loud"), std::io::sink, false).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("`pullquote=loud`"), "{error}");
    }
}
