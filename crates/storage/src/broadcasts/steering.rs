//! Pause, resume, cancel the rest: the state that the commit reads in its own transaction, and what waits because of it.
//!
//! Rows whose guest has not written are left as they are: consent is what they wait for first. When the guest writes, the
//! claim asks the rules, finds the broadcast paused, and writes that aside.

use domain::{
    Timestamp,
    broadcast::{BroadcastState, BroadcastVerb},
    ids::{AttemptId, BroadcastId, MessageId},
    message_status::MessageStatus,
    session::SessionName,
    wait::Wait,
};

use super::row::{BroadcastRow, find, locked};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    locks,
    wait_columns::ends_code,
};

/// A copy that is being typed and can no longer commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCopy {
    /// The message.
    pub message: MessageId,
    /// Who types.
    pub session: SessionName,
    /// The attempt.
    pub attempt: AttemptId,
    /// The epoch it was started in.
    pub epoch: i64,
}

/// A broadcast that was paused, resumed or cancelled. After a pause or a cancellation is answered nothing else of it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steered {
    /// The broadcast as it is now.
    pub row: BroadcastRow,
    /// Copies past the point of no return: they may still arrive.
    pub committed: Vec<MessageId>,
    /// Compositions that can no longer commit, unless it was resumed: cancel them.
    pub composing: Vec<OpenCopy>,
}

/// What came of steering a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BroadcastSteered {
    /// It is done, or was so already.
    Done(Box<Steered>),
    /// There is no such broadcast.
    Unknown,
    /// Somebody changed it since the caller looked: nothing was done.
    Conflict {
        /// The version it has now.
        current_version: i64,
    },
    /// In this state that cannot be done.
    WrongState(BroadcastState),
}

const STEER: Sql = Sql::both(
    "UPDATE broadcast SET state = $2, version = version + 1, steered_at = $3, steered_by = $4 WHERE id = $1",
);

const OPEN: Sql = Sql::both(
    "SELECT id, session, attempt_id, attempt_epoch, status FROM whatsapp_message_queue
     WHERE broadcast_id = $1 AND status IN ('composing', 'sending') ORDER BY id",
);

// What waits for a person goes on waiting for that person.
const HOLD: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 0, eligible_at = NULL, wait_reason = $2, wait_ends = $3
     WHERE broadcast_id = $1 AND status = 'pending'
       AND (wait_ends IS NULL OR (wait_ends NOT LIKE 'person:%' AND wait_reason <> 'guest_has_not_written'))",
);

// The next claim finds out what else each of them waits for.
const FREE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
     WHERE broadcast_id = $1 AND status = 'pending' AND wait_reason = 'broadcast_paused'",
);

impl Store {
    /// Lets no more copies go until somebody resumes it, and tells what had already passed the point of no return.
    pub async fn pause_broadcast(
        &self,
        id: BroadcastId,
        version: Option<i64>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<BroadcastSteered, Error> {
        self.steer_broadcast(id, version, BroadcastVerb::Pause, actor, now)
            .await
    }

    /// Lets its copies go again.
    pub async fn resume_broadcast(
        &self,
        id: BroadcastId,
        version: Option<i64>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<BroadcastSteered, Error> {
        self.steer_broadcast(id, version, BroadcastVerb::Resume, actor, now)
            .await
    }

    /// Cancels every copy that has not passed the point of no return.
    pub async fn cancel_broadcast(
        &self,
        id: BroadcastId,
        version: Option<i64>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<BroadcastSteered, Error> {
        self.steer_broadcast(id, version, BroadcastVerb::Cancel, actor, now)
            .await
    }

    /// Done twice, the second does nothing: whoever presses "stop" again wants it stopped.
    async fn steer_broadcast(
        &self,
        id: BroadcastId,
        version: Option<i64>,
        verb: BroadcastVerb,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<BroadcastSteered, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(BroadcastSteered::Unknown);
        };
        let open = open_copies(&mut tx, id).await?;
        if row.state == verb.leads_to() {
            return Ok(done(row, open));
        }
        let Ok(state) = row.state.after(verb) else {
            return Ok(BroadcastSteered::WrongState(row.state));
        };
        if version.is_some_and(|seen| seen != row.version) {
            return Ok(BroadcastSteered::Conflict {
                current_version: row.version,
            });
        }
        tx.execute_one(&STEER, args![id, state, now, &actor.name])
            .await?;
        self.heed_state(&mut tx, id, state, now).await?;
        let deed = Deed {
            action: action(verb),
            subject: &id.to_string(),
            detail: None,
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        let row = find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(done(row.ok_or(Error::UnexpectedRows { touched: 0 })?, open))
    }

    /// Does with the copies what the broadcast's new state asks for.
    async fn heed_state(
        &self,
        tx: &mut Tx,
        id: BroadcastId,
        state: BroadcastState,
        now: Timestamp,
    ) -> Result<(), Error> {
        match (state, state.wait()) {
            (BroadcastState::Cancelled, _) => self.cancel_rest(tx, id, now).await?,
            (_, Some(Wait { reason, ends })) => {
                tx.execute(&HOLD, args![id, reason, ends_code(ends)])
                    .await?;
            }
            (_, None) => _ = tx.execute(&FREE, args![id]).await?,
        }
        Ok(())
    }
}

const fn action(verb: BroadcastVerb) -> &'static str {
    match verb {
        BroadcastVerb::Start => "broadcast.start",
        BroadcastVerb::Pause => "broadcast.pause",
        BroadcastVerb::Resume => "broadcast.resume",
        BroadcastVerb::Cancel => "broadcast.cancel",
    }
}

fn done(row: BroadcastRow, open: Vec<(MessageStatus, OpenCopy)>) -> BroadcastSteered {
    let is_composing =
        |(status, _): &(MessageStatus, OpenCopy)| *status == MessageStatus::Composing;
    let (composing, committed): (Vec<_>, Vec<_>) = open.into_iter().partition(is_composing);
    BroadcastSteered::Done(Box::new(Steered {
        row,
        committed: committed.iter().map(|(_, copy)| copy.message).collect(),
        composing: composing.into_iter().map(|(_, copy)| copy).collect(),
    }))
}

/// The copies that are composing or sending, before anything is changed: a cancelled one is neither.
async fn open_copies(
    tx: &mut Tx,
    id: BroadcastId,
) -> Result<Vec<(MessageStatus, OpenCopy)>, Error> {
    let rows = tx.all(&OPEN, args![id]).await?;
    rows.iter().map(open_copy).collect()
}

fn open_copy(row: &Row) -> Result<(MessageStatus, OpenCopy), Error> {
    let copy = OpenCopy {
        message: row.parsed("id")?,
        session: row.parsed("session")?,
        attempt: row.parsed("attempt_id")?,
        epoch: row.int("attempt_epoch")?,
    };
    Ok((row.parsed("status")?, copy))
}
