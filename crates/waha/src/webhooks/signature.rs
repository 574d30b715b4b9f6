//! Proof that a webhook comes from the WAHA that holds our key: HMAC-SHA512 over the raw bytes
//! (WAHA §7.2).
//!
//! Check it before the body is parsed. It covers neither the path nor the headers, and a retry has
//! the same one.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha512;

/// The value of `X-Webhook-Hmac`.
#[derive(Clone)]
pub struct Signature([u8; 64]);

impl Signature {
    /// The name of the header that carries it.
    pub const HEADER: &'static str = "x-webhook-hmac";

    /// Reads the header's value: 128 hexadecimal digits.
    pub fn from_header(value: &str) -> Option<Self> {
        let mut bytes = [0; 64];
        hex::decode_to_slice(value.trim(), &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// What WAHA would write for this body.
    pub fn of(key: &SecretString, body: &[u8]) -> Self {
        Self(mac(key, body).finalize().into_bytes().into())
    }

    /// Whether the holder of `key` signed exactly these bytes. Takes the same time whatever is
    /// wrong.
    #[must_use]
    pub fn proves(&self, key: &SecretString, body: &[u8]) -> bool {
        mac(key, body).verify_slice(&self.0).is_ok()
    }
}

impl fmt::Display for Signature {
    /// Lower-case hexadecimal, as in the header.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(…)")
    }
}

fn mac(key: &SecretString, body: &[u8]) -> Hmac<Sha512> {
    let key = key.expose_secret().as_bytes();
    let mut mac = Hmac::<Sha512>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(body);
    mac
}
