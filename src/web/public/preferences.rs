//! `/preferences/{token}`: which digests an address gets, and at which cadence. The link is the one that leaves, so it can only be
//! used for the address it was sent to.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};

use crate::{
    app::subscribe::{self, Choice},
    render::page::{DigestChoice, Preferences, Shell},
    web::{
        error::{WebError, answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// Shows the choices.
pub async fn page(State(web): State<Web>, Path(token): Path<String>) -> Response {
    answered(&web, show(&web, &token, false)).await
}

/// Takes the choices in: leaves what is not ticked, and comes back to what is and was left by this address.
pub async fn save(State(web): State<Web>, Path(token): Path<String>, body: Bytes) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        // The second button leaves them all, whatever is still ticked.
        let chosen = if fields.one("act") == "leave" { Vec::new() } else { fields.all("digest") };
        let choice = |digest| Choice { digest, cadence: fields.given(&format!("cadence-{digest}")) };
        let chosen: Vec<Choice<'_>> = chosen.into_iter().map(choice).collect();
        let changed = subscribe::choose(web.app(), &token, &chosen).await?;
        changed.ok_or_else(not_ours)?;
        show(&web, &token, true).await
    })
    .await
}

async fn show(web: &Web, token: &str, saved: bool) -> Result<Response, WebError> {
    let app = web.app();
    let memberships = subscribe::memberships(app, token).await?.ok_or_else(not_ours)?;
    let email = memberships.first().map(|member| member.email.to_string()).unwrap_or_default();
    let choices = memberships.iter().filter_map(|member| {
        let digest = app.stream(&member.digest, "")?;
        let chosen = member.state == crate::model::SubscriberState::Active;
        DigestChoice::new(&app.cadences(&digest), &member.cadence, chosen)
    });
    html(&Preferences {
        shell: Shell::private(&app.site, "Your subscriptions"),
        email,
        action: app.site.preferences(token).path().to_owned(),
        digests: choices.collect(),
        saved,
    })
}

fn not_ours() -> WebError {
    WebError::BadRequest("This link is not whole. Open it from the mail once more.".to_owned())
}
