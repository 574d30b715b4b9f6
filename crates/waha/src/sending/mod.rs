//! The one call that matters: `sendText`, made once (WAHA §4). What its answers prove is in
//! [`SendAnswer`].

mod answer;

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::chat_id::ChatId;
use crate::client::{Call, SEND, Waha};
use crate::error::WahaError;
use crate::route::Route;

pub use answer::{SendAnswer, UnclearKind};

/// A text to send.
#[derive(Clone, PartialEq, Eq)]
pub struct SendText {
    /// To whom.
    pub chat_id: ChatId,
    /// What.
    pub text: String,
    /// The full id of the message it answers. An unknown one is dropped by WAHA without a word.
    pub reply_to: Option<String>,
    /// The raw id the message shall have, from [`Waha::new_message_id`]. A server that cannot use it
    /// ignores it silently: compare it with the one that comes back (WAHA §4.3).
    pub message_id: Option<String>,
    /// Whether WAHA fetches the first link to show a preview, inside the send.
    pub link_preview: bool,
}

#[derive(Deserialize)]
struct NewId {
    id: String,
}

impl Waha {
    /// Sends a text, exactly once.
    pub async fn send_text(&self, text: &SendText) -> SendAnswer {
        let body = text.body(self.session_name());
        let call = Call::post(Route::new("/api/sendText"), &body).within(SEND);
        SendAnswer::of(self.make(call).await)
    }

    /// A raw id for a message that is yet to be sent. Only servers with
    /// [`domain::waha_capabilities::Capability::ChosenMessageIds`] have one to give.
    pub async fn new_message_id(&self) -> Result<String, WahaError> {
        let route = Route::within(self.session_name()).part("new-message-id");
        let answer: NewId = self.read(Call::get(route)).await?;
        Ok(answer.id)
    }
}

impl SendText {
    fn body(&self, session: &str) -> Value {
        let mut body = json!({
            "session": session,
            "chatId": self.chat_id.as_str(),
            "text": self.text,
            "linkPreview": self.link_preview,
        });
        if let Some(reply_to) = &self.reply_to {
            body["reply_to"] = json!(reply_to);
        }
        if let Some(id) = &self.message_id {
            body["id"] = json!(id);
        }
        body
    }
}

impl fmt::Debug for SendText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendText")
            .field("message_id", &self.message_id)
            .field("link_preview", &self.link_preview)
            .finish_non_exhaustive()
    }
}
