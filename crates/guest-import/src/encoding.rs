//! From bytes to text. The whole file is rewritten only when it is UTF-16; everything else is decoded piece by piece,
//! so that one cell in another encoding does not spoil the rest.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of a file is looked at to see whether it is text.
const SAMPLE_BYTES: usize = 4096;

/// The file without its byte-order mark; UTF-16 becomes UTF-8.
pub(crate) fn without_mark(file: &[u8]) -> Cow<'_, [u8]> {
    match Encoding::for_bom(file).or_else(|| unmarked_utf_16(file)) {
        None => Cow::Borrowed(file),
        Some((encoding, mark)) if encoding == UTF_8 => Cow::Borrowed(&file[mark..]),
        Some((utf_16, mark)) => {
            let (text, _) = utf_16.decode_without_bom_handling(&file[mark..]);
            Cow::Owned(text.into_owned().into_bytes())
        }
    }
}

/// Cards and headers begin with Latin letters, so the zero bytes of the first two tell UTF-16 and its byte order.
fn unmarked_utf_16(file: &[u8]) -> Option<(&'static Encoding, usize)> {
    match file {
        [a, 0, b, 0, ..] if *a.min(b) > 0 => Some((UTF_16LE, 0)),
        [0, a, 0, b, ..] if *a.min(b) > 0 => Some((UTF_16BE, 0)),
        _ => None,
    }
}

/// Whether this is something else than text.
pub(crate) fn is_binary(file: &[u8]) -> bool {
    file[..file.len().min(SAMPLE_BYTES)].contains(&0)
}

/// UTF-8 wherever the bytes are that, whatever the file says of itself: other encodings look like it only by a rare accident.
/// Else the named encoding, else Windows-1252, of which Latin-1 is a part.
pub(crate) fn text<'a>(bytes: &'a [u8], named: Option<&str>) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let encoding = named
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .filter(|encoding| *encoding != UTF_8)
        .unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0
}
