//! SVG: one path of horizontal bars, so that no hairline shows between the squares of a row.

use std::fmt::Write as _;

use crate::QrPicture;

pub(crate) fn draw(picture: &QrPicture) -> String {
    let side = picture.side();
    let bars = path(picture);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{bars}"/></svg>"##
    )
}

/// Everything that is dark.
pub(crate) fn path(picture: &QrPicture) -> String {
    (0..picture.side()).map(|y| row(picture, y)).collect()
}

/// The bars of one row.
fn row(picture: &QrPicture, y: usize) -> String {
    let dark = |x: &usize| picture.is_dark(*x, y);
    let mut bars = String::new();
    let mut x = 0;
    while x < picture.side() {
        let length = (x..picture.side()).take_while(dark).count();
        if length > 0 {
            // a text takes whatever is written to it
            let _ = write!(bars, "M{x} {y}h{length}v1h-{length}z");
        }
        x += length + 1;
    }
    bars
}
