//! `/admin/login`, `/admin/logout`.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use super::session::{Session, same};
use crate::{
    render::page::{Login, Shell},
    web::{
        error::{WebError, answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// The form. With `?draft=` whoever signs in goes on to that draft.
pub async fn page(State(web): State<Web>, RawQuery(query): RawQuery) -> Response {
    answered(&web, async {
        let query = query.unwrap_or_default();
        let mut fields = url::form_urlencoded::parse(query.as_bytes());
        let draft = fields.find(|(key, _)| key == "draft").map(|(_, id)| id.into_owned());
        let off = web.app().settings.admin_password.is_none();
        let error = off.then(|| "The admin pages are off. Set admin.password in the settings to open them.".to_owned());
        form(&web, error, draft)
    })
    .await
}

/// Signs in. After a few wrong tries the door stays shut for a minute, for everybody.
pub async fn enter(State(web): State<Web>, body: Bytes) -> Response {
    answered(&web, async {
        let app = web.app();
        let now = app.clock.now();
        if !web.login_open(now) {
            return Err(WebError::TooMany);
        }
        let fields = Fields::read(&body);
        let draft = Some(fields.one("draft").to_owned()).filter(|id| !id.is_empty());
        let right =
            app.settings.admin_password.as_ref().is_some_and(|password| same(fields.one("secret"), password.expose()));
        if !right {
            web.login_failed(now);
            tracing::warn!("a login failed");
            let page = form(&web, Some("That is not the password.".to_owned()), draft)?;
            return Ok((StatusCode::UNAUTHORIZED, page).into_response());
        }
        let cookie = Session::open(&web, now).await?;
        tracing::info!("somebody signed in");
        let to = draft.map_or_else(|| app.site.admin(), |id| app.site.admin_draft(&id));
        Ok(([(header::SET_COOKIE, cookie)], Redirect::to(to.path())).into_response())
    })
    .await
}

/// Signs out.
pub async fn leave(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    answered(&web, async {
        let session = Session::of_form(&web, &headers, &Fields::read(&body)).await?;
        let cookie = session.close(&web).await?;
        Ok(([(header::SET_COOKIE, cookie)], Redirect::to(web.app().site.home().path())).into_response())
    })
    .await
}

fn form(web: &Web, error: Option<String>, draft: Option<String>) -> Result<Response, WebError> {
    html(&Login { shell: Shell::private(&web.app().site, "Sign in"), error, draft })
}
