//! WhatsApp refuses the engine: a banned account, or a release that is too old. The session is FAILED (WAHA §2.7).
//!
//! What WAHA tells with it was not recorded. The data told here has whatsmeow's own words.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::waha::Waha;
use crate::world::session::{Refused, Status};

impl Waha {
    /// WhatsApp refuses the running session from now on. `told`: WAHA says why.
    pub(crate) fn refuse(self: &Arc<Self>, name: &str, refused: Refused, told: bool) {
        self.change(name, |session| {
            session.refused = Some((refused, told));
            session.connected = false;
            session.run += 1;
        });
        self.is_refused(name);
    }

    /// Whether the session ends FAILED instead of logging in or showing QR codes.
    pub(super) fn is_refused(self: &Arc<Self>, name: &str) -> bool {
        let refused = self.change(name, |session| {
            let has_login = session.login.is_some();
            session
                .refused
                .filter(|(refused, _)| has_login || *refused == Refused::Outdated)
        });
        let Some((refused, told)) = refused.flatten() else {
            return false;
        };
        let data = if told { reason(refused) } else { Value::Null };
        self.set_status_with(name, Status::Failed, &data);
        true
    }
}

fn reason(refused: Refused) -> Value {
    match refused {
        Refused::Banned => json!({
            "event": "TemporaryBan",
            "reason": "temporarily banned: 101: you sent too many messages to people who don't have you in their address books",
        }),
        Refused::Outdated => json!({"event": "err-client-outdated"}),
    }
}
