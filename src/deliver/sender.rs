//! What other mail servers look up about a sender before they trust it: SPF, DMARC and DKIM in the DNS.
//!
//! DKIM records stand under a selector that only who signs knows: ours can be compared, those of a mail server that
//! signs by itself cannot be looked for.

use std::time::Duration;

use hickory_resolver::{TokioResolver, proto::rr::RData};

/// The longest that one question may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A record of a sender's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// It is there.
    Found(String),
    /// It is not.
    Missing,
    /// There are so many where one is allowed: none counts (RFC 7208, section 4.5; RFC 7489, section 6.6.3).
    Several(usize),
    /// The DNS could not be asked.
    Unknown(String),
}

/// What stands in the DNS for a sender's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderRecords {
    /// Which servers may send for it (RFC 7208).
    pub spf: Record,
    /// What receivers do with mail that fails (RFC 7489).
    pub dmarc: Record,
}

/// Looks the records of a domain up.
pub async fn records(domain: &str) -> SenderRecords {
    SenderRecords {
        spf: text_record(domain, "v=spf1").await,
        dmarc: text_record(&format!("_dmarc.{domain}"), "v=DMARC1").await,
    }
}

/// The public key (`p=`) of a DKIM record, without white space.
pub async fn dkim(name: &str) -> Record {
    match look_up(name).await {
        Ok(texts) => texts.iter().find_map(|text| public_key(text)).map_or(Record::Missing, Record::Found),
        Err(record) => record,
    }
}

/// The tag `p=` of a record (RFC 6376, section 3.6.1).
fn public_key(text: &str) -> Option<String> {
    let tags = text.split(';').filter_map(|tag| tag.split_once('='));
    let (_, key) = tags.into_iter().find(|(name, _)| name.trim() == "p")?;
    Some(key.split_whitespace().collect())
}

async fn text_record(name: &str, begins: &str) -> Record {
    match look_up(name).await {
        Ok(texts) => {
            let found: Vec<_> = texts.into_iter().filter(|text| begins_with(text, begins)).collect();
            match found.as_slice() {
                [] => Record::Missing,
                [_] => found.into_iter().next().map_or(Record::Missing, Record::Found),
                several => Record::Several(several.len()),
            }
        }
        Err(record) => record,
    }
}

/// All texts under a name.
async fn look_up(name: &str) -> Result<Vec<String>, Record> {
    let resolver = match TokioResolver::builder_tokio().and_then(|builder| builder.build()) {
        Ok(resolver) => resolver,
        Err(error) => return Err(Record::Unknown(error.to_string())),
    };
    // With its dot the name is complete, and no search domain is tried.
    let asked = tokio::time::timeout(PATIENCE, resolver.txt_lookup(format!("{name}."))).await;
    let answer = match asked {
        Err(_) => return Err(Record::Unknown("no answer".to_owned())),
        Ok(Err(error)) if error.is_no_records_found() || error.is_nx_domain() => return Err(Record::Missing),
        Ok(Err(error)) => return Err(Record::Unknown(error.to_string())),
        Ok(Ok(answer)) => answer,
    };
    let texts = answer.answers().iter().filter_map(|record| match &record.data {
        RData::TXT(text) => Some(text.txt_data.iter().map(|part| String::from_utf8_lossy(part)).collect::<String>()),
        _ => None,
    });
    Ok(texts.collect())
}

/// Whether a record is of the kind that begins so: tags are compared without case (RFC 7208, section 4.5).
fn begins_with(text: &str, tag: &str) -> bool {
    text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag))
        && text[tag.len()..].chars().next().is_none_or(|c| c == ' ' || c == ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_read_out_of_its_record() {
        assert_eq!(public_key("v=DKIM1; k=rsa; p=MIIB IjAN").as_deref(), Some("MIIBIjAN"));
        assert_eq!(public_key("p=abc=").as_deref(), Some("abc="));
        assert_eq!(public_key("v=spf1 -all"), None);
    }

    #[test]
    fn a_record_is_told_by_its_first_tag() {
        assert!(begins_with("v=spf1 include:example.org -all", "v=spf1"));
        assert!(begins_with("V=DMARC1; p=none", "v=DMARC1"));
        assert!(!begins_with("v=spf10 -all", "v=spf1"));
        assert!(!begins_with("google-site-verification=x", "v=spf1"));
        assert!(!begins_with("é", "v=spf1"));
    }
}
