//! The ids of messages: the *full* id (`true_<chat>_<RAW>[_<participant>]`) and the *raw* id inside
//! it.
//!
//! The rule that must hold: two ids are compared by their raw part only. The chat part may come
//! back as `@lid` for a message that was sent to `@c.us` (WAHA §4.4).

use serde_json::Value;

use crate::chat_id::ChatId;

/// The parts of a full message id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageId {
    /// Whether the session's own account wrote the message.
    pub from_me: bool,
    /// The chat it belongs to, on every engine.
    pub chat: ChatId,
    /// What WhatsApp itself calls the message.
    pub raw: String,
    /// Who wrote it, in groups.
    pub participant: Option<ChatId>,
}

impl MessageId {
    /// Reads a full id; `None` for anything else, a raw id included.
    pub fn parse(text: &str) -> Option<Self> {
        let (from_me, rest) = match text.split_once('_')? {
            ("true", rest) => (true, rest),
            ("false", rest) => (false, rest),
            _ => return None,
        };
        let at = rest.find('@')?;
        let chat_end = at + rest[at..].find('_')?;
        let (chat, tail) = (&rest[..chat_end], &rest[chat_end + 1..]);
        let (raw, participant) = match tail.split_once('_') {
            Some((raw, participant)) => (raw, Some(ChatId::new(participant))),
            None => (tail, None),
        };
        (!raw.is_empty()).then(|| Self {
            from_me,
            chat: ChatId::new(chat),
            raw: raw.to_owned(),
            participant,
        })
    }

    /// The full id in WAHA's spelling.
    pub fn full(&self) -> String {
        let head = format!("{}_{}_{}", self.from_me, self.chat.as_str(), self.raw);
        match &self.participant {
            Some(participant) => format!("{head}_{}", participant.as_str()),
            None => head,
        }
    }
}

/// The raw id inside `text`, which may be a full id or already a raw one.
pub fn raw_id(text: &str) -> &str {
    let Some((head, rest)) = text.split_once('_') else {
        return text;
    };
    if head != "true" && head != "false" {
        return text;
    }
    rest.find('@')
        .and_then(|at| rest[at..].split('_').nth(1))
        .filter(|raw| !raw.is_empty())
        .unwrap_or(text)
}

/// The id text in a JSON `id` member: a string, or the browser engines' object with `_serialized`
/// or `id` (WAHA §4.4).
pub(crate) fn id_text(id: &Value) -> Option<&str> {
    id.as_str()
        .or_else(|| id.get("_serialized").and_then(Value::as_str))
        .or_else(|| id.get("id").and_then(Value::as_str))
        .filter(|text| !text.is_empty())
}
