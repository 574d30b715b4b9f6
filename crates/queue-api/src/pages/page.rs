//! A template as an answer.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use chassis::Problem;
use http::StatusCode;
use tracing::error;

use super::refusal::{Refused, Shown};

/// The page that a template makes.
pub(super) fn page(template: &impl Template) -> Shown {
    match template.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(e) => {
            error!(error = %e, "a page cannot be made");
            Err(Refused::from(Problem::internal()))
        }
    }
}

/// A form that was not taken, shown again with what is wrong.
pub(super) fn form_again(template: &impl Template) -> Shown {
    let mut response: Response = page(template)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
