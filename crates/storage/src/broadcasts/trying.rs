//! "Send it to yourself first": one contact's copy goes to another contact, as a message of its own that belongs to no broadcast.

use domain::{
    Timestamp,
    broadcast::{BroadcastCopy, BroadcastState, RenderError},
    ids::{BroadcastId, ContactId, MessageId},
    lane::Lane,
    session::SessionName,
};

use super::{
    planning::plan,
    row::{BroadcastRow, locked},
};
use crate::{
    Actor, Error, NewMessage, Recipient, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    locks,
};

/// Whose copy, and who looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// The id of the message, from the caller.
    pub message: MessageId,
    /// Whose copy.
    pub of: ContactId,
    /// Who gets it: a contact that has written, such as the other spouse's own phone.
    pub to: ContactId,
}

/// What came of trying a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BroadcastTrial {
    /// It is in the queue of this session.
    Queued(SessionName),
    /// There is no such broadcast.
    Unknown,
    /// It was started: what it says is in the queue.
    WrongState(BroadcastState),
    /// Whose copy it should be gets none.
    NotInAudience,
    /// That copy cannot be written.
    Unwritten(RenderError),
    /// There is no contact with the id that should get it.
    UnknownContact,
    /// Whoever should get it has not written to any session: nothing can be sent to them.
    HasNotWritten,
    /// Whoever should get it wants no messages.
    OptedOut,
}

const CONTACT: Sql = Sql::both("SELECT opted_out_at FROM contact WHERE id = $1");

const WROTE: Sql = Sql::both(
    "SELECT s.session, s.last_in_at FROM contact_session s
     JOIN whatsapp_session_status l ON l.name = s.session AND l.own_number = s.own_number
     WHERE s.contact_id = $1 AND s.evidence_id IS NOT NULL ORDER BY s.last_in_at DESC",
);

impl Store {
    /// Queues the text of one contact's copy for another contact, in the manual lane, on the session that would write the copy
    /// if that contact has written to it, else on the one it wrote to last.
    pub async fn try_broadcast(
        &self,
        id: BroadcastId,
        trial: Trial,
        sessions: &[SessionName],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<BroadcastTrial, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(BroadcastTrial::Unknown);
        };
        if row.state != BroadcastState::Draft {
            return Ok(BroadcastTrial::WrongState(row.state));
        }
        let Some(copy) = copy_of(&mut tx, &row, trial.of, sessions, now).await? else {
            return Ok(BroadcastTrial::NotInAudience);
        };
        let text = match copy.text {
            Ok(text) => text,
            Err(error) => return Ok(BroadcastTrial::Unwritten(error)),
        };
        let session = match reader(&mut tx, trial.to, &copy.session, sessions).await? {
            Ok(session) => session,
            Err(refused) => return Ok(refused),
        };
        let message = NewMessage {
            id: trial.message,
            session: session.clone(),
            to: trial.to.into(),
            text,
            lane: Lane::Manual,
            priority: 0,
            not_before: None,
            not_after: None,
            drop_if_answered: false,
            reply_to: None,
            send_now: false,
            broadcast: None,
            link_preview: false,
        };
        self.hold_recipients(&mut tx, &[&Recipient::Contact(trial.to)], now)
            .await?;
        self.enqueue_held(&mut tx, &[message], vec![trial.to], now)
            .await?;
        let deed = Deed {
            action: "broadcast.try",
            subject: &id.to_string(),
            detail: Some(&trial.message.to_string()),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(BroadcastTrial::Queued(session))
    }
}

async fn copy_of(
    tx: &mut Tx,
    row: &BroadcastRow,
    contact: ContactId,
    sessions: &[SessionName],
    now: Timestamp,
) -> Result<Option<BroadcastCopy>, Error> {
    let copies = plan(tx, row, sessions, now).await?.copies;
    Ok(copies.into_iter().find(|copy| copy.contact == contact))
}

/// Which session writes to whoever looks at it, or why none can.
async fn reader(
    tx: &mut Tx,
    contact: ContactId,
    preferred: &SessionName,
    sessions: &[SessionName],
) -> Result<Result<SessionName, BroadcastTrial>, Error> {
    let Some(known) = tx.first(&CONTACT, args![contact]).await? else {
        return Ok(Err(BroadcastTrial::UnknownContact));
    };
    if known.opt_time("opted_out_at")?.is_some() {
        return Ok(Err(BroadcastTrial::OptedOut));
    }
    let rows = tx.all(&WROTE, args![contact]).await?;
    let session = |row: &Row| row.parsed::<SessionName>("session");
    let mut wrote = rows.iter().map(session).collect::<Result<Vec<_>, _>>()?;
    wrote.retain(|session| sessions.contains(session));
    let chosen = wrote.iter().find(|session| *session == preferred);
    let chosen = chosen.or(wrote.first()).cloned();
    Ok(chosen.ok_or(BroadcastTrial::HasNotWritten))
}
