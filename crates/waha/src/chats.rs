//! Reading back: chats, messages, and who is behind a LID (WAHA §5, §6).
//!
//! What is read can prove that a message is there, never that it is not: stores lag, are forgotten,
//! or are off.

use std::cmp::Reverse;

use serde::Deserialize;
use serde_json::Value;

use crate::chat_id::ChatId;
use crate::client::{Call, Waha};
use crate::error::WahaError;
use crate::lenient::{self, whole_number};
use crate::message::Message;
use crate::message_id::id_text;
use crate::route::Route;

/// Which messages of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessagesQuery {
    /// At most so many.
    pub limit: u32,
    /// After skipping so many.
    pub offset: u32,
    /// Not older than this, in unix seconds, inclusive.
    pub since: Option<i64>,
    /// Only own (`true`) or only received (`false`) ones.
    pub from_me: Option<bool>,
}

impl Default for MessagesQuery {
    /// The newest 20, both ways.
    fn default() -> Self {
        Self {
            limit: 20,
            offset: 0,
            since: None,
            from_me: None,
        }
    }
}

impl MessagesQuery {
    fn on(self, route: Route) -> Route {
        // a download would let the call wait for media that nobody asked for
        let mut route = paged(route, self.limit, self.offset).query("downloadMedia", "false");
        if let Some(since) = self.since {
            route = route.query("filter.timestamp.gte", &since.to_string());
        }
        if let Some(from_me) = self.from_me {
            route = route.query("filter.fromMe", &from_me.to_string());
        }
        route
    }

    fn wants(&self, message: &Message) -> bool {
        let recent = match (self.since, message.at) {
            (Some(since), Some(at)) => at >= since,
            _ => true,
        };
        recent
            && self
                .from_me
                .is_none_or(|from_me| from_me == message.from_me)
    }
}

/// A chat in the list of chats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatSummary {
    /// The chat.
    pub chat_id: ChatId,
    /// When something last happened in it, in unix seconds.
    pub last_at: Option<i64>,
}

#[derive(Deserialize)]
struct LidPair {
    #[serde(default, deserialize_with = "lenient::or_none")]
    pn: Option<ChatId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Existence {
    number_exists: bool,
    #[serde(default, deserialize_with = "lenient::or_none")]
    chat_id: Option<ChatId>,
}

impl Waha {
    /// Messages of a chat, newest first. An unknown chat is empty; a store that is off is
    /// [`WahaError::StoreOff`].
    ///
    /// The query is applied here too: filters were seen at work on NOWEB only. So a page may be
    /// shorter than its limit, and only an empty one is the end.
    pub async fn messages(
        &self,
        chat: &ChatId,
        query: MessagesQuery,
    ) -> Result<Vec<Message>, WahaError> {
        let route = self.chats_route().part(chat.as_str()).part("messages");
        let found: Vec<Value> = self.read(Call::get(query.on(route))).await?;
        let messages = found.into_iter().filter_map(readable);
        Ok(messages.filter(|message| query.wants(message)).collect())
    }

    /// One message, by full id (any engine) or raw id (NOWEB, GOWS). `None` means "not seen", which
    /// proves nothing; a 500 is read the same way, as an engine's answer to an unknown id (WAHA
    /// §5.1).
    pub async fn message(&self, chat: &ChatId, id: &str) -> Result<Option<Message>, WahaError> {
        let route = self
            .chats_route()
            .part(chat.as_str())
            .part("messages")
            .part(id);
        let call = Call::get(route.query("downloadMedia", "false"));
        match self.read(call).await {
            Ok(message) => Ok(Some(message)),
            Err(WahaError::NotFound | WahaError::Rejected { status: 500, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Chats, the most recent first within a page.
    pub async fn chats(&self, limit: u32, offset: u32) -> Result<Vec<ChatSummary>, WahaError> {
        let overview = paged(self.chats_route().part("overview"), limit, offset);
        let found: Vec<Value> = self.read(Call::get(overview)).await?;
        let mut chats: Vec<_> = found.iter().filter_map(ChatSummary::read).collect();
        chats.sort_by_key(|chat| Reverse(chat.last_at));
        Ok(chats)
    }

    /// The phone chat id behind a LID. `None` is a normal result: people may hide it, and not every
    /// engine can tell.
    pub async fn lid_phone(&self, lid: &ChatId) -> Result<Option<ChatId>, WahaError> {
        let route = Route::within(self.session_name())
            .part("lids")
            .part(lid.as_str());
        match self.read::<LidPair>(Call::get(route)).await {
            Ok(pair) => Ok(pair.pn),
            Err(WahaError::NotImplemented | WahaError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The chat id of a phone number (digits with country code), or `None` when it is not on
    /// WhatsApp. Use the id that comes back. Checking many numbers is itself a sign of spam: only
    /// those about to be written to (WAHA §6).
    pub async fn check_exists(&self, phone: &str) -> Result<Option<ChatId>, WahaError> {
        let route = Route::new("/api/contacts/check-exists")
            .query("session", self.session_name())
            .query("phone", phone.trim_start_matches('+'));
        let answer: Existence = self.read(Call::get(route)).await?;
        match answer {
            Existence {
                number_exists: false,
                ..
            } => Ok(None),
            Existence { chat_id: None, .. } => Err(WahaError::Unreadable),
            Existence { chat_id, .. } => Ok(chat_id),
        }
    }

    fn chats_route(&self) -> Route {
        Route::within(self.session_name()).part("chats")
    }
}

fn paged(route: Route, limit: u32, offset: u32) -> Route {
    route
        .query("limit", &limit.to_string())
        .query("offset", &offset.to_string())
}

/// One element that cannot be read must not hide the others of its chat.
fn readable(message: Value) -> Option<Message> {
    serde_json::from_value(message)
        .inspect_err(|_| {
            tracing::warn!("WAHA listed a message without an id or a chat; it is skipped");
        })
        .ok()
}

impl ChatSummary {
    /// Reads an entry of the overview.
    fn read(chat: &Value) -> Option<Self> {
        const TIMES: [&str; 3] = [
            "/lastMessage/timestamp",
            "/_chat/conversationTimestamp",
            "/_chat/timestamp",
        ];
        Some(Self {
            chat_id: ChatId::new(id_text(chat.get("id")?)?),
            last_at: TIMES
                .iter()
                .filter_map(|path| whole_number(chat.pointer(path)?))
                .max(),
        })
    }
}
