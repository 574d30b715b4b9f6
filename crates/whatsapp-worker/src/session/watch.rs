//! Watching what the session is doing, and what WhatsApp says of the account. The integration tells of changes too:
//! this is the second pair of eyes, and the one that notices when the integration itself is away.

use std::sync::PoisonError;

use domain::{
    session::{SessionProblem, SessionState},
    wire::SessionView,
};

use super::{
    SessionDesk, watch_outage::OutageWatch, watch_receipts::ReceiptWatch, watch_unread::UnreadWatch,
};

/// Looks every interval and after each nudge; ends never.
pub(super) async fn keep_watching(desk: &SessionDesk<'_>) {
    let mut receipts = ReceiptWatch::begin(desk.session);
    let mut unread = UnreadWatch::default();
    let mut outage = OutageWatch::default();
    loop {
        desk.look_at_session().await;
        receipts.look(desk).await;
        unread.look(desk).await;
        outage.look(desk).await;
        tokio::select! {
            () = tokio::time::sleep(desk.context.interval) => {}
            () = desk.bells.watching.notified() => {}
        }
    }
}

impl SessionDesk<'_> {
    /// Reads the session's state and records it.
    pub(super) async fn look_at_session(&self) {
        let view = match self.context.integration.session(self.session).await {
            Ok(view) => view,
            Err(error) => {
                tracing::debug!(session = %self.session, error = &error as &dyn std::error::Error, "the session could not be read");
                self.unreachable()
            }
        };
        if let Err(error) = self.record_view(&view).await {
            tracing::warn!(session = %self.session, error = &error as &dyn std::error::Error, "the session's state was not recorded");
        }
    }

    fn unreachable(&self) -> SessionView {
        SessionView {
            state: SessionState::Disconnected,
            problem: Some(SessionProblem::WahaAway),
            own: None,
            restriction: None,
            capping: None,
            server: None,
            at: self.context.clock.now(),
        }
    }

    async fn record_view(&self, view: &SessionView) -> Result<(), storage::Error> {
        self.follow_clock().await?;
        let now = self.context.clock.now();
        let change = self
            .context
            .store
            .record_session(self.session, view, now)
            .await?;
        if change.another_number {
            tracing::warn!(session = %self.session, "another number is linked; nothing leaves to guests who did not write to it");
            self.bells.work.notify_one();
        }
        if change.before != change.after {
            tracing::info!(session = %self.session, before = %change.before, after = %change.after, "the session changed");
            self.bells.work.notify_one();
        }
        let another = self.is_another_state(change.before != change.after).await?;
        if another && change.after == SessionState::Connected {
            self.bells.reconnected.notify_one();
            self.bells.reading.notify_one();
            self.bells.settling.notify_one();
        }
        Ok(())
    }

    /// Whether the session's state is another one than that seen last. `changed`: it changed in this very look. When the integration
    /// told queue-api first, only the time of its beginning shows it.
    async fn is_another_state(&self, changed: bool) -> Result<bool, storage::Error> {
        let row = self.context.store.session(self.session).await?;
        let Some(since) = row.map(|row| row.since) else {
            return Ok(changed);
        };
        let mut seen = self
            .state_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // at the first look all chats are being read anyhow
        let another = seen.is_some_and(|seen| seen != since);
        *seen = Some(since);
        Ok(changed || another)
    }
}
