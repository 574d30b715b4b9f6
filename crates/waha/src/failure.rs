//! Why a session is FAILED, where WAHA says so (WAHA §2.7).
//!
//! No release was recorded that says it. So every text and code that whatsmeow or an engine is known to use is looked for, wherever
//! it stands.

use serde_json::Value;

/// Why a session is FAILED. Of several causes that are told, the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureCause {
    /// The last QR code expired before a phone scanned it.
    CodesUsedUp,
    /// The phone removed this device.
    Unlinked,
    /// WhatsApp no longer accepts the engine's release.
    ClientOutdated,
    /// WhatsApp restricted or banned the account.
    Restricted,
}

/// Parts of a text without case, spaces and punctuation, and what they mean.
const WORDS: [(&str, FailureCause); 18] = [
    ("banned", FailureCause::Restricted),
    ("tempban", FailureCause::Restricted),
    ("temporaryban", FailureCause::Restricted),
    ("restricted", FailureCause::Restricted),
    ("accountlocked", FailureCause::Restricted),
    ("primarydevicewasloggedout", FailureCause::Restricted),
    ("loggedoutforunknownreason", FailureCause::Restricted),
    ("outdated", FailureCause::ClientOutdated),
    ("outofdate", FailureCause::ClientOutdated),
    ("useragentwasrejected", FailureCause::ClientOutdated),
    ("loggedout", FailureCause::Unlinked),
    ("loggedoff", FailureCause::Unlinked),
    ("deviceremoved", FailureCause::Unlinked),
    ("unpaired", FailureCause::Unlinked),
    ("unlinked", FailureCause::Unlinked),
    ("qrrefsattemptsended", FailureCause::CodesUsedUp),
    ("qrtimeout", FailureCause::CodesUsedUp),
    ("qrcodetimeout", FailureCause::CodesUsedUp),
];

impl FailureCause {
    /// The cause that a JSON value names, such as the `data` of a `session.status`.
    pub fn find(value: &Value) -> Option<Self> {
        in_value(None, value)
    }
}

fn in_value(key: Option<&str>, value: &Value) -> Option<FailureCause> {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| says_something(value))
            .filter_map(|(key, value)| in_text(key).max(in_value(Some(key), value)))
            .max(),
        Value::Array(values) => values.iter().filter_map(|value| in_value(key, value)).max(),
        // whatsmeow's last item of the series of QR codes; elsewhere the word means a connection
        Value::String(text) if text == "timeout" && key.is_some_and(is_event) => {
            Some(FailureCause::CodesUsedUp)
        }
        Value::String(text) => in_text(text).max(code_in(key, text).and_then(of_code)),
        Value::Number(code) if key.is_some_and(is_code) => code.as_u64().and_then(of_code),
        _ => None,
    }
}

/// `{"banned": false}` names no cause.
fn says_something(value: &Value) -> bool {
    let zero = value.as_f64() == Some(0.0);
    !(zero || value.is_null() || *value == Value::Bool(false) || *value == "")
}

fn in_text(text: &str) -> Option<FailureCause> {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    let found = WORDS.iter().filter(|(word, _)| plain.contains(word));
    found.map(|(_, cause)| *cause).max()
}

fn is_code(key: &str) -> bool {
    ["code", "reason", "statuscode"].contains(&key.to_ascii_lowercase().as_str())
}

fn is_event(key: &str) -> bool {
    key.eq_ignore_ascii_case("event")
}

/// The code of a text such as `403: primary device was logged out`; a bare number is one only where a code belongs.
fn code_in(key: Option<&str>, text: &str) -> Option<u64> {
    let bare = Some(text).filter(|_| key.is_some_and(is_code));
    let code = text.split_once(": ").map(|(code, _)| code).or(bare)?;
    code.trim().parse().ok()
}

/// whatsmeow's connect failures, and its reasons of a temporary ban (101 to 106).
const fn of_code(code: u64) -> Option<FailureCause> {
    match code {
        401 => Some(FailureCause::Unlinked),
        101..=106 | 402 | 403 | 406 => Some(FailureCause::Restricted),
        405 | 409 => Some(FailureCause::ClientOutdated),
        _ => None,
    }
}
