//! How the copies of a broadcast stand, counted.

use std::collections::HashMap;

use domain::{ids::BroadcastId, message_status::MessageStatus};

use crate::{
    Error,
    db::{Sql, Tx, args, one_of},
};

/// How many copies are where in their life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BroadcastCounts {
    /// They wait in the queue.
    pub pending: u32,
    /// Of these, the ones whose contact has not written yet.
    pub not_written: u32,
    /// Being typed.
    pub composing: u32,
    /// Past the point of no return.
    pub sending: u32,
    /// Accepted by WhatsApp's side.
    pub sent: u32,
    /// Of these, the ones that reached a device.
    pub delivered: u32,
    /// Of these, the ones that were read.
    pub read: u32,
    /// Provably not delivered.
    pub failed: u32,
    /// Nobody can say.
    pub uncertain: u32,
    /// They will never be sent.
    pub cancelled: u32,
}

impl BroadcastCounts {
    /// All copies.
    pub const fn all(&self) -> u32 {
        self.open() + self.sent + self.failed + self.cancelled
    }

    /// Those whose end is not known yet.
    pub const fn open(&self) -> u32 {
        self.pending + self.composing + self.sending + self.uncertain
    }
}

/// `counts!("…", "…")`: the counts of the broadcasts that the JSON array `$1` lists.
macro_rules! counts {
    ($which:expr) => {
        concat!(
            "SELECT broadcast_id, status, CAST(count(*) AS BIGINT) AS copies,
                    CAST(count(delivered_at) AS BIGINT) AS delivered_copies, CAST(count(read_at) AS BIGINT) AS read_copies,
                    CAST(count(CASE WHEN wait_reason = 'guest_has_not_written' THEN 1 END) AS BIGINT) AS not_written
             FROM whatsapp_message_queue WHERE broadcast_id ",
            $which,
            " GROUP BY broadcast_id, status"
        )
    };
}

const COUNTS: Sql = Sql::each(
    counts!(one_of!(sqlite "$1")),
    counts!(one_of!(postgres "$1")),
);

/// The counts of each of these broadcasts; one without copies is not in the answer.
pub(super) async fn counts_of(
    tx: &mut Tx,
    ids: &[BroadcastId],
) -> Result<HashMap<BroadcastId, BroadcastCounts>, Error> {
    let mut all: HashMap<BroadcastId, BroadcastCounts> = HashMap::new();
    let ids = serde_json::to_string(ids)?;
    for row in tx.all(&COUNTS, args![ids]).await? {
        let counts = all.entry(row.parsed("broadcast_id")?).or_default();
        let copies = row.count("copies")?;
        match row.parsed("status")? {
            MessageStatus::Pending => {
                counts.pending = copies;
                counts.not_written = row.count("not_written")?;
            }
            MessageStatus::Composing => counts.composing = copies,
            MessageStatus::Sending => counts.sending = copies,
            MessageStatus::Sent => {
                counts.sent = copies;
                counts.delivered = row.count("delivered_copies")?;
                counts.read = row.count("read_copies")?;
            }
            MessageStatus::Failed => counts.failed = copies,
            MessageStatus::Uncertain => counts.uncertain = copies,
            MessageStatus::Cancelled => counts.cancelled = copies,
        }
    }
    Ok(all)
}
