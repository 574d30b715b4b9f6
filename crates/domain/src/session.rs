//! A session: one spouse's WhatsApp, by name, and the states it can be in.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The name of a session, such as `groom`: `[a-z][a-z0-9-]*`, at most 40 characters (design §2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionName(String);

/// The text is not a session's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a session name starts with a-z and holds only a-z, 0-9 and '-', at most 40 characters")]
pub struct InvalidSessionName;

impl SessionName {
    const MAX: usize = 40;

    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, InvalidSessionName> {
        let valid = text.len() <= Self::MAX
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSessionName)
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as it stands in environment variables: `WAHA_URL_<NAME>`.
    pub fn env_suffix(&self) -> String {
        self.0.to_ascii_uppercase().replace('-', "_")
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SessionName {
    type Err = InvalidSessionName;

    fn from_str(text: &str) -> Result<Self, InvalidSessionName> {
        Self::parse(text)
    }
}

impl TryFrom<String> for SessionName {
    type Error = InvalidSessionName;

    fn try_from(text: String) -> Result<Self, InvalidSessionName> {
        Self::parse(&text)
    }
}

impl From<SessionName> for String {
    fn from(name: SessionName) -> Self {
        name.0
    }
}

text_enum! {
    /// What a session can do at this moment (design §4).
    pub enum SessionState("session state") {
        /// Logged in: messages can go.
        Connected = "connected",
        /// Waits for somebody to scan the QR code.
        Qr = "qr",
        /// On its way to connected, or back to it after a short loss.
        Connecting = "connecting",
        /// WAHA is not there, its key is refused, or the session is stopped.
        Disconnected = "disconnected",
        /// Unlinked on the phone or given up: needs a new scan.
        Failed = "failed",
    }
}

text_enum! {
    /// Why a session is not connected, or is connected but degraded, in a word that people's sentences are made from.
    pub enum SessionProblem("session problem") {
        /// WAHA does not answer.
        WahaAway = "waha_away",
        /// WAHA refuses our key.
        KeyRefused = "key_refused",
        /// The session does not exist inside WAHA, or is stopped.
        SessionMissing = "session_missing",
        /// The message store cannot be read: missed messages cannot be found again.
        StoreOff = "store_off",
        /// WAHA is older than the oldest supported release: it is not configured, and nothing is sent.
        TooOld = "too_old",
        /// This release of WAHA has a known defect. Sending goes on.
        KnownBad = "known_bad",
        /// WAHA does not tell a release that can be read, so its defects are not known. Sending goes on.
        VersionUnknown = "version_unknown",
        /// FAILED: the last QR code expired before a phone scanned it.
        CodesUsedUp = "codes_used_up",
        /// FAILED: WAHA says that the phone removed this device.
        Unlinked = "unlinked",
        /// FAILED: WAHA says that WhatsApp restricted or banned the number, or a lock of the number suggests it.
        Restricted = "restricted",
        /// FAILED: WhatsApp no longer accepts this release of WAHA.
        ClientOutdated = "client_outdated",
        /// WhatsApp asks for a passkey: its challenge must be signed.
        PasskeyRequired = "passkey_required",
        /// WhatsApp shows a code on the phone, which must be compared.
        PasskeyConfirmationRequired = "passkey_confirmation_required",
        /// WAHA refuses the key for sending, and only for that.
        SendingForbidden = "sending_forbidden",
        /// The session is lost, or does not answer, again and again when something is to be sent.
        SendingUnstable = "sending_unstable",
        /// WAHA asks for fewer messages.
        SendingTooFast = "sending_too_fast",
        /// WAHA rejects every message as a bad request.
        SendingRejected = "sending_rejected",
        /// Nobody can say whether the last messages were sent.
        SendingUnclear = "sending_unclear",
        /// The same own number is linked to another session too.
        SameNumber = "same_number",
        /// No worker works on the session: nothing is sent.
        WorkerAway = "worker_away",
    }
}

impl SessionProblem {
    /// Whether the problem ends with another image of WAHA.
    pub const fn needs_another_image(self) -> bool {
        matches!(self, Self::TooOld | Self::KnownBad | Self::ClientOutdated)
    }

    /// Whether the problem says why a session has FAILED.
    pub const fn is_cause_of_failure(self) -> bool {
        matches!(
            self,
            Self::CodesUsedUp | Self::Unlinked | Self::Restricted | Self::ClientOutdated
        )
    }
}
