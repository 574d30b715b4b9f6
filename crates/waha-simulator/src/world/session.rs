//! One WAHA session: its status, its login, its configuration and its message store.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::store::Store;
use crate::address::ChatId;
use crate::config::Owner;
use crate::profile::{Engine, Profile};

/// A session's status, WAHA §2.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Not running.
    #[serde(rename = "STOPPED")]
    Stopped,
    /// Connecting.
    #[serde(rename = "STARTING")]
    Starting,
    /// Waits for somebody to scan.
    #[serde(rename = "SCAN_QR_CODE")]
    ScanQrCode,
    /// Waits for the answer to a passkey challenge (GOWS).
    #[serde(rename = "PASSKEY_REQUIRED")]
    PasskeyRequired,
    /// Waits until the code was compared with the phone's (GOWS).
    #[serde(rename = "PASSKEY_CONFIRMATION_REQUIRED")]
    PasskeyConfirmationRequired,
    /// Logged in and connected.
    #[serde(rename = "WORKING")]
    Working,
    /// Gave up: nobody scanned, or the device was unlinked.
    #[serde(rename = "FAILED")]
    Failed,
}

impl Status {
    /// As WAHA writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopped => "STOPPED",
            Self::Starting => "STARTING",
            Self::ScanQrCode => "SCAN_QR_CODE",
            Self::PasskeyRequired => "PASSKEY_REQUIRED",
            Self::PasskeyConfirmationRequired => "PASSKEY_CONFIRMATION_REQUIRED",
            Self::Working => "WORKING",
            Self::Failed => "FAILED",
        }
    }
}

/// The linked device's credentials, which are on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) lid: String,
    /// The phone removed the device; WhatsApp refuses these credentials from then on.
    pub(crate) revoked: bool,
}

impl Login {
    pub(crate) fn of(owner: &Owner) -> Self {
        Self {
            number: owner.number.clone(),
            name: owner.name.clone(),
            lid: owner.lid.clone(),
            revoked: false,
        }
    }
}

/// Why WhatsApp refuses the engine (WAHA §2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// The account is banned. Only a login of it is refused.
    Banned,
    /// The engine's release is too old.
    Outdated,
}

/// A restriction of the account (WAHA §2.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Timelock {
    pub(crate) active: bool,
    pub(crate) ends: DateTime<Utc>,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) config: Option<Value>,
    pub(crate) status: Status,
    /// The last few statuses with their times in ms, since the start.
    pub(crate) statuses: Vec<(Status, i64)>,
    /// Counts starts and stops: what was begun in an earlier run must not act in this one.
    pub(crate) run: u64,
    pub(crate) login: Option<Login>,
    /// WAHA has read the login and shows it as `me`.
    pub(crate) me_known: bool,
    /// A pairing code was asked for this number.
    pub(crate) code_asked: Option<CodeAsked>,
    pub(crate) qr: Option<String>,
    /// The passkey that WhatsApp waits for.
    pub(crate) passkey: Option<PendingPasskey>,
    /// Chats in which somebody else has written to this device.
    pub(crate) heard: BTreeSet<ChatId>,
    /// The engine's connection is up.
    pub(crate) connected: bool,
    pub(crate) online: Option<bool>,
    pub(crate) activity: Option<i64>,
    pub(crate) store: Store,
    pub(crate) timelock: Option<Timelock>,
    /// WhatsApp refuses the engine, and whether WAHA says why.
    pub(crate) refused: Option<(Refused, bool)>,
    /// Reading the store answers 422 now, and after so many more starts of the session.
    pub(crate) store_refused: Option<u32>,
    /// `messageCapping` as WAHA shows it; GOWS only.
    pub(crate) capping: Option<Value>,
    /// One operation at a time.
    pub(crate) operation: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeAsked {
    pub(crate) number: String,
    pub(crate) code: String,
}

/// A passkey challenge and what has become of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct PendingPasskey {
    /// `options.challenge`.
    pub(crate) challenge: String,
    pub(crate) options: Value,
    /// An answer to this challenge came.
    pub(crate) answered: bool,
    /// The code to compare, once WhatsApp sent it.
    pub(crate) code: Option<String>,
    pub(crate) confirmed: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            config: None,
            status: Status::Stopped,
            statuses: Vec::new(),
            run: 0,
            login: None,
            me_known: false,
            code_asked: None,
            qr: None,
            passkey: None,
            heard: BTreeSet::new(),
            connected: false,
            online: None,
            activity: None,
            store: Store::default(),
            timelock: None,
            refused: None,
            store_refused: None,
            capping: None,
            operation: Arc::default(),
        }
    }
}

impl Session {
    pub(crate) fn is_running(&self) -> bool {
        self.status != Status::Stopped
    }

    /// Linked to an account that still accepts it.
    pub(crate) fn is_linked(&self) -> bool {
        self.login.as_ref().is_some_and(|login| !login.revoked)
    }

    pub(crate) fn is_working(&self) -> bool {
        self.status == Status::Working && self.connected
    }

    /// Whether messages are kept and can be read back (WAHA §5.1).
    pub(crate) fn keeps_messages(&self, profile: Profile) -> bool {
        match profile.engine() {
            Engine::NoWeb => self.switch("/noweb/store/enabled") == Some(true),
            Engine::Gows => self.switch("/gows/storage/messages") != Some(false),
            Engine::WebJs => true,
        }
    }

    /// Whether the configuration asks to leave out this kind of chat (`groups`, `status`, …).
    pub(crate) fn ignores(&self, kind: &str) -> bool {
        self.switch(&format!("/ignore/{kind}")) == Some(true)
    }

    /// Goes back to the state of a session that is not running.
    pub(crate) fn settle_down(&mut self) {
        self.status = Status::Stopped;
        self.run += 1;
        self.me_known = false;
        self.code_asked = None;
        self.qr = None;
        self.passkey = None;
        self.connected = false;
        self.online = None;
        self.activity = None;
    }

    fn switch(&self, path: &str) -> Option<bool> {
        self.config.as_ref()?.pointer(path)?.as_bool()
    }
}
