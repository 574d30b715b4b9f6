//! Sending texts (WAHA §4): reading the request, then the send itself, with everything that can go wrong on the way.

mod accept;
mod fate;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::StatusCode;
use serde_json::{Value, json};

use self::fate::Outcome;
use super::answer::{created, ok};
use super::broken::broken_connection;
use super::call::{Call, session_name};
use super::refusal::Refusal;
use crate::address::ChatId;
use crate::ids;
use crate::record::RecordedCall;
use crate::waha::Waha;

pub(super) fn routes(newest: bool) -> Router<Arc<Waha>> {
    let routes = Router::new()
        .route("/api/sendText", post(send_text))
        .route("/api/{session}/status/new-message-id", get(new_message_id));
    if newest {
        routes.route("/api/{session}/new-message-id", get(new_message_id))
    } else {
        routes
    }
}

/// A send as asked for.
#[derive(Clone, Debug)]
struct Outgoing {
    session: String,
    chat: ChatId,
    text: String,
    id: Option<String>,
    reply_to: Option<String>,
}

async fn send_text(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let session = call.session_of_body(waha.profile())?;
    note_arrival(&waha, &session, &call.body);
    let outcome = match waha.hold_until_working(&session).await {
        Ok(()) => match read(&waha, &session, &call.body) {
            Ok(outgoing) => waha.send(&outgoing).await,
            Err(refusal) => Outcome::Refused(refusal),
        },
        Err(refusal) => Outcome::Refused(refusal),
    };
    let answered = |status: StatusCode, raw_id| {
        waha.note(
            &session,
            RecordedCall::SendAnswered {
                status: status.as_u16(),
                raw_id,
            },
        );
    };
    match outcome {
        Outcome::Sent { body, raw_id } => {
            answered(StatusCode::CREATED, Some(raw_id));
            Ok(created(&body))
        }
        Outcome::Refused(refusal) => {
            answered(refusal.status(), None);
            Ok(refusal.into_response())
        }
        Outcome::Broken => {
            waha.note(&session, RecordedCall::SendBroken);
            Ok(broken_connection())
        }
        // the caller waits until it gives up, or until the process ends
        Outcome::Never => std::future::pending().await,
    }
}

fn note_arrival(waha: &Waha, session: &str, body: &Value) {
    let text = |field: &str| body.get(field).and_then(Value::as_str).map(str::to_owned);
    waha.note(
        session,
        RecordedCall::SendArrived {
            chat: text("chatId").unwrap_or_default(),
            text: text("text").unwrap_or_default(),
            id: text("id"),
            reply_to: text("reply_to"),
        },
    );
}

/// Nothing is validated: what is missing or of another type fails in Node's words (recorded).
fn read(waha: &Waha, session: &str, body: &Value) -> Result<Outgoing, Refusal> {
    let chat = super::call::chat_id_of(body, "includes")?;
    let text = match body.get("text") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => return Err(Refusal::engine("Invalid media type")),
        Some(_) => return Err(Refusal::type_error("text.match is not a function")),
    };
    let optional = |field: &str| body.get(field).and_then(Value::as_str).map(str::to_owned);
    Ok(Outgoing {
        session: session.to_owned(),
        chat: ChatId::from_request(chat),
        text,
        id: optional("id").filter(|_| waha.profile().takes_chosen_ids()),
        reply_to: optional("reply_to"),
    })
}

/// An id for a later send; the browser engine has none to give (WAHA §4.3).
async fn new_message_id(
    State(waha): State<Arc<Waha>>,
    Path(session): Path<String>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&session))?;
    if waha.profile().is_newest() && !waha.profile().takes_chosen_ids() {
        return Err(Refusal::not_implemented());
    }
    waha.hold_until_working(&session).await?;
    let raw_id = waha.roll(ids::raw_message_id);
    waha.note(
        &session,
        RecordedCall::IdRequested {
            raw_id: raw_id.clone(),
        },
    );
    Ok(ok(&json!({"id": raw_id})))
}
