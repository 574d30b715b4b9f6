//! The machine's wall clock may be set while a session is worked, or while no worker runs: followed before each decision.
//!
//! Not here: what moves along (storage).

use domain::clock_reading::ClockReading;

use super::SessionDesk;

impl SessionDesk<'_> {
    /// Moves what the limits count along with the wall clock, when it was set. To be called before each decision, and before
    /// what the clock dates is recorded.
    pub(super) async fn follow_clock(&self) -> Result<(), storage::Error> {
        let clock = &self.context.clock;
        let reading = ClockReading::new(clock.boot().as_deref(), clock.steady(), clock.now());
        let by = self
            .clock_watch
            .follow_as_holder(&self.context.store, self.session, reading)
            .await?;
        if by.is_zero() {
            return Ok(());
        }
        tracing::warn!(session = %self.session, seconds = by.num_seconds(), "the clock of this machine was set; the limits follow it");
        self.refused.all_may_be_asked();
        // What was read until a moment that is in the future now, or was dated wrongly, is read again.
        self.bells.reconnected.notify_one();
        self.bells.settling.notify_one();
        Ok(())
    }
}
