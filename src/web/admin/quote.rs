//! `/admin/reviews/{id}`: the sentences of a review, and which of them are quoted.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::session::Session;
use crate::{
    app::{
        AppError,
        quote::{self, Decider, Pick, Sentences},
    },
    model::{QuoteDecision, Span},
    render::page::{AdminDecision, AdminQuote, AdminSentence, Shell},
    web::{
        error::{WebError, answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// The sentences.
pub async fn page(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let session = Session::of(&web, &headers).await?;
        html(&quote_page(&web, &session, &id, None, None).await?)
    })
    .await
}

/// Sets sentences, or goes back to the chosen ones. What may not be quoted is refused with the reason, and what was
/// ticked stays ticked.
pub async fn decide(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        let session = Session::of_form(&web, &headers, &fields).await?;
        let app = web.app();
        let named = |name: &str| Some(fields.one(name).to_owned()).filter(|text| !text.is_empty());
        let decider = Decider {
            by: named("by").map_or_else(|| "the desk".to_owned(), |name| format!("{name} (desk)")),
            reason: named("reason"),
            spoilers_allowed: !fields.one("spoilers_allowed").is_empty(),
        };
        let ticked = fields.all("sentence");
        let done = match fields.one("act") {
            "reset" => quote::reset(app, &id, decider).await.map(|changed| match changed {
                true => "The chosen quote is back.",
                false => "No sentences were set; the chosen quote stays.",
            }),
            "set" if ticked.is_empty() => Err(AppError::Input("Tick at least one sentence".to_owned())),
            "set" => match Pick::parse(&ticked) {
                Ok(pick) => quote::set(app, &id, &pick, decider).await.map(|_| "Quoted from now on."),
                Err(error) => Err(error),
            },
            _ => return Err(WebError::BadRequest("Choose what to do with the quote.".to_owned())),
        };
        let page = match done {
            Ok(notice) => quote_page(&web, &session, &id, Some(notice.to_owned()), None).await?,
            Err(AppError::Input(why)) => {
                let numbers = ticked.iter().filter_map(|number| number.parse().ok()).collect();
                let typed = Typed { numbers, fields: &fields, why };
                quote_page(&web, &session, &id, None, Some(typed)).await?
            }
            Err(error) => return Err(error.into()),
        };
        html(&page)
    })
    .await
}

/// A form that was refused.
struct Typed<'a> {
    numbers: Vec<usize>,
    fields: &'a Fields,
    why: String,
}

async fn quote_page(
    web: &Web,
    session: &Session,
    id: &str,
    notice: Option<String>,
    typed: Option<Typed<'_>>,
) -> Result<AdminQuote, WebError> {
    let app = web.app();
    let found = match quote::sentences(app, id).await {
        Err(AppError::NoReview(_)) => return Err(WebError::NotFound),
        found => found?,
    };
    let numbers = typed.as_ref().map(|typed| typed.numbers.clone());
    let sentences = rows(&found, numbers.as_deref());
    let review = &found.stored.review;
    let reviewer = review.reviewer.as_deref().unwrap_or("unknown reviewer");
    let of = |name: &str| typed.as_ref().map(|typed| typed.fields.one(name).to_owned()).unwrap_or_default();
    Ok(AdminQuote {
        shell: Shell::private(&app.site, "The quote of a review"),
        csrf: session.csrf(),
        notice,
        id: review.id.to_string(),
        title: review.work.title.as_deref().unwrap_or("(names no work)").to_owned(),
        credit: format!("{reviewer}, {}", review.source),
        quote: found.quote.as_ref().map(|quote| quote.text().to_owned()),
        set: found.set,
        limit: found.limit,
        sentences,
        spoilers_allowed: !of("spoilers_allowed").is_empty(),
        reason: of("reason"),
        by: of("by"),
        decisions: found.decisions.iter().rev().map(decision).collect(),
        error: typed.map(|typed| typed.why),
    })
}

fn rows(found: &Sentences, ticked: Option<&[usize]>) -> Vec<AdminSentence> {
    let quoted = |span: Span| found.quote.as_ref().is_some_and(|quote| quote.spans().iter().any(|s| s.overlaps(span)));
    let row = |sentence: &crate::quote::Sentence| AdminSentence {
        number: sentence.number,
        text: sentence.text.clone(),
        kept_back: sentence.kept_back.map(|why| why.explain()),
        ticked: ticked.map_or_else(|| quoted(sentence.span), |numbers| numbers.contains(&sentence.number)),
    };
    found.sentences.iter().map(row).collect()
}

fn decision(decision: &QuoteDecision) -> AdminDecision {
    AdminDecision {
        at: decision.at.strftime("%Y-%m-%d %H:%M").to_string(),
        by: decision.by.clone(),
        words: decision.set.as_ref().map(|set| set.words.clone()),
        overruled: decision.set.as_ref().is_some_and(|set| set.spoilers_allowed),
        reason: decision.reason.clone(),
    }
}
