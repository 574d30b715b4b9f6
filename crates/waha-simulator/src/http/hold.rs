//! Calls that need a session in a certain status wait for it a while, and then are refused (WAHA §3; waits as recorded).

use std::sync::Arc;
use std::time::Duration;

use super::refusal::Refusal;
use crate::waha::Waha;
use crate::world::session::{Session, Status};

/// WAHA looks this often.
const POLL: Duration = Duration::from_millis(500);

/// Not running.
const FOR_RUNNING: Duration = Duration::from_secs(5);

/// Running in another status.
const FOR_STATUS: Duration = Duration::from_secs(10);

impl Waha {
    /// Holds the call until the session is WORKING.
    pub(super) async fn hold_until_working(self: &Arc<Self>, name: &str) -> Result<(), Refusal> {
        self.hold_until(name, Status::Working).await
    }

    pub(super) async fn hold_until(
        self: &Arc<Self>,
        name: &str,
        wanted: Status,
    ) -> Result<(), Refusal> {
        let running = |status: Option<Status>| status.is_some_and(|s| s != Status::Stopped);
        self.poll(FOR_RUNNING, || running(self.status(name))).await;
        match self.status(name) {
            None => Err(Refusal::NoSession {
                session: name.to_owned(),
            }),
            Some(Status::Stopped) => Err(self.not_as_expected(name, wanted)),
            Some(_)
                if self
                    .poll(FOR_STATUS, || self.status(name) == Some(wanted))
                    .await =>
            {
                Ok(())
            }
            Some(_) => Err(self.not_as_expected(name, wanted)),
        }
    }

    /// The session as it must be for calls that do not wait.
    pub(super) fn running_or_404(&self, name: &str) -> Result<Status, Refusal> {
        match self.status(name) {
            Some(status) if status != Status::Stopped => Ok(status),
            _ => Err(Refusal::not_started(name)),
        }
    }

    pub(crate) fn status(&self, name: &str) -> Option<Status> {
        self.look(name, |session: &Session| session.status)
    }

    fn not_as_expected(&self, name: &str, expected: Status) -> Refusal {
        let status = self.status(name).unwrap_or(Status::Stopped);
        Refusal::NotAsExpected {
            session: name.to_owned(),
            status,
            expected,
        }
    }

    /// Looks every half second until it holds or the time is over.
    async fn poll(&self, recorded: Duration, holds: impl Fn() -> bool) -> bool {
        let time = self
            .config
            .hold_before_422
            .unwrap_or_else(|| self.scaled(recorded));
        let end = tokio::time::Instant::now() + time;
        loop {
            if holds() {
                return true;
            }
            let left = end.saturating_duration_since(tokio::time::Instant::now());
            if left.is_zero() {
                return false;
            }
            tokio::time::sleep(self.scaled(POLL).min(left).max(Duration::from_millis(1))).await;
        }
    }
}
