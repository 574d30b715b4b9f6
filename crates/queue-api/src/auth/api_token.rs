//! The secret of an API token: `wq_` and 256 random bits. Only its hash is ever stored; with so many bits a plain hash
//! is enough, there is nothing to guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::Dice;
use rand::RngExt;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// So that a leaked token can be recognised for what it is.
const PREFIX: &str = "wq_";

/// A fresh secret.
pub(crate) fn new_secret(dice: &Dice) -> SecretString {
    let bits: [u8; 32] = dice.roll(RngExt::random);
    SecretString::from(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bits)))
}

/// What is stored of a secret: SHA-256, hexadecimal.
pub(crate) fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}
