//! Files of guests over HTTP.

mod any_file;
mod files;
mod large;
mod made_up;
mod phones;
mod spreadsheets;

pub(crate) use spreadsheets::spreadsheet;

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::refusals::assert_problem;
use crate::world::{Answer, On, World};

/// Line numbers with what each line does, or the code it is refused with.
fn told(answer: &Answer) -> Vec<(u64, String)> {
    let lines = answer.body["lines"].as_array().expect("lines").iter();
    let told = lines.map(|line| {
        let word = line["code"].as_str().or(line["action"].as_str());
        (line["line"].as_u64().unwrap(), word.unwrap().to_owned())
    });
    told.collect()
}

fn words(told: &[(u64, &str)]) -> Vec<(u64, String)> {
    told.iter()
        .map(|(line, word)| (*line, (*word).to_owned()))
        .collect()
}

fn counts(add: u64, update: u64, unchanged: u64, refused: u64) -> Value {
    json!({ "add": add, "update": update, "unchanged": unchanged, "check": 0, "refused": refused })
}

/// It went in; the answer.
async fn imported(world: &World, query: &str, file: &str) -> Answer {
    let answer = world.import(query, file.to_owned()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer
}

/// All of the list and of the audit log, as the API shows it.
async fn whole_list(world: &World) -> Value {
    let mut all = Vec::new();
    for path in ["/guests", "/households", "/audit"] {
        all.push(world.get(&format!("{path}?limit=200")).await.body);
    }
    Value::Array(all)
}

const GOOD: &str = "\
Nome;Telefono;Famiglia;Da parte di;Lingua
Ada Bassi;347 000 0001;Bassi;sposa;it
Ugo Bassi;347 000 0001;BASSI;;
Eva;+44 7400 123456;;groom;en
Leo;;;;
";

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_file_is_looked_at_imported_and_changes_nothing_when_it_comes_again(#[case] on: On) {
    let world = World::on(on).await;

    let dry = imported(&world, "dry_run=true", GOOD).await;
    world.assert_nothing_stored().await;
    let done = imported(&world, "", GOOD).await;

    assert_eq!(
        (&dry.body["dry_run"], &done.body["dry_run"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(dry.body["lines"], done.body["lines"]);
    assert_eq!(done.body["counts"], counts(4, 0, 0, 0));
    assert_eq!(
        done.body["lines"][2],
        json!({
            "line": 4, "action": "add", "name": "Eva", "phone": "+44 7400 123456", "side": "groom", "language": "en",
        })
    );
    let list = world.get("/guests").await.body;
    let shown: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|guest| {
            ["name", "phone", "household", "side", "language"].map(|field| guest[field].clone())
        })
        .collect();
    assert_eq!(
        json!(shown),
        json!([
            ["Leo", null, null, null, null],
            ["Eva", "+44 7400 123456", null, "groom", "en"],
            ["Ugo Bassi", "+39 347 000 0001", "Bassi", null, null],
            ["Ada Bassi", "+39 347 000 0001", "Bassi", "bride", "it"],
        ])
    );
    assert_eq!(list["items"][2]["contact"], list["items"][3]["contact"]);
    let before = whole_list(&world).await;
    let detail = &before[2]["items"][0]["detail"];
    assert_eq!(detail, "added: 4, changed: 0, unchanged: 0, refused: 0");

    let again = imported(&world, "", GOOD).await;

    assert_eq!(again.body["counts"], counts(0, 0, 4, 0));
    assert_eq!(again.body["lines"][3]["guest"], list["items"][0]["id"]);
    assert_eq!(whole_list(&world).await, before);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_line_says_what_it_changes_and_a_blank_cell_erases_nothing(#[case] on: On) {
    let world = World::on(on).await;
    imported(&world, "", GOOD).await;
    let file = "nome,telefono,famiglia,lato,lingua\nADA BASSI,347 000 0001,Villa,,en\nLeo,348 000 0009,,,\nEva,+447400123456,,,\n";

    let changed = imported(&world, "dry_run=false", file).await;

    assert_eq!(changed.body["counts"], counts(0, 2, 1, 0));
    assert_eq!(
        changed.body["lines"][0]["fields"],
        json!(["language", "household"])
    );
    assert_eq!(changed.body["lines"][1]["fields"], json!(["phone"]));
    let ada = world.get("/guests?search=ada").await.body["items"][0].clone();
    assert_eq!(
        (&ada["household"], &ada["side"]),
        (&json!("Villa"), &json!("bride"))
    );
    assert_eq!(ada["name"], "Ada Bassi");
    let leo = world.get("/guests?search=leo").await.body["items"][0].clone();
    assert_eq!(leo["phone"], "+39 348 000 0009");
}

const MIXED: &str = "\
Nome;Telefono;Famiglia;Da parte di
Ada;347 000 0001;Bassi;sposa
;348 000 0002;;

Ugo;12;;
Eva;;Bassi;the priest
Ada;;bassi;
Leo;;;
";

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_refused_line_keeps_the_whole_file_out_unless_it_is_left_out(#[case] on: On) {
    let world = World::on(on).await;
    let all = words(&[
        (2, "add"),
        (3, "missing_name"),
        (5, "impossible_phone"),
        (6, "unknown_side"),
        (7, "same_as_line"),
        (8, "add"),
    ]);

    let dry = imported(&world, "dry_run=true", MIXED).await;
    assert_eq!(told(&dry), all);
    assert_eq!(dry.body["counts"], counts(2, 0, 0, 4));
    for line in dry.body["lines"].as_array().unwrap() {
        let refused = line["action"] == "refused";
        assert_eq!(
            line["detail"].as_str().is_some_and(|text| text.len() > 20),
            refused,
            "{line}"
        );
    }

    let refused = world.import("", MIXED).await;
    assert_problem(&refused, StatusCode::UNPROCESSABLE_ENTITY, "lines_refused");
    assert_eq!(told(&refused), all[1..5]);
    assert_eq!(refused.body["counts"], dry.body["counts"]);
    assert_eq!(refused.body["lines_left_out"], 0);
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(
        detail.contains("because of 4 of 6 lines. The first is line 3: there is no name"),
        "{detail}"
    );
    world.assert_nothing_stored().await;

    let skipped = imported(&world, "skip_refused=true", MIXED).await;
    assert_eq!(told(&skipped), all);
    assert_eq!(world.count("guest").await, 2);
    let audit = world.get("/audit").await.body;
    assert_eq!(
        audit["items"][0]["detail"],
        "added: 2, changed: 0, unchanged: 0, refused: 4"
    );
    let before = whole_list(&world).await;
    let again = imported(&world, "skip_refused=true&dry_run=false", MIXED).await;
    assert_eq!(again.body["counts"], counts(0, 0, 2, 4));
    assert_eq!(whole_list(&world).await, before);
}

#[rstest]
#[case("dry_run=yes")]
#[case("skip_refused=1")]
#[case("dryrun=true")]
#[tokio::test(start_paused = true)]
async fn what_is_asked_for_must_be_understood(#[case] query: &str) {
    let world = World::sqlite().await;
    let refused = world.import(query, GOOD).await;
    assert_problem(&refused, StatusCode::BAD_REQUEST, "invalid_query");
    world.assert_nothing_stored().await;
}

/// Whose guest somebody is: a session, what the two of every couple are called, or what this couple is called.
#[rstest]
#[case("bride", "bride")]
#[case("Sposa", "bride")]
#[case("LO SPOSO", "groom")]
#[case(" the groom ", "groom")]
#[case("giulia", "bride")]
#[case("Marco", "groom")]
#[tokio::test(start_paused = true)]
async fn sides_are_understood(#[case] written: &str, #[case] session: &str) {
    let world = World::sqlite().await;
    let names = json!({ "groom_name": "Marco", "bride_name": "Giulia" });
    let set = world
        .ask("PUT", "/config", json!({ "version": 1, "config": names }))
        .await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    let done = imported(&world, "", &format!("nome;lato\nAda;{written}\n")).await;
    assert_eq!(done.body["lines"][0]["side"], session);
}

#[tokio::test(start_paused = true)]
async fn numbers_belong_to_the_configured_country() {
    let world = World::sqlite().await;
    let config = json!({ "version": 1, "config": { "country": "GB" } });
    assert_eq!(
        world.ask("PUT", "/config", config).await.status,
        StatusCode::OK
    );
    let done = imported(&world, "", "name,phone\nEva,07400 123456\n").await;
    assert_eq!(done.body["lines"][0]["phone"], "+44 7400 123456");
}
