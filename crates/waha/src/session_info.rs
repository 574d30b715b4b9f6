//! What WAHA tells about a session (WAHA §2.3, §2.4, §2.6). All but name and status may be absent.

use serde::Deserialize;
use serde_json::Value;

use crate::chat_id::ChatId;
use crate::failure::FailureCause;
use crate::lenient;
use crate::session_config::SessionConfig;

/// The state of a session.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum SessionStatus {
    /// Not running.
    Stopped,
    /// On its way; after `Working` this is usually a short network loss.
    Starting,
    /// Waits for a scan or a pairing code.
    ScanQrCode,
    /// The account asks for a passkey (GOWS, 2026.7.1 and later).
    PasskeyRequired,
    /// The passkey must be confirmed on the phone.
    PasskeyConfirmationRequired,
    /// Connected.
    Working,
    /// Given up: the last QR expired, the phone was unlinked, the number is banned, or the release is
    /// too old for WhatsApp. Only a restart or a logout leads out.
    Failed,
    /// A status of a version we do not know; to be treated as not working.
    Unknown(String),
}

impl From<String> for SessionStatus {
    fn from(name: String) -> Self {
        match name.as_str() {
            "STOPPED" => Self::Stopped,
            "STARTING" => Self::Starting,
            "SCAN_QR_CODE" => Self::ScanQrCode,
            "PASSKEY_REQUIRED" => Self::PasskeyRequired,
            "PASSKEY_CONFIRMATION_REQUIRED" => Self::PasskeyConfirmationRequired,
            "WORKING" => Self::Working,
            "FAILED" => Self::Failed,
            _ => Self::Unknown(name),
        }
    }
}

/// A session as WAHA describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct SessionInfo {
    /// Its name inside this WAHA.
    pub name: String,
    /// Its state.
    pub status: SessionStatus,
    /// Its configuration; absent when never set, or forgotten at a restart (free versions before
    /// 2026.6.1).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub config: Option<SessionConfig>,
    /// The account. Also there after a pairing code was asked for, and after the device was
    /// unlinked: only `Working` proves a login.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub me: Option<Me>,
    /// The presence that was last set: `online`, `offline`, or none when it never was.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub presence: Option<String>,
    /// The engine's own part, as it is.
    #[serde(default)]
    pub engine: Value,
    /// What belongs to the status, where a release tells it here too.
    #[serde(default)]
    pub data: Value,
}

impl SessionInfo {
    /// Why the session is FAILED, where this says so.
    pub fn failure_cause(&self) -> Option<FailureCause> {
        let said = FailureCause::find(&self.engine).max(FailureCause::find(&self.data));
        said.filter(|_| self.status == SessionStatus::Failed)
    }

    /// Whether WAHA says that the account is shown as online.
    pub fn shows_online(&self) -> bool {
        self.presence.as_deref() == Some("online")
    }
}

/// The account a session is logged in with.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Its phone chat id.
    pub id: ChatId,
    /// Its hidden id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub lid: Option<ChatId>,
    /// The name it shows to others (`~` before the login).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub push_name: Option<String>,
    /// A restriction on writing to new people, when one was ever seen (2026.7.2 and later).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reachout_timelock: Option<Timelock>,
    /// A quota of messages, when one was ever seen (2026.8.1 and later, GOWS).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message_capping: Option<MessageCapping>,
}

impl std::fmt::Debug for Me {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Me")
            .field("reachout_timelock", &self.reachout_timelock)
            .field("message_capping", &self.message_capping)
            .finish_non_exhaustive()
    }
}

/// "This account may not write to new people": error 463 in another form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Timelock {
    /// Why; an open set of words.
    #[serde(deserialize_with = "lenient::or_none")]
    pub enforcement_type: Option<String>,
    /// Whether it holds now. Its end is announced with `false`.
    pub is_active: bool,
    /// When it ends, in unix seconds.
    #[serde(deserialize_with = "lenient::number")]
    pub time_enforcement_ends: Option<i64>,
}

impl Timelock {
    /// Reads the bare object, or one that holds it as `reachoutTimelock` (as `me` and
    /// `payload.data` do).
    pub fn find(value: &Value) -> Option<Self> {
        let value = value.get("reachoutTimelock").unwrap_or(value);
        value.get("isActive")?;
        Self::deserialize(value).ok()
    }
}

/// How many messages WhatsApp lets the account send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageCapping {
    /// `NONE`, `FIRST_WARNING`, `SECOND_WARNING`, `CAPPED`.
    #[serde(deserialize_with = "lenient::or_none")]
    pub capping_status: Option<String>,
    /// The quota; −1 is no cap.
    #[serde(deserialize_with = "lenient::number")]
    pub total_quota: Option<i64>,
    /// How much of it is used.
    #[serde(deserialize_with = "lenient::number")]
    pub used_quota: Option<i64>,
    /// Since when it counts, in unix seconds.
    #[serde(deserialize_with = "lenient::number")]
    pub cycle_start: Option<i64>,
    /// When it starts anew, in unix seconds.
    #[serde(deserialize_with = "lenient::number")]
    pub cycle_end: Option<i64>,
}

impl MessageCapping {
    /// Reads the bare object, or one that holds it as `messageCapping` (as `me` and `payload.data` do).
    pub fn find(value: &Value) -> Option<Self> {
        let value = value.get("messageCapping").unwrap_or(value);
        value.get("cappingStatus")?;
        Self::deserialize(value).ok()
    }
}
