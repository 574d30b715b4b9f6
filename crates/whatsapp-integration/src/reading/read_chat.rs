//! `POST /sessions/{session}/read-chat`: the newest messages of one chat, a few or all of them. WAHA joins the chat's two
//! halves, by phone and by hidden id, by itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::session::SessionName;
use domain::wire::{ReadChatRequest, ReadReply};

use super::chat_owner::ChatOwner;
use super::chat_pages::messages_of;
use super::observed::{in_chat, says_something};
use crate::app::App;
use crate::problem::of_waha;

/// The most messages of one chat that are read at once.
const MOST: u32 = 5_000;

pub(crate) async fn read_chat(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<ReadChatRequest>,
) -> Result<Json<ReadReply>, Problem> {
    let session = app.session(&name)?;
    let owner = ChatOwner::begin(session).await.map_err(of_waha)?;
    let since = request.since.map(|since| since.timestamp());
    let chat = waha::ChatId::new(&request.chat.to_string());
    let found = messages_of(session, &chat, since, request.limit.min(MOST))
        .await
        .map_err(of_waha)?;
    let now = app.clock.now();
    let mut messages = Vec::with_capacity(found.len());
    for message in found.into_iter().filter(says_something) {
        messages.extend(in_chat(session, message, owner.number(), now).await);
    }
    owner.end(session).await.map_err(of_waha)?;
    Ok(Json(ReadReply {
        messages,
        unread: Vec::new(),
    }))
}
