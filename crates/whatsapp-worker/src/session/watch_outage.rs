//! Tells the log once that failed sends stopped the session, and that it sends again. People see it where they see the session.

use domain::{Timestamp, release::Outage};

use super::SessionDesk;

/// What the log was told last.
#[derive(Default)]
pub(super) struct OutageWatch {
    /// When the outage that was told stopped the session.
    told: Option<Timestamp>,
}

impl OutageWatch {
    pub(super) async fn look(&mut self, desk: &SessionDesk<'_>) {
        let row = match desk.context.store.session(desk.session).await {
            Ok(row) => row,
            Err(error) => {
                tracing::warn!(session = %desk.session, error = &error as &dyn std::error::Error, "the outage was not looked for");
                return;
            }
        };
        let outage = row.and_then(|row| row.outage);
        let stopped_at = outage.as_ref().and_then(|outage| outage.stopped_at);
        match (self.told, &outage) {
            (None, Some(outage)) if stopped_at.is_some() => tell(desk, outage),
            (Some(_), _) if stopped_at.is_none() => {
                tracing::info!(session = %desk.session, "the session sends again");
            }
            _ => {}
        }
        self.told = stopped_at;
    }
}

fn tell(desk: &SessionDesk<'_>, outage: &Outage) {
    tracing::warn!(
        session = %desk.session,
        refusal = %outage.refusal,
        failures = outage.failures,
        lost = outage.lost,
        next_try_at = ?outage.next_try_at,
        "failed sends stopped the session"
    );
}
