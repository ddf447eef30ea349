//! Whom a report is about, which issue, and whether it is to be believed.
//!
//! First the token in the address that the report came to (or in the return path that it quotes), then the token in
//! the links of the mail that it returns, then that mail's Message-ID, then the address that it names, which proves
//! nothing: anybody can write an address.

use super::super::{App, AppError};
use crate::{
    deliver::bounces::{Returned, Told, mail::Mail},
    model::{
        DigestName, EmailAddress, SubscriberState,
        bounce::{Proof, ReportKind},
    },
    store::{bounces, subscribers},
    subscribers::{return_path, tokens::TOKEN_LEN},
};

/// Whom a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    /// The address as it is on our list.
    pub email: EmailAddress,
    /// The subscriber, where one digest is meant.
    pub subscriber_id: Option<i64>,
    /// The issue.
    pub issue: Option<(DigestName, u32)>,
    /// How that is known.
    pub proof: Proof,
}

/// The recipients of a mail's reports, each with what is told of it.
pub(super) async fn of_reports(app: &App, mail: &Mail) -> Result<Vec<(Who, Told)>, AppError> {
    if mail.told.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(who) = proven(app, mail).await? {
        return Ok(merged(&mail.told).map(|told| (who, told)).into_iter().collect());
    }
    named(app, mail, Proof::Address).await
}

/// The same for a hook, whose provider has shown that it may tell.
pub(super) async fn of_events(app: &App, mail: &Mail) -> Result<Vec<(Who, Told)>, AppError> {
    if let Some(who) = proven(app, mail).await? {
        return Ok(merged(&mail.told).map(|told| (who, told)).into_iter().collect());
    }
    named(app, mail, Proof::Provider).await
}

/// Who wishes to leave by mail: whom the address that was written to stands for, or else the sender.
pub(super) async fn of_wish(app: &App, mail: &Mail) -> Result<Vec<(Who, Told)>, AppError> {
    let told = |words: String, email: &EmailAddress| Told {
        kind: ReportKind::Leave,
        addresses: vec![email.clone()],
        status: None,
        words,
        reporter: None,
    };
    let token = mail.wish.as_ref().and_then(|wish| wish.token.as_deref());
    if let Some(id) = token.and_then(|token| app.tokens.check_leave(token)) {
        let Some(stored) = subscribers::by_id(&app.db, id).await? else { return Ok(Vec::new()) };
        let email = stored.subscriber.email;
        let told = told("asked by mail with the token of its own".to_owned(), &email);
        return Ok(vec![(Who { email, subscriber_id: Some(id), issue: None, proof: Proof::Token }, told)]);
    }
    if let Some(who) = by_return_path(app, mail.came_to.iter()).await? {
        let told = told("asked by mail to the address of its own".to_owned(), &who.email);
        return Ok(vec![(who, told)]);
    }
    let (Some(from), Some(wish)) = (&mail.from, &mail.wish) else { return Ok(Vec::new()) };
    let members = subscribers::of_address(&app.db, from).await?;
    let meant = members.into_iter().map(|stored| stored.subscriber).filter(|member| {
        matches!(member.state, SubscriberState::Active | SubscriberState::Pending)
            && wish.digest.as_ref().is_none_or(|digest| app.list_of(digest) == member.digest)
    });
    Ok(meant
        .map(|member| {
            let told = told(format!("asked by mail to leave {}", member.digest), &member.email);
            (Who { email: member.email, subscriber_id: Some(member.id), issue: None, proof: Proof::Sender }, told)
        })
        .collect())
}

async fn proven(app: &App, mail: &Mail) -> Result<Option<Who>, AppError> {
    let Returned { message_id, traces, .. } = &mail.returned;
    let issue = message_id.as_deref().and_then(issue_of);
    if let Some(mut who) = by_return_path(app, mail.came_to.iter().chain(traces)).await? {
        // Two streams of a list can each have an issue of that number: what the mail was says which.
        let list = |issue: &(DigestName, u32)| (app.list_of(issue.0.as_str()), issue.1);
        if let (Some(by_path), Some(named)) = (&who.issue, issue)
            && list(by_path) == list(&named)
        {
            who.issue = Some(named);
        }
        return Ok(Some(who));
    }
    if let Some(id) = traces.iter().find_map(|trace| leaving_link(app, trace)) {
        let Some(stored) = subscribers::by_id(&app.db, id).await? else { return Ok(None) };
        let member = stored.subscriber;
        let issue = issue.filter(|(digest, _)| app.list_of(digest.as_str()) == member.digest);
        return Ok(Some(Who { email: member.email, subscriber_id: Some(id), issue, proof: Proof::Token }));
    }
    let (Some(message_id), Some((digest, number))) = (message_id, issue) else { return Ok(None) };
    let named = mail.told.iter().flat_map(|told| &told.addresses);
    for email in mail.returned.to.iter().chain(named) {
        let Some(stored) = subscribers::by_email(&app.db, &app.list_of(digest.as_str()), email).await? else {
            continue;
        };
        let id = stored.subscriber.id;
        if bounces::message_id(&app.db, id, digest.as_str(), number).await?.as_ref() == Some(message_id) {
            let email = stored.subscriber.email;
            let issue = Some((digest, number));
            return Ok(Some(Who { email, subscriber_id: Some(id), issue, proof: Proof::MessageId }));
        }
    }
    Ok(None)
}

/// By the token of a return path.
async fn by_return_path(app: &App, mut texts: impl Iterator<Item = &String>) -> Result<Option<Who>, AppError> {
    let Some((id, number)) = texts.find_map(|text| return_path::find(&app.tokens, text)) else { return Ok(None) };
    let Some(stored) = subscribers::by_id(&app.db, id).await? else { return Ok(None) };
    let member = stored.subscriber;
    // The person may have changed cadence since: the ledger knows which stream's issue of that number it was.
    let stream = app.stream(&member.digest, &member.cadence).map(|stream| stream.name);
    let digest =
        match stream.or_else(|| DigestName::parse(&member.digest).ok()).filter(|_| number != return_path::NO_ISSUE) {
            Some(stream) => bounces::issue_of(&app.db, id, number, &stream).await?,
            None => None,
        };
    let issue = digest.map(|digest| (digest, number));
    Ok(Some(Who { email: member.email, subscriber_id: Some(id), issue, proof: Proof::Token }))
}

/// Whose leaving link stands in a text.
fn leaving_link(app: &App, text: &str) -> Option<i64> {
    const BEFORE: &str = "/unsubscribe/";
    let starts = text.match_indices(BEFORE).map(|(at, _)| at + BEFORE.len());
    starts.filter_map(|start| text.get(start..start + TOKEN_LEN)).find_map(|token| app.tokens.check_leave(token))
}

/// The issue that a Message-ID of ours names: `digest.number.…@domain`.
fn issue_of(message_id: &str) -> Option<(DigestName, u32)> {
    let (local, _) = message_id.rsplit_once('@')?;
    let mut parts = local.rsplitn(3, '.');
    let (_, number, digest) = (parts.next()?, parts.next()?, parts.next()?);
    Some((DigestName::parse(digest).ok()?, number.parse().ok()?))
}

/// By the addresses that are named; only who is on a list of ours counts.
async fn named(app: &App, mail: &Mail, proof: Proof) -> Result<Vec<(Who, Told)>, AppError> {
    let mut found = Vec::new();
    for told in &mail.told {
        for email in told.addresses.iter().chain(&mail.returned.to) {
            let members = subscribers::of_address(&app.db, email).await?;
            let Some(member) = members.into_iter().next() else { continue };
            let last = bounces::last_sent(&app.db, email).await?;
            let (subscriber_id, issue) = match last {
                Some((id, digest, number)) => (Some(id), Some((digest, number))),
                None => (None, None),
            };
            found.push((Who { email: member.subscriber.email, subscriber_id, issue, proof }, told.clone()));
            break;
        }
    }
    Ok(found)
}

/// What is told of one recipient in several parts, as behind an alias: the worst, but not for good where one of the
/// parts arrived.
fn merged(told: &[Told]) -> Option<Told> {
    const WORST_FIRST: [ReportKind; 8] = [
        ReportKind::Complaint,
        ReportKind::Leave,
        ReportKind::Hard,
        ReportKind::Soft,
        ReportKind::Policy,
        ReportKind::Delayed,
        ReportKind::Delivered,
        ReportKind::Autoreply,
    ];
    let worst = WORST_FIRST.iter().find_map(|kind| told.iter().find(|told| told.kind == *kind))?;
    let arrived = told.iter().any(|told| told.kind == ReportKind::Delivered);
    let kind = if arrived && worst.kind == ReportKind::Hard { ReportKind::Soft } else { worst.kind };
    Some(Told { kind, ..worst.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_of_ours_names_its_issue() {
        let issue = |text| issue_of(text).map(|(digest, number)| format!("{digest} {number}"));
        assert_eq!(issue("friday.12.0a1b@example.org").as_deref(), Some("friday 12"));
        assert_eq!(issue("film-club.1.0a1b@example.org").as_deref(), Some("film-club 1"));
        for other in ["friday.12@example.org", "confirm.0a1b@example.org", "x", "CAF=4.k_g@mail.example.org"] {
            assert_eq!(issue(other), None, "{other}");
        }
    }

    #[test]
    fn the_worst_part_counts_but_not_for_good_where_another_arrived() {
        let told = |kind| Told { kind, addresses: Vec::new(), status: None, words: String::new(), reporter: None };
        let kind = |kinds: &[ReportKind]| {
            merged(&kinds.iter().map(|kind| told(*kind)).collect::<Vec<_>>()).map(|told| told.kind)
        };
        assert_eq!(kind(&[ReportKind::Delayed, ReportKind::Hard]), Some(ReportKind::Hard));
        assert_eq!(kind(&[ReportKind::Delivered, ReportKind::Hard]), Some(ReportKind::Soft));
        assert_eq!(kind(&[]), None);
    }
}
