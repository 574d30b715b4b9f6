//! A section for a terminal.

use std::fmt::Write as _;

use super::{Section, verdict};

/// The section as aligned columns.
pub(crate) fn table(section: &Section) -> String {
    let header = ["", "promised", "measured", "holds"].map(str::to_owned);
    let lines = section.lines.iter().map(|line| {
        [
            line.on.clone(),
            line.promised.to_owned(),
            line.measured.clone(),
            verdict(line.holds).to_owned(),
        ]
    });
    let rows: Vec<_> = std::iter::once(header).chain(lines).collect();
    let widths: Vec<usize> = (0..4)
        .map(|column| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        })
        .collect();
    let mut text = format!("\n{}\n", section.title);
    for row in &rows {
        for (cell, width) in row.iter().zip(&widths) {
            // writing to a String cannot fail
            let _ = write!(text, "  {cell:<width$}");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}
