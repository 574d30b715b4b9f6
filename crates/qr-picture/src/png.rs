//! PNG: one bit per pixel, grey, stored (not compressed) deflate blocks. Small enough to be read in one go.

use crate::QrPicture;

/// The longest stored deflate block.
const BLOCK: usize = 65_535;

pub(crate) fn draw(picture: &QrPicture, scale: usize) -> Vec<u8> {
    let side = picture.side() * scale;
    let is_dark = |x: usize, y: usize| picture.is_dark(x / scale, y / scale);
    png(side, &rows(side, is_dark))
}

/// Each row begins with its filter byte; a set bit is white.
fn rows(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> Vec<u8> {
    let mut rows = Vec::with_capacity(side * (side / 8 + 2));
    for y in 0..side {
        rows.push(0);
        for byte in 0..side.div_ceil(8) {
            let white = |bit: usize| !is_dark(byte * 8 + bit, y);
            rows.push((0..8).fold(0, |bits, bit| (bits << 1) | u8::from(white(bit))));
        }
    }
    rows
}

fn png(side: usize, rows: &[u8]) -> Vec<u8> {
    let side = u32::try_from(side).unwrap_or_default().to_be_bytes();
    let mut header = [side, side].concat();
    // one bit, grey, deflate, filter 0, not interlaced
    header.extend([1, 0, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &zlib(rows));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let body = [&kind, data].concat();
    file.extend(u32::try_from(data.len()).unwrap_or_default().to_be_bytes());
    file.extend(&body);
    file.extend(crc32(&body).to_be_bytes());
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.len().div_ceil(BLOCK);
    for (index, block) in data.chunks(BLOCK).enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(index + 1 == blocks));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

fn adler32(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    (b << 16) | a
}
