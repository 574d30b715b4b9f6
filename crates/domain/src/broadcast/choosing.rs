//! Which of several ways to say something a contact is told: always the same one, in every process and every version.

use crate::ids::ContactId;

/// Which of `of` alternatives the contact gets at a place of the template; `of` is at least 1.
///
/// The standard library's hash differs from process to process and may change: what was shown before the start must be what
/// is queued. FNV-1a tells contacts apart; its lowest bit alone is only a sum of bits, so that two places would always agree or
/// always differ: the mixing at the end makes every bit depend on all of them.
pub(super) fn choose(contact: ContactId, place: u64, of: usize) -> usize {
    let uuid = contact.as_uuid();
    let bytes = uuid
        .as_bytes()
        .iter()
        .chain(&place.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let of = u64::try_from(of).unwrap_or(u64::MAX).max(1);
    usize::try_from(mixed(bytes) % of).unwrap_or_default()
}

/// The last step of `MurmurHash3`.
const fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
