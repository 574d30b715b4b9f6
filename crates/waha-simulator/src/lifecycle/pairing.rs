//! The owner's phone and the linked device: scanning, typing a pairing code, unlinking.

use std::sync::Arc;
use std::time::Duration;

use super::SYNC;
use super::refused::Ended;
use crate::config::Owner;
use crate::waha::Waha;
use crate::world::session::{Login, Session, Status};

/// NOWEB reconnects once after pairing.
const RECONNECT: Duration = Duration::from_secs(2);
const CONNECTING: Duration = Duration::from_millis(300);

/// There is no QR and no pairing code to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NothingToScan;

impl std::fmt::Display for NothingToScan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the session shows no QR and waits for no code")
    }
}

impl std::error::Error for NothingToScan {}

impl Waha {
    /// The owner scans the QR that is shown.
    pub(crate) fn scan(self: &Arc<Self>, name: &str) -> Result<(), NothingToScan> {
        let shown = self.look(name, |s| s.status == Status::ScanQrCode && s.qr.is_some());
        if shown != Some(true) {
            return Err(NothingToScan);
        }
        self.pair(name);
        Ok(())
    }

    /// The owner types a pairing code.
    pub(crate) fn type_code(self: &Arc<Self>, name: &str, code: &str) -> Result<(), NothingToScan> {
        let fits = self.look(name, |session| {
            session
                .code_asked
                .as_ref()
                .is_some_and(|asked| asked.code == code)
        });
        if fits != Some(true) {
            return Err(NothingToScan);
        }
        self.pair(name);
        Ok(())
    }

    /// The credentials of a device that was linked earlier, without any waiting.
    pub(crate) fn remember_login(&self, name: &str) {
        let login = self.login_of_owner(name);
        self.world().session_or_new(name).login = Some(login);
        self.note_change();
    }

    /// The owner removes the linked device on the phone.
    pub(crate) fn unlink(self: &Arc<Self>, name: &str) {
        let was_running = self.change(name, |session| {
            if let Some(login) = &mut session.login {
                login.revoked = true;
            }
            session.connected = false;
            let running = session.is_running();
            session.run += u64::from(running);
            running
        });
        if was_running == Some(true) {
            self.fail(name, Ended::Login);
        }
    }

    /// Another account is linked, and the session works with it.
    pub(crate) fn link_at_once(self: &Arc<Self>, name: &str, owner: Owner) {
        let login = Login::of(&owner);
        self.world().owners.insert(name.to_owned(), owner);
        self.change(name, |session| {
            session.login = Some(login);
            session.run += 1;
        });
        self.connect(name);
    }

    fn pair(self: &Arc<Self>, name: &str) {
        if !self.ask_for_passkey(name) {
            self.link(name);
        }
    }

    /// The phone accepts the device.
    pub(super) fn link(self: &Arc<Self>, name: &str) {
        let login = self.login_of_owner(name);
        let history = self
            .world()
            .network
            .history
            .remove(name)
            .unwrap_or_default();
        let profile = self.profile();
        let run = self.change(name, |session| {
            session.login = Some(login);
            session.me_known = true;
            session.code_asked = None;
            session.qr = None;
            session.run += 1;
            if session.keeps_messages(profile) {
                for message in history {
                    session.store.put(message);
                }
            }
            session.run
        });
        let Some(run) = run else { return };
        self.in_this_life(name, |waha, name| async move {
            waha.settle_in(&name, run).await;
        });
    }

    async fn settle_in(self: &Arc<Self>, name: &str, run: u64) {
        let noweb = self.profile().is_noweb();
        self.wait(if noweb { RECONNECT } else { SYNC }).await;
        if noweb && self.is_run(name, run) {
            self.set_status(name, Status::Starting);
            self.wait(CONNECTING).await;
        }
        if self.is_run(name, run) && self.look(name, Session::is_linked) == Some(true) {
            self.connect(name);
        }
    }

    fn login_of_owner(&self, name: &str) -> Login {
        let world = self.world();
        Login::of(world.owners.get(name).unwrap_or(&self.config.owner))
    }
}
