//! Sessions that are FAILED: WhatsApp refuses the engine or its login, or nobody scanned (WAHA §2.7).
//!
//! What WAHA tells with it was not recorded. The data told here has whatsmeow's own words.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::misbehaviour::Misbehaviour;
use crate::waha::Waha;
use crate::world::session::{Refused, Status};

/// Why a session fails that is not refused.
#[derive(Clone, Copy)]
pub(super) enum Ended {
    /// The phone removed the device.
    Login,
    /// Nobody scanned.
    QrCodes,
}

impl Waha {
    /// The session is FAILED. No release was seen to say why; see [`Misbehaviour::FailuresSayWhy`].
    pub(super) fn fail(self: &Arc<Self>, name: &str, ended: Ended) {
        let data = match ended {
            _ if !self.switches().is_on(&Misbehaviour::FailuresSayWhy) => Value::Null,
            Ended::Login => {
                json!({"event": "LoggedOut", "reason": "401: logged out from another device"})
            }
            Ended::QrCodes => json!({"event": "timeout"}),
        };
        self.set_status_with(name, Status::Failed, &data);
    }

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
