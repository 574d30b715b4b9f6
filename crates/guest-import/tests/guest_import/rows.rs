//! Rows that are refused, and rows that only look as if they had to be.

use rstest::rstest;

use crate::world::{expected, lines, only, told};

const HEADER: &str = "nome;telefono;famiglia;lato;lingua;note\n";

fn row(cells: &str) -> String {
    format!("{HEADER}{cells}\n")
}

#[rstest]
#[case::number_without_name(";347 000 0001;;;;", "missing_name")]
#[case::number_as_a_name("347 000 0001;;;;;", "missing_name")]
#[case::formula_that_failed_as_a_name("#REF!;347 000 0001;;;;", "missing_name")]
#[case::formula_that_failed_as_a_number("Nicolò;#N/D;;;;", "unreadable_phone")]
#[case::nothing_but_a_note(";;;;;comes late", "missing_name")]
#[case::line_break_in_the_name("\"Nicolò\nRossi\";;;;;", "control_character")]
#[case::nul_in_the_name("Nico\0lò;;;;;", "control_character")]
#[case::escape_in_the_household("Nicolò;;\u{1B}[31m;;;", "control_character")]
#[case::unknown_language("Nicolò;;;;Klingon;", "unknown_language")]
#[case::more_cells_than_headers("Rossi;Nicolò;347 000 0001;;;;too much", "extra_cells")]
#[case::no_number("Nicolò;ask mum;;;;", "unreadable_phone")]
#[case::impossible_number("Nicolò;+39 347;;;;", "impossible_phone")]
fn a_line_is_refused(#[case] cells: &str, #[case] code: &str) {
    // a NUL near the beginning would make the whole file "not text"
    let guest = format!("Ospite;;;;;{}", "x".repeat(5_000));
    let lines = lines(row(&format!("{guest}\n{cells}")));
    assert_eq!(told(&lines), expected(&[(2, "Ospite"), (3, code)]));
}

#[rstest]
#[case::name(1, "the name has more than 200 characters")]
#[case::household(3, "the household has more than 200 characters")]
#[case::side(4, "the side has more than 200 characters")]
fn a_text_of_200_characters_is_the_longest(#[case] column: usize, #[case] sentence: &str) {
    let cells = |text: String| {
        let mut cells = ["Nicolò", "", "", "", "", ""].map(str::to_owned);
        cells[column - 1] = text;
        row(&cells.join(";"))
    };
    assert!(only(cells("ò".repeat(200))).is_ok());
    let problem = only(cells("ò".repeat(201))).expect_err("too long");
    assert_eq!(problem.code(), "too_long");
    assert!(problem.to_string().starts_with(sentence), "{problem}");
}

#[rstest]
#[case::formula("=HYPERLINK(\"http://x\")", "=HYPERLINK(\"http://x\")")]
#[case::plus("+1 of Anna", "+1 of Anna")]
#[case::minus("-Anna", "-Anna")]
#[case::at("@anna", "@anna")]
#[case::marked_as_text("'=1+1", "=1+1")]
#[case::marked_on_top_of_its_own("''=1+1", "'=1+1")]
#[case::an_apostrophe_of_its_own("'Ndrea", "'Ndrea")]
#[case::spaces_around_and_between("  Anna \u{A0}  Maria ", "Anna Maria")]
#[case::writing_direction("\u{202A}Anna\u{202C}", "Anna")]
#[case::a_family_of_emoji("Anna 👨‍👩‍👧", "Anna 👨‍👩‍👧")]
#[case::right_to_left("סבתא", "סבתא")]
fn a_strange_name_is_text(#[case] written: &str, #[case] name: &str) {
    assert_eq!(
        only(row(&format!("{written};;;;;"))).expect("a guest").name,
        name
    );
}

#[rstest]
#[case::around_a_separator("\"Rossi; Nicolò\";;;;;", "Rossi; Nicolò")]
#[case::doubled("\"Nicolò \"\"Nico\"\" Rossi\";;;;;", "Nicolò \"Nico\" Rossi")]
#[case::in_the_middle("Nicolò \"Nico\" Rossi;;;;;", "Nicolò \"Nico\" Rossi")]
#[case::closed_too_early("\"Nicolò\" Rossi;;;;;", "Nicolò Rossi")]
#[case::one_in_the_middle("Nicolò \"Nico Rossi;;;;;", "Nicolò \"Nico Rossi")]
fn quotation_marks_in_odd_places_keep_the_line_together(#[case] cells: &str, #[case] name: &str) {
    let lines = lines(row(&format!("{cells}\nAnna;;;;;")));
    assert_eq!(told(&lines), expected(&[(2, name), (3, "Anna")]));
}

#[test]
fn a_mark_that_is_never_closed_is_told_where_it_opens() {
    let lines = lines(row("Anna;;;;;\n\"Nicolò;;;;;\nCarlo;;;;;\nDina;;;;;"));
    assert_eq!(told(&lines), expected(&[(2, "Anna"), (3, "open_quote")]));
}

#[test]
fn a_mark_that_somebody_else_closes_names_the_lines_it_swallowed() {
    let lines = lines(row(
        "Anna;;;;;\"late\nNicolò;;;;;\nCarlo;;;;;\"x\"\nDina;;;;;",
    ));
    assert_eq!(
        told(&lines),
        expected(&[(2, "runs_over_lines"), (5, "Dina")])
    );
    let problem = lines[0].guest.as_ref().expect_err("swallowed lines");
    assert!(problem.to_string().contains("down to line 4"), "{problem}");
}

#[test]
fn a_note_over_several_lines_is_no_mistake() {
    let lines = lines(row(
        "Anna;;;;;\"late,\nwith a \"\"guitar\"\"\n\"\nNicolò;;;;;",
    ));
    assert_eq!(told(&lines), expected(&[(2, "Anna"), (5, "Nicolò")]));
}

#[test]
fn short_rows_have_empty_cells() {
    let lines = lines(row("Anna\nNicolò;347 000 0001"));
    assert_eq!(
        told(&lines),
        expected(&[(2, "Anna"), (3, "Nicolò 393470000001")])
    );
}

#[test]
fn good_and_bad_lines_stand_in_the_order_of_the_file() {
    let lines = lines(row(
        "Anna;347 000 0001;;;;\n;347 000 0002;;;;\n\nNicolò;12;;;;\nDina;;;;;",
    ));
    let told = told(&lines);
    assert_eq!(
        told,
        expected(&[
            (2, "Anna 393470000001"),
            (3, "missing_name"),
            (5, "impossible_phone"),
            (6, "Dina"),
        ])
    );
}
