//! Numbers that a person has to confirm, and those of a line that are not used.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use super::{imported, told, words};
use crate::refusals::assert_problem;
use crate::world::{On, World};

const FILE: &str = "\
nome;telefono
Ada;347 000 0001
Ugo;555 555 1111
Eva;06 6982 1234
";

/// Names with their numbers, as the list has them.
async fn listed(world: &World) -> Vec<(Value, Value)> {
    let list = world.get("/guests").await.body;
    let guests = list["items"].as_array().expect("guests").iter();
    guests
        .map(|guest| (guest["name"].clone(), guest["phone"].clone()))
        .collect()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_number_without_prefix_that_is_no_mobile_is_imported_only_when_it_is_confirmed(
    #[case] on: On,
) {
    let world = World::on(on).await;
    let all = words(&[
        (2, "add"),
        (3, "phone_unconfirmed"),
        (4, "phone_unconfirmed"),
    ]);

    let dry = imported(&world, "dry_run=true", FILE).await;
    assert_eq!(told(&dry), all);
    let counts = json!({ "add": 1, "update": 0, "unchanged": 0, "check": 2, "refused": 0 });
    assert_eq!(dry.body["counts"], counts);
    let ugo = &dry.body["lines"][1];
    assert_eq!(
        (&ugo["action"], &ugo["name"]),
        (&json!("check"), &json!("Ugo"))
    );
    assert_eq!(ugo["phone"], "+39 55 5555 1111", "as it would be read");
    assert!(
        ugo["detail"].as_str().unwrap().contains("confirm it"),
        "{ugo}"
    );

    let kept_out = world.import("", FILE).await;
    assert_problem(
        &kept_out,
        StatusCode::UNPROCESSABLE_ENTITY,
        "phones_unconfirmed",
    );
    assert_eq!(told(&kept_out), all[1..]);
    assert!(
        kept_out.body["detail"]
            .as_str()
            .unwrap()
            .contains("confirm_phones=true")
    );
    world.assert_nothing_stored().await;

    let left_out = imported(&world, "skip_refused=true", FILE).await;
    assert_eq!(told(&left_out), all);
    assert_eq!(
        listed(&world).await,
        [(json!("Ada"), json!("+39 347 000 0001"))]
    );

    let confirmed = imported(&world, "confirm_phones=true", FILE).await;
    assert_eq!(
        told(&confirmed),
        words(&[(2, "unchanged"), (3, "add"), (4, "add")])
    );
    let list = [
        (json!("Eva"), json!("+39 06 6982 1234")),
        (json!("Ugo"), json!("+39 55 5555 1111")),
        (json!("Ada"), json!("+39 347 000 0001")),
    ];
    assert_eq!(listed(&world).await, list);

    let again = imported(&world, "", FILE).await;
    assert_eq!(
        again.body["counts"]["unchanged"], 3,
        "who has the number keeps it"
    );
}

#[tokio::test(start_paused = true)]
async fn refused_lines_and_numbers_to_check_keep_a_file_out_together() {
    let world = World::sqlite().await;
    let file = format!("{FILE};348 000 0002\n");
    let kept_out = world.import("", file.clone()).await;
    assert_problem(&kept_out, StatusCode::UNPROCESSABLE_ENTITY, "lines_refused");
    let lines = [
        (3, "phone_unconfirmed"),
        (4, "phone_unconfirmed"),
        (5, "missing_name"),
    ];
    assert_eq!(told(&kept_out), words(&lines));
    let detail = kept_out.body["detail"].as_str().unwrap();
    assert!(
        detail.contains("because of 3 of 4 lines. The first is line 3"),
        "{detail}"
    );
    assert!(detail.contains("confirm_phones=true"), "{detail}");

    let confirmed = world.import("confirm_phones=true", file.clone()).await;
    assert_problem(
        &confirmed,
        StatusCode::UNPROCESSABLE_ENTITY,
        "lines_refused",
    );
    assert_eq!(told(&confirmed), words(&lines[2..]));
    imported(&world, "confirm_phones=true&skip_refused=true", &file).await;
    assert_eq!(world.count("guest").await, 3);
}

#[tokio::test(start_paused = true)]
async fn what_has_to_be_checked_depends_on_the_configured_country() {
    let world = World::sqlite().await;
    let config = json!({ "version": 1, "config": { "country": "US" } });
    let set = world.ask("PUT", "/config", config).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    let done = imported(&world, "", "name,phone\nAda,212 555 2368\n").await;
    assert_eq!(done.body["lines"][0]["phone"], "+1 212-555-2368");
}

#[rstest]
#[case::table("nome;telefono\nAda;06 6982 1234 / 347 123 4567 o 348 765 4321\n")]
#[case::card(
    "BEGIN:VCARD\nFN:Ada\nTEL;TYPE=CELL:347 123 4567\nTEL;TYPE=HOME:06 6982 1234\nTEL;TYPE=CELL:348 765 4321\nEND:VCARD\n"
)]
#[tokio::test(start_paused = true)]
async fn of_several_numbers_one_is_chosen_and_the_others_are_told(#[case] file: &str) {
    let world = World::sqlite().await;
    let done = imported(&world, "", file).await;
    let line = &done.body["lines"][0];
    assert_eq!(line["phone"], "+39 347 123 4567");
    let mut others = line["other_phones"].as_array().unwrap().clone();
    others.sort_by_key(ToString::to_string);
    assert_eq!(others, ["+39 06 6982 1234", "+39 348 765 4321"]);
    assert_eq!(
        listed(&world).await,
        [(json!("Ada"), json!("+39 347 123 4567"))]
    );
}
