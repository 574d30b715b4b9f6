//! The steps of linking with a passkey, for the audit log: only that they were made.

use domain::{Timestamp, session::SessionName};

use crate::{Actor, Error, Store, audit::Deed};

/// A step that WAHA took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyStep {
    /// The answer to a challenge was handed on.
    Answered,
    /// The code was confirmed.
    Confirmed,
}

impl Store {
    /// Writes into the audit log that the step was made.
    pub async fn record_passkey_step(
        &self,
        session: &SessionName,
        actor: &Actor,
        step: PasskeyStep,
        now: Timestamp,
    ) -> Result<(), Error> {
        let deed = Deed {
            action: match step {
                PasskeyStep::Answered => "session.answer_passkey",
                PasskeyStep::Confirmed => "session.confirm_passkey",
            },
            subject: session.as_str(),
            detail: None,
        };
        let mut tx = self.db.write().await?;
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await
    }
}
