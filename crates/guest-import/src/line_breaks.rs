//! Where lines end: at CR LF, at LF, and at a lone CR as very old programs write it. Tables and cards count alike.

/// The first byte after the line break that ends the line beginning at `from`, or the end of the file.
pub(crate) fn next_line(file: &[u8], from: usize) -> usize {
    let Some(length) = file[from..].iter().position(|b| is_break(*b)) else {
        return file.len();
    };
    let at = from + length;
    if file[at..].starts_with(b"\r\n") {
        at + 2
    } else {
        at + 1
    }
}

/// Whether this byte belongs to a line break.
pub(crate) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// The bytes without the line breaks at their end.
pub(crate) fn without_break(bytes: &[u8]) -> &[u8] {
    let breaks = bytes.iter().rev().take_while(|b| is_break(**b)).count();
    &bytes[..bytes.len() - breaks]
}

/// Turns growing byte offsets into line numbers, in one pass over the file.
pub(crate) struct LineCounter<'a> {
    file: &'a [u8],
    begins: usize,
    number: u32,
}

impl<'a> LineCounter<'a> {
    pub(crate) fn new(file: &'a [u8]) -> Self {
        Self {
            file,
            begins: 0,
            number: 1,
        }
    }

    /// The number of the line that holds the byte at `offset`, which is not before any offset asked earlier.
    pub(crate) fn line_of(&mut self, offset: usize) -> u32 {
        loop {
            let next = next_line(self.file, self.begins);
            if next > offset || next == self.file.len() {
                return self.number;
            }
            self.begins = next;
            self.number += 1;
        }
    }
}
