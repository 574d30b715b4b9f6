//! The pages, from the templates: the letter, the letter without a button, and plain sentences. No script, no picture from
//! elsewhere, one style for all.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use tracing::error;

use super::words::{FAILED, Notice, TOO_MANY, UNKNOWN, Words, words};
use crate::invitation::Letter;

/// Inside every page; the headers name its hash.
pub(super) const STYLE: &str = include_str!("../../templates/letter.css");

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage<'a> {
    style: &'static str,
    lang: &'static str,
    /// The couple's names, or what stands for them.
    title: &'a str,
    words: &'static Words,
    /// Where the button leads; without it there is none.
    link: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage {
    style: &'static str,
    notice: Notice,
}

/// The letter with its button.
pub(super) fn letter(letter: &Letter, link: &str) -> Response {
    shown(StatusCode::OK, &letter_page(letter, Some(link)))
}

/// The letter without a button. 503: it will work later, without anything that the guest could do.
pub(super) fn no_number(letter: &Letter) -> Response {
    shown(StatusCode::SERVICE_UNAVAILABLE, &letter_page(letter, None))
}

/// What everybody gets who presents no invitation that is in force.
pub(super) fn unknown() -> Response {
    notice(StatusCode::NOT_FOUND, UNKNOWN)
}

pub(super) fn too_many() -> Response {
    notice(StatusCode::TOO_MANY_REQUESTS, TOO_MANY)
}

/// Our fault; what it was is in the log.
pub(super) fn failed(status: StatusCode) -> Response {
    notice(status, FAILED)
}

fn letter_page<'a>(letter: &'a Letter, link: Option<&'a str>) -> LetterPage<'a> {
    let words = words(letter.language);
    let names = letter.names.as_str();
    LetterPage {
        style: STYLE,
        lang: letter.language.as_str(),
        title: if names.is_empty() {
            words.wedding
        } else {
            names
        },
        words,
        link,
    }
}

fn notice(status: StatusCode, notice: Notice) -> Response {
    let page = NoticePage {
        style: STYLE,
        notice,
    };
    shown(status, &page)
}

fn shown(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(e) => {
            error!(error = %e, "a page cannot be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
