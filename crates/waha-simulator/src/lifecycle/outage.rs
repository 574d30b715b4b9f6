//! The engine loses WhatsApp: first nothing shows, then STARTING again and again until the network is back (recorded).

use std::sync::Arc;
use std::time::Duration;

use crate::waha::Waha;
use crate::world::session::Status;

/// How long the status stays WORKING after the connection broke, and the pause between two tries.
const UNNOTICED: Duration = Duration::from_secs(2);
const TRYING: Duration = Duration::from_millis(300);

impl Waha {
    /// Takes the network away for `time` (not scaled: it is the world's time, not WAHA's).
    pub(crate) fn lose_network(self: &Arc<Self>, name: &str, time: Duration) {
        let Some(run) = self.change(name, |session| {
            session.connected = false;
            session.run
        }) else {
            return;
        };
        let back_at = tokio::time::Instant::now() + time;
        self.in_this_life(name, |waha, name| async move {
            loop {
                waha.wait(UNNOTICED).await;
                if !waha.is_run(&name, run) {
                    return;
                }
                waha.set_status(&name, Status::Starting);
                waha.wait(TRYING).await;
                if !waha.is_run(&name, run) {
                    return;
                }
                if tokio::time::Instant::now() >= back_at {
                    waha.connect(&name);
                    return;
                }
            }
        });
    }

    /// STOPPED for `time` (not scaled), then the session starts by itself: a flap (WAHA §2.4).
    pub(crate) fn flap(self: &Arc<Self>, name: &str, time: Duration) {
        let run = self.change(name, |session| {
            session.settle_down();
            session.run
        });
        let Some(run) = run else { return };
        self.set_status(name, Status::Stopped);
        self.in_this_life(name, |waha, name| async move {
            tokio::time::sleep(time).await;
            if waha.is_run(&name, run) {
                waha.begin(&name);
            }
        });
    }

    /// STARTING for ever; only an operation on the session leads out.
    pub(crate) fn get_stuck(self: &Arc<Self>, name: &str) {
        self.change(name, |session| {
            session.connected = false;
            session.run += 1;
        });
        self.set_status(name, Status::Starting);
    }
}
