//! `/subscribe`: the form, and the same answer for everybody who posts it.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    app::subscribe,
    model::{Digest, DisplayName, EmailAddress},
    render::page::{DigestChoice, Notice, Shell, Subscribe, SubscribeForm},
    web::{
        error::{WebError, answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// The form on a page of its own.
pub async fn page(State(web): State<Web>) -> Response {
    answered(&web, async { form_page(&web, SubscribeForm::new(&web.app().site, choices(&web))) }).await
}

/// Takes the form. What is done, and whether the address was known, shows only in the mailbox: the work
/// goes on behind the answer, so that not even its time tells.
pub async fn ask(State(web): State<Web>, body: Bytes) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        let app = web.app();
        // People never see this field; machines fill it in.
        if !fields.one("website").is_empty() {
            return html(&Notice::subscribe_sent(&app.site));
        }
        let email = match EmailAddress::parse(fields.one("email")) {
            Ok(email) => email,
            Err(error) => return refused(&web, &fields, error.to_string()),
        };
        let name = match DisplayName::parse(fields.one("name")) {
            Ok(name) => name,
            Err(error) => return refused(&web, &fields, error.to_string()),
        };
        let asked = fields.all("digest");
        let digests: Vec<_> = app
            .lists()
            .into_iter()
            .filter(|digest| digest.email.is_some() && asked.contains(&digest.name.as_str()))
            .filter_map(|digest| app.stream(digest.name.as_str(), cadence(&fields, &digest)))
            .collect();
        if digests.is_empty() {
            return refused(&web, &fields, "Choose at least one digest.".to_owned());
        }
        let app = Arc::clone(app);
        tokio::spawn(async move {
            for digest in digests {
                if let Err(error) = subscribe::ask(&app, &digest, email.clone(), name.clone()).await {
                    tracing::error!(digest = %digest.name, %error, "a confirmation mail could not be sent");
                }
            }
        });
        html(&Notice::subscribe_sent(&web.app().site))
    })
    .await
}

fn refused(web: &Web, fields: &Fields, error: String) -> Result<Response, WebError> {
    let mut form = SubscribeForm::new(&web.app().site, choices(web));
    let asked = fields.all("digest");
    for choice in &mut form.digests {
        choice.chosen = asked.contains(&choice.name.as_str());
        let wanted = fields.one(&format!("cadence-{}", choice.name));
        for cadence in &mut choice.cadences {
            cadence.chosen = cadence.name == wanted;
        }
    }
    form.email = fields.one("email").to_owned();
    form.error = Some(error);
    let page = form_page(web, form)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn choices(web: &Web) -> Vec<DigestChoice> {
    let app = web.app();
    let digests = app.lists().into_iter().filter(|digest| digest.email.is_some());
    digests.filter_map(|digest| DigestChoice::new(&app.cadences(&digest), "", true)).collect()
}

/// The cadence that a form asks for.
fn cadence<'a>(fields: &'a Fields, digest: &Digest) -> &'a str {
    fields.one(&format!("cadence-{}", digest.list))
}

fn form_page(web: &Web, form: SubscribeForm) -> Result<Response, WebError> {
    let site = &web.app().site;
    html(&Subscribe { shell: Shell::public(site, "Subscribe", site.subscribe()), form })
}
