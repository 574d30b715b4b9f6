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
mod tests {
    use domain::config::Language;
    use domain::phone_number::InvalidPhoneNumber;

    use super::*;
    use crate::pages::words::words;

    /// Each reason once; a new one does not pass the match.
    fn all() -> Vec<Refusal> {
        use LineProblem as P;
        let lines = [
            P::MissingName,
            P::TooLong(Field::Name),
            P::ControlCharacter(Field::Side),
            P::OpenQuote,
            P::RunsOverLines { last: 7 },
            P::ExtraCells,
            P::Phone(InvalidPhoneNumber::Unreadable),
            P::Phone(InvalidPhoneNumber::Impossible),
            P::ScientificNotation,
            P::NoMobileNumber,
            P::UnknownLanguage,
            P::SameAsLine { first: 3 },
            P::OutsideCard,
            P::CutOff,
        ];
        for line in lines {
            match line {
                P::MissingName
                | P::TooLong(Field::Name | Field::Household | Field::Side)
                | P::ControlCharacter(_)
                | P::OpenQuote
                | P::RunsOverLines { .. }
                | P::ExtraCells
                | P::Phone(InvalidPhoneNumber::Unreadable | InvalidPhoneNumber::Impossible)
                | P::ScientificNotation
                | P::NoMobileNumber
                | P::UnknownLanguage
                | P::SameAsLine { .. }
                | P::OutsideCard
                | P::CutOff => {}
            }
        }
        let lines = lines.into_iter().map(Refusal::Line);
        lines.chain([Refusal::UnknownSide]).collect()
    }

    #[test]
    fn every_reason_has_its_sentence_and_nothing_is_missing_in_it() {
        for language in [Language::Italian, Language::English] {
            for refusal in all() {
                let given: Vec<Arg<'_>> = match refusal {
                    Refusal::Line(LineProblem::TooLong(_) | LineProblem::ControlCharacter(_)) => {
                        vec![("field", "x".into())]
                    }
                    Refusal::Line(
                        LineProblem::RunsOverLines { .. } | LineProblem::SameAsLine { .. },
                    ) => vec![("line", 3.into())],
                    _ => Vec::new(),
                };
                let text = words(language).with(&key(refusal), &given);
                assert!(!text.contains('⟦'), "{language}: {text}");
            }
            for field in [Field::Name, Field::Household, Field::Side] {
                assert!(words(language).find(field_key(field)).is_some());
            }
        }
    }
}
