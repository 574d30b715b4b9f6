//! `/guests/import`: a file of guests is sent, looked at line by line, and only then imported.

mod kept;
mod lines;
mod reasons;

use askama::Template;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Form, State};
use axum::response::{IntoResponse, Redirect};
use bytes::Bytes;
use chassis::Problem;
use guest_import::MAX_BYTES;
use serde::Deserialize;

pub(crate) use self::kept::KeptFiles;

use crate::app::{App, Shared};
use crate::guests::{ImportOptions, import_file, look_at_file};
use crate::pages::access::Access;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown, sentence};
use crate::pages::registry::Pages;
use crate::pages::visitor::Visitor;

pub(super) fn routes(pages: Pages) -> Pages {
    let with_files = |pages: Pages| {
        pages
            .get("/guests/import", Access::Texts, form)
            .post("/guests/import", Access::Texts, send)
    };
    // the guard stands before it with a limit of its own
    pages
        .with(with_files, |router| {
            router.layer(DefaultBodyLimit::disable())
        })
        .get("/guests/import/lines", Access::Texts, lines::lines)
        .post("/guests/import/lines", Access::Texts, import)
}

#[derive(Template)]
#[template(path = "pages/guests/import.html")]
struct ImportPage {
    f: Frame,
    wrong: Option<String>,
}

async fn form(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Guests, "guests-import-title").await?;
    page(&ImportPage { f, wrong: None })
}

/// Keeps the file, if anything can be read of it.
async fn send(
    State(app): State<Shared>,
    visitor: Visitor,
    sent: Result<Multipart, MultipartRejection>,
) -> Shown {
    let looked_at = match sent_file(sent).await {
        Ok(file) => look_at_file(&app, file.clone(), ImportOptions::default())
            .await
            .map(|_| file)
            .map_err(Refused::from),
        Err(problem) => Err(problem.into()),
    };
    match looked_at {
        Ok(file) => {
            let mark = app.kept_files.keep(visitor.form_token(), file, app.now());
            Ok(Redirect::to(&lines::address(&mark)).into_response())
        }
        Err(refused) => not_taken(&app, &visitor, refused).await,
    }
}

/// Says on the form what is wrong with the file.
async fn not_taken(app: &App, visitor: &Visitor, refused: Refused) -> Shown {
    if refused.problem().status().is_server_error() {
        return Err(refused);
    }
    let f = Frame::of(app, visitor, Section::Guests, "guests-import-title").await?;
    let wrong = Some(sentence(&f, refused.problem()));
    form_again(&ImportPage { f, wrong })
}

/// The field `file` of the form.
async fn sent_file(sent: Result<Multipart, MultipartRejection>) -> Result<Bytes, Problem> {
    let incomplete = || Problem::bad_request("incomplete_body", "The file ended too early.");
    let mut form = sent.map_err(|_| incomplete())?;
    while let Some(field) = form.next_field().await.map_err(|_| incomplete())? {
        if field.name() == Some("file") {
            let file = field.bytes().await.map_err(|_| incomplete())?;
            return fits(file);
        }
    }
    Err(incomplete())
}

fn fits(file: Bytes) -> Result<Bytes, Problem> {
    if file.len() > MAX_BYTES {
        Err(Problem::body_too_large())
    } else if file.is_empty() {
        // nothing was chosen
        Err(Problem::unprocessable("file_empty", "The file is empty."))
    } else {
        Ok(file)
    }
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    file: String,
    /// Whether lines that are refused or have to be checked are left out.
    #[serde(default)]
    leave_out: bool,
    /// Whether the numbers to check are right.
    #[serde(default)]
    confirm: bool,
}

async fn import(State(app): State<Shared>, visitor: Visitor, Form(wish): Form<Wish>) -> Shown {
    let (browser, now) = (visitor.form_token(), app.now());
    let Some(file) = app.kept_files.find(&browser, &wish.file, now) else {
        return Ok(gone().into_response());
    };
    let options = ImportOptions {
        dry_run: false,
        skip_refused: wish.leave_out,
        confirm_phones: wish.confirm,
    };
    let (_, done) = import_file(&app, &visitor.actor(), file, options).await?;
    if !done {
        let address = format!("{}&said=guests-not-imported", lines::address(&wish.file));
        return Ok(Redirect::to(&address).into_response());
    }
    app.kept_files.forget(&browser, now);
    Ok(Redirect::to("/guests?said=guests-imported").into_response())
}

/// The file is not kept any more: it has to be sent again.
fn gone() -> Redirect {
    Redirect::to("/guests/import?said=guests-file-gone")
}
