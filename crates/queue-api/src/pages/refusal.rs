//! What goes wrong behind a page, as a page: a sentence that says what to do, in the visitor's language.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use chassis::Problem;
use http::StatusCode;
use storage::Error as StoreError;

use super::frame::{Frame, Section};
use super::page::page;
use super::site;
use super::visitor::Visitor;
use super::words::words;
use crate::app::{App, Shared};
use crate::integration::CallFailed;
use crate::problem::Failure;

/// Why there is no page, on its way to the guard.
#[derive(Clone, Debug)]
pub(super) struct Refusal(Problem);

/// What a page's handler fails with.
#[derive(Debug)]
pub(super) struct Refused(Box<Problem>);

/// What a page's handler answers.
pub(super) type Shown = Result<Response, Refused>;

impl Refused {
    /// Somebody is signed in who may not see or do this.
    pub(super) fn not_for_this_account() -> Self {
        Problem::new(StatusCode::FORBIDDEN, "not_for_this_account").into()
    }

    /// Without anything that needs the database.
    pub(super) fn bare(self) -> Problem {
        *self.0
    }

    /// What programs would be told.
    pub(super) fn problem(&self) -> &Problem {
        &self.0
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Problem::from(failure).into()
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}

impl From<CallFailed> for Refused {
    fn from(failed: CallFailed) -> Self {
        Failure::from(failed).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.0.status().into_response();
        response.extensions_mut().insert(Refusal(*self.0));
        response
    }
}

#[derive(Template)]
#[template(path = "pages/refusal.html")]
struct RefusalPage {
    f: Frame,
    sentence: String,
    code: String,
}

impl Refusal {
    /// The page that says it.
    pub(super) async fn page(self, app: &App, visitor: &Visitor) -> Response {
        let status = self.0.status();
        let Ok(frame) = Frame::of(app, visitor, Section::None, "refusal-title").await else {
            return self.0.into_response();
        };
        let sentence = sentence(&frame, &self.0);
        let refusal = RefusalPage {
            f: frame,
            sentence,
            code: self.0.code().to_owned(),
        };
        let mut response = page(&refusal).unwrap_or_else(IntoResponse::into_response);
        // such as when to come again
        let problem = self.0.into_response();
        let keeps = |name: &http::HeaderName| {
            ![http::header::CONTENT_TYPE, http::header::CONTENT_LENGTH].contains(name)
        };
        for (name, value) in problem.headers().iter().filter(|(name, _)| keeps(name)) {
            response.headers_mut().insert(name, value.clone());
        }
        *response.status_mut() = status;
        response
    }
}

/// What a problem says in the visitor's language: a sentence of its own, or one for its kind.
pub(super) fn sentence(frame: &Frame, problem: &Problem) -> String {
    let own = format!("problem-{}", problem.code());
    let kind = match problem.status() {
        StatusCode::NOT_FOUND => "problem-not_found",
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => "problem-changed_meanwhile",
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => "problem-refused",
        status if status.is_server_error() => "problem-ours",
        _ => "problem-refused",
    };
    let words = words(frame.language());
    words.find(&own).unwrap_or_else(|| words.text(kind))
}

/// Any other address.
pub(super) async fn nothing_here(State(app): State<Shared>, request: Request) -> Response {
    let secure = site::is_https(&request, &app);
    match Visitor::of(&app, request.uri(), request.headers(), secure).await {
        Ok(visitor) if visitor.account().is_some() => {
            let problem = Problem::new(StatusCode::NOT_FOUND, "not_found");
            Refusal(problem).page(&app, &visitor).await
        }
        Ok(_) => Redirect::to("/sign-in").into_response(),
        Err(failure) => failure.into_response(),
    }
}
