//! Unlinking a phone: asked twice, with what it costs.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::{address, frame};
use crate::app::Shared;
use crate::integration::Operation;
use crate::pages::frame::Frame;
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;
use crate::sessions;

#[derive(Template)]
#[template(path = "pages/log_out.html")]
struct LogOutPage {
    f: Frame,
    session: String,
    person: String,
    /// Messages of which nobody could find out any more whether they arrived.
    uncertain: u32,
    /// Asked for the second time.
    again: bool,
}

#[derive(Default, Deserialize)]
pub(super) struct Sure {
    #[serde(default)]
    sure: String,
}

impl Sure {
    fn is(&self) -> bool {
        self.sure == "yes"
    }
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
    Query(sure): Query<Sure>,
) -> Shown {
    let (f, row) = frame(&app, &visitor, &session).await?;
    page(&LogOutPage {
        person: f.person(&row.name),
        session: row.name.to_string(),
        uncertain: app.store.uncertain_count(&row.name).await?,
        again: sure.is(),
        f,
    })
}

pub(super) async fn log_out(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
    Form(sure): Form<Sure>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    if !sure.is() {
        return Ok(Redirect::to(&format!("/pairing/{session}/log-out")).into_response());
    }
    sessions::operate(&app, visitor.actor(), &session, Operation::Logout).await?;
    Ok(Redirect::to(&address(&session, "logged-out")).into_response())
}
