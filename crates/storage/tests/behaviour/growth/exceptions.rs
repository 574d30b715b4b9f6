//! Statements that may scan a growing table or read more rows than others, each with its reason.

const FOREIGN_KEY: &str =
    "SQLite plans it for rows that a foreign key still misses, and skips it when there are none";

const EVERY_GUEST: &str = "an announcement is planned for every guest, and chooses among them";

const OF_BROADCASTS: &[&str] = &[
    "add_broadcast",
    "broadcast",
    "broadcast_plan",
    "broadcasts",
    "cancel_broadcast",
    "pause_broadcast",
    "resume_broadcast",
    "start_broadcast",
];

/// A statement that may read more than others.
pub(super) struct Exception {
    /// The calls that make it, without what follows a colon in their names.
    pub(super) calls: &'static [&'static str],
    /// A part of its text.
    pub(super) text: &'static str,
    /// The tables that it may scan.
    pub(super) scans: &'static [&'static str],
    /// Whether it may read more rows than others.
    pub(super) reads_much: bool,
    /// Where it is needed; an exception that is not is taken out.
    pub(super) on: &'static [&'static str],
    #[expect(dead_code, reason = "for readers")]
    reason: &'static str,
}

impl Exception {
    pub(super) fn is_of(&self, call: &str, text: &str) -> bool {
        let name = call.split(':').next().unwrap_or(call);
        self.calls.contains(&name) && text.contains(self.text)
    }
}

/// The names of [`TestDatabase::kind`].
const SQLITE: &str = "SQLite";
const POSTGRES: &str = "PostgreSQL";

pub(super) const EXCEPTIONS: [Exception; 24] = [
    Exception {
        calls: &["finish", "record_message", "settle_from_chat"],
        text: "INSERT INTO conversation_message",
        scans: &["whatsapp_message_queue", "contact_session"],
        reads_much: false,
        on: &[SQLITE],
        reason: FOREIGN_KEY,
    },
    Exception {
        calls: &["enqueue", "start_broadcast"],
        text: "INSERT INTO whatsapp_message_queue",
        scans: &["send_refusal"],
        reads_much: false,
        on: &[SQLITE],
        reason: FOREIGN_KEY,
    },
    Exception {
        calls: &["enqueue"],
        text: "INSERT INTO contact ",
        scans: &["message_reaction", "send_reservation"],
        reads_much: false,
        on: &[SQLITE],
        reason: FOREIGN_KEY,
    },
    Exception {
        calls: &["messages"],
        text: "w.name_folded LIKE",
        scans: &["guest"],
        reads_much: false,
        on: &[SQLITE],
        reason: "guests whose name is searched for; skipped when no name is",
    },
    Exception {
        calls: &["enqueue", "forget_erased_numbers"],
        text: "FROM contact WHERE erased_seal IS NOT NULL",
        scans: &["contact"],
        reads_much: false,
        on: &[SQLITE],
        reason: "by an index of the erased contacts only",
    },
    Exception {
        calls: &["suspended_contacts"],
        text: "AS suspended FROM contact",
        scans: &["contact"],
        reads_much: false,
        on: &[SQLITE],
        reason: "by an index of the suspended contacts only",
    },
    Exception {
        calls: &["prune"],
        text: "SET snapshot = NULL WHERE rowid IN (SELECT rowid FROM send_reservation",
        scans: &["send_reservation"],
        reads_much: false,
        on: &[SQLITE],
        reason: "by an index of the slots that were sent again only",
    },
    Exception {
        calls: &["live_is_kept"],
        text: "FROM live_event ORDER BY position LIMIT 1",
        scans: &["live_event"],
        reads_much: false,
        on: &[SQLITE],
        reason: "one row",
    },
    Exception {
        calls: &["prune"],
        text: "LIMIT $2)",
        scans: &["whatsapp_message_queue"],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: "a pass of retention reads until it has 500 rows to change",
    },
    Exception {
        calls: &["explain", "queue_scene"],
        text: "FROM contact_session s CROSS JOIN whatsapp_message_queue q",
        scans: &["contact_session"],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: "the outlook of a page looks at each contact for what waits for their answer or an earlier message",
    },
    Exception {
        calls: &["explain", "queue_scene"],
        text: "AS known, CAST(COALESCE(sum(CASE WHEN last_in_at",
        scans: &["contact_session"],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: "the outlook of a page counts the contacts that write",
    },
    Exception {
        calls: &["explain", "queue_scene"],
        text: "WHERE c.id IN (SELECT value FROM json_each($1))",
        scans: &[],
        reads_much: true,
        on: &[SQLITE],
        reason: "the outlook of a page has the facts of 300 contacts",
    },
    Exception {
        calls: &["explain", "queue_scene"],
        text: "SELECT r.contact_id, max(r.ended_at) AS ended_at FROM (SELECT",
        scans: &[],
        reads_much: true,
        on: &[SQLITE],
        reason: "the outlook of a page has what 300 contacts have not answered",
    },
    Exception {
        calls: OF_BROADCASTS,
        text: "GROUP BY broadcast_id, status",
        scans: &["whatsapp_message_queue"],
        reads_much: true,
        on: &[POSTGRES],
        reason: "the messages of a broadcast are counted; here two broadcasts have half of all messages",
    },
    Exception {
        calls: &["conversations"],
        text: "AS guest_names, (SELECT CAST(count(*) AS BIGINT) FROM",
        scans: &["contact", "conversation_seen"],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: "the list of conversations finds the newest message of each contact, and when the account saw it",
    },
    Exception {
        calls: &["guest_book", "guest_counts"],
        text: "WITH seen AS",
        scans: &["contact", "contact_session", "guest", "household"],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: "the guest book counts all guests by state and sorts their households",
    },
    Exception {
        calls: &["broadcast_plan", "start_broadcast"],
        text: "h.name AS household, g.contact_id FROM guest g",
        scans: &["guest", "household"],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: EVERY_GUEST,
    },
    Exception {
        calls: &["broadcast_plan", "start_broadcast"],
        text: "AS copy_id FROM contact c",
        scans: &["contact", "guest"],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: EVERY_GUEST,
    },
    Exception {
        calls: &["broadcast_plan", "start_broadcast"],
        text: "WHERE s.contact_id IN (SELECT g.contact_id FROM guest g)",
        scans: &["contact_session", "guest"],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: EVERY_GUEST,
    },
    Exception {
        calls: &["look_again"],
        text: "AND wait_reason IN ('cool_down'",
        scans: &[],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: "new settings may free any message that waits",
    },
    Exception {
        calls: &["sweep"],
        text: "SELECT q.id FROM whatsapp_message_queue q WHERE q.status = 'pending' AND q.due = 0",
        scans: &[],
        reads_much: true,
        on: &[SQLITE, POSTGRES],
        reason: "it looks at every message that waits",
    },
    Exception {
        calls: &["resume", "try_again", "unlock"],
        text: "AND wait_reason = 'quiet_hours'",
        scans: &[],
        reads_much: true,
        on: &[POSTGRES],
        reason: "a person frees what waits on a session",
    },
    Exception {
        calls: &["message_ids", "enqueue", "start_broadcast"],
        text: "SELECT id FROM whatsapp_message_queue ORDER BY id DESC LIMIT 1",
        scans: &["whatsapp_message_queue"],
        reads_much: false,
        on: &[SQLITE],
        reason: "one row",
    },
    Exception {
        calls: &["which_contacts_are_suspended"],
        text: "FROM contact WHERE suspended_at IS NOT NULL",
        scans: &["contact"],
        reads_much: false,
        on: &[SQLITE],
        reason: "by an index of the suspended contacts only",
    },
];
