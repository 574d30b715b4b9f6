//! The kinds of events and how their payloads are read (WAHA §7.4, §7.5).

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ack::Ack;
use crate::chat_id::ChatId;
use crate::lenient;
use crate::message::Message;
use crate::message_id::{MessageId, id_text, raw_id};
use crate::session_info::SessionStatus;

/// What happened.
#[derive(Clone, PartialEq)]
pub enum EventKind {
    /// `message.any`, or `message` (received ones only): both are the same message.
    Message(Box<Message>),
    /// `message.ack`: a message came further, or was refused. Levels come out of order, skip and
    /// repeat.
    Ack {
        /// Which message.
        raw_id: String,
        /// In which chat.
        chat: ChatId,
        /// Whether it is an own message.
        from_me: bool,
        /// How far it is.
        ack: Ack,
    },
    /// `message.reaction`: an emoji was put on a message, or taken away.
    Reaction {
        /// The reaction's own envelope: who, where, when. Not a message to answer.
        message: Box<Message>,
        /// Which message it is about.
        target_raw_id: String,
        /// The emoji; `None` when it was taken away.
        emoji: Option<String>,
    },
    /// `message.edited`.
    Edited {
        /// Which message was changed.
        target_raw_id: String,
        /// The message with its new text.
        message: Box<Message>,
    },
    /// `message.revoked`: deleted for everybody.
    Revoked {
        /// Which message was deleted.
        target_raw_id: String,
        /// In which chat, where the event tells.
        chat: Option<ChatId>,
    },
    /// `message.waiting`: a message that cannot be decrypted yet. It may come again as a message.
    Waiting(Box<Message>),
    /// `session.status`. A hint: read the session.
    SessionStatus {
        /// The new status.
        status: SessionStatus,
        /// Passkey or restriction data of newer versions. Secret in part; see
        /// [`crate::Timelock::find`].
        data: Option<Value>,
    },
    /// An event we have no use for, by name.
    Other(String),
}

#[derive(Deserialize)]
struct StatusPayload {
    status: SessionStatus,
    #[serde(default)]
    data: Option<Value>,
}

impl EventKind {
    /// `None` when the payload of an event we know cannot be read.
    pub(super) fn read(event: &str, payload: Value) -> Option<Self> {
        Some(match event {
            "message" | "message.any" => Self::Message(read(payload)?),
            "message.waiting" => Self::Waiting(read(payload)?),
            "message.ack" => ack(&payload)?,
            "message.reaction" => reaction(payload)?,
            "message.edited" => edited(payload)?,
            "message.revoked" => revoked(&payload)?,
            "session.status" => {
                let StatusPayload { status, data } = read(payload)?;
                Self::SessionStatus { status, data }
            }
            other => Self::Other(other.to_owned()),
        })
    }

    /// The name WAHA has for it; `message.any` for both events of a message.
    pub fn name(&self) -> &str {
        match self {
            Self::Message(_) => "message.any",
            Self::Ack { .. } => "message.ack",
            Self::Reaction { .. } => "message.reaction",
            Self::Edited { .. } => "message.edited",
            Self::Revoked { .. } => "message.revoked",
            Self::Waiting(_) => "message.waiting",
            Self::SessionStatus { .. } => "session.status",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Debug for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ack { raw_id, ack, .. } => write!(f, "message.ack {raw_id} {ack:?}"),
            Self::SessionStatus { status, .. } => write!(f, "session.status {status:?}"),
            Self::Message(message) | Self::Waiting(message) => {
                write!(f, "{} {}", self.name(), message.raw_id)
            }
            other => f.write_str(other.name()),
        }
    }
}

fn read<T: DeserializeOwned>(payload: Value) -> Option<T> {
    serde_json::from_value(payload).ok()
}

fn ack(payload: &Value) -> Option<EventKind> {
    let id = id_text(payload.get("id")?)?;
    let (chat, from_me) = match MessageId::parse(id) {
        Some(id) => (id.chat, id.from_me),
        None => (
            ChatId::new(lenient::text_at(payload, &["from"])?),
            payload.get("fromMe")?.as_bool()?,
        ),
    };
    Some(EventKind::Ack {
        raw_id: raw_id(id).to_owned(),
        chat,
        from_me,
        ack: Ack::from_level(lenient::whole_number(payload.get("ack")?)?)?,
    })
}

fn reaction(payload: Value) -> Option<EventKind> {
    let reaction = payload.get("reaction")?;
    let target = id_text(reaction.get("messageId")?)?;
    Some(EventKind::Reaction {
        target_raw_id: raw_id(target).to_owned(),
        emoji: lenient::text_at(reaction, &["text"]).map(str::to_owned),
        message: read(payload)?,
    })
}

fn edited(payload: Value) -> Option<EventKind> {
    let target = payload
        .get("editedMessageId")
        .and_then(id_text)
        .map(|id| raw_id(id).to_owned());
    let message: Box<Message> = read(payload)?;
    Some(EventKind::Edited {
        // the browser engines may repeat the message itself
        target_raw_id: target.unwrap_or_else(|| message.raw_id.clone()),
        message,
    })
}

fn revoked(payload: &Value) -> Option<EventKind> {
    let side = |side: &str| {
        payload
            .get(side)
            .and_then(|message| Message::deserialize(message).ok())
    };
    let (before, after) = (side("before"), side("after"));
    let named = payload
        .get("revokedMessageId")
        .and_then(id_text)
        .map(|id| raw_id(id).to_owned());
    Some(EventKind::Revoked {
        target_raw_id: named.or_else(|| before.as_ref().map(|before| before.raw_id.clone()))?,
        chat: after.or(before).map(|message| message.chat),
    })
}
