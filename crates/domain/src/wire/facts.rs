//! Integration → queue-api: `POST /facts` with a [`FactReport`]. The worker stores what it reads in chats through the same
//! functions. What an answer means, written down here and nowhere else:
//!
//! | answer | meaning |
//! | --- | --- |
//! | 2xx | stored, or known already: repeating stores nothing twice |
//! | 401, 403, 404, 405, 408, 429 | says nothing of the facts: a wrong token or address, a session that is not configured, too slow, too often. People or time mend that: try again |
//! | any other 4xx | of no use now and later, and nothing of the report is stored. Do not repeat |
//! | anything else, or no answer | try again |

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp, ack::Ack, chat_id::ChatId, ids::AttemptId, phone_number::PhoneNumber,
    session::SessionName,
};

use super::{SendReply, SessionView};

/// Some facts about one session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FactReport {
    /// The session.
    pub session: SessionName,
    /// The facts, in the order they were learnt.
    pub facts: Vec<Fact>,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A direct message was seen, either way.
    Message(ObservedMessage),
    /// A receipt for a message of ours.
    Ack(AckFact),
    /// A reaction to a message; an empty emoji takes it back.
    Reaction {
        /// The chat.
        chat: ChatId,
        /// The chat's other identity, when known.
        alt: Option<ChatId>,
        /// Raw id of the message reacted to.
        target: String,
        /// The emoji.
        emoji: String,
        /// By us.
        from_me: bool,
        /// When.
        at: Timestamp,
    },
    /// A message got a new text.
    Edited {
        /// Raw id of the message.
        target: String,
        /// The message as it is now.
        message: ObservedMessage,
    },
    /// A message was deleted for everybody.
    Revoked {
        /// The chat.
        chat: ChatId,
        /// The chat's other identity, when known.
        #[serde(default)]
        alt: Option<ChatId>,
        /// Raw id of the message.
        target: String,
        /// When.
        at: Timestamp,
    },
    /// Somebody wrote, but it cannot be read yet. The readable message follows under the same raw id, or never.
    Waiting(ObservedMessage),
    /// What the session is doing.
    Session(SessionView),
    /// How the one call of an attempt ended; posted always, also when the worker got the answer.
    Outcome(OutcomeFact),
}

text_enum! {
    /// What a message is made of. Media are never downloaded.
    pub enum MessageKind("message kind") {
        /// Text.
        Text = "text",
        /// A picture.
        Photo = "photo",
        /// A film.
        Video = "video",
        /// A voice message or other sound.
        Voice = "voice",
        /// A sticker.
        Sticker = "sticker",
        /// A file.
        Document = "document",
        /// A place.
        Location = "location",
        /// Contact cards.
        ContactCard = "contact_card",
        /// Something else.
        Other = "other",
    }
}

/// A direct message as WAHA showed it, in an event or in a chat.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedMessage {
    /// WhatsApp's raw id: unique with session and direction.
    pub raw_id: String,
    /// WAHA's full id, needed to mark it seen and to quote it.
    pub full_id: String,
    /// The own number that received or sent it; `None`: it was not told.
    #[serde(default)]
    pub own_number: Option<PhoneNumber>,
    /// It was read in its chat. A chat can hold what an earlier number received, so `own_number` is only the one that read it.
    #[serde(default)]
    pub read_in_chat: bool,
    /// The chat it is in.
    pub chat: ChatId,
    /// The same person's other identity, when the message tells it.
    pub alt: Option<ChatId>,
    /// Written by us (API or phone).
    pub from_me: bool,
    /// The time WAHA gives, whole seconds; stores move it to the last receipt's.
    pub at: Timestamp,
    /// What it is made of.
    pub kind: MessageKind,
    /// Its text or caption.
    pub body: Option<String>,
    /// Raw id of the message it quotes.
    pub reply_to: Option<String>,
    /// The name the sender gave themselves.
    pub push_name: Option<String>,
    /// Its receipt, for our own.
    pub ack: Option<Ack>,
}

// Bodies and chat ids never reach a log, not even through `{:?}`.
impl std::fmt::Debug for ObservedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObservedMessage")
            .field("raw_id", &self.raw_id)
            .field("from_me", &self.from_me)
            .field("at", &self.at)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckFact {
    /// Raw id of our message.
    pub raw_id: String,
    /// How far it got.
    pub ack: Ack,
    /// When we learnt it.
    pub at: Timestamp,
}

/// The end of an attempt's one call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OutcomeFact {
    /// The attempt.
    pub attempt: AttemptId,
    /// How it went.
    #[serde(flatten)]
    pub reply: SendReply,
}
