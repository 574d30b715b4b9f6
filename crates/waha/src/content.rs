//! What a message is made of, as far as WAHA tells it without a download.
//!
//! The engines tell it in different places: `media`, `location` and `vCards` beside the text, and their own object where those are
//! missing (reads without a download). The rule that must hold: what cannot be read yet, and what WhatsApp itself notes
//! in a chat, is [`Content::Nothing`]: nobody wrote it to us.

use serde_json::{Map, Value};

use crate::lenient::text_at;

/// What a message is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A voice message or another sound.
    Audio,
    /// A sticker.
    Sticker,
    /// A file.
    Document,
    /// A place.
    Location,
    /// Contact cards.
    Contacts,
    /// Something else that a person sent: a poll, an event, a product.
    Other,
    /// Nothing that can be read: not decrypted yet, deleted, or a note of WhatsApp's own.
    Nothing,
}

/// The members of a message that tell its content.
pub(crate) struct Clues<'a> {
    pub(crate) body: Option<&'a str>,
    pub(crate) has_media: bool,
    pub(crate) mimetype: Option<&'a str>,
    pub(crate) location: &'a Value,
    pub(crate) v_cards: &'a Value,
    /// The engine's own object.
    pub(crate) data: &'a Value,
}

impl Clues<'_> {
    pub(crate) fn content(&self) -> Content {
        if let Some(mimetype) = self.mimetype {
            return of_media(mimetype);
        }
        let cards = self
            .v_cards
            .as_array()
            .is_some_and(|cards| !cards.is_empty());
        let word = self.engines_word();
        match word {
            _ if self.location.is_object() => Content::Location,
            _ if cards => Content::Contacts,
            Some(told) if !matches!(told, Content::Text | Content::Other) => told,
            _ if self.has_media => Content::Other,
            // also where the engine wraps a text in something: a text that disappears after a week is a text
            _ if self.body.is_some_and(|body| !body.is_empty()) => Content::Text,
            Some(Content::Other) => Content::Other,
            _ => Content::Nothing,
        }
    }

    fn engines_word(&self) -> Option<Content> {
        let parts = ["message", "Message"].map(|name| self.data.get(name));
        let mut parts = parts.into_iter().flatten().filter_map(Value::as_object);
        parts
            .find_map(of_parts)
            .or_else(|| text_at(self.data, &["type"]).and_then(of_type))
    }
}

fn of_media(mimetype: &str) -> Content {
    let (class, form) = mimetype.split_once('/').unwrap_or((mimetype, ""));
    match (class, form.split(';').next().unwrap_or(form)) {
        // pictures that people take are never of this form
        ("image", "webp") => Content::Sticker,
        ("image", _) => Content::Image,
        ("video", _) => Content::Video,
        ("audio", _) => Content::Audio,
        _ => Content::Document,
    }
}

/// By the names that WhatsApp's own protocol has for the parts of a message; NOWEB and GOWS hand them through.
fn of_parts(parts: &Map<String, Value>) -> Option<Content> {
    let present = |(_, part): &(&String, &Value)| !part.is_null();
    parts.iter().filter(present).find_map(|(name, _)| {
        Some(match name.as_str() {
            "conversation" | "extendedTextMessage" => Content::Text,
            "imageMessage" => Content::Image,
            "videoMessage" | "ptvMessage" => Content::Video,
            "audioMessage" => Content::Audio,
            "stickerMessage" | "lottieStickerMessage" => Content::Sticker,
            "documentMessage" | "documentWithCaptionMessage" => Content::Document,
            "locationMessage" | "liveLocationMessage" => Content::Location,
            "contactMessage" | "contactsArrayMessage" => Content::Contacts,
            // keys, deletions, edits and reactions: about the chat, not said in it
            "messageContextInfo"
            | "senderKeyDistributionMessage"
            | "protocolMessage"
            | "reactionMessage"
            | "encReactionMessage"
            | "keepInChatMessage"
            | "pinInChatMessage"
            | "placeholderMessage" => return None,
            _ => Content::Other,
        })
    })
}

/// By the browser engines' word.
fn of_type(kind: &str) -> Option<Content> {
    Some(match kind {
        "chat" => Content::Text,
        "image" => Content::Image,
        "video" | "ptv" => Content::Video,
        "audio" | "ptt" => Content::Audio,
        "sticker" => Content::Sticker,
        "document" => Content::Document,
        "location" => Content::Location,
        "vcard" | "multi_vcard" => Content::Contacts,
        "poll_creation" | "event_creation" | "order" | "product" | "list_response"
        | "buttons_response" | "interactive" => Content::Other,
        _ => return None,
    })
}
