//! Whom a chat is with, as WAHA writes it: `<digits>@c.us`, `<digits>@lid`, `…@g.us` and so on
//! (WAHA §4.1, §6).
//!
//! One person can be known by two ids, a phone and a LID; this type normalises each form but never
//! guesses one from the other. Its `Debug` shows only the kind, because the id is a phone number.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// The server part that means "a person, by phone number".
const PERSON: &str = "c.us";

/// A chat id in the form WAHA's HTTP API takes.
///
/// `@s.whatsapp.net`, the engines' inner spelling, becomes `@c.us`; a device number (`:12`) is cut
/// off; a bare number gets `@c.us`, as WAHA itself would add it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatId(String);

/// What kind of chat an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatKind<'a> {
    /// One person, by phone number: the digits with country code, without `+`.
    Person(&'a str),
    /// One person, by hidden id. The digits are *not* a phone number.
    Lid(&'a str),
    /// A group.
    Group,
    /// A channel.
    Newsletter,
    /// A broadcast list.
    Broadcast,
    /// Everybody's status updates.
    Status,
    /// Anything else, garbage included.
    Other,
}

impl ChatId {
    /// Reads any spelling of a chat id. Total: what cannot be understood is kept and is of kind
    /// `Other`.
    pub fn new(text: &str) -> Self {
        let (user, server) = text.split_once('@').unwrap_or((text, PERSON));
        let user = user.split_once(':').map_or(user, |(user, _device)| user);
        let server = if server == "s.whatsapp.net" {
            PERSON
        } else {
            server
        };
        Self(format!("{user}@{server}"))
    }

    /// The id of the person with this phone number (digits with country code, a leading `+` is
    /// dropped).
    pub fn person(phone: &str) -> Self {
        Self(format!("{}@{PERSON}", phone.trim_start_matches('+')))
    }

    /// The id as it is sent to WAHA.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the id names.
    pub fn kind(&self) -> ChatKind<'_> {
        let (user, server) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let digits = !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit());
        match server {
            PERSON if digits => ChatKind::Person(user),
            "lid" if digits => ChatKind::Lid(user),
            "g.us" => ChatKind::Group,
            "newsletter" => ChatKind::Newsletter,
            "broadcast" if user == "status" => ChatKind::Status,
            "broadcast" => ChatKind::Broadcast,
            _ => ChatKind::Other,
        }
    }

    /// The phone number's digits, where the id shows one.
    pub fn phone(&self) -> Option<&str> {
        match self.kind() {
            ChatKind::Person(digits) => Some(digits),
            _ => None,
        }
    }

    /// Whether this is a chat with one person, by either of the two ids a person has.
    pub fn is_direct(&self) -> bool {
        matches!(self.kind(), ChatKind::Person(_) | ChatKind::Lid(_))
    }
}

impl fmt::Debug for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind() {
            ChatKind::Person(_) => "person",
            ChatKind::Lid(_) => "lid",
            ChatKind::Group => "group",
            ChatKind::Newsletter => "newsletter",
            ChatKind::Broadcast => "broadcast",
            ChatKind::Status => "status",
            ChatKind::Other => "other",
        };
        write!(f, "ChatId({kind})")
    }
}

impl<'de> Deserialize<'de> for ChatId {
    /// Refuses the empty string, which WAHA writes where it knows no id (`"lid":""`).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Err(serde::de::Error::custom("empty chat id"));
        }
        Ok(Self::new(&text))
    }
}
