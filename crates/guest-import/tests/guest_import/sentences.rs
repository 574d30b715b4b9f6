//! Every problem has a word of its own and a sentence that tells no secret.

use std::collections::BTreeSet;

use domain::phone_number::InvalidPhoneNumber;
use guest_import::{Field, LineProblem, Unreadable};

const PROBLEMS: [LineProblem; 13] = [
    LineProblem::MissingName,
    LineProblem::TooLong(Field::Name),
    LineProblem::ControlCharacter(Field::Side),
    LineProblem::OpenQuote,
    LineProblem::RunsOverLines { last: 7 },
    LineProblem::ExtraCells,
    LineProblem::Phone(InvalidPhoneNumber::Unreadable),
    LineProblem::Phone(InvalidPhoneNumber::Impossible),
    LineProblem::ScientificNotation,
    LineProblem::UnknownLanguage,
    LineProblem::SameAsLine { first: 7 },
    LineProblem::OutsideCard,
    LineProblem::CutOff,
];

const REFUSALS: [Unreadable; 10] = [
    Unreadable::TooLarge,
    Unreadable::TooManyLines,
    Unreadable::NotText,
    Unreadable::OtherSpreadsheet,
    Unreadable::ProtectedSpreadsheet,
    Unreadable::DamagedSpreadsheet,
    Unreadable::SpreadsheetTooLarge,
    Unreadable::Empty,
    Unreadable::NoNameColumn,
    Unreadable::OpenQuoteInHeader,
];

#[test]
fn every_problem_has_a_code_of_its_own_and_a_sentence() {
    let of_lines = PROBLEMS.map(|problem| (problem.code(), problem.to_string()));
    let of_files = REFUSALS.map(|refusal| (refusal.code(), refusal.to_string()));
    let all: Vec<_> = of_lines.into_iter().chain(of_files).collect();
    let codes: BTreeSet<_> = all.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes.len(), all.len());
    for (code, sentence) in all {
        assert!(
            code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{code}"
        );
        assert!(sentence.len() > 30, "{code} says too little: {sentence}");
    }
}
