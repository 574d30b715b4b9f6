//! A session's life: starting, showing QRs, pairing, losing the network, being unlinked, and the process's own restarts (WAHA §2.4).

mod outage;
mod pairing;
mod passkey;
mod process;
mod qr_series;
mod refused;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

pub use self::pairing::NothingToScan;
pub(crate) use self::passkey::PasskeyMisstep;
pub use self::passkey::{PasskeyDemand, PasskeyVerdict};
use self::refused::Ended;
use crate::waha::Waha;
use crate::world::session::{Session, Status};

/// From STARTING until the engine knows whether its login is good.
const CONNECTING: Duration = Duration::from_millis(300);

/// From pairing until WORKING, but on NOWEB.
const SYNC: Duration = Duration::from_secs(1);

/// What stopping a running session takes.
const STOPPING: Duration = Duration::from_secs(3);

/// How many statuses an event tells.
const STATUSES_TOLD: usize = 3;

impl Waha {
    /// Begins a run of a session that is not running.
    pub(crate) fn begin(self: &Arc<Self>, name: &str) {
        let run = self.change(name, |session| {
            session.settle_down();
            let starts = session.store_refused;
            session.store_refused = starts.and_then(|starts| starts.checked_sub(1));
            session.statuses.clear();
            session.run
        });
        let Some(run) = run else { return };
        self.set_status(name, Status::Starting);
        self.in_this_life(name, |waha, name| async move {
            waha.log_in_or_show_qr(&name, run).await;
        });
    }

    /// Ends the run of a session; 3 s of it are spent after the status says STOPPED.
    pub(crate) async fn end(self: &Arc<Self>, name: &str) {
        if self.look(name, Session::is_running) != Some(true) {
            return;
        }
        self.change(name, Session::settle_down);
        self.set_status(name, Status::Stopped);
        self.wait(STOPPING).await;
    }

    /// Changes the status and tells subscribers.
    pub(crate) fn set_status(self: &Arc<Self>, name: &str, status: Status) {
        self.set_status_with(name, status, &Value::Null);
    }

    /// The same with `data` in the event.
    fn set_status_with(self: &Arc<Self>, name: &str, status: Status, data: &Value) {
        let now = self.now().timestamp_millis();
        self.change(name, |session| {
            session.status = status;
            session.statuses.push((status, now));
            let surplus = session.statuses.len().saturating_sub(STATUSES_TOLD);
            session.statuses.drain(..surplus);
        });
        self.tell_status(name, data);
    }

    /// Posts `session.status` with what the session is now.
    pub(crate) fn tell_status(self: &Arc<Self>, name: &str, data: &Value) {
        let profile = self.profile();
        let payload = self.look(name, |session| {
            let mut payload = json!({
                "name": name,
                "status": session.status.as_str(),
                "statuses": statuses(session),
            });
            if profile.is_newest() {
                payload["data"] = data.clone();
            }
            payload
        });
        if let Some(payload) = payload {
            self.emit(name, &["session.status"], &payload, None);
        }
    }

    /// The engine is connected: WORKING, and what waited on WhatsApp's side arrives.
    pub(crate) fn connect(self: &Arc<Self>, name: &str) {
        self.change(name, |session| {
            session.connected = true;
            session.me_known = true;
        });
        self.set_status(name, Status::Working);
        self.take_in_what_waited(name);
    }

    async fn log_in_or_show_qr(self: &Arc<Self>, name: &str, run: u64) {
        self.wait(CONNECTING).await;
        if !self.is_run(name, run) || self.is_refused(name) {
            return;
        }
        let login = self.look(name, |session| {
            session.login.as_ref().map(|login| login.revoked)
        });
        match login.flatten() {
            Some(false) => self.connect(name),
            Some(true) => {
                self.change(name, |session| session.me_known = true);
                self.fail(name, Ended::Login);
            }
            None => self.show_qrs(name, run).await,
        }
    }

    /// Runs work of the session in the background, until the process restarts.
    pub(crate) fn in_this_life<F>(
        self: &Arc<Self>,
        name: &str,
        work: impl FnOnce(Arc<Self>, String) -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let life = self.life();
        let work = work(Arc::clone(self), name.to_owned());
        tokio::spawn(async move {
            life.run_until_cancelled(work).await;
        });
    }
}

fn statuses(session: &Session) -> Value {
    let told = |(status, at): &(Status, i64)| json!({"status": status.as_str(), "timestamp": at});
    session.statuses.iter().map(told).collect()
}
