//! `/conversations/unknown`: who wrote to this spouse without being on the list. Nobody else sees it, and what they wrote is
//! not here: it is not stored.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use chassis::Problem;
use domain::Timestamp;
use domain::ids::UnknownWriterId;
use domain::session::SessionName;
use http::StatusCode;
use serde::Deserialize;
use storage::{Cursor, UnknownWriterRow};

use crate::app::{App, Shared};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::queue::{id, said, with_query};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;
use crate::paging;
use crate::unknown_writers::{ignore_writer, unknown};

const ON_A_PAGE: u32 = 50;

#[derive(Deserialize)]
pub(super) struct Which {
    cursor: Option<String>,
}

/// Somebody who wrote.
pub(super) struct Writer {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) number: Option<String>,
    pub(super) first_at: Timestamp,
    pub(super) last_at: Timestamp,
    /// Whose invitation they wrote with: its id and its name.
    pub(super) suggested: Option<(String, Option<String>)>,
}

impl From<UnknownWriterRow> for Writer {
    fn from(row: UnknownWriterRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.push_name,
            number: row.phone.map(|phone| phone.international()),
            first_at: row.first_at,
            last_at: row.last_at,
            suggested: row.suggested.map(|(id, name)| (id.to_string(), name)),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/conversations/unknown.html")]
struct UnknownPage {
    f: Frame,
    writers: Vec<Writer>,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/conversations/unknown_ignore.html")]
struct IgnorePage {
    f: Frame,
    writer: Writer,
}

/// The visitor's own session: only what was written to them is theirs.
pub(super) fn own(visitor: &Visitor) -> Result<&SessionName, Refused> {
    let problem = || Problem::new(StatusCode::FORBIDDEN, "not_for_this_account");
    visitor.own_session().ok_or_else(|| problem().into())
}

pub(super) async fn list(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Shown {
    let session = own(&visitor)?;
    let cursor = said(which.cursor);
    let after = paging::cursor(cursor.as_deref())?;
    let f = Frame::of(&app, &visitor, Section::Conversations, "unknown-title").await?;
    let store = &app.store;
    let found = store.unknown_writers(session, after.as_ref(), ON_A_PAGE, app.now());
    let found = found.await?;
    let older = found.next.map(|next| next.to_string());
    page(&UnknownPage {
        writers: found.items.into_iter().map(Into::into).collect(),
        older: older.map(|next| with_query("/conversations/unknown", &[("cursor", Some(&next))])),
        f,
    })
}

/// One of those who wrote to that session.
pub(super) async fn writer(
    app: &App,
    session: &SessionName,
    id: UnknownWriterId,
) -> Result<Writer, Refused> {
    let mut after: Option<Cursor> = None;
    loop {
        let store = &app.store;
        let page = store.unknown_writers(session, after.as_ref(), 200, app.now());
        let page = page.await?;
        if let Some(row) = page.items.into_iter().find(|row| row.id == id) {
            return Ok(row.into());
        }
        after = Some(page.next.ok_or_else(unknown)?);
    }
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    let writer = writer(&app, own(&visitor)?, id(&text)?).await?;
    let section = Section::Conversations;
    let f = Frame::of(&app, &visitor, section, "unknown-ignore-title").await?;
    page(&IgnorePage { f, writer })
}

pub(super) async fn ignore(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    let session = own(&visitor)?;
    ignore_writer(&app, &visitor.actor(), session, id(&text)?).await?;
    Ok(Redirect::to("/conversations/unknown?said=unknown-ignored").into_response())
}
