//! Who is signed in: a random cookie, of which the database keeps the hash, and a form token derived from it.

use axum::http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    app::fresh_secret,
    store::sessions,
    web::{error::WebError, form::Fields, state::Web},
};

/// The cookie's name.
const COOKIE: &str = "pullquote_session";

/// How long a login holds.
const HOLDS: SignedDuration = SignedDuration::from_hours(12);

/// A login that was checked.
#[derive(Debug, Clone)]
pub struct Session {
    cookie: String,
}

impl Session {
    /// The login of a request.
    ///
    /// # Errors
    /// Where nobody is signed in, or the admin pages are off.
    pub async fn of(web: &Web, headers: &HeaderMap) -> Result<Self, WebError> {
        let cookie = cookie_of(headers).ok_or(WebError::SignIn)?;
        let app = web.app();
        if app.settings.admin_password.is_none() || !sessions::is_open(&app.db, &hash(&cookie), app.clock.now()).await?
        {
            return Err(WebError::SignIn);
        }
        Ok(Self { cookie })
    }

    /// The login of a form, its token checked.
    ///
    /// # Errors
    /// Where nobody is signed in, or the form was not ours.
    pub async fn of_form(web: &Web, headers: &HeaderMap, fields: &Fields) -> Result<Self, WebError> {
        let session = Self::of(web, headers).await?;
        if same(fields.one("csrf"), &session.csrf()) {
            Ok(session)
        } else {
            Err(WebError::Forbidden("The form has run out. Go back, reload the page and try again.".to_owned()))
        }
    }

    /// Opens a login and gives its `Set-Cookie`.
    ///
    /// # Errors
    /// Where the database or the system's randomness fails.
    pub async fn open(web: &Web, now: Timestamp) -> Result<String, WebError> {
        let cookie = fresh_secret()?;
        sessions::open(&web.app().db, &hash(&cookie), now, now + HOLDS).await?;
        Ok(set_cookie(web, &cookie, HOLDS.as_secs()))
    }

    /// Ends the login and gives the `Set-Cookie` that forgets it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn close(self, web: &Web) -> Result<String, WebError> {
        sessions::close(&web.app().db, &hash(&self.cookie)).await?;
        Ok(set_cookie(web, "", 0))
    }

    /// The hidden field of every form: only our own pages can know it.
    pub fn csrf(&self) -> String {
        hash(&format!("csrf {}", self.cookie))
    }
}

fn set_cookie(web: &Web, value: &str, max_age: i64) -> String {
    let site = &web.app().site;
    let secure = if site.home().scheme() == "https" { "; Secure" } else { "" };
    let path = site.home().path().to_owned();
    format!("{COOKIE}={value}; Path={path}; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}")
}

fn cookie_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, value)| *name == COOKIE && !value.is_empty()).map(|(_, value)| value.to_owned())
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares two texts in a time that tells nothing of where they differ.
pub fn same(a: &str, b: &str) -> bool {
    Sha256::digest(a.as_bytes()).ct_eq(&Sha256::digest(b.as_bytes())).into()
}
