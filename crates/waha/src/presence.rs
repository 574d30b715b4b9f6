//! What the other side sees before a message comes: blue ticks, "online", "typing…" (WAHA §4.5).
//!
//! WAHA has no timer for "typing": whoever starts it stops it. Nothing here may fail a message.

use serde_json::{Value, json};

use crate::chat_id::ChatId;
use crate::client::{Call, Waha};
use crate::error::WahaError;
use crate::route::Route;

impl Waha {
    /// Marks received messages as read, by their *full* ids. Without any id nothing is done: some
    /// engines would then mark the whole chat and others nothing. Own messages (`true_…`) are
    /// skipped.
    pub async fn seen(&self, chat: &ChatId, full_ids: &[String]) -> Result<(), WahaError> {
        let ids: Vec<&String> = full_ids
            .iter()
            .filter(|id| !id.starts_with("true_"))
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut body = self.chat_body(chat);
        body["messageIds"] = json!(ids);
        self.tell(Call::post(Route::new("/api/sendSeen"), &body))
            .await
    }

    /// Shows "typing…" in that chat, as long as the account is online; it fades after some 20 s.
    pub async fn start_typing(&self, chat: &ChatId) -> Result<(), WahaError> {
        self.in_chat("/api/startTyping", chat).await
    }

    /// Takes "typing…" away.
    pub async fn stop_typing(&self, chat: &ChatId) -> Result<(), WahaError> {
        self.in_chat("/api/stopTyping", chat).await
    }

    /// Shows the account as online. The owner's phone then stays silent, so go offline afterwards.
    pub async fn online(&self) -> Result<(), WahaError> {
        self.presence("online").await
    }

    /// Shows the account as offline.
    pub async fn offline(&self) -> Result<(), WahaError> {
        self.presence("offline").await
    }

    async fn in_chat(&self, path: &'static str, chat: &ChatId) -> Result<(), WahaError> {
        self.tell(Call::post(Route::new(path), &self.chat_body(chat)))
            .await
    }

    fn chat_body(&self, chat: &ChatId) -> Value {
        json!({"session": self.session_name(), "chatId": chat.as_str()})
    }

    async fn presence(&self, presence: &str) -> Result<(), WahaError> {
        let route = Route::within(self.session_name()).part("presence");
        self.tell(Call::post(route, &json!({"presence": presence})))
            .await
    }
}
