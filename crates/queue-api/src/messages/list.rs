//! `GET /messages`: the queue, newest first.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemQuery;
use domain::ids::{BroadcastId, ContactId};
use domain::lane::Lane;
use domain::message_status::MessageStatus;
use domain::session::SessionName;
use serde::Deserialize;
use storage::MessageFilter;
use utoipa::IntoParams;

use super::in_lists::Sessions;
use super::view::MessageView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::paging::{self, PageView};
use crate::problem::Answer;
use crate::schemas;

/// Which messages, and how many of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only of this session.
    #[param(value_type = Option<String>)]
    session: Option<SessionName>,
    /// Only in this status.
    #[param(value_type = Option<schemas::MessageStatus>)]
    status: Option<MessageStatus>,
    /// Only queued in this lane.
    #[param(value_type = Option<schemas::Lane>)]
    lane: Option<Lane>,
    /// Only to this contact.
    #[param(value_type = Option<Uuid>)]
    contact: Option<ContactId>,
    /// Only copies of this news.
    #[param(value_type = Option<Uuid>)]
    broadcast: Option<BroadcastId>,
    /// Only with this in their text, in capitals or not.
    text: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many: 1 to 200, default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists messages, newest first.
#[utoipa::path(
    get,
    path = "/messages",
    operation_id = "listMessages",
    tag = "messages",
    security(("token" = ["read"])),
    params(Which),
    responses(
        (status = OK, description = "A page of messages.", body = PageView<MessageView>),
        (status = BAD_REQUEST, description = "A filter or the cursor cannot be read.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemQuery(which): ProblemQuery<Which>,
) -> Answer<Json<PageView<MessageView>>> {
    let limit = paging::limit(which.limit)?;
    let after = paging::cursor(which.cursor.as_deref())?;
    paging::search("text", which.text.as_deref())?;
    let filter = MessageFilter {
        session: which.session,
        status: which.status,
        lane: which.lane,
        contact: which.contact,
        broadcast: which.broadcast,
        text: which.text,
        search: None,
    };
    let page = app.store.messages(&filter, after.as_ref(), limit).await?;
    let mut sessions = Sessions::of(&app, &page.items).await?;
    Ok(Json(PageView::of(page, |row| {
        let wait = sessions.wait(&row).map(Into::into);
        MessageView::of(row, wait)
    })))
}
