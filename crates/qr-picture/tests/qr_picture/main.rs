//! Both pictures are read back, square by square, and compared with the code of the text.
#![expect(
    clippy::unwrap_used,
    reason = "what a test reads a picture with fails like the test itself"
)]

use fast_qr::{ECL, qr::QRBuilder};
use qr_picture::{QrPicture, TooLong};
use rstest::rstest;

/// What a `wa.me` link looks like.
const LINK: &str =
    "https://wa.me/393470000001?text=Ciao%20Giulia%20e%20Marco%21%20%F0%9F%92%8C%20K7M-Q4XR-P2W9";

/// Rows of squares; dark ones are true.
type Squares = Vec<Vec<bool>>;

/// The code of the text with four rows and columns of white around.
fn code_of(text: &str) -> Squares {
    let Ok(code) = QRBuilder::new(text).ecl(ECL::M).build() else {
        panic!("it fits");
    };
    let side = code.size + 8;
    let dark = |y: usize, x: usize| {
        (4..code.size + 4).contains(&y)
            && (4..code.size + 4).contains(&x)
            && code[y - 4][x - 4].value()
    };
    (0..side)
        .map(|y| (0..side).map(|x| dark(y, x)).collect())
        .collect()
}

/// Reads `M<x> <y>h<n>v1h-<n>z…` of the dark path.
fn read_svg(svg: &str) -> Squares {
    let side: usize = between(svg, "viewBox=\"0 0 ", " ").parse().unwrap();
    let mut squares = vec![vec![false; side]; side];
    let bars = svg.rsplit("d=\"").next().unwrap();
    let bars = bars.split('"').next().unwrap();
    for bar in bars.split('M').skip(1) {
        let x: usize = bar.split(' ').next().unwrap().parse().unwrap();
        let y: usize = between(bar, " ", "h").parse().unwrap();
        let length: usize = between(bar, "h", "v").parse().unwrap();
        assert_eq!(bar, format!("{x} {y}h{length}v1h-{length}z"));
        squares[y][x..x + length].fill(true);
    }
    squares
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap().1;
    rest.split_once(after).unwrap().0
}

/// Reads a grey PNG of one bit per pixel whose data are stored blocks; every pixel of a square must be alike.
fn read_png(png: &[u8], scale: usize) -> Squares {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(
        (&png[12..16], &png[24..29]),
        (&b"IHDR"[..], &[1, 0, 0, 0, 0][..])
    );
    let (width, height) = (number(16), number(20));
    assert_eq!(width, height);
    assert_eq!(&png[37..41], b"IDAT");
    let rows = stored(&png[41..41 + number(33)]);
    let row_bytes = 1 + width.div_ceil(8);
    assert_eq!(rows.len(), row_bytes * height);
    let dark = |x: usize, y: usize| {
        let row = &rows[y * row_bytes..(y + 1) * row_bytes];
        assert_eq!(row[0], 0, "not filtered");
        row[1 + x / 8] & (0x80 >> (x % 8)) == 0
    };
    let side = width / scale;
    let square = |x: usize, y: usize| {
        let shade = dark(x * scale, y * scale);
        for pixel in 0..scale * scale {
            let (dx, dy) = (pixel % scale, pixel / scale);
            assert_eq!(dark(x * scale + dx, y * scale + dy), shade);
        }
        shade
    };
    (0..side)
        .map(|y| (0..side).map(|x| square(x, y)).collect())
        .collect()
}

/// The content of a zlib stream of stored blocks.
fn stored(zlib: &[u8]) -> Vec<u8> {
    let mut rest = &zlib[2..];
    let mut content = Vec::new();
    loop {
        let last = rest[0] == 1;
        let length = usize::from(u16::from_le_bytes([rest[1], rest[2]]));
        content.extend(&rest[5..5 + length]);
        rest = &rest[5 + length..];
        if last {
            return content;
        }
    }
}

#[rstest]
#[case("A")]
#[case(LINK)]
#[case(&LINK.repeat(20))]
fn both_pictures_are_the_code_of_the_text(#[case] text: &str) {
    let picture = QrPicture::of(text).unwrap();
    let expected = code_of(text);
    assert!(
        read_svg(&picture.svg()) == expected,
        "the SVG is another code"
    );
    for scale in [1, 4, 12] {
        let read = read_png(&picture.png(scale), scale);
        assert!(read == expected, "the PNG is another code at {scale}");
    }
    assert!(code_of("another text") != expected);
}

#[test]
fn what_no_code_holds_is_refused() {
    assert_eq!(QrPicture::of(&"x".repeat(3_000)).unwrap_err(), TooLong);
}

#[test]
fn a_picture_does_not_show_its_text_in_a_log() {
    let shown = format!("{:?}", QrPicture::of(LINK).unwrap());
    assert_eq!(shown, "QrPicture(…)");
}
