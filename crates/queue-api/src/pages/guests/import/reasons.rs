//! Why a line of a file is refused, in the couple's words.

use guest_import::{Field, LineProblem};

use crate::guests::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words::Arg;

/// The sentence.
pub(super) fn sentence(f: &Frame, refusal: Refusal) -> String {
    f.with(&key(refusal), &args(f, refusal))
}

fn key(refusal: Refusal) -> String {
    format!("guests-refused-{}", refusal.code())
}

fn args(f: &Frame, refusal: Refusal) -> Vec<Arg<'static>> {
    match refusal {
        Refusal::Line(LineProblem::TooLong(field) | LineProblem::ControlCharacter(field)) => {
            vec![("field", f.t(field_key(field)).into())]
        }
        Refusal::Line(
            LineProblem::RunsOverLines { last: line } | LineProblem::SameAsLine { first: line },
        ) => vec![("line", line.into())],
        _ => Vec::new(),
    }
}

const fn field_key(field: Field) -> &'static str {
    match field {
        Field::Name => "guests-field-name",
        Field::Household => "guests-field-household",
        Field::Side => "guests-field-side",
    }
}

#[cfg(test)]
#[path = "../../../../tests/unit/import_reasons.rs"]
mod tests;
