//! Worker → integration: fence, read, compose, send (design §5).
//!
//! | call | body | answer |
//! | --- | --- | --- |
//! | `POST /sessions/{session}/fence` | [`FenceRequest`] | [`FenceReply`] |
//! | `POST /sessions/{session}/read-chat` | [`ReadChatRequest`] | [`ReadReply`] |
//! | `POST /sessions/{session}/read-chats` | [`ReadChatsRequest`] | [`ReadReply`] |
//! | `POST /sessions/{session}/compose` | [`ComposeRequest`] | a stream of [`ComposeLine`], one JSON a line |
//! | `POST /sessions/{session}/send` | [`SendRequest`] | [`SendReply`] |
//! | `POST /sessions/{session}/cancel` | [`CancelRequest`] | 204 |
//! | `GET /attempts/{attempt}` | – | [`AttemptView`], 404 when unknown |
//!
//! A call with an epoch older than the session's newest is answered 409 `stale_epoch` with `newest_epoch`. The holder of the lease is
//! answered so only when its database was restored from a backup.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp, chat_id::ChatId, ids::AttemptId, message_text::MessageText, outcome::SendAnswer,
    pacing::Plan, phone_number::PhoneNumber,
};

use super::ObservedMessage;

/// Refuses every older epoch from now on and cancels its compositions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FenceRequest {
    /// The new holder's epoch.
    pub epoch: i64,
}

/// What is still under way after a fence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FenceReply {
    /// Attempts whose WAHA call is running at this moment.
    pub running: Vec<AttemptId>,
}

/// Reads one chat, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadChatRequest {
    /// The chat.
    pub chat: ChatId,
    /// At most so many messages.
    pub limit: u32,
    /// Only messages not older than this, when given.
    pub since: Option<Timestamp>,
}

/// Reads all direct chats.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadChatsRequest {
    /// Only messages not older than this.
    pub since: Timestamp,
    /// Chats that are left out: whoever asks reads them one by one.
    #[serde(default)]
    pub skip: Vec<ChatId>,
}

/// What was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadReply {
    /// The messages, in no promised order.
    pub messages: Vec<ObservedMessage>,
    /// Of all chats, those that WAHA refused to read.
    #[serde(default)]
    pub unread: Vec<ChatId>,
}

/// Starts the visible part: online, seen, reading, typing, pause.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ComposeRequest {
    /// The attempt. Its one `send` must follow while it is ready.
    pub attempt: AttemptId,
    /// The worker's epoch.
    pub epoch: i64,
    /// The own number that the attempt was decided for. With another one linked nothing is shown and nothing is sent.
    pub own_number: PhoneNumber,
    /// Where to.
    pub chat: ChatId,
    /// What.
    pub text: MessageText,
    /// How long each step takes.
    pub plan: Plan,
    /// Full ids of the answered message, marked seen. Empty when nothing is answered.
    pub seen: Vec<String>,
    /// Full id of the quoted message.
    pub reply_to: Option<String>,
    /// Whether WhatsApp should show a link's preview.
    pub link_preview: bool,
}

text_enum! {
    /// A step of a composition, as the timeline shows it.
    pub enum Phase("phase") {
        /// Reading the guest's message.
        Reading = "reading",
        /// Typing, with the dots shown.
        Typing = "typing",
        /// The pause before the send button.
        Pausing = "pausing",
    }
}

text_enum! {
    /// Why a composition ended without becoming ready, or stopped being ready.
    pub enum CompositionEnd("composition end") {
        /// Asked to.
        Cancelled = "cancelled",
        /// A newer epoch took the session over.
        Fenced = "fenced",
        /// It took longer than its plan and 20 s.
        Deadline = "deadline",
        /// It was ready for 10 s and no send came.
        ReadyExpired = "ready_expired",
        /// The service stops.
        Stopping = "stopping",
        /// The owner typed to the same person by hand.
        HandTyped = "hand_typed",
        /// Another own number is linked than that of the attempt.
        OtherNumber = "other_number",
        /// WAHA did not tell which own number is linked. Nothing was shown.
        NumberUnread = "number_unread",
    }
}

/// One line of the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum ComposeLine {
    /// A step began.
    Phase {
        /// Which.
        phase: Phase,
        /// When.
        at: Timestamp,
    },
    /// Still here; one every second.
    Heartbeat,
    /// All done but the send. Ready for 10 s.
    Ready {
        /// The id the message will have, when the engine lets us choose it (WAHA §4.3).
        message_id: Option<String>,
    },
    /// It ended; nothing was sent.
    Ended {
        /// Why.
        why: CompositionEnd,
    },
}

/// The one call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendRequest {
    /// The attempt that is ready.
    pub attempt: AttemptId,
    /// The worker's epoch.
    pub epoch: i64,
}

/// How the one call went.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendReply {
    /// The answer, classified.
    pub answer: SendAnswer,
    /// When the call to WAHA began.
    pub started_at: Timestamp,
    /// When its answer came, or its time was up.
    pub answered_at: Timestamp,
}

/// Ends a composition before its send.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CancelRequest {
    /// Which.
    pub attempt: AttemptId,
    /// The worker's epoch.
    pub epoch: i64,
}

/// What the integration knows of an attempt, kept for an hour.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AttemptView {
    /// The attempt.
    pub attempt: AttemptId,
    /// Where it is.
    #[serde(flatten)]
    pub state: AttemptState,
}

/// Where an attempt is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AttemptState {
    /// Before ready.
    Composing,
    /// Ready for its send.
    Ready,
    /// The call to WAHA is running.
    Sending,
    /// The call ended.
    Answered(SendReply),
    /// It ended before any call, and none will ever be made: provably not sent.
    NeverCalled {
        /// Why.
        why: CompositionEnd,
    },
}
