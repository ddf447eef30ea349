//! `/admin/d/{digest}`: the next runs of a digest, and what became of the last ones.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::session::Session;
use crate::{
    app::{
        send::local_time,
        slots::{self, Fate},
    },
    render::page::{AdminRun, AdminSchedule, Shell},
    web::{
        error::{answered, page as html},
        state::Web,
    },
};

/// Runs shown of each kind.
const SHOWN: usize = 20;

/// The page.
pub async fn page(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let session = Session::of(&web, &headers).await?;
        let app = web.app();
        let digest = app.digest(&name)?;
        let local = |at| local_time(app, &name, at);
        let mut next = Vec::new();
        if let Some(schedule) = &digest.schedule {
            for due_at in schedule.upcoming(&digest.time_zone, app.clock.now(), SHOWN / 4) {
                let note = schedule.dst_note(&digest.time_zone, due_at);
                let words = note.map(|note| note.to_string()).unwrap_or_default();
                next.push(AdminRun { at: local(due_at), words, url: None, bad: false });
            }
        }
        let past = slots::past(app, &digest, SHOWN).await?;
        let past = past.iter().map(|slot| AdminRun {
            at: local(slot.due_at),
            words: slot.words(&digest),
            url: issue_of(&slot.fate).map(|number| app.site.admin_issue(&name, number).path().to_owned()),
            bad: slot.fate == Fate::Open,
        });
        html(&AdminSchedule {
            shell: Shell::private(&app.site, "Runs"),
            csrf: session.csrf(),
            title: digest.title.clone(),
            rhythm: digest.rhythm(),
            zone: digest.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            next,
            past: past.collect(),
        })
    })
    .await
}

fn issue_of(fate: &Fate) -> Option<u32> {
    match fate {
        Fate::Issue { number } => *number,
        _ => None,
    }
}
