//! Files of guests, in and out.

use std::fmt::Write as _;
use std::time::Duration;

use domain::account::Person;
use domain::config::Language;
use domain::session::SessionName;
use http::{StatusCode, header};
use rstest::rstest;
use serde_json::json;

use super::{Browser, assert_says, goes_to, on_list, three};
use crate::import::spreadsheet;
use crate::world::{On, World};

const FILE: &str = "nome;telefono;famiglia;lato\nAnna;347 000 0001;Rossi;sposa\n;347 000 0002;;\nBruno;12;Rossi;\nCarla;;;zio\n";

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_file_is_looked_at_before_it_is_imported(#[case] on: On) {
    let world = World::on(on).await;
    let mut browser = Browser::of_groom(&world).await;
    let form = browser.get(&world, "/guests/import").await;
    let sent = browser
        .sends_file(&world, &form, "/guests/import", FILE.as_bytes())
        .await;
    let address = goes_to(&sent).to_owned();
    let lines = browser.get(&world, &address).await;
    assert_eq!(lines.status, StatusCode::OK);
    assert_says(
        &lines,
        &[
            " invitato nuovo",
            " righe non si possono importare",
            "si aggiunge",
            "Manca il nome",
            "numero di telefono",
            "Non si capisce da parte di chi",
            "la riga buona",
        ],
    );
    world.assert_nothing_stored().await;
    let refused = browser
        .get(&world, &format!("{address}&only=refused"))
        .await;
    assert!(!refused.text().contains("Anna"), "{}", refused.text());

    let mark = address.split_once("file=").unwrap().1;
    let all = [("file", mark)];
    let nothing = browser
        .post(&world, &lines, "/guests/import/lines", &all)
        .await;
    assert!(goes_to(&nothing).contains("said=guests-not-imported"));
    world.assert_nothing_stored().await;
    let good = [("file", mark), ("leave_out", "true")];
    let done = browser
        .post(&world, &lines, "/guests/import/lines", &good)
        .await;
    assert_eq!(goes_to(&done), "/guests?said=guests-imported");
    assert_eq!(world.count("guest").await, 1);
    let again = browser
        .post(&world, &lines, "/guests/import/lines", &good)
        .await;
    assert_eq!(goes_to(&again), "/guests/import?said=guests-file-gone");
}

const WITH_NUMBERS_TO_CHECK: &str = "nome;telefono\nAnna;347 000 0001 / 348 000 0002\nUgo;555 555 1111\nEva;06 6982 1234\n;347 000 0003\n";

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_number_to_check_is_shown_as_it_was_read_and_imported_once_it_is_confirmed(
    #[case] on: On,
) {
    let world = World::on(on).await;
    let mut browser = Browser::of_groom(&world).await;
    let form = browser.get(&world, "/guests/import").await;
    let file = WITH_NUMBERS_TO_CHECK.as_bytes();
    let sent = browser
        .sends_file(&world, &form, "/guests/import", file)
        .await;
    let address = goes_to(&sent).to_owned();
    let lines = browser.get(&world, &address).await;
    assert_says(
        &lines,
        &[
            " numeri sono da controllare",
            "+39 55 5555 1111",
            "Da controllare",
            "non usati",
            "+39 348 000 0002",
            "I numeri sono giusti: importa",
        ],
    );
    let only = browser.get(&world, &format!("{address}&only=check")).await;
    assert_says(&only, &["+39 55 5555 1111", "+39 06 6982 1234"]);
    assert!(!only.text().contains("Anna"), "{}", only.text());

    let mark = address.split_once("file=").unwrap().1;
    let good = [("file", mark), ("leave_out", "true")];
    browser
        .post(&world, &lines, "/guests/import/lines", &good)
        .await;
    assert_eq!(
        world.count("guest").await,
        1,
        "the numbers to check are left out"
    );

    let again = browser
        .sends_file(&world, &form, "/guests/import", file)
        .await;
    let lines = browser.get(&world, goes_to(&again)).await;
    let confirmed = [("file", mark), ("confirm", "true"), ("leave_out", "true")];
    let done = browser
        .post(&world, &lines, "/guests/import/lines", &confirmed)
        .await;
    assert_eq!(goes_to(&done), "/guests?said=guests-imported");
    assert_eq!(world.count("guest").await, 3);
    let list = browser.get(&world, "/guests").await;
    assert_says(&list, &["+39 55 5555 1111"]);
}

#[tokio::test(start_paused = true)]
async fn a_spreadsheet_is_taken_from_the_page() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    let form = browser.get(&world, "/guests/import").await;
    assert_says(
        &form,
        &["accept=\".xlsx,.csv,.vcf", ".xlsx, CSV o vCard (.vcf)"],
    );
    let sent = browser
        .sends_file(&world, &form, "/guests/import", &spreadsheet(2))
        .await;
    let address = goes_to(&sent).to_owned();
    let lines = browser.get(&world, &address).await;
    assert_says(&lines, &["Ospite 1", "+39 347 000 0001", "Casa 0"]);
    let mark = address.split_once("file=").unwrap().1;
    let done = browser
        .post(&world, &lines, "/guests/import/lines", &[("file", mark)])
        .await;
    assert_eq!(goes_to(&done), "/guests?said=guests-imported");
    assert_eq!(world.count("guest").await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_file_is_kept_for_its_sender_and_not_for_long() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    let form = browser.get(&world, "/guests/import").await;
    let file = b"name\nAnna\n";
    let sent = browser
        .sends_file(&world, &form, "/guests/import", file)
        .await;
    let address = goes_to(&sent).to_owned();
    let bride = Person::Spouse(SessionName::parse("bride").unwrap());
    let mut other = Browser::signed_in(&world, "Giulia", bride, Language::English).await;
    let theirs = other.get(&world, &address).await;
    assert_eq!(goes_to(&theirs), "/guests/import?said=guests-file-gone");
    tokio::time::advance(Duration::from_mins(16)).await;
    let late = browser.get(&world, &address).await;
    assert_eq!(goes_to(&late), "/guests/import?said=guests-file-gone");
}

#[rstest]
#[case::nothing(b"" as &[u8], "Il file è vuoto")]
#[case::binary(b"\x00\x01\x02\x00\xff", "non si può leggere")]
#[case::old_spreadsheet(b"\xD0\xCF\x11\xE0", "salvalo come .xlsx o CSV")]
#[case::damaged_spreadsheet(b"PK\x03\x04", "rovinato")]
#[case::no_header(b"347 000 0001\n347 000 0002\n", "colonna con il nome")]
#[tokio::test(start_paused = true)]
async fn a_file_that_is_none_is_refused_in_words(#[case] file: &[u8], #[case] why: &str) {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    let form = browser.get(&world, "/guests/import").await;
    let refused = browser
        .sends_file(&world, &form, "/guests/import", file)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_says(&refused, &[why, "id=\"wrong-file\""]);
}

#[tokio::test(start_paused = true)]
async fn a_large_file_is_taken_and_one_that_is_too_large_is_not() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    let form = browser.get(&world, "/guests/import").await;
    let mut file = String::from("name,note\n");
    while file.len() < 3 * 1024 * 1024 {
        let n = file.len();
        writeln!(file, "Guest {n},{}", "x".repeat(2_000)).unwrap();
    }
    let sent = browser
        .sends_file(&world, &form, "/guests/import", file.as_bytes())
        .await;
    let lines = browser.get(&world, goes_to(&sent)).await;
    assert_eq!(lines.status, StatusCode::OK);
    assert_says(&lines, &["rel=\"next\""]);
    let too_large = vec![b'x'; 11 * 1024 * 1024];
    let refused = browser
        .sends_file(&world, &form, "/guests/import", &too_large)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_says(&refused, &["troppo grande"]);
}

#[rstest]
#[case::italian(On::Sqlite, Language::Italian, ';', "invitati.csv")]
#[case::english(On::Postgres, Language::English, ',', "guests.csv")]
#[tokio::test(start_paused = true)]
async fn what_is_exported_and_imported_again_changes_nothing(
    #[case] on: On,
    #[case] language: Language,
    #[case] separator: char,
    #[case] name: &str,
) {
    let world = World::on(on).await;
    three(&world).await;
    for name in [
        "=HYPERLINK(\"http://x\")",
        "+Piero",
        "-Lia",
        "@Ugo",
        "'=Ivo",
        "Rossi; detto \"Il, Rosso\"",
        "Zoë 💒",
    ] {
        on_list(
            &world,
            json!({ "name": name, "household": "=1+1", "side": "groom" }),
        )
        .await;
    }
    let bride = Person::Spouse(SessionName::parse("bride").unwrap());
    let mut browser = Browser::signed_in(&world, "Giulia", bride, language).await;
    let file = browser.get(&world, "/guests/export.csv").await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(
        file.headers[header::CONTENT_TYPE],
        "text/csv; charset=utf-8"
    );
    let disposition = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.contains(name), "{disposition}");
    assert!(file.text().starts_with('\u{feff}'), "no mark of UTF-8");
    for line in file.text().lines() {
        for cell in line.split(separator) {
            let cell = cell.trim_start_matches('"');
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{line}"
            );
        }
    }
    let view = world.import("dry_run=true", file.bytes.clone()).await;
    assert_eq!(view.status, StatusCode::OK, "{}", view.body);
    let counts = json!({ "add": 0, "update": 0, "unchanged": 10, "check": 0, "refused": 0 });
    assert_eq!(view.body["counts"], counts, "{}", view.body);
    let some = browser.get(&world, "/guests/export.csv?side=bride").await;
    assert_eq!(some.text().lines().count(), 2);
}
