//! Merged cells: the text stands in the first one only, but people read it in all of them.

use std::collections::HashMap;

use calamine::Dimensions;

use super::rows::SheetRow;
use crate::{
    MAX_LINES,
    table::header::{Header, MAX_COLUMNS},
};

/// The merged cells of a sheet.
pub(super) struct MergedCells {
    /// From the last row up.
    regions: Vec<Region>,
    /// By column, the last row of a region that has begun, and its text.
    open: HashMap<usize, (u32, String)>,
}

struct Region {
    /// From 1, as rows are numbered.
    first_row: u32,
    last_row: u32,
    first_column: usize,
    last_column: usize,
}

impl MergedCells {
    pub(super) fn new(merged: Vec<Dimensions>) -> Self {
        let regions = merged.into_iter().map(|cells| Region {
            first_row: cells.start.0.saturating_add(1),
            last_row: cells.end.0.saturating_add(1),
            first_column: cells.start.1 as usize,
            last_column: (cells.end.1 as usize).min(MAX_COLUMNS - 1),
        });
        let mut regions: Vec<_> = regions.take(MAX_LINES).collect();
        regions.sort_by_key(|region| std::cmp::Reverse(region.first_row));
        Self {
            regions,
            open: HashMap::new(),
        }
    }

    /// Repeats headers to the right: `Phone` over two columns names both.
    pub(super) fn fill_right(&self, row: &mut SheetRow) {
        let number = row.number;
        let regions = self.regions.iter();
        for region in regions.filter(|region| region.first_row == number) {
            let Some(text) = row.texts.get(region.first_column).cloned() else {
                continue;
            };
            for column in region.first_column..=region.last_column {
                row.fill(column, &text);
            }
        }
    }

    /// Repeats what stands in a row above: one household beside its people. A name is one guest's, so it is not repeated.
    pub(super) fn fill_down(&mut self, row: &mut SheetRow, header: &Header) {
        while let Some(region) = self.regions.pop_if(|region| region.first_row <= row.number) {
            if let Some(text) = row.texts.get(region.first_column)
                && region.first_row == row.number
            {
                let open = (region.last_row, text.clone());
                self.open.insert(region.first_column, open);
            }
        }
        for (place, column) in &header.columns {
            let open = self.open.get(place);
            if let Some((last_row, text)) = open
                && *last_row >= row.number
                && column.is_shared()
            {
                row.fill(*place, text);
            }
        }
    }
}
