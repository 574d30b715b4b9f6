//! The identifiers WAHA and WhatsApp make up, in the forms that were recorded.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::{Rng, RngExt as _};

const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TOKEN: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const CODE: &[u8; 32] = b"123456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// A WhatsApp message id as the web clients make it: `3EB0` and 18 hexadecimal digits.
pub(crate) fn raw_message_id(rng: &mut impl Rng) -> String {
    let bytes: [u8; 9] = rng.random();
    format!("3EB0{}", hex::encode_upper(bytes))
}

/// An envelope id: `evt_` and a lower-case ULID of this millisecond (WAHA §7.1).
pub(crate) fn event_id(now_ms: i64, rng: &mut impl Rng) -> String {
    let time = u64::try_from(now_ms).unwrap_or_default();
    let mut id = String::from("evt_");
    for place in (0..10).rev() {
        id.push(letter(CROCKFORD, (time >> (5 * place)) & 31));
    }
    for _ in 0..16 {
        id.push(pick(CROCKFORD, rng));
    }
    id
}

/// The opaque token of one webhook delivery, the same across its retries.
pub(crate) fn request_id(rng: &mut impl Rng) -> String {
    (0..17).map(|_| pick(TOKEN, rng)).collect()
}

/// A pairing code, `ABCD-1234`.
pub(crate) fn pairing_code(rng: &mut impl Rng) -> String {
    let mut half = || (0..4).map(|_| pick(CODE, rng)).collect::<String>();
    format!("{}-{}", half(), half())
}

/// The text inside a login QR, `2@…,…,…,…`.
pub(crate) fn qr_text(rng: &mut impl Rng) -> String {
    let first: [[u8; 33]; 2] = [rng.random(), rng.random()];
    let mut part = || secret(rng);
    format!(
        "2@{},{},{},{}",
        STANDARD.encode(first.concat()),
        part(),
        part(),
        part()
    )
}

/// 32 random bytes in base64, as message secrets and keys are shown.
pub(crate) fn secret(rng: &mut impl Rng) -> String {
    let bytes: [u8; 32] = rng.random();
    STANDARD.encode(bytes)
}

/// A passkey challenge: 32 random bytes in base64url.
pub(crate) fn passkey_challenge(rng: &mut impl Rng) -> String {
    let bytes: [u8; 32] = rng.random();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// 10 random bytes in base64, as the hash of a sender's device list is shown.
pub(crate) fn key_hash(rng: &mut impl Rng) -> String {
    let bytes: [u8; 10] = rng.random();
    STANDARD.encode(bytes)
}

fn pick(alphabet: &[u8], rng: &mut impl Rng) -> char {
    char::from(alphabet[rng.random_range(0..alphabet.len())])
}

fn letter(alphabet: &[u8], index: u64) -> char {
    char::from(alphabet[usize::try_from(index).unwrap_or_default()])
}
