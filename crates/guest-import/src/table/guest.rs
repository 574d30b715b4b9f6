//! From a row to a guest.

use std::borrow::Cow;

use csv::ByteRecord;
use domain::phone_number::Country;

use super::{columns::Column, header::Header, quotation::Quotation, rows::Row};
use crate::{
    DraftGuest, Field, LineProblem,
    encoding::text,
    phones::{self, Kind, Written},
    written::{is_blank_text, is_failed_formula, is_name, language, tidy},
};

/// Reads one row. What breaks the table itself is told before what is wrong in a cell.
pub(crate) fn read(
    row: &Row<'_>,
    header: &Header,
    country: Country,
) -> Result<DraftGuest, LineProblem> {
    check_shape(row, header)?;
    let cells = Cells {
        header,
        cells: row.cells,
    };
    Ok(DraftGuest {
        name: cells
            .name()?
            .filter(|name| is_name(name))
            .ok_or(LineProblem::MissingName)?,
        phone: phones::choose(cells.phones(), country)?,
        household: tidy(&cells.first(Column::Household), Field::Household)?,
        side: tidy(&cells.first(Column::Side), Field::Side)?,
        language: language(&cells.first(Column::Language))?,
    })
}

fn check_shape(row: &Row<'_>, header: &Header) -> Result<(), LineProblem> {
    if row.swallows_rows() {
        return Err(match row.quotation {
            Quotation::Open => LineProblem::OpenQuote,
            _ => LineProblem::RunsOverLines { last: row.last },
        });
    }
    let mut beyond = row.cells.iter().skip(header.width);
    if beyond.any(|cell| !is_blank_text(&text(cell, None))) {
        return Err(LineProblem::ExtraCells);
    }
    Ok(())
}

/// A row's cells, found by what they hold.
struct Cells<'a> {
    header: &'a Header,
    cells: &'a ByteRecord,
}

impl<'a> Cells<'a> {
    fn all(&self, wanted: Column) -> impl Iterator<Item = Cow<'a, str>> {
        self.header
            .places(wanted)
            .filter_map(|place| self.cells.get(place))
            .map(|cell| text(cell, None))
            // a phone number that a formula did not find is told, as any other that cannot be read
            .filter(move |cell| {
                !is_blank_text(cell)
                    && (matches!(wanted, Column::Phone(_)) || !is_failed_formula(cell))
            })
    }

    /// The first cell of that column, or its namesakes, that holds something.
    fn first(&self, wanted: Column) -> Cow<'a, str> {
        self.all(wanted).next().unwrap_or_default()
    }

    fn name(&self) -> Result<Option<String>, LineProblem> {
        let whole = self.first(Column::FullName);
        if !is_blank_text(&whole) {
            return tidy(&whole, Field::Name);
        }
        let name = self.first(Column::Name);
        let is_given_name =
            self.header.has(Column::FamilyName) && !self.header.has(Column::GivenName);
        if !is_given_name && !is_blank_text(&name) {
            return tidy(&name, Field::Name);
        }
        let given = match self.first(Column::GivenName) {
            given if is_blank_text(&given) => name,
            given => given,
        };
        let middle = self.first(Column::MiddleName);
        let family = self.first(Column::FamilyName);
        tidy(&[given, middle, family].join(" "), Field::Name)
    }

    fn phones(&self) -> Vec<Written> {
        [Kind::Mobile, Kind::Phone, Kind::Place]
            .into_iter()
            .flat_map(|kind| {
                self.all(Column::Phone(kind)).map(move |cell| Written {
                    kind,
                    text: cell.into_owned(),
                })
            })
            .collect()
    }
}
