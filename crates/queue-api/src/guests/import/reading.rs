//! From a file to the lines that the list is asked about, and those that are refused before.

use std::collections::VecDeque;

use bytes::Bytes;
use chassis::Problem;
use domain::phone_number::Country;
use guest_import::{DraftGuest, Line, LineProblem};
use storage::ImportLine;

use super::file::unreadable;
use super::sides::Sides;

/// Why a line is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    /// For what it says.
    Line(LineProblem),
    /// It says whose guest somebody is, and no session is called like that.
    UnknownSide,
    /// Its number has to be confirmed.
    PhoneUnconfirmed,
}

impl Refusal {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Line(problem) => problem.code(),
            Self::UnknownSide => "unknown_side",
            Self::PhoneUnconfirmed => "phone_unconfirmed",
        }
    }

    /// `sessions`: the names of those there are.
    pub(super) fn sentence(self, sessions: &str) -> String {
        match self {
            Self::Line(problem) => problem.to_string(),
            Self::UnknownSide => format!(
                "nobody knows whose guest this is: write sposo, sposa or one of {sessions}, or leave it empty"
            ),
            Self::PhoneUnconfirmed => {
                "the number is not a mobile one, or its prefix is missing: correct it, or confirm it as it is shown"
                    .to_owned()
            }
        }
    }
}

/// A file that was read.
pub(super) struct Read {
    /// The good lines, to be looked for on the list.
    pub(super) good: Vec<ImportLine>,
    /// Of each good line the numbers that are not used.
    pub(super) other_phones: Vec<Vec<String>>,
    /// The others, by line number.
    pub(super) refused: VecDeque<(u32, Refusal)>,
}

/// Reads the file on a thread of its own: tens of thousands of numbers take their time, and others want to be served.
pub(super) async fn read(
    file: Bytes,
    country: Country,
    sides: Sides,
    confirm_phones: bool,
) -> Result<Read, Problem> {
    let reading = tokio::task::spawn_blocking(move || match guest_import::read(&file, country) {
        Ok(lines) => Ok(Read::of(lines, &sides, confirm_phones)),
        Err(why) => Err(unreadable(why, &file)),
    });
    // it panics on no file; if it did, that is ours to mend
    reading.await.unwrap_or_else(|_| Err(Problem::internal()))
}

impl Read {
    fn of(lines: Vec<Line>, sides: &Sides, confirm_phones: bool) -> Self {
        let mut read = Self {
            good: Vec::with_capacity(lines.len()),
            other_phones: Vec::with_capacity(lines.len()),
            refused: VecDeque::new(),
        };
        for Line { number, guest } in lines {
            let guest = guest.map_err(Refusal::Line);
            match guest.and_then(|guest| import_line(number, guest, sides)) {
                Ok((mut line, other_phones)) => {
                    line.phone_unconfirmed &= !confirm_phones;
                    read.good.push(line);
                    read.other_phones.push(other_phones);
                }
                Err(refusal) => read.refused.push_back((number, refusal)),
            }
        }
        read
    }
}

/// The line, and the numbers of it that are not used.
fn import_line(
    number: u32,
    guest: DraftGuest,
    sides: &Sides,
) -> Result<(ImportLine, Vec<String>), Refusal> {
    let session = |side: String| sides.session(&side).cloned().ok_or(Refusal::UnknownSide);
    let (phone, phone_unconfirmed, other_phones) = match guest.phone {
        Some(chosen) => (Some(chosen.number), chosen.needs_check, chosen.others),
        None => (None, false, Vec::new()),
    };
    let line = ImportLine {
        number,
        name: guest.name,
        phone,
        phone_unconfirmed,
        household: guest.household,
        side: guest.side.map(session).transpose()?,
        language: guest.language,
    };
    Ok((line, other_phones))
}
