//! What the integration tells of a session, and the calls that pair and steer it.
//!
//! | call | answer |
//! | --- | --- |
//! | `GET /sessions/{session}` | [`SessionView`] |
//! | `GET /sessions/{session}/qr` | [`QrReply`]; 409 `not_waiting_for_scan` |
//! | `GET /sessions/{session}/qr.png` | PNG bytes |
//! | `POST /sessions/{session}/pairing-code` with [`PairingCodeRequest`] | [`PairingCodeReply`] |
//! | `POST /sessions/{session}/link` with [`LinkRequest`] | [`LinkReply`] |
//! | `GET /sessions/{session}/passkey` | [`PasskeyReply`]; 409 `passkey_not_supported` |
//! | `POST /sessions/{session}/passkey` with [`PasskeyAnswerRequest`] | 204; 409, 422 and 502 with a code |
//! | `POST /sessions/{session}/passkey/confirm` with [`PasskeyConfirmRequest`] | 204; 409 and 502 with a code |
//! | `POST /sessions/{session}/start`, `/restart`, `/logout` | [`SessionView`] |

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    chat_id::ChatId,
    linking::{LinkWait, LogOutPermission},
    release::Capping,
    session::{SessionProblem, SessionState},
};

/// A session at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// What it can do.
    pub state: SessionState,
    /// Why not more, when there is something to say.
    pub problem: Option<SessionProblem>,
    /// Who is logged in.
    pub own: Option<OwnAccount>,
    /// A restriction by WhatsApp that is in force.
    pub restriction: Option<Restriction>,
    /// What it says of the messages that the account may still send; `None`: that cannot be read.
    #[serde(default)]
    pub capping: Option<CappingSeen>,
    /// WAHA's version and engine, when it told.
    pub server: Option<String>,
    /// When this was read.
    pub at: Timestamp,
}

/// The account a session is logged in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    /// Its phone chat.
    pub chat: ChatId,
    /// Its chat by hidden id, where WAHA tells it.
    #[serde(default)]
    pub lid: Option<ChatId>,
    /// The name it shows.
    pub name: Option<String>,
}

/// WhatsApp keeps the account from writing to people it does not know (WAHA §2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// When it ends, if it says so.
    pub until: Option<Timestamp>,
}

/// Brings a session to its QR code, or back to its connection.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct LinkRequest {
    /// Whether a FAILED session may be logged out.
    pub log_out: LogOutPermission,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkReply {
    /// What the session waits for now.
    pub waits_for: LinkWait,
    /// The session now; absent while a step is under way.
    pub view: Option<SessionView>,
}

/// What WhatsApp says of the messages that the account may still send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CappingSeen {
    /// The capping; `None`: there is none.
    pub in_force: Option<Capping>,
}

/// The text of a QR code: encode it as it is. A login secret: never log or store it.
#[derive(Clone, Serialize, Deserialize)]
pub struct QrReply {
    /// The text.
    pub text: String,
}

/// Asks for a pairing code instead of a QR code.
#[derive(Clone, Serialize, Deserialize)]
pub struct PairingCodeRequest {
    /// The own number, digits with country code.
    pub phone: String,
}

/// The code to type on the phone. A login secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct PairingCodeReply {
    /// Such as `ABCD-EFGH`.
    pub code: String,
}

/// What WhatsApp asks of an account with a passkey; both absent while it asks nothing. A login secret: never log or store it.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct PasskeyReply {
    /// The challenge to sign.
    pub challenge: Option<PasskeyChallenge>,
    /// The code to compare.
    pub confirmation: Option<PasskeyConfirmation>,
}

/// A challenge. A login secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct PasskeyChallenge {
    /// `PublicKeyCredentialRequestOptionsJSON` as text, exactly as WAHA gave it.
    pub options: String,
    /// How long an answer is still taken, in milliseconds.
    pub expires_in_ms: u64,
    /// An answer to this challenge was handed to WAHA.
    pub answered: bool,
    /// An earlier challenge of this link was answered, and WhatsApp asks again.
    pub asked_again: bool,
    /// The integration was started after the challenge was made: an answer may have been handed on. No answer is taken.
    #[serde(default)]
    pub uncertain: bool,
}

/// The code that the phone shows too. A login secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct PasskeyConfirmation {
    /// Such as `1234`.
    pub code: String,
    /// It was confirmed.
    pub confirmed: bool,
}

/// The answer to a challenge. A login secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct PasskeyAnswerRequest {
    /// `AuthenticationResponseJSON` as text, exactly as the browser gave it.
    pub assertion: String,
}

/// Says that the phone shows the same code.
#[derive(Clone, Serialize, Deserialize)]
pub struct PasskeyConfirmRequest {
    /// The code that was compared.
    pub code: String,
}
