//! What the simulator remembers with times: the calls that matter, the webhooks it posted, and what guests' phones showed.
//! Tests assert on these; nothing is ever removed from them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One thing that happened, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// The moment, on the simulator's clock.
    pub at: DateTime<Utc>,
    /// The WAHA session it concerned; empty for calls about the whole server.
    pub session: String,
    /// What it was.
    pub what: RecordedCall,
}

/// The calls and effects worth remembering. Chats are written as WAHA's API writes them (`…@c.us`, `…@lid`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum RecordedCall {
    /// A call came without the right key.
    KeyRefused,
    /// The session was read.
    SessionRead,
    /// The session's configuration was written (create or PUT).
    SessionConfigured,
    /// The session was started.
    SessionStarted,
    /// The session was stopped.
    SessionStopped,
    /// The session was restarted.
    SessionRestarted,
    /// The session was logged out.
    SessionLoggedOut,
    /// The session was deleted.
    SessionDeleted,
    /// A login QR was read.
    QrRead,
    /// A pairing code was asked for.
    CodeRequested,
    /// A passkey challenge or the code to compare was read.
    PasskeyRead,
    /// An answer to the pending passkey challenge came, accepted or not.
    PasskeyAnswered,
    /// The code was confirmed.
    PasskeyConfirmed,
    /// A passkey step came that was malformed, repeated or about another challenge.
    PasskeyMisstep,
    /// A chat's messages were read; `chat` may be `all`.
    MessagesRead {
        /// The chat as asked for.
        chat: String,
    },
    /// One message was looked up by id.
    MessageLookedUp {
        /// The chat as asked for.
        chat: String,
        /// The id as asked for, full or raw.
        id: String,
    },
    /// The list of chats or their overview was read.
    ChatsRead,
    /// A message id was asked for in advance.
    IdRequested {
        /// The id that was given out.
        raw_id: String,
    },
    /// Whether a number is on WhatsApp was asked.
    NumberChecked {
        /// The number as asked for.
        number: String,
    },
    /// The account went online.
    Online {
        /// True when WAHA did it by itself around an activity, false when the call asked for it.
        by_itself: bool,
    },
    /// The account went offline.
    Offline {
        /// True when WAHA did it by itself, 25 s after the last activity.
        by_itself: bool,
    },
    /// Blue ticks were sent for these messages.
    Seen {
        /// The chat.
        chat: String,
        /// The raw ids that are now read; empty when the call had no effect.
        ids: Vec<String>,
    },
    /// The guest sees "typing…".
    TypingStarted {
        /// The chat.
        chat: String,
    },
    /// The dots are gone.
    TypingStopped {
        /// The chat.
        chat: String,
    },
    /// A send reached WAHA.
    SendArrived {
        /// The chat.
        chat: String,
        /// The text.
        text: String,
        /// The id the caller chose, if it did.
        id: Option<String>,
        /// The message it answers, as given.
        reply_to: Option<String>,
    },
    /// A send was handed to WhatsApp: from here on it cannot be taken back.
    SendAccepted {
        /// The chat.
        chat: String,
        /// The raw id it got.
        raw_id: String,
    },
    /// A send was answered.
    SendAnswered {
        /// The HTTP status of the answer.
        status: u16,
        /// The raw id in the answer, if it was accepted.
        raw_id: Option<String>,
    },
    /// A send ended with a broken connection instead of an answer.
    SendBroken,
}

/// Who put a message on a guest's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenBy {
    /// It came through WAHA's API.
    Waha,
    /// The owner typed it on the own phone.
    Hand,
}

/// A message as a guest's phone showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// When it appeared.
    pub at: DateTime<Utc>,
    /// The guest's number; the hidden id or group id when no number is known.
    pub number: String,
    /// The WAHA session it came from.
    pub session: String,
    /// The own number that it came from.
    #[serde(default)]
    pub own_number: String,
    /// The text.
    pub text: String,
    /// WhatsApp's id of the message.
    pub raw_id: String,
    /// The raw id of the message it quotes.
    pub quoted: Option<String>,
    /// Whether WAHA or the owner's hand wrote it.
    pub written_by: WrittenBy,
}

/// One attempt to post one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posted {
    /// When the attempt ended.
    pub at: DateTime<Utc>,
    /// The event's name.
    pub event: String,
    /// The envelope id; empty on versions without one.
    pub event_id: String,
    /// 1 for the first try.
    pub attempt: u32,
    /// The receiver's status, or none when the connection failed.
    pub answer: Option<u16>,
}
