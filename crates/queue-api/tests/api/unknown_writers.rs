//! Who wrote without being on the list: shown to that spouse's token only, tied and ignored by it.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::neighbours::session_view;
use crate::world::{ANNA, Answer, On, World, groom, to_anna};

const PATH: &str = "/sessions/groom/unknown-writers";

/// The groom's own token.
async fn of_groom(world: &World) -> String {
    world.token_of(Some(&groom()), "read,enqueue").await
}

async fn list(world: &World, token: &str) -> Answer {
    world.ask_as(token, "GET", PATH, &[], Value::Null).await
}

/// Her number as people read it or as WhatsApp writes it. A part of it could stand in a random id.
fn names_anna(body: &Value) -> bool {
    let body = body.to_string();
    body.contains("347 000 0001") || body.contains("3470000001")
}

/// The id of the only one.
async fn only(world: &World, token: &str) -> String {
    let listed = list(world, token).await.body;
    assert_eq!(
        listed["items"].as_array().map(Vec::len),
        Some(1),
        "{listed}"
    );
    listed["items"][0]["id"].as_str().unwrap().to_owned()
}

async fn decide(world: &World, token: &str, writer: &str, verb: &str, body: Value) -> Answer {
    let path = format!("{PATH}/{writer}/{verb}");
    world.ask_as(token, "POST", &path, &[], body).await
}

/// A guest of the Rossi without a number.
async fn rossi(world: &World) -> Value {
    let guest = json!({ "name": "Marco", "household": "Rossi" });
    let guest = world.post("/guests", guest).await;
    assert_eq!(guest.status, StatusCode::CREATED, "{}", guest.body);
    guest.body
}

async fn household(world: &World) -> String {
    let id = "SELECT id AS value FROM household WHERE name = 'Rossi'";
    world.database.texts(id).await[0].clone().unwrap()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn they_are_shown_to_that_spouses_token_and_to_no_other(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world
        .anna_writes("IN1", "the code of the bank is 1234")
        .await;
    let own = of_groom(&world).await;
    let bride = domain::session::SessionName::parse("bride").unwrap();
    let brides = world.token_of(Some(&bride), "read,enqueue,operate").await;
    let nobodys = world.token("read,enqueue,operate").await;

    let shown = list(&world, &own).await;
    let item = &shown.body["items"][0];

    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert_eq!(
        (&item["number"], &item["name"]),
        (&json!(ANNA), &json!("Anna"))
    );
    assert_eq!(item["first_at"], "2026-06-01T10:00:00Z");
    assert!(item["suggested_household"].is_null(), "{item}");
    assert!(!shown.body.to_string().contains("bank"));
    let id = item["id"].as_str().unwrap();
    for token in [&brides, &nobodys] {
        for (method, path) in [
            ("GET", PATH.to_owned()),
            ("POST", format!("{PATH}/{id}/ignore")),
        ] {
            let refused = world.ask_as(token, method, &path, &[], Value::Null).await;
            assert_eq!(
                (refused.status, refused.code()),
                (StatusCode::FORBIDDEN, "other_spouse"),
                "{}",
                refused.body
            );
            assert!(!names_anna(&refused.body), "{}", refused.body);
        }
        let they_are = json!({ "guest": rossi(&world).await["id"] });
        let refused = decide(&world, token, id, "tie", they_are).await;
        assert_eq!(refused.code(), "other_spouse");
    }
    let reader = world.token_of(Some(&groom()), "read").await;
    let refused = decide(&world, &reader, id, "ignore", Value::Null).await;
    assert_eq!(refused.code(), "missing_scope");
    let there_is_none = world
        .ask_as(
            &own,
            "GET",
            "/sessions/No!/unknown-writers",
            &[],
            Value::Null,
        )
        .await;
    assert_eq!(there_is_none.status, StatusCode::NOT_FOUND);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn tied_to_a_household_they_are_known_and_the_worker_reads_back(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    let marco = rossi(&world).await;
    world.anna_writes("IN1", "hello").await;
    let own = of_groom(&world).await;
    let writer = only(&world, &own).await;
    let _ = world.worker.nudges().await;

    let they_are = json!({ "household": household(&world).await });
    let tied = decide(&world, &own, &writer, "tie", they_are.clone()).await;
    let again = decide(&world, &own, &writer, "tie", they_are).await;

    assert_eq!(tied.status, StatusCode::OK, "{}", tied.body);
    assert_eq!(world.worker.nudges().await, [json!(["bride", "groom"])]);
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let marco = world
        .get(&format!("/guests/{}", marco["id"].as_str().unwrap()))
        .await
        .body;
    assert_eq!(marco["contact"], tied.body["contact"]);
    assert_eq!(marco["phone"], ANNA);
    assert_eq!(world.count("chat_reading").await, 1);
    let audit = world.get("/audit").await.body;
    assert!(audit.to_string().contains("unknown_writer.tie"), "{audit}");
    assert!(!names_anna(&audit), "{audit}");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_household_whose_invitation_they_wrote_with_is_suggested(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let guest = json!({ "name": "Anna", "phone": "+39 347 000 0009", "household": "Rossi" });
    world.post("/guests", guest).await;
    let token = "SELECT token AS value FROM invitation";
    let token = world.database.texts(token).await[0].clone().unwrap();
    let mut first = world.message("IN1", "hello", false);
    first["chat"] = json!("393470000009@c.us");
    world.report("groom", json!([first])).await;

    world.anna_writes("IN2", &format!("Ciao! {token}")).await;

    let shown = list(&world, &of_groom(&world).await).await.body;
    let suggested = &shown["items"][0]["suggested_household"];
    assert_eq!(suggested["name"], "Rossi", "{shown}");
    assert_eq!(suggested["id"], household(&world).await);
}

/// She wrote to the bride without a code, then to the groom with it, or is queued for him: the bride's chat is read back at once too.
#[rstest]
#[case::by_code(On::Sqlite, true)]
#[case::by_code_on_postgres(On::Postgres, true)]
#[case::by_queueing(On::Sqlite, false)]
#[case::by_queueing_on_postgres(On::Postgres, false)]
#[tokio::test(start_paused = true)]
async fn whoever_becomes_known_is_read_back_on_every_session(#[case] on: On, #[case] code: bool) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    let mut view = session_view("connected");
    view["fact"] = json!("session");
    let hello = world.message("IN1", "hello", false);
    world.report("bride", json!([view, hello])).await;
    let guest = json!({ "name": "Anna", "household": "Rossi" });
    world.post("/guests", guest).await;
    let token = "SELECT token AS value FROM invitation";
    let token = world.database.texts(token).await[0].clone().unwrap();
    let _ = world.worker.nudges().await;

    if code {
        world.anna_writes("IN2", &format!("Ciao! {token}")).await;
    } else {
        world.post("/messages", to_anna("Ciao!")).await;
    }

    let asked = "SELECT DISTINCT session AS value FROM chat_reading ORDER BY session";
    let asked: Vec<_> = world.database.texts(asked).await;
    let told = json!(world.worker.nudges().await).to_string();
    assert!(asked.contains(&Some("bride".to_owned())), "{asked:?}");
    assert!(told.contains("bride") && told.contains("groom"), "{told}");
}

#[rstest]
#[case::nobody(json!({}), StatusCode::UNPROCESSABLE_ENTITY, "household_or_guest")]
#[case::both(json!({ "household": "01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f", "guest": "01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f" }), StatusCode::UNPROCESSABLE_ENTITY, "household_or_guest")]
#[case::no_household(json!({ "household": "01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f" }), StatusCode::UNPROCESSABLE_ENTITY, "unknown_household")]
#[case::no_guest(json!({ "guest": "01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f" }), StatusCode::UNPROCESSABLE_ENTITY, "unknown_guest")]
#[case::no_id(json!({ "guest": "Marco" }), StatusCode::UNPROCESSABLE_ENTITY, "invalid_body")]
#[tokio::test(start_paused = true)]
async fn who_they_cannot_be(#[case] body: Value, #[case] status: StatusCode, #[case] code: &str) {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.anna_writes("IN1", "hello").await;
    let own = of_groom(&world).await;
    let writer = only(&world, &own).await;

    let refused = decide(&world, &own, &writer, "tie", body).await;

    assert_eq!(
        (refused.status, refused.code()),
        (status, code),
        "{}",
        refused.body
    );
    assert_eq!(only(&world, &own).await, writer);
    assert_eq!(world.count("contact").await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_guest_with_another_number_is_a_conflict_that_says_what_to_do() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let other = json!({ "name": "Marco", "phone": "+39 347 000 0009" });
    let other = world.post("/guests", other).await.body;
    world.anna_writes("IN1", "hello").await;
    let own = of_groom(&world).await;
    let writer = only(&world, &own).await;

    let they_are = json!({ "guest": other["id"] });
    let refused = decide(&world, &own, &writer, "tie", they_are).await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::CONFLICT, "guest_has_another_contact")
    );
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("household"), "{detail}");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn not_a_guest_is_for_ever(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world.anna_writes("IN1", "hello").await;
    let own = of_groom(&world).await;
    let writer = only(&world, &own).await;

    let ignored = decide(&world, &own, &writer, "ignore", Value::Null).await;
    tokio::time::sleep(std::time::Duration::from_hours(1)).await;
    world.anna_writes("IN2", "hello again").await;

    assert_eq!(ignored.status, StatusCode::NO_CONTENT);
    assert_eq!(list(&world, &own).await.body["items"], json!([]));
    let nobody = "01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f";
    let missing = decide(&world, &own, nobody, "ignore", Value::Null).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn they_come_in_pages() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    for n in 1..=3 {
        let mut message = world.message(&format!("IN{n}"), "hello", false);
        message["chat"] = json!(format!("39347000000{n}@c.us"));
        world.report("groom", json!([message])).await;
    }
    let own = of_groom(&world).await;
    let page = async |query: &str| {
        let path = format!("{PATH}?{query}");
        world.ask_as(&own, "GET", &path, &[], Value::Null).await
    };

    let first = page("limit=2").await.body;
    let next = first["next"].as_str().unwrap();
    let second = page(&format!("limit=2&cursor={next}")).await.body;

    let numbers = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["number"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&first), ["+39 347 000 0003", "+39 347 000 0002"]);
    assert_eq!(numbers(&second), ["+39 347 000 0001"]);
    assert!(second["next"].is_null());
    assert_eq!(page("limit=0").await.code(), "invalid_query");
    assert_eq!(page("cursor=x").await.code(), "invalid_cursor");
}

/// A guest who wrote before being put on the list: the worker is told at once.
#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn whoever_is_put_on_the_list_is_unknown_no_more(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    world.anna_writes("IN1", "hello").await;
    let own = of_groom(&world).await;
    only(&world, &own).await;
    let _ = world.worker.nudges().await;

    world.anna_is_a_guest().await;

    assert_eq!(list(&world, &own).await.body["items"], json!([]));
    assert_eq!(world.count("chat_reading").await, 1);
    assert_eq!(world.worker.nudges().await, [json!(["bride", "groom"])]);
}
