//! What can be sent besides text, and what each version calls it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a guest can send besides text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attached {
    /// A picture.
    Photo,
    /// A film.
    Video,
    /// A voice message.
    Voice,
    /// A sticker.
    Sticker,
    /// A file.
    Document,
    /// A place. Not a file: there is nothing to fetch.
    Place,
    /// Somebody's contact card. Not a file either.
    Card,
}

/// An attachment on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attachment {
    pub(crate) what: Attached,
    /// Whether WAHA can fetch the file.
    pub(crate) reachable: bool,
}

impl Attachment {
    pub(crate) const fn of(what: Attached) -> Self {
        Self {
            what,
            reachable: true,
        }
    }

    /// Whether there is a file to fetch: WAHA's `hasMedia`.
    pub(crate) const fn is_file(self) -> bool {
        !matches!(self.what, Attached::Place | Attached::Card)
    }

    pub(crate) const fn mimetype(self) -> &'static str {
        match self.what {
            Attached::Photo => "image/jpeg",
            Attached::Video => "video/mp4",
            Attached::Voice => "audio/ogg; codecs=opus",
            Attached::Sticker => "image/webp",
            Attached::Document => "application/pdf",
            Attached::Place | Attached::Card => "",
        }
    }

    /// WhatsApp's own name of the part.
    pub(crate) const fn part(self) -> &'static str {
        match self.what {
            Attached::Photo => "imageMessage",
            Attached::Video => "videoMessage",
            Attached::Voice => "audioMessage",
            Attached::Sticker => "stickerMessage",
            Attached::Document => "documentMessage",
            Attached::Place => "locationMessage",
            Attached::Card => "contactMessage",
        }
    }

    /// The browser engine's word.
    pub(crate) const fn browsers_word(self) -> &'static str {
        match self.what {
            Attached::Photo => "image",
            Attached::Video => "video",
            Attached::Voice => "ptt",
            Attached::Sticker => "sticker",
            Attached::Document => "document",
            Attached::Place => "location",
            Attached::Card => "vcard",
        }
    }

    /// The part as the socket engines hand it through.
    pub(crate) fn content(self, caption: Option<&str>) -> Value {
        match self.what {
            Attached::Place => json!({"degreesLatitude": 45.0, "degreesLongitude": 7.6}),
            Attached::Card => json!({"displayName": "Fiorista", "vcard": CARD}),
            _ => json!({
                "url": "https://mmg.whatsapp.net/x",
                "mimetype": self.mimetype(),
                "caption": caption,
                "fileLength": 10,
            }),
        }
    }

    /// `location` of a message of 2026.
    pub(crate) fn location(self) -> Value {
        match self.what {
            Attached::Place => json!({"latitude": 45.0, "longitude": 7.6, "name": null}),
            _ => Value::Null,
        }
    }

    /// `vCards` of a message of 2026.
    pub(crate) fn v_cards(self) -> Value {
        match self.what {
            Attached::Card => json!([CARD]),
            _ => Value::Null,
        }
    }
}

/// Somebody else's number: nobody may keep it.
const CARD: &str =
    "BEGIN:VCARD\nVERSION:3.0\nFN:Fiorista\nTEL;waid=393470009999:+39 347 000 9999\nEND:VCARD";
