//! The timeline of a message while it is worked on.

use domain::{
    Timestamp,
    ids::{AttemptId, MessageId},
    wire::Phase,
};

use crate::{Error, Store, timeline::NewEvent};

use super::{queue_row, reservations};

impl Store {
    /// Adds a line to the message's timeline, unless the attempt is not its newest any more. From its first phase on the attempt can be
    /// seen, from the typing phase on its guest has seen it. The epoch is not asked: no message moves. `detail` must hold no phone number
    /// and no text.
    pub async fn record_phase(
        &self,
        attempt: AttemptId,
        message: MessageId,
        phase: &str,
        at: Timestamp,
        duration_ms: Option<i64>,
        detail: Option<&str>,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let row = queue_row::of_attempt(&mut tx, attempt).await?;
        if row.is_none_or(|row| row.message != message) {
            return Ok(());
        }
        reservations::begin(&mut tx, attempt, at).await?;
        if phase == Phase::Typing.as_str() {
            reservations::show(&mut tx, attempt, at).await?;
        }
        let event = NewEvent {
            phase,
            at,
            duration_ms,
            detail,
        };
        self.write_event(&mut tx, message, event).await?;
        tx.commit().await
    }
}
