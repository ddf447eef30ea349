//! Subscriber lists as CSV: in from another tool, out for a backup.
//!
//! The header names the columns: `email` must be there; `name`, `state` and `cadence` may be. Other columns are
//! passed over with a note, so that an export of another tool goes in as it is.

use jiff::Timestamp;

use crate::model::{DisplayName, EmailAddress, Subscriber, SubscriberState};

/// One line of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The address.
    pub email: EmailAddress,
    /// The name.
    pub name: Option<DisplayName>,
    /// The state; active where the file says none.
    pub state: SubscriberState,
    /// The cadence chosen, where the file says one.
    pub cadence: Option<String>,
    /// When the person first asked, where known.
    pub created_at: Option<Timestamp>,
    /// When the person confirmed: the record of consent.
    pub confirmed_at: Option<Timestamp>,
    /// When the person left.
    pub left_at: Option<Timestamp>,
}

impl Row {
    /// An active subscriber of whom nothing else is known.
    pub fn new(email: EmailAddress, name: Option<DisplayName>) -> Self {
        let state = SubscriberState::Active;
        Self { email, name, state, cadence: None, created_at: None, confirmed_at: None, left_at: None }
    }
}

/// What an import file holds.
#[derive(Debug, Default)]
pub struct Import {
    /// Lines that can be taken in.
    pub rows: Vec<Row>,
    /// Lines that cannot, each with its number and the reason.
    pub refused: Vec<String>,
    /// What else a person should know.
    pub notes: Vec<String>,
}

/// Reads a CSV file (RFC 4180), with commas, semicolons or tabs.
pub fn import(text: &str) -> Import {
    let mut import = Import::default();
    let text = text.trim_start_matches('\u{FEFF}');
    let header = text.lines().next().unwrap_or("");
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|d| header.bytes().filter(|b| b == d).count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(str::to_lowercase).collect(),
        Err(error) => {
            import.refused.push(format!("line 1: {error}"));
            return import;
        }
    };
    let column = |names: &[&str]| columns.iter().position(|c| names.contains(&c.as_str()));
    let Some(email) = column(&["email", "e-mail", "email address", "address", "mail"]) else {
        import.refused.push("line 1: no column is called `email`; the first line must name the columns".into());
        return import;
    };
    let (name, state) = (column(&["name", "full name"]), column(&["state", "status"]));
    let cadence = column(&["cadence", "frequency"]);
    let times = [column(&["created_at"]), column(&["confirmed_at"]), column(&["left_at"])];
    let unused: Vec<_> = columns
        .iter()
        .enumerate()
        .filter(|(i, _)| ![&[Some(email), name, state, cadence][..], &times[..]].concat().contains(&Some(*i)))
        .map(|(_, c)| c.as_str())
        .collect();
    if !unused.is_empty() {
        import.notes.push(format!("columns not used: {}", unused.join(", ")));
    }
    for record in reader.records() {
        match record {
            Err(error) => import.refused.push(error.to_string()),
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let field = |at: Option<usize>| at.and_then(|at| record.get(at)).filter(|text| !text.is_empty());
                match row(field(Some(email)), field(name), field(state), field(cadence), times.map(field)) {
                    Ok(row) => import.rows.push(row),
                    Err(reason) => import.refused.push(format!("line {line}: {reason}")),
                }
            }
        }
    }
    import
}

fn row(
    email: Option<&str>,
    name: Option<&str>,
    state: Option<&str>,
    cadence: Option<&str>,
    times: [Option<&str>; 3],
) -> Result<Row, String> {
    let time = |text: Option<&str>| match text {
        Some(text) => text.parse().map(Some).map_err(|_| format!("`{text}` is no time: write 2026-11-22T08:00:00Z")),
        None => Ok(None),
    };
    let [created_at, confirmed_at, left_at] = times;
    let (created_at, confirmed_at, left_at) = (time(created_at)?, time(confirmed_at)?, time(left_at)?);
    let email = EmailAddress::parse(email.ok_or("no address")?).map_err(|error| error.to_string())?;
    let name = DisplayName::parse(name.unwrap_or("")).map_err(|error| error.to_string())?;
    let state = match state.map(str::to_lowercase).as_deref() {
        None | Some("active" | "confirmed" | "enabled" | "subscribed") => SubscriberState::Active,
        Some("left" | "unsubscribed") => SubscriberState::Left,
        Some("pending" | "unconfirmed") => SubscriberState::Pending,
        Some("blocked" | "blocklisted" | "bounced" | "cleaned" | "disabled") => SubscriberState::Blocked,
        Some(other) => return Err(format!("`{other}` is no state: use active, pending, left or blocked")),
    };
    Ok(Row { email, name, state, cadence: cadence.map(str::to_owned), created_at, confirmed_at, left_at })
}

/// Writes a list as CSV, in the columns that [`import`] reads, with the times beside.
pub fn export<'a>(subscribers: impl IntoIterator<Item = &'a Subscriber>) -> String {
    let mut out = String::from("email,name,state,cadence,created_at,confirmed_at,left_at\n");
    for subscriber in subscribers {
        let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        let name = subscriber.name.as_ref().map_or("", |name| name.as_str());
        let fields = [
            subscriber.email.to_string(),
            no_formula(name),
            subscriber.state.as_str().to_owned(),
            subscriber.cadence.clone(),
            time(Some(subscriber.created_at)),
            time(subscriber.confirmed_at),
            time(subscriber.left_at),
        ];
        out.push_str(&fields.map(|field| quoted(&field)).join(","));
        out.push('\n');
    }
    out
}

/// A name that spreadsheets do not take for a formula.
fn no_formula(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.to_owned() }
}

/// A field as RFC 4180 writes it.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_lines_go_in_and_bad_ones_are_named() {
        let import = import(
            "Email;Name;Status;Country\nann@example.org;Ann;subscribed;NZ\nnot an address;;;\nbob@example.org;\"Bob; B.\";unsubscribed;\n",
        );
        assert_eq!(import.rows.len(), 2);
        assert_eq!(import.rows[1].name.as_ref().unwrap().as_str(), "Bob; B.");
        assert_eq!(import.rows[1].state, SubscriberState::Left);
        assert_eq!(import.refused.len(), 1);
        assert!(import.refused[0].starts_with("line 3: `not an address`"), "{}", import.refused[0]);
        assert_eq!(import.notes, ["columns not used: country"]);
    }

    #[test]
    fn a_file_without_an_address_column_is_refused_with_what_to_do() {
        assert!(import("who\nann\n").refused[0].contains("`email`"));
    }

    #[test]
    fn an_export_goes_in_again() {
        let subscriber = Subscriber {
            id: 1,
            digest: "friday".into(),
            cadence: "weekly".into(),
            email: EmailAddress::parse("ann@example.org").unwrap(),
            name: DisplayName::parse("Ann \"A, B\" Lee").unwrap(),
            state: SubscriberState::Active,
            created_at: Timestamp::UNIX_EPOCH,
            confirmed_at: None,
            left_at: None,
        };
        let back = import(&export([&subscriber]));
        assert_eq!(back.refused, Vec::<String>::new());
        assert_eq!((&back.rows[0].email, &back.rows[0].name), (&subscriber.email, &subscriber.name));
        assert_eq!(back.rows[0].cadence.as_deref(), Some("weekly"));
        assert_eq!((back.rows[0].created_at, back.rows[0].confirmed_at), (Some(subscriber.created_at), None));
    }

    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(no_formula("=cmd()"), "'=cmd()");
    }
}
