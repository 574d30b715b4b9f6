//! Households over HTTP.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::refusals::assert_problem;
use crate::world::{ANNA, On, World};

async fn household(world: &World, name: &str) -> Value {
    let made = world.post("/households", json!({ "name": name })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.body
}

fn path(household: &Value) -> String {
    format!("/households/{}", household["id"].as_str().unwrap())
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn households_come_and_go(#[case] on: On) {
    let world = World::on(on).await;
    let villa = world
        .post("/households", json!({ "name": " Villa " }))
        .await;
    let path = path(&villa.body);
    assert_eq!(villa.headers["location"], format!("/api/v1{path}").as_str());
    assert_eq!(
        (&villa.body["name"], &villa.body["guests"]),
        (&json!("Villa"), &json!([]))
    );
    let anna = json!({ "name": "Anna", "phone": ANNA, "household": "villa" });
    let anna = world.post("/guests", anna).await.body;
    assert_eq!(anna["household_id"], villa.body["id"]);

    let shown = world.get(&path).await.body;
    assert_eq!(shown["guests"], json!([anna]));
    assert_eq!(
        shown["contacts"],
        json!([]),
        "nobody wrote with its invitation"
    );
    let renamed = world
        .ask("PATCH", &path, json!({ "name": "VILLA Bassi" }))
        .await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.body);
    assert_eq!(renamed.body["name"], "VILLA Bassi");
    for search in ["bassi", "anna", "347%20000", ""] {
        let found = world
            .get(&format!("/households?search={search}"))
            .await
            .body;
        assert_eq!(
            found["items"][0]["guests"],
            json!(["Anna"]),
            "{search}: {found}"
        );
    }

    let gone = world.ask("DELETE", &path, Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    for method in ["DELETE", "GET"] {
        let again = world.ask(method, &path, Value::Null).await;
        assert_problem(&again, StatusCode::NOT_FOUND, "not_found");
    }
    for table in ["guest", "household", "invitation"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    let audit = world.get("/audit").await.body;
    assert_eq!(audit["items"][0]["action"], "household.delete");
    assert_eq!(audit["items"][1]["action"], "household.rename");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_name_that_another_household_has(#[case] on: On) {
    let world = World::on(on).await;
    let villa = household(&world, "Villa").await;
    let baita = household(&world, "Baita").await;

    let made = world.post("/households", json!({ "name": "VILLA" })).await;
    let renamed = world
        .ask("PATCH", &path(&baita), json!({ "name": "villa" }))
        .await;

    for refused in [made, renamed] {
        assert_problem(&refused, StatusCode::CONFLICT, "household_exists");
        assert_eq!(refused.body["household"], villa["id"]);
    }
    assert_eq!(world.get(&path(&baita)).await.body, baita);
    assert_eq!(world.count("household").await, 2);
}

#[rstest]
#[case(json!({ "name": "" }), "invalid_household", "name")]
#[case(json!({ "name": " \n" }), "invalid_household", "name")]
#[case(json!({ "name": "a".repeat(201) }), "invalid_household", "name")]
#[case(json!({ "name": "a\0b" }), "invalid_household", "name")]
#[case(json!({ "name": null }), "invalid_body", "name")]
#[case(json!({ "name": "Villa", "guests": [] }), "invalid_body", "")]
#[case(json!({}), "invalid_body", "")]
#[tokio::test(start_paused = true)]
async fn a_household_that_cannot_be(#[case] body: Value, #[case] code: &str, #[case] field: &str) {
    let world = World::sqlite().await;
    let villa = household(&world, "Villa").await;

    let made = world.post("/households", body.clone()).await;
    let renamed = world.ask("PATCH", &path(&villa), body).await;

    for refused in [made, renamed] {
        assert_problem(&refused, StatusCode::UNPROCESSABLE_ENTITY, code);
        if !field.is_empty() {
            assert_eq!(refused.body["errors"][0]["field"], field);
        }
    }
    assert_eq!(world.get(&path(&villa)).await.body, villa);
    assert_eq!(world.count("household").await, 1);
}

#[tokio::test(start_paused = true)]
async fn no_household_cannot_be_renamed() {
    let world = World::sqlite().await;
    let path = "/households/0190b5c8-0000-7000-8000-000000000000";
    let refused = world.ask("PATCH", path, json!({ "name": "Villa" })).await;
    assert_problem(&refused, StatusCode::NOT_FOUND, "not_found");
}
