//! What people do to a message. Each change takes the session's row first, so that it takes turns with the commit.

use domain::{Timestamp, ids::MessageId, message_status::MessageStatus, wait::Wait};

use super::message_row::find;
use crate::{
    Actor, Error, MessageRow, Store,
    audit::Deed,
    db::{Tx, Value, args},
    locks::lock_message,
    timeline::NewEvent,
    wait_columns::{eligible_at, ends_code},
};

/// What came of a change.
#[derive(Debug, Clone)]
pub enum Changed {
    /// It is done; the message as it is now.
    Done(Box<MessageRow>),
    /// There is no such message.
    Unknown,
    /// Somebody changed it since the caller looked.
    Conflict {
        /// The version it has now.
        current_version: i64,
    },
    /// A message in this status cannot be changed so.
    WrongStatus(MessageStatus),
}

/// The message, locked against the commit and against other changes; `None`: there is no such message.
pub(super) async fn locked(tx: &mut Tx, id: MessageId) -> Result<Option<MessageRow>, Error> {
    if !lock_message(tx, id).await? {
        return Ok(None);
    }
    let row = find(tx, id).await?;
    row.as_ref().map(MessageRow::read).transpose()
}

/// The columns `due`, `eligible_at`, `wait_reason` and `wait_ends` of a pending row, as arguments.
pub(super) fn standing_args(wait: Option<Wait>) -> Vec<Value> {
    args![
        wait.is_none(),
        wait.and_then(|wait| eligible_at(wait.ends)),
        wait.map(|wait| wait.reason),
        wait.map(|wait| ends_code(wait.ends))
    ]
}

/// What is told of a change: its phase in the timeline, its action in the audit log.
pub(super) struct Told<'a> {
    pub(super) phase: &'static str,
    pub(super) action: &'static str,
    pub(super) detail: Option<&'a str>,
}

impl Store {
    /// Tells the change and makes it last; the message as it is now.
    pub(super) async fn told(
        &self,
        mut tx: Tx,
        id: MessageId,
        told: Told<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let event = NewEvent {
            detail: told.detail,
            ..NewEvent::new(told.phase, now)
        };
        self.write_event(&mut tx, id, event).await?;
        let deed = Deed {
            action: told.action,
            subject: &id.to_string(),
            detail: told.detail,
        };
        self.done(tx, id, deed, actor, now).await
    }

    /// Makes a change last whose events are written already; the message as it is now.
    pub(super) async fn done(
        &self,
        mut tx: Tx,
        id: MessageId,
        deed: Deed<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        self.write_audit(&mut tx, actor, deed, now).await?;
        let row = find(&mut tx, id)
            .await?
            .ok_or(Error::UnexpectedRows { touched: 0 })?;
        let row = MessageRow::read(&row)?;
        tx.commit().await?;
        Ok(Changed::Done(Box::new(row)))
    }
}
