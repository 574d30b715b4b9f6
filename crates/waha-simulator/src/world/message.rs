//! One message as WAHA keeps it, before any engine gives it a shape.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::attachment::Attachment;
use crate::address::{ChatId, full_id};

pub(crate) const ERROR: i8 = -1;
pub(crate) const PENDING: i8 = 0;
pub(crate) const SERVER: i8 = 1;
pub(crate) const DEVICE: i8 = 2;
pub(crate) const READ: i8 = 3;

/// WAHA's word for an ack level (WAHA §7.5).
pub(crate) const fn ack_name(ack: i8) -> &'static str {
    match ack {
        ERROR => "ERROR",
        PENDING => "PENDING",
        SERVER => "SERVER",
        DEVICE => "DEVICE",
        READ => "READ",
        4 => "PLAYED",
        _ => "UNKNOWN",
    }
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Author {
    /// This WAHA, by its API.
    Api,
    /// The owner, on the own phone.
    OwnPhone,
    /// Somebody else.
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) raw_id: String,
    pub(crate) chat: ChatId,
    /// The phone chat of the same person, when the message is addressed by hidden id and carries both.
    pub(crate) twin: Option<ChatId>,
    /// Who wrote it, in groups.
    pub(crate) participant: Option<ChatId>,
    pub(crate) author: Author,
    pub(crate) text: Option<String>,
    /// The name the writer goes by.
    pub(crate) push_name: String,
    pub(crate) at: DateTime<Utc>,
    /// The time the store shows: NOWEB moves it to the last receipt's.
    pub(crate) shown_at: DateTime<Utc>,
    pub(crate) ack: i8,
    pub(crate) quoted: Option<Quoted>,
    pub(crate) attachment: Option<Attachment>,
    pub(crate) secret: String,
    pub(crate) key_hash: String,
    /// From when reads show it.
    pub(crate) visible_from: DateTime<Utc>,
    /// WAHA still remembers that its API sent it.
    pub(crate) known_as_api: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Quoted {
    pub(crate) raw_id: String,
    /// Who wrote the quoted message.
    pub(crate) author: ChatId,
    pub(crate) text: Option<String>,
    pub(crate) from_api: bool,
}

impl Message {
    /// WAHA's `hasMedia`.
    pub(crate) fn has_media(&self) -> bool {
        self.attachment.is_some_and(Attachment::is_file)
    }

    /// The linked device cannot read it yet.
    pub(crate) fn is_undecrypted(&self) -> bool {
        !self.is_own() && self.text.is_none() && self.attachment.is_none()
    }

    pub(crate) fn is_own(&self) -> bool {
        self.author != Author::Other
    }

    pub(crate) fn full_id(&self) -> String {
        full_id(
            self.is_own(),
            &self.chat,
            &self.raw_id,
            self.participant.as_ref(),
        )
    }
}
