//! What is amiss with a session although it says that it is connected.

use chrono::{DateTime, Utc};
use domain::receipts::MissingReceipts;
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
    messages: u32,
}

impl From<MissingReceipts> for WarningView {
    fn from(missing: MissingReceipts) -> Self {
        Self {
            code: MissingReceipts::CODE,
            sentence: MissingReceipts::SENTENCE,
            since: missing.since,
            messages: missing.sends,
        }
    }
}
