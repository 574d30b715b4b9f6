//! Files as programs write them and people break them.

use axum::body::Body;
use http::{Request, StatusCode};
use rstest::rstest;
use serde_json::json;

use super::{counts, imported, told, words};
use crate::refusals::assert_problem;
use crate::world::{On, World};

/// As curl says of `--data-binary`, Windows of CSV, phones of cards, and browsers of what they do not know.
#[rstest]
#[case("text/csv; charset=utf-8")]
#[case("application/x-www-form-urlencoded")]
#[case("application/vnd.ms-excel")]
#[case("application/octet-stream")]
#[case("text/plain")]
#[tokio::test(start_paused = true)]
async fn any_type_that_makes_sense_is_taken(#[case] kind: &str) {
    let world = World::sqlite().await;
    let answer = world.import_as(kind, "", "nome\nAda\n").await;
    assert_eq!(answer.body["counts"], counts(1, 0, 0, 0), "{}", answer.body);
}

#[tokio::test(start_paused = true)]
async fn a_file_without_a_type_is_taken() {
    let world = World::sqlite().await;
    let token = world.token("enqueue").await;
    let request = Request::post("/api/v1/guests/import?dry_run=true")
        .header("authorization", format!("Bearer {token}"));
    let answer = world
        .send(request.body(Body::from("nome\nAda\n")).unwrap())
        .await;
    assert_eq!(answer.body["counts"], counts(1, 0, 0, 0), "{}", answer.body);
}

#[rstest]
#[case("multipart/form-data; boundary=x")]
#[case("application/json")]
#[tokio::test(start_paused = true)]
async fn what_wraps_the_file_is_not_the_file(#[case] kind: &str) {
    let world = World::sqlite().await;
    let answer = world.import_as(kind, "", "nome\nAda\n").await;
    assert_problem(
        &answer,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
    );
    world.assert_nothing_stored().await;
}

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const UNSUPPORTED: StatusCode = StatusCode::UNSUPPORTED_MEDIA_TYPE;

#[rstest]
#[case::nothing(b"", UNPROCESSABLE, "file_empty")]
#[case::blank(b" \r\n\n", UNPROCESSABLE, "file_empty")]
#[case::a_header_alone(b"nome;telefono\n", UNPROCESSABLE, "file_empty")]
#[case::no_header(
    b"Ada;347 000 0001\nUgo;347 000 0002\n",
    UNPROCESSABLE,
    "file_no_name_column"
)]
#[case::an_open_quote(
    b"nome;\"telefono\nAda;347 000 0001\n",
    UNPROCESSABLE,
    "file_open_quote_in_header"
)]
#[case::an_old_spreadsheet(
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    UNSUPPORTED,
    "file_other_spreadsheet"
)]
#[case::a_cut_spreadsheet(b"PK\x03\x04\x14\0\x06\0", UNPROCESSABLE, "file_damaged_spreadsheet")]
#[case::a_picture(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", UNSUPPORTED, "file_not_text")]
#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_read(
    #[case] file: &'static [u8],
    #[case] status: StatusCode,
    #[case] code: &str,
    #[values("", "dry_run=true", "skip_refused=true")] query: &str,
) {
    let world = World::sqlite().await;
    let answer = world.import(query, file).await;
    assert_problem(&answer, status, code);
    world.assert_nothing_stored().await;
}

/// `curl --data @guests.csv` takes the line breaks out of the file.
#[tokio::test(start_paused = true)]
async fn a_file_without_line_breaks_is_told_how_to_be_sent() {
    let world = World::sqlite().await;
    let answer = world.import("", "nome;telefonoAda;347 000 0001").await;
    assert_problem(&answer, UNPROCESSABLE, "file_empty");
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(detail.contains("--data-binary"), "{detail}");
}

#[rstest]
#[case::latin_1(b"Nome;Famiglia\nNicol\xF2;Citt\xE0\n", &[(2, "add")])]
#[case::byte_order_mark(b"\xEF\xBB\xBFnome,telefono\r\nAda,347 000 0001\r\n", &[(2, "add")])]
#[case::utf_16_without_mark(b"n\0o\0m\0e\0\n\0A\0d\0a\0\n\0", &[(2, "add")])]
#[case::utf_16(b"\xFF\xFEn\0o\0m\0e\0\n\0A\0d\0a\0\n\0", &[(2, "add")])]
#[case::quotes(b"nome;telefono\n\"Rossi; Ada\";347 000 0001\nUgo \"il lungo\";\n\"Eva\"\"\";\n", &[(2, "add"), (3, "add"), (4, "add")])]
#[case::open_quote(b"nome;telefono\nAda;\n\"Ugo;347 000 0001\nEva;\n", &[(2, "add"), (3, "open_quote")])]
#[case::swallowed(b"nome;famiglia\n\"Ada;\nUgo;\nEva\"x;\nLeo;\n", &[(2, "runs_over_lines"), (5, "add")])]
#[case::formulas(b"nome;telefono\n=cmd|' /C calc'!A0;347 000 0001\n@SUM(A1);\nAda;\"=\"\"347 000 0002\"\"\"\n", &[(2, "add"), (3, "add"), (4, "add")])]
#[case::truncated(b"nome;telefono\nAda;347 000 0001\nUgo;347 0", &[(2, "add"), (3, "impossible_phone")])]
#[case::a_spreadsheet_number(b"nome;telefono\nAda;3.93471E+11\n", &[(2, "scientific_notation")])]
#[case::cards(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nTEL;TYPE=CELL:+39 347 000 0001\r\nEND:VCARD\r\n", &[(1, "add")])]
#[case::a_cut_card(b"BEGIN:VCARD\nFN:Ada\nEND:VCARD\nBEGIN:VCARD\nFN:Ug", &[(1, "add"), (4, "cut_off")])]
#[tokio::test(start_paused = true)]
async fn every_line_is_answered_for(#[case] file: &'static [u8], #[case] lines: &[(u64, &str)]) {
    for on in [On::Sqlite, On::Postgres] {
        let world = World::on(on).await;

        let answer = world.import("skip_refused=true", file).await;

        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(told(&answer), words(lines));
        let good = lines.iter().filter(|(_, word)| *word == "add").count();
        assert_eq!(world.count("guest").await, i64::try_from(good).unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_read_is_kept_as_it_was_written() {
    let world = World::sqlite().await;
    let file = "nome;famiglia\n\"=1+1\";Città\nNicolò  d'Arco;\"Rossi; \"\"i lunghi\"\"\"\n";
    imported(&world, "", file).await;
    let list = world.get("/guests").await.body;
    let names: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|guest| (guest["name"].clone(), guest["household"].clone()))
        .collect();
    assert_eq!(
        names,
        [
            (json!("Nicolò d'Arco"), json!("Rossi; \"i lunghi\"")),
            (json!("=1+1"), json!("Città")),
        ]
    );
}
