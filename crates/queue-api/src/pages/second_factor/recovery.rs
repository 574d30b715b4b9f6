//! Recovery codes: 128 random bits each, so that a plain hash is enough (ASVS 5.0, 6.5.2), in letters that are not mistaken for one another.

use base32::Alphabet;
use chassis::Dice;
use rand::RngExt;

use crate::auth::hash;

/// How many there are.
const COUNT: usize = 10;
/// Bytes of each: 26 letters (ASVS 5.0, 11.5.1).
const BYTES: usize = 16;
/// Letters in a group, for the eye.
const GROUP: usize = 4;

/// Fresh codes, as they are shown.
pub(super) fn fresh(dice: &Dice) -> Vec<String> {
    (0..COUNT)
        .map(|_| {
            let bytes: [u8; BYTES] = dice.roll(RngExt::random);
            let letters = base32::encode(Alphabet::Crockford, &bytes).to_lowercase();
            let groups: Vec<_> = letters
                .as_bytes()
                .chunks(GROUP)
                .map(String::from_utf8_lossy)
                .collect();
            groups.join("-")
        })
        .collect()
}

/// What is stored of a code, however it was typed. `None`: no code looks like that.
pub(super) fn hash_of(typed: &str) -> Option<String> {
    let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    let bytes = base32::decode(Alphabet::Crockford, &letters.to_uppercase())?;
    (bytes.len() == BYTES).then(|| hash(&hex::encode(bytes)))
}

#[cfg(test)]
#[path = "../../../tests/unit/recovery_codes.rs"]
mod tests;
