//! Linking without a camera: a code to type on the phone.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use chassis::Problem;
use http::StatusCode;
use serde::Deserialize;

use super::{Link, frame, passkey};
use crate::app::{App, Shared};
use crate::pages::frame::Frame;
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;
use crate::sessions;

#[derive(Template)]
#[template(path = "pages/pairing_code.html")]
struct CodePage {
    f: Frame,
    link: Link,
    phone: String,
    /// Shown this once.
    code: Option<String>,
    wrong: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    phone: String,
}

pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    let row = sessions::find(&app, &session).await?;
    if passkey::asks(&row) {
        return Ok(Redirect::to(&format!("/pairing/{}", row.name)).into_response());
    }
    page(&code_page(&app, &visitor, &session, String::new()).await?)
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
    Form(Wanted { phone }): Form<Wanted>,
) -> Shown {
    let name = sessions::find(&app, &session).await?.name;
    let asked = sessions::code_for(&app, &name, &phone).await;
    let mut shown = code_page(&app, &visitor, &session, phone).await?;
    match asked {
        Ok(code) => {
            shown.code = Some(code);
            page(&shown)
        }
        Err(failure) => {
            shown.wrong = Some(mistake(&shown.f, failure.into())?);
            form_again(&shown)
        }
    }
}

async fn code_page(
    app: &App,
    visitor: &Visitor,
    session: &str,
    phone: String,
) -> Result<CodePage, Refused> {
    let (f, row) = frame(app, visitor, session).await?;
    Ok(CodePage {
        link: Link::of(&f, &row),
        phone,
        code: None,
        wrong: None,
        f,
    })
}

/// What to say at the field; what is nobody's mistake here is a page of its own.
fn mistake(f: &Frame, problem: Problem) -> Result<String, Refused> {
    match (problem.code(), problem.status()) {
        ("invalid_phone", _) => Ok(f.t("pairing-bad-phone")),
        ("not_waiting_for_scan", _) => Ok(f.t("problem-not_waiting_for_scan")),
        (_, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY) => Ok(f.t("pairing-no-code")),
        _ => Err(problem.into()),
    }
}
