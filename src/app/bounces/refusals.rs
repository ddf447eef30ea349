//! What servers refused for good while we were still talking to them, told by the ledger.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    super::{App, AppError},
    identity, judge, tell,
    who::Who,
};
use crate::{
    deliver::bounces::{Told, class},
    model::bounce::{Proof, Status},
    store::bounces::{self, Mark},
};

/// What servers refused for good while we talked to them is as good as a bounce.
pub(super) async fn take(app: &App) -> Result<(), AppError> {
    // Rows are written in groups, so a little of the past is looked at again; a report is taken in once.
    const OVERLAP: Duration = Duration::from_secs(600);
    const LEDGER: &str = "ledger";
    let now = app.clock.now();
    let (marks, _) = bounces::marks(&app.db, LEDGER).await?;
    let since = marks.iter().filter_map(|mark| mark.parse::<i64>().ok()).max();
    let since = since.and_then(|since| Timestamp::from_millisecond(since).ok());
    let mark = now.as_millisecond().to_string();
    let Some(since) = since else {
        // What was refused before this version began to look stays as it is.
        let begun = Mark { mailbox: LEDGER, name: &mark, due: false };
        bounces::take_in(&app.db, &[], b"", Some(begun), now).await?;
        return Ok(());
    };
    let from = since.checked_sub(OVERLAP).unwrap_or(since);
    for refused in bounces::refused_since(&app.db, from).await? {
        // An operator's or our own words are no server's.
        if !refused.reply.starts_with('5') {
            continue;
        }
        let (digest, number) = (refused.digest.to_string(), refused.number.to_string());
        let id =
            identity(&[LEDGER.as_bytes(), digest.as_bytes(), number.as_bytes(), &refused.subscriber_id.to_be_bytes()]);
        if bounces::is_known(&app.db, &id).await? {
            continue;
        }
        let status = Status::find(&refused.reply);
        let told = Told {
            kind: class::of_failure(status, &refused.reply),
            addresses: vec![refused.email.clone()],
            status,
            words: refused.reply.clone(),
            reporter: None,
        };
        let who = Who {
            email: refused.email,
            subscriber_id: Some(refused.subscriber_id),
            issue: Some((refused.digest, refused.number)),
            proof: Proof::Ledger,
        };
        let taken = judge::judge(app, id, LEDGER, &who, &told).await?;
        let reports = [taken];
        if bounces::take_in(&app.db, &reports, refused.reply.as_bytes(), None, now).await? == [true] {
            tell(&reports[0].0, &reports[0].1);
        }
    }
    let next = Mark { mailbox: LEDGER, name: &mark, due: false };
    bounces::take_in(&app.db, &[], b"", Some(next), now).await?;
    let old: Vec<String> = marks.into_iter().filter(|old| *old != mark).collect();
    bounces::forget_marks(&app.db, LEDGER, &old).await?;
    Ok(())
}
