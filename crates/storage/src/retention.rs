//! Retention: deletes what no rule, proof or promise reads any more, in passes of a bounded number of rows.
//!
//! The rules that must hold: a limit counts the same after a pass; a message that can still be sent, settled or refused keeps all that
//! its proof needs; a pass steps over rows that another transaction has locked.

use std::time::Duration;

use domain::{Timestamp, config::GlobalConfig};
use uuid::Uuid;

use crate::{
    Error, Store,
    db::{Sql, args},
};

/// Rows of one table that one pass removes at most. A pass holds these rows for some milliseconds.
const AT_ONCE: u32 = 500;

/// How long a repeated call with the same `Idempotency-Key` gets the first call's answer. The API promises it.
pub const IDEMPOTENCY_KEYS: Duration = Duration::from_hours(30 * 24);

/// Slots and refusals. The longest window that counts them is two days, the longest that a receipt is waited for three.
/// The rest is a reserve for a phone that was off, or a guest's message that is found late in a chat.
const SLOTS: Duration = Duration::from_hours(90 * 24);

/// Snapshots. An own message is matched with a message that was sent in the last day; chats are read three days back.
const SNAPSHOTS: Duration = Duration::from_hours(7 * 24);

/// After an erasure the next passes write the file anew once more: it may have failed, or its caller may have gone.
const ERASED_AGAIN: Duration = Duration::from_hours(2);
const ERASED: Sql =
    Sql::both("SELECT id FROM audit_log WHERE action = 'guest.erase' AND id >= $1 LIMIT 1");

/// Live events that are kept for pages that slept: thousands of changes, whatever the time.
const LIVE_EVENTS: i64 = 50_000;

/// What one pass removed from one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// The table, or the column that was emptied.
    pub what: &'static str,
    /// How many rows.
    pub rows: u64,
}

impl Pruned {
    /// Whether the next pass may find more.
    pub const fn is_full(&self) -> bool {
        self.rows >= AT_ONCE as u64
    }
}

/// `pass!("DELETE FROM …", "… WHERE …")`: a statement about at most `$2` rows that a query finds.
macro_rules! pass {
    ($change:literal, $found:literal) => {
        Sql::each(
            concat!(
                $change,
                " WHERE rowid IN (SELECT rowid FROM ",
                $found,
                " LIMIT $2)"
            ),
            concat!(
                $change,
                " WHERE ctid = ANY (ARRAY(SELECT ctid FROM ",
                $found,
                " LIMIT $2 FOR UPDATE SKIP LOCKED))"
            ),
        )
    };
}

const KEYS: Sql = pass!(
    "DELETE FROM idempotency_key",
    "idempotency_key WHERE at < $1 ORDER BY at"
);

// An id begins with the time it was made at.
const AUDIT: Sql = pass!(
    "DELETE FROM audit_log",
    "audit_log WHERE id < $1 ORDER BY id"
);

// The timeline of a message stays whole until its newest line is old.
const EVENTS: Sql = pass!(
    "DELETE FROM whatsapp_message_event",
    "whatsapp_message_event e
     WHERE id < $1
       AND (SELECT q.status FROM whatsapp_message_queue q WHERE q.id = e.message_id) IN ('sent', 'failed', 'cancelled')
       AND NOT EXISTS (SELECT 1 FROM whatsapp_message_event n WHERE n.message_id = e.message_id AND n.id >= $1)
     ORDER BY id"
);

// The newest slot of each contact tells for ever when the last message left. A message that can go again keeps all its slots: a receipt
// for an earlier send must find it.
const RESERVATIONS: Sql = pass!(
    "DELETE FROM send_reservation",
    "send_reservation r
     WHERE id < $1
       AND (state = 'abandoned'
            OR state = 'committed'
               AND (SELECT q.status FROM whatsapp_message_queue q WHERE q.id = r.message_id) IN ('sent', 'cancelled')
               AND EXISTS (SELECT 1 FROM send_reservation n
                           WHERE n.contact_id = r.contact_id AND n.state = 'committed' AND n.ended_at > r.ended_at))
     ORDER BY id"
);

const REFUSALS: Sql = pass!(
    "DELETE FROM send_refusal",
    "send_refusal WHERE session IN (SELECT name FROM whatsapp_session_status) AND at < $1"
);

// A message that can go again keeps its snapshot: the first copy is known by it.
const SNAPSHOT: Sql = pass!(
    "UPDATE whatsapp_message_queue SET snapshot = NULL",
    "whatsapp_message_queue
     WHERE snapshot IS NOT NULL AND status IN ('sent', 'cancelled') AND COALESCE(committed_at, queued_at) < $1"
);

const SENT_AGAIN: Sql = pass!(
    "UPDATE send_reservation SET snapshot = NULL",
    "send_reservation r
     WHERE snapshot IS NOT NULL AND committed_at < $1
       AND (SELECT q.status FROM whatsapp_message_queue q WHERE q.id = r.message_id) IN ('sent', 'cancelled')"
);

/// What could not be read, and no person looked at: WhatsApp does not send it again after so long.
const UNREADABLE_FOR: Duration = Duration::from_hours(30 * 24);
const UNREADABLE: Sql = pass!(
    "DELETE FROM unreadable_message",
    "unreadable_message WHERE at < $1"
);

const LIVE: Sql = pass!(
    "DELETE FROM live_event",
    "live_event WHERE position <= (SELECT max(position) FROM live_event) - $1 ORDER BY position"
);

impl Store {
    /// One pass over all tables that only grow. `config` says how long people want to look back.
    pub async fn prune(&self, config: &GlobalConfig, now: Timestamp) -> Result<Vec<Pruned>, Error> {
        let history = Duration::from_hours(24 * u64::from(config.limits.history_days));
        let mut pruned = Vec::new();
        for (what, sql, until) in [
            ("idempotency_key", &KEYS, args![now - IDEMPOTENCY_KEYS]),
            ("audit_log", &AUDIT, args![first_id_of(now - history)]),
            (
                "whatsapp_message_event",
                &EVENTS,
                args![first_id_of(now - history)],
            ),
            (
                "send_reservation",
                &RESERVATIONS,
                args![first_id_of(now - SLOTS)],
            ),
            ("send_refusal", &REFUSALS, args![now - SLOTS]),
            ("snapshot", &SNAPSHOT, args![now - SNAPSHOTS]),
            ("snapshot_of_slot", &SENT_AGAIN, args![now - SNAPSHOTS]),
            (
                "unreadable_message",
                &UNREADABLE,
                args![now - UNREADABLE_FOR],
            ),
            ("live_event", &LIVE, args![LIVE_EVENTS]),
        ] {
            let mut tx = self.db.write().await?;
            let mut args = until;
            args.extend(args![AT_ONCE]);
            let rows = tx.execute(sql, args).await?;
            tx.commit().await?;
            pruned.push(Pruned { what, rows });
        }
        let mut tx = self.db.read().await?;
        let since = args![first_id_of(now - ERASED_AGAIN)];
        let erased = tx.first(&ERASED, since).await?;
        tx.commit().await?;
        match erased {
            Some(_) => self.forget_erased().await,
            None => self.forget_overwritten().await,
        }
        Ok(pruned)
    }

    /// Takes what was erased out of the gaps of SQLite's pages, and out of PostgreSQL's statistics.
    pub(crate) async fn forget_erased(&self) {
        // what it is called after is done, whatever comes of this
        drop(self.db.write_anew().await);
        self.forget_overwritten().await;
    }

    /// Takes out of SQLite's log what was deleted or changed before. While another
    /// connection reads, that fails: the next pass does it. PostgreSQL does both by itself, later: docs/security.md.
    pub(crate) async fn forget_overwritten(&self) {
        // what it is called after is done, whatever comes of this
        drop(self.db.truncate_log().await);
    }
}

/// The least id that can be made at that time.
fn first_id_of(at: Timestamp) -> String {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128(u128::from(millis) << 80).to_string()
}
