//! Pause, resume, unlock: the flags that the commit reads in its own transaction.

use domain::{
    Timestamp,
    ids::{AttemptId, MessageId},
    message_status::MessageStatus,
    session::SessionName,
};

use super::attempts::{OpenAttempt, open_attempts};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, Tx, Value, args},
    locks::{lock_all_sessions, lock_session},
    release, send_outage,
    session_number::SessionNumber,
};

/// What was under way when a session was paused. After it is answered nothing else leaves (design §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseOutcome {
    /// Messages past the point of no return.
    pub committed: Vec<MessageId>,
    /// Compositions that can no longer commit: cancel them.
    pub composing: Vec<(MessageId, AttemptId)>,
    /// Whether there is such a session.
    pub known: bool,
}

/// `paused_by` of a session that was paused because of what has waited in it for more than a day.
pub const OLD_BACKLOG: &str = "old_backlog";

/// `paused_by` of a session that was paused because the database was restored from a backup: what was sent since is not in it.
pub const RESTORED_BACKUP: &str = "restored_backup";

/// `paused_by` of a session while it is started, restarted, linked or logged out. The operation ends this pause.
pub const OPERATION: &str = "operation";

/// Whether a pause by this name needs a look at the queue before it ends, session by session.
pub fn needs_a_look(paused_by: &str) -> bool {
    [OLD_BACKLOG, RESTORED_BACKUP].contains(&paused_by)
}

// A pause that needs a look stays one, whoever pauses besides: whoever resumes has to know what they let go.
const PAUSE: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET paused_by = $2, paused_at = $3
     WHERE name = $1 AND (paused_by IS NULL OR paused_by NOT IN ('old_backlog', 'restored_backup'))",
);

const PAUSE_FOR_OPERATION: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET paused_by = 'operation', paused_at = $2 WHERE name = $1 AND paused_by IS NULL",
);

const END_OPERATION: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET paused_by = NULL, paused_at = NULL WHERE name = $1 AND paused_by = 'operation'",
);

// An operation ends its own pause: until then no message must leave.
const RESUME: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET paused_by = NULL, paused_at = NULL
     WHERE name = $1 AND (paused_by IS NULL OR paused_by <> 'operation')",
);

// On every session that the number was ever linked to. The time-lock that WhatsApp shows locks no more.
const UNLOCK: Sql = Sql::both(
    "UPDATE session_number SET lock_until = NULL, lock_person = 0, lock_reason = NULL, unlocked_time_lock = time_lock, unlocked_at = $2
     WHERE number = (SELECT s.own_number FROM whatsapp_session_status s WHERE s.name = $1)",
);

impl Store {
    /// Pauses a session until somebody resumes it, and tells what had already passed the point of no return. A pause that needs a look
    /// stays that: [`needs_a_look`].
    pub async fn pause(
        &self,
        session: &SessionName,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<PauseOutcome, Error> {
        let mut tx = self.db.write().await?;
        let known = lock_session(&mut tx, session).await?.is_some();
        if !known {
            return Ok(PauseOutcome {
                committed: Vec::new(),
                composing: Vec::new(),
                known,
            });
        }
        tx.execute(&PAUSE, args![session, &actor.name, now]).await?;
        let open = open_attempts(&mut tx, session).await?;
        self.write_audit(&mut tx, actor, deed("session.pause", session), now)
            .await?;
        tx.commit().await?;
        let (composing, committed): (Vec<OpenAttempt>, Vec<OpenAttempt>) = open
            .into_iter()
            .partition(|open| open.status == MessageStatus::Composing);
        Ok(PauseOutcome {
            committed: committed.iter().map(|open| open.message).collect(),
            composing: composing
                .iter()
                .map(|open| (open.message, open.attempt))
                .collect(),
            known,
        })
    }

    /// Pauses a session that is not paused, until [`Store::end_operation`], for an `action` such as `session.link`. A person who
    /// pauses meanwhile replaces this pause.
    pub async fn begin_operation(
        &self,
        session: &SessionName,
        actor: &Actor,
        action: &'static str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        lock_session(&mut tx, session).await?;
        tx.execute(&PAUSE_FOR_OPERATION, args![session, now])
            .await?;
        self.write_audit(&mut tx, actor, deed(action, session), now)
            .await?;
        tx.commit().await
    }

    /// Ends the pause of an operation. Any other pause stays.
    pub async fn end_operation(&self, session: &SessionName) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        lock_all_sessions(&mut tx).await?;
        end_operation(&mut tx, session).await?;
        tx.commit().await
    }

    /// Ends a pause, but for that of an operation, which ends by itself. Whether there is such a session.
    pub async fn resume(
        &self,
        session: &SessionName,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let deed = deed("session.resume", session);
        let resumed = (&RESUME, args![session]);
        self.let_go_on(session, resumed, deed, actor, now).await
    }

    /// Takes the lock of the session's number away, for every session. Whether there is such a session.
    pub async fn unlock(
        &self,
        session: &SessionName,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let deed = deed("session.unlock", session);
        let unlocked = (&UNLOCK, args![session, now]);
        self.let_go_on(session, unlocked, deed, actor, now).await
    }

    /// Permits one try in an outage, and ends the back-offs of single messages. Returns whether there is such a session.
    pub async fn try_again(
        &self,
        session: &SessionName,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let Some(row) = lock_session(&mut tx, session).await? else {
            return Ok(false);
        };
        let number = row.opt_text("own_number")?.unwrap_or_default();
        let of = SessionNumber::new(session, &number);
        if let Some(mut outage) = send_outage::read(&mut tx, of).await? {
            outage.permit_by_person();
            send_outage::keep(&mut tx, of, &outage).await?;
        }
        send_outage::wake_backed_off(&mut tx, session, now).await?;
        release::session_is_free(&mut tx, session).await?;
        self.write_audit(&mut tx, actor, deed("session.try_again", session), now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn let_go_on(
        &self,
        session: &SessionName,
        (change, args): (&Sql, Vec<Value>),
        deed: Deed<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        lock_all_sessions(&mut tx).await?;
        if lock_session(&mut tx, session).await?.is_none() {
            return Ok(false);
        }
        tx.execute(change, args).await?;
        release::session_is_free(&mut tx, session).await?;
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Ends the pause of an operation for a caller that has locked all sessions.
pub(super) async fn end_operation(tx: &mut Tx, session: &SessionName) -> Result<(), Error> {
    if tx.execute(&END_OPERATION, args![session]).await? > 0 {
        release::session_is_free(tx, session).await?;
    }
    Ok(())
}

fn deed<'a>(action: &'static str, session: &'a SessionName) -> Deed<'a> {
    Deed {
        action,
        subject: session.as_str(),
        detail: None,
    }
}
