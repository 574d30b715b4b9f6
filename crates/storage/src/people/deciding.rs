//! What a person decides about writing to a contact, with a reason that the audit log keeps.

use domain::{Timestamp, ids::ContactId};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, args},
    facts::wishes,
    locks,
};

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Nothing is written to them any more, on no session; what waits is cancelled.
    OptOut,
    /// They may be written to again.
    OptIn,
}

const OPT_OUT: Sql = Sql::both(
    "UPDATE contact SET opted_out_at = $2, suspended_at = NULL, wish_told_at = NULL WHERE id = $1",
);

const OPT_IN: Sql = Sql::both(
    "UPDATE contact SET opted_out_at = NULL, suspended_at = NULL, opted_in_at = $2, wish_told_at = NULL WHERE id = $1",
);

impl Store {
    /// Opts a contact out or in again. Whether there is such a contact.
    pub async fn decide_contact(
        &self,
        contact: ContactId,
        decision: Decision,
        reason: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        if !locks::lock_contact(&mut tx, contact).await? {
            return Ok(false);
        }
        let action = match decision {
            Decision::OptOut => {
                tx.execute_one(&OPT_OUT, args![contact, now]).await?;
                self.cancel_refused(&mut tx, contact, now).await?;
                "contact.opt_out"
            }
            Decision::OptIn => {
                tx.execute_one(&OPT_IN, args![contact, now]).await?;
                wishes::look_again(&mut tx, contact).await?;
                "contact.opt_in"
            }
        };
        let subject = contact.to_string();
        let deed = Deed {
            action,
            subject: &subject,
            detail: Some(reason),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}
