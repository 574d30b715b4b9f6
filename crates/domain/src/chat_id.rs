//! WhatsApp's address of a direct chat: a phone number or a LID (WAHA §4.1, §6).
//! Groups, channels and the status are not chats with a guest: they do not parse.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A direct chat: `<digits>@c.us` by phone or `<digits>@lid` by hidden id. Device parts and
/// `@s.whatsapp.net` are folded away when reading.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ChatId {
    /// By phone number: digits, country code first.
    Phone(String),
    /// By hidden id: digits that are not a phone number.
    Lid(String),
}

/// The text is not the id of a direct chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a direct chat: expected <digits>@c.us or <digits>@lid")]
pub struct NotADirectChat;

impl ChatId {
    /// Reads `393470000001@c.us`, `393470000001:12@s.whatsapp.net`, `77@lid` and bare digits (a phone).
    pub fn parse(text: &str) -> Result<Self, NotADirectChat> {
        let (user, server) = text.split_once('@').unwrap_or((text, "c.us"));
        let digits = user.split(':').next().unwrap_or(user);
        if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotADirectChat);
        }
        match server {
            "c.us" | "s.whatsapp.net" => Ok(Self::Phone(digits.to_owned())),
            "lid" => Ok(Self::Lid(digits.to_owned())),
            _ => Err(NotADirectChat),
        }
    }

    /// The digits of the phone number, when this chat is known by one.
    pub fn phone_digits(&self) -> Option<&str> {
        match self {
            Self::Phone(digits) => Some(digits),
            Self::Lid(_) => None,
        }
    }
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(digits) => write!(f, "{digits}@c.us"),
            Self::Lid(digits) => write!(f, "{digits}@lid"),
        }
    }
}

// A chat id is a phone number: never in a log.
impl fmt::Debug for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Phone(_) => "ChatId(phone …)",
            Self::Lid(_) => "ChatId(lid …)",
        })
    }
}

impl TryFrom<String> for ChatId {
    type Error = NotADirectChat;

    fn try_from(text: String) -> Result<Self, NotADirectChat> {
        Self::parse(&text)
    }
}

impl From<ChatId> for String {
    fn from(chat: ChatId) -> Self {
        chat.to_string()
    }
}
