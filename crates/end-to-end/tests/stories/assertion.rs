//! What a passkey makes of a challenge, without a passkey: complete, and signed by nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The random value in the options of a challenge.
pub(crate) fn challenge_of(options: &str) -> String {
    let options: Value = serde_json::from_str(options).expect("options");
    options["challenge"]
        .as_str()
        .expect("a challenge")
        .to_owned()
}

/// The signature of every answer, to be looked for where it must not be.
pub(crate) const SIGNATURE: &str = "MEUCIQDneedleOfASignature000";

/// The answer to that challenge, as a browser gives it.
pub(crate) fn assertion(challenge: &str) -> String {
    let client = client_data(challenge);
    let response = json!({ "clientDataJSON": client, "authenticatorData": "SZYN5YgO", "signature": SIGNATURE });
    let id = "AX8bTgH2";
    json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
}

/// What the browser says of the challenge, encoded.
pub(crate) fn client_data(challenge: &str) -> String {
    let client = json!({ "type": "webauthn.get", "challenge": challenge, "origin": "https://web.whatsapp.com" });
    URL_SAFE_NO_PAD.encode(client.to_string())
}
