//! What is amiss with a session although it says that it is connected.

use chrono::{DateTime, Utc};
use domain::number_change::NumberChange;
use domain::receipts::MissingReceipts;
use domain::unread_chats::UnreadChats;
use serde::Serialize;
use utoipa::ToSchema;

use super::standing::Standing;

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
pub(super) fn warnings(session: &Standing) -> Vec<WarningView> {
    let receipts = session.missing_receipts.map(Into::into);
    let unread = session.unread_chats.map(Into::into);
    let number = session.number_change.map(Into::into);
    [receipts, unread, number].into_iter().flatten().collect()
}

impl From<NumberChange> for WarningView {
    fn from(change: NumberChange) -> Self {
        Self {
            code: NumberChange::CODE,
            sentence: NumberChange::SENTENCE,
            since: change.since,
            messages: None,
            chats: None,
        }
    }
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
