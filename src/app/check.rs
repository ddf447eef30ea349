//! Checking: what would keep the house from working, found before it does.

use std::{collections::BTreeSet, sync::Arc};

use super::{App, AppError, drafts};
use crate::{
    collect::Ask,
    deliver::{
        Mailer,
        bounces::mailbox::Mailbox,
        sender::{self, Record},
    },
    model::{DigestName, EmailAddress, digest::Place},
    render::text::tally,
    store::{db::Description, sources, subscribers},
};

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// In order.
    Fine(String),
    /// Worth knowing.
    Note(String),
    /// Must be mended.
    Fault(String),
}

impl Finding {
    /// What was found, as a sentence.
    pub fn words(&self) -> &str {
        match self {
            Self::Fine(words) | Self::Note(words) | Self::Fault(words) => words,
        }
    }
}

/// Looks at database, mail, links and sources; with `offline`, at nothing that needs a server.
///
/// # Errors
/// Where the database fails.
pub async fn check(app: &Arc<App>, offline: bool) -> Result<Vec<Finding>, AppError> {
    let mut findings = database(app).await?;
    findings.extend(links(app));
    findings.extend(digests(app).await?);
    if !offline {
        findings.push(mail(app).await);
        findings.extend(senders(app).await);
        findings.extend(reports(app).await);
        findings.extend(read_sources(app).await?);
    }
    Ok(findings)
}

async fn database(app: &App) -> Result<Vec<Finding>, AppError> {
    let Description { engine, version, migration, keeps_through_power_loss } = app.db.describe().await?;
    let url = &app.settings.store.database;
    let mut findings =
        vec![Finding::Fine(format!("database {url}: {} {version}, tables of edition {migration}", engine.name()))];
    if !keeps_through_power_loss {
        findings.push(Finding::Note(format!(
            "database {url}: fsync or synchronous_commit is off: after a loss of power it may have forgotten what was \
             sent, and it would be sent again"
        )));
    }
    Ok(findings)
}

fn links(app: &App) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !app.site.one_click() {
        findings.push(Finding::Fault(format!(
            "public_url {} is not https: mail clients will offer no one-click unsubscribe (RFC 8058), and \
             personal links travel in clear",
            app.settings.public_url
        )));
    }
    let local = app.settings.public_url.host_str().is_some_and(|host| host == "localhost" || host.starts_with("127."));
    if local {
        findings.push(Finding::Note(format!(
            "public_url is {}: links in mails lead to this machine only",
            app.settings.public_url
        )));
    }
    if app.settings.admin_password.is_none() {
        findings.push(Finding::Note("admin.password is not set: the admin pages are off".to_owned()));
    }
    if app.settings.api_token.is_none() {
        findings.push(Finding::Note("api.token is not set: the API is off".to_owned()));
    }
    findings
}

/// Whether whoever is to approve can do so where the mail leads.
fn approval(app: &App, digest: &DigestName, editor: &EmailAddress) -> Finding {
    if app.settings.admin_password.is_some() {
        return Finding::Fine(format!("digest {digest}: each scheduled issue waits for the approval of {editor}"));
    }
    Finding::Note(format!(
        "digest {digest}: each scheduled issue waits for the approval of {editor}, but the mail leads to the desk, which \
         is off (admin.password); `pullquote drafts approve` works all the same"
    ))
}

async fn digests(app: &App) -> Result<Vec<Finding>, AppError> {
    let mut findings = Vec::new();
    for digest in app.digests() {
        let count = subscribers::count_of_stream(&app.db, &digest).await?;
        let next = digest.schedule.as_ref().map(|s| s.next_due(&digest.time_zone, app.clock.now()));
        let next = match next {
            None => "sent by hand".to_owned(),
            Some(Some(at)) => format!("next run {}", at.to_zoned(digest.time_zone.clone())),
            Some(None) => {
                findings.push(Finding::Fault(format!("digest {}: its schedule never comes", digest.name)));
                continue;
            }
        };
        let readers = tally(count as u64, "subscriber", "subscribers");
        findings.push(Finding::Fine(format!("digest {}: {readers}, {next}", digest.name)));
        findings.extend(digest.approve.as_ref().map(|editor| approval(app, &digest.name, editor)));
    }
    for draft in drafts::list(app, None, false).await? {
        let (id, digest, number) = (&draft.id, &draft.issue.digest, draft.issue.number);
        findings.push(match draft.mail.trouble() {
            Some(trouble) => {
                Finding::Fault(format!("draft {id} of {digest} #{number} waits for approval, but {trouble}"))
            }
            None => Finding::Note(format!("draft {id} of {digest} #{number} waits for approval: `pullquote drafts`")),
        });
    }
    Ok(findings)
}

async fn mail(app: &App) -> Finding {
    match (app.mailer.check(app.settings.smtp.timeout).await, &app.mailer) {
        (Ok(()), Mailer::Maildir(path)) => Finding::Note(format!(
            "mail is kept in the Maildir {} and reaches nobody; set smtp.url to send it",
            path.display()
        )),
        (Ok(()), Mailer::Smtp(_) | Mailer::Relays(_)) => {
            Finding::Fine(format!("{} answers and lets us in", app.mailer))
        }
        (Err(why), _) => Finding::Fault(format!("{}: {why}", app.mailer)),
    }
}

/// The DNS records of every sender, where mail really goes out.
async fn senders(app: &App) -> Vec<Finding> {
    if matches!(app.mailer, Mailer::Maildir(_)) {
        return Vec::new();
    }
    let digests = app.digests();
    let senders = digests.iter().filter_map(|digest| digest.email.as_ref()).map(|style| style.from.address.domain());
    let domains: BTreeSet<&str> = senders.collect();
    let mut findings = Vec::new();
    for domain in &domains {
        let records = sender::records(domain).await;
        findings.push(record(domain, "SPF", &records.spf, "say there which servers send for it"));
        findings.push(record(domain, "DMARC", &records.dmarc, "large providers ask senders of lists for it"));
        findings.extend(keys(app, domain).await);
    }
    if let Some(return_path) = &app.settings.bounces.return_path {
        findings.extend(return_path_of(return_path.domain(), &domains).await);
    }
    findings
}

/// What is said of the domain that reports go to: receivers look up who may send for it.
async fn return_path_of(domain: &str, senders: &BTreeSet<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !senders.contains(domain) {
        let spf = sender::records(domain).await.spf;
        findings.push(record(
            domain,
            "SPF",
            &spf,
            "mail comes from bounces.return_path, so say there which servers send for it",
        ));
    }
    for sender in senders {
        let below = |upper: &str, lower: &str| {
            lower.strip_suffix(upper).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if !below(sender, domain) && !below(domain, sender) {
            findings.push(Finding::Note(format!(
                "bounces.return_path is at {domain}, the sender at {sender}: SPF will not count for DMARC, so DKIM must"
            )));
        }
    }
    findings
}

/// Whether the keys that sign a sender's mail are those in the DNS.
async fn keys(app: &App, domain: &str) -> Vec<Finding> {
    let signers = app.signers.of_domain(domain);
    if signers.is_empty() {
        return vec![Finding::Note(format!(
            "sender {domain}: Pullquote does not sign its mail (dkim.keys); where your mail server does not either, \
             `pullquote dkim generate {domain}` makes keys"
        ))];
    }
    let mut findings = Vec::new();
    for signer in signers.iter() {
        let name = signer.record_name();
        findings.push(match sender::dkim(&name).await {
            Record::Found(key) if key == signer.key.public() => {
                Finding::Fine(format!("sender {domain}: DKIM key {} is in the DNS", signer.selector))
            }
            Record::Found(_) | Record::Several(_) => Finding::Fault(format!(
                "sender {domain}: the DNS has another key at {name} than the one that signs, so every signature fails; \
                 publish there: {}",
                signer.key.record()
            )),
            Record::Missing => Finding::Fault(format!(
                "sender {domain}: mail is signed, but nothing stands at {name} in the DNS; publish there: {}",
                signer.key.record()
            )),
            Record::Unknown(why) => Finding::Note(format!("sender {domain}: {name} could not be looked up: {why}")),
        });
    }
    findings
}

fn record(domain: &str, kind: &str, record: &Record, advice: &str) -> Finding {
    match record {
        Record::Found(text) => Finding::Fine(format!("sender {domain}: {kind} {text}")),
        Record::Missing => Finding::Note(format!("sender {domain} has no {kind} record in the DNS: {advice}")),
        Record::Several(count) => Finding::Fault(format!(
            "sender {domain} has {count} {kind} records in the DNS, and so none that counts: join them into one"
        )),
        Record::Unknown(why) => Finding::Note(format!("sender {domain}: {kind} could not be looked up: {why}")),
    }
}

/// Whether reports can come in.
async fn reports(app: &App) -> Vec<Finding> {
    let settings = &app.settings.bounces;
    let Some(mailbox) = &settings.mailbox else {
        let hooks = settings.hook_token.is_some() || settings.mailgun_key.is_some();
        return vec![match hooks {
            true => Finding::Fine("bounces come in by hooks".to_owned()),
            false => Finding::Note(
                "bounces and complaints are not read: set bounces.mailbox, or bounces.hook_token for a provider's hook"
                    .to_owned(),
            ),
        }];
    };
    let opened = async { Mailbox::open(mailbox, settings).await?.close().await };
    let mut findings = vec![match opened.await {
        Ok(()) => Finding::Fine(format!("mailbox for reports {mailbox} lets us in")),
        Err(error) => Finding::Fault(error.to_string()),
    }];
    if settings.return_path.is_none() {
        findings.push(Finding::Note(
            "bounces.return_path is not set: reports are told only by the mail that they return, and go to the senders"
                .to_owned(),
        ));
    }
    findings
}

async fn read_sources(app: &App) -> Result<Vec<Finding>, AppError> {
    let mut findings = Vec::new();
    let mut seen = Vec::new();
    for digest in app.digests() {
        for source in &digest.sources {
            let place = source.locator.clone();
            if seen.contains(&place) {
                continue;
            }
            seen.push(place.clone());
            if let Some(finding) = left_alone(app, &place).await? {
                findings.push(finding);
                continue;
            }
            let fetched = match &source.place {
                Place::Folder(path) => std::fs::read_dir(path).map(|_| ()).map_err(|error| format!("{place}: {error}")),
                Place::Feed(url) => {
                    let fetched = app.fetcher.fetch_feed(url.as_str(), &Ask::default()).await;
                    fetched.map(|_| ()).map_err(|error| error.to_string())
                }
                Place::Page(url) => {
                    let fetched = app.fetcher.fetch(url.as_str(), &Ask::default()).await;
                    fetched.map(|_| ()).map_err(|error| error.to_string())
                }
            };
            findings.push(match fetched {
                Ok(()) => Finding::Fine(format!("{} {place}", source.place.kind())),
                Err(why) => Finding::Fault(why),
            });
        }
    }
    Ok(findings)
}

/// What is said of a source that is not to be asked now, not even for a check.
async fn left_alone(app: &App, place: &str) -> Result<Option<Finding>, AppError> {
    let Some(health) = sources::get(&app.db, place).await? else { return Ok(None) };
    if health.stopped_at.is_some() {
        let why = health.last_error.unwrap_or_else(|| format!("{place}: gone for good (410)"));
        return Ok(Some(Finding::Fault(why)));
    }
    let until = health.not_before_at.filter(|until| *until > app.clock.now());
    Ok(until.map(|until| match health.last_error {
        Some(why) => Finding::Fault(format!("{why} (not asked again before {until})")),
        None => Finding::Fine(format!("{} {place} (not to be asked before {until})", health.kind)),
    }))
}
