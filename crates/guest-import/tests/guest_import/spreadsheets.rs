//! Spreadsheets as Excel writes them: which sheet is read, and what becomes of its cells.

use guest_import::{MAX_LINES, Unreadable};
use rstest::rstest;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::world::{GOOGLE_NEW, OUTLOOK, digits, expected, lines, only, phone, read, told};

/// A file with these sheets.
fn saved(sheets: Vec<Worksheet>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    workbook.save_to_buffer().expect("a spreadsheet")
}

/// A sheet with texts from a row on. Blank ones are left out.
fn texts(first_row: u32, rows: &[&[&str]]) -> Worksheet {
    let mut sheet = Worksheet::new();
    put(&mut sheet, first_row, rows);
    sheet
}

fn put(sheet: &mut Worksheet, first_row: u32, rows: &[&[&str]]) {
    for (row, cells) in (first_row..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).expect("a cell");
            }
        }
    }
}

const HEADER: &[&str] = &["Nome", "Telefono", "Famiglia"];

#[test]
fn rows_are_read_by_the_number_that_the_program_shows() {
    let file = saved(vec![texts(
        2,
        &[
            HEADER,
            &["Nicolò", "347 000 0001", "Rossi"],
            &[],
            &["Chiara", "", "Rossi"],
            &["", "348 000 0002"],
        ],
    )]);
    let read = lines(file);
    let rows = [
        (4, "Nicolò 393470000001"),
        (6, "Chiara"),
        (7, "missing_name"),
    ];
    assert_eq!(told(&read), expected(&rows));
    let chiara = read[1].guest.as_ref().expect("a guest");
    assert_eq!(chiara.household.as_deref(), Some("Rossi"));
}

#[rstest]
#[case::mobile(3_471_234_567.0)]
#[case::plus_lost(393_471_234_567.0)]
fn a_phone_number_typed_as_a_number_keeps_its_digits(#[case] typed: f64) {
    for format in [
        "General",
        "0.00E+00",
        "#,##0",
        "\"+39\" 000 0000000",
        "dd/mm/yyyy",
        "[h]:mm:ss",
    ] {
        let mut sheet = texts(0, &[HEADER, &["Nicolò"]]);
        let number_format = Format::new().set_num_format(format);
        sheet
            .write_number_with_format(1, 1, typed, &number_format)
            .expect("a cell");
        let guest = only(saved(vec![sheet])).expect("a guest");
        assert_eq!(digits(&guest), Some("393471234567"), "{format}");
    }
}

#[test]
fn a_day_is_a_text_and_never_a_phone_number() {
    let day = ExcelDateTime::from_ymd(2026, 3, 1).expect("a day");
    let format = Format::new().set_num_format("dd/mm/yyyy");
    let with_day = |column| {
        let header: &[&str] = &["Nome", "Telefono", "Gruppo", "Compleanno"];
        let mut sheet = texts(0, &[header, &["Anna"]]);
        sheet
            .write_datetime_with_format(1, column, &day, &format)
            .expect("a cell");
        only(saved(vec![sheet]))
    };
    let problem = with_day(1).expect_err("no number");
    assert_eq!(problem.code(), "unreadable_phone");
    let group = with_day(2).expect("a guest").household;
    assert_eq!(group.as_deref(), Some("2026-03-01"));
    assert_eq!(with_day(3).expect("a guest").household, None);
}

#[test]
fn formulas_are_read_by_their_results() {
    let mut sheet = texts(0, &[&["Nome", "Telefono", "Vegano"]]);
    sheet
        .write_formula(1, 0, Formula::new("A9").set_result("Anna"))
        .and_then(|sheet| sheet.write_formula(1, 1, Formula::new("B9").set_result("3471234567")))
        .and_then(|sheet| sheet.write_boolean(1, 2, true))
        .expect("cells");
    let guest = only(saved(vec![sheet])).expect("a guest");
    assert_eq!(guest.name, "Anna");
    assert_eq!(digits(&guest), Some("393471234567"));
}

#[test]
fn a_household_whose_formula_failed_is_none() {
    let mut sheet = texts(0, &[&["Nome", "Famiglia"], &["Anna", ""]]);
    let failed = Formula::new("A9").set_result("#REF!");
    sheet.write_formula(1, 1, failed).expect("a cell");
    let guest = only(saved(vec![sheet])).expect("a guest");
    assert_eq!((guest.name.as_str(), guest.household), ("Anna", None));
}

#[test]
fn two_numbers_in_a_cell_are_told() {
    let row: &[&str] = &["Anna", "06 6982 1234\n347 123 4567"];
    let file = saved(vec![texts(0, &[HEADER, row])]);
    let phone = phone(only(file).expect("a guest"));
    assert_eq!(phone.number.digits(), "393471234567");
    assert_eq!(phone.others, ["+39 06 6982 1234"]);
}

#[test]
fn the_first_visible_sheet_that_names_guests_is_read() {
    let mut hidden = texts(0, &[HEADER, &["Hidden"]]);
    hidden.set_hidden(true);
    let budget = texts(0, &[&["Voce", "Euro"], &["Fiori", "800"]]);
    let list = texts(0, &[HEADER, &["Anna"]]);
    let other = texts(0, &[HEADER, &["Other"]]);
    let file = saved(vec![Worksheet::new(), hidden, budget, list, other]);
    assert_eq!(told(&lines(file)), expected(&[(2, "Anna")]));
}

#[test]
fn twenty_sheets_are_looked_at() {
    let titled = |title: &str| texts(0, &[&[title], &["Anna"]]);
    let mut sheets: Vec<_> = (0..19).map(|_| titled("Voce")).collect();
    sheets.push(titled("Nome"));
    assert_eq!(told(&lines(saved(sheets))), expected(&[(2, "Anna")]));
    let mut sheets: Vec<_> = (0..20).map(|_| titled("Voce")).collect();
    sheets.push(titled("Nome"));
    assert_eq!(read(saved(sheets)), Err(Unreadable::NoNameColumn));
}

#[rstest]
#[case::no_cells(vec![Worksheet::new(), Worksheet::new()], Unreadable::Empty)]
#[case::blank_cells(vec![texts(0, &[&["  ", "\u{A0}"]]), Worksheet::new()], Unreadable::Empty)]
#[case::a_header_alone(vec![texts(0, &[HEADER]), Worksheet::new()], Unreadable::Empty)]
#[case::no_header(vec![texts(0, &[&["Anna", "347 000 0001"]]), Worksheet::new()], Unreadable::NoNameColumn)]
fn a_spreadsheet_without_guests_is_refused(
    #[case] sheets: Vec<Worksheet>,
    #[case] why: Unreadable,
) {
    assert_eq!(read(saved(sheets)), Err(why));
}

#[test]
fn titles_above_the_header_and_remarks_beside_it_are_passed_over() {
    let anna: &[&str] = &["Anna", "347 000 0001", "Rossi", "", "", "vegana"];
    let mut sheet = texts(2, &[HEADER, anna, &["Totale"]]);
    sheet
        .merge_range(0, 0, 0, 5, "I nostri invitati", &Format::new())
        .expect("merged cells");
    let guests = expected(&[(4, "Anna 393470000001"), (5, "Totale")]);
    assert_eq!(told(&lines(saved(vec![sheet]))), guests);
}

#[test]
fn what_is_merged_over_several_rows_belongs_to_each_of_them() {
    let names: &[&[&str]] = &[
        &["Anna"],
        &["Luca"],
        &["Dina"],
        &["Eva", "", "Verdi"],
        &["Ugo"],
    ];
    let mut sheet = texts(1, names);
    put(&mut sheet, 0, &[HEADER]);
    let format = Format::new();
    sheet
        .merge_range(1, 2, 3, 2, "Rossi", &format)
        .and_then(|sheet| sheet.merge_range(1, 1, 2, 1, "347 000 0001", &format))
        .expect("merged cells");
    let read = lines(saved(vec![sheet]));
    let guests = [
        (2, "Anna 393470000001"),
        (3, "Luca 393470000001"),
        (4, "Dina"),
        (5, "Eva"),
        (6, "Ugo"),
    ];
    assert_eq!(told(&read), expected(&guests));
    let households = read.iter().map(|line| {
        let guest = line.guest.as_ref().expect("a guest");
        guest.household.as_deref()
    });
    let rossi = Some("Rossi");
    assert!(households.eq([rossi, rossi, rossi, Some("Verdi"), None]));
}

#[test]
fn a_merged_name_is_of_one_guest_and_a_merged_header_of_all_its_columns() {
    let rows: &[&[&str]] = &[&["", "06 6982 1234", "347 000 0001"], &["", "348 000 0002"]];
    let mut sheet = texts(1, rows);
    put(&mut sheet, 0, &[&["Nome"]]);
    let format = Format::new();
    sheet
        .merge_range(0, 1, 0, 2, "Telefono", &format)
        .and_then(|sheet| sheet.merge_range(1, 0, 2, 0, "Anna", &format))
        .expect("merged cells");
    let guests = expected(&[(2, "Anna 393470000001"), (3, "missing_name")]);
    assert_eq!(told(&lines(saved(vec![sheet]))), guests);
}

#[rstest]
#[case::google(GOOGLE_NEW, &[(2, "Anna Maria Bianchi 393470000003"), (3, "Luca Verdi 393480000008")])]
#[case::outlook(OUTLOOK, &[(2, "Anna Bianchi 393470000003")])]
fn an_export_opened_and_saved_as_a_spreadsheet_gives_the_same_guests(
    #[case] csv: &str,
    #[case] guests: &[(u32, &str)],
) {
    let rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_bytes());
    let mut sheet = Worksheet::new();
    for (at, row) in (0..).zip(rows.into_records()) {
        let row = row.expect("a row");
        let cells: Vec<_> = row.iter().collect();
        put(&mut sheet, at, &[&cells]);
    }
    assert_eq!(told(&lines(saved(vec![sheet]))), expected(guests));
}

/// Every tenth has a number: parsing numbers takes most of the time.
fn table(guests: u32) -> Vec<u8> {
    let mut sheet = texts(0, &[HEADER]);
    for row in 1..=guests {
        let at = row - 1;
        sheet
            .write_string(row, 0, format!("Ospite {at}"))
            .and_then(|sheet| sheet.write_string(row, 2, format!("Famiglia {}", at / 3)))
            .expect("cells");
        if at % 10 == 0 {
            sheet
                .write_number(row, 1, 3_470_000_000.0 + f64::from(row))
                .expect("a cell");
        }
    }
    saved(vec![sheet])
}

#[test]
fn twenty_thousand_rows_are_read() {
    let read = lines(table(20_000));
    assert_eq!(read.len(), 20_000);
    let (first, last) = (told(&read[..1]), told(&read[19_999..]));
    assert_eq!(first, expected(&[(2, "Ospite 0 393470000001")]));
    assert_eq!(last, expected(&[(20_001, "Ospite 19999")]));
    let last = read[19_999].guest.as_ref().expect("a guest");
    assert_eq!(last.household.as_deref(), Some("Famiglia 6666"));
}

#[test]
fn a_spreadsheet_of_50_000_rows_is_read_and_one_more_is_too_many() {
    assert_eq!(lines(table(50_000)).len(), MAX_LINES);
    assert_eq!(read(table(50_001)), Err(Unreadable::TooManyLines));
}
