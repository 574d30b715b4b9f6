//! Typing and presence (WAHA §4.5), and WAHA going online by itself around activity (recorded in 2026.4.1).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::StatusCode;
use serde_json::json;

use super::answer::{created, empty, ok};
use super::call::{Call, chat_id_of, session_name};
use super::refusal::Refusal;
use crate::address::ChatId;
use crate::gates::Step;
use crate::misbehaviour::Misbehaviour;
use crate::record::RecordedCall;
use crate::waha::Waha;

/// After the last activity the account goes offline by itself.
const ONLINE_FOR: Duration = Duration::from_secs(25);

pub(super) fn routes() -> Router<Arc<Waha>> {
    Router::new()
        .route("/api/startTyping", post(start_typing))
        .route("/api/stopTyping", post(stop_typing))
        .route(
            "/api/{session}/presence",
            post(set_presence).get(all_presences),
        )
        .route("/api/{session}/presence/{chat}", get(one_presence))
        .route("/api/{session}/presence/{chat}/subscribe", post(subscribe))
}

async fn start_typing(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let (session, chat) = waha.typing_target(&call, Step::Typing).await?;
    waha.show_typing(&session, &chat, true);
    Ok(created(&json!({"result": true})))
}

async fn stop_typing(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let (session, chat) = waha.typing_target(&call, Step::TypingStopped).await?;
    waha.show_typing(&session, &chat, false);
    Ok(created(&json!({"result": true})))
}

async fn set_presence(
    State(waha): State<Arc<Waha>>,
    Path(session): Path<String>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&session))?;
    waha.hold_until_working(&session).await?;
    let presence = call.text("presence").unwrap_or("undefined");
    match (presence, call.text("chatId").map(ChatId::from_request)) {
        ("online", _) => waha.ask_presence(&session, true).await?,
        ("offline", _) => waha.ask_presence(&session, false).await?,
        (_, None) => {
            let detail = format!("'{presence}' presence requires 'chatId' field.");
            return Err(Refusal::Presence { detail });
        }
        ("typing" | "recording", Some(chat)) => {
            waha.sign(Step::Typing).await?;
            waha.show_typing(&session, &chat, true);
        }
        (_, Some(chat)) => {
            waha.sign(Step::TypingStopped).await?;
            waha.show_typing(&session, &chat, false);
        }
    }
    Ok(empty(StatusCode::CREATED))
}

async fn all_presences(
    State(waha): State<Arc<Waha>>,
    Path(session): Path<String>,
) -> Result<Response, Refusal> {
    waha.hold_until_working(&session).await?;
    Ok(ok(&json!([])))
}

async fn one_presence(
    State(waha): State<Arc<Waha>>,
    Path((session, chat)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    waha.hold_until_working(&session).await?;
    Ok(ok(
        &json!({"id": ChatId::from_request(&chat).as_str(), "presences": []}),
    ))
}

async fn subscribe(
    State(waha): State<Arc<Waha>>,
    Path((session, _)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    waha.hold_until_working(&session).await?;
    Ok(empty(StatusCode::CREATED))
}

impl Waha {
    async fn typing_target(
        self: &Arc<Self>,
        call: &Call,
        step: Step,
    ) -> Result<(String, ChatId), Refusal> {
        let session = call.session_of_body(self.profile())?;
        self.hold_until_working(&session).await?;
        let chat = ChatId::from_request(chat_id_of(&call.body, "includes")?);
        self.sign(step).await?;
        Ok((session, chat))
    }

    /// A gate, and the switch that makes seen, typing and presence calls fail.
    pub(super) async fn sign(&self, step: Step) -> Result<(), Refusal> {
        self.gates.pass(step).await;
        let fails = |m: &Misbehaviour| {
            *m == Misbehaviour::SignsFail
                || (step == Step::Offline && *m == Misbehaviour::OfflineFails)
        };
        match self.takes(None, fails) {
            Some(_) => Err(Refusal::engine("Timed Out")),
            None => Ok(()),
        }
    }

    fn show_typing(self: &Arc<Self>, session: &str, chat: &ChatId, typing: bool) {
        self.be_active(session);
        let chat = chat.as_str().to_owned();
        self.note(
            session,
            if typing {
                RecordedCall::TypingStarted { chat }
            } else {
                RecordedCall::TypingStopped { chat }
            },
        );
    }

    async fn ask_presence(&self, session: &str, online: bool) -> Result<(), Refusal> {
        self.sign(if online { Step::Online } else { Step::Offline })
            .await?;
        self.change(session, |session| session.online = Some(online));
        self.note_presence(session, online, false);
        Ok(())
    }

    /// Before seen, typing, a send or a check: the account goes online, and 25 s after the last of them offline.
    pub(crate) fn be_active(self: &Arc<Self>, name: &str) {
        let now = self.now().timestamp_millis();
        self.change(name, |session| session.activity = Some(now));
        if !self.config.auto_online {
            return;
        }
        let was = self
            .change(name, |session| session.online.replace(true))
            .flatten();
        if was != Some(true) {
            self.note_presence(name, true, true);
        }
        self.in_this_life(name, |waha, name| async move {
            waha.wait(ONLINE_FOR).await;
            let idle = waha.look(&name, |session| {
                session.activity == Some(now) && session.online == Some(true)
            });
            if idle == Some(true) {
                waha.change(&name, |session| session.online = Some(false));
                waha.note_presence(&name, false, true);
            }
        });
    }

    fn note_presence(&self, session: &str, online: bool, by_itself: bool) {
        self.note(
            session,
            if online {
                RecordedCall::Online { by_itself }
            } else {
                RecordedCall::Offline { by_itself }
            },
        );
    }
}
