//! What is amiss with a session although it says that it is connected.

use chrono::{DateTime, Utc};
use domain::Timestamp;
use domain::receipts::{MissingReceipts, ReceiptFacts};
use domain::release::ReleaseRules;
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

/// Every warning there is at this moment.
pub(super) fn warnings(
    receipts: Option<&ReceiptFacts>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Vec<WarningView> {
    let missing = receipts.and_then(|facts| facts.missing(rules.receipts, now));
    missing.into_iter().map(Into::into).collect()
}
