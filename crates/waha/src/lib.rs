//! Typed client of one WAHA server, and the shapes of the webhooks it posts.
//!
//! It knows what WAHA's answers mean on every version we support ("WAHA §n" in comments is a section
//! of `docs/waha.md`; recordings of a real server are under `tests/recordings`). It
//! decides nothing, keeps no state and never repeats a send: the queue is the only retry. What must
//! hold: no error and no `Debug` of this crate shows a phone number, a chat id, a text or a key.

mod ack;
mod answer;
mod chat_id;
mod chats;
mod cleaning;
mod client;
mod content;
mod error;
mod failure;
mod lenient;
mod login;
mod message;
mod message_id;
mod passkey;
mod presence;
mod route;
mod sending;
mod server;
mod session_config;
mod session_info;
mod sessions;
mod webhooks;

pub use ack::Ack;
pub use chat_id::{ChatId, ChatKind};
pub use chats::{ChatSummary, MessagesQuery};
pub use client::Waha;
pub use content::Content;
pub use error::WahaError;
pub use failure::FailureCause;
pub use message::{Message, Source};
pub use message_id::{MessageId, raw_id};
pub use passkey::{BadAssertion, PasskeyAssertion, PasskeyChallenge};
pub use sending::{SendAnswer, SendText, UnclearKind};
pub use session_config::{
    CustomHeader, GowsConfig, GowsStorage, Hmac, HmacKey, Ignore, NowebConfig, NowebStore, Retries,
    RetryPolicy, SessionConfig, UnknownKeys, WebhookConfig,
};
pub use session_info::{Me, MessageCapping, SessionInfo, SessionStatus, Timelock};
pub use webhooks::{BadEvent, Event, EventKind, Signature};
