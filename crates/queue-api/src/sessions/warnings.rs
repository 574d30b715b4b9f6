//! What is amiss with a session although it says that it is connected.

use chrono::{DateTime, Utc};
use domain::receipts::MissingReceipts;
use domain::unread_chats::UnreadChats;
use serde::Serialize;
use utoipa::ToSchema;

/// Something that somebody should look at.
#[derive(Serialize, ToSchema)]
#[schema(as = Warning)]
pub(super) struct WarningView {
    /// What it is, for programs.
    #[schema(example = "no_receipts")]
    code: &'static str,
    /// What it is and what to do, for people.
    sentence: &'static str,
    /// Since when.
    since: DateTime<Utc>,
    /// How many messages it is about.
    messages: Option<u32>,
    /// How many chats it is about.
    chats: Option<u32>,
}

/// All of a session.
pub(super) fn warnings(
    receipts: Option<MissingReceipts>,
    unread: Option<UnreadChats>,
) -> Vec<WarningView> {
    let (receipts, unread) = (receipts.map(Into::into), unread.map(Into::into));
    receipts.into_iter().chain(unread).collect()
}

impl From<MissingReceipts> for WarningView {
    fn from(missing: MissingReceipts) -> Self {
        Self {
            code: MissingReceipts::CODE,
            sentence: MissingReceipts::SENTENCE,
            since: missing.since,
            messages: Some(missing.sends),
            chats: None,
        }
    }
}

impl From<UnreadChats> for WarningView {
    fn from(unread: UnreadChats) -> Self {
        Self {
            code: UnreadChats::CODE,
            sentence: UnreadChats::SENTENCE,
            since: unread.since,
            messages: None,
            chats: Some(unread.chats),
        }
    }
}
