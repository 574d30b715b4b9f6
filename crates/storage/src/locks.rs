//! The row locks that make transactions take turns on PostgreSQL; SQLite's one writer takes turns anyway.
//!
//! The rules that must hold, or two transactions can wait for each other:
//!
//! - Whoever takes several takes them in this order: sessions (by name), guest list, broadcast, contacts (by id), becoming
//!   known, unknown writers (by session and id), household, invitation, message. To refer to a row is to take it, too.
//! - Whoever needs both a household and its invitation, puts a guest on the list or takes one off, or makes two contacts one holds
//!   the guest list. So none of them meets another half-way, in whatever order guests come up in the work itself.
//! - What only sweeps up steps over rows that somebody holds.
//! - A claim takes the contacts of one session in the order of its queue, so it waits for none of them and for no message: it
//!   takes a contact's lock only if it is free ([`try_take_turn`]), and steps over message rows that are locked.
//! - A wait that ends with a contact's own events is decided and written while the contact's lock is held, from the reading of the
//!   facts to the commit. What frees such waits takes the same lock before it wakes them. So no row is set aside for an event that
//!   has just happened.

use domain::{
    ids::{BroadcastId, ContactId, MessageId},
    session::SessionName,
};

use crate::{
    Error,
    db::{Row, Sql, Tx, args},
};

const ALL_SESSIONS: Sql = Sql::each(
    "SELECT name FROM whatsapp_session_status ORDER BY name",
    "SELECT name FROM whatsapp_session_status ORDER BY name FOR NO KEY UPDATE",
);

/// Locks every session, in the order of their names.
pub(crate) async fn lock_all_sessions(tx: &mut Tx) -> Result<(), Error> {
    tx.all(&ALL_SESSIONS, Vec::new()).await?;
    Ok(())
}

// No row of its own to lock. Any number will do that no other such lock has.
const GUEST_LIST: Sql = Sql::each("SELECT 1", "SELECT pg_advisory_xact_lock(72610002)");

/// Makes those take turns who put guests or households on the list, move them or take them off, tie contacts to them or change
/// their invitations: nobody joins a household that the last guest is just leaving, and a file imported twice at once finds the
/// second time what the first has added. After the sessions, before everything else.
pub(crate) async fn lock_guest_list(tx: &mut Tx) -> Result<(), Error> {
    tx.execute(&GUEST_LIST, Vec::new()).await?;
    Ok(())
}

// NO KEY: rows that merely refer to the session may still be written.
const SESSION: Sql = Sql::each(
    "SELECT * FROM whatsapp_session_status WHERE name = $1",
    "SELECT * FROM whatsapp_session_status WHERE name = $1 FOR NO KEY UPDATE",
);

/// Locks the session's row, the one that the commit locks too; `None`: there is no such session.
pub(crate) async fn lock_session(tx: &mut Tx, session: &SessionName) -> Result<Option<Row>, Error> {
    tx.first(&SESSION, args![session]).await
}

const SESSION_ALONE: Sql = Sql::each(
    "SELECT name FROM whatsapp_session_status WHERE name = $1",
    "SELECT name FROM whatsapp_session_status WHERE name = $1 FOR UPDATE",
);

/// Locks the session's row also against rows that refer to it, for whoever holds it already: what is queued meanwhile waits.
pub(crate) async fn lock_session_alone(tx: &mut Tx, session: &SessionName) -> Result<(), Error> {
    tx.first(&SESSION_ALONE, args![session]).await?;
    Ok(())
}

const BROADCAST: Sql = Sql::each(
    "SELECT id FROM broadcast WHERE id = $1",
    "SELECT id FROM broadcast WHERE id = $1 FOR UPDATE",
);

/// Locks a broadcast's row. Whoever changes what its copies may do holds every session's too: a commit reads the broadcast in a
/// transaction that holds its session. Whether there is such a broadcast.
pub(crate) async fn lock_broadcast(tx: &mut Tx, broadcast: BroadcastId) -> Result<bool, Error> {
    Ok(tx.first(&BROADCAST, args![broadcast]).await?.is_some())
}

const CONTACT: Sql = Sql::each(
    "SELECT id FROM contact WHERE id = $1",
    "SELECT id FROM contact WHERE id = $1 FOR UPDATE",
);

/// Locks the contact's row. Whoever makes evidence takes it before setting waiting rows due, and enqueueing takes a weaker
/// one before looking for evidence: so no row is left waiting for a guest who has just written.
pub(crate) async fn lock_contact(tx: &mut Tx, contact: ContactId) -> Result<bool, Error> {
    Ok(tx.first(&CONTACT, args![contact]).await?.is_some())
}

// NO KEY: against each other and against whoever makes evidence, but not against rows that merely refer to the contact.
const TURN: Sql = Sql::each(
    "SELECT id FROM contact WHERE id = $1",
    "SELECT id FROM contact WHERE id = $1 FOR NO KEY UPDATE",
);

/// Makes the workers of two sessions take turns at one contact: limits and order are per contact (design §4), so whoever
/// comes second must see what the first has begun.
pub(crate) async fn take_turn(tx: &mut Tx, contact: ContactId) -> Result<(), Error> {
    tx.first(&TURN, args![contact]).await?;
    Ok(())
}

const TRY_TURN: Sql = Sql::each(
    "SELECT id FROM contact WHERE id = $1",
    "SELECT id FROM contact WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED",
);

/// Takes the contact's turn if no other transaction has it. Whether it did.
pub(crate) async fn try_take_turn(tx: &mut Tx, contact: ContactId) -> Result<bool, Error> {
    Ok(tx.first(&TRY_TURN, args![contact]).await?.is_some())
}

// A lock of its own: strangers must not keep anybody waiting who waits for the session. Any number will do that no other such lock has.
const KEEPING_UNKNOWN: Sql = Sql::each("SELECT 1", "SELECT pg_advisory_xact_lock(72610003)");

/// Makes those take turns who keep that somebody unknown wrote: two messages of one person, each under another identity, must not
/// make two rows that cannot become one. Whoever becomes known meanwhile is waited for ([`lock_becoming_known`]). To be taken before
/// anything else.
pub(crate) async fn lock_keeping_unknown(tx: &mut Tx) -> Result<(), Error> {
    tx.execute(&KEEPING_UNKNOWN, Vec::new()).await?;
    Ok(())
}

const BECOMING_KNOWN: Sql = Sql::each("SELECT 1", "SELECT pg_advisory_xact_lock_shared(72610003)");

/// Until the transaction ends, no unknown writer is stored. The transaction makes identities known: it finds the writers that were stored
/// before, and a message that is stored after it finds the identity known.
pub(crate) async fn lock_becoming_known(tx: &mut Tx) -> Result<(), Error> {
    tx.execute(&BECOMING_KNOWN, Vec::new()).await?;
    Ok(())
}

const WHERE_MESSAGE_BELONGS: Sql =
    Sql::both("SELECT session, contact_id FROM whatsapp_message_queue WHERE id = $1");

const MESSAGE: Sql = Sql::each(
    "SELECT id FROM whatsapp_message_queue WHERE id = $1",
    "SELECT id FROM whatsapp_message_queue WHERE id = $1 FOR NO KEY UPDATE",
);

/// Locks a message's row, after its session and its contact. Whether there is such a message.
pub(crate) async fn lock_message(tx: &mut Tx, message: MessageId) -> Result<bool, Error> {
    let Some(row) = tx.first(&WHERE_MESSAGE_BELONGS, args![message]).await? else {
        return Ok(false);
    };
    lock_session(tx, &row.parsed("session")?).await?;
    lock_contact(tx, row.parsed("contact_id")?).await?;
    Ok(tx.first(&MESSAGE, args![message]).await?.is_some())
}
