//! Spreadsheets over HTTP.

use http::StatusCode;
use rstest::rstest;
use rust_xlsxwriter::Workbook;
use serde_json::json;

use super::{counts, imported, told, words};
use crate::refusals::assert_problem;
use crate::world::{On, World};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A list of so many guests; every hundredth has a number, typed as a number.
pub(crate) fn spreadsheet(guests: u32) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, header) in (0..).zip(["Nome", "Telefono", "Famiglia"]) {
        sheet.write_string(0, column, header).unwrap();
    }
    for guest in 1..=guests {
        sheet
            .write_string(guest, 0, format!("Ospite {guest}"))
            .unwrap();
        if guest % 100 == 1 {
            let number = 3_470_000_000.0 + f64::from(guest);
            sheet.write_number(guest, 1, number).unwrap();
        }
        sheet
            .write_string(guest, 2, format!("Casa {}", guest / 3))
            .unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_spreadsheet_is_imported_like_a_table_and_changes_nothing_again(#[case] on: On) {
    let world = World::on(on).await;
    let file = spreadsheet(2);

    let done = world.import_as(XLSX, "", file.clone()).await;

    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(told(&done), words(&[(2, "add"), (3, "add")]));
    let first = json!({
        "line": 2, "action": "add", "name": "Ospite 1", "phone": "+39 347 000 0001", "household": "Casa 0",
    });
    assert_eq!(done.body["lines"][0], first);
    assert_eq!(world.count("guest").await, 2);
    let again = world.import_as(XLSX, "", file).await;
    assert_eq!(again.body["counts"], counts(0, 0, 2, 0));
    let as_table = "nome;telefono;famiglia\nOspite 1;347 000 0001;Casa 0\n";
    let table = imported(&world, "", as_table).await;
    assert_eq!(table.body["counts"], counts(0, 0, 1, 0));
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn twenty_thousand_rows_of_a_spreadsheet_come_in(#[case] on: On) {
    let world = World::on(on).await;
    let done = world.import_as(XLSX, "", spreadsheet(20_000)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(done.body["counts"], counts(20_000, 0, 0, 0));
    assert_eq!(world.count("guest").await, 20_000);
    assert_eq!(world.count("contact").await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_spreadsheet_that_unpacks_to_too_much_is_refused() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let name = "x".repeat(32_000);
    for row in 0..400 {
        // each one is a text of its own
        sheet.write_string(row, 0, format!("{row}{name}")).unwrap();
    }
    let file = workbook.save_to_buffer().unwrap();
    assert!(file.len() < 200_000, "{} bytes", file.len());
    let world = World::sqlite().await;
    let refused = world.import_as(XLSX, "", file).await;
    assert_problem(
        &refused,
        StatusCode::PAYLOAD_TOO_LARGE,
        "file_spreadsheet_too_large",
    );
    world.assert_nothing_stored().await;
}
