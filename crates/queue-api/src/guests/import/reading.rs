//! From a file to the lines that the list is asked about, and those that are refused before.

use std::collections::VecDeque;

use bytes::Bytes;
use chassis::Problem;
use domain::phone_number::Country;
use guest_import::{DraftGuest, Line, LineProblem};
use storage::{ImportLine, LinePlan};

use super::file::unreadable;
use super::sides::Sides;

/// Why a line is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    /// For what it says.
    Line(LineProblem),
    /// It says whose guest somebody is, and no session is called like that.
    UnknownSide,
}

impl Refusal {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Line(problem) => problem.code(),
            Self::UnknownSide => "unknown_side",
        }
    }

    /// `sessions`: the names of those there are.
    pub(super) fn sentence(self, sessions: &str) -> String {
        match self {
            Self::Line(problem) => problem.to_string(),
            Self::UnknownSide => format!(
                "nobody knows whose guest this is: write sposo, sposa or one of {sessions}, or leave it empty"
            ),
        }
    }
}

/// A file that was read.
pub(super) struct Read {
    /// The good lines, to be looked for on the list.
    pub(super) good: Vec<ImportLine>,
    /// The others, by line number.
    pub(super) refused: VecDeque<(u32, Refusal)>,
}

/// Reads the file on a thread of its own: tens of thousands of numbers take their time, and others want to be served.
pub(super) async fn read(file: Bytes, country: Country, sides: Sides) -> Result<Read, Problem> {
    let reading = tokio::task::spawn_blocking(move || match guest_import::read(&file, country) {
        Ok(lines) => Ok(Read::of(lines, &sides)),
        Err(why) => Err(unreadable(why, &file)),
    });
    // it panics on no file; if it did, that is ours to mend
    reading.await.unwrap_or_else(|_| Err(Problem::internal()))
}

impl Read {
    fn of(lines: Vec<Line>, sides: &Sides) -> Self {
        let mut read = Self {
            good: Vec::with_capacity(lines.len()),
            refused: VecDeque::new(),
        };
        for line in lines {
            let guest = line.guest.map_err(Refusal::Line);
            match guest.and_then(|guest| import_line(line.number, guest, sides)) {
                Ok(line) => read.good.push(line),
                Err(refusal) => read.refused.push_back((line.number, refusal)),
            }
        }
        read
    }
}

fn import_line(number: u32, guest: DraftGuest, sides: &Sides) -> Result<ImportLine, Refusal> {
    let session = |side: String| sides.session(&side).cloned().ok_or(Refusal::UnknownSide);
    Ok(ImportLine {
        number,
        name: guest.name,
        phone: guest.phone,
        household: guest.household,
        side: guest.side.map(session).transpose()?,
        language: guest.language,
    })
}

/// A line that is refused only when the list is looked at: another one means the same guest.
pub(super) const fn refused_by(plan: &LinePlan) -> Option<Refusal> {
    match plan {
        LinePlan::SameAsLine { line } => {
            Some(Refusal::Line(LineProblem::SameAsLine { first: *line }))
        }
        LinePlan::Add | LinePlan::Update { .. } | LinePlan::Unchanged { .. } => None,
    }
}
