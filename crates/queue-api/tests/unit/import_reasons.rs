//! Tests of `pages/guests/import/reasons.rs`, with its private items.

use domain::config::Language;
use domain::phone_number::InvalidPhoneNumber;
use guest_import::Unreadable;

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
            | P::UnknownLanguage
            | P::SameAsLine { .. }
            | P::OutsideCard
            | P::CutOff => {}
        }
    }
    let lines = lines.into_iter().map(Refusal::Line);
    let others = [Refusal::UnknownSide, Refusal::PhoneUnconfirmed];
    lines.chain(others).collect()
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

/// Each reason once; a new one does not pass the match.
fn all_of_files() -> [Unreadable; 10] {
    use Unreadable as U;
    let all = [
        U::TooLarge,
        U::TooManyLines,
        U::NotText,
        U::OtherSpreadsheet,
        U::ProtectedSpreadsheet,
        U::DamagedSpreadsheet,
        U::SpreadsheetTooLarge,
        U::Empty,
        U::NoNameColumn,
        U::OpenQuoteInHeader,
    ];
    for why in all {
        match why {
            U::TooLarge
            | U::TooManyLines
            | U::NotText
            | U::OtherSpreadsheet
            | U::ProtectedSpreadsheet
            | U::DamagedSpreadsheet
            | U::SpreadsheetTooLarge
            | U::Empty
            | U::NoNameColumn
            | U::OpenQuoteInHeader => {}
        }
    }
    all
}

#[test]
fn every_reason_to_refuse_a_file_has_its_sentence() {
    for language in [Language::Italian, Language::English] {
        for why in all_of_files() {
            let key = format!("problem-file_{}", why.code());
            assert!(words(language).find(&key).is_some(), "{language}: {key}");
        }
    }
}
