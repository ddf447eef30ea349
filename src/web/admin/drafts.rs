//! `/admin/drafts`: issues that wait for approval, each with its preview and three buttons.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};

use super::session::Session;
use crate::{
    app::{
        App, AppError,
        drafts::{self, Approved},
    },
    model::{
        Draft,
        draft::{DraftAct, DraftMailState, DraftState},
    },
    render::{
        mail::{self, TOKEN_PLACEHOLDER},
        page::{AdminControl, AdminDraft, AdminDraftRow, AdminDrafts, MailPage, Shell},
        text,
    },
    store::subscribers,
    web::{
        error::{WebError, answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// Who decided, as it is kept.
const BY: &str = "desk";

/// What waits, and what was decided lately.
pub async fn list(State(web): State<Web>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let session = Session::of(&web, &headers).await?;
        let (waiting, decided) = drafts::list(web.app(), None, true)
            .await?
            .iter()
            .map(row)
            .partition(|row: &AdminDraftRow| DraftState::parse(row.state).is_some_and(DraftState::is_open));
        html(&AdminDrafts { shell: Shell::private(&web.app().site, "Drafts"), csrf: session.csrf(), waiting, decided })
    })
    .await
}

/// The drafts that wait, for the dashboard.
pub async fn waiting(app: &App) -> Result<Vec<AdminDraftRow>, WebError> {
    Ok(drafts::list(app, None, false).await?.iter().map(row).collect())
}

/// One draft. Whoever comes by the link in the mail and has to sign in comes back here.
pub async fn page(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let session = match Session::of(&web, &headers).await {
            Err(WebError::SignIn) => {
                let mut login = web.app().site.admin_login();
                login.query_pairs_mut().append_pair("draft", &id);
                let place = format!("{}?{}", login.path(), login.query().unwrap_or_default());
                return Ok(Redirect::to(&place).into_response());
            }
            session => session?,
        };
        let draft = drafts::find(web.app(), &id).await?;
        html(&draft_page(web.app(), &session, &draft, Said::default()).await?)
    })
    .await
}

/// Carries a decision out.
pub async fn decide(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        let session = Session::of_form(&web, &headers, &fields).await?;
        let app = web.app();
        let act = DraftAct::parse(fields.one("act"));
        let act = act.ok_or_else(|| WebError::BadRequest("Choose what to do with the draft.".to_owned()))?;
        let done = match act {
            DraftAct::Approve => drafts::approve(app, &id, BY).await.map(|approved| approved_words(&approved)),
            DraftAct::Discard => drafts::discard(app, &id, BY).await.map(|_| "Discarded.".to_owned()),
            DraftAct::Again => match drafts::again(app, &id, BY).await {
                Ok(fresh) => return Ok(Redirect::to(app.site.admin_draft(&fresh.id).path()).into_response()),
                Err(error) => Err(error),
            },
        };
        web.nudge();
        let said = match done {
            Ok(notice) => Said { notice: Some(notice), error: None },
            Err(AppError::Draft { why, .. }) => Said { notice: None, error: Some(format!("Not done: {why}.")) },
            Err(error) => return Err(error.into()),
        };
        let draft = drafts::find(app, &id).await?;
        html(&draft_page(app, &session, &draft, said).await?)
    })
    .await
}

fn approved_words(approved: &Approved) -> String {
    match approved {
        Approved::Issue { issue, recipients } => {
            let recipients = text::tally(*recipients, "recipient", "recipients");
            format!("Issue #{} is frozen and goes out to {recipients}.", issue.number)
        }
        Approved::Already { number, .. } => format!("It was approved before, as issue #{number}."),
    }
}

/// What a form led to.
#[derive(Default)]
struct Said {
    notice: Option<String>,
    error: Option<String>,
}

async fn draft_page(app: &App, session: &Session, draft: &Draft, said: Said) -> Result<AdminDraft, WebError> {
    let issue = &draft.issue;
    // The file of its digest may be gone by now.
    let digest = app.digest(issue.digest.as_str()).ok();
    let style = digest.as_ref().and_then(|digest| digest.email.as_ref());
    let mail = style.map(|style| mail::prepare(issue, style, &app.site)).transpose()?;
    let recipients = match &digest {
        Some(digest) => subscribers::count_of_stream(&app.db, digest).await?,
        None => 0,
    };
    let number = if draft.state == DraftState::Approved { Some(issue.number) } else { None };
    Ok(AdminDraft {
        shell: Shell::private(&app.site, format!("Draft of {} #{}", issue.digest, issue.number)),
        csrf: session.csrf(),
        notice: said.notice,
        error: said.error,
        row: row(draft),
        standing: draft.state.explain().to_owned(),
        issue_url: number.map(|number| app.site.admin_issue(issue.digest.as_str(), number).path().to_owned()),
        acts: acts(draft.state, recipients),
        html: mail.as_ref().map(|mail| MailPage::framed(&mail.html(TOKEN_PLACEHOLDER))),
        text: mail.as_ref().map(|mail| mail.text(TOKEN_PLACEHOLDER)),
    })
}

fn acts(state: DraftState, recipients: u64) -> Vec<AdminControl> {
    let readers = text::tally(recipients, "subscriber", "subscribers");
    let labelled = [
        (DraftAct::Approve, format!("Approve, and send to {readers}"), false),
        (DraftAct::Again, "Compose anew".to_owned(), true),
        (DraftAct::Discard, "Discard".to_owned(), true),
    ];
    let allowed = labelled.into_iter().filter(|(act, ..)| state.allows(*act));
    allowed.map(|(act, label, weighty)| AdminControl { act: act.as_str(), label, weighty }).collect()
}

fn row(draft: &Draft) -> AdminDraftRow {
    let issue = &draft.issue;
    let zone = text::zone(&issue.time_zone);
    let minute = |at| text::stamp(at, &zone);
    let mail = match draft.mail.state {
        DraftMailState::Sent => format!("mailed to {} {}", draft.mail.to, minute(draft.mail.at)),
        DraftMailState::Due | DraftMailState::Failed => format!("not mailed to {} yet", draft.mail.to),
    };
    AdminDraftRow {
        id: draft.id.clone(),
        digest: issue.digest.to_string(),
        number: issue.number,
        subject: issue.subject.clone(),
        composed: minute(issue.composed_at),
        state: draft.state.as_str(),
        decided: draft.decided.as_ref().map(|(at, by)| format!("by {by}, {}", minute(*at))),
        mail,
        trouble: draft.mail.trouble().filter(|_| draft.state.is_open()),
    }
}
