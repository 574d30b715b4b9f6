//! `GET /guests/export.csv`: the list as a spreadsheet reads it.
//!
//! The rules that must hold: no cell can be run as a formula, and our own import reads the file back as it was.

use axum::extract::{Query, State};
use axum::response::IntoResponse;
use domain::config::Language;
use domain::phone_number::PhoneNumber;
use domain::session::SessionName;
use http::header;
use storage::{BookGuest, BookHousehold};

use super::person::state_word;
use super::wanted::{Wanted, cold_before};
use crate::app::Shared;
use crate::pages::frame::{Frame, Section};
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

/// What begins a formula in one spreadsheet or another.
const BEGINS_FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

pub(super) async fn export(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Guests, "guests-title").await?;
    let (filter, cold_before) = (wanted.filter()?, cold_before(&app).await?);
    let book = app
        .store
        .guest_book(&filter, cold_before, None, u32::MAX)
        .await?;
    let name = f.t("guests-export-file");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ),
    ];
    Ok((headers, file(&f, &book.items)).into_response())
}

/// Marked as UTF-8, which Excel would not guess; with the separator that it expects in that language.
fn file(f: &Frame, homes: &[BookHousehold]) -> String {
    let separator = match f.language() {
        Language::Italian => ';',
        Language::English => ',',
    };
    let header = [
        "guests-export-name",
        "guests-export-household",
        "guests-export-phone",
        "guests-export-side",
        "guests-export-language",
        "guests-export-state",
        "guests-export-wrote",
    ];
    let mut file = String::from('\u{feff}');
    line(&mut file, separator, header.map(|key| f.t(key)));
    for home in homes {
        for guest in &home.guests {
            line(&mut file, separator, cells(f, home, guest));
        }
    }
    file
}

fn cells(f: &Frame, home: &BookHousehold, guest: &BookGuest) -> [String; 7] {
    let phone = guest.phone.as_ref().map(PhoneNumber::international);
    let wrote = guest.last_in_at.map(|at| at.with_timezone(&f.zone()));
    [
        guest.name.clone(),
        home.name.clone().unwrap_or_default(),
        phone.unwrap_or_default(),
        guest
            .side
            .as_ref()
            .map(|side| side_word(f, side))
            .unwrap_or_default(),
        guest
            .language
            .map(|l| l.as_str().to_owned())
            .unwrap_or_default(),
        state_word(f, guest.state),
        wrote
            .map(|at| at.format("%Y-%m-%d %H:%M").to_string())
            .unwrap_or_default(),
    ]
}

/// What the import understands, whatever the couple's names are.
fn side_word(f: &Frame, side: &SessionName) -> String {
    match side.as_str() {
        "groom" => f.t("guests-export-groom"),
        "bride" => f.t("guests-export-bride"),
        other => other.to_owned(),
    }
}

fn line(file: &mut String, separator: char, cells: [String; 7]) {
    let cells = cells.map(|cell| quoted(&harmless(&cell), separator));
    file.push_str(&cells.join(&separator.to_string()));
    file.push_str("\r\n");
}

/// An apostrophe before what would be run makes it a text, in a spreadsheet and for our import, which takes it away again.
fn harmless(cell: &str) -> String {
    let cell: String = cell
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let begins = cell.trim_start().trim_start_matches('\'');
    if begins.starts_with(BEGINS_FORMULA) {
        format!("'{}", cell.trim_start())
    } else {
        cell
    }
}

fn quoted(cell: &str, separator: char) -> String {
    if cell.contains([separator, '"', '\'', ';', ',']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Anna", "Anna")]
    #[case("=1+1", "'=1+1")]
    #[case("+39 347 000 0001", "'+39 347 000 0001")]
    #[case("-2", "'-2")]
    #[case("@SUM(A1)", "'@SUM(A1)")]
    #[case("\t=1", "'=1")]
    #[case("\r=1", "'=1")]
    #[case("＝1", "'＝1")]
    #[case("'=1", "''=1")]
    #[case("D'Amico = io", "D'Amico = io")]
    #[case("two\nlines", "two lines")]
    fn no_cell_is_run(#[case] cell: &str, #[case] written: &str) {
        assert_eq!(harmless(cell), written);
    }

    #[test]
    fn what_separates_is_quoted() {
        assert_eq!(
            quoted("Rossi; detto \"Il\"", ';'),
            "\"Rossi; detto \"\"Il\"\"\""
        );
        assert_eq!(quoted("Rossi", ';'), "Rossi");
    }
}
