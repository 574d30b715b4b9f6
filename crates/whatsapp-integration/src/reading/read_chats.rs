//! `POST /sessions/{session}/read-chats`: what was said in all direct chats since a time, to find what no webhook told.
//!
//! Walks the list of chats and reads those in which something happened since. It works the same on every engine and
//! version, and what the list tells of the last activity spares the reading of quiet chats. The rule that must hold: a chat that WAHA
//! refuses to read does not keep the others from being read; it is named.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::session::SessionName;
use domain::wire::{ObservedMessage, ReadChatsRequest, ReadReply};
use waha::{ChatId, WahaError};

use super::chat_owner::ChatOwner;
use super::chat_pages::messages_of;
use super::observed::{direct, in_chat, says_something};
use crate::app::{App, Session};
use crate::problem::of_waha;

/// Chats of one page of the list.
const CHATS: u32 = 100;
/// Pages of the list at most: 20,000 chats.
const PAGES: u32 = 200;
/// Messages of one chat at most.
const MESSAGES: u32 = 2_000;
/// After so many chats in a row without any answer it is WAHA that does not answer.
const SILENCES: u32 = 3;

pub(crate) async fn read_chats(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<ReadChatsRequest>,
) -> Result<Json<ReadReply>, Problem> {
    let session = app.session(&name)?;
    let owner = ChatOwner::begin(session).await.map_err(of_waha)?;
    let (since, now) = (request.since.timestamp(), app.clock.now());
    let (mut found, mut unread) = (Found::default(), Vec::new());
    let mut silences = 0;
    for chat in active_chats(session, since).await.map_err(of_waha)? {
        let Some(name) = direct(&chat).filter(|name| !request.skip.contains(name)) else {
            continue;
        };
        match messages_of(session, &chat, Some(since), MESSAGES).await {
            Ok(messages) => {
                silences = 0;
                for message in messages.into_iter().filter(says_something) {
                    let message = in_chat(session, message, owner.number(), now);
                    found.add(message.await);
                }
            }
            Err(error) if is_of_chat(&error) && silences < SILENCES => {
                silences += u32::from(error == WahaError::TimedOut);
                unread.push(name);
            }
            Err(error) => return Err(of_waha(error)),
        }
    }
    owner.end(session).await.map_err(of_waha)?;
    let messages = found.messages;
    Ok(Json(ReadReply { messages, unread }))
}

/// Whether a call that was made for one chat fails for that chat's sake, so that others may be read all the same.
pub(super) const fn is_of_chat(error: &WahaError) -> bool {
    matches!(
        error,
        WahaError::Rejected { .. }
            | WahaError::Unreadable
            | WahaError::NotFound
            | WahaError::NotImplemented
            | WahaError::TimedOut
    )
}

/// Messages without repetition: the two halves of one person's chat may both list them.
#[derive(Default)]
struct Found {
    known: HashSet<(bool, String)>,
    messages: Vec<ObservedMessage>,
}

impl Found {
    fn add(&mut self, message: Option<ObservedMessage>) {
        if let Some(message) = message
            && self.known.insert((message.from_me, message.raw_id.clone()))
        {
            self.messages.push(message);
        }
    }
}

/// The direct chats in which something happened since, or may have: not every engine tells when.
async fn active_chats(session: &Session, since: i64) -> Result<Vec<ChatId>, WahaError> {
    let mut known = HashSet::new();
    let mut active = Vec::new();
    for page in 0..PAGES {
        let chats = session.waha.chats(CHATS, page * CHATS).await?;
        let before = known.len();
        for chat in chats {
            let recent = chat.last_at.is_none_or(|at| at >= since);
            if known.insert(chat.chat_id.clone()) && recent && chat.chat_id.is_direct() {
                active.push(chat.chat_id);
            }
        }
        // an empty page, or a server that ignores the paging and lists the same again
        if known.len() == before {
            break;
        }
    }
    Ok(active)
}
