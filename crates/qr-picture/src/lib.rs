//! A text as a QR code, drawn as SVG or PNG: dark on white, with the quiet zone that readers need around it.
//!
//! Not for reading codes, and no opinion on what is in them. The rule that must hold: what is drawn is the text, and the
//! text is nowhere else, not in `{:?}` either: a code may be a login or an invitation.

mod png;
mod svg;

use std::fmt;

use fast_qr::{ECL, QRCode, qr::QRBuilder};

/// Modules of white around the code (ISO/IEC 18004 asks for four).
const QUIET_ZONE: usize = 4;

/// A QR code. A seventh of it may be covered or dirty (level M).
pub struct QrPicture {
    /// On the heap: it has room for the largest code there is.
    code: Box<QRCode>,
}

/// More text than any QR code holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLong;

impl QrPicture {
    /// Encodes `text`: up to some 2,300 bytes.
    pub fn of(text: &str) -> Result<Self, TooLong> {
        let code = QRBuilder::new(text).ecl(ECL::M).build();
        Ok(Self {
            code: Box::new(code.map_err(|_| TooLong)?),
        })
    }

    /// An SVG that is as large as the place it is put into.
    pub fn svg(&self) -> String {
        svg::draw(self)
    }

    /// The dark squares as the path of an SVG that is [`Self::side`] wide, for whoever draws the rest.
    pub fn path(&self) -> String {
        svg::path(self)
    }

    /// A PNG with squares of `scale` pixels: black and white, not compressed.
    pub fn png(&self, scale: usize) -> Vec<u8> {
        png::draw(self, scale)
    }

    /// Lines of block characters for a terminal.
    pub fn text(&self) -> String {
        self.code.to_str()
    }

    /// Modules on each side, the quiet zone included.
    pub fn side(&self) -> usize {
        self.code.size + 2 * QUIET_ZONE
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let (column, row) = (x.wrapping_sub(QUIET_ZONE), y.wrapping_sub(QUIET_ZONE));
        column < self.code.size && row < self.code.size && self.code[row][column].value()
    }
}

impl fmt::Debug for QrPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QrPicture(…)")
    }
}
