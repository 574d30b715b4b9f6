//! The outcome that the integration posts of every attempt, also when the worker that asked is gone.

use domain::{
    Timestamp, outcome::Meaning, release::ReleaseRules, session::SessionName, wire::OutcomeFact,
};
use rand::Rng;

use crate::{Error, Finished, Store, locks, release::Ending};

impl Store {
    /// Applies an outcome as [`Store::finish`] does, whoever holds the lease: what was proven stays proven.
    /// An unclear answer changes nothing here: whether to doubt is the holder's to say.
    /// The session must exist: [`Error::UnexpectedRows`].
    pub async fn record_outcome(
        &self,
        session: &SessionName,
        outcome: &OutcomeFact,
        rules: &ReleaseRules,
        now: Timestamp,
        dice: &mut (impl Rng + Send),
    ) -> Result<Finished, Error> {
        if outcome.reply.answer.meaning() == Meaning::Unknown {
            return Ok(Finished::AlreadyDone);
        }
        let mut tx = self.db.write().await?;
        locks::lock_session(&mut tx, session)
            .await?
            .ok_or(Error::UnexpectedRows { touched: 0 })?;
        let ending = Ending {
            session,
            outcome,
            rules,
            now,
        };
        let finished = self.end_attempt(&mut tx, &ending, dice).await?;
        tx.commit().await?;
        Ok(finished)
    }
}
