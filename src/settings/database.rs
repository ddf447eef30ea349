//! Which database: the value of `store.url`.
//!
//! Only its form is checked here; `store` connects. What is displayed never holds the password.

use std::{fmt, path::PathBuf};

use url::Url;

use super::Secret;

/// Where the tables are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(PostgresUrl),
}

/// A `postgres://` URL, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    full: Secret,
    shown: String,
}

/// The parameters that mean something after the `?`.
const PARAMETERS: [&str; 12] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

impl Database {
    /// Reads `sqlite:PATH` or `postgres://user:password@host:port/database?sslmode=…`.
    ///
    /// # Errors
    /// What is wrong, without the text itself: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" | ":memory:" => {
                    Err("must name a file, as in sqlite:data/pullquote.db: what is sent must outlast a restart".into())
                }
                _ if path.contains('?') => Err("must hold no options after the file".into()),
                _ => Ok(Self::Sqlite(PathBuf::from(path))),
            };
        }
        match text.split_once(':').map(|(scheme, _)| scheme) {
            Some("postgres" | "postgresql") => PostgresUrl::parse(text).map(Self::Postgres),
            _ => Err("is not a database URL; write sqlite:PATH, as in sqlite:data/pullquote.db, or \
                      postgres://user:password@host/database"
                .into()),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(&url.shown),
        }
    }
}

impl PostgresUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let mut url = Url::parse(text).map_err(|error| {
            format!(
                "is not a URL ({error}); write postgres://user:password@host:5432/database, with signs such as @, : \
                 or / in a password as %40, %3A, %2F"
            )
        })?;
        for (key, value) in url.query_pairs() {
            let known = PARAMETERS.contains(&&*key) || (key.starts_with("options[") && key.ends_with(']'));
            if !known {
                return Err(format!("has a parameter `{key}` that means nothing; there are {}", PARAMETERS.join(", ")));
            }
            if key == "sslmode" && !SSL_MODES.contains(&&*value) {
                return Err(format!("has an sslmode that is none of {}", SSL_MODES.join(", ")));
            }
        }
        if url.path().trim_matches('/').contains('/') {
            return Err("holds a `/` too many: signs such as @, : or / in a password are written %40, %3A, %2F".into());
        }
        let named = !url.path().trim_matches('/').is_empty() || url.query_pairs().any(|(key, _)| key == "dbname");
        if !named {
            return Err("names no database; write postgres://user:password@host/database".into());
        }
        let full = Secret::new(text);
        // A URL that has a user can have a password; one that cannot has none to hide.
        if url.password().is_some() {
            let _ = url.set_password(Some("***"));
        }
        let pairs: Vec<(String, String)> = url
            .query_pairs()
            .map(|(key, value)| (key.to_string(), if key == "password" { "***".into() } else { value.into_owned() }))
            .collect();
        if !pairs.is_empty() {
            url.query_pairs_mut().clear().extend_pairs(pairs);
        }
        Ok(Self { full, shown: url.into() })
    }

    /// Whether it holds a password.
    pub fn has_password(&self) -> bool {
        self.full.expose() != self.shown
    }

    /// The whole URL, password included.
    pub fn expose(&self) -> &str {
        self.full.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_a_server() {
        assert_eq!(Database::parse("sqlite:a/b.db"), Ok(Database::Sqlite("a/b.db".into())));
        assert_eq!(Database::parse("sqlite:///a/b.db"), Ok(Database::Sqlite("/a/b.db".into())));
        assert!(matches!(Database::parse("postgresql://localhost/pullquote"), Ok(Database::Postgres(_))));
        assert!(matches!(Database::parse("postgres:///pullquote?host=/run/postgresql"), Ok(Database::Postgres(_))));
    }

    #[test]
    fn a_password_is_never_shown() {
        for url in ["postgres://me:hunter2@db.example/pq?sslmode=require", "postgres://db.example/pq?password=hunter2"]
        {
            let database = Database::parse(url).unwrap();
            let (shown, debugged) = (database.to_string(), format!("{database:?}"));
            assert!(!shown.contains("hunter2") && !debugged.contains("hunter2"), "{shown} {debugged}");
            assert!(shown.contains("db.example/pq"), "{shown}");
        }
        let shown = Database::parse("postgres://me:a@b/hunter2@db/pq").map(|d| d.to_string()).unwrap_err();
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_the_reason() {
        let why = |text| Database::parse(text).unwrap_err();
        assert!(why("sqlite::memory:").contains("must name a file"));
        assert!(why("sqlite:a.db?mode=ro").contains("no options"));
        assert!(why("postgres://localhost").contains("names no database"));
        assert!(why("postgres://localhost/pq?sslmod=require").contains("`sslmod`"));
        assert!(why("postgres://localhost/pq?sslmode=on").contains("verify-full"));
        assert!(why("mysql://localhost/pq").contains("not a database URL"));
    }
}
