//! `GET /contacts/{id}/messages`: what was said with a contact, both ways.

use axum::Json;
use axum::extract::State;
use chassis::problem::{ProblemPath, ProblemQuery};
use chrono::{DateTime, Utc};
use domain::conversation::Origin;
use domain::ids::{ContactId, ConversationMessageId, MessageId};
use domain::session::SessionName;
use domain::wire::MessageKind;
use serde::{Deserialize, Serialize};
use storage::{ConversationRow, Quoted};
use utoipa::{IntoParams, ToSchema};

use super::contact::unknown;
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
    /// Only on this session.
    #[param(value_type = Option<String>)]
    session: Option<SessionName>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many: 1 to 200, default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// A message of a conversation.
#[derive(Serialize, ToSchema)]
#[schema(as = ConversationMessage)]
pub(super) struct ConversationView {
    /// Its id: pass it as `reply_to` to answer it.
    #[schema(value_type = Uuid)]
    id: ConversationMessageId,
    /// On whose WhatsApp.
    #[schema(value_type = String)]
    session: SessionName,
    /// Who wrote it: the guest, the queue, or a spouse on the phone. `parked`: ours, and it is not known yet which of the two.
    #[schema(value_type = schemas::Origin)]
    origin: Origin,
    /// What it is made of.
    #[schema(value_type = schemas::MessageKind)]
    kind: MessageKind,
    /// Its text or caption as it is now; absent when there is none, or when it was deleted.
    text: Option<String>,
    /// When it was written.
    at: DateTime<Utc>,
    /// What it quotes.
    quotes: Option<QuotedView>,
    /// The contact's reaction to it.
    their_reaction: Option<String>,
    /// The spouse's reaction to it.
    our_reaction: Option<String>,
    /// When its text was last changed.
    edited_at: Option<DateTime<Utc>>,
    /// When its writer deleted it for everybody.
    revoked_at: Option<DateTime<Utc>>,
    /// The message of the queue that it is.
    #[schema(value_type = Option<Uuid>)]
    message: Option<MessageId>,
    /// When it reached a device; told of the queue's messages.
    delivered_at: Option<DateTime<Utc>>,
    /// When it was read; told of the queue's messages.
    read_at: Option<DateTime<Utc>>,
}

/// A message that another one quotes.
#[derive(Serialize, ToSchema)]
#[schema(as = Quoted)]
struct QuotedView {
    /// Its id, when it is part of the conversation: what was said before the phone was linked is not.
    #[schema(value_type = Option<Uuid>)]
    id: Option<ConversationMessageId>,
    /// What it says now.
    text: Option<String>,
}

/// Lists what was said with a contact, newest first, both ways.
#[utoipa::path(
    get, path = "/contacts/{id}/messages", operation_id = "listConversation", tag = "contacts",
    security(("token" = ["read"])), params(("id" = Uuid, Path), Which),
    responses((status = OK, description = "A page of messages.", body = PageView<ConversationView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<ContactId>,
    ProblemQuery(which): ProblemQuery<Which>,
) -> Answer<Json<PageView<ConversationView>>> {
    let (limit, after) = paging::read(which.limit, which.cursor.as_deref())?;
    let page = app
        .store
        .conversation(id, which.session.as_ref(), after.as_ref(), limit)
        .await?
        .ok_or_else(unknown)?;
    Ok(Json(PageView::of(page, ConversationView::from)))
}

impl From<ConversationRow> for ConversationView {
    fn from(row: ConversationRow) -> Self {
        Self {
            id: row.id,
            session: row.session,
            origin: row.origin,
            kind: row.kind,
            text: row.text,
            at: row.at,
            quotes: row.quotes.map(Into::into),
            their_reaction: row.their_reaction,
            our_reaction: row.our_reaction,
            edited_at: row.edited_at,
            revoked_at: row.revoked_at,
            message: row.message,
            delivered_at: row.delivered_at,
            read_at: row.read_at,
        }
    }
}

impl From<Quoted> for QuotedView {
    fn from(quoted: Quoted) -> Self {
        Self {
            id: quoted.id,
            text: quoted.text,
        }
    }
}
