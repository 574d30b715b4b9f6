//! The forms in which WAHA names one correspondent, and the turns between them (WAHA §4.1, §6).
//! Nothing here checks that a number exists: WAHA does not either.

use serde::{Deserialize, Serialize};

const PHONE: &str = "@c.us";
const ENGINE_PHONE: &str = "@s.whatsapp.net";
const LID: &str = "@lid";
const GROUP: &str = "@g.us";

/// A chat as WAHA's API writes it: `<digits>@c.us`, `<digits>@lid` or `<digits>@g.us`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ChatId(String);

impl ChatId {
    /// A chat id as a caller writes it: without `@` it is a phone number.
    pub(crate) fn from_request(text: &str) -> Self {
        if let Some(digits) = text.strip_suffix(ENGINE_PHONE) {
            return Self(format!("{digits}{PHONE}"));
        }
        if text.contains('@') {
            Self(text.to_owned())
        } else {
            Self(format!("{text}{PHONE}"))
        }
    }

    /// The direct chat with a phone number (digits, country code first).
    pub(crate) fn of_phone(number: &str) -> Self {
        Self(format!("{number}{PHONE}"))
    }

    /// The direct chat with somebody known by a hidden id only; `lid` with or without `@lid`.
    pub(crate) fn of_lid(lid: &str) -> Self {
        Self(format!("{}{LID}", lid.trim_end_matches(LID)))
    }

    /// As the API shows it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As the socket engines call it inside: `…@s.whatsapp.net` for phone numbers.
    pub(crate) fn jid(&self) -> String {
        match self.0.strip_suffix(PHONE) {
            Some(digits) => format!("{digits}{ENGINE_PHONE}"),
            None => self.0.clone(),
        }
    }

    /// What stands before the `@`.
    pub(crate) fn user(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }

    /// What stands behind the `@`.
    pub(crate) fn server(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, server)| server)
    }

    pub(crate) fn is_lid(&self) -> bool {
        self.0.ends_with(LID)
    }

    pub(crate) fn is_group(&self) -> bool {
        self.0.ends_with(GROUP)
    }
}

/// WAHA's full message id: `{true|false}_{chat}_{raw id}[_{participant}]` (WAHA §4.4).
pub(crate) fn full_id(
    from_me: bool,
    chat: &ChatId,
    raw_id: &str,
    participant: Option<&ChatId>,
) -> String {
    let tail = participant
        .map(|who| format!("_{}", who.as_str()))
        .unwrap_or_default();
    format!("{from_me}_{}_{raw_id}{tail}", chat.as_str())
}

/// The raw id inside a full one; a bare id is its own.
pub(crate) fn raw_part(id: &str) -> &str {
    if is_full(id) {
        id.split('_').nth(2).unwrap_or(id)
    } else {
        id
    }
}

/// Whether `id` has the full form, which some calls insist on.
pub(crate) fn is_full(id: &str) -> bool {
    let from_me = id.starts_with("true_") || id.starts_with("false_");
    from_me && id.split('_').count() >= 3
}
