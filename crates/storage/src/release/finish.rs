//! The end of an attempt's one call, told by the worker that made it.

use domain::{Timestamp, wire::OutcomeFact};
use rand::Rng;

use crate::{Claimer, Error, Finished, Store};

use super::ends::Ending;

impl Store {
    /// Applies the answer to the one call. Where the integration knows nothing of the attempt any more, the answer is
    /// `SendAnswer::Unclear`. A known end is not changed by a second telling, but an uncertain one by a late proof.
    pub async fn finish(
        &self,
        claimer: Claimer<'_>,
        outcome: &OutcomeFact,
        now: Timestamp,
        dice: &mut (impl Rng + Send),
    ) -> Result<Finished, Error> {
        let mut tx = self.db.write().await?;
        if claimer.lock(&mut tx).await?.is_none() {
            return Ok(Finished::StaleEpoch);
        }
        let ending = Ending {
            session: claimer.session,
            outcome,
            rules: claimer.rules,
            now,
        };
        let finished = self.end_attempt(&mut tx, &ending, dice).await?;
        tx.commit().await?;
        Ok(finished)
    }
}
