//! What each text column of the database may hold of a guest. A column that a migration adds is decided about here, and joins the search.

use std::collections::BTreeSet;

use storage::testing::TestDatabase;

/// Each table, its columns that hold nothing of a guest (ids, states, hashes, what is sealed, what is the couple's own), and after `|` those that
/// may hold a name, a number, a text or an id at WhatsApp.
const TABLES: &str = "
_sqlx_migrations: description
account: id name name_folded role session language password_hash
account_factor: account_id secret
account_link: hash purpose role session account_id made_by
account_recovery_code: hash account_id
account_session: hash account_id
account_sign_in: hash account_id
ack_parking: session | raw_id
api_token: id name hash scopes session account_id parent_id
audit_log: id actor action subject | detail
broadcast: id title template session state created_by started_by steered_by | audience
chat_reading: session | chat_id
contact: id household_id erased_seal | phone
contact_lid: contact_id | lid
contact_session: contact_id session own_number evidence_id | chat_id
conversation_message: id session contact_id direction kind origin own_number | raw_id full_id chat_id body reply_to_raw
conversation_seen: account_id contact_id
early_change: session contact_id | raw_id body
global_config: groom_name bride_name time_zone language country wedding_date quiet_from quiet_to
guest: id side language household_id contact_id | name name_folded
guest_before: guest_id contact_id | name
household: id | name name_folded
idempotency_key: owner key fingerprint message_ids
invitation: id household_id token
invitation_phone: invitation_id contact_id | push_name
known_browser: hash account_id
live_event: kind subject
message_reaction: session contact_id | target_raw emoji
send_outage: session own_number refusal contacts
send_refusal: session message_id contact_id
send_reservation: id session contact_id message_id attempt_id lane state own_number | raw_id snapshot body
session_number: session number lid lock_reason capping
unknown_writer: id session identity alt_identity push_name suggested_household_id
unreadable_message: session contact_id | raw_id
whatsapp_message_event: id message_id phase detail
whatsapp_message_queue: id session contact_id lane status wait_reason wait_ends attempt_id last_error cancel_reason evidence_id \
    evidence_direction reply_to broadcast_id own_number | body body_folded client_raw_id raw_id snapshot
whatsapp_session_status: name state problem own_number own_name server paused_by lock_reason lease_owner clock_boot
";

/// A column that may hold something of a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) table: &'static str,
    pub(super) name: &'static str,
}

/// All columns that may hold something of a guest.
pub(super) fn of_guests() -> Vec<Column> {
    let tables = tables().into_iter();
    let columns = tables.flat_map(|(table, _, theirs)| {
        let theirs = theirs.split_whitespace();
        theirs.map(move |name| Column { table, name })
    });
    columns.collect()
}

fn tables() -> Vec<(&'static str, &'static str, &'static str)> {
    let lines = TABLES.lines().filter_map(|line| line.split_once(": "));
    let parts = lines.map(|(table, columns)| {
        let (nothing, theirs) = columns.split_once('|').unwrap_or((columns, ""));
        (table, nothing, theirs)
    });
    parts.collect()
}

/// The text columns of a database, as `table.column`.
async fn of(db: &TestDatabase) -> BTreeSet<String> {
    let sql = match db.kind() {
        "SQLite" => {
            "SELECT t.name || '.' || c.name AS value FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND upper(c.type) NOT IN ('INTEGER', 'BIGINT', 'BOOLEAN', 'BLOB', 'TIMESTAMP')"
        }
        _ => {
            "SELECT table_name || '.' || column_name AS value FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type NOT IN ('bigint', 'integer', 'boolean', 'bytea', 'timestamp with time zone')"
        }
    };
    db.texts(sql).await.into_iter().flatten().collect()
}

#[tokio::test]
async fn each_text_column_is_listed_with_what_it_may_hold_of_a_guest() {
    let listed: BTreeSet<_> = tables()
        .into_iter()
        .flat_map(|(table, nothing, theirs)| {
            let columns = nothing.split_whitespace().chain(theirs.split_whitespace());
            columns.map(move |column| format!("{table}.{column}"))
        })
        .collect();
    for db in TestDatabase::each().await {
        assert_eq!(of(&db).await, listed, "{}", db.kind());
    }
}
