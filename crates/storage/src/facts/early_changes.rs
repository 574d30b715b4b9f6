//! Edits and deletions that come before the message they are about: kept for three days, and applied when it is stored.
//!
//! The rule that must hold: what was taken back is gone, also when its text comes after the word that it was deleted.

use std::time::Duration;

use domain::{Timestamp, ids::ContactId, receipts::READ_AGAIN, session::SessionName};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
};

/// As long as messages are found again (design §8).
const KEPT: Duration = READ_AGAIN;

const EDIT: Sql = Sql::both(
    "UPDATE conversation_message SET body = $3, edited_at = $4
     WHERE session = $1 AND direction IN ('inbound', 'outbound') AND raw_id = $2
       AND revoked_at IS NULL AND (edited_at IS NULL OR edited_at <= $4)",
);

const REVOKE: Sql = Sql::both(
    "UPDATE conversation_message SET body = NULL, revoked_at = $3
     WHERE session = $1 AND direction IN ('inbound', 'outbound') AND raw_id = $2
       AND (revoked_at IS NULL OR revoked_at > $3)",
);

const PARK_EDIT: Sql = Sql::both(
    "INSERT INTO early_change (session, raw_id, body, edited_at, learnt_at, contact_id) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (session, raw_id) DO UPDATE SET body = excluded.body, edited_at = excluded.edited_at
     WHERE early_change.revoked_at IS NULL
       AND (early_change.edited_at IS NULL OR early_change.edited_at <= excluded.edited_at)",
);

const PARK_REVOKE: Sql = Sql::both(
    "INSERT INTO early_change (session, raw_id, revoked_at, learnt_at, contact_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (session, raw_id) DO UPDATE SET body = NULL, revoked_at = excluded.revoked_at
     WHERE early_change.revoked_at IS NULL OR early_change.revoked_at > excluded.revoked_at",
);

const FORGET_OLD: Sql = Sql::both("DELETE FROM early_change WHERE learnt_at < $1");

const EARLY: Sql = Sql::both(
    "SELECT body, edited_at, revoked_at FROM early_change WHERE session = $1 AND raw_id = $2",
);

const DONE: Sql = Sql::both("DELETE FROM early_change WHERE session = $1 AND raw_id = $2");

/// What happened to a message after it was written.
#[derive(Clone, Copy)]
pub(super) enum Change<'a> {
    /// It got another text.
    Text(Option<&'a str>),
    /// It was deleted for everybody.
    Deletion,
}

/// A change to one message.
#[derive(Clone, Copy)]
pub(super) struct Changed<'a> {
    pub(super) session: &'a SessionName,
    /// Raw id of the message.
    pub(super) target: &'a str,
    pub(super) change: Change<'a>,
    pub(super) at: Timestamp,
}

impl Changed<'_> {
    /// Changes the stored message, unless something newer is known of it. Whether anything changed.
    pub(super) async fn apply(&self, tx: &mut Tx) -> Result<bool, Error> {
        let Self {
            session,
            target,
            at,
            ..
        } = *self;
        let touched = match self.change {
            Change::Text(body) => {
                let body = body.map(str::to_owned);
                tx.execute(&EDIT, args![session, target, body, at]).await?
            }
            Change::Deletion => tx.execute(&REVOKE, args![session, target, at]).await?,
        };
        Ok(touched > 0)
    }

    /// Keeps the change until its message comes, which that contact or a spouse wrote.
    pub(super) async fn park(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Self {
            session,
            target,
            at,
            ..
        } = *self;
        match self.change {
            Change::Text(body) => {
                let body = body.map(str::to_owned);
                let args = args![session, target, body, at, now, contact];
                tx.execute(&PARK_EDIT, args).await?;
            }
            Change::Deletion => {
                let args = args![session, target, at, now, contact];
                tx.execute(&PARK_REVOKE, args).await?;
            }
        }
        tx.execute(&FORGET_OLD, args![now - KEPT]).await?;
        Ok(())
    }
}

impl Store {
    /// The message is stored now: what came before it about it is applied.
    pub(crate) async fn apply_early_changes(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        raw_id: &str,
    ) -> Result<(), Error> {
        let Some(early) = tx.first(&EARLY, args![session, raw_id]).await? else {
            return Ok(());
        };
        let body = early.opt_text("body")?;
        let edited = early
            .opt_time("edited_at")?
            .map(|at| (Change::Text(body.as_deref()), at));
        let revoked = early
            .opt_time("revoked_at")?
            .map(|at| (Change::Deletion, at));
        for (change, at) in edited.into_iter().chain(revoked) {
            let changed = Changed {
                session,
                target: raw_id,
                change,
                at,
            };
            changed.apply(tx).await?;
        }
        tx.execute(&DONE, args![session, raw_id]).await?;
        Ok(())
    }
}
