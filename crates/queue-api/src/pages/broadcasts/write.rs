//! Writing news down, changing it, throwing it away.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::broadcast::{BroadcastState, Wrote};
use domain::ids::BroadcastId;
use domain::session::SessionName;
use serde::Deserialize;
use storage::BroadcastRow;

use super::form::{Fields, Wrong, wrong};
use super::preview;
use crate::app::{App, Shared};
use crate::broadcasts;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/broadcasts/write.html")]
struct WritePage {
    f: Frame,
    fields: Fields,
    wrong: Wrong,
    sessions: Vec<SessionName>,
    action: String,
    /// Who of them has written, and what that is called.
    wrote: Vec<(Wrote, String)>,
    /// Where one goes who does not want to.
    back: String,
}

impl WritePage {
    async fn of(
        app: &App,
        visitor: &Visitor,
        id: Option<BroadcastId>,
        fields: Fields,
        wrong: Wrong,
    ) -> Result<Self, Refused> {
        let (title, action, back) = match id {
            None => (
                "broadcasts-new",
                "/broadcasts".to_owned(),
                "/broadcasts".to_owned(),
            ),
            Some(id) => (
                "broadcasts-edit",
                format!("/broadcasts/{id}/edit"),
                format!("/broadcasts/{id}"),
            ),
        };
        Ok(Self {
            f: Frame::of(app, visitor, Section::Broadcasts, title).await?,
            fields,
            wrong,
            sessions: app.sessions().to_vec(),
            wrote: Wrote::ALL
                .iter()
                .map(|wrote| (*wrote, preview::wrote(*wrote)))
                .collect(),
            action,
            back,
        })
    }
}

pub(super) async fn empty(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let (config, _) = app.store.config().await?;
    let own = visitor.own_session().or_else(|| app.sessions().first());
    let session = own.map(ToString::to_string).unwrap_or_default();
    let until = config.news_until(app.now());
    let fields = Fields::proposed(&session, until, config.time_zone);
    page(&WritePage::of(&app, &visitor, None, fields, Wrong(Vec::new())).await?)
}

pub(super) async fn create(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Shown {
    let (config, _) = app.store.config().await?;
    let draft = fields.draft(config.time_zone);
    match broadcasts::create(&app, &visitor.actor(), None, draft).await {
        Ok((row, _)) => Ok(Redirect::to(&format!("/broadcasts/{}", row.id)).into_response()),
        Err(failure) => again(&app, &visitor, None, fields, failure.into()).await,
    }
}

pub(super) async fn filled(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    let row = broadcasts::find(&app, id).await?;
    let (config, _) = app.store.config().await?;
    let fields = Fields::of(&row, config.time_zone);
    page(&WritePage::of(&app, &visitor, Some(id), fields, Wrong(Vec::new())).await?)
}

pub(super) async fn edit(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
    Form(fields): Form<Fields>,
) -> Shown {
    let row = broadcasts::find(&app, id).await?;
    let (config, _) = app.store.config().await?;
    let changes = fields.changes(&row, config.time_zone);
    let version = fields.version();
    match broadcasts::edit(&app, &visitor.actor(), id, version, changes).await {
        Ok(_) => Ok(Redirect::to(&format!("/broadcasts/{id}?said=saved")).into_response()),
        Err(failure) => again(&app, &visitor, Some(id), fields, failure.into()).await,
    }
}

/// The form again, when the mistake is in it; otherwise the refusal.
async fn again(
    app: &App,
    visitor: &Visitor,
    id: Option<BroadcastId>,
    fields: Fields,
    refused: Refused,
) -> Shown {
    let found = wrong(refused.problem());
    if found.0.is_empty() {
        return Err(refused);
    }
    form_again(&WritePage::of(app, visitor, id, fields, found).await?)
}

#[derive(Template)]
#[template(path = "pages/broadcasts/delete.html")]
struct DeletePage {
    f: Frame,
    row: BroadcastRow,
}

pub(super) async fn confirm_delete(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Broadcasts, "broadcasts-delete").await?;
    let row = broadcasts::find(&app, id).await?;
    if row.state != BroadcastState::Draft {
        return Ok(Redirect::to(&format!("/broadcasts/{id}")).into_response());
    }
    page(&DeletePage { f, row })
}

#[derive(Deserialize)]
pub(super) struct Seen {
    version: i64,
}

pub(super) async fn delete(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
    Form(Seen { version }): Form<Seen>,
) -> Shown {
    broadcasts::delete(&app, &visitor.actor(), id, Some(version)).await?;
    Ok(Redirect::to("/broadcasts?said=deleted").into_response())
}
