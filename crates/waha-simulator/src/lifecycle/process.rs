//! The process is killed and started again: what is forgotten depends on the version (2026.4.1 as recorded).

use std::sync::Arc;

use crate::waha::Waha;
use crate::world::session::Session;

impl Waha {
    /// Kills the process and starts it again at once. Requests in hand break, webhook retries are gone.
    pub(crate) fn restart_process(self: &Arc<Self>) {
        self.next_life();
        let resumed = self.forget();
        self.note_change();
        for name in resumed {
            self.begin(&name);
        }
    }

    /// Forgets what this version keeps in memory only; the answer is which sessions start by themselves.
    fn forget(&self) -> Vec<String> {
        let profile = self.profile();
        let mut world = self.world();
        world.started_at = self.now();
        let mut resumed = Vec::new();
        for (name, session) in &mut world.sessions {
            if profile.is_newest() && session.is_running() {
                resumed.push(name.clone());
            }
            self.forget_session(session);
        }
        if profile.is_core() {
            world.session_or_new("default");
        }
        let name = &self.config.session;
        if self.config.start_session && !resumed.contains(name) {
            world.session_or_new(name);
            resumed.push(name.clone());
        }
        resumed
    }

    fn forget_session(&self, session: &mut Session) {
        let profile = self.profile();
        session.settle_down();
        session.statuses.clear();
        if profile.is_core() {
            session.config = None;
        }
        if profile.is_noweb() {
            session
                .store
                .iter_mut()
                .for_each(|message| message.known_as_api = false);
        }
    }
}
