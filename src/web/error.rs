//! What went wrong, as a page: one place turns errors into answers, and logs what a person cannot mend.

use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};

use super::state::Web;
use crate::{
    app::AppError,
    render::{RenderError, page},
    store::StoreError,
};

/// What a handler can fail with.
#[derive(Debug)]
pub enum WebError {
    /// There is no such page.
    NotFound,
    /// The request makes no sense; the words say why.
    BadRequest(String),
    /// The request is not allowed; the words say why.
    Forbidden(String),
    /// Nobody is signed in.
    SignIn,
    /// Too many tries.
    TooMany,
    /// The house failed.
    App(AppError),
}

impl From<AppError> for WebError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::NoDigest { .. }
            | AppError::NoIssue { .. }
            | AppError::NoReview(_)
            | AppError::NoOrder(_)
            | AppError::NoDraft(_) => Self::NotFound,
            AppError::Input(words) => Self::BadRequest(words),
            error @ AppError::Draft { .. } => Self::BadRequest(error.to_string()),
            other => Self::App(other),
        }
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<RenderError> for WebError {
    fn from(error: RenderError) -> Self {
        Self::App(error.into())
    }
}

impl WebError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::App(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn words(self) -> String {
        match self {
            Self::NotFound => "The address may be mistyped, or the page never was.".to_owned(),
            Self::BadRequest(words) | Self::Forbidden(words) => words,
            Self::SignIn => String::new(),
            Self::TooMany => "Please wait a minute and try again.".to_owned(),
            Self::App(_) => "It is noted in the log. Please try again in a while.".to_owned(),
        }
    }

    /// The answer, on the site's own page.
    pub fn on(self, web: &Web) -> Response {
        if matches!(self, Self::SignIn) {
            return Redirect::to(web.app().site.at(&["admin", "login"]).path()).into_response();
        }
        if let Self::App(error) = &self {
            tracing::error!(%error, "a request failed");
        }
        let status = self.status();
        let notice = page::Notice::error(&web.app().site, status.as_u16(), self.words());
        match page::html(&notice) {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, "the error page failed");
                (status, status.to_string()).into_response()
            }
        }
    }
}

/// Runs a handler's work and puts its failure on a page.
pub async fn answered(web: &Web, work: impl Future<Output = Result<Response, WebError>>) -> Response {
    match work.await {
        Ok(response) => response,
        Err(error) => error.on(web),
    }
}

/// A page as an answer.
pub fn page(page: &impl askama::Template) -> Result<Response, WebError> {
    Ok(Html(crate::render::page::html(page)?).into_response())
}

/// Every address that is none of ours.
pub async fn no_such_page(State(web): State<Web>) -> Response {
    WebError::NotFound.on(&web)
}

/// Every method that an address does not take.
pub async fn no_such_method(State(web): State<Web>) -> Response {
    let site = &web.app().site;
    let words = "This address is read, or written to, but not like that.";
    let notice = page::Notice::error(site, StatusCode::METHOD_NOT_ALLOWED.as_u16(), words);
    let html = page::html(&notice).unwrap_or_default();
    (StatusCode::METHOD_NOT_ALLOWED, Html(html)).into_response()
}
