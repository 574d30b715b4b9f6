//! The `wa.me` link of an invitation's button and of its paper QR: it opens the chat with the text already written.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::phone_number::PhoneNumber;

/// All but RFC 3986's unreserved characters (§2.3); a space is `%20`, because `+` reaches some phones as a plus.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `https://wa.me/<digits>?text=<text>`. It holds a number and mostly a token: it is for people, never for a log.
pub fn wa_me_link(number: &PhoneNumber, text: &str) -> String {
    let digits = number.digits();
    let text = utf8_percent_encode(text, RESERVED);
    format!("https://wa.me/{digits}?text={text}")
}
